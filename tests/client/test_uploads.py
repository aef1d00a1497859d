"""Uploads by tus, and folders as bundles."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.client import uploads
from triptych.client.folders import FolderBundle
from triptych.core.errors import InvalidInput, Unavailable
from triptych.storage.sources import SourceLimits, SourceRef, open_source

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.fake_api import FakeServer
    from triptych.client.connection import Connection


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(uploads, "PIECE", 1000)
    monkeypatch.setattr(uploads, "PATIENCE", (0.0, 0.0))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "細胞 cells.zip"
    path.write_bytes(os.urandom(4321))
    return path


def _silent(_: int, __: int) -> None:
    return


def test_a_file_arrives_whole_under_its_name(
    connection: Connection, server: FakeServer, archive: Path
) -> None:
    told: list[tuple[int, int]] = []
    upload_id = uploads.upload(connection, archive, lambda sent, total: told.append((sent, total)))
    assert server.uploads[upload_id] == archive.read_bytes()
    assert server.bodies == ["細胞 cells.zip"]
    assert told == [(at, 4321) for at in (0, 1000, 2000, 3000, 4000, 4321)]


def test_an_interrupted_upload_goes_on_where_it_stopped(
    connection: Connection, server: FakeServer, archive: Path
) -> None:
    def stop_at_2000(sent: int, _: int) -> None:
        if sent == 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uploads.upload(connection, archive, stop_at_2000)
    told: list[int] = []
    upload_id = uploads.upload(connection, archive, lambda sent, _: told.append(sent))
    assert told[0] == 2000
    assert len(server.uploads) == 1
    assert server.uploads[upload_id] == archive.read_bytes()


def test_a_changed_file_is_a_new_upload(connection: Connection, server: FakeServer, archive: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        uploads.upload(connection, archive, _interrupt_after_the_start)
    archive.write_bytes(os.urandom(4321))
    os.utime(archive, ns=(1, 1))
    upload_id = uploads.upload(connection, archive, _silent)
    assert len(server.uploads) == 2
    assert server.uploads[upload_id] == archive.read_bytes()


def test_an_upload_that_the_server_forgot_starts_anew(
    connection: Connection, server: FakeServer, archive: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        uploads.upload(connection, archive, _interrupt_after_the_start)
    server.uploads.clear()
    upload_id = uploads.upload(connection, archive, _silent)
    assert server.uploads[upload_id] == archive.read_bytes()


def test_a_broken_connection_is_waited_out_and_nothing_is_sent_twice(
    connection: Connection, server: FakeServer, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = connection.request
    sent: list[str] = []

    def breaks_after_it_arrived(method: str, path: str, **rest: object) -> object:
        answer = ask(method, path, **rest)  # type: ignore[arg-type]
        sent.append(method)
        if sent.count("PATCH") == 2 and method == "PATCH":
            raise Unavailable("gone", code="server_unavailable")
        return answer

    monkeypatch.setattr(connection, "request", breaks_after_it_arrived)
    upload_id = uploads.upload(connection, archive, _silent)
    assert server.uploads[upload_id] == archive.read_bytes()
    assert sent.count("PATCH") == 5


def test_nothing_at_the_path_is_said_before_anything_is_asked(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        uploads.upload(connection, tmp_path / "no.zip", _silent)
    assert caught.value.code == "source_missing"


def test_a_folder_arrives_as_a_bundle_of_its_files(
    connection: Connection, server: FakeServer, tmp_path: Path
) -> None:
    folder = _folder(tmp_path / "scans")
    upload_id = uploads.upload(connection, folder, _silent)
    data = bytes(server.uploads[upload_id])
    assert data.startswith(b"triptych folder 1\n")
    length = int(data[18:34], 16)
    listing = json.loads(data[35 : 35 + length])
    paths = ["a.txt", "b/c.txt", "b/empty", f"b/{'n' * 150}.txt", "ü.txt"]
    assert [path for path, _, _ in listing] == paths
    assert [size for _, size, _ in listing] == [1, 700, 0, 512, 1]
    assert [modified for _, _, modified in listing] == [
        (folder / path).stat().st_mtime_ns // 1_000_000 for path in paths
    ]
    assert data[35 + length :] == b"a" + b"c" * 700 + b"n" * 512 + b"u"
    assert server.bodies == ["scans"]
    assert server.types == ["application/x-triptych-folder"]


def test_a_folder_that_was_interrupted_goes_on_unless_a_file_in_it_changed(
    connection: Connection, server: FakeServer, tmp_path: Path
) -> None:
    folder = _folder(tmp_path / "scans")
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            uploads.upload(connection, folder, _interrupt_after_the_start)
    assert len(server.uploads) == 1
    os.utime(folder / "b" / "c.txt", ns=(0, 0))
    upload_id = uploads.upload(connection, folder, _silent)
    assert len(server.uploads) == 2
    assert server.uploads[upload_id] == FolderBundle(folder).read(0, 10**9)


@given(cuts=st.lists(st.integers(1, 3000), min_size=1, max_size=30))
def test_any_way_of_cutting_a_folder_gives_the_same_bundle(
    cuts: list[int], folder_bundle: FolderBundle, whole: bytes
) -> None:
    offset = 0
    pieces: list[bytes] = []
    while offset < folder_bundle.length:
        piece = folder_bundle.read(offset, cuts[len(pieces) % len(cuts)])
        pieces.append(piece)
        offset += len(piece)
    assert b"".join(pieces) == whole


@pytest.fixture(scope="module")
def folder_bundle(tmp_path_factory: pytest.TempPathFactory) -> FolderBundle:
    return FolderBundle(_folder(tmp_path_factory.mktemp("folder") / "scans"))


@pytest.fixture(scope="module")
def whole(folder_bundle: FolderBundle) -> bytes:
    return folder_bundle.read(0, folder_bundle.length)


def test_a_bundle_is_the_same_source_as_the_folder_itself(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "scans")
    (folder / "ü.txt").unlink()
    (folder / os.fsdecode("細胞影像.txt".encode("cp950"))).write_bytes(b"x")
    (folder / "link").symlink_to("/etc/passwd")
    bundle = FolderBundle(folder)
    (tmp_path / "sent").write_bytes(bundle.read(0, bundle.length))
    refs = (SourceRef.of_folder(folder), SourceRef.of_file(tmp_path / "sent", "scans"))
    seen = []
    for ref in refs:
        with open_source(ref, SourceLimits(), staging=tmp_path) as source:
            seen.append([(m.path, source.reader.read(m)) for m in source.members])
            assert source.container == "folder"
    assert seen[0] == seen[1]
    assert "細胞影像.txt" in dict(seen[0])
    assert "link" not in dict(seen[0])


def test_an_empty_folder_is_a_bundle_of_nothing(tmp_path: Path) -> None:
    bundle = FolderBundle(tmp_path)
    assert bundle.read(0, 1000) == b"triptych folder 1\n0000000000000002\n[]"


def test_a_file_that_shrinks_while_it_is_sent_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "a").write_bytes(b"1" * 100)
    bundle = FolderBundle(folder)
    (folder / "a").write_bytes(b"1" * 10)
    with pytest.raises(InvalidInput) as caught:
        bundle.read(0, bundle.length)
    assert caught.value.code == "source_changed"


def _interrupt_after_the_start(sent: int, _: int) -> None:
    if sent:
        raise KeyboardInterrupt


def _folder(folder: Path) -> Path:
    (folder / "b").mkdir(parents=True)
    files: dict[str, bytes] = {
        "a.txt": b"a", "b/c.txt": b"c" * 700, "b/empty": b"", f"b/{'n' * 150}.txt": b"n" * 512, "ü.txt": b"u",
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
