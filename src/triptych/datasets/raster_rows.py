"""Rows of rasters that pictures need: which layer some bytes are, and the colours of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.core.labels import Task
from triptych.db.id_lists import among
from triptych.db.layer_hashes import is_layer_of
from triptych.db.tables import annotation_rows, annotation_sets, classes, contents, items, layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.recipe import Recipe
    from triptych.datasets.item_filter import Scope


class ClassColor(NamedTuple):
    """How the pixels of a class are shown: #RRGGBB and an opacity from 0 to 1."""

    class_id: int
    name: str
    color: str
    opacity: float
    ignore: bool


def layer_of_content(connection: sa.Connection, dataset_id: str, digest: bytes) -> sa.Row[Any]:
    """The layer of a dataset that has these bytes, with its content, whatever the version; the latest of several.
    NotFound `content_not_found`."""
    row = connection.execute(
        sa.select(layers.c.name, layers.c.role, layers.c.reading, layers.c.item_id, contents)
        .join(items, items.c.id == layers.c.item_id)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(is_layer_of(digest), items.c.dataset_id == dataset_id)
        .order_by(layers.c.until.desc(), layers.c.item_id, contents.c.code_version.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound("The dataset holds no such content.", code="content_not_found")
    return row


def layers_named(
    connection: sa.Connection, scope: Scope, item_ids: Sequence[int], *, name: str | None, role: str
) -> dict[int, sa.Row[Any]]:
    """The layer of each item with a name, or without one the first with a role, with its content; by item. Items
    that have none are left out."""
    wanted = layers.c.role == role if name is None else layers.c.name == name
    rows = connection.execute(
        sa.select(layers.c.name, layers.c.role, layers.c.reading, layers.c.item_id, contents)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(
            among(connection, layers.c.item_id, item_ids),
            wanted,
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
        .order_by(layers.c.item_id, layers.c.name.desc(), contents.c.code_version)
    )
    return {row.item_id: row for row in rows}


def class_colors(
    connection: sa.Connection, dataset_id: str, version: int, recipe: Recipe | None
) -> tuple[ClassColor, ...]:
    """The classes that rasters of labels hold, by id: those of the set that the recipe's label files made, else of
    the first set of a segmentation."""
    rows = connection.execute(
        sa.select(annotation_sets.c.id, annotation_sets.c.source, classes)
        .join(classes, classes.c.set_id == annotation_sets.c.id)
        .where(
            annotation_sets.c.dataset_id == dataset_id,
            annotation_sets.c.task == Task.SEGMENTATION.value,
            annotation_sets.c.since <= version,
            annotation_sets.c.until > version,
            classes.c.since <= version,
            classes.c.until > version,
        )
        .order_by(annotation_sets.c.id, classes.c.class_id)
    ).all()
    suffix = "" if recipe is None else recipe.label_suffix
    chosen = [row for row in rows if suffix and row.source == suffix] or list(rows)
    return tuple(
        ClassColor(row.class_id, row.name, row.color, row.opacity, bool(row.ignore))
        for row in chosen
        if row.set_id == chosen[0].set_id
    )


class Leading(NamedTuple):
    """The class that covers most of an item, or stands on it first."""

    name: str
    color: str


def leading_classes(connection: sa.Connection, scope: Scope, item_ids: Sequence[int]) -> dict[int, Leading]:
    """The class with the greatest value on each item, in pixels where they are counted, among those that are learnt
    from; of equal ones the one with the lowest id. Items without any are left out."""
    table = annotation_rows.c
    rows = connection.execute(
        sa.select(table.item_id, classes.c.name, classes.c.color)
        .join(
            classes,
            sa.and_(
                classes.c.set_id == table.set_id,
                classes.c.class_id == table.class_id,
                classes.c.since <= scope.version,
                classes.c.until > scope.version,
            ),
        )
        .where(
            among(connection, table.item_id, item_ids),
            table.since <= scope.version,
            table.until > scope.version,
            sa.or_(table.value.is_(None), table.value > 0),
            sa.not_(classes.c.ignore),
        )
        .order_by(table.item_id, sa.func.coalesce(table.value, 0), classes.c.class_id.desc())
    )
    return {item_id: Leading(name, color) for item_id, name, color in rows}
