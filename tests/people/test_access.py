"""The list of what may be seen and the answer about a single thing follow the same rules."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from triptych.core.access import (
    ANONYMOUS,
    DATASET_ACTIONS,
    ORGANIZATION_ACTIONS,
    Action,
    DatasetFacts,
    Role,
    Subject,
    can_on_dataset,
)
from triptych.core.ids import new_id
from triptych.db.tables import datasets, grants, organizations, users
from triptych.people.access import actions_on, can, select_visible, visible_to

if TYPE_CHECKING:
    from triptych.db.session import Database

HOME, AWAY = "a" * 24, "b" * 24
OWNER, ASKER = "c" * 24, "d" * 24
TEAM = "e" * 24

NOW = time.time()
RECIPIENTS = {
    "everyone": ("everyone", ""),
    "home": ("organization", HOME),
    "away": ("organization", AWAY),
    "team": ("team", TEAM),
    "other team": ("team", "f" * 24),
    "asker": ("user", ASKER),
    "other user": ("user", "f" * 24),
    "link": ("link", ASKER),
}
TIMES = {
    "now": (NOW - 60, None),
    "until later": (NOW - 60, NOW + 3600),
    "over": (NOW - 60, NOW - 1),
    "later": (NOW + 3600, None),
}
GRANTED = ("see", "label", "export", "edit", "share", "delete", "a word of a later release")
STATES = ("ready", "trashed")


def subjects() -> list[Subject]:
    """Every role, at home and away, owning or not, in the team or not; and nobody."""
    found = [ANONYMOUS]
    for organization, user, role in itertools.product((HOME, AWAY), (OWNER, ASKER), Role):
        for teams in (frozenset[str](), frozenset({TEAM})):
            found.append(Subject(user, organization, role, teams))
    return found


@pytest.fixture
def granted(any_database: Database) -> dict[str, set[Action]]:
    """A dataset for each grant that can be thought of, and one without; by its id, what the grant brings to
    whom it reaches."""
    with any_database.write() as connection:
        for organization in (HOME, AWAY):
            row = {"id": organization, "name": organization, "display_name": "", "created_at": NOW}
            connection.execute(sa.insert(organizations).values(row))
        owner = {"id": OWNER, "organization_id": HOME, "email": "o@x", "name": "O", "role": "member"}
        connection.execute(sa.insert(users).values(**owner, created_at=NOW))
        made: dict[str, set[Action]] = {}
        for state in STATES:
            made[_dataset(connection, state)] = set()
        for state, recipient, action, when in itertools.product(STATES, RECIPIENTS, GRANTED, TIMES):
            dataset_id = _dataset(connection, state)
            _grant(connection, dataset_id, recipient, action, when)
            made[dataset_id] = set()
    return made


def _dataset(connection: sa.Connection, state: str) -> str:
    dataset_id = new_id()
    connection.execute(
        sa.insert(datasets).values(
            id=dataset_id,
            organization_id=HOME,
            name=dataset_id,
            display_name="",
            search_text="",
            tags=[],
            details={},
            modality="planar",
            state=state,
            owner_id=OWNER,
            created_at=NOW,
            updated_at=NOW,
        )
    )
    return dataset_id


def _grant(connection: sa.Connection, dataset_id: str, recipient: str, action: str, when: str) -> None:
    kind, subject_id = RECIPIENTS[recipient]
    since, expires_at = TIMES[when]
    connection.execute(
        sa.insert(grants).values(
            id=new_id(),
            subject_kind=kind,
            subject_id=subject_id,
            thing_kind="dataset",
            thing_id=dataset_id,
            action=action,
            since=since,
            expires_at=expires_at,
        )
    )


@pytest.mark.usefixtures("granted")
def test_the_list_and_the_single_question_agree_for_everybody_and_every_grant(any_database: Database) -> None:
    with any_database.read() as connection:
        rows = connection.execute(sa.select(datasets)).all()
        by_dataset = {row.thing_id: row for row in connection.execute(sa.select(grants))}
        for subject, action in itertools.product(subjects(), sorted(DATASET_ACTIONS)):
            listed = set(connection.scalars(sa.select(datasets.c.id).where(visible_to(subject, action))))
            for row in rows:
                expected = can_on_dataset(subject, action, _facts(row, by_dataset.get(row.id), subject))
                assert (row.id in listed) == expected, (subject, action, row.state, by_dataset.get(row.id))


@pytest.mark.usefixtures("granted")
def test_the_question_about_one_dataset_agrees_with_the_list(any_database: Database) -> None:
    with any_database.read() as connection:
        rows = connection.execute(sa.select(datasets)).all()[::7]
        for subject, action in itertools.product(subjects()[::3], sorted(DATASET_ACTIONS)):
            listed = set(connection.scalars(sa.select(datasets.c.id).where(visible_to(subject, action))))
            for row in rows:
                assert can(connection, subject, action, row) == (row.id in listed), (subject, action)


@pytest.mark.usefixtures("granted")
def test_what_may_be_done_to_each_of_many_agrees_with_the_question_about_one(any_database: Database) -> None:
    with any_database.read() as connection:
        rows = connection.execute(sa.select(datasets)).all()[::5]
        for subject in subjects()[::3]:
            allowed = actions_on(connection, subject, rows)
            for row in rows:
                expected = {action for action in DATASET_ACTIONS if can(connection, subject, action, row)}
                assert allowed[row.id] == expected, subject
        assert actions_on(connection, ANONYMOUS, []) == {}


def _facts(row: sa.Row[tuple[object, ...]], grant: object, subject: Subject) -> DatasetFacts:
    """The facts worked out in Python, from the rows as they are."""
    reaching: frozenset[Action] = frozenset()
    if grant is not None and _reaches(grant, subject) and grant.action in set(Action):  # type: ignore[attr-defined]
        reaching = frozenset({Action(grant.action)})  # type: ignore[attr-defined]
    return DatasetFacts(row.organization_id, row.owner_id, reaching, row.state == "trashed")


def _reaches(grant: object, subject: Subject) -> bool:
    kind, subject_id, since, expires_at = (
        getattr(grant, name) for name in ("subject_kind", "subject_id", "since", "expires_at")
    )
    if since > NOW or (expires_at is not None and expires_at <= NOW):
        return False
    return bool(
        kind == "everyone"
        or (kind == "organization" and subject_id == subject.organization_id)
        or (kind == "user" and subject_id == subject.user_id)
        or (kind == "team" and subject_id in subject.team_ids)
    )


@pytest.mark.usefixtures("granted")
def test_actions_of_the_organization_are_done_to_no_dataset(any_database: Database) -> None:
    boss = Subject(ASKER, HOME, Role.ADMINISTRATOR)
    with any_database.read() as connection:
        for action in sorted(ORGANIZATION_ACTIONS):
            assert connection.execute(sa.select(datasets).where(visible_to(boss, action))).first() is None


def test_what_is_visible_is_one_statement_however_many_datasets_there_are(
    any_database: Database, granted: dict[str, set[Action]]
) -> None:
    statements: list[str] = []

    def count(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    sa.event.listen(any_database.reader, "before_cursor_execute", count)
    with any_database.read() as connection:
        rows = connection.execute(select_visible(Subject(ASKER, HOME, Role.MEMBER))).all()
    assert 0 < len(rows) < len(granted)
    assert len([one for one in statements if "SELECT" in one]) == 1
