"""The rows of a version as the content hash takes them, and as writers and the Python library read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Role
from triptych.core.labels import Box, Kind, Label, LabelClass, Shape, Task
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    classes,
    contents,
    items,
    layers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    HashedClass = tuple[int, str, str, float, float | None, bool]
    HashedItem = tuple[
        str, bytes, str, str | None, int | None, str | None, tuple[tuple[str, str, bytes], ...]
    ]
    HashedBox = tuple[float, float, float, float]
    HashedLabel = tuple[str, str, str | None, float | None, HashedBox | None, str | None]


BLOCK = 5_000
RASTER = "GTIFF"
"""The format of contents that have no perceptual hash whatever they show."""

USUAL_LAYER = "image"
"""What the only layer of a picture is called."""


def items_of(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None
) -> list[sa.Row[Any]]:
    """All items with what hashing, splitting and writing need of them, in the order of ids."""
    assigned = sa.and_(
        assignments.c.item_id == items.c.id,
        assignments.c.split_id == (split_id if split_id is not None else -1),
        assignments.c.since <= version,
        assignments.c.until > version,
    )
    rows: list[Any] = list(
        connection.execute(
            sa.select(
                items.c.id,
                items.c.key,
                items.c.study,
                items.c.series,
                items.c.position,
                items.c.bytes,
                items.c.width,
                items.c.height,
                items.c.bit_depth,
                items.c.bands,
                items.c.duplicate_group,
                items.c.near_group,
                items.c.subject,
                layers.c.sha256,
                layers.c.format,
                assignments.c.part,
            )
            .join(layers, layers.c.item_id == items.c.id)
            .outerjoin(assignments, assigned)
            .where(
                items.c.dataset_id == dataset_id,
                items.c.since <= version,
                items.c.until > version,
                layers.c.role == "image",
                layers.c.since <= version,
                layers.c.until > version,
            )
            .order_by(items.c.id)
        ).all()
    )
    return rows


def constant_items(connection: sa.Connection, dataset_id: str, version: int) -> set[int]:
    """Ids of items whose picture has one value everywhere, which gives it no perceptual hash."""
    rows = connection.execute(
        sa.select(items.c.id)
        .join(layers, layers.c.item_id == items.c.id)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            items.c.duplicate_group > 0,
            layers.c.role == Role.IMAGE.value,
            contents.c.perceptual_hash.is_(None),
            contents.c.format != RASTER,
        )
    )
    return set(rows.scalars())


def labels_of(connection: sa.Connection, set_id: int, version: int) -> Iterator[tuple[int, Label]]:
    """All annotations of a set, each with its item's id as `Label.item`, in the order of items."""
    rows = connection.execute(
        sa.select(
            annotation_rows.c.item_id,
            annotation_rows.c.kind,
            annotation_rows.c.class_id,
            annotation_rows.c.value,
            annotation_rows.c.x,
            annotation_rows.c.y,
            annotation_rows.c.width,
            annotation_rows.c.height,
            shape_text(),
        )
        .where(
            annotation_rows.c.set_id == set_id,
            annotation_rows.c.since <= version,
            annotation_rows.c.until > version,
        )
        .order_by(annotation_rows.c.item_id, annotation_rows.c.id)
        .execution_options(yield_per=BLOCK)  # row by row, fetching costs more than all else
    )
    for item_id, kind, class_id, value, x, y, width, height, geometry in rows:
        box = None if x is None else Box(x, y, width, height)
        shape = None if geometry is None else Shape.of(json.loads(geometry))
        yield item_id, Label(item_id, Kind(kind), class_id, value, box, shape)


def shape_text() -> sa.ColumnElement[str | None]:
    """The geometry of an annotation as text: most have none, and only those of a page are ever needed."""
    return sa.cast(annotation_rows.c.geometry, sa.Text)


def sets_of(
    connection: sa.Connection, dataset_id: str, version: int
) -> list[tuple[int, str, Task, list[LabelClass]]]:
    """The annotation sets of a version: id, name, task and classes."""
    rows = connection.execute(
        sa.select(annotation_sets.c.id, annotation_sets.c.name, annotation_sets.c.task)
        .where(
            annotation_sets.c.dataset_id == dataset_id,
            annotation_sets.c.since <= version,
            annotation_sets.c.until > version,
        )
        .order_by(annotation_sets.c.created_at, annotation_sets.c.id)
    ).all()
    found = []
    for set_id, name, task in rows:
        entries = connection.execute(
            sa.select(classes)
            .where(classes.c.set_id == set_id, classes.c.since <= version, classes.c.until > version)
            .order_by(classes.c.class_id)
        )
        found.append(
            (
                set_id,
                name,
                Task(task),
                [
                    LabelClass(row.class_id, row.name, row.color, row.opacity, row.weight, row.ignore)
                    for row in entries
                ],
            )
        )
    return found


def hashed_items(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None
) -> Iterator[HashedItem]:
    """Items as the content hash takes them: key, sha256, study, series, position, part, layers."""
    others = named_layers(connection, dataset_id, version)
    for row in items_of(connection, dataset_id, version, split_id):
        named = tuple((name, role, digest) for name, role, digest, _ in others.get(row.id, ()))
        yield row.key, bytes(row.sha256), row.study, row.series, row.position, row.part, named


def told_by_name() -> sa.ColumnElement[bool]:
    """The layers that are told by name: all but the only one of a picture. A chip's may well be called the same."""
    return sa.or_(layers.c.name != USUAL_LAYER, layers.c.format == RASTER.lower())


def named_layers(
    connection: sa.Connection, dataset_id: str, version: int
) -> dict[int, tuple[tuple[str, str, bytes, str], ...]]:
    """Name, role, hash and format of all layers that are told by name, by id."""
    rows = connection.execute(
        sa.select(layers.c.item_id, layers.c.name, layers.c.role, layers.c.sha256, layers.c.format)
        .join(items, items.c.id == layers.c.item_id)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            layers.c.since <= version,
            layers.c.until > version,
            told_by_name(),
        )
        .order_by(layers.c.item_id, layers.c.name)
    )
    found: dict[int, tuple[tuple[str, str, bytes, str], ...]] = {}
    for item_id, name, role, digest, kind in rows:
        found[item_id] = (*found.get(item_id, ()), (name, role, bytes(digest), kind))
    return found


def hashed_sets(
    connection: sa.Connection, dataset_id: str, version: int
) -> Iterator[tuple[str, list[HashedClass], Iterator[HashedLabel]]]:
    """Annotation sets as the content hash takes them: task, classes, labels."""
    keys = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(items.c.id, items.c.key).where(
                items.c.dataset_id == dataset_id, items.c.since <= version, items.c.until > version
            )
        ).all()
    }
    for set_id, _, task, entries in sets_of(connection, dataset_id, version):
        names = {entry.id: entry.name for entry in entries}
        hashed = [
            (entry.id, entry.name, entry.color, entry.opacity, entry.weight, entry.ignore)
            for entry in entries
        ]
        yield task.value, hashed, _hashed_labels(connection, set_id, version, keys, names)


def _hashed_labels(
    connection: sa.Connection, set_id: int, version: int, keys: dict[int, str], names: dict[int, str]
) -> Iterator[HashedLabel]:
    for item_id, label in labels_of(connection, set_id, version):
        if item_id in keys:
            name = None if label.class_id is None else names[label.class_id]
            shape = None if label.shape is None else label.shape.text()
            yield keys[item_id], label.kind.value, name, label.value, label.box, shape
