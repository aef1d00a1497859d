"""Squares on the ground: what a split by blocks keeps whole.

Rows of blocks are bands of latitude; in each row as many blocks of equal width go round the parallel as fit, so that
every block is about `size` metres wide and high wherever it lies, and none is cut by the antimeridian.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from triptych.core.ground import METERS_PER_DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LEAST_SIZE = 0.01
"""Metres. Numbers of blocks stay exact down to it."""

WANTED = 100
"""About how many blocks the automatic size aims at, where there are items enough for it."""

_ITEMS_PER_BLOCK = 5
_ROUNDS = 40


def centers(boxes: Floats) -> Floats:
    """Middles (n, 2), longitude and latitude in degrees, of rectangles (n, 4) west, south, east, north; west > east
    across the antimeridian."""
    west, south, east, north = boxes.T
    east = np.where(west > east, east + 360, east)
    longitude = (west + east) / 2
    wrapped = np.where(longitude > 180, longitude - 360, longitude)
    return np.stack([wrapped, (south + north) / 2], axis=1).astype(np.float64)


def block_numbers(middles: Floats, size: float) -> Ints:
    """The number of the block (n,) that each middle (n, 2) lies in, for blocks of `size` metres."""
    high = max(size, LEAST_SIZE) / METERS_PER_DEGREE
    row = np.floor((middles[:, 1] + 90) / high)
    # The widest parallel of the row decides, so that no block is wider than it is high.
    low, up = row * high - 90, (row + 1) * high - 90
    nearest = np.where((low < 0) & (up > 0), 0.0, np.minimum(np.abs(low), np.abs(up)))
    around = np.maximum(1, np.ceil(360 * np.cos(np.radians(np.minimum(nearest, 90))) / high - 1e-9))
    column = np.minimum(np.floor((middles[:, 0] + 180) / 360 * around), around - 1)
    most = np.ceil(360 / high) + 1
    numbers: Ints = (row * most + np.maximum(column, 0)).astype(np.int64)
    return numbers


def automatic_size(boxes: Floats, most: float) -> float | None:
    """A size in metres, of two digits, for rectangles (n, 4); None when no size divides them well.

    The largest one, halved from the whole extent down to the usual chip, that gives about a hundred blocks (a fifth
    of the items, where they are fewer than 500) of which none holds more than the share `most` of the items.
    """
    middles = centers(boxes)
    chip = _usual_side(boxes)
    wanted = max(3, min(WANTED, len(boxes) // _ITEMS_PER_BLOCK))
    size = 180 * METERS_PER_DEGREE
    best: tuple[int, float] | None = None
    for _ in range(_ROUNDS):
        tried = _rounded(size)
        _, numbers = np.unique(block_numbers(middles, tried), return_counts=True)
        if len(numbers) >= 3 and numbers.max() <= most * len(boxes):
            best = (len(numbers), tried) if best is None or len(numbers) > best[0] else best
            if len(numbers) >= wanted:
                break
        if tried <= chip:
            break
        size = max(size / 2, chip)
    return None if best is None else best[1]


def _usual_side(boxes: Floats) -> float:
    """The median side of the rectangles, in metres; never less than the smallest block."""
    west, south, east, north = boxes.T
    east = np.where(west > east, east + 360, east)
    across = (east - west) * np.cos(np.radians((south + north) / 2))
    sides = np.sqrt(np.maximum(across * (north - south), 0)) * METERS_PER_DEGREE
    return max(float(np.median(sides)), LEAST_SIZE)


def _rounded(size: float) -> float:
    """Two digits, so that what is told of a size is the size."""
    return float(f"{size:.2g}")
