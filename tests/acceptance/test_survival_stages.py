"""What jobs, retries and deletions that come at the same moment may do to each other: no harm."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.support import pictures
from tests.support.processes_outcome import outcome, unreadable
from triptych.core.errors import NotFound, TriptychError, Unavailable
from triptych.datasets.disposal import collect, purge_dataset
from triptych.db.tables import renditions
from triptych.onboarding import stages
from triptych.storage.blobs import read_blob, register
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def _last_job(studio: Studio) -> dict[str, Any]:
    job: dict[str, Any] = studio.connection.get("/jobs", limit=1)["items"][0]
    return job


@pytest.mark.parametrize("source_stays", [True, False])
def test_a_dataset_whose_index_could_not_be_made_is_there_and_stays_there_through_the_retry(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source_stays: bool
) -> None:
    name = f"indexed-{source_stays}"
    source = pictures.detection_zip(tmp_path / f"{name}.zip")

    def fail(*_: object) -> None:
        raise Unavailable("The database does not answer.", code="database_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(stages, "index_keys", fail)
        with pytest.raises(TriptychError) as caught:
            studio.add(source)
    assert caught.value.code == "database_unavailable"
    before = studio.show(name)
    assert (before["state"], before["version"]) == ("ready", 1)
    if not source_stays:
        source.unlink()
    studio.connection.post(f"/jobs/{_last_job(studio)['id']}/retry")
    studio.wait(_last_job(studio)["id"])
    after = studio.show(name)
    assert (after["state"], after["content_hash"]) == ("ready", before["content_hash"])
    assert [item["key"] for item in studio.items(name, search="cell_003")] == ["cell_003.jpg"]


@pytest.mark.parametrize("known", [True, False])
def test_what_an_import_shares_with_a_dataset_that_is_deleted_meanwhile_is_not_lost(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    source = pictures.detection_zip(tmp_path / "shared.zip")
    database, objects = studio.installation.database, studio.installation.objects
    first, second = f"first-{known}", f"second-{known}"
    doomed = studio.add(source, name=first)
    expected = outcome(database, first)
    joined = stages._joined
    purged: list[str] = []

    def purge_first(result: Any) -> Any:
        # Between the work of the decoding process and the rows that name what it wrote.
        if not purged:
            purged.append(doomed["id"])
            purge_dataset(database, objects, doomed["id"])
        return joined(result)

    with monkeypatch.context() as patch:
        if not known:  # as if the import had begun before the other dataset was there
            patch.setattr(stages, "write_known", lambda _, path: path.write_bytes(b""))
        patch.setattr(stages, "_joined", purge_first)
        studio.add(source, name=second)
    assert purged
    assert outcome(database, second).content_hash == expected.content_hash
    assert unreadable(database, objects) == []


def test_a_blob_that_a_transaction_is_about_to_name_is_not_collected(studio: Studio) -> None:
    database, objects = studio.installation.database, studio.installation.objects
    writer = BlobWriter(objects)
    digest = writer.add(b"named a moment later")
    places = writer.finish()
    row = {
        "sha256": bytes(32),
        "kind": "thumbnail",
        "code_version": 0,
        "blob": digest,
        "media_type": "text/plain",
    }
    with database.write() as connection:
        register(connection, places)
    collecting = threading.Thread(target=collect, args=(database, objects), kwargs={"grace_seconds": -60.0})
    with database.write() as connection:
        register(connection, places)
        collecting.start()
        collecting.join(0.5)
        connection.execute(sa.insert(renditions).values(**row))
    collecting.join(30)
    assert not collecting.is_alive()
    with database.read() as connection:
        assert read_blob(connection, objects, digest) == b"named a moment later"
    with database.write() as connection:
        connection.execute(sa.delete(renditions).where(renditions.c.blob == digest))
    collect(database, objects, grace_seconds=-60.0)
    with database.read() as connection, pytest.raises(NotFound):
        read_blob(connection, objects, digest)
