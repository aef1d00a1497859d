"""Annotation sets on their way in: rows that no version holds yet, written in batches, and brought in at once.

They begin at the end of all versions, so nothing sees them; publishing moves their beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.datasets.row_ranges import holds_at
from triptych.db.tables import annotation_rows, annotation_sets, classes, items

if TYPE_CHECKING:
    from collections.abc import Sequence

PENDING = OPEN_END
"""`since` of what is not published."""


def bring_in(connection: sa.Connection, set_id: int, name: str, number: int) -> int:
    """Let a pending set hold from version `number` on, under a name; how many of its labels stand on items that
    the version does not have. Those are left out."""
    connection.execute(
        sa.update(annotation_sets)
        .where(annotation_sets.c.id == set_id, annotation_sets.c.since == PENDING)
        .values(since=number, name=name)
    )
    for table in (classes, annotation_rows):
        connection.execute(
            sa.update(table).where(table.c.set_id == set_id, table.c.since == PENDING).values(since=number)
        )
    there = sa.exists().where(items.c.id == annotation_rows.c.item_id, holds_at(items, number))
    lost = sa.delete(annotation_rows).where(annotation_rows.c.set_id == set_id, sa.not_(there))
    return int(connection.execute(lost).rowcount)


def drop_pending(connection: sa.Connection, set_ids: Sequence[int]) -> None:
    """Delete pending sets with all that is in them; what is published stays."""
    pending = annotation_sets.c.id.in_(set_ids), annotation_sets.c.since == PENDING
    own = sa.select(annotation_sets.c.id).where(*pending)
    for table in (annotation_rows, classes):
        connection.execute(sa.delete(table).where(table.c.set_id.in_(own)))
    connection.execute(sa.delete(annotation_sets).where(*pending))
