"""Items put into a part by hand. Runs in the caller's transaction, on a dataset that `lock_newest` has locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.datasets.changes import Change, renew_leaks
from triptych.datasets.publication import current_split, publish_version
from triptych.datasets.row_ranges import blocks, end_rows
from triptych.db.id_lists import among
from triptych.db.session import insert_rows
from triptych.db.tables import assignments
from triptych.splits.service import assign_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.dataset import Part

BY_HAND = "Items were put into parts by hand."


def move_items(
    connection: sa.Connection, newest: sa.Row[Any], ids: Sequence[int], part: Part, *, author_id: str | None
) -> Change:
    """Publish a version in which these items of the newest one are in a part, in the split that it has.

    A version without a split gets the default one first. What the split then divides is a finding and no reason
    to refuse. Nothing is published when every item is in the part already.
    """
    number = newest.version + 1
    held = current_split(connection, newest.id, newest.version)
    if held is None and ids:
        assign_parts(connection, newest.id, number)
    split_id = current_split(connection, newest.id, number)
    moved = sum(_move(connection, split_id, block, part, number) for block in blocks(ids)) if split_id else 0
    if held == split_id and not moved:
        return Change(newest.version, 0)
    noticed = renew_leaks(connection, newest.id, number, BY_HAND)
    message = f"Moved {moved:,} item{'' if moved == 1 else 's'} to {part.value}"
    publish_version(connection, newest.id, number, author_id=author_id, message=message)
    return Change(number, moved, noticed)


def _move(connection: sa.Connection, split_id: int, ids: Sequence[int], part: Part, number: int) -> int:
    """Put a block of items into a part; how many were not in it."""
    there = assignments.c.split_id == split_id
    open_rows = sa.select(assignments.c.item_id, assignments.c.part).where(
        there, assignments.c.until == OPEN_END, among(connection, assignments.c.item_id, ids)
    )
    held = {row.item_id: row.part for row in connection.execute(open_rows)}
    moved = [item for item in ids if held.get(item) != part.value]
    of_moved = (there, among(connection, assignments.c.item_id, moved))
    end_rows(connection, assignments, number, *of_moved)
    # Of what is left open, this version itself has just dealt it: no other one holds it.
    connection.execute(sa.delete(assignments).where(*of_moved, assignments.c.since == number))
    insert_rows(
        connection,
        assignments,
        [
            {"split_id": split_id, "item_id": item, "since": number, "until": OPEN_END, "part": part.value}
            for item in moved
        ],
    )
    return len(moved)
