"""Annotation sets of a dataset: found, named, renamed and taken away, each time as a new version.

What changes runs in the caller's transaction, on a dataset that `lock_newest` has locked.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.datasets.changes import Change
from triptych.datasets.class_matrix import sets_at
from triptych.datasets.publication import publish_version
from triptych.datasets.row_ranges import copy_of, end_rows
from triptych.db.tables import annotation_rows, annotation_sets, classes, findings

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 200


def check_set_name(name: str) -> str:
    """The name without blanks around it; InvalidInput `bad_set_name` when it cannot be shown or is too long."""
    plain = name.strip()
    if not plain or len(plain) > LONGEST_NAME or any(unicodedata.category(c) in ("Cc", "Cs") for c in plain):
        raise InvalidInput(
            f"An annotation set has a name of 1 to {LONGEST_NAME} letters, without control characters.",
            code="bad_set_name",
            hint="Choose another name.",
        )
    return plain


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it when it is taken: label, label-2, label-3."""
    known = set(taken)
    name, number = wanted, 2
    while name in known:
        name, number = f"{wanted}-{number}", number + 1
    return name


def find_set(connection: sa.Connection, dataset_id: str, version: int, name: str) -> sa.Row[Any]:
    """The annotation set of that name at a version; NotFound `set_not_found`."""
    for row in sets_at(connection, dataset_id, version):
        if row.name == name:
            return row
    raise no_such_set(version, name)


def no_such_set(version: int, name: str) -> NotFound:
    """The error that a version has no set of that name."""
    return NotFound(
        f"Version {version} has no annotation set called “{name}”.",
        code="set_not_found",
        hint="`triptych show` lists the sets of a dataset.",
    )


def rename_set(
    connection: sa.Connection, newest: sa.Row[Any], old: str, new: str, *, author_id: str | None
) -> Change:
    """Publish a version in which a set is called otherwise. Earlier versions keep the old name, so the set and
    what is in it are written again.

    NotFound `set_not_found`; InvalidInput `bad_set_name`; Conflict `name_taken`.
    """
    found = find_set(connection, newest.id, newest.version, old)
    if new == old:
        return Change(newest.version, 0)
    name = check_set_name(new)
    if name in {row.name for row in sets_at(connection, newest.id, newest.version)}:
        raise Conflict(
            f"An annotation set called “{name}” is there already.",
            code="name_taken",
            hint="Choose another name.",
        )
    number = newest.version + 1
    columns, values = copy_of(annotation_sets, number, name=sa.literal(name))
    row = sa.select(*values).where(annotation_sets.c.id == found.id)
    connection.execute(sa.insert(annotation_sets).from_select(columns, row))
    held = annotation_sets.c.dataset_id == newest.id, annotation_sets.c.since == number
    set_id = connection.execute(sa.select(sa.func.max(annotation_sets.c.id)).where(*held)).scalar_one()
    for table in (classes, annotation_rows):
        columns, values = copy_of(table, number, set_id=sa.literal(set_id))
        rows = sa.select(*values).where(table.c.set_id == found.id, table.c.until == OPEN_END)
        if table is annotation_rows:
            rows = rows.order_by(table.c.item_id, table.c.id)
        connection.execute(sa.insert(table).from_select(columns, rows))
    _end_set(connection, found.id, number)
    message = f"Renamed annotation set “{old}” to “{name}”"
    publish_version(connection, newest.id, number, author_id=author_id, message=message)
    return Change(number, 0)


def delete_set(connection: sa.Connection, newest: sa.Row[Any], name: str, *, author_id: str | None) -> Change:
    """Publish a version without a set; `changed` is how many items it covered. Earlier versions keep it.

    NotFound `set_not_found`. Findings about the set and its label file end with it.
    """
    found = find_set(connection, newest.id, newest.version, name)
    number = newest.version + 1
    covered = connection.execute(
        sa.select(sa.func.count(annotation_rows.c.item_id.distinct())).where(
            annotation_rows.c.set_id == found.id, annotation_rows.c.until == OPEN_END
        )
    ).scalar_one()
    others = [row for row in sets_at(connection, newest.id, newest.version) if row.id != found.id]
    subjects = [found.name]
    if found.source not in {row.source for row in others}:
        subjects.append(found.source)
    _end_set(connection, found.id, number)
    own = findings.c.dataset_id == newest.id
    end_rows(connection, findings, number, own, findings.c.subject.in_(subjects))
    message = f"Deleted annotation set “{name}”"
    publish_version(connection, newest.id, number, author_id=author_id, message=message)
    return Change(number, covered)


def _end_set(connection: sa.Connection, set_id: int, number: int) -> None:
    end_rows(connection, annotation_sets, number, annotation_sets.c.id == set_id)
    for table in (classes, annotation_rows):
        end_rows(connection, table, number, table.c.set_id == set_id)
