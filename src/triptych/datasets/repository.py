"""Rows of datasets, versions and sources. The place for their SQL."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END, State
from triptych.core.errors import Conflict
from triptych.core.ids import is_id, new_id
from triptych.datasets.names import addresses, search_text, sort_name
from triptych.db.session import insert_rows
from triptych.db.tables import datasets, findings, opened, sources, versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.core.findings import Finding


GIVEN_UP = (State.FAILED, State.CANCELLED, State.TRASHED)
"""States in which a dataset that never published a version holds its name no longer."""


def check_name_free(connection: sa.Connection, organization_id: str, name: str) -> str | None:
    """The dataset that held the name and never came to a version, for the caller to purge; None: nobody held it.

    Conflict `name_taken` when the organization has another dataset of that name, also in the trash.
    """
    holder = connection.execute(
        sa.select(datasets.c.id, datasets.c.state, datasets.c.version).where(
            datasets.c.organization_id == organization_id, datasets.c.name == name
        )
    ).first()
    if holder is None:
        return None
    if holder.version == 0 and holder.state in GIVEN_UP:
        return str(holder.id)
    trashed = holder.state == State.TRASHED
    raise Conflict(
        f"A dataset called “{name}” exists already{' in the trash' if trashed else ''}.",
        code="name_taken",
        hint="Choose another name with --name"
        + (", or take that one out of the trash: `triptych restore`." if trashed else "."),
    )


def insert_dataset(
    connection: sa.Connection,
    *,
    organization_id: str,
    owner_id: str,
    name: str,
    display_name: str,
    description: str,
    tags: list[str],
    modality: str,
) -> str:
    """A new dataset in state waiting; its id. Conflict `name_taken` when the organization has one of that name."""
    check_name_free(connection, organization_id, name)
    dataset_id = new_id()
    now = time.time()
    connection.execute(
        sa.insert(datasets).values(
            id=dataset_id,
            organization_id=organization_id,
            owner_id=owner_id,
            name=name,
            display_name=display_name or name,
            description=description,
            tags=tags,
            details={},
            search_text=search_text(name, display_name, description, *tags),
            sort_name=sort_name(display_name or name),
            modality=modality,
            state=State.WAITING,
            created_at=now,
            updated_at=now,
        )
    )
    return dataset_id


def find_dataset(
    connection: sa.Connection, text: str, visible: sa.ColumnElement[bool]
) -> tuple[sa.Row[Any], int | None] | None:
    """The dataset that a text means (a name, an id, either with `@version`), among those that are visible."""
    for address in addresses(text):
        named = datasets.c.name == address.name
        if is_id(address.name):
            named = sa.or_(named, datasets.c.id == address.name)
        row = connection.execute(sa.select(datasets).where(named, visible).limit(1)).first()
        if row is not None:
            return row, address.version
    return None


def get_dataset(connection: sa.Connection, dataset_id: str) -> sa.Row[Any] | None:
    """The row of a dataset, whoever asks."""
    return connection.execute(sa.select(datasets).where(datasets.c.id == dataset_id)).first()


def update_dataset(connection: sa.Connection, dataset_id: str, **values: Any) -> None:
    """Change columns of a dataset."""
    connection.execute(
        sa.update(datasets).where(datasets.c.id == dataset_id).values(updated_at=time.time(), **values)
    )


def note_opened(connection: sa.Connection, user_id: str, dataset_id: str) -> None:
    """Note that a person has opened a dataset; the first time counts."""
    row = {"user_id": user_id, "dataset_id": dataset_id, "at": time.time()}
    insert_rows(connection, opened, [row], keep_existing=True)


def get_version(connection: sa.Connection, dataset_id: str, number: int) -> sa.Row[Any] | None:
    """The row of a published version."""
    return connection.execute(
        sa.select(versions).where(versions.c.dataset_id == dataset_id, versions.c.number == number)
    ).first()


def sources_of(connection: sa.Connection, dataset_id: str) -> list[sa.Row[Any]]:
    """Where a dataset's items came from, oldest first."""
    return list(
        connection.execute(
            sa.select(sources).where(sources.c.dataset_id == dataset_id).order_by(sources.c.id)
        )
    )


def insert_findings(
    connection: sa.Connection, dataset_id: str, since: int, collected: Iterable[Finding]
) -> None:
    """Add findings that hold from a version on."""
    insert_rows(
        connection,
        findings,
        [
            {
                "dataset_id": dataset_id,
                "since": since,
                "until": OPEN_END,
                "severity": finding.severity.value,
                "code": finding.code,
                "subject": finding.subject,
                "message": finding.message,
                "hint": finding.hint,
                "count": finding.count,
                "examples": json.dumps(finding.examples),
            }
            for finding in collected
        ],
    )


def note_indexed(connection: sa.Connection, source_id: str, last: int, *, whole: bool) -> None:
    """Note that the keys of a source's items up to the id `last` are in the search index; `whole`: all are."""
    connection.execute(
        sa.update(sources).where(sources.c.id == source_id).values(indexed_to=last, indexed=whole)
    )
