"""Areas as Pascal VOC keeps them: a PNG of classes and one of objects, with the devkit's colours."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from triptych.core.labels import AREAS, Kind
from triptych.formats.conversion import mask_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.labels import Label
    from triptych.formats.base import ExportItem
    from triptych.formats.losses import Losses

MOST = 254
"""Classes, and objects of a picture, that have a value: 0 is the background, 255 is not evaluated."""


@dataclass(slots=True)
class Raster:
    """Values (y, x) of the classes and of the objects of a picture, uint8."""

    classes: NDArray[np.uint8]
    objects: NDArray[np.uint8]
    renumbered: int = 0  # objects that had a number, and another one here

    def png(self, values: NDArray[np.uint8]) -> bytes:
        """Values as a PNG of indices under the devkit's colour map."""
        image = Image.frombytes("P", (values.shape[1], values.shape[0]), values.tobytes())
        image.putpalette(bytes(chain.from_iterable(color_map())))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


@cache
def color_map() -> tuple[tuple[int, int, int], ...]:
    """Red, green and blue of each value: VOClabelcolormap.m of the devkit, which deals the bits of a value to the
    three, highest first."""
    colors = []
    for value in range(256):
        rest, color = value, [0, 0, 0]
        for place in range(7, -1, -1):
            for band in range(3):
                color[band] |= ((rest >> band) & 1) << place
            rest >>= 3
        colors.append((color[0], color[1], color[2]))
    return tuple(colors)


def _values(labels: list[Label]) -> list[int]:
    """The value of each object: its number where that fits a byte and no other has it, else one that is free, 0
    where none is left."""
    wanted = [None if label.shape is None else label.shape.instance for label in labels]
    taken: set[int] = set()
    values: list[int] = []
    for number in wanted:
        fits = number is not None and 0 < number <= MOST and number not in taken
        values.append(number if fits and number is not None else 0)
        taken |= {number} if fits and number is not None else set()
    free = iter(sorted(set(range(1, MOST + 1)) - taken))
    return [value or next(free, 0) for value in values]


def drawn(labels: list[Label], item: ExportItem, value_of: dict[int, int], losses: Losses) -> Raster:
    """The areas of a picture, drawn in the order of their classes: of several on a pixel the last one counts."""
    shape = (item.height, item.width)
    raster = Raster(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
    known = [label for label in labels if label.class_id in value_of]
    beyond = covered = 0
    for label in known:
        if label.kind in (Kind.POINT, Kind.LINE):
            losses.point(item.key)
    areas = [label for label in known if label.kind in AREAS]
    areas.sort(key=lambda label: value_of[label.class_id or 0])
    for label, value in zip(areas, _values(areas), strict=True):
        mask = mask_of(label, item, losses)
        if mask is None:
            continue
        if not mask.any():
            losses.no_mask(item.key, "it covers nothing")
            continue
        if label.kind is Kind.POLYGON:
            losses.drawn(item.key)
        beyond += not value
        instance = None if label.shape is None else label.shape.instance
        raster.renumbered += instance is not None and instance != value
        covered += int(np.count_nonzero(raster.classes[mask]))
        raster.classes[mask] = value_of[label.class_id or 0]
        raster.objects[mask] = value
    if beyond:
        losses.object_beyond(item.key, beyond, MOST)
    if covered:
        losses.overlapped(item.key, covered)
    return raster
