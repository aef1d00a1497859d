"""Ids of items: integers in the natural order of keys, given out far enough apart that an item which comes
back, after a version without it, has room beside its old row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.db.session import insert_rows
from triptych.db.tables import home_facts, items

if TYPE_CHECKING:
    from collections.abc import Sequence

APART = 64
"""An item may come back 63 times in its place; after that it stands behind the others."""

NEXT = "next_item"


def reserve_items(connection: sa.Connection, count: int) -> int:
    """The id of the first of `count` items; the others follow, each `APART` behind the one before.

    They are given out before the items are read, so that they follow the order of keys however the batches finish.
    """
    own = home_facts.c.name == NEXT
    next_item = sa.select(home_facts.c.value).where(own).with_for_update()
    known = connection.execute(next_item).scalar()
    if known is None:
        highest = connection.execute(sa.select(sa.func.max(items.c.id))).scalar() or 0
        fact = {"name": NEXT, "value": str(highest + 1)}
        insert_rows(connection, home_facts, [fact], keep_existing=True)
        known = connection.execute(next_item).scalar_one()
    first = -(-int(known) // APART) * APART
    connection.execute(sa.update(home_facts).where(own).values(value=str(first + count * APART)))
    return first


def place_of(item_id: int) -> tuple[int, int]:
    """The first and the last id of the place that an item and its later rows share."""
    first = item_id // APART * APART
    return first, first + APART - 1


def ids_beside(connection: sa.Connection, old: Sequence[int]) -> dict[int, int]:
    """A free id for each of the items, in the same order as the old ones as long as there is room."""
    if not old:
        return {}
    place = items.c.id - items.c.id % APART
    low, high = place_of(min(old))[0], place_of(max(old))[1]
    taken = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(place, sa.func.max(items.c.id))
            .where(items.c.id >= low, items.c.id <= high)
            .group_by(place)
        )
    }
    found: dict[int, int] = {}
    crowded: list[int] = []
    for item_id in sorted(old):
        first, last = place_of(item_id)
        if taken[first] < last:
            taken[first] += 1
            found[item_id] = taken[first]
        else:
            crowded.append(item_id)
    start = reserve_items(connection, len(crowded)) if crowded else 0
    return found | {item_id: start + APART * number for number, item_id in enumerate(crowded)}
