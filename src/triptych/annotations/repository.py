"""Rows of annotation sets, classes and annotations. The place for their SQL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.db.session import insert_rows
from triptych.db.tables import annotation_rows, annotation_sets, classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from triptych.core.labels import DraftSet, Label, LabelClass

EDGE_TOLERANCE = 1.0
"""Pixels by which a box may stand over the picture's edge before it is a finding: rounding is not a mistake."""


def insert_set(
    connection: sa.Connection, dataset_id: str, version: int, draft: DraftSet, *, name: str, origin: str
) -> int:
    """A new annotation set with its classes, holding from a version on; its id."""
    set_id = connection.execute(
        sa.insert(annotation_sets)
        .values(
            dataset_id=dataset_id,
            since=version,
            until=OPEN_END,
            name=name,
            task=draft.task.value,
            origin=origin,
            source=draft.source,
            layer=draft.layer,
            created_at=time.time(),
        )
        .returning(annotation_sets.c.id)
    ).scalar_one()
    insert_classes(connection, int(set_id), version, draft.classes)
    return int(set_id)


def insert_classes(
    connection: sa.Connection, set_id: int, version: int, entries: Iterable[LabelClass]
) -> None:
    """Classes of a set, holding from a version on."""
    insert_rows(
        connection,
        classes,
        [
            {
                "set_id": set_id,
                "class_id": entry.id,
                "since": version,
                "until": OPEN_END,
                "name": entry.name,
                "color": entry.color,
                "opacity": entry.opacity,
                "weight": entry.weight,
                "ignore": entry.ignore,
            }
            for entry in entries
        ],
    )


def insert_labels(
    connection: sa.Connection, set_id: int, version: int, labels: Iterable[tuple[int, Label]]
) -> None:
    """Annotations of a set, each with the id of its item, holding from a version on."""
    insert_rows(
        connection,
        annotation_rows,
        [
            {
                "set_id": set_id,
                "item_id": item_id,
                "since": version,
                "until": OPEN_END,
                "kind": label.kind.value,
                "class_id": label.class_id,
                "value": label.value,
                "x": None if label.box is None else label.box.x,
                "y": None if label.box is None else label.box.y,
                "width": None if label.box is None else label.box.width,
                "height": None if label.box is None else label.box.height,
                "geometry": None if label.shape is None else label.shape.text(),
            }
            for item_id, label in labels
        ],
    )


def fitting(
    labels: Iterable[tuple[int, Label]], sizes: Mapping[int, tuple[int, int]]
) -> tuple[list[tuple[int, Label]], list[int]]:
    """The labels whose masks have the size of their picture, and the items of the others; `sizes` is
    (width, height) by item."""
    kept: list[tuple[int, Label]] = []
    others: list[int] = []
    for item_id, label in labels:
        size = None if label.shape is None else label.shape.size
        if size is None or size[::-1] == sizes.get(item_id, size[::-1]):
            kept.append((item_id, label))
        else:
            others.append(item_id)
    return kept, others


def boxes_outside(
    labels: Iterable[tuple[int, Label]], sizes: Mapping[int, tuple[int, int]]
) -> list[tuple[int, Label]]:
    """Boxes that stand over the edge of their picture by more than a pixel; `sizes` is (width, height) by item."""
    outside = []
    for item_id, label in labels:
        if label.box is None or item_id not in sizes:
            continue
        width, height = sizes[item_id]
        box = label.box
        if (
            min(box.x, box.y) < -EDGE_TOLERANCE
            or box.x + box.width > width + EDGE_TOLERANCE
            or box.y + box.height > height + EDGE_TOLERANCE
        ):
            outside.append((item_id, label))
    return outside
