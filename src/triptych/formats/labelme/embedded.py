"""What LabelMe's files hold as base64: the picture itself (`imageData`), and masks of shapes."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.formats.pictures.kinds import kind_of
from triptych.formats.pictures.mask_values import decode_png
from triptych.formats.pictures.sizes import HEAD_BYTES, picture_size, plausible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ENDINGS = {"JPEG": ".jpg", "PNG": ".png"}
MASK_PIXELS = 64 * 1024 * 1024
"""Pixels of a picture on which a mask is drawn."""


class Embedded(NamedTuple):
    """A picture inside a label file: the ending of its kind, and its (height, width) where the beginning tells."""

    ending: str
    size: tuple[int, int] | None


def embedded_of(data: Any) -> Embedded | None:
    """What `imageData` holds: a JPEG or PNG as base64; None for anything else."""
    if not isinstance(data, str) or not data.isascii():
        return None
    try:
        content = binascii.a2b_base64("".join(data.split()), strict_mode=True)
    except ValueError:
        return None
    kind = kind_of(content[:132])
    if kind not in _ENDINGS:
        return None
    size = picture_size(content[:HEAD_BYTES])
    return Embedded(_ENDINGS[kind], None if size is None else (size[1], size[0]))


def mask_of(data: Any, points: Sequence[float], size: tuple[int, int] | None) -> NDArray[np.bool_]:
    """The mask (y, x) of a shape on a picture of a size (height, width).

    `data` is a PNG as base64 of what lies between the two `points` (x0, y0, x1, y1), both of them included, as
    LabelMe cuts it. ValueError when it does not fit.
    """
    if size is None or not plausible(size[1], size[0]) or size[0] * size[1] > MASK_PIXELS:
        raise ValueError("the size of its picture is not known, or too large for a mask")
    if not isinstance(data, str) or not data.isascii() or len(points) != 4:
        raise ValueError("it has no mask in base64 between two points")
    left, top = round(min(points[0], points[2])), round(min(points[1], points[3]))
    try:
        content = binascii.a2b_base64("".join(data.split()), strict_mode=True)
    except ValueError:
        raise ValueError("its mask is not base64") from None
    cut = decode_png(content, MASK_PIXELS)
    if cut is None:
        raise ValueError("its mask is no PNG")
    height, width = cut.shape
    if left < 0 or top < 0 or left + width > size[1] or top + height > size[0]:
        raise ValueError("its mask leaves the picture")
    if (width, height) != (round(abs(points[2] - points[0])) + 1, round(abs(points[3] - points[1])) + 1):
        raise ValueError("its mask has another size than its two points say")
    mask = np.zeros(size, bool)
    mask[top : top + height, left : left + width] = cut != 0
    return mask
