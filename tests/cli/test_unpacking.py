"""Exports become folders or files: whole, or not at all."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from triptych.cli.unpacking import unpack_tar, write_file
from triptych.core.errors import Conflict, TriptychError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run
    from tests.cli.fake_api import FakeServer


def _pieces(data: bytes, step: int = 701) -> Iterator[bytes]:
    for start in range(0, len(data), step):
        yield data[start : start + step]


def _silent(_: object) -> None:
    return


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "/etc/passwd"
            info.size = len(data)
            info.mtime = 1_700_000_000
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("step", [1, 511, 512, 10_000_000])
def test_a_tar_becomes_a_folder_however_it_arrives(tmp_path: Path, step: int) -> None:
    names = ["a.png", "b/c d/細胞.png", f"b/{'n' * 200}"]
    data = _tar(*((name, tarfile.REGTYPE, name.encode() * 99) for name in names))
    written = unpack_tar(_pieces(data, step), tmp_path / "out", _silent)
    assert written.files == 3
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == name.encode() * 99
        assert (tmp_path / "out" / name).stat().st_mtime == 1_700_000_000
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil", tarfile.REGTYPE), ("/evil", tarfile.REGTYPE), ("a/../../evil", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE), ("link", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE),
        ("device", tarfile.CHRTYPE),
    ],
)  # fmt: skip
def test_nothing_is_written_beside_the_folder(tmp_path: Path, name: str, kind: bytes) -> None:
    data = _tar(("good.png", tarfile.REGTYPE, b"1"), (name, kind, b""))
    with pytest.raises(TriptychError) as caught:
        unpack_tar(_pieces(data), tmp_path / "deep" / "out", _silent)
    assert caught.value.code == "export_unsafe"
    assert list(tmp_path.rglob("*")) == [tmp_path / "deep"]


def test_a_stream_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    data = _tar(("a", tarfile.REGTYPE, b"1" * 5000))

    def breaks() -> Iterator[bytes]:
        yield data[:2000]
        raise OSError("gone")

    for write in (unpack_tar, write_file):
        with pytest.raises(OSError, match="gone"):
            write(breaks(), tmp_path / "out", _silent)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_be_the_target_and_a_full_one_not(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    unpack_tar(_pieces(_tar(("a", tarfile.REGTYPE, b"1"))), target, _silent)
    with pytest.raises(Conflict) as caught:
        unpack_tar(_pieces(_tar(("b", tarfile.REGTYPE, b"2"))), target, _silent)
    assert caught.value.code == "target_exists"
    assert [path.name for path in target.iterdir()] == ["a"]


def test_export_makes_a_folder_or_a_zip(run: Run, server: FakeServer, tmp_path: Path) -> None:
    ended = run("export", "x@2", "--format", "image_label", "--to", tmp_path / "out", "--json")
    assert ended.status == 0
    assert ended.document == {
        "dataset": "x@2", "format": "image_label", "path": str(tmp_path / "out"), "files": 2,
        "bytes": sum(map(len, server.files.values())), "findings": [],
    }  # fmt: skip
    assert (tmp_path / "out" / "image" / "a.png").read_bytes() == server.files["image/a.png"]
    assert run("export", "x", "--format", "image_label", "--to", tmp_path / "out.zip").status == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == sorted(server.files)


def test_an_export_asks_nothing_when_the_target_is_taken(
    run: Run, server: FakeServer, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    ended = run("export", "x", "--format", "image_label", "--to", tmp_path / "out", "--json")
    assert (ended.status, ended.document["error"]["code"]) == (1, "target_exists")
    assert server.asked == []
