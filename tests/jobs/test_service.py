"""Jobs in one process: submitted, run in stages, looked at, cancelled, retried."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.jobs.job_kinds import ORGANIZATION, RUNNERS, traces
from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.jobs.service import Jobs
from triptych.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.conftest import Submit
    from triptych.db.session import Database
    from triptych.jobs.view import JobView


def until(jobs: Jobs, job_id: str, done: int) -> JobView:
    deadline = time.monotonic() + 20
    while (view := jobs.get(job_id)).done < done or view.stage != "work":
        assert time.monotonic() < deadline, view
        time.sleep(0.02)
    return view


def test_a_job_runs_its_stages_in_order_and_once(jobs: Jobs, database: Database, submit: Submit) -> None:
    job_id = submit()
    jobs.start(job_id)
    view = jobs.wait(job_id, 20)
    assert (view.state, view.result, view.error) == ("succeeded", {"sum": 30}, None)
    assert (view.stage, view.attempt) == ("sum", 1)
    assert view.started_at is not None
    assert view.finished_at is not None
    assert view.created_at <= view.started_at <= view.finished_at
    assert [len(traces(database, job_id, action)) for action in ("prepare", "begin", "batch", "sum")] == [
        1,
        5,
        5,
        1,
    ]
    assert [line.text for line in jobs.log(job_id)] == [f"batch {n} done" for n in range(5)]


def test_who_pauses_is_woken_when_a_job_ends(jobs: Jobs, submit: Submit) -> None:
    job_id = submit()
    sleeper = threading.Thread(target=jobs.pause, args=(3600.0,), daemon=True)
    sleeper.start()
    jobs.start(job_id)
    sleeper.join(20)
    assert not sleeper.is_alive()
    assert jobs.get(job_id).finished


def test_a_process_without_a_worker_pauses_all_the_same(idle: Jobs) -> None:
    before = time.monotonic()
    idle.pause(0.05)
    assert time.monotonic() - before >= 0.05


def test_a_job_that_nobody_started_is_found_by_a_worker(
    jobs: Jobs, database: Database, submit: Submit
) -> None:
    assert jobs.wait(submit(), 20).state == "succeeded"


def test_what_was_asked_for_before_there_was_a_worker_is_done_once_there_is(
    idle: Jobs, database: Database, submit: Submit
) -> None:
    job_id = submit()
    idle.start(job_id)
    assert idle.get(job_id).state == "waiting"
    idle.launch()
    try:
        assert idle.wait(job_id, 20).state == "succeeded"
    finally:
        idle.close()


def test_more_jobs_than_slots_are_all_done(jobs: Jobs, database: Database, submit: Submit) -> None:
    ids = [submit(seconds=0.02) for _ in range(10)]
    for job_id in ids:
        jobs.start(job_id)
    assert [jobs.wait(job_id, 30).state for job_id in ids] == ["succeeded"] * 10


def test_a_job_of_an_abandoned_transaction_does_not_exist(idle: Jobs, database: Database) -> None:
    with database.write() as connection:
        job_id = idle.submit(connection, kind="count", title="", payload={}, organization_id=ORGANIZATION)
        connection.rollback()
    with pytest.raises(NotFound):
        idle.get(job_id)


def test_a_kind_that_nobody_knows_is_refused(idle: Jobs, database: Database) -> None:
    with pytest.raises(InvalidInput) as caught, database.write() as connection:
        idle.submit(connection, kind="nonsense", title="", payload={}, organization_id=ORGANIZATION)
    assert caught.value.code == "unknown_job_kind"


def test_an_error_of_the_product_is_kept_with_code_hint_and_findings(
    jobs: Jobs, database: Database, submit: Submit
) -> None:
    job_id = submit(fail_at=2, how="refused")
    jobs.start(job_id)
    view = jobs.wait(job_id, 20)
    assert view.state == "failed"
    assert view.error is not None
    assert (view.error["code"], view.error["hint"]) == ("nothing_left", "Mend it.")
    assert view.error["findings"][0]["examples"] == ["a.png"]
    assert [trace["code"] for trace in traces(database, job_id, "told")] == ["nothing_left"]
    assert jobs.log(job_id)[-1].level == "error"


def test_a_bug_is_told_by_type_and_place_with_its_traceback_in_the_log(
    jobs: Jobs, database: Database, submit: Submit
) -> None:
    job_id = submit(fail_at=0, how="bug")
    jobs.start(job_id)
    view = jobs.wait(job_id, 20)
    assert view.error is not None
    assert view.error["code"] == "bug"
    assert view.error["message"].startswith("KeyError in _fail (job_kinds.py:")
    assert any("Traceback" in line.text and "KeyError" in line.text for line in jobs.log(job_id))


def test_a_retry_goes_on_where_the_failure_was(jobs: Jobs, database: Database, submit: Submit) -> None:
    job_id = submit(fail_at=3, how="refused")
    jobs.start(job_id)
    jobs.wait(job_id, 20)
    jobs.retry(job_id)
    view = jobs.wait(job_id, 20)
    assert (view.state, view.attempt, view.result, view.error) == ("succeeded", 2, {"sum": 30}, None)
    assert [trace["batch"] for trace in traces(database, job_id, "begin")] == [0, 1, 2, 3, 3, 4]
    assert [trace["batch"] for trace in traces(database, job_id, "batch")] == [0, 1, 2, 3, 4]


def test_a_job_that_did_not_fail_cannot_be_retried_nor_a_finished_one_cancelled(
    jobs: Jobs, database: Database, submit: Submit
) -> None:
    job_id = submit()
    jobs.start(job_id)
    jobs.wait(job_id, 20)
    with pytest.raises(Conflict) as caught:
        jobs.retry(job_id)
    assert caught.value.code == "job_not_retriable"
    with pytest.raises(Conflict) as caught:
        jobs.cancel(job_id)
    assert caught.value.code == "job_finished"
    with pytest.raises(NotFound):
        jobs.cancel("f" * 24)


def test_cancelling_stops_between_two_batches_and_a_retry_goes_on(
    jobs: Jobs, database: Database, submit: Submit
) -> None:
    job_id = submit(batches=400, seconds=0.02)
    jobs.start(job_id)
    until(jobs, job_id, 3)
    jobs.cancel(job_id)
    view = jobs.wait(job_id, 20)
    assert view.state == "cancelled"
    assert view.error is not None
    assert view.error["code"] == "cancelled"
    done = len(traces(database, job_id, "batch"))
    assert 3 <= done < 400
    assert view.done == done
    assert [trace["code"] for trace in traces(database, job_id, "told")] == ["cancelled"]


def test_a_job_that_waits_can_be_cancelled(idle: Jobs, database: Database, submit: Submit) -> None:
    job_id = submit()
    assert idle.cancel(job_id).cancel_requested
    idle.launch()
    try:
        assert idle.wait(job_id, 20).state == "cancelled"
    finally:
        idle.close()
    assert traces(database, job_id, "batch") == []


def test_closing_leaves_the_job_to_the_next_worker_who_repeats_nothing(
    idle: Jobs, database: Database, tmp_path: Path, submit: Submit
) -> None:
    job_id = submit(batches=20, seconds=0.05)
    idle.launch()
    idle.start(job_id)
    until(idle, job_id, 3)
    idle.close()
    assert idle.get(job_id).state == "waiting"
    done = len(traces(database, job_id, "batch"))
    assert 3 <= done < 20
    idle.launch()
    try:
        assert idle.wait(job_id, 30).state == "succeeded"
    finally:
        idle.close()
    assert [trace["batch"] for trace in traces(database, job_id, "batch")] == list(range(20))
    assert len(traces(database, job_id, "prepare")) == 1


def test_a_job_beyond_its_seconds_fails_with_that_reason(
    database: Database, tmp_path: Path, submit: Submit
) -> None:
    settings = Settings(home=tmp_path, heartbeat_seconds=0.1, job_seconds=0.3)
    jobs = Jobs(database, RUNNERS, None, home=tmp_path, settings=settings)
    job_id = submit(batches=400, seconds=0.02)
    jobs.launch()
    try:
        view = jobs.wait(job_id, 20)
    finally:
        jobs.close()
    assert view.error is not None
    assert (view.state, view.error["code"]) == ("failed", "job_too_long")


def test_lists_are_pages_by_id_and_filters_hold(idle: Jobs, database: Database, submit: Submit) -> None:
    ids = [submit() for _ in range(7)]
    first = idle.list(limit=3)
    second = idle.list(limit=3, after=first[-1].id)
    third = idle.list(limit=3, after=second[-1].id)
    assert [view.id for view in (*first, *second, *third)] == sorted(ids, reverse=True)
    assert idle.list(state="failed") == ()
    assert len(idle.list(state="waiting", organization_id=ORGANIZATION)) == 7
    assert idle.list(organization_id="1" * 24) == ()
    assert idle.list(dataset_id="1" * 24) == ()


def test_the_log_comes_in_pages_that_join(jobs: Jobs, database: Database, submit: Submit) -> None:
    job_id = submit(batches=30)
    jobs.start(job_id)
    jobs.wait(job_id, 20)
    pages = []
    after = 0
    while page := jobs.log(job_id, after=after, limit=7):
        pages.append(len(page))
        after = page[-1].id
    assert pages == [7, 7, 7, 7, 2]
    assert [line.text for line in jobs.whole_log(job_id)] == [f"batch {n} done" for n in range(30)]
