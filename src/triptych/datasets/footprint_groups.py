"""Which chips of a dataset show the same ground, kept as group numbers on their footprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.core.ground import overlap_labels, shapes_of
from triptych.core.groups import numbered, summarize_groups
from triptych.datasets.item_ids import APART
from triptych.datasets.places import outline_text
from triptych.db.tables import footprints, items

if TYPE_CHECKING:
    from numpy.typing import NDArray


def group_footprints(connection: sa.Connection, dataset_id: str) -> tuple[Finding, ...]:
    """Number the chips of a dataset that overlap, in `footprints.ground_group` (0: alone); what was found.

    All chips that the dataset ever had are compared, so that every version has the groups. 100,000 outlines of
    five points take about 2 s; nothing is done where no chip has a place.
    """
    rows = connection.execute(
        sa.select(footprints.c.place, footprints.c.ground_group, outline_text())
        .where(footprints.c.dataset_id == dataset_id)
        .order_by(footprints.c.place)
    ).all()
    outlines = [row[2] for row in rows]
    if not any(outlines):
        return ()
    column = numbered(overlap_labels(shapes_of(outlines)))
    changed = [
        {"at": row[0], "number": number}
        for row, number in zip(rows, column.tolist(), strict=True)
        if row[1] != number
    ]
    if changed:
        connection.execute(
            sa.update(footprints)
            .where(footprints.c.place == sa.bindparam("at"))
            .values(ground_group=sa.bindparam("number")),
            changed,
        )
    places = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    return _describe(connection, places, column)


def _describe(
    connection: sa.Connection, places: NDArray[np.int64], column: NDArray[np.int64]
) -> tuple[Finding, ...]:
    summary = summarize_groups(column)
    if not summary.groups:
        return ()
    inside = np.flatnonzero(column)
    _, first, inverse = np.unique(column[inside], return_index=True, return_inverse=True)
    head = inside[first][inverse]
    others = np.flatnonzero(head != inside)[:EXAMPLES_KEPT]
    names = _keys(connection, np.concatenate([places[inside[others]], places[head[others]]]))
    examples = [
        f"{names.get(int(places[inside[other]]), '')} over {names.get(int(places[head[other]]), '')}"
        for other in others.tolist()
    ]
    several = f"{summary.groups:,} groups, the largest with" if summary.groups > 1 else "one group of"
    return (
        Finding(
            Severity.NOTE,
            "ground_overlaps",
            f"Chips show the same ground as another one, wholly or partly: {several} {summary.largest:,} chips. "
            "A split keeps a group together.",
            "Chips of one place at several times can be split with `triptych split NAME --by time`, and chips that "
            "overlap at their edges with `--by block`.",
            count=summary.items,
            examples=tuple(examples),
        ),
    )


def _keys(connection: sa.Connection, places: NDArray[np.int64]) -> dict[int, str]:
    """Keys of items by their places."""
    found: dict[int, str] = {}
    for place in np.unique(places).tolist():
        key = connection.execute(
            sa.select(items.c.key).where(items.c.id >= place, items.c.id < place + APART).limit(1)
        ).scalar()
        if key is not None:
            found[place] = key
    return found
