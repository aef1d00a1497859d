from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.blocks import automatic_size, block_numbers, centers
from triptych.core.ground import METERS_PER_DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def grid(
    columns: int, rows: int, side: float = 0.05, west: float = 10.0, south: float = 50.0
) -> NDArray[np.float64]:
    """Boxes (n, 4) of chips side by side."""
    x, y = np.meshgrid(west + np.arange(columns) * side, south + np.arange(rows) * side)
    return np.stack([x.ravel(), y.ravel(), x.ravel() + side, y.ravel() + side], axis=1)


def test_the_middle_of_a_box_across_the_antimeridian_lies_on_it() -> None:
    assert centers(np.array([[179.0, 0, -179.0, 2], [-179.5, 0, -178.5, 2], [10, 50, 12, 52]])).tolist() == [
        [180, 1],
        [-179, 1],
        [11, 51],
    ]


@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=50),
    st.floats(0.01, 2.1e7),
)
def test_no_block_is_larger_than_its_size(points: list[tuple[float, float]], size: float) -> None:
    middles = np.array(points)
    numbers = block_numbers(middles, size)
    assert numbers.dtype == np.int64
    assert numbers.min() >= 0
    for number in np.unique(numbers):
        own = middles[numbers == number]
        height = np.ptp(own[:, 1]) * METERS_PER_DEGREE
        width = np.ptp(own[:, 0]) * METERS_PER_DEGREE * np.cos(np.radians(np.abs(own[:, 1]).min()))
        assert max(height, width) <= size * (1 + 1e-6) + 1e-3


def test_blocks_hold_what_lies_in_them() -> None:
    numbers = block_numbers(centers(grid(8, 8)), 0.2 * METERS_PER_DEGREE)
    _, held = np.unique(numbers, return_counts=True)
    assert held.max() <= 7 * 4  # 0.2 degrees of latitude are 0.31 of longitude at 50 degrees
    assert len(held) >= 4


def test_equal_middles_are_in_one_block() -> None:
    middles = np.tile([[11.0, 51.0]], (5, 1))
    assert len(np.unique(block_numbers(middles, 1.0))) == 1


@pytest.mark.parametrize("boxes", [grid(40, 40), grid(10, 3), grid(200, 1, side=0.001)])
def test_the_automatic_size_gives_blocks_that_can_be_split(boxes: NDArray[np.float64]) -> None:
    size = automatic_size(boxes, 0.6)
    assert size is not None
    _, held = np.unique(block_numbers(centers(boxes), size), return_counts=True)
    assert len(held) >= min(len(boxes) // 5, 100)
    assert held.max() <= 0.6 * len(boxes)


def test_places_far_apart_are_blocks_of_their_own() -> None:
    boxes = np.concatenate(
        [grid(1, 1, west=west, south=south) for west, south in [(-60, -20), (3, 40), (105, 12), (80, 5)]]
    )
    size = automatic_size(boxes, 0.6)
    assert size is not None
    assert len(np.unique(block_numbers(centers(boxes), size))) >= 3


def test_one_place_has_no_size_of_blocks() -> None:
    assert automatic_size(np.tile(grid(1, 1), (68, 1)), 0.6) is None
    assert automatic_size(np.concatenate([np.tile(grid(1, 1), (8, 1)), grid(2, 1)]), 0.6) is None
