"""Kinds of jobs for tests. Each effect is an event row, so that what happens twice is counted twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import Refused, TriptychError
from triptych.core.findings import Finding, Severity
from triptych.db.tables import events
from triptych.jobs.runner import Runner, Stage

if TYPE_CHECKING:
    from triptych.db.session import Database
    from triptych.jobs.context import JobContext

ORGANIZATION = "0" * 24


def note(connection: sa.Connection, context: JobContext, action: str, **details: Any) -> None:
    """Leave a trace of something that a job did."""
    connection.execute(
        sa.insert(events).values(
            organization_id=ORGANIZATION,
            at=time.time(),
            action=action,
            thing_kind="job",
            thing_id=context.job_id,
            details={"worker": context.worker_id, **details},
        )
    )


def traces(database: Database, job_id: str, action: str) -> list[dict[str, Any]]:
    """What the job did of a kind, in order."""
    with database.read() as connection:
        statement = sa.select(events.c.details).where(events.c.thing_id == job_id, events.c.action == action)
        return list(connection.execute(statement.order_by(events.c.id)).scalars())


def _prepare(context: JobContext) -> None:
    with context.database.write() as connection:
        context.fence(connection)
        note(connection, context, "prepare")


def _work(context: JobContext) -> None:
    """`batches` batches of `seconds` each; `fail_at` fails once in the first attempt."""
    payload = context.payload
    done = context.done_batches("work")
    total = payload["batches"]
    context.progress(len(done), total)
    for batch in range(total):
        if batch in done:
            continue
        context.check_cancelled()
        with context.database.write() as connection:
            note(connection, context, "begin", batch=batch)
        if payload.get("fail_at") == batch and context.attempt == 1:
            _fail(payload["how"])
        time.sleep(payload["seconds"])
        with context.database.write() as connection:
            note(connection, context, "batch", batch=batch)
            context.mark_batch(connection, "work", batch, {"square": batch * batch})
        context.log("info", f"batch {batch} done")
        context.progress(batch + 1, total)


def _fail(how: str) -> None:
    if how == "bug":
        raise KeyError("missing")
    finding = Finding(Severity.ERROR, "broken", "It is broken.", examples=("a.png",))
    raise Refused("The upload is refused.", code="nothing_left", hint="Mend it.", findings=[finding])


def _sum(context: JobContext) -> None:
    squares = context.done_batches("work")
    context.set_result({"sum": sum(result["square"] for result in squares.values())})
    with context.database.write() as connection:
        context.fence(connection)
        note(connection, context, "sum")


def _told(context: JobContext, error: TriptychError) -> None:
    with context.database.write() as connection:
        note(connection, context, "told", code=error.code)


COUNT = Runner(
    "count",
    (Stage("prepare", _prepare), Stage("work", _work), Stage("sum", _sum)),
    on_failure=_told,
    on_cancel=_told,
)


def _fill(context: JobContext) -> None:
    done = context.done_batches("fill")
    for batch in range(40):
        context.check_cancelled()
        if batch not in done:
            with context.database.write() as connection:
                note(connection, context, "batch", batch=batch, ballast="x" * 20_000)
                context.mark_batch(connection, "fill", batch)


FILL = Runner("fill", (Stage("fill", _fill),))
RUNNERS = {"count": COUNT}
