"""What an onboarding came to, as a value that can be compared with that of another home."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import TriptychError
from triptych.datasets.disposal import collect
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    blobs,
    contents,
    datasets,
    findings,
    items,
    kept_files,
    layers,
    renditions,
    sources,
    versions,
)

if TYPE_CHECKING:
    from triptych.db.session import Database
    from triptych.storage.objects import Objects


@dataclass(frozen=True)
class Outcome:
    """All of a dataset that does not depend on when it was made and under which numbers."""

    state: str
    content_hash: str
    counts: str
    statistics: str
    bins: tuple[int, ...]
    findings: tuple[str, ...]
    members: tuple[str, ...]
    items: tuple[str, ...]
    labels: tuple[str, ...]
    blobs: frozenset[str]


def outcome(database: Database, name: str) -> Outcome:
    """What the dataset of that name came to; there is one source and at most one version."""
    with database.read() as connection:
        dataset = connection.execute(sa.select(datasets).where(datasets.c.name == name)).one()
        source = connection.execute(sa.select(sources).where(sources.c.dataset_id == dataset.id)).one()
        version = connection.execute(
            sa.select(versions).where(versions.c.dataset_id == dataset.id)
        ).one_or_none()
        return Outcome(
            dataset.state,
            "" if version is None else bytes(version.content_hash).hex(),
            "" if version is None else _text(_without_numbers(version.counts)),
            "" if version is None else _text(version.statistics),
            (source.imported, source.files, source.ignored, source.rejected, source.bytes),
            _rows(connection, findings, ("id", "dataset_id"), findings.c.dataset_id == dataset.id),
            _rows(connection, kept_files, ("source_id",), kept_files.c.source_id == source.id),
            _items(connection, dataset.id),
            _labels(connection, dataset.id),
            frozenset(
                bytes(digest).hex() for digest in connection.execute(sa.select(blobs.c.sha256)).scalars()
            ),
        )


def unreadable(database: Database, objects: Objects) -> list[str]:
    """Blobs whose bytes are gone or differ from their hash, and hashes that rows name but nothing stores."""
    wrong = []
    known = set()
    with database.read() as connection:
        for row in connection.execute(sa.select(blobs)):
            known.add(bytes(row.sha256))
            try:
                data = objects.get(row.object, row.start, row.length)
            except TriptychError as error:
                wrong.append(f"{bytes(row.sha256).hex()}: {error.code}")
                continue
            if hashlib.sha256(data).digest() != bytes(row.sha256):
                wrong.append(f"{bytes(row.sha256).hex()}: differs")
        for column in (layers.c.sha256, kept_files.c.sha256, sources.c.manifest, renditions.c.blob):
            for digest in connection.execute(sa.select(column).where(column.is_not(None))).scalars():
                if bytes(digest) not in known:
                    wrong.append(f"{bytes(digest).hex()}: {column} names it, nothing stores it")
    return wrong


def strays(database: Database, objects: Objects) -> list[str]:
    """Objects that no row names once what nothing refers to was collected; in a folder every file counts."""
    collect(database, objects, grace_seconds=0.0)
    with database.read() as connection:
        named = set(connection.execute(sa.select(blobs.c.object)).scalars())
    if objects.folder is None:
        there = {name for name, _ in objects.names()}
    else:
        folder = objects.folder
        there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return sorted(there ^ named)


def rows_left(database: Database) -> dict[str, int]:
    """How many rows each table of datasets and bytes has, where it has any."""
    tables = (datasets, versions, sources, items, layers, contents, renditions, kept_files, findings)
    with database.read() as connection:
        counted = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (*tables, annotation_sets, annotation_rows, assignments, blobs)
        }
    return {name: count for name, count in counted.items() if count}


def _without_numbers(counts: dict[str, Any]) -> dict[str, Any]:
    sets = [{name: value for name, value in entry.items() if name != "id"} for entry in counts["sets"]]
    return {name: value for name, value in counts.items() if name != "split_id"} | {"sets": sets}


def _items(connection: sa.Connection, dataset_id: str) -> tuple[str, ...]:
    leave_out = ("id", "dataset_id", "source_id")
    columns = [column for column in items.c if column.name not in leave_out]
    statement = (
        sa.select(*columns, layers.c.sha256, layers.c.format, assignments.c.part)
        .join(layers, layers.c.item_id == items.c.id)
        .outerjoin(assignments, assignments.c.item_id == items.c.id)
        .where(items.c.dataset_id == dataset_id)
        .order_by(items.c.id)
    )
    return tuple(_text(dict(row._mapping)) for row in connection.execute(statement))


def _labels(connection: sa.Connection, dataset_id: str) -> tuple[str, ...]:
    statement = (
        sa.select(
            annotation_sets.c.name,
            annotation_sets.c.task,
            items.c.key,
            annotation_rows.c.class_id,
            annotation_rows.c.x,
            annotation_rows.c.value,
        )
        .join(annotation_rows, annotation_rows.c.set_id == annotation_sets.c.id)
        .join(items, items.c.id == annotation_rows.c.item_id)
        .where(annotation_sets.c.dataset_id == dataset_id)
    )
    return tuple(sorted(_text(list(row)) for row in connection.execute(statement)))


def _rows(
    connection: sa.Connection, table: sa.Table, leave_out: tuple[str, ...], condition: sa.ColumnElement[bool]
) -> tuple[str, ...]:
    columns = [column for column in table.c if column.name not in leave_out]
    rows = connection.execute(sa.select(*columns).where(condition))
    return tuple(sorted(_text(dict(row._mapping)) for row in rows))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda data: bytes(data).hex())
