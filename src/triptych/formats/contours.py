"""Outlines of masks: polygons along the edges of pixels that cover what the mask covers, its holes apart.

Pixels that touch at a corner alone belong to different outlines, so no outline crosses itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CORNERS = 200_000
"""Corners of the outlines of one mask, beyond which they say nothing that the mask does not say better."""


class TooRaggedError(ValueError):
    """A mask has more corners than polygons should have."""


class Outlines(NamedTuple):
    """The outer outlines of a mask, each (x0, y0, x1, y1, …) in pixels, and the number of its holes."""

    parts: list[tuple[float, ...]]
    holes: int


class _Corners(NamedTuple):
    """Corners of outlines in the order of rows, twice where two outlines touch; which corner is reached along
    the column; and whether the pixel below and to the right is covered."""

    x: NDArray[np.intp]
    y: NDArray[np.intp]
    partner: NDArray[np.intp]
    inside: NDArray[np.bool_]


def outlines(mask: NDArray[np.bool_]) -> Outlines:
    """The outlines of a mask (y, x), topmost first. TooRaggedError beyond MOST_CORNERS."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return Outlines([], 0)
    top, left = int(rows[0]), int(columns[0])
    corners = _corners(mask[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1])
    across, down = (corners.x + left).tolist(), (corners.y + top).tolist()
    partner, inside = corners.partner.tolist(), corners.inside.tolist()
    seen = bytearray(len(partner))
    parts: list[tuple[float, ...]] = []
    holes = 0
    for start in range(len(partner)):
        if seen[start]:
            continue
        outline: list[float] = []
        here = start
        while not seen[here]:
            # Corners of a row lie in pairs, one edge each: of 2n and 2n + 1 the other one is `^ 1`.
            beside = here ^ 1
            seen[here] = seen[beside] = 1
            outline += (float(across[here]), float(down[here]), float(across[beside]), float(down[beside]))
            here = partner[beside]
        # Scanning meets every outline first at its topmost corner, the leftmost of these.
        if inside[start]:
            parts.append(tuple(outline))
        else:
            holes += 1
    return Outlines(parts, holes)


def _corners(mask: NDArray[np.bool_]) -> _Corners:
    around = np.pad(mask, 1)
    above_left, above_right = around[:-1, :-1], around[:-1, 1:]
    below_left, below_right = around[1:, :-1], around[1:, 1:]
    turns = above_left ^ above_right ^ below_left ^ below_right
    crossing = (above_left == below_right) & (above_right == below_left) & (above_left != above_right)
    y, x = np.nonzero(turns | crossing)
    double = crossing[y, x]
    if len(y) + int(double.sum()) > MOST_CORNERS:
        raise TooRaggedError(f"the mask has more than {MOST_CORNERS:,} corners")
    times = double + 1
    y, x = np.repeat(y, times), np.repeat(x, times)
    second = np.zeros(len(y), np.intp)
    ends = np.cumsum(times)
    second[ends[double] - 1] = 1
    # Of two outlines that touch, the first in the row has the edge to the left. It is the first in the column
    # too, with the edge upwards, where the pixel above and to the left is covered.
    in_column = np.where(above_left[y, x], second, 1 - second)
    by_column = np.lexsort((np.where(np.repeat(double, times), in_column, 0), y, x))
    partner = np.empty(len(y), np.intp)
    partner[by_column[0::2]], partner[by_column[1::2]] = by_column[1::2], by_column[0::2]
    return _Corners(x, y, partner, below_right[y, x])
