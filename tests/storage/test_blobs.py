"""Blobs: stored once under their hash, in packs, whole or not at all; the same code on a folder and a bucket."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.db.tables import blobs
from triptych.storage import packs as storage_packs
from triptych.storage.blobs import forget, locate, read_blob, register, unnamed_objects
from triptych.storage.objects import Objects
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.s3 import S3Storage


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Objects:
    """An empty place for objects of each kind."""
    if request.param == "folder":
        return Objects(f"file://{tmp_path / 'with space' / 'storage'}")
    storage: S3Storage = request.getfixturevalue("s3_storage")
    storage.set(monkeypatch)
    return Objects(storage.url)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with the schema."""
    opened = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(opened)
    yield opened
    opened.close()


def test_what_is_stored_is_read_back_to_the_byte(objects: Objects, database: Database) -> None:
    parts = [b"", b"a", bytes(range(256)) * 40, "ü".encode()]
    writer = BlobWriter(objects)
    digests = [writer.add(part) for part in parts]
    assert digests == [hashlib.sha256(part).digest() for part in parts]
    with database.write() as connection:
        register(connection, writer.finish())
    with database.read() as connection:
        assert [read_blob(connection, objects, digest) for digest in digests] == parts
        with pytest.raises(NotFound):
            read_blob(connection, objects, bytes(32))


def test_a_blob_is_stored_once_however_often_it_is_added(objects: Objects, database: Database) -> None:
    writer = BlobWriter(objects)
    for _ in range(3):
        writer.add(b"same")
    first = writer.finish()
    again = BlobWriter(objects)
    again.add(b"same")
    second = again.finish()
    assert first[0].object != second[0].object, "who deletes the one does not take the other"
    with database.write() as connection:
        register(connection, first)
        register(connection, second)
    with database.read() as connection:
        assert unnamed_objects(connection, objects, time.time() + 3600) == [second[0].object]


def test_a_pack_is_closed_when_it_is_large(
    objects: Objects, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_packs, "PACK_BYTES", 100)
    writer = BlobWriter(objects)
    digests = [writer.add(bytes([index]) * 60) for index in range(5)]
    places = writer.finish()
    assert len({place.object for place in places}) == 3
    with database.write() as connection:
        register(connection, places)
        assert [read_blob(connection, objects, digest)[0] for digest in digests] == list(range(5))


def test_a_known_blob_keeps_its_place(objects: Objects, database: Database) -> None:
    one, two = BlobWriter(objects), BlobWriter(objects)
    digest = one.add(b"shared")
    two.add(b"shared")
    two.add(b"more")
    with database.write() as connection:
        register(connection, one.finish())
        before = locate(connection, [digest])
        register(connection, two.finish())
        assert locate(connection, [digest]) == before


def test_an_object_goes_when_its_last_blob_is_forgotten(objects: Objects, database: Database) -> None:
    writer = BlobWriter(objects)
    first, second = writer.add(b"first"), writer.add(b"second")
    with database.write() as connection:
        register(connection, writer.finish())
        assert forget(connection, [first]) == []
        emptied = forget(connection, [second])
    assert emptied == [name for name, _ in objects.names("packs")]
    objects.delete(emptied)
    objects.delete(emptied)
    assert list(objects.names()) == []


def test_an_object_that_no_row_names_is_found_once_it_is_old(objects: Objects, database: Database) -> None:
    writer = BlobWriter(objects)
    writer.add(b"lost")
    (place,) = writer.finish()
    with database.read() as connection:
        assert unnamed_objects(connection, objects, time.time() - 3600) == []
        assert unnamed_objects(connection, objects, time.time() + 3600) == [place.object]
        assert connection.execute(sa.select(sa.func.count()).select_from(blobs)).scalar_one() == 0


def test_what_a_write_that_was_cut_off_leaves_in_a_folder_is_swept_once_it_is_old(tmp_path: Path) -> None:
    objects = Objects(f"file://{tmp_path}")
    objects.put("packs/ab/abc", b"whole")
    (tmp_path / "packs" / "ab" / "abd#1").write_bytes(b"hal")
    assert objects.sweep(time.time() - 3600) == 0
    assert objects.sweep(time.time() + 3600) == 1
    assert [path.name for path in (tmp_path / "packs" / "ab").iterdir()] == ["abc"]


def test_objects_answer_ranges_sizes_and_absence(objects: Objects) -> None:
    objects.put("a/b c", b"0123456789")
    assert objects.get("a/b c", 2, 3) == b"234"
    assert objects.get("a/b c", 7) == b"789"
    assert objects.get("a/b c", 4, 0) == b""
    assert objects.size("a/b c") == 10
    with pytest.raises(NotFound) as caught:
        objects.get("none")
    assert caught.value.code == "object_missing"
    objects.check()


def test_a_pack_of_known_blobs_alone_is_not_needed(objects: Objects, database: Database) -> None:
    first, again, more = BlobWriter(objects), BlobWriter(objects), BlobWriter(objects)
    first.add(b"known")
    again.add(b"known")
    more.add(b"known")
    more.add(b"new")
    with database.write() as connection:
        assert register(connection, first.finish()) == []
        places = again.finish()
        assert register(connection, places) == [places[0].object]
        assert register(connection, more.finish()) == []
