"""The kinds of things that a path can name: how each is found, and who may do what to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import (
    ANONYMOUS,
    Action,
    Subject,
    allowed_by_role,
    can_in_organization,
    can_on_team,
    can_see_job,
)
from triptych.core.ids import is_id
from triptych.db.tables import datasets, jobs, tunes, uploads
from triptych.people import access as people_access
from triptych.people import api_tokens, repository

if TYPE_CHECKING:
    from collections.abc import Callable

Row = sa.Row[Any]

_VERSIONED = re.compile(r"(.+)@(\d{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a path names. `version` is the number in `name@3`, None without one."""

    row: Row
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing. `find` gives what the text names if the subject may see it, else None; `may` says
    whether the subject may do more than that."""

    find: Callable[[sa.Connection, Subject, str], Found | None]
    may: Callable[[sa.Connection, Subject, Action, Row], bool]


def visible_datasets(subject: Subject | None) -> sa.ColumnElement[bool]:
    """A condition on the table `datasets`: those that the subject may see; None is nobody."""
    return people_access.visible_to(subject or ANONYMOUS)


def jobs_visible_to(subject: Subject) -> sa.ColumnElement[bool]:
    """A condition on the table `jobs`: of the same organization, and the subject's own, or of a dataset that
    they may see, or any for administrators and dataset managers."""
    same = jobs.c.organization_id == subject.organization_id
    if allowed_by_role(subject.role, Action.SEE_JOBS):
        return same
    seen = sa.select(datasets.c.id).where(visible_datasets(subject)).scalar_subquery()
    return sa.and_(same, sa.or_(jobs.c.user_id == subject.user_id, jobs.c.dataset_id.in_(seen)))


def may_see_job(connection: sa.Connection, subject: Subject, job: Row) -> bool:
    """`jobs_visible_to`, for one job."""
    statement = sa.select(jobs.c.id).where(jobs.c.id == job.id, jobs_visible_to(subject))
    return connection.scalar(statement) is not None


def _find_dataset(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    row = _dataset(connection, subject, text)
    if row is not None:
        return Found(row)
    versioned = _VERSIONED.fullmatch(text)
    if versioned is None:
        return None
    row = _dataset(connection, subject, versioned[1])
    return Found(row, int(versioned[2])) if row is not None else None


def _dataset(connection: sa.Connection, subject: Subject, id_or_name: str) -> Row | None:
    # A name may look like the id of another dataset: the id wins. Other organizations may use the same name:
    # one's own wins. The rows are few, and no statement is built: every pixel address comes this way.
    asked = {"text": id_or_name, "organization": subject.organization_id}
    for statement in (_BY_ID, _BY_OWN_NAME, _BY_NAME):
        for row in connection.execute(statement, asked):
            if people_access.can(connection, subject, Action.SEE, row):
                return row
    return None


_BY_ID = sa.select(datasets).where(datasets.c.id == sa.bindparam("text"))
_BY_NAME = sa.select(datasets).where(datasets.c.name == sa.bindparam("text")).order_by(datasets.c.id)
_BY_OWN_NAME = _BY_NAME.where(datasets.c.organization_id == sa.bindparam("organization"))


def _find_job(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    if not is_id(text):
        return None
    statement = sa.select(jobs).where(jobs.c.id == text, jobs_visible_to(subject))
    return _found(connection.execute(statement).one_or_none())


def _may_on_job(connection: sa.Connection, subject: Subject, action: Action, job: Row) -> bool:
    if action is Action.SEE or can_see_job(subject, job.organization_id, job.user_id):
        return True
    dataset = connection.execute(sa.select(datasets).where(datasets.c.id == job.dataset_id)).one_or_none()
    return dataset is not None and people_access.can(connection, subject, action, dataset)


def _find_upload(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    if not is_id(text):
        return None
    own = sa.select(uploads).where(uploads.c.id == text, uploads.c.user_id == subject.user_id)
    return _found(connection.execute(own).one_or_none())


def _find_user(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    return _found(repository.user(connection, subject.organization_id, text))


def _may_on_user(_: sa.Connection, subject: Subject, action: Action, user: Row) -> bool:
    own = user.id == subject.user_id and action is Action.EDIT
    return action is Action.SEE or own or _manages_people(subject, user.organization_id)


def _find_team(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    return _found(repository.team(connection, subject.organization_id, text))


def _may_on_team(_: sa.Connection, subject: Subject, action: Action, team: Row) -> bool:
    if action is Action.EDIT:
        return can_on_team(subject, team.organization_id, team.id)
    return action is Action.SEE or can_in_organization(subject, action, team.organization_id)


def _find_token(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    row = api_tokens.find_token(connection, subject.organization_id, text)
    if row is None or (row.user_id != subject.user_id and not _manages_people(subject, row.organization_id)):
        return None
    return Found(row)


def _find_root(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    if not allowed_by_role(subject.role, Action.UPLOAD):
        return None
    return _found(repository.root(connection, subject.organization_id, text))


def _may_on_root(_: sa.Connection, subject: Subject, action: Action, root: Row) -> bool:
    return action is Action.SEE or can_in_organization(subject, action, root.organization_id)


def _find_tune(connection: sa.Connection, subject: Subject, text: str) -> Found | None:
    if not is_id(text):
        return None
    seen = sa.select(datasets.c.id).where(visible_datasets(subject)).scalar_subquery()
    own = sa.select(tunes).where(tunes.c.id == text, tunes.c.dataset_id.in_(seen))
    return _found(connection.execute(own).one_or_none())


def _may_on_tune(connection: sa.Connection, subject: Subject, action: Action, tune: Row) -> bool:
    dataset = connection.execute(sa.select(datasets).where(datasets.c.id == tune.dataset_id)).one()
    return people_access.can(connection, subject, action, dataset)


def _manages_people(subject: Subject, organization_id: str) -> bool:
    return can_in_organization(subject, Action.MANAGE_PEOPLE, organization_id)


def _always(_: sa.Connection, __: Subject, ___: Action, ____: Row) -> bool:
    return True


def _found(row: Row | None) -> Found | None:
    return None if row is None else Found(row)


THINGS = {
    "dataset": Thing(_find_dataset, people_access.can),
    "job": Thing(_find_job, _may_on_job),
    "upload": Thing(_find_upload, _always),
    "user": Thing(_find_user, _may_on_user),
    "team": Thing(_find_team, _may_on_team),
    "token": Thing(_find_token, _always),
    "root": Thing(_find_root, _may_on_root),
    "tune": Thing(_find_tune, _may_on_tune),
}
"""By the name of the path parameter."""
