"""What lies in a registered folder: nothing outside of it, nothing that an import would ignore."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from triptych.core.errors import InvalidInput, NotFound, Refused
from triptych.people.root_entries import entry_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with files, folders, clutter, links and what is neither; a secret lies beside it."""
    folder = tmp_path / "root"
    for name in ("scan 10/Series1", "Scan 2", "empty", ".git/objects", "__MACOSX"):
        (folder / name).mkdir(parents=True)
    for name in (
        "b.zip",
        "A.zip",
        "scan 2.tar",
        ".DS_Store",
        "._b.zip",
        "Thumbs.db",
        "scan 10/Series1/1.png",
    ):
        (folder / name).write_bytes(b"12345")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.zip").write_bytes(b"secret")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "up").symlink_to("..")
    (folder / "inside").symlink_to("scan 10")
    (folder / "b link.zip").symlink_to("b.zip")
    os.mkfifo(folder / "pipe.zip")
    (folder / os.fsdecode(b"caf\xe9.zip")).write_bytes(b"")
    return folder


def _names(root: Path, path: str = "", limit: int = 100) -> list[str]:
    """Names of a folder, page by page; those of folders with a slash."""
    found: list[str] = []
    after = None
    while True:
        page, after = entry_page(str(root), path, after, limit)
        found += [each["name"] + ("/" if each["kind"] == "folder" else "") for each in page]
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_folders_come_first_and_names_in_natural_order_page_by_page(root: Path, limit: int) -> None:
    names = ["empty/", "Scan 2/", "scan 10/", "A.zip", "b.zip", "scan 2.tar"]
    assert _names(root, limit=limit) == names
    assert _names(root, "scan 10") == ["Series1/"]
    assert _names(root, "scan 10/./Series1/") == ["1.png"]
    assert _names(root, "empty") == []


def test_a_file_has_its_size_and_time_and_a_folder_its_time(root: Path) -> None:
    os.utime(root / "b.zip", (0, 1_700_000_000.5))
    page: list[dict[str, Any]] = entry_page(str(root), "", None, 100)[0]
    entries = {each["name"]: each for each in page}
    assert entries["b.zip"] == {"name": "b.zip", "kind": "file", "bytes": 5, "modified": 1_700_000_000.5}
    assert entries["Scan 2"]["bytes"] is None
    assert entries["Scan 2"]["modified"] == (root / "Scan 2").stat().st_mtime


@pytest.mark.parametrize("path", ["..", "../outside", "scan 10/../..", "/etc", "/", "a\0b"])
def test_a_path_that_leaves_the_folder_is_refused(root: Path, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        entry_page(str(root), path, None, 100)
    assert caught.value.code == "path_outside_root"


@pytest.mark.parametrize(
    "path",
    [
        "out",
        "up",
        "up/root",
        "inside",
        "inside/Series1",
        "nowhere",
        "b.zip",
        ".git",
        ".git/objects",
        "x" * 999,
    ],
)
def test_links_files_clutter_and_nothing_are_no_folder(root: Path, path: str) -> None:
    with pytest.raises(NotFound) as caught:
        entry_page(str(root), path, None, 100)
    assert caught.value.code == "source_not_found"


def test_a_folder_that_becomes_a_link_leads_nowhere(root: Path) -> None:
    assert _names(root, "scan 10/Series1") == ["1.png"]
    (root / "scan 10").rename(root / "moved")
    (root / "scan 10").symlink_to(root.parent / "outside")
    with pytest.raises(NotFound):
        entry_page(str(root), "scan 10", None, 100)


def test_a_registered_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        entry_page(str(tmp_path / "gone"), "", None, 100)
    assert "any more" in caught.value.message


def test_a_folder_that_may_not_be_read_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def open_unless_empty(path: str, *given: Any, **named: Any) -> int:
        if path == "empty":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *given, **named)

    monkeypatch.setattr(os, "open", open_unless_empty)
    with pytest.raises(Refused) as caught:
        entry_page(str(root), "empty", None, 100)
    assert caught.value.code == "cannot_open"
    assert caught.value.message == "The folder empty cannot be opened: Permission denied."
