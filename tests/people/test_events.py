"""Events: what a job came to is written once for each attempt."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from triptych.db.tables import events
from triptych.people.events import record_action, record_end

if TYPE_CHECKING:
    from triptych.db.session import Database
    from triptych.jobs.context import JobContext

DATASET = "d" * 24


def _run(job: str, attempt: int) -> JobContext:
    """What is asked of a run of a job."""
    run = SimpleNamespace(job_id=job, attempt=attempt, organization_id="o" * 24, user_id="u" * 24)
    return cast("JobContext", run)


def _written(database: Database) -> list[tuple[str, Any]]:
    with database.read() as connection:
        rows = connection.execute(sa.select(events).order_by(events.c.id))
        return [(row.action, row.details.get("attempt")) for row in rows]


def test_an_end_that_is_written_again_for_a_lost_worker_is_one_event(any_database: Database) -> None:
    with any_database.write() as connection:
        for attempt in (1, 1, 2, 2):
            record_end(connection, _run("j", attempt), DATASET, "failed", name="cells")
        record_end(connection, _run("k", 2), DATASET, "failed", name="cells")
    assert _written(any_database) == [("dataset.failed", 1), ("dataset.failed", 2), ("dataset.failed", 2)]


def test_an_end_says_who_began_the_job_and_which_it_was(any_database: Database) -> None:
    with any_database.write() as connection:
        record_end(connection, _run("j", 1), DATASET, "needs_decision", name="cells", rejected=2)
        record_action(
            connection, organization_id="o" * 24, actor_id=None, action="dataset.changed",
            thing=("dataset", DATASET), details={},
        )  # fmt: skip
        record_end(connection, _run("j", 1), DATASET, "published", name="cells")
    assert [action for action, _ in _written(any_database)] == [
        "dataset.needs_decision", "dataset.changed", "dataset.published",
    ]  # fmt: skip
    with any_database.read() as connection:
        asked = connection.execute(sa.select(events).order_by(events.c.id)).first()
    assert asked is not None
    assert (asked.actor_id, asked.thing_kind, asked.thing_id) == ("u" * 24, "dataset", DATASET)
    assert asked.details == {"name": "cells", "rejected": 2, "job": "j", "attempt": 1}
