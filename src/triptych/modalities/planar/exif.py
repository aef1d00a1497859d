"""The two things that a picture needs from its EXIF data: which side is up, and how large a pixel is.

EXIF (CIPA DC-008) is a TIFF file inside the picture; both facts stand in its first directory. The rest of it
(cameras, places, names) is never read.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION, _UNIT = 0x0112, 0x011A, 0x011B, 0x0128
_SHORT, _LONG, _RATIONAL = 3, 4, 5
_MILLIMETRES = {2: 25.4, 3: 10.0}  # ResolutionUnit: 2 is inch, 3 is centimetre


class Exif(NamedTuple):
    """`orientation` is 1 to 8; `spacing` is (y, x) in millimetres, None where no unit is given."""

    orientation: int
    spacing: tuple[float, float] | None


def read_exif(data: bytes | memoryview) -> Exif | None:
    """What a TIFF block says in its first directory; None where it is damaged.

    An orientation outside 1 to 8 is taken as 1, as every viewer does.
    """
    try:
        values = _first_directory(bytes(data[:65536]))
    except (struct.error, KeyError):
        return None
    orientation = values.get(_ORIENTATION, 1)
    unit = _MILLIMETRES.get(int(values.get(_UNIT, 0)))
    x, y = values.get(_X_RESOLUTION, 0), values.get(_Y_RESOLUTION, 0)
    spacing = (unit / y, unit / x) if unit and x > 0 and y > 0 else None
    return Exif(int(orientation) if orientation in range(1, 9) else 1, spacing)


def _first_directory(data: bytes) -> dict[int, float]:
    order = {b"II*\0": "<", b"MM\0*": ">"}[data[:4]]
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    values: dict[int, float] = {}
    for at in range(start + 2, start + 2 + count * 12, 12):
        tag, kind, number = struct.unpack_from(order + "HHI", data, at)
        if number == 1 and tag in (_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION, _UNIT):
            values[tag] = _value(data, order, kind, at + 8)
    return values


def _value(data: bytes, order: str, kind: int, at: int) -> float:
    if kind == _SHORT:
        return float(struct.unpack_from(order + "H", data, at)[0])
    (value,) = struct.unpack_from(order + "I", data, at)
    if kind != _RATIONAL:
        return float(value) if kind == _LONG else 0.0
    numerator, denominator = struct.unpack_from(order + "II", data, value)
    return float(numerator / denominator) if denominator else 0.0
