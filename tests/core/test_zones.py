"""Squares of the web map: the smallest that holds a rectangle, and which meet another."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from triptych.core.zones import LEVELS, zone_number, zone_of, zones_around, zones_inside

longitudes = st.floats(-180, 180)
latitudes = st.floats(-85, 85)


def tile_of(longitude: float, latitude: float, level: int) -> tuple[int, int]:
    """Column and row of the tile that a point lies in, by the formula of the XYZ tiles."""
    side = 2**level
    column = int((longitude + 180) / 360 * side)
    angle = math.radians(latitude)
    row = int((1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2 * side)
    return min(column, side - 1), min(max(row, 0), side - 1)


def test_a_rectangle_over_the_middle_of_the_map_belongs_to_the_whole() -> None:
    assert zone_of(-1, -1, 1, 1) == (0, 0)
    assert zone_of(179, 10, -179, 11) == (0, 0)


def test_a_point_belongs_to_a_square_of_the_deepest_level() -> None:
    number, level = zone_of(14.5, 46, 14.5, 46)
    assert level == LEVELS
    assert number == zone_number(LEVELS, *tile_of(14.5, 46, LEVELS))


def test_latitudes_beyond_the_map_count_as_its_edge() -> None:
    assert zone_of(0.1, 89, 0.1, 90) == zone_of(0.1, 85.06, 0.1, 85.06)


@given(longitudes, latitudes, st.floats(0, 3), st.floats(0, 3), st.integers(0, 12), longitudes, latitudes)
def test_what_meets_a_square_is_found_by_a_range_and_a_few_numbers(
    west: float, south: float, width: float, height: float, level: int, longitude: float, latitude: float
) -> None:
    east, north = min(west + width, 180.0), min(south + height, 85.0)
    number, own_level = zone_of(west, south, east, north)
    column, row = tile_of(longitude, latitude, level)
    first, last = zones_inside(level, column, row)
    found = (first <= number <= last and own_level >= level) or (number, own_level) in zones_around(
        level, column, row
    )
    corners = [tile_of(x, y, level) for x, y in ((west, north), (east, south))]
    (left, top), (right, bottom) = corners
    meets = left <= column <= right and top <= row <= bottom
    # All that meets is found; what is found besides lies in a square around.
    assert found or not meets
    if (level, column, row) == (0, 0, 0):
        assert found
