"""Datasets as rows of a list, for who looks at them: a few statements for all rows, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import Action
from triptych.db.tables import jobs, opened, sources
from triptych.jobs.view import describe
from triptych.people.access import actions_on
from triptych.people.repository import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.access import Subject

OFFERED = (Action.EDIT, Action.LABEL, Action.EXPORT, Action.DELETE)
"""What a page offers to do with a dataset, where the person may."""


def dataset_rows(
    connection: sa.Connection, subject: Subject, rows: Sequence[sa.Row[Any]]
) -> list[dict[str, Any]]:
    """Datasets, rows of the table, as a list shows them to the subject."""
    ids = [row.id for row in rows]
    allowed = actions_on(connection, subject, rows)
    names = names_of(connection, [row.owner_id for row in rows])
    newest = newest_jobs(connection, ids)
    rejected = _rejected(connection, ids)
    known = _opened(connection, subject, ids)
    return [
        {
            **_plain(row),
            "owner_name": names.get(row.owner_id, ""),
            "samples": [f"/api/v1/datasets/{row.id}/thumbnails/{digest}" for digest in row.samples],
            "tasks": row.tasks.split(),
            "is_new": row.id not in known,
            "rejected": rejected.get(row.id, 0),
            "may": offered(allowed[row.id]),
            "job": newest.get(row.id),
        }
        for row in rows
    ]


def dataset_row(connection: sa.Connection, subject: Subject, row: sa.Row[Any]) -> dict[str, Any]:
    """One dataset as a list shows it to the subject."""
    return dataset_rows(connection, subject, [row])[0]


def offered(allowed: frozenset[Action]) -> list[str]:
    """The actions that a page offers, in a fixed order."""
    return [action.value for action in OFFERED if action in allowed]


def newest_jobs(connection: sa.Connection, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest job of each dataset that has one, as a document."""
    newest = (
        sa.select(sa.func.max(jobs.c.id))
        .where(jobs.c.dataset_id.in_(dataset_ids))
        .group_by(jobs.c.dataset_id)
    )
    columns = [column for column in jobs.c if column.name != "payload"]
    rows = connection.execute(sa.select(*columns).where(jobs.c.id.in_(newest)))
    return {row.dataset_id: _job(row) for row in rows}


def _job(row: sa.Row[Any]) -> dict[str, Any]:
    view = describe(row)
    error = view.error
    return {
        "id": view.id,
        "state": view.state,
        "kind": view.kind,
        "stage": view.stage,
        "done": view.done,
        "total": view.total,
        "seconds_left": view.seconds_left,
        "error": None if error is None else {"code": error["code"], "message": error["message"]},
    }


def _rejected(connection: sa.Connection, dataset_ids: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        sa.select(sources.c.dataset_id, sa.func.sum(sources.c.rejected))
        .where(sources.c.dataset_id.in_(dataset_ids))
        .group_by(sources.c.dataset_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def _opened(connection: sa.Connection, subject: Subject, dataset_ids: Sequence[str]) -> set[str]:
    if subject.user_id is None:
        return set(dataset_ids)  # nothing is new to nobody
    known = sa.select(opened.c.dataset_id).where(
        opened.c.user_id == subject.user_id, opened.c.dataset_id.in_(dataset_ids)
    )
    return set(connection.execute(known).scalars())


def _plain(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "description": row.description,
        "tags": row.tags,
        "modality": row.modality,
        "format": row.format,
        "state": row.state,
        "version": row.version,
        "owner": row.owner_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "counts": {
            "items": row.items,
            "studies": row.studies,
            "bytes": row.bytes,
            "annotation_sets": row.annotation_sets,
        },
    }
