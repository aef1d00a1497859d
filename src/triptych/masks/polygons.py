"""Polygons: what they cover of a picture, counted and drawn as the COCO API does it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from pycocotools import mask as coco

from triptych.core.labels import Box, Kind, Label, Shape
from triptych.masks import runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Part = tuple[float, ...]
Point = tuple[float, float]

LARGEST = 1e7
"""Coordinates beyond this are no pixels of any picture."""


def check_part(part: Sequence[float], least: int = 3) -> Part:
    """The coordinates (x0, y0, x1, y1, …) of one part as floats; ValueError when they are no outline of `least`
    points or more, or no finite pixels."""
    numbers = tuple(float(number) for number in part)
    if len(numbers) % 2 or len(numbers) < 2 * least:
        raise ValueError(f"{len(numbers)} coordinates are no outline of {least} points or more")
    if not all(math.isfinite(number) and abs(number) <= LARGEST for number in numbers):
        raise ValueError("a coordinate is not a number of pixels")
    return numbers


def polygon_label(
    item: int,
    class_id: int | None,
    parts: Sequence[Part],
    size: tuple[int, int],
    *,
    instance: int | None = None,
    frame: int | None = None,
) -> Label:
    """The annotation of a polygon on a picture of a size (height, width); parts as `check_part` gives them."""
    shape = Shape(parts=tuple(parts), instance=instance, frame=frame)
    return Label(item, Kind.POLYGON, class_id, float(covered(parts, size)), box_around(parts), shape)


def box_around(parts: Sequence[Part]) -> Box:
    """The rectangle around all points."""
    across = [number for part in parts for number in part[::2]]
    down = [number for part in parts for number in part[1::2]]
    left, top = min(across), min(down)
    return Box(left, top, max(across) - left, max(down) - top)


def covered(parts: Sequence[Part], size: tuple[int, int]) -> int:
    """Pixels of a picture of a size (height, width) that the union of the parts covers."""
    shape = _runs(parts, size)
    return 0 if shape is None else runs.area(shape)


def filled(parts: Sequence[Part], size: tuple[int, int]) -> NDArray[np.bool_]:
    """The union of the parts as a mask (y, x) of a size (height, width)."""
    shape = _runs(parts, size)
    return np.zeros(size, bool) if shape is None else runs.decode(shape)


def as_mask(parts: Sequence[Part], size: tuple[int, int]) -> Shape:
    """The union of the parts as run lengths."""
    shape = _runs(parts, size)
    return runs.encode(np.zeros(size, bool)) if shape is None else shape


def _runs(parts: Sequence[Part], size: tuple[int, int]) -> Shape | None:
    height, width = size
    # maskApi.c walks along every edge in fifths of a pixel: an edge to far outside would take all memory.
    inside = [clipped for part in parts if len(clipped := clip(part, width, height)) >= 6]
    if not inside:
        return None
    merged = coco.merge(coco.frPyObjects([list(part) for part in inside], height, width))
    return Shape(size=size, counts=merged["counts"].decode("ascii"))


def clip(part: Part, width: float, height: float) -> Part:
    """The outline within the picture (Sutherland and Hodgman, 1974); () where nothing of it lies inside."""
    if min(part) >= 0 and max(part[::2]) <= width and max(part[1::2]) <= height:
        return part
    points: list[Point] = list(zip(part[::2], part[1::2], strict=True))
    for axis, bound, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        points = _cut(points, axis, bound, sign)
    return tuple(number for point in points for number in point)


def _cut(points: list[Point], axis: int, bound: float, sign: int) -> list[Point]:
    if not points:
        return []
    kept: list[Point] = []
    for before, here in pairwise([points[-1], *points]):
        was, stays = sign * (before[axis] - bound) >= 0, sign * (here[axis] - bound) >= 0
        if was != stays:
            share = (bound - before[axis]) / (here[axis] - before[axis])
            crossing = [before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])]
            crossing[axis] = bound
            kept.append((crossing[0], crossing[1]))
        if stays:
            kept.append(here)
    return kept
