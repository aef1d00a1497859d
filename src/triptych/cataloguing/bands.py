"""Bands of a file as STAC 1.1 tells them: common `bands` with the fields of the eo and raster extensions.

Statistics are of samples; `raster:scale` and `raster:offset` make values of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triptych.cataloguing.chips import ChipLayer
    from triptych.datasets.raster_document import FileBand

MOST_BANDS = 256
"""Bands of a file that are told one by one; hyperspectral cubes have more, and a page would be 100 MB."""

DATA_TYPES = frozenset(
    f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)
) | {"float16", "float32", "float64"}  # fmt: skip

COMMON_NAMES = (
    (400, 450, "coastal"), (450, 520, "blue"), (520, 600, "green"), (600, 625, "yellow"), (625, 690, "red"),
    (690, 720, "rededge071"), (720, 760, "rededge075"), (760, 800, "rededge078"), (800, 855, "nir"),
    (855, 900, "nir08"), (930, 960, "nir09"), (1350, 1400, "cirrus"), (1550, 1750, "swir16"),
    (2050, 2350, "swir22"), (10500, 11500, "lwir11"), (11500, 12500, "lwir12"),
)  # fmt: skip
"""Common names by the centre of a band in nanometres, from the ranges of the eo extension 2.0.0."""

_COLORS = {"R": "red", "G": "green", "B": "blue"}


def stac_bands(layer: ChipLayer) -> list[dict[str, Any]]:
    """A document for each band of a file in its order; none where there are more than 256."""
    if len(layer.bands) > MOST_BANDS:
        return []
    names = _names(layer)
    return [
        _band(layer, band, name, place)
        for place, (band, name) in enumerate(zip(layer.bands, names, strict=True))
    ]


def common_name(wavelength: float | None, color: str | None) -> str | None:
    """The eo extension's name of a band: by its role in the picture, else by its wavelength in nanometres."""
    if color in _COLORS:
        return _COLORS[color]
    if wavelength is None:
        return None
    return next((name for low, high, name in COMMON_NAMES if low <= wavelength < high), None)


def _names(layer: ChipLayer) -> list[str]:
    """Names of the bands, each once: those of the recipe stay as they are."""
    used = {band.name for band in layer.bands if band.used}
    return [
        band.name if band.used or band.name not in used else f"{band.name}_{place + 1}"
        for place, band in enumerate(layer.bands)
    ]


def _band(layer: ChipLayer, band: FileBand, name: str, place: int) -> dict[str, Any]:
    nodata = _nodata(layer)
    resolution = _resolution(layer)
    found: dict[str, Any] = {
        "name": name,
        "description": band.description or None,
        "data_type": layer.dtype if layer.dtype in DATA_TYPES else "other",
        "nodata": nodata,
        "statistics": _statistics(layer, place),
        "eo:common_name": common_name(band.wavelength, band.color),
        "eo:center_wavelength": band.wavelength / 1000 if band.wavelength else None,
        "raster:scale": band.scale if band.scale != 1 else None,
        "raster:offset": band.offset or None,
        "raster:bits_per_sample": layer.bit_depth,
        "raster:sampling": {"area": "area", "point": "point"}.get(
            str(layer.details.get("area_or_point") or "").lower()
        ),
        "raster:spatial_resolution": resolution,
    }
    return {key: value for key, value in found.items() if value is not None}


def _statistics(layer: ChipLayer, place: int) -> dict[str, Any] | None:
    if place >= len(layer.moments):
        return None
    n, mean, m2, low, high, invalid = layer.moments[place].tolist()
    total = n + invalid
    counted = {"count": int(n), "valid_percent": 100 * n / total if total else 0.0}
    if not n:
        return counted
    return {"minimum": low, "maximum": high, "mean": mean, "stddev": math.sqrt(max(m2, 0) / n), **counted}


def _nodata(layer: ChipLayer) -> float | str | None:
    """The value that means nothing was measured: what the recipe declares, else what the file does."""
    declared = None if layer.source is None else layer.source.nodata
    value = layer.details.get("nodata") if declared is None else declared
    if value is None or isinstance(value, bool):
        return None
    number = float(value)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return int(number) if number == int(number) else number


def _resolution(layer: ChipLayer) -> float | None:
    """Metres of a pixel: the mean of both sides, by the file's place, else by the recipe."""
    sides = layer.details.get("resolution")
    if sides:
        return float(sum(sides) / len(sides))
    return None if layer.source is None else layer.source.resolution
