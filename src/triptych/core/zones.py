"""Squares of the web map as numbers, so that an index finds what lies in one: a quadtree over Web Mercator.

The whole map is the square of level 0; each further level halves both sides (EPSG:3857, as XYZ tiles count them,
row 0 in the north). A rectangle belongs to the smallest square that holds it whole. What meets a square belongs to
the square itself, to one inside it, or to one around it: a range and a few single numbers.
"""

from __future__ import annotations

import math

LEVELS = 24
"""The deepest level; its squares are 2.4 m wide at the equator. Numbers take 48 bits."""

LATITUDE = 85.051128779806604
"""Degrees up to which the web map reaches: atan(sinh(pi))."""


def zone_of(west: float, south: float, east: float, north: float) -> tuple[int, int]:
    """Number and level of the smallest square that holds a rectangle in degrees; (0, 0), the whole map, for one
    that crosses the antimeridian (west > east). Latitudes beyond the map count as its edge."""
    if west > east:
        return 0, 0
    left, top = _cell(west, north)
    right, bottom = _cell(east, south)
    level = LEVELS - max((left ^ right).bit_length(), (top ^ bottom).bit_length())
    shift = LEVELS - level
    return zone_number(level, left >> shift, top >> shift), level


def zone_number(level: int, column: int, row: int) -> int:
    """The number of a square: its place along the Z curve, as that of its first square of the deepest level."""
    return (_spread(column) | _spread(row) << 1) << 2 * (LEVELS - level)


def zones_inside(level: int, column: int, row: int) -> tuple[int, int]:
    """Numbers [first, last] of all squares inside a square, itself included; some around it have the same first."""
    first = zone_number(level, column, row)
    return first, first + (1 << 2 * (LEVELS - level)) - 1


def zones_around(level: int, column: int, row: int) -> list[tuple[int, int]]:
    """Number and level of every square around a square, the whole map first."""
    return [
        (zone_number(outer, column >> level - outer, row >> level - outer), outer) for outer in range(level)
    ]


def zones_over(
    west: float, south: float, east: float, north: float, across: int = 4
) -> tuple[list[tuple[int, int]], list[int], int]:
    """Where to look for what meets a rectangle in degrees, west > east across the antimeridian.

    Ranges [first, last] of numbers, apart and in rising order; numbers of squares around them, outside the ranges;
    and the level of the squares that the ranges cover, at most `across` by `across` of them on either side of
    the antimeridian: what counts in the numbers around has a lower one. All of it is the answer of an index, which
    finds a little more than meets the rectangle.
    """
    if west > east:
        sides = (zones_over(west, south, 180, north, across), zones_over(-180, south, east, north, across))
        ranges = _joined(sorted(sides[0][0] + sides[1][0]))
        around = sorted({number for _, numbers, _ in sides for number in numbers})
        outside = [each for each in around if not any(first <= each <= last for first, last in ranges)]
        return ranges, outside, max(level for *_, level in sides)
    left, top = _cell(west, north)
    right, bottom = _cell(east, south)
    shift = 0
    while max((right >> shift) - (left >> shift), (bottom >> shift) - (top >> shift)) >= across:
        shift += 1
    level = LEVELS - shift
    squares = [
        (column, row)
        for row in range(top >> shift, (bottom >> shift) + 1)
        for column in range(left >> shift, (right >> shift) + 1)
    ]
    ranges = _joined(sorted(zones_inside(level, *square) for square in squares))
    around = sorted({number for square in squares for number, _ in zones_around(level, *square)})
    return ranges, [each for each in around if not any(a <= each <= b for a, b in ranges)], level


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _cell(longitude: float, latitude: float) -> tuple[int, int]:
    side = 1 << LEVELS
    bounded = math.radians(min(max(latitude, -LATITUDE), LATITUDE))
    column = (longitude + 180) / 360 * side
    row = (1 - math.asinh(math.tan(bounded)) / math.pi) / 2 * side
    return tuple(min(max(int(value), 0), side - 1) for value in (column, row))  # type: ignore[return-value]


def _spread(number: int) -> int:
    """The bits of a number of 24 bits, each followed by a zero on its left."""
    spread = 0
    for bit in range(number.bit_length()):
        spread |= (number >> bit & 1) << 2 * bit
    return spread
