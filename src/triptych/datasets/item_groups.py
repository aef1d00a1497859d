"""Stretches of a list that belong together, so that a grid can put a header above each before it is loaded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from triptych.datasets.item_walk import walk_ids
from triptych.db.id_lists import among
from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.datasets.item_filter import ItemFilter, Scope

MOST_GROUPS = 10_000
"""Groups that are told; a list of more is of no use as headers."""

SECONDS = 3.0
"""Time that counting may take."""

BLOCK = 20_000


class Group(NamedTuple):
    """Items of a study, or of one series of it, that follow each other in the list."""

    study: str
    series: str | None
    items: int


def item_groups(
    connection: sa.Connection,
    scope: Scope,
    wanted: ItemFilter,
    *,
    by_series: bool,
    most: int = MOST_GROUPS,
    seconds: float = SECONDS,
) -> tuple[list[Group], bool]:
    """Groups of the items that pass, in the order of the list, and whether these are all.

    The counts of all groups, one after the other, lead to the places in the list, also where items of a study do
    not follow each other: such a study has several groups. `series` is None unless groups are `by_series`.
    """
    groups: list[Group] = []
    until = time.monotonic() + seconds
    for study, series in _names(connection, scope, wanted):
        shown = series if by_series else None
        last = groups[-1] if groups else None
        if last is not None and (last.study, last.series) == (study, shown):
            groups[-1] = Group(study, shown, last.items + 1)
            continue
        if len(groups) == most or time.monotonic() > until:
            return groups, False
        groups.append(Group(study, shown, 1))
    return groups, True


def _names(connection: sa.Connection, scope: Scope, wanted: ItemFilter) -> Iterator[tuple[str, str | None]]:
    for block in walk_ids(connection, scope, wanted, 0, BLOCK):
        rows = connection.execute(
            sa.select(items.c.study, items.c.series)
            .where(among(connection, items.c.id, block))
            .order_by(items.c.id)
        )
        yield from ((row.study, row.series) for row in rows)
