"""Overlay planes: bitmaps that lie over the pixels, in groups 6000 to 60FF (PS3.3, C.9.2).

They have bits of their own, or (retired) one of the bits that samples leave unused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.multival import MultiValue

from triptych.dicom.guard import FAILURES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

MAX_OVERLAYS = 16
"""Groups that the standard has room for: 6000, 6002, … 601E."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One plane on one frame: `bits` (y, x) of bool, its first pixel on the picture's pixel `origin` (y, x), from 0.

    `name` is its label or description; `region` tells a region of interest from graphics.
    """

    group: int
    name: str
    region: bool
    origin: tuple[int, int]
    bits: NDArray[np.bool_]


def overlays_of(
    dataset: Dataset, index: int, stored: NDArray[Any] | None, *, max_pixels: int, big_endian: bool = False
) -> list[Overlay]:
    """The overlays on frame `index`, in order of their groups; those that make no sense are left out.

    `stored` are the frame's samples (y, x) with all bits as they are in the file, for embedded planes; without
    them only separate planes are found. A plane of more than `max_pixels` is left out.
    """
    found = []
    for group in range(0x6000, 0x6000 + 2 * MAX_OVERLAYS, 2):
        if not any(group << 16 | element in dataset for element in (0x0010, 0x0100, 0x3000)):
            continue
        bits = _separate(dataset, group, index, max_pixels, big_endian)
        if bits is None and stored is not None:
            bits = _embedded(dataset, group, stored)
        if bits is None:
            continue
        origin = _numbers(dataset, group, 0x0050)
        top, left = (origin[0] - 1, origin[1] - 1) if len(origin) >= 2 else (0, 0)
        name = _text(dataset, group, 0x1500) or _text(dataset, group, 0x0022)
        found.append(Overlay(group, name, _text(dataset, group, 0x0040) == "R", (top, left), bits))
    return found


def has_embedded(dataset: Dataset) -> bool:
    """Whether some group names a plane without having its bits."""
    groups = range(0x6000, 0x6000 + 2 * MAX_OVERLAYS, 2)
    return any(group << 16 | 0x0102 in dataset and group << 16 | 0x3000 not in dataset for group in groups)


def _separate(
    dataset: Dataset, group: int, index: int, max_pixels: int, big_endian: bool
) -> NDArray[np.bool_] | None:
    data = _value(dataset, group, 0x3000)
    rows, columns = (_numbers(dataset, group, element)[:1] for element in (0x0010, 0x0011))
    if not isinstance(data, bytes) or not rows or not columns:
        return None
    pixels = rows[0] * columns[0]
    if rows[0] < 1 or columns[0] < 1 or pixels > max_pixels:
        return None
    frames = (_numbers(dataset, group, 0x0015) or [1])[0]
    origin = (_numbers(dataset, group, 0x0051) or [1])[0]
    # PS3.3, C.9.3: planes of a multi-frame overlay lie on the frames from the image frame origin on.
    number = index - (origin - 1) if frames > 1 else 0
    if not 0 <= number < max(1, frames):
        return None
    raw = np.frombuffer(data, np.uint8)
    if big_endian and len(raw) % 2 == 0:
        raw = raw.view("<u2").byteswap().view(np.uint8)
    first = number * pixels
    cut = raw[first // 8 : (first + pixels + 7) // 8]
    bits = np.unpackbits(cut, bitorder="little")[first % 8 : first % 8 + pixels]
    if len(bits) < pixels:
        return None
    return bits.reshape(rows[0], columns[0]).astype(np.bool_)


def _embedded(dataset: Dataset, group: int, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    position = _numbers(dataset, group, 0x0102)
    if not position or stored.ndim != 2 or stored.dtype.kind not in "iu":
        return None
    if not 0 < position[0] < stored.dtype.itemsize * 8:
        return None
    unsigned = stored.view(np.dtype(f"u{stored.dtype.itemsize}"))
    bit = unsigned.dtype.type(1 << position[0])
    plane: NDArray[np.bool_] = (unsigned & bit) != 0
    return plane


def _value(dataset: Dataset, group: int, element: int) -> Any:
    try:
        found: Any = dataset.get(group << 16 | element)
        return None if found is None else found.value
    except FAILURES:
        return None


def _numbers(dataset: Dataset, group: int, element: int) -> list[int]:
    value = _value(dataset, group, element)
    if value is None:
        return []
    try:
        return [int(each) for each in (value[:4] if isinstance(value, MultiValue | list) else [value])]
    except (TypeError, ValueError, OverflowError):
        return []


def _text(dataset: Dataset, group: int, element: int) -> str:
    value = _value(dataset, group, element)
    return str(value).strip(" \0") if isinstance(value, str) else ""
