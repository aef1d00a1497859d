"""What a stage writes: seldom, in the end always, and never for a job that another worker owns."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.core.errors import Cancelled
from triptych.db.tables import job_batches, job_log, jobs
from triptych.jobs import context as context_module
from triptych.jobs import repository
from triptych.jobs.context import JobContext, LeavesJob, StolenJob, WorkerStops

if TYPE_CHECKING:
    from tests.jobs.conftest import Submit
    from triptych.db.session import Database


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now

    monotonic = time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(context_module, "time", clock)
    return clock


def run(
    database: Database, submit: Submit, clock: Clock, stopping: threading.Event | None = None
) -> JobContext:
    job_id = submit()
    with database.write() as connection:
        row = repository.claim(connection, job_id, "me")
    assert row is not None
    context = JobContext(database, row, "me", None, stopping=stopping or threading.Event(), job_seconds=1e12)
    context.enter_stage("work")
    context.write()
    return context


def seen(database: Database, context: JobContext) -> Any:
    with database.read() as connection:
        return connection.execute(sa.select(jobs).where(jobs.c.id == context.job_id)).one()


def steal(database: Database, context: JobContext) -> None:
    with database.write() as connection:
        connection.execute(sa.update(jobs).where(jobs.c.id == context.job_id).values(worker_id="other"))


def test_progress_is_written_four_times_a_second_and_the_last_value_always(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    context.progress(1, 10)
    assert seen(database, context).done == 0
    clock.now += 0.3
    context.progress(2, 10)
    assert (seen(database, context).done, seen(database, context).total) == (2, 10)
    context.progress(3, 10)
    assert seen(database, context).done == 2
    context.write()
    assert seen(database, context).done == 3


def test_a_new_stage_counts_from_nothing_and_one_that_goes_on_does_not(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    context.progress(3, 10)
    context.write()
    context.enter_stage("work")
    assert seen(database, context).done == 3
    context.enter_stage("sum")
    assert (seen(database, context).done, seen(database, context).total) == (0, None)


def test_the_estimate_of_a_stage_that_goes_on_rests_on_this_run_alone(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    context.progress(900, 1_000)
    clock.now += 10.0
    context.progress(910, 1_000)
    row = seen(database, context)
    assert (clock.now - row.stage_started_at) / row.done == pytest.approx(1.0)


def test_log_lines_keep_their_order_and_none_is_written_twice(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    for number in range(5):
        clock.now += 0.1
        context.log("info", str(number))
    context.write()
    context.write()
    with database.read() as connection:
        texts = connection.execute(sa.select(job_log.c.text).order_by(job_log.c.id)).scalars().all()
    assert texts == ["0", "1", "2", "3", "4"]


def test_a_batch_is_marked_in_the_callers_transaction_or_not_at_all(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    with database.write() as connection:
        context.mark_batch(connection, "work", 3, {"n": 1})
    with database.write() as connection:
        context.mark_batch(connection, "work", 4)
        connection.rollback()
    assert context.done_batches("work") == {3: {"n": 1}}


def test_a_stolen_job_takes_no_write_of_its_old_worker(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    steal(database, context)
    context.progress(5, 10)
    for attempt in (context.write, context.check_cancelled, lambda: context.set_result({})):
        with pytest.raises(StolenJob):
            attempt()
    with pytest.raises(StolenJob), database.write() as connection:
        context.mark_batch(connection, "work", 0)
    with database.read() as connection:
        assert connection.execute(sa.select(job_batches)).all() == []
    assert seen(database, context).done == 0


def test_no_stage_catches_what_takes_the_job_away() -> None:
    assert not issubclass(LeavesJob, Exception)


def test_a_request_to_cancel_is_seen_at_the_next_check_but_not_looked_for_each_time(
    database: Database, submit: Submit, clock: Clock
) -> None:
    context = run(database, submit, clock)
    context.check_cancelled()
    with database.write() as connection:
        repository.request_cancel(connection, context.job_id)
    context.check_cancelled()
    clock.now += 0.25
    with pytest.raises(Cancelled):
        context.check_cancelled()


def test_a_worker_that_shuts_down_is_heard_at_once(database: Database, submit: Submit, clock: Clock) -> None:
    stopping = threading.Event()
    context = run(database, submit, clock, stopping)
    context.check_cancelled()
    stopping.set()
    with pytest.raises(WorkerStops):
        context.check_cancelled()
