"""Boxes: four cells become a rectangle, and rectangles are held against the picture's size."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.labels import Box

if TYPE_CHECKING:
    from collections.abc import Iterable


def number(text: str, *, decimal_comma: bool = False) -> float | None:
    """A finite number, or None. `decimal_comma` reads "10,5"; Python's "1_000" and "nan" are no numbers."""
    if decimal_comma:
        text = text.replace(",", ".", 1)
    try:
        value = float(text)
    except ValueError:
        return None
    # A negative zero becomes zero: databases do not tell them apart, and a content hash would.
    return value + 0.0 if isfinite(value) and "_" not in text else None


def box_of(cells: tuple[str, str, str, str], *, corners: bool, decimal_comma: bool) -> Box | None:
    """A box from left, top, width, height in pixels, or from left, top, right, bottom where `corners`.

    None when a cell is no number. Sizes are as they stand, zero and negative ones too.
    """
    values = [number(cell, decimal_comma=decimal_comma) for cell in cells]
    x, y, third, fourth = values
    if x is None or y is None or third is None or fourth is None:
        return None
    return Box(x, y, third - x, fourth - y) if corners else Box(x, y, third, fourth)


class BoxCheck(NamedTuple):
    """Indices of boxes that lie partly and wholly outside their picture."""

    partly: list[int]
    wholly: list[int]


def check_boxes(boxes: Iterable[Box], width: int, height: int) -> BoxCheck:
    """Which boxes leave a picture of `width` by `height` pixels; a box may touch its border."""
    partly: list[int] = []
    wholly: list[int] = []
    for index, box in enumerate(boxes):
        right, bottom = box.x + box.width, box.y + box.height
        if box.x >= width or box.y >= height or right <= 0 or bottom <= 0:
            wholly.append(index)
        elif box.x < 0 or box.y < 0 or right > width or bottom > height:
            partly.append(index)
    return BoxCheck(partly, wholly)
