"""Items by the DICOM tags of their files: tags are kept as runs of items that have the same value."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from triptych.db.tables import items, tag_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_VALUES = 200
"""Values that a pattern may stand for."""

MOST_RANGES = 64
"""Runs that a walk reads one by one; the items between the first and the last of more are checked one by one."""


class TagWish(NamedTuple):
    """One tag that an item must have, with one of these values, folded as they are kept."""

    tag: str
    values: tuple[str, ...]


class Range(NamedTuple):
    """Ids of items from `first` to `last`, both included."""

    first: int
    last: int


def values_like(connection: sa.Connection, dataset_id: str, tag: str, pattern: str) -> tuple[str, ...]:
    """The values of a tag in a dataset that fit a pattern of LIKE (escape character "\\"), at most 200 of them."""
    own = tag_runs.c.dataset_id == dataset_id, tag_runs.c.tag == tag
    statement = (
        sa.select(tag_runs.c.value).where(*own, tag_runs.c.value.like(pattern, escape="\\")).distinct()
    )
    return tuple(connection.scalars(statement.order_by(tag_runs.c.value).limit(MOST_VALUES)))


def ranges_of(connection: sa.Connection, dataset_id: str, wish: TagWish) -> list[Range] | None:
    """Where the items with a tag lie, in few ranges; None when there are too many to read them one by one."""
    statement = (
        sa.select(tag_runs.c.first_item, tag_runs.c.last_item)
        .where(
            tag_runs.c.dataset_id == dataset_id,
            tag_runs.c.tag == wish.tag,
            tag_runs.c.value.in_(wish.values),
        )
        .order_by(tag_runs.c.first_item)
        .limit(20 * MOST_RANGES)
    )
    joined: list[Range] = []
    rows = connection.execute(statement).all()
    for first, last in rows:
        if joined and first <= joined[-1].last + 1:
            joined[-1] = Range(joined[-1].first, max(last, joined[-1].last))
        else:
            joined.append(Range(first, last))
    return joined if len(rows) < 20 * MOST_RANGES and len(joined) <= MOST_RANGES else None


def has_tag(dataset_id: str, wish: TagWish) -> sa.ColumnElement[bool]:
    """The condition that an item has a tag: one step in the index for each value."""
    return (
        sa.or_(*(_within(dataset_id, wish.tag, value) for value in wish.values))
        if wish.values
        else sa.false()
    )


def _within(dataset_id: str, tag: str, value: str) -> sa.ColumnElement[bool]:
    # Runs of one value never overlap: the last that begins before an item is the only one that can hold it.
    last = (
        sa.select(tag_runs.c.last_item)
        .where(
            tag_runs.c.dataset_id == dataset_id,
            tag_runs.c.tag == tag,
            tag_runs.c.value == value,
            tag_runs.c.first_item <= items.c.id,
        )
        .order_by(tag_runs.c.first_item.desc())
        .limit(1)
        .correlate(items)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, sa.literal_column("-1")) >= items.c.id


class TagColumn:
    """The values of one tag of a dataset, by item, as they are written."""

    def __init__(self, connection: sa.Connection, dataset_id: str, tag: str) -> None:
        rows = connection.execute(
            sa.select(tag_runs.c.first_item, tag_runs.c.last_item, tag_runs.c.shown)
            .where(tag_runs.c.dataset_id == dataset_id, tag_runs.c.tag == tag)
            .order_by(tag_runs.c.first_item)
        ).all()
        self._firsts = [row[0] for row in rows]
        self._runs = [(row[1], row[2]) for row in rows]

    def values(self, ids: Sequence[int]) -> list[str | None]:
        """The value of each item; None for one that has none. Of several values of an item the last is told."""
        found: list[str | None] = []
        for item in ids:
            place = bisect_right(self._firsts, item) - 1
            known = place >= 0 and self._runs[place][0] >= item
            found.append(self._runs[place][1] if known else None)
        return found
