"""Where a GeoTIFF lies: its GeoKeys, tie points and matrices as a coordinate system and a transform.

OGC GeoTIFF 1.1 (19-008r4), section 7: a directory of four numbers for each key (key, place of its value, count, value
or index), and how raster space becomes model space.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Transform = tuple[float, float, float, float, float, float]

MODEL_TYPE, RASTER_TYPE, CITATION = 1024, 1025, 1026
GEOGRAPHIC, GEOGRAPHIC_CITATION, PROJECTED, PROJECTED_CITATION = 2048, 2049, 3072, 3073
LINEAR_UNITS = 3076
USER_DEFINED = 32767
_TEXTS_AT = 34737


def _keys(directory: Sequence[float]) -> dict[int, tuple[int, int, int]]:
    """Place, count and value or index, by key."""
    numbers = [int(value) for value in directory]
    count = min(numbers[3] if len(numbers) > 3 else 0, len(numbers) // 4 - 1)
    rows = (numbers[4 + 4 * at : 8 + 4 * at] for at in range(count))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def crs_of(directory: Sequence[float], doubles: Sequence[float], texts: str) -> str:
    """The coordinate system: "EPSG:32633", else the name that the file gives it, "" where there is none."""
    keys = _keys(directory)
    for key in (PROJECTED, GEOGRAPHIC):
        place, _, value = keys.get(key, (0, 0, 0))
        if place == 0 and 1024 <= value < USER_DEFINED:
            return f"EPSG:{value}"
        # A projection of its own is defined on a geographic system, which is not that of the pixels.
        if value == USER_DEFINED and key == PROJECTED:
            break
    for key in (PROJECTED_CITATION, CITATION, GEOGRAPHIC_CITATION):
        place, count, start = keys.get(key, (0, 0, 0))
        if place == _TEXTS_AT and (name := texts[start : start + count].rstrip("|\0 ").strip()):
            return " ".join(name.split())[:100]
    known = keys.get(PROJECTED, keys.get(GEOGRAPHIC))
    return "user-defined" if known is not None and (doubles or known[2] == USER_DEFINED) else ""


def unit_of(directory: Sequence[float]) -> float | None:
    """Metres in one unit of a projected system; None for degrees, and where the unit is none that is known."""
    keys = _keys(directory)
    if keys.get(MODEL_TYPE, (0, 0, 1 if PROJECTED in keys else 2))[2] != 1:
        return None
    return {0: 1.0, 9001: 1.0, 9002: 0.3048, 9003: 1200 / 3937}.get(keys.get(LINEAR_UNITS, (0, 0, 0))[2])


def is_point(directory: Sequence[float]) -> bool:
    """Whether coordinates are those of the middle of a pixel (GTRasterTypeGeoKey = RasterPixelIsPoint)."""
    return _keys(directory).get(RASTER_TYPE, (0, 0, 1))[2] == 2


def transform_of(
    matrix: Sequence[float], scale: Sequence[float], points: Sequence[float], *, point: bool
) -> Transform | None:
    """The affine transform from pixel corners to coordinates, None without one (ground control points are none)."""
    found: Transform | None = None
    if len(matrix) >= 8:
        found = (matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7])
    elif len(scale) >= 2 and len(points) >= 6:
        across, down = scale[0], -scale[1]
        found = (across, 0.0, points[3] - points[0] * across, 0.0, down, points[4] - points[1] * down)
    if (
        found is None
        or not all(math.isfinite(value) for value in found)
        or not found[0] * found[4] - found[1] * found[3]
    ):
        return None
    if point:
        a, b, c, d, e, f = found
        return a, b, c - (a + b) / 2, d, e, f - (d + e) / 2
    return found
