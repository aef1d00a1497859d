"""Permission as a query: which datasets a subject may see, and whether they may do something to one.

Both follow the rules of `triptych.core.access`; a test proves that they agree.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import (
    GRANTED_BY,
    Action,
    Grant,
    GrantKind,
    may_in_organization,
    may_on_dataset,
)
from triptych.db.tables import datasets, grants

if TYPE_CHECKING:
    from triptych.core.access import Subject


def visible_to(subject: Subject, action: Action = Action.SEE) -> sa.ColumnElement[bool]:
    """A condition on the table `datasets`: those to which the subject may do this. One statement, no rows
    read beforehand; grants are looked at only for what neither role nor ownership opens."""
    ways: list[sa.ColumnElement[bool]] = []
    if may_in_organization(subject, action):
        ways.append(datasets.c.organization_id == subject.organization_id)
    if subject.user_id:
        ways.append(datasets.c.owner_id == subject.user_id)
    ways.append(_granted(subject, action))
    return sa.or_(*ways)


def select_visible(subject: Subject) -> sa.Select[Any]:
    """The rows of the datasets that the subject may see."""
    return sa.select(datasets).where(visible_to(subject))


def can(connection: sa.Connection, subject: Subject, action: Action, dataset: sa.Row[Any]) -> bool:
    """Whether the subject may do this to a dataset, a row of the table."""
    rows = connection.execute(
        sa.select(grants).where(grants.c.thing_kind == "dataset", grants.c.thing_id == dataset.id)
    )
    return may_on_dataset(
        subject,
        action,
        organization_id=dataset.organization_id,
        owner_id=dataset.owner_id,
        grants=[_grant(row) for row in rows if row.subject_kind in _KINDS and row.action in _ACTIONS],
        now=time.time(),
    )


def _granted(subject: Subject, action: Action) -> sa.ColumnElement[bool]:
    now = time.time()
    to_whom: list[sa.ColumnElement[bool]] = [grants.c.subject_kind == GrantKind.EVERYONE.value]
    if subject.organization_id:
        to_whom.append(_to(GrantKind.ORGANIZATION, subject.organization_id))
    if subject.user_id:
        to_whom.append(_to(GrantKind.USER, subject.user_id))
    to_whom.extend(_to(GrantKind.TEAM, team_id) for team_id in sorted(subject.team_ids))
    held = (
        sa.select(grants.c.thing_id)
        .where(
            grants.c.thing_kind == "dataset",
            grants.c.action.in_([one.value for one in sorted(GRANTED_BY[action])]),
            grants.c.since <= now,
            sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > now),
            sa.or_(*to_whom),
        )
        .scalar_subquery()
    )
    return datasets.c.id.in_(held)


def _to(kind: GrantKind, subject_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(grants.c.subject_kind == kind.value, grants.c.subject_id == subject_id)


def _grant(row: sa.Row[Any]) -> Grant:
    return Grant(GrantKind(row.subject_kind), row.subject_id, Action(row.action), row.since, row.expires_at)


_KINDS = frozenset(kind.value for kind in GrantKind)
_ACTIONS = frozenset(action.value for action in Action)
