"""Workers that are killed, frozen and woken: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
import sqlalchemy as sa

from tests.jobs.job_kinds import FILL, ORGANIZATION, RUNNERS, traces
from tests.jobs.processes import end, ended, eventually, start_worker, start_workers
from tests.support.postgresql import PostgreSQLServer
from triptych.core.errors import Unavailable
from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.db.tables import workers
from triptych.jobs import repository
from triptych.jobs import worker as worker_module
from triptych.jobs.durable import Durable
from triptych.jobs.service import Jobs
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.jobs.conftest import Submit


def done(database: Database, job_id: str) -> list[int]:
    return [trace["batch"] for trace in traces(database, job_id, "batch")]


def test_after_kill_9_only_what_was_not_done_is_done(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    first = start_worker(tmp_path, database)
    with ended(first):
        job_id = submit(batches=14, seconds=0.1)
        eventually(lambda: len(done(database, job_id)) >= 4)
        end(first)
    assert idle.get(job_id).state == "running"
    stopped_at = done(database, job_id)
    second = start_worker(tmp_path, database)
    with ended(second):
        view = idle.wait(job_id, 30)
    assert (view.state, view.result) == ("succeeded", {"sum": sum(n * n for n in range(14))})
    assert done(database, job_id) == list(range(14))
    began = [trace["batch"] for trace in traces(database, job_id, "begin")]
    assert len(began) - 14 <= 1
    assert len(stopped_at) < 14
    assert len(traces(database, job_id, "prepare")) == 1
    assert (view.done, view.total, view.attempt) == (0, None, 1)
    texts = [line.text for line in idle.log(job_id)]
    assert [text for text in texts if text.startswith("batch 13")] == ["batch 13 done"]
    assert any("fell silent" in text for text in texts)


def test_two_workers_share_the_jobs_and_each_job_is_run_once(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    with ended(*start_workers(2, tmp_path, database)):
        ids = [submit(batches=5, seconds=0.05) for _ in range(10)]
        assert {idle.wait(job_id, 30).state for job_id in ids} == {"succeeded"}
    for job_id in ids:
        assert done(database, job_id) == list(range(5))
        assert len(traces(database, job_id, "sum")) == 1


def test_a_frozen_worker_that_wakes_does_no_harm(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    pair = start_workers(2, tmp_path, database, silence=0.6)
    with ended(*pair):
        job_id = submit(batches=9, seconds=0.2)
        eventually(lambda: len(done(database, job_id)) >= 3)
        owner = traces(database, job_id, "batch")[-1]["worker"]
        frozen = next(worker for worker in pair if f"-{worker.pid}-" in owner)
        freeze_between_transactions(frozen.pid, database, job_id)
        eventually(lambda: traces(database, job_id, "batch")[-1]["worker"] != owner)
        frozen.send_signal(signal.SIGCONT)
        view = idle.wait(job_id, 30)
        assert view.state == "succeeded"
        time.sleep(0.5)  # whatever the woken one still wants to write
    assert done(database, job_id) == list(range(9))
    assert len(traces(database, job_id, "sum")) == 1
    began = [trace["batch"] for trace in traces(database, job_id, "begin")]
    assert len(began) - 9 <= 2


def freeze_between_transactions(pid: int, database: Database, job_id: str) -> None:
    """Freeze the worker while it works on a batch: frozen within a write it would hold SQLite's only lock."""
    seen = len(traces(database, job_id, "begin"))
    eventually(lambda: len(traces(database, job_id, "begin")) > seen)
    os.kill(pid, signal.SIGSTOP)


def test_a_worker_that_is_told_to_end_hands_its_job_on(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    first = start_worker(tmp_path, database)
    with ended(first):
        job_id = submit(batches=12, seconds=0.1)
        eventually(lambda: len(done(database, job_id)) >= 3)
        first.terminate()
        assert first.wait(20) == 0
    assert idle.get(job_id).state == "waiting"
    with database.read() as connection:
        assert connection.execute(sa.select(workers)).all() == []
    with ended(start_worker(tmp_path, database)):
        assert idle.wait(job_id, 30).state == "succeeded"
    assert done(database, job_id) == list(range(12))
    assert not any("fell silent" in line.text for line in idle.log(job_id))


def test_a_job_that_dbos_has_lost_is_done_all_the_same(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    first = start_worker(tmp_path, database)
    with ended(first):
        job_id = submit(batches=12, seconds=0.1)
        eventually(lambda: len(done(database, job_id)) >= 3)
    if database.is_sqlite:
        for path in tmp_path.glob("jobs.sqlite*"):
            path.unlink()
    else:
        with database.write() as connection:
            connection.execute(sa.text("DROP SCHEMA dbos CASCADE"))
    with ended(start_worker(tmp_path, database)):
        assert idle.wait(job_id, 30).state == "succeeded"
    assert done(database, job_id) == list(range(12))


def test_a_job_that_ends_every_worker_is_given_up(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "DEATHS", 3)
    job_id = submit(batches=3, seconds=600.0)
    for _ in range(3):
        with database.write() as connection:
            row = repository.claim(connection, job_id, "gone")
            assert row is not None
            assert repository.take_from_silent(
                connection, repository.Owned(job_id, "gone", None, None, None, None)
            )
    idle.launch()
    try:
        view = idle.wait(job_id, 30)
    finally:
        idle.close()
    assert view.error is not None
    assert (view.state, view.error["code"]) == ("failed", "job_ends_its_worker")
    assert [trace["code"] for trace in traces(database, job_id, "told")] == ["job_ends_its_worker"]


def test_a_job_that_cannot_begin_fails_and_holds_up_no_other(
    idle: Jobs, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Durable.begin
    broken = submit()

    def fail(self: Durable, job_id: str, attempt: int) -> None:
        if job_id == broken:
            raise OSError("no DBOS")
        begin(self, job_id, attempt)

    monkeypatch.setattr(Durable, "begin", fail)
    sound = submit()
    idle.launch()
    try:
        assert idle.wait(sound, 20).state == "succeeded"
        view = idle.wait(broken, 20)
    finally:
        idle.close()
    assert view.error is not None
    assert (view.state, view.error["code"]) == ("failed", "bug")


def test_a_job_that_its_worker_has_lost_sight_of_is_run(jobs: Jobs, database: Database) -> None:
    with database.read() as connection:
        worker_id = connection.execute(sa.select(workers.c.id)).scalar_one()
    with database.write() as connection:
        job_id = jobs.submit(
            connection,
            kind="count",
            title="",
            payload={"batches": 1, "seconds": 0.0},
            organization_id=ORGANIZATION,
        )
        assert repository.claim(connection, job_id, worker_id) is not None
    assert jobs.wait(job_id, 20).state == "succeeded"


def test_two_installations_cannot_work_in_one_process(jobs: Jobs, database: Database, tmp_path: Path) -> None:
    other = Jobs(database, RUNNERS, None, home=tmp_path, settings=Settings(home=tmp_path))
    with pytest.raises(RuntimeError):
        other.launch()
    assert not other.works
    assert jobs.works


class Vanishing(Database):
    """A database that does not answer while `gone` is set."""

    gone = False

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        self._answer()
        with super().read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        self._answer()
        with super().write() as connection:
            yield connection

    def _answer(self) -> None:
        if self.gone:
            raise Unavailable("The database does not answer.", code="database_unavailable")


def test_a_job_whose_database_vanishes_fails_with_that_reason_once_it_is_back(
    database: Database, tmp_path: Path, submit: Submit
) -> None:
    vanishing = Vanishing(database.url)
    settings = Settings(home=tmp_path, heartbeat_seconds=0.1, silence_seconds=0.5)
    jobs = Jobs(vanishing, RUNNERS, None, home=tmp_path, settings=settings)
    job_id = submit(batches=400, seconds=0.02)
    jobs.launch()
    try:
        eventually(lambda: len(done(database, job_id)) >= 3)
        vanishing.gone = True
        time.sleep(0.8)
        vanishing.gone = False
        view = jobs.wait(job_id, 20)
    finally:
        jobs.close()
        vanishing.close()
    assert view.error is not None
    assert (view.state, view.error["code"]) == ("failed", "database_unavailable")
    assert [trace["code"] for trace in traces(database, job_id, "told")] == ["database_unavailable"]


def test_a_full_database_fails_the_job_with_that_reason_and_a_retry_goes_on(
    tmp_path: Path,
) -> None:
    small = Database(Settings(home=tmp_path).database_url, max_page_count=160)
    upgrade(small)
    settings = Settings(home=tmp_path, heartbeat_seconds=0.1)
    jobs = Jobs(small, {"fill": FILL}, None, home=tmp_path, settings=settings)
    with small.write() as connection:
        job_id = jobs.submit(connection, kind="fill", title="", payload={}, organization_id=ORGANIZATION)
    jobs.launch()
    view = jobs.wait(job_id, 20)
    jobs.close()
    before = len(done(small, job_id))
    small.close()
    assert view.error is not None
    assert (view.state, view.error["code"]) == ("failed", "database_full")
    large = Database(Settings(home=tmp_path).database_url)
    jobs = Jobs(large, {"fill": FILL}, None, home=tmp_path, settings=settings)
    jobs.launch()
    jobs.retry(job_id)
    assert jobs.wait(job_id, 20).state == "succeeded"
    jobs.close()
    assert 0 < before < 40
    assert done(large, job_id) == list(range(40))
    large.close()


@pytest.mark.postgresql
def test_a_postgresql_server_that_restarts_fails_the_job_but_not_the_worker(
    postgresql_server: PostgreSQLServer, tmp_path: Path
) -> None:
    server = PostgreSQLServer(postgresql_server.programs)
    try:
        database = Database(Settings(database=server.create_database()).database_url)
        upgrade(database)
        settings = Settings(home=tmp_path, heartbeat_seconds=0.2, silence_seconds=1.0)
        jobs = Jobs(database, RUNNERS, None, home=tmp_path, settings=settings)
        with database.write() as connection:
            job_id = jobs.submit(
                connection,
                kind="count",
                title="",
                payload={"batches": 400, "seconds": 0.05},
                organization_id=ORGANIZATION,
            )
        jobs.launch()
        eventually(lambda: len(done(database, job_id)) >= 3)
        server.end()
        time.sleep(1.0)
        server.start()
        view = jobs.wait(job_id, 30)
        assert view.error is not None
        assert (view.state, view.error["code"]) == ("failed", "database_unavailable")
        jobs.close()
        database.close()
    finally:
        server.stop()


@pytest.mark.long
def test_killed_at_twenty_moments_the_job_ends_as_if_undisturbed(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    moments = random.Random(20)
    job_id = submit(batches=60, seconds=0.1)
    for _ in range(20):
        worker = start_worker(tmp_path, database)
        with ended(worker):
            time.sleep(moments.uniform(0.0, 0.6))
    with ended(start_worker(tmp_path, database)):
        view = idle.wait(job_id, 60)
    assert (view.state, view.result) == ("succeeded", {"sum": sum(n * n for n in range(60))})
    assert done(database, job_id) == list(range(60))


def test_a_worker_leaves_no_process_behind(database: Database, tmp_path: Path) -> None:
    worker = start_worker(tmp_path, database)
    with ended(worker):
        children = psutil.Process(worker.pid).children(recursive=True)
        assert children == []
