from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from triptych.core import ground
from triptych.core.ground import near, overlap_labels, overlapping, shapes_of, touching
from triptych.core.groups import connected

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIXEL = 1e-4
SIDE = 512 * PIXEL


def square(west: float, south: float, side: float = SIDE, turn: float = 0.0) -> str:
    """The outline of a chip, turned by some degrees about its corner."""
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side], [0, 0]])
    angle = np.radians(turn)
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return json.dumps({"type": "Polygon", "coordinates": [(turned + (west, south)).tolist()]})  # noqa: RUF005


def across(west: float, east: float, south: float, north: float) -> str:
    """The outline of a chip that crosses the antimeridian, in two parts as GeoJSON wants it."""
    parts = [[(west, south), (180, south), (180, north), (west, north), (west, south)]]
    parts += [[(-180, south), (east, south), (east, north), (-180, north), (-180, south)]]
    return json.dumps({"type": "MultiPolygon", "coordinates": [[part] for part in parts]})


def labels_of(*outlines: str | None) -> list[int]:
    return [int(label) for label in overlap_labels(shapes_of(outlines))]


# --- overlaps ---------------------------------------------------------------------------------------------


def test_chips_that_share_an_edge_do_not_overlap() -> None:
    assert labels_of(square(10, 50), square(10 + SIDE, 50), square(10, 50 + SIDE)) == [0, 1, 2]


@pytest.mark.parametrize("turn", [0.0, 1.7, 30.0])
def test_a_mosaic_of_turned_chips_with_rounded_corners_does_not_overlap(turn: float) -> None:
    angle = np.radians(turn)
    right, up = (
        np.array([np.cos(angle), np.sin(angle)]) * SIDE,
        np.array([-np.sin(angle), np.cos(angle)]) * SIDE,
    )
    outlines = []
    for row in range(6):
        for column in range(6):
            corner = np.array([10.0, 50.0]) + column * right + row * up
            ring = np.array([corner, corner + right, corner + right + up, corner + up, corner])
            outlines.append(json.dumps({"type": "Polygon", "coordinates": [np.round(ring, 7).tolist()]}))
    assert labels_of(*outlines) == list(range(36))


def test_one_pixel_of_512_in_common_is_an_overlap() -> None:
    assert labels_of(square(10, 50), square(10 + SIDE - PIXEL, 50)) == [0, 0]


def test_four_pixels_at_a_corner_are_an_overlap() -> None:
    assert labels_of(square(10, 50), square(10 + SIDE - 2 * PIXEL, 50 + SIDE - 2 * PIXEL)) == [0, 0]


def test_a_chain_of_overlaps_is_one_group() -> None:
    chain = [square(10 + number * SIDE / 2, 50) for number in range(5)]
    assert labels_of(*chain, square(20, 50)) == [0, 0, 0, 0, 0, 5]


def test_equal_outlines_and_outlines_inside_others_overlap() -> None:
    assert labels_of(square(10, 50), square(10, 50), square(10 + SIDE / 4, 50 + SIDE / 4, SIDE / 8)) == [
        0,
        0,
        0,
    ]


def test_chips_without_a_place_are_alone() -> None:
    assert labels_of(None, square(10, 50), None, square(10, 50)) == [0, 1, 2, 1]


def test_chips_meet_across_the_antimeridian() -> None:
    west, both, east = square(179.99, 0, 0.009), across(179.995, -179.995, 0, 0.01), square(-179.996, 0, 0.01)
    assert labels_of(west, both, east) == [0, 0, 0]
    assert labels_of(west, east) == [0, 1]


def test_an_outline_that_runs_past_180_degrees_is_compared_with_those_beyond() -> None:
    past = json.dumps(
        {"type": "Polygon", "coordinates": [[[179, 0], [181, 0], [181, 1], [179, 1], [179, 0]]]}
    )
    assert labels_of(past, square(-179.5, 0.2, 0.1), square(-178.9, 0.2, 0.1)) == [0, 0, 2]


def test_a_polar_cap_overlaps_what_lies_near_the_pole() -> None:
    cap = json.dumps(
        {"type": "Polygon", "coordinates": [[[-180, 85], [180, 85], [180, 90], [-180, 90], [-180, 85]]]}
    )
    assert labels_of(cap, square(33, 88), square(33, 70)) == [0, 0, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1], [1, 1]]]}',
        '{"type": "Polygon", "coordinates": [[[1, 1], [1e999, 2], [2, 1], [1, 1]]]}',
        '{"type": "Polygon", "coordinates": [[[1, 1], [1e300, 2], [2, 1], [1, 1]]]}',
        '{"type": "LineString", "coordinates": [[10, 50], [11, 51]]}',
    ],
)
def test_an_outline_that_is_none_leaves_its_chip_alone(text: str) -> None:
    assert labels_of(text, square(10, 50), square(10, 50)) == [0, 1, 1]


def test_an_outline_that_crosses_itself_is_mended() -> None:
    bow = '{"type": "Polygon", "coordinates": [[[10, 50], [11, 51], [11, 50], [10, 51], [10, 50]]]}'
    assert labels_of(bow, square(10.1, 50.4), square(10.5, 50.8, 0.1)) == [0, 0, 2]


squares = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 5)), min_size=1, max_size=25
)


@given(squares)
def test_labels_are_those_of_pairs_compared_one_by_one(chosen: list[tuple[int, int, int]]) -> None:
    boxes = [(x, y, x + side, y + side) for x, y, side in chosen]
    pairs = [
        (one, other)
        for one, other in combinations(range(len(boxes)), 2)
        if min(boxes[one][2], boxes[other][2]) > max(boxes[one][0], boxes[other][0])
        and min(boxes[one][3], boxes[other][3]) > max(boxes[one][1], boxes[other][1])
    ]
    expected = connected(len(boxes), np.array(pairs, dtype=np.int64).reshape(-1, 2))
    outlines = [square(x, y, side) for x, y, side in chosen]
    assert overlap_labels(shapes_of(outlines)).tolist() == expected.tolist()


@given(squares)
def test_crowded_outlines_give_the_same_labels_as_few(chosen: list[tuple[int, int, int]]) -> None:
    shapes = shapes_of([square(x, y, side) for x, y, side in chosen])
    expected = overlap_labels(shapes).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ground, "_PAIRS", 0)
        assert overlap_labels(shapes).tolist() == expected


def test_a_crowd_of_outlines_is_bounded() -> None:
    corners = np.random.default_rng(1).random((20_000, 2)) * SIDE / 4
    labels = overlap_labels(shapes_of([square(10 + x, 50 + y) for x, y in corners.tolist()]))
    assert set(labels.tolist()) == {0}


# --- what meets what --------------------------------------------------------------------------------------


def polygons(*outlines: str) -> NDArray[np.object_]:
    found: NDArray[np.object_] = shapes_of(outlines, share=False).polygons
    return found


def test_touching_finds_neighbours_that_overlapping_does_not() -> None:
    row = [square(10 + number * SIDE, 50) for number in range(3)]
    own, others = polygons(*row, square(12, 50)), polygons(row[1])
    assert overlapping(own, others).tolist() == [False, True, False, False]
    assert touching(own, others).tolist() == [True, True, True, False]
    assert overlapping(own, polygons()).tolist() == [False] * 4


def test_near_measures_metres_along_parallels() -> None:
    # A degree of longitude is 55.7 km at 60 degrees north, a degree of latitude 111.3 km anywhere.
    here = np.array([[10.0, 60.0, 10.1, 60.1]])
    east = np.array([[11.1, 60.0, 11.2, 60.1]])
    north = np.array([[10.0, 61.1, 10.1, 61.2]])
    assert [near(here, east, distance).item() for distance in (54_000, 57_000)] == [False, True]
    assert [near(here, north, distance).item() for distance in (110_000, 112_000)] == [False, True]


def test_near_looks_across_the_antimeridian() -> None:
    west, east = np.array([[179.9, 0, 179.95, 0.1]]), np.array([[-179.95, 0, -179.9, 0.1]])
    both = np.array([[179.99, 0, -179.99, 0.1]])
    assert near(west, east, 12_000).tolist() == near(east, west, 12_000).tolist() == [True]
    assert near(west, east, 9_000).tolist() == [False]
    assert near(both, east, 5_000).tolist() == near(both, west, 5_000).tolist() == [True]
    assert near(both, east, 3_000).tolist() == [False]


def test_near_takes_any_distance() -> None:
    here, there = np.array([[10.0, 60.0, 10.1, 60.1]]), np.array([[-170.0, -60.0, -169.9, -59.9]])
    assert near(here, there, 20_040_000).tolist() == [True]
    assert near(here, here, 0.0).tolist() == [True]
    assert near(here, np.zeros((0, 4)), 10.0).tolist() == [False]


def test_shapes_know_their_items() -> None:
    shapes = shapes_of([None, across(179, -179, 0, 1), square(3, 3)], share=False)
    assert shapes.item.tolist() == [1, 1, 2, 1]
    assert shapely.bounds(shapes.polygons[-1]).tolist() == [180, 0, 181, 1]
    assert len(shapes.of(np.array([False, False, True]))) == 1
