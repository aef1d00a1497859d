"""Who did what to which thing when: a row, written in the transaction of the change itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.access import Subject
    from triptych.jobs.context import JobContext

BY_JOBS = ("dataset.published", "dataset.annotated", "dataset.needs_decision", "dataset.failed")
"""What a job records at its end: whoever began it is told, too, for they did not wait for it."""


def record(
    connection: sa.Connection, subject: Subject, action: str, thing_kind: str, thing_id: str, **details: Any
) -> None:
    """Append an event of the subject's organization. `details` is JSON without secrets and passwords.

    `action` is what was done, in the past: created, renamed, ...; it is stored behind the kind of thing:
    user.created.
    """
    assert subject.organization_id is not None
    record_action(
        connection,
        organization_id=subject.organization_id,
        actor_id=subject.user_id,
        action=f"{thing_kind}.{action}",
        thing=(thing_kind, thing_id),
        details=details,
    )


def record_action(
    connection: sa.Connection,
    *,
    organization_id: str,
    actor_id: str | None,
    action: str,
    thing: tuple[str, str],
    details: Mapping[str, Any],
) -> None:
    """`record` for work that runs without a subject at hand. `action` is whole: dataset.changed; `thing` is its
    kind and its id."""
    connection.execute(
        sa.insert(tables.events).values(
            organization_id=organization_id,
            at=time.time(),
            actor_id=actor_id,
            action=action,
            thing_kind=thing[0],
            thing_id=thing[1],
            details=dict(details),
        )
    )


def record_end(
    connection: sa.Connection, context: JobContext, dataset_id: str, action: str, **details: Any
) -> None:
    """What a job came to for its dataset, one of `BY_JOBS`; the dataset's name belongs into `details`.

    The end of a job may be written twice when its worker is lost in between: the second time nothing is added.
    """
    known = (
        sa.select(tables.events.c.action, tables.events.c.details)
        .where(tables.events.c.thing_kind == "dataset", tables.events.c.thing_id == dataset_id)
        .order_by(tables.events.c.id.desc())
        .limit(1)
    )
    whole, run = f"dataset.{action}", {"job": context.job_id, "attempt": context.attempt}
    last = connection.execute(known).first()
    if last is not None and last.action == whole and run.items() <= last.details.items():
        return
    record_action(
        connection,
        organization_id=context.organization_id,
        actor_id=context.user_id,
        action=whole,
        thing=("dataset", dataset_id),
        details={**details, **run},
    )
