"""A walk over the ids of the items that a filter lets pass, in order, at the cost of what is shown.

Each thing that can be asked for has an index that lists ids in order. The walk is driven by the index of the
rarest one, found by probing a little of each; the others are checked item by item. Without that, SQLite, which
keeps no statistics, takes whichever index also sorts and reads a million rows to find ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.labels import Kind
from triptych.datasets.item_filter import Copies, ItemFilter, Scope, assigned, holding
from triptych.datasets.item_tags import TagWish, has_tag, ranges_of
from triptych.db.item_search import indexed_match, is_indexed_search, item_search, key_contains
from triptych.db.tables import FLAGGED, NO_NOTES, NONE, annotation_rows, assignments, items

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
    """One thing asked for: the indexes that list it (one for each value that will do; none: no index does),
    and the condition that checks it on an item found otherwise. `name` is the field of the filter, `detail` tells
    several wishes of one field apart."""

    name: str
    ways: Sequence[_Way]
    check: Condition
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """Which ids are read: those behind an id, ascending, or those before it, descending."""

    id: int
    back: bool = False

    def holds(self, ids: sa.ColumnElement[int], bound: Any, floor: int = 0) -> Condition:
        """The condition that an id lies on this side of a bound, and not below the floor of its index."""
        lies: Condition = ids < bound if self.back else ids > bound
        return sa.and_(lies, ids > floor) if self.back and floor else lies

    def bound(self, way: _Way) -> int:
        """The id from which an index is read."""
        return self.id if self.back else max(self.id, way.floor)


Probes = dict[tuple[str, Any, "_Side"], tuple[int, int]]
"""What was learnt of how rare things are: how many ids there are on a side, counted up to so many."""


def walk_ids(
    connection: sa.Connection,
    scope: Scope,
    wanted: ItemFilter,
    after: int,
    block: int,
    probes: Probes | None = None,
) -> Iterator[list[int]]:
    """Ids of the items that pass, ascending, in blocks of `block`, beginning behind `after`.

    Only the last block is shorter; there may be none. Walks of the same scope may share their `probes`.
    """
    statements = _statements(connection, scope, wanted, _Side(after), block, {} if probes is None else probes)
    while True:
        found = {
            row
            for way, statement in statements
            for row in connection.scalars(statement, {"bound": _Side(after).bound(way)})
        }
        ids = sorted(found)[:block]
        if ids:
            yield ids
            after = ids[-1]
        if len(ids) < block:
            return


def id_before(connection: sa.Connection, scope: Scope, wanted: ItemFilter, before: int) -> int | None:
    """The nearest id before another one that passes; None where there is none."""
    side = _Side(before, back=True)
    found = (
        connection.scalars(statement, {"bound": side.bound(way)}).first()
        for way, statement in _statements(connection, scope, wanted, side, 1, {})
    )
    return max((item for item in found if item is not None), default=None)


def passing(connection: sa.Connection, scope: Scope, wanted: ItemFilter) -> Condition:
    """The condition that an item, found otherwise, belongs to the version and passes."""
    checks = [wish.check for wish in _wishes(connection, scope, wanted, _Side(0))]
    return hidden(connection, sa.and_(holding(scope), *checks))


# Taking a rare class for a common one, PostgreSQL would rather merge two tables from their starts. After a few
# searches it would also plan for any text, rare or common, and read every key.
_LOOK_UP = sa.text(
    "SELECT set_config('enable_mergejoin', 'off', true), set_config('enable_hashjoin', 'off', true), "
    "set_config('plan_cache_mode', 'force_custom_plan', true)"
)


def _statements(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, side: _Side, block: int, probes: Probes
) -> list[tuple[_Way, sa.Select[int]]]:
    if connection.dialect.name == "postgresql":
        connection.execute(_LOOK_UP)
    wishes = list(_wishes(connection, scope, wanted, side))
    listed = [wish for wish in wishes if wish.ways]
    driver = listed[0] if listed else None
    if len(listed) > 1:
        driver = _rarest(connection, listed, wanted, side, probes)
    ways = [_Way(items.c.id, _of_dataset(scope))] if driver is None else driver.ways
    checks = [wish.check for wish in wishes if wish is not driver]
    return [(way, _statement(connection, scope, way, checks, side).limit(block)) for way in ways]


def _statement(
    connection: sa.Connection, scope: Scope, way: _Way, checks: Sequence[Condition], side: _Side
) -> sa.Select[int]:
    bound = sa.bindparam("bound", type_=sa.BigInteger)
    statement = sa.select(way.ids).where(way.entries, side.holds(way.ids, bound, way.floor))
    statement = statement.order_by(way.ids.desc() if side.back else way.ids)
    passes = hidden(connection, sa.and_(holding(scope), *checks))
    if way.of_items:
        return statement.where(passes)
    # The bound stands on both tables: PostgreSQL else reads one of them from its start.
    statement = statement.join(items, items.c.id == way.ids).where(side.holds(items.c.id, bound), passes)
    return statement if side.back else statement.group_by(way.ids)


def _rarest(
    connection: sa.Connection, wishes: Sequence[_Wish], wanted: ItemFilter, side: _Side, probes: Probes
) -> _Wish:
    """The wish whose indexes list the fewest ids on a side; among common ones the first."""
    rarest, fewest = wishes[0], PROBED
    for wish in wishes:
        key = (f"{wish.name} {wish.detail}", getattr(wanted, wish.name), side)
        count, most = probes.get(key, (0, 0))
        if count >= most and most < fewest:
            count, most = _count_ways(connection, wish.ways, side, fewest), fewest
            probes[key] = count, most
        if count < fewest:
            rarest, fewest = wish, count
    return rarest


def _count_ways(connection: sa.Connection, ways: Sequence[_Way], side: _Side, most: int) -> int:
    count = 0
    for way in ways:
        count += _count(connection, way, side, most - count)
        if count >= most:
            break
    return count


def _count(connection: sa.Connection, way: _Way, side: _Side, most: int) -> int:
    lies = side.holds(way.ids, side.bound(way), way.floor)
    few = sa.select(way.ids).where(way.entries, lies).limit(most).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one()


def _wishes(connection: sa.Connection, scope: Scope, wanted: ItemFilter, side: _Side) -> Iterator[_Wish]:
    """What is asked for, the usually rare things first."""
    yield from _of_items(scope, "studies", [items.c.study == each for each in wanted.studies])
    if wanted.search:
        yield _searched(connection, scope, wanted.search)
    if wanted.findings:
        yield from _of_items(scope, "findings", _noted(connection, scope, wanted.findings))
    if wanted.flagged:
        yield from _of_items(scope, "flagged", [FLAGGED])
    if wanted.duplicates:
        yield _copied(connection, scope, wanted.duplicates, side)
    for wish in wanted.tags:
        yield _tagged(connection, scope, "tags", wish)
    if wanted.classes:
        yield _classified(scope, wanted.classes)
    if wanted.parts:
        yield _in_parts(scope, wanted.parts)
    for name, tag in (("modalities", "Modality"), ("body_parts", "BodyPartExamined")):
        if values := getattr(wanted, name):
            yield _tagged(connection, scope, name, TagWish(tag, values))
    yield from _of_items(scope, "bands", [items.c.bands == each for each in wanted.bands])
    yield from _of_items(scope, "bit_depths", [items.c.bit_depth == each for each in wanted.bit_depths])
    yield from _of_items(
        scope,
        "sizes",
        [sa.and_(items.c.width == width, items.c.height == height) for width, height in wanted.sizes],
    )
    yield from _of_items(scope, "series", [items.c.series == each for each in wanted.series])


def _of_dataset(scope: Scope) -> Condition:
    return items.c.dataset_id == scope.dataset_id


def _of_items(scope: Scope, name: str, values: Sequence[Condition]) -> Iterator[_Wish]:
    """Any of the values of a column of items; nothing for none."""
    if values:
        ways = [_Way(items.c.id, sa.and_(_of_dataset(scope), value)) for value in values]
        yield _Wish(name, ways, sa.or_(*values))


def _noted(connection: sa.Connection, scope: Scope, codes: Sequence[str]) -> list[Condition]:
    texts = [text for text in noted_texts(connection, scope) if not set(codes).isdisjoint(text.split())]
    return [sa.and_(items.c.notes != NO_NOTES, items.c.notes == text) for text in texts] or [sa.false()]


def noted_texts(connection: sa.Connection, scope: Scope) -> list[str]:
    """The texts of codes that items of the dataset have; one step in their index for each."""
    text = sa.bindparam("text", "", sa.Text)
    following = (
        sa.select(items.c.notes)
        .where(_of_dataset(scope), items.c.notes != NO_NOTES, items.c.notes > text)
        .order_by(items.c.notes)
        .limit(1)
    )
    found: list[str] = []
    while (known := connection.scalar(following, {"text": found[-1] if found else ""})) is not None:
        found.append(known)
    return found


def _copied(connection: sa.Connection, scope: Scope, kinds: Sequence[Copies], side: _Side) -> _Wish:
    columns = {Copies.EXACT: items.c.duplicate_group, Copies.NEAR: items.c.near_group}
    grouped = [columns[kind] for kind in columns if kind in kinds]
    checks = [column > 0 for column in grouped]
    if Copies.NONE in kinds:
        return _Wish(
            "duplicates", (), sa.or_(*checks, sa.and_(*(column == 0 for column in columns.values())))
        )
    copies = items.alias("copies")
    groups = [
        sa.select(copies.c.id).where(copies.c.dataset_id == scope.dataset_id, copies.c[column.name] > NONE)
        for column in grouped
    ]
    # Their indexes are in the order of groups: few are sorted, and many are met soon without them.
    way = _Way(items.c.id, items.c.id.in_(sa.union_all(*groups)))
    return _Wish(
        "duplicates", (way,) if _count(connection, way, side, SORTED) < SORTED else (), sa.or_(*checks)
    )


def _searched(connection: sa.Connection, scope: Scope, text: str) -> _Wish:
    plain = key_contains(connection, text)
    if not is_indexed_search(connection, text, indexed=scope.indexed):
        return _Wish("search", (), plain)
    match = indexed_match(connection, text)
    # The index holds the keys of all datasets; the ids of one lie together.
    edges = (
        sa.select(edge(items.c.id)).where(_of_dataset(scope)).scalar_subquery()
        for edge in (sa.func.min, sa.func.max)
    )
    first, last = connection.execute(sa.select(*edges)).one()
    rowid = item_search.c.rowid
    way = _Way(rowid, sa.and_(match, rowid <= (last or 0)), floor=(first or 1) - 1)
    if text.isascii():
        return _Wish("search", (way,), plain)
    # The index knows upper and lower case of all letters, LIKE of ASCII alone.
    return _Wish("search", (way,), items.c.id.in_(sa.select(rowid).where(match)))


def _tagged(connection: sa.Connection, scope: Scope, name: str, wish: TagWish) -> _Wish:
    check = has_tag(scope.dataset_id, wish)
    ranges = ranges_of(connection, scope.dataset_id, wish)
    if ranges is None:
        return _Wish(name, (), check, wish.tag)
    ways = [
        _Way(items.c.id, sa.and_(_of_dataset(scope), items.c.id.between(first, last)), floor=first - 1)
        for first, last in ranges
    ]
    nowhere = _Way(items.c.id, sa.and_(_of_dataset(scope), sa.false()))
    return _Wish(name, ways or (nowhere,), check, wish.tag)


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
        "classes",
        [_Way(table.item_id, each) for each in on_class],
        sa.or_(*(sa.exists().where(table.item_id == items.c.id, each) for each in on_class)),
    )


def _in_parts(scope: Scope, parts: Sequence[str]) -> _Wish:
    table = assignments.c
    entries = [
        sa.and_(
            table.split_id == (scope.split_id if scope.split_id is not None else -1),
            table.part == part,
            table.since <= scope.version,
            table.until > scope.version,
        )
        for part in parts
    ]
    check = sa.exists().where(assigned(scope), table.part.in_(parts))
    return _Wish("parts", [_Way(table.item_id, each) for each in entries], check)


def hidden(connection: sa.Connection, condition: Condition) -> Condition:
    """The condition, hidden from SQLite's planner: it would take another index for it, and where it sees many
    conditions it expects so few rows that sorting them all seems to cost no more than reading them in order."""
    if connection.dialect.name != "sqlite":
        return condition
    return sa.case((condition, sa.true()), else_=sa.false())
