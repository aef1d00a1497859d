"""Who did what to which thing when: a row, written in the transaction of the change itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.access import Subject


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
    """`record` for work that runs without a subject at hand, as jobs do. `action` is whole: dataset.published;
    `thing` is its kind and its id."""
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
