"""Folders: links lead nowhere, changes are noticed, the order is stable."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from triptych.core.errors import Refused
from triptych.core.source import MemberError
from triptych.storage.sources import SourceLimits, SourceRef, open_reader, open_source

if TYPE_CHECKING:
    from pathlib import Path


def opened(folder: Path) -> Any:
    return open_source(SourceRef.of_folder(folder), SourceLimits(), staging=folder.parent / "staging")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "data"
    for name in ("b/2.png", "b/10.png", "a.png", "b/c/x.png"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return top


def test_files_come_by_name_and_read_back(folder: Path) -> None:
    with opened(folder) as source:
        assert [m.path for m in source.members] == ["a.png", "b/10.png", "b/2.png", "b/c/x.png"]
        assert all(source.reader.read(m) == m.path.encode() for m in source.members)
        assert all(m.modified is not None for m in source.members)
        assert source.reader.head(source.members[0], 2) == b"a."


def test_links_are_left_out_and_never_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"key")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "file").symlink_to(tmp_path / "secret" / "key")
    (folder / "in.png").symlink_to("a.png")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe")
    with opened(folder) as source:
        assert len(source.members) == 4
        assert {left.path: left.code for left in source.skipped} == {
            "out": "link_leaves_folder", "file": "link_leaves_folder", "in.png": "link_not_followed",
            "loop": "link_not_followed", "pipe": "special_file",
        }  # fmt: skip


def test_a_folder_swapped_for_a_link_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret" / "c").mkdir(parents=True)
    with opened(folder) as source:
        member = source.members[-1]
        (tmp_path / "secret" / "c" / "x.png").write_bytes(b"b/c/x.png")
        (folder / "b").rename(tmp_path / "moved")
        (folder / "b").symlink_to(tmp_path / "secret")
        with pytest.raises(MemberError) as caught:
            open_reader(source.resolved).read(member)
        assert caught.value.code == "unreadable_file"


def test_a_file_that_changed_since_is_not_taken(folder: Path) -> None:
    with opened(folder) as source:
        (folder / "a.png").write_bytes(b"other")
        (folder / "b" / "2.png").unlink()
        for path, code in (("a.png", "file_changed"), ("b/2.png", "unreadable_file")):
            member = next(m for m in source.members if m.path == path)
            with pytest.raises(MemberError) as caught:
                source.reader.read(member)
            assert caught.value.code == code


def test_names_that_are_no_utf_8_are_guessed_and_still_found(folder: Path) -> None:
    (folder / os.fsdecode("図_画像.png".encode("shift_jis"))).write_bytes(b"x")
    with opened(folder) as source:
        member = source.members[-1]
        assert (member.path, source.reader.read(member)) == ("図_画像.png", b"x")
        assert [finding.code for finding in source.findings] == ["names_guessed"]


def test_a_folder_that_is_none_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"")
    for name, code in (("empty", "nothing_to_import"), ("absent", "cannot_open"), ("file", "cannot_open")):
        with pytest.raises(Refused) as refusal, opened(tmp_path / name):
            pass
        assert refusal.value.code == code
