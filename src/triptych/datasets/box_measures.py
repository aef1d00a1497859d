"""How large the boxes of a version are, and how many stand on an item, counted when it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.labels import Kind, Task
from triptych.core.statistics import median_of_counted
from triptych.db.tables import annotation_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_AREA = sa.or_(annotation_rows.c.width <= 0, annotation_rows.c.height <= 0)


def box_measures(
    connection: sa.Connection, version: int, sets: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Of each set of boxes, by its name: their `count`, how many `without_area`, and min, median and max of
    their `width` and `height` in pixels and of the boxes `per_item`, over the items that the set covers.

    `sets` are those of the version's counts. What nothing was counted of is None.
    """
    return {
        entry["name"]: _measures(connection, version, entry["id"])
        for entry in sets
        if entry["task"] == Task.DETECTION
    }


def _measures(connection: sa.Connection, version: int, set_id: int) -> dict[str, Any]:
    own = sa.and_(
        annotation_rows.c.set_id == set_id,
        annotation_rows.c.since <= version,
        annotation_rows.c.until > version,
    )
    is_box = annotation_rows.c.kind == Kind.BOX.value
    count, without = connection.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((NO_AREA, 1)))).where(own, is_box)
    ).one()
    on_items = (
        sa.select(sa.func.count(sa.case((is_box, 1))).label("boxes"))
        .where(own)
        .group_by(annotation_rows.c.item_id)
        .subquery()
    )
    return {
        "count": count,
        "without_area": without,
        **{
            side.name: _range(
                connection, sa.select(side, sa.func.count()).where(own, is_box).group_by(side).order_by(side)
            )
            for side in (annotation_rows.c.width, annotation_rows.c.height)
        },
        "per_item": _range(
            connection,
            sa.select(on_items.c.boxes, sa.func.count())
            .group_by(on_items.c.boxes)
            .order_by(on_items.c.boxes),
        ),
    }


def _range(connection: sa.Connection, counted: sa.Select[Any]) -> dict[str, float] | None:
    """Of values in order, each with how often it occurs."""
    rows = connection.execute(counted).all()
    if not rows:
        return None
    values, times = [row[0] for row in rows], [row[1] for row in rows]
    return {"min": values[0], "median": median_of_counted(values, times), "max": values[-1]}
