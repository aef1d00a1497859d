"""Rows that hold for [since, until): how they end, and which of them two versions do not share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOCK = 5_000
"""Ids in one statement."""


def blocks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in pieces that one statement takes."""
    for first in range(0, len(ids), BLOCK):
        yield ids[first : first + BLOCK]


def holds_at(table: sa.Table, version: int) -> sa.ColumnElement[bool]:
    """The condition that a row holds at a version."""
    return sa.and_(table.c.since <= version, table.c.until > version)


def end_rows(
    connection: sa.Connection, table: sa.Table, number: int, *conditions: sa.ColumnElement[bool]
) -> int:
    """End the rows that hold now, so that `number` is the first version without them; how many there were."""
    ended = connection.execute(
        sa.update(table)
        .where(table.c.until == OPEN_END, table.c.since < number, *conditions)
        .values(until=number)
    )
    return int(ended.rowcount)


def copy_of(
    table: sa.Table, number: int, **changed: sa.ColumnElement[Any]
) -> tuple[list[str], list[sa.ColumnElement[Any]]]:
    """Names and values to insert copies of rows that hold from `number` on; `changed` are columns with another
    value. A number that the database gives out is left to it."""
    values: dict[str, sa.ColumnElement[Any]] = {"since": sa.literal(number), "until": sa.literal(OPEN_END)}
    values |= changed
    columns = [column for column in table.c if column.name in values or not _given_out(column)]
    return [column.name for column in columns], [values.get(column.name, column) for column in columns]


def _given_out(column: sa.Column[Any]) -> bool:
    return column.name == "id" and column.autoincrement is True
