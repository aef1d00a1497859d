from __future__ import annotations

from itertools import product

import pytest

from triptych.core import access
from triptych.core.access import (
    ANONYMOUS,
    DATASET_ACTIONS,
    GRANTABLE,
    IMPLIED,
    ORGANIZATION_ACTIONS,
    Action,
    DatasetFacts,
    Role,
    Subject,
    allowed_by_role,
    can_in_organization,
    can_on_dataset,
    can_on_team,
    can_see_job,
)

HOME, ELSEWHERE = "1" * 24, "2" * 24
SELF, OTHER = "a" * 24, "b" * 24


def table(first_heading: str) -> dict[str, dict[Action, bool]]:
    """The table of the module's docstring whose first column has this heading."""
    assert access.__doc__ is not None
    lines = [
        [cell.strip() for cell in line.split("|")] for line in access.__doc__.splitlines() if "|" in line
    ]
    start = next(index for index, cells in enumerate(lines) if cells[0] == first_heading)
    width = len(lines[start])
    actions = [Action(name) for name in lines[start][1:]]
    rows: dict[str, dict[Action, bool]] = {}
    for cells in lines[start + 2 :]:
        if len(cells) != width or cells[1] not in ("yes", "no"):
            break
        rows[cells[0]] = {
            action: {"yes": True, "no": False}[cell] for action, cell in zip(actions, cells[1:], strict=True)
        }
    return rows


DATASET_TABLE, ROLE_TABLE = table("relation"), table("role")
GRANTS: list[Action | None] = [None, *sorted(GRANTABLE)]


def row_of(subject: Subject, facts: DatasetFacts, granted: Action | None) -> str:
    """The row that the docstring's words pick."""
    if subject.organization_id == facts.organization_id:
        if subject.role in (Role.ADMINISTRATOR, Role.DATASET_MANAGER):
            return f"{subject.role}, own organization"
        if subject.user_id == facts.owner_id:
            return "owner, own organization"
    who = "anonymous" if subject == ANONYMOUS else "signed in"
    return f"{who}, granted {granted or 'nothing'}"


SUBJECTS = [ANONYMOUS, *(Subject(SELF, home, role) for home, role in product([HOME, ELSEWHERE], Role))]


def test_the_tables_name_every_role_every_action_and_every_grant() -> None:
    assert set(ROLE_TABLE) == {*Role, "anonymous"}
    assert {action for row in ROLE_TABLE.values() for action in row} == ORGANIZATION_ACTIONS
    assert {action for row in DATASET_TABLE.values() for action in row} == DATASET_ACTIONS
    assert len(DATASET_TABLE) == 3 + 2 * len(GRANTS)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: f"{subject.role}-{subject.organization_id}")
@pytest.mark.parametrize("granted", GRANTS)
@pytest.mark.parametrize("owner", [SELF, OTHER])
def test_what_may_be_done_to_a_dataset_is_what_the_table_says(
    subject: Subject, granted: Action | None, owner: str
) -> None:
    facts = DatasetFacts(HOME, owner, frozenset() if granted is None else frozenset({granted}))
    expected = DATASET_TABLE[row_of(subject, facts, granted)]
    assert {action: can_on_dataset(subject, action, facts) for action in expected} == expected


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: f"{subject.role}-{subject.organization_id}")
@pytest.mark.parametrize("granted", GRANTS)
@pytest.mark.parametrize("owner", [SELF, OTHER])
def test_in_the_trash_a_dataset_is_seen_and_deleted_by_those_who_may_delete_it_and_by_nobody_else(
    subject: Subject, granted: Action | None, owner: str
) -> None:
    grants = frozenset() if granted is None else frozenset({granted})
    may_delete = can_on_dataset(subject, Action.DELETE, DatasetFacts(HOME, owner, grants))
    trashed = DatasetFacts(HOME, owner, grants, trashed=True)
    allowed = {action for action in Action if can_on_dataset(subject, action, trashed)}
    assert allowed == ({Action.SEE, Action.DELETE} if may_delete else set())


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: f"{subject.role}-{subject.organization_id}")
def test_what_may_be_done_in_an_organization_is_what_the_table_says(subject: Subject) -> None:
    expected = ROLE_TABLE[subject.role or "anonymous"]
    assert {action: allowed_by_role(subject.role, action) for action in expected} == expected
    at_home = subject.organization_id == HOME
    for action, allowed in expected.items():
        assert can_in_organization(subject, action, HOME) == (allowed and at_home)


def test_whoever_may_do_anything_to_a_dataset_may_see_it() -> None:
    sets = [frozenset(pair) for pair in product(GRANTABLE, repeat=2)]
    for subject, granted, owner in product(SUBJECTS, [frozenset[Action](), *sets], [SELF, OTHER]):
        facts = DatasetFacts(HOME, owner, granted)
        if any(can_on_dataset(subject, action, facts) for action in DATASET_ACTIONS):
            assert can_on_dataset(subject, Action.SEE, facts)


def test_grants_add_up() -> None:
    subject = Subject(SELF, HOME, Role.MEMBER)
    facts = DatasetFacts(HOME, OTHER, frozenset({Action.LABEL, Action.EXPORT}))
    allowed = {action for action in Action if can_on_dataset(subject, action, facts)}
    assert allowed == IMPLIED[Action.LABEL] | IMPLIED[Action.EXPORT]


def test_a_grant_of_what_cannot_be_granted_gives_nothing() -> None:
    facts = DatasetFacts(HOME, OTHER, frozenset({Action.DELETE, Action.SHARE, Action.ADMINISTER}))
    subject = Subject(SELF, HOME, Role.MEMBER)
    assert not any(can_on_dataset(subject, action, facts) for action in Action)


def test_actions_of_the_organization_are_never_allowed_on_a_dataset_nor_the_other_way_round() -> None:
    administrator = Subject(SELF, HOME, Role.ADMINISTRATOR)
    facts = DatasetFacts(HOME, SELF, frozenset(Action))
    assert not any(can_on_dataset(administrator, action, facts) for action in ORGANIZATION_ACTIONS)
    assert not any(can_in_organization(administrator, action, HOME) for action in DATASET_ACTIONS)


def test_a_team_is_changed_by_administrators_and_by_its_own_managers() -> None:
    manages = Subject(SELF, HOME, Role.TEAM_MANAGER, frozenset({"t1", "t2"}), frozenset({"t1"}))
    assert can_on_team(manages, HOME, "t1")
    assert not can_on_team(manages, HOME, "t2")
    assert not can_on_team(manages, ELSEWHERE, "t1")
    assert can_on_team(Subject(SELF, HOME, Role.ADMINISTRATOR), HOME, "t2")
    assert not can_on_team(Subject(SELF, HOME, Role.DATASET_MANAGER), HOME, "t2")
    assert not can_on_team(ANONYMOUS, HOME, "t1")


def test_a_job_is_seen_by_who_started_it_and_by_those_who_see_all() -> None:
    for role in Role:
        sees_all = role in (Role.ADMINISTRATOR, Role.DATASET_MANAGER)
        subject = Subject(SELF, HOME, role)
        assert can_see_job(subject, HOME, SELF)
        assert can_see_job(subject, HOME, OTHER) == can_see_job(subject, HOME, None) == sees_all
        assert not can_see_job(subject, ELSEWHERE, OTHER)
    assert not can_see_job(ANONYMOUS, HOME, None)
