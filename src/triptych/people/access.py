"""Permission as a query: which datasets a subject may see, and whether they may do something to one.

Both follow the rules of `triptych.core.access`; a test proves that they agree.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import (
    DATASET_ACTIONS,
    GRANTABLE,
    IMPLIED,
    IN_THE_TRASH,
    WITHOUT_AN_ACCOUNT,
    Action,
    DatasetFacts,
    Subject,
    allowed_by_role,
    can_on_dataset,
)
from triptych.core.dataset import State
from triptych.db.tables import datasets, grants

if TYPE_CHECKING:
    from collections.abc import Sequence


def visible_to(subject: Subject, action: Action = Action.SEE) -> sa.ColumnElement[bool]:
    """A condition on the table `datasets`: those to which the subject may do this. One statement, nothing is
    read beforehand; grants are looked at for what neither role nor ownership opens."""
    if action not in DATASET_ACTIONS:
        return sa.false()
    ways: list[sa.ColumnElement[bool]] = []
    if subject.organization_id is not None:
        at_home = datasets.c.organization_id == subject.organization_id
        mine = sa.true() if allowed_by_role(subject.role, action) else datasets.c.owner_id == subject.user_id
        lying = sa.true() if action in IN_THE_TRASH else _not_trashed()
        ways.append(sa.and_(at_home, mine, lying))
    if subject.user_id is not None or action in WITHOUT_AN_ACCOUNT:
        holding = _reaching(subject, [granted for granted in GRANTABLE if action in IMPLIED[granted]])
        held = sa.select(grants.c.thing_id).where(holding).scalar_subquery()
        ways.append(sa.and_(_not_trashed(), datasets.c.id.in_(held)))
    return sa.or_(sa.false(), *ways)


def select_visible(subject: Subject) -> sa.Select[Any]:
    """The rows of the datasets that the subject may see."""
    return sa.select(datasets).where(visible_to(subject))


def can(connection: sa.Connection, subject: Subject, action: Action, dataset: sa.Row[Any]) -> bool:
    """Whether the subject may do this to a dataset, a row of the table. Every pixel address asks this, so it
    builds no statement, and reads grants only for whom neither role nor ownership lets in."""
    facts = _facts(dataset)
    if can_on_dataset(subject, action, facts):
        return True
    rows = connection.execute(_GRANTS, {"dataset": dataset.id, "now": time.time()})
    granted = frozenset(
        Action(row.action)
        for row in rows
        if row.action in _GRANTABLE and _reaches(subject, row.subject_kind, row.subject_id)
    )
    return bool(granted) and can_on_dataset(subject, action, replace(facts, granted=granted))


def actions_on(
    connection: sa.Connection, subject: Subject, rows: Sequence[sa.Row[Any]]
) -> dict[str, frozenset[Action]]:
    """What the subject may do to each of many datasets, rows of the table, by id; one statement for all."""
    granted: dict[str, set[Action]] = {row.id: set() for row in rows}
    held = connection.execute(
        sa.select(grants.c.thing_id, grants.c.action).where(
            grants.c.thing_id.in_(list(granted)), _reaching(subject, sorted(GRANTABLE))
        )
    )
    for thing_id, action in held:
        granted[thing_id].add(Action(action))
    return {
        row.id: frozenset(
            action
            for action in DATASET_ACTIONS
            if can_on_dataset(subject, action, replace(_facts(row), granted=frozenset(granted[row.id])))
        )
        for row in rows
    }


def _facts(dataset: sa.Row[Any]) -> DatasetFacts:
    return DatasetFacts(
        organization_id=dataset.organization_id,
        owner_id=dataset.owner_id,
        trashed=dataset.state == State.TRASHED.value,
    )


def _reaches(subject: Subject, kind: str, subject_id: str) -> bool:
    match kind:
        case "everyone":
            return True
        case "organization":
            return subject_id == subject.organization_id
        case "team":
            return subject_id in subject.team_ids
        case "user":
            return subject_id == subject.user_id
    return False


def _not_trashed() -> sa.ColumnElement[bool]:
    return datasets.c.state != State.TRASHED.value


def _reaching(subject: Subject, actions: list[Action]) -> sa.ColumnElement[bool]:
    """Grants for one of the actions on datasets that reach the subject at this moment."""
    now = time.time()
    to_whom = [grants.c.subject_kind == "everyone"]
    if subject.organization_id is not None:
        to_whom.append(_to("organization", subject.organization_id))
    if subject.user_id is not None:
        to_whom.append(_to("user", subject.user_id))
    to_whom.extend(_to("team", team_id) for team_id in sorted(subject.team_ids))
    return sa.and_(
        grants.c.thing_kind == "dataset",
        grants.c.action.in_(sorted(action.value for action in actions)),
        grants.c.since <= now,
        sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > now),
        sa.or_(*to_whom),
    )


def _to(kind: str, subject_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(grants.c.subject_kind == kind, grants.c.subject_id == subject_id)


_GRANTABLE = frozenset(action.value for action in GRANTABLE)
_GRANTS = sa.select(grants.c.subject_kind, grants.c.subject_id, grants.c.action).where(
    grants.c.thing_kind == "dataset",
    grants.c.thing_id == sa.bindparam("dataset"),
    grants.c.since <= sa.bindparam("now"),
    sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > sa.bindparam("now")),
)
