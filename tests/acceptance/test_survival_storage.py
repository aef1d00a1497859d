"""A full disk, a spent quota, a database that is locked or gone: the job ends with that reason or waits.

Everything else stays as it is, and once the cause is gone a retry comes to the undisturbed result.
"""

from __future__ import annotations

import errno
import functools
import os
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import obstore
import pytest
import sqlalchemy as sa

from tests.support import pictures, processes_faults
from tests.support.postgresql import PostgreSQLServer
from tests.support.processes_onboarding import BATCH_FILES, NAME, adding, night_zip, place, undisturbed
from tests.support.processes_outcome import outcome, strays, unreadable
from tests.support.studio import Studio, open_studio
from triptych import installation
from triptych.core.errors import TriptychError
from triptych.db.session import Database
from triptych.db.tables import organizations
from triptych.onboarding import members, stages
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.processes_outcome import Outcome

OTHER = "other"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source of thirty batches."""
    return night_zip(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def expected(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the source comes to when nothing is missing."""
    return undisturbed(source, tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "CHUNK_FILES", BATCH_FILES)


def _add_other(studio: Studio, folder: Path) -> dict[str, Any]:
    return studio.add(pictures.classes_zip(folder / f"{OTHER}.zip"))


def _fails(studio: Studio, source: Path) -> TriptychError:
    with pytest.raises(TriptychError) as caught:
        studio.add(source, name=NAME)
    job = _job(studio)
    assert job["state"] == "failed"
    error = job["error"]
    assert (error["code"], error["message"]) == (caught.value.code, caught.value.message)
    assert error["hint"]
    assert studio.show(NAME)["state"] == "failed"
    return caught.value


def _job(studio: Studio) -> dict[str, Any]:
    job: dict[str, Any] = studio.connection.get("/jobs", limit=1)["items"][0]
    return job


def _retry(studio: Studio) -> None:
    job = _job(studio)["id"]
    studio.connection.post(f"/jobs/{job}/retry")
    studio.wait(job)


def _check(studio: Studio, expected: Outcome, other: dict[str, Any]) -> None:
    """The result is the expected one, whatever blobs the other dataset adds; the other is as it was."""
    database, objects = studio.installation.database, studio.installation.objects
    found = outcome(database, NAME)
    for name in type(found).__dataclass_fields__:
        if name != "blobs":
            assert getattr(found, name) == getattr(expected, name), name
    assert found.blobs > expected.blobs
    _check_other(studio, other)
    assert strays(database, objects) == []
    assert unreadable(database, objects) == []


def _check_other(studio: Studio, other: dict[str, Any]) -> None:
    assert studio.show(OTHER) == other
    assert unreadable(studio.installation.database, studio.installation.objects) == []


def test_a_spent_quota_fails_the_job_and_a_larger_one_lets_the_retry_finish(
    source: Path, expected: Outcome, tmp_path: Path
) -> None:
    with open_studio(tmp_path / "home", quota_bytes=300_000) as studio:
        other = _add_other(studio, tmp_path)
        error = _fails(studio, source)
        assert error.code == "quota_exceeded"
        assert "300,000" in error.message
        _check_other(studio, other)
        with studio.installation.database.write() as connection:
            connection.execute(sa.update(organizations).values(quota_bytes=3_000_000))
        _retry(studio)
        _check(studio, expected, other)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (processes_faults.on_a_full_disk, "storage_full"),
        (processes_faults.with_a_limit_on_files, "storage_unavailable"),
    ],
)
def test_a_full_disk_fails_the_job_and_a_retry_finishes_once_there_is_room(
    fault: Any, code: str, source: Path, expected: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_studio(tmp_path / "home") as studio:
        other = _add_other(studio, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(stages, "examine_chunk", fault)
            assert _fails(studio, source).code == code
        _check_other(studio, other)
        _retry(studio)
        _check(studio, expected, other)


@pytest.mark.parametrize("written", [0, 1])
def test_a_disk_that_is_full_for_the_listing_or_the_manifest_fails_the_job_too(
    written: int, source: Path, expected: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = obstore.put
    left = [None] * written

    def limited(*arguments: Any, **options: Any) -> Any:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()
        return put(*arguments, **options)

    with open_studio(tmp_path / "home") as studio:
        other = _add_other(studio, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(obstore, "put", limited)
            assert _fails(studio, source).code == "storage_full"
            assert _job(studio)["stage"] == ("publish" if written else "check")
        _check_other(studio, other)
        _retry(studio)
        _check(studio, expected, other)


def test_a_full_database_fails_the_job_and_a_retry_finishes_once_there_is_room(
    source: Path, expected: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_studio(tmp_path / "home") as studio:
        other = _add_other(studio, tmp_path)
        with studio.installation.database.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with monkeypatch.context() as patch:
        patch.setattr(installation, "Database", functools.partial(Database, max_page_count=pages + 40))
        with open_studio(tmp_path / "home") as studio:
            assert _fails(studio, source).code == "database_full"
            _check_other(studio, other)
    with open_studio(tmp_path / "home") as studio:
        _retry(studio)
        _check(studio, expected, other)


@contextmanager
def _tmpfs(folder: Path, size: str) -> Iterator[None]:
    """A small disk of its own on a folder; the test is skipped where this process may not mount."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a small disk is not allowed here; the same is tested with an injected fault")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_home_whose_disk_is_full_fails_the_job_and_goes_on_once_there_is_room(
    source: Path, expected: Outcome, tmp_path: Path
) -> None:
    with _tmpfs(tmp_path / "disk", "24m"), place(Settings(home=tmp_path / "disk" / "home")) as at:
        server = at.programs.serve()
        server.connection.post("/datasets", adding(source))
        at.await_progress("import", 3)
        ballast = tmp_path / "disk" / "ballast"
        with pytest.raises(OSError, match="No space"):
            _fill(ballast)
        time.sleep(1.0)
        ballast.unlink()
        job = at.await_end()
        assert job.state == "failed"
        assert job.error["code"] in ("storage_full", "database_full", "database_unavailable"), job.error
        assert job.error["hint"]
        server.connection.post(f"/jobs/{job.id}/retry")
        at.await_success()
        assert server.stop() == 0
        at.check(expected)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4_096)


def test_a_locked_database_is_waited_for(source: Path, expected: Outcome, tmp_path: Path) -> None:
    with place(Settings(home=tmp_path / "home")) as at:
        server = at.programs.serve()
        server.connection.post("/datasets", adding(source))
        at.await_progress("import", 4)
        other = sqlite3.connect(tmp_path / "home" / "triptych.sqlite", isolation_level=None, timeout=10)
        other.execute("BEGIN IMMEDIATE")
        done = at.batches("import")
        time.sleep(1.5)
        assert at.batches("import") == done
        assert at.job().state == "running"
        other.execute("COMMIT")
        other.close()
        at.await_success()
        assert server.stop() == 0
        at.check(expected)


@pytest.mark.postgresql
def test_a_database_that_goes_away_and_comes_back_loses_nothing(
    postgresql_server: PostgreSQLServer, source: Path, expected: Outcome, tmp_path: Path
) -> None:
    own = PostgreSQLServer(postgresql_server.programs)
    try:
        url = own.create_database()
        with place(Settings(home=tmp_path / "home", database=url), {"TRIPTYCH_DATABASE": url}) as at:
            server = at.programs.serve()
            server.connection.post("/datasets", adding(source))
            at.await_progress("import", 5)
            own.end()
            time.sleep(1.5)
            own.start()
            job = at.await_end()
            assert job.state == "failed"
            assert job.error["code"] == "database_unavailable"
            assert job.error["hint"]
            server.connection.post(f"/jobs/{job.id}/retry")
            at.await_success()
            assert server.stop() == 0
            at.check_nothing_runs()
            at.check(expected)
    finally:
        own.stop()
