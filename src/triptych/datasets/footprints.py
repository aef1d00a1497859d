"""Where the items of a version lie: those that meet a rectangle, or how many lie where, by the squares of the map.

Rectangles are (west, south, east, north) in degrees (WGS 84), with west > east across the antimeridian.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.zones import LEVELS, zone_of, zones_over
from triptych.datasets.item_filter import ItemFilter, assigned, holding
from triptych.datasets.item_ids import APART, place_of
from triptych.datasets.item_walk import passing
from triptych.db.id_lists import among
from triptych.db.tables import assignments, footprints, items, layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.datasets.item_filter import Scope

Condition = sa.ColumnElement[bool]

SAME_DEGREES = 1e-6
"""Footprints whose edges differ by less, a tenth of a metre, are the same."""

MOST_SAME_GROUND = 500
READ_SAME_GROUND = 10_000

CLUSTERS_ACROSS = 3
"""Squares of a map of clusters are an eighth of the shown rectangle wide, or up to twice that: 2**-3."""

MOST_ON_EDGES = 20_000
"""Items on the edges of squares that are told by the square of their middle; the rest is told together."""

KEPT = 256


class Box(NamedTuple):
    """A rectangle in degrees; west > east where it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class Chip(NamedTuple):
    """An item with its place."""

    item_id: int
    key: str
    part: str | None
    sha256: bytes
    box: Box
    outline: dict[str, Any] | None
    time: float | None
    scene: str | None


class Cluster(NamedTuple):
    """Items that lie in one square of the map, with the rectangle around them."""

    items: int
    box: Box


class Extent(NamedTuple):
    """Where a version lies: the rectangle around all items with a place, None without any; how many have one and how
    many do not; and the times of the first and the last that have one, in seconds since 1970, UTC."""

    box: Box | None
    placed: int
    unplaced: int
    first: float | None
    last: float | None


def meets(box: Box) -> Condition:
    """The condition that a footprint's box meets a rectangle, edges included."""
    table = footprints.c
    lies = sa.and_(table.south <= box.north, table.north >= box.south)
    crosses = table.west > table.east
    if box.west > box.east:
        return sa.and_(lies, sa.or_(crosses, table.east >= box.west, table.west <= box.east))
    within = sa.and_(table.west <= box.east, table.east >= box.west)
    beyond = sa.and_(crosses, sa.or_(table.west <= box.east, table.east >= box.west))
    return sa.and_(lies, sa.or_(sa.and_(sa.not_(crosses), within), beyond))


def _near(scope: Scope, box: Box) -> list[Condition]:
    """Conditions, each for one step in the index, that together find all that may meet a rectangle."""
    table = footprints.c
    ranges, around, level = zones_over(*box)
    own = table.dataset_id == scope.dataset_id
    found = [sa.and_(own, table.zone.between(first, last)) for first, last in ranges]
    found += [sa.and_(own, table.zone == number, table.zone_level < level) for number in around]
    return found


def _held(connection: sa.Connection, scope: Scope, wanted: ItemFilter) -> Condition:
    """The condition that the version has an item at a footprint's place, and that it passes the filter."""
    place = footprints.c.place
    return (
        sa.exists()
        .where(items.c.id >= place, items.c.id < place + APART, passing(connection, scope, wanted))
        .correlate(footprints)
    )


def places_in(connection: sa.Connection, scope: Scope, box: Box, wanted: ItemFilter, limit: int) -> list[int]:
    """Places of the items that meet a rectangle and pass, at most `limit`, in rising order."""
    whole = wanted.empty and _is_whole(connection, scope)
    checks = [meets(box)] if whole else [meets(box), _held(connection, scope, wanted)]
    found: set[int] = set()
    for near in _near(scope, box):
        statement = sa.select(footprints.c.place).where(near, *checks).limit(limit)
        found.update(connection.scalars(statement))
        if len(found) >= limit:
            break
    return sorted(found)[:limit]


def chips_at(connection: sa.Connection, scope: Scope, places: Sequence[int]) -> list[Chip]:
    """The items of the version at some places, in the order of their ids."""
    if not places:
        return []
    at = sa.and_(items.c.id >= footprints.c.place, items.c.id < footprints.c.place + APART)
    rows = connection.execute(
        sa.select(
            items.c.id, items.c.key, assignments.c.part, layers.c.sha256,
            footprints.c.west, footprints.c.south, footprints.c.east, footprints.c.north,
            footprints.c.outline, footprints.c.time, footprints.c.scene,
        )
        .select_from(footprints)
        .join(items, at)
        .join(layers, layers.c.item_id == items.c.id)
        .outerjoin(assignments, assigned(scope))
        .where(
            among(connection, footprints.c.place, places),
            holding(scope),
            layers.c.role == "image",
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
        .order_by(items.c.id)
    )  # fmt: skip
    return [
        Chip(
            row.id,
            row.key,
            row.part,
            bytes(row.sha256),
            Box(row.west, row.south, row.east, row.north),
            row.outline,
            row.time,
            row.scene,
        )
        for row in rows
    ]


def clusters_in(connection: sa.Connection, scope: Scope, box: Box, wanted: ItemFilter) -> list[Cluster]:
    """How many items that pass lie where in a rectangle, by squares of the map about an eighth as wide as it.

    An item is counted in the square that holds its middle, alone where it crosses the antimeridian. Of those that
    lie on the edges of squares 20,000 are; the rest of these are told together.
    """
    table = footprints.c
    width = (box.east - box.west) % 360 or 360
    level = min(LEVELS, max(1, (int(360 / width)).bit_length() - 1 + CLUSTERS_ACROSS))
    shift = 2 * (LEVELS - level)
    whole = wanted.empty and _is_whole(connection, scope)
    checks = [meets(box)] if whole else [meets(box), _held(connection, scope, wanted)]
    square = sa.case(
        (table.zone_level >= level, table.zone.op("/")(sa.literal_column(str(1 << shift)))), else_=-1
    )
    found: dict[int, list[Any]] = {}
    edges = 0
    for near in _near(scope, box):
        rows = connection.execute(
            sa.select(
                square.label("square"),
                sa.func.count().label("count"),
                sa.func.min(table.west), sa.func.min(table.south),
                sa.func.max(table.east), sa.func.max(table.north),
            ).where(near, *checks).group_by(square)
        ).all()  # fmt: skip
        for number, count, *sides in rows:
            if number == -1:
                edges += count
                continue
            known = found.get(number)
            found[number] = [count, *sides] if known is None else _together(known, count, sides)
    apart, left = _on_edges(connection, scope, box, checks, level, found) if edges else ([], 0)
    clusters = [Cluster(count, Box(*sides)) for count, *sides in (found[number] for number in sorted(found))]
    return [*clusters, *apart, *([Cluster(edges - left, box)] if edges > left else [])]


def _together(known: list[Any], count: int, sides: list[Any]) -> list[Any]:
    return [
        known[0] + count,
        min(known[1], sides[0]),
        min(known[2], sides[1]),
        max(known[3], sides[2]),
        max(known[4], sides[3]),
    ]


def _on_edges(
    connection: sa.Connection,
    scope: Scope,
    box: Box,
    checks: list[Condition],
    level: int,
    found: dict[int, list[Any]],
) -> tuple[list[Cluster], int]:
    """Adds items that no square holds whole to those of their middles; what crosses the antimeridian, and how many
    were looked at."""
    table = footprints.c
    rows: dict[int, Box] = {}
    for near in _near(scope, box):
        statement = (
            sa.select(table.place, table.west, table.south, table.east, table.north)
            .where(near, table.zone_level < level, *checks)
            .limit(MOST_ON_EDGES - len(rows))
        )
        rows |= {row[0]: Box(*row[1:]) for row in connection.execute(statement)}
        if len(rows) >= MOST_ON_EDGES:
            break
    apart = []
    for sides in rows.values():
        if sides.west > sides.east:
            apart.append(Cluster(1, sides))
            continue
        x, y = (sides.west + sides.east) / 2, (sides.south + sides.north) / 2
        number = zone_of(x, y, x, y)[0] >> 2 * (LEVELS - level)
        known = found.get(number)
        found[number] = [1, *sides] if known is None else _together(known, 1, list(sides))
    return apart, len(rows)


_lock = threading.Lock()
_wholes: OrderedDict[tuple[str, str, int], bool] = OrderedDict()
_extents: OrderedDict[tuple[str, str, int], Extent] = OrderedDict()


def _is_whole(connection: sa.Connection, scope: Scope) -> bool:
    """Whether the version has an item at each place of the dataset, so that none of them has to be looked for."""
    key = (str(connection.engine.url), scope.dataset_id, scope.version)
    with _lock:
        if key in _wholes:
            return _wholes[key]
    placed = (
        sa.select(sa.func.count()).select_from(footprints).where(footprints.c.dataset_id == scope.dataset_id)
    )
    held = sa.select(sa.func.count()).select_from(items).where(holding(scope))
    counts = connection.execute(sa.select(placed.scalar_subquery(), held.scalar_subquery())).one()
    _remember(_wholes, key, counts[0] == counts[1])
    return bool(counts[0] == counts[1])


def _remember(known: OrderedDict[tuple[str, str, int], Any], key: tuple[str, str, int], value: Any) -> None:
    with _lock:
        known[key] = value
        while len(known) > KEPT:
            known.popitem(last=False)


def extent_of(connection: sa.Connection, scope: Scope) -> Extent:
    """Where a version lies, as one reading of all its footprints; kept, since versions never change."""
    key = (str(connection.engine.url), scope.dataset_id, scope.version)
    with _lock:
        if key in _extents:
            return _extents[key]
    table = footprints.c
    # From 0 to 360 degrees, a place beyond the antimeridian follows the one before it.
    west, east = (sa.case((side < 0, side + 360), else_=side) for side in (table.west, table.east))
    statement = sa.select(
        sa.func.count(), sa.func.count(table.west),
        sa.func.min(table.west), sa.func.min(table.south), sa.func.max(table.east), sa.func.max(table.north),
        sa.func.min(west), sa.func.max(east),
        sa.func.sum(sa.case((table.west > table.east, 1), else_=0)),
        sa.func.sum(sa.case((sa.and_(table.west < 0, table.east >= 0), 1), else_=0)),
        sa.func.min(table.time), sa.func.max(table.time),
    ).where(table.dataset_id == scope.dataset_id)  # fmt: skip
    if not _is_whole(connection, scope):
        statement = statement.where(_held(connection, scope, ItemFilter()))
    _, placed, *sides, crossing, greenwich, first, last = connection.execute(statement).one()
    items_held = connection.execute(
        sa.select(sa.func.count()).select_from(items).where(holding(scope))
    ).scalar_one()
    box = None if not placed else _narrower(sides, bool(crossing), bool(greenwich))
    found = Extent(box, placed, items_held - placed, first, last)
    _remember(_extents, key, found)
    return found


def _narrower(sides: Sequence[float], crossing: bool, greenwich: bool) -> Box:
    """The narrower rectangle: around the prime meridian, or around the antimeridian."""
    west, south, east, north, shifted_west, shifted_east = sides
    if crossing and greenwich:
        return Box(-180, south, 180, north)
    if crossing or (not greenwich and shifted_east - shifted_west < east - west):
        # From 0 to 360, what ends at 180 or before has not crossed the antimeridian.
        ends = [value - 360 if value > 180 else value for value in (shifted_west, shifted_east)]
        return Box(ends[0], south, ends[1], north)
    return Box(west, south, east, north)


def place_row(connection: sa.Connection, item_id: int) -> sa.Row[Any] | None:
    """The row of footprints of an item; None where it has none."""
    own = footprints.c.place == place_of(item_id)[0]
    return connection.execute(sa.select(footprints).where(own)).first()


def same_ground(connection: sa.Connection, scope: Scope, own: sa.Row[Any]) -> list[dict[str, Any]]:
    """Other items of the same footprint in order of time, those without one last; the 500 nearest in time."""
    if own.west is None:
        return []
    table = footprints.c
    sides = [sa.func.abs(table[side] - getattr(own, side)) < SAME_DEGREES for side in Box._fields]
    rows = connection.execute(
        sa.select(table.place, table.time)
        .where(table.dataset_id == own.dataset_id, table.zone == own.zone, table.zone_level == own.zone_level)
        .where(table.place != own.place, *sides)
        .limit(READ_SAME_GROUND)
    ).all()
    here = own.time if own.time is not None else 0.0
    nearest = sorted(rows, key=lambda row: (row.time is None, abs((row.time or 0.0) - here), row.place))
    chips = chips_at(connection, scope, [row.place for row in nearest[:MOST_SAME_GROUND]])
    chips.sort(key=lambda chip: (chip.time is None, chip.time or 0.0, chip.item_id))
    return [{"key": chip.key, "time": chip.time, "part": chip.part} for chip in chips]
