"""What meets a rectangle lies in the ranges of squares that are looked into, or in one of those around."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from triptych.core.zones import LEVELS, zone_of, zones_over

longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
sizes = st.floats(0, 20) | st.floats(0, 0.01)


def found(zone: tuple[int, int], ranges: list[tuple[int, int]], around: list[int], level: int) -> bool:
    return any(a <= zone[0] <= b for a, b in ranges) or (zone[0] in around and zone[1] < level)


def overlap(box: tuple[float, ...], other: tuple[float, ...]) -> bool:
    spans = [(box[0], box[2])] if box[0] <= box[2] else [(box[0], 180), (-180, box[2])]
    others = [(other[0], other[2])] if other[0] <= other[2] else [(other[0], 180), (-180, other[2])]
    beside = any(a <= d and c <= b for a, b in spans for c, d in others)
    return beside and box[1] <= other[3] and other[1] <= box[3]


def around_point(longitude: float, latitude: float, size: float) -> tuple[float, float, float, float]:
    """A rectangle that may cross the antimeridian."""
    east = longitude + size
    return (longitude, latitude, east - 360 if east > 180 else east, min(90, latitude + size))


@given(longitudes, latitudes, sizes, longitudes, latitudes, sizes)
def test_whatever_meets_is_found(x: float, y: float, a: float, u: float, v: float, b: float) -> None:
    box, chip = around_point(x, y, a), around_point(u, v, b)
    ranges, around, level = zones_over(*box)
    if overlap(box, chip):
        assert found(zone_of(*chip), ranges, around, level)


@given(longitudes, latitudes, sizes, st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_what_lies_near_is_found_where_it_meets(
    x: float, y: float, size: float, right: float, up: float
) -> None:
    box = around_point(x, y, size)
    chip = around_point(min(180, max(-180, x + right * size)), min(90, max(-90, y + up * size)), size / 2)
    ranges, around, level = zones_over(*box)
    if overlap(box, chip):
        assert found(zone_of(*chip), ranges, around, level)


@given(longitudes, latitudes, sizes)
def test_ranges_are_few_apart_and_in_order(x: float, y: float, size: float) -> None:
    ranges, around, level = zones_over(*around_point(x, y, size))
    assert 0 < len(ranges) <= 32
    assert 0 <= level <= LEVELS
    assert all(a <= b for a, b in ranges)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))
    assert not any(a <= number <= b for number in around for a, b in ranges)


def test_a_small_rectangle_looks_into_little() -> None:
    ranges, around, level = zones_over(13.40, 52.50, 13.41, 52.51)
    assert level >= 15
    assert sum(b - a + 1 for a, b in ranges) <= 16 << 2 * (LEVELS - level)
    assert len(around) <= 40
    assert zones_over(-180, -90, 180, 90)[0] == [(0, (1 << 2 * LEVELS) - 1)]
