"""Shapes of label files become annotations; what cannot be one is counted and left out."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from triptych.core.labels import Box, Kind, Label, Shape
from triptych.formats.documents import number
from triptych.formats.pictures.sizes import plausible
from triptych.masks import runs
from triptych.masks.polygons import LARGEST, box_around, check_part, polygon_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from triptych.formats.tally import Tally

Size = tuple[int, int]
"""Height and width in pixels."""

LONGEST_OUTLINE = 4_000_000
"""Pixels along one outline: drawing takes memory for each."""

ALL_OUTLINES = 500_000_000
"""Pixels along all outlines of a source together: drawing takes time for each."""

LONGEST_RUNS = 16_000_000
MASK_PIXELS = 256 * 1024 * 1024
CIRCLE_CORNERS = 64


class Shapes:
    """Makes annotations. `place` names the file and the shape in examples; sizes are (height, width)."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._left = [ALL_OUTLINES]

    def telling(self, tally: Tally) -> Shapes:
        """The same, within the same bounds, that counts elsewhere."""
        other = Shapes(tally)
        other._left = self._left
        return other

    def unreadable(self, place: str, why: object) -> None:
        """Count a shape that is left out."""
        self._tally.add("shape_unreadable", f"{place}: {str(why)[:160]}")

    def box(self, item: int, class_id: int, numbers: Sequence[Any], place: str) -> Label | None:
        """A box from left, top, width, height in pixels."""
        try:
            values = [number(value) for value in numbers]
            if len(values) != 4 or max(map(abs, values)) > LARGEST:
                raise ValueError("a box has four numbers of pixels")
        except ValueError as error:
            self.unreadable(place, error)
            return None
        box = Box(*values)
        where = f"{place}: {box.width:g} × {box.height:g}"
        if box.width < 0 or box.height < 0:
            self._tally.add("box_negative_size", where)
            return None
        if box.width == 0 or box.height == 0:
            self._tally.add("box_zero_size", where)
        return Label(item, Kind.BOX, class_id, None, box)

    def polygon(
        self,
        item: int,
        class_id: int,
        parts: Sequence[Any],
        size: Size | None,
        place: str,
        instance: int | None = None,
    ) -> Label | None:
        """A polygon of one part or more, each a list of x0, y0, x1, y1, ... in pixels."""
        if size is None or not plausible(size[1], size[0]):
            self._tally.add("picture_size_unknown", place)
            return None
        try:
            outlines = [check_part([number(value) for value in part]) for part in parts]
            if not outlines:
                raise ValueError("it has no corners")
        except (ValueError, TypeError) as error:
            self.unreadable(place, error)
            return None
        length = sum(_length(part, size) for part in outlines)
        if length > min(LONGEST_OUTLINE, self._left[0]):
            self._tally.add("outline_too_long", place)
            return None
        self._left[0] -= int(length) + len(outlines)
        return polygon_label(item, class_id, outlines, size, instance=instance)

    def circle(
        self, item: int, class_id: int, points: Sequence[float], size: Size | None, place: str,
        instance: int | None = None,
    ) -> Label | None:  # fmt: skip
        """A circle from its centre and a point on it, as a polygon."""
        if len(points) != 4:
            self.unreadable(place, "a circle has a centre and a point on it")
            return None
        x, y = points[0], points[1]
        radius = ((points[2] - x) ** 2 + (points[3] - y) ** 2) ** 0.5
        self._tally.add("circle_as_polygon", place)
        angles = [2 * pi * corner / CIRCLE_CORNERS for corner in range(CIRCLE_CORNERS)]
        part = [
            round(value, 6)
            for angle in angles
            for value in (x + radius * cos(angle), y + radius * sin(angle))
        ]
        return self.polygon(item, class_id, [part], size, place, instance)

    def line(
        self, kind: Kind, item: int, class_id: int, points: Sequence[float], place: str, instance: int | None
    ) -> Label | None:
        """A line of two points or more, or a point."""
        try:
            part = check_part(points, least=2 if kind is Kind.LINE else 1)
        except ValueError as error:
            self.unreadable(place, error)
            return None
        self._tally.add("lines_and_points", place)
        return Label(item, kind, class_id, None, box_around([part]), Shape(parts=(part,), instance=instance))

    def runs(self, item: int, class_id: int, document: Any, size: Size | None, place: str) -> Label | None:
        """A mask of run lengths as COCO has them: {"size": [height, width], "counts": text or list}."""
        try:
            shape = _shape_of_runs(document)
            if size is not None and shape.size != size:
                height, width = shape.size or (0, 0)
                self._tally.add(
                    "mask_size_differs", f"{place}: {width} × {height}, the picture {size[1]} × {size[0]}"
                )
                return None
            area, box = float(runs.area(shape)), runs.bounds(shape)
        except (ValueError, TypeError, OverflowError) as error:
            self.unreadable(place, error)
            return None
        return Label(item, Kind.MASK, class_id, area, box, shape)

    def mask(self, item: int, class_id: int, mask: NDArray[np.bool_], instance: int | None = None) -> Label:
        """A mask (y, x) of its picture's size."""
        return runs.mask_label(item, class_id, mask, instance=instance)


def _shape_of_runs(document: Any) -> Shape:
    if not isinstance(document, dict):
        raise ValueError("its segmentation is neither outlines nor run lengths")
    size, counts = document.get("size"), document.get("counts")
    if not isinstance(size, list) or len(size) != 2 or not all(type(side) is int for side in size):
        raise ValueError("its run lengths have no size of two whole numbers")
    height, width = size
    if not plausible(width, height):
        raise ValueError(f"no picture has {width} × {height} pixels")
    if isinstance(counts, list) and len(counts) <= LONGEST_RUNS:
        return runs.from_runs(counts, (height, width))
    if isinstance(counts, str) and len(counts) <= LONGEST_RUNS:
        runs.check_counts(counts, (height, width))
        return Shape(size=(height, width), counts=counts)
    raise ValueError("its run lengths are neither a text nor a list, or too many")


def _length(part: Sequence[float], size: Size) -> float:
    """Steps along an outline where it lies within the picture, and along its border where it does not."""
    height, width = size
    corners = [
        (min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height)))
        for x, y in zip(part[::2], part[1::2], strict=True)
    ]
    return sum(
        max(abs(here[0] - there[0]), abs(here[1] - there[1]))
        for here, there in pairwise([corners[-1], *corners])
    )
