"""A walk over the ids of the items that a filter lets pass, in order, at the cost of what is shown.

Each thing that can be asked for has an index that lists ids in order. The walk is driven by the index of the
rarest one, found by probing a little of each; the others are checked item by item. Without that, SQLite, which
keeps no statistics, takes whichever index also sorts and reads a million rows to find ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql.operators import custom_op

from triptych.core.labels import Kind
from triptych.datasets.item_filter import ItemFilter, Scope, assigned, holding
from triptych.db.item_search import indexed_match, is_indexed_search, item_search, key_contains
from triptych.db.tables import FLAGGED, NONE, annotation_rows, assignments, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Condition = sa.ColumnElement[bool]

PROBED = 20_000
"""Entries of an index that are counted to learn how rare a thing is: two milliseconds at most."""

SORTED = 2_000
"""Ids up to which a list in another order is sorted for a page."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One index: the column of ids that it lists in order, which entries of it are meant, and an id that all
    of them lie behind."""

    ids: sa.ColumnElement[int]
    entries: Condition
    floor: int = 0

    @property
    def of_items(self) -> bool:
        """Whether the index is one of the table of items itself."""
        return self.ids is items.c.id


@dataclass(frozen=True, slots=True)
class _Wish:
    """One thing asked for: the indexes that list it (more than one for a class in several sets; none: no
    index does), and the condition that checks it on an item found otherwise."""

    ways: Sequence[_Way]
    check: Condition


def walk_ids(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, block: int
) -> Iterator[list[int]]:
    """Ids of the items that pass, ascending, in blocks of `block`, beginning behind `after`.

    Only the last block is shorter; there may be none.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOOK_UP)
    statements = _statements(connection, scope, wanted, after, block)
    while True:
        found = {
            row
            for floor, statement in statements
            for row in connection.scalars(statement, {"after": max(after, floor)})
        }
        ids = sorted(found)[:block]
        if ids:
            yield ids
            after = ids[-1]
        if len(ids) < block:
            return


# Taking a rare class for a common one, PostgreSQL would rather merge two tables from their starts.
_LOOK_UP = sa.text(
    "SELECT set_config('enable_mergejoin', 'off', true), set_config('enable_hashjoin', 'off', true)"
)


def _statements(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, block: int
) -> list[tuple[int, sa.Select[int]]]:
    wishes = list(_wishes(connection, scope, wanted, after))
    driver = _rarest(connection, [wish for wish in wishes if wish.ways], after)
    ways = [_Way(items.c.id, _of_dataset(scope))] if driver is None else driver.ways
    checks = [wish.check for wish in wishes if wish is not driver]
    return [(way.floor, _statement(connection, scope, way, checks).limit(block)) for way in ways]


def _statement(
    connection: sa.Connection, scope: Scope, way: _Way, checks: Sequence[Condition]
) -> sa.Select[int]:
    after = sa.bindparam("after", type_=sa.BigInteger)
    statement = sa.select(way.ids).where(way.entries, way.ids > after).order_by(way.ids)
    if way.of_items:
        return statement.where(
            _bare(connection, holding(scope)), *(_bare(connection, each) for each in checks)
        )
    # The bound stands on both tables: PostgreSQL else reads one of them from its start.
    return (
        statement.join(items, items.c.id == way.ids)
        .where(items.c.id > after, *(_bare(connection, each) for each in (holding(scope), *checks)))
        .group_by(way.ids)
    )


def _rarest(connection: sa.Connection, wishes: Sequence[_Wish], after: int) -> _Wish | None:
    """The wish whose indexes list the fewest ids behind `after`; among common ones the first."""
    if len(wishes) < 2:
        return wishes[0] if wishes else None
    return min(wishes, key=lambda wish: sum(_count(connection, way, after, PROBED) for way in wish.ways))


def _count(connection: sa.Connection, way: _Way, after: int, most: int) -> int:
    few = sa.select(way.ids).where(way.entries, way.ids > max(after, way.floor)).limit(most).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one()


def _wishes(connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int) -> Iterator[_Wish]:
    """What is asked for, the usually rare things first."""
    if wanted.study is not None:
        yield _of_items(scope, items.c.study == wanted.study)
    if wanted.search:
        yield _searched(connection, scope, wanted.search)
    if wanted.flagged:
        yield _of_items(scope, FLAGGED)
    if wanted.duplicates:
        yield _copied(connection, scope, after)
    if wanted.classes:
        yield _classified(scope, wanted.classes)
    if wanted.part is not None:
        yield _in_part(scope, wanted.part)
    if wanted.bands is not None:
        yield _of_items(scope, items.c.bands == wanted.bands)
    if wanted.bit_depth is not None:
        yield _of_items(scope, items.c.bit_depth == wanted.bit_depth)
    if wanted.size is not None:
        yield _of_items(scope, sa.and_(items.c.width == wanted.size[0], items.c.height == wanted.size[1]))
    if wanted.series is not None:
        yield _of_items(scope, items.c.series == wanted.series)


def _of_dataset(scope: Scope) -> Condition:
    return items.c.dataset_id == scope.dataset_id


def _of_items(scope: Scope, condition: Condition) -> _Wish:
    return _Wish((_Way(items.c.id, sa.and_(_of_dataset(scope), condition)),), condition)


def _copied(connection: sa.Connection, scope: Scope, after: int) -> _Wish:
    check = sa.or_(items.c.duplicate_group > 0, items.c.near_group > 0)
    copies = items.alias("copies")
    groups = [
        sa.select(copies.c.id).where(copies.c.dataset_id == scope.dataset_id, group > NONE)
        for group in (copies.c.duplicate_group, copies.c.near_group)
    ]
    # Their indexes are in the order of groups: few are sorted, and many are met soon without them.
    way = _Way(items.c.id, items.c.id.in_(sa.union_all(*groups)))
    return _Wish((way,) if _count(connection, way, after, SORTED) < SORTED else (), check)


def _searched(connection: sa.Connection, scope: Scope, text: str) -> _Wish:
    plain = key_contains(connection, text)
    if not is_indexed_search(connection, text, indexed=scope.indexed):
        return _Wish((), plain)
    match = indexed_match(text)
    # The index holds the keys of all datasets; the ids of one lie together.
    edges = (
        sa.select(edge(items.c.id)).where(_of_dataset(scope)).scalar_subquery()
        for edge in (sa.func.min, sa.func.max)
    )
    first, last = connection.execute(sa.select(*edges)).one()
    rowid = item_search.c.rowid
    way = _Way(rowid, sa.and_(match, rowid <= (last or 0)), floor=(first or 1) - 1)
    if text.isascii():
        return _Wish((way,), plain)
    # The index knows upper and lower case of all letters, LIKE of ASCII alone.
    return _Wish((way,), items.c.id.in_(sa.select(rowid).where(match)))


def _classified(scope: Scope, pairs: Sequence[tuple[int, int]]) -> _Wish:
    table = annotation_rows.c
    stands = sa.and_(
        table.since <= scope.version,
        table.until > scope.version,
        table.kind != Kind.NOTHING.value,
        sa.or_(table.value.is_(None), table.value > 0),
    )
    on_class = [sa.and_(table.set_id == pair[0], table.class_id == pair[1], stands) for pair in pairs]
    return _Wish(
        [_Way(table.item_id, each) for each in on_class],
        sa.or_(*(sa.exists().where(table.item_id == items.c.id, each) for each in on_class)),
    )


def _in_part(scope: Scope, part: str) -> _Wish:
    table = assignments.c
    entries = sa.and_(
        table.split_id == (scope.split_id if scope.split_id is not None else -1),
        table.part == part,
        table.since <= scope.version,
        table.until > scope.version,
    )
    check = sa.exists().where(assigned(scope), table.part == part)
    return _Wish((_Way(table.item_id, entries),), check)


def _bare(connection: sa.Connection, condition: Condition) -> Condition:
    """The condition, its columns of items hidden from SQLite's choice of an index by a sign that does nothing."""
    if connection.dialect.name != "sqlite":
        return condition

    def hide(element: Any, **_: Any) -> Any:
        if isinstance(element, sa.Column) and element.table is items and element is not items.c.id:
            return sa.sql.elements.UnaryExpression(element, operator=custom_op("+"), type_=element.type)
        return None

    return sa.sql.visitors.replacement_traverse(condition, {}, hide)
