"""The annotation sets and classes of a version, and how often each class stands on each item."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.labels import AREAS, Kind
from triptych.db.tables import annotation_rows, annotation_sets, classes

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sets_at(connection: sa.Connection, dataset_id: str, version: int) -> list[sa.Row[Any]]:
    """The annotation sets of a dataset that hold at a version, oldest first."""
    return list(
        connection.execute(
            sa.select(annotation_sets)
            .where(
                annotation_sets.c.dataset_id == dataset_id,
                annotation_sets.c.since <= version,
                annotation_sets.c.until > version,
            )
            .order_by(annotation_sets.c.created_at, annotation_sets.c.id)
        )
    )


def classes_at(connection: sa.Connection, set_id: int, version: int) -> list[sa.Row[Any]]:
    """The classes of a set that hold at a version, by id."""
    return list(
        connection.execute(
            sa.select(classes)
            .where(classes.c.set_id == set_id, classes.c.since <= version, classes.c.until > version)
            .order_by(classes.c.class_id)
        )
    )


def class_matrix(
    connection: sa.Connection, set_id: int, version: int, item_ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How often each class stands on each item, or how many pixels of it are covered: (items, classes), items in
    the order given, classes by id."""
    ids = [row.class_id for row in classes_at(connection, set_id, version)]
    matrix = np.zeros((len(item_ids), len(ids)), np.int64)
    rows = connection.execute(
        sa.select(annotation_rows.c.item_id, annotation_rows.c.class_id, weight_of_row()).where(
            annotation_rows.c.set_id == set_id,
            annotation_rows.c.since <= version,
            annotation_rows.c.until > version,
            annotation_rows.c.kind != Kind.NOTHING.value,
            sa.or_(annotation_rows.c.value.is_(None), annotation_rows.c.value > 0),
        )
    ).all()
    if not rows or not ids:
        return matrix
    table = np.fromiter(chain.from_iterable(rows), np.int64, 3 * len(rows)).reshape(-1, 3)
    order = np.argsort(item_ids)
    places = order[np.searchsorted(item_ids, table[:, 0], sorter=order).clip(max=len(order) - 1)]
    columns = np.searchsorted(np.array(ids), table[:, 1])
    here = item_ids[places] == table[:, 0]
    np.add.at(matrix, (places[here], columns[here]), table[here, 2])
    return matrix


def weight_of_row() -> sa.ColumnElement[int]:
    """What an annotation counts: the pixels that a polygon or mask covers, 1 for all else."""
    is_area = annotation_rows.c.kind.in_(sorted(AREAS))
    return sa.case((is_area, sa.cast(annotation_rows.c.value, sa.BigInteger)), else_=sa.literal_column("1"))
