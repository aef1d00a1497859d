"""Areas as Pascal VOC keeps them: a PNG of classes and one of objects, with the devkit's colours."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from triptych.core.labels import Kind
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


def drawn(labels: list[Label], item: ExportItem, value_of: dict[int, int], losses: Losses) -> Raster:
    """The areas of a picture, drawn in the order of their classes: of several on a pixel the last one counts."""
    shape = (item.height, item.width)
    raster = Raster(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
    known = [label for label in labels if label.class_id in value_of]
    objects = beyond = covered = 0
    for label in sorted(known, key=lambda label: value_of[label.class_id or 0]):
        if label.kind in (Kind.POINT, Kind.LINE):
            losses.point(item.key)
            continue
        mask = mask_of(label, item, losses) if label.kind in (Kind.POLYGON, Kind.MASK) else None
        if mask is None:
            continue
        if label.kind is Kind.POLYGON:
            losses.drawn(item.key)
        objects += 1
        beyond += objects > MOST
        covered += int(np.count_nonzero(raster.classes[mask]))
        raster.classes[mask] = value_of[label.class_id or 0]
        raster.objects[mask] = objects if objects <= MOST else 0
    if beyond:
        losses.object_beyond(item.key, beyond, MOST)
    if covered:
        losses.overlapped(item.key, covered)
    return raster
