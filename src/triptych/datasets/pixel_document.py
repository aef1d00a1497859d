"""What an item's picture is and how its values lie, as the viewer takes it.

Nothing here decodes a pixel: statistics and windows come from what was kept when the picture was imported. Where the
file has a rescale (PS3.3, C.11.1), all values are those after it: value = slope × sample + intercept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.core.histogram import BINS, percentiles
from triptych.core.raster import dtype_range
from triptych.core.statistics import unpack_histograms, unpack_moments
from triptych.modalities.planar.header import TILE, scales_of

if TYPE_CHECKING:
    import sqlalchemy as sa
    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram

AUTOMATIC = (1, 99)
"""Percentiles between which a picture is shown unless told otherwise."""


class Rescale(NamedTuple):
    """From samples to values; a slope of zero is taken as one."""

    slope: float = 1.0
    intercept: float = 0.0

    def value(self, sample: float) -> float:
        """The value of a sample."""
        return self.slope * sample + self.intercept

    def interval(self, low: float, high: float) -> tuple[float, float]:
        """The values between which samples from `low` to `high` lie."""
        ends = self.value(low), self.value(high)
        return min(ends), max(ends)


def pixel_document(content: sa.Row[Any]) -> dict[str, Any]:
    """What a content's picture is and what was measured of it: `image`, `windows`, `automatic`, `full`, `extent`
    and `statistics`. Alpha counts for no window."""
    bands = content.bands.split()
    details: dict[str, Any] = content.details or {}
    rescale = _rescale(details)
    moments = unpack_moments(bytes(content.moments))
    histograms = unpack_histograms(bytes(content.histograms))
    colors = [index for index, band in enumerate(bands) if band != "alpha"]
    extent = _finite(float(moments[colors, 3].min()), float(moments[colors, 4].max()))
    automatic = _automatic([histograms[index] for index in colors], extent)
    full = dtype_range(np.dtype(content.dtype), content.bit_depth)
    if not np.isfinite(full).all():
        full = extent
    return {
        "image": {
            "sha256": bytes(content.sha256).hex(),
            "width": content.width,
            "height": content.height,
            "bands": bands,
            "dtype": content.dtype,
            "bit_depth": content.bit_depth,
            "levels": len(scales_of(content.width, content.height)),
            "tile": TILE,
            "format": content.format,
            "frames": content.frames,
            "frame_time": details.get("frame_time"),
            "rescale": rescale._asdict(),
            "unit": details.get("unit", ""),
            "inverted": bool(details.get("inverted")),
            "overlays": bool(details.get("overlays")),
        },
        "windows": details.get("windows", []),
        "automatic": _interval(*rescale.interval(*automatic)),
        "full": _interval(*rescale.interval(*full)),
        "extent": _interval(*rescale.interval(*extent)),
        "statistics": [
            band_document(band, row, histogram, rescale)
            for band, row, histogram in zip(bands, moments, histograms, strict=True)
        ],
    }


def _rescale(details: dict[str, Any]) -> Rescale:
    given = details.get("rescale")
    if not given or not given[0]:
        return Rescale()
    return Rescale(float(given[0]), float(given[1]))


def _finite(low: float, high: float) -> tuple[float, float]:
    """The extent, or that of one value where no sample is a number."""
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (0.0, 0.0)


def _interval(low: float, high: float) -> dict[str, float]:
    return {"low": low, "high": high}


def _automatic(histograms: list[Histogram], extent: tuple[float, float]) -> tuple[float, float]:
    counted = [histogram for histogram in histograms if histogram.counts.size]
    if not counted:
        return 0.0, 1.0
    ends = [percentiles(histogram, AUTOMATIC)[0] for histogram in counted]
    low = max(min(low for low, _ in ends), extent[0])
    high = min(max(high for _, high in ends), extent[1])
    # Of a picture that is nearly all one value, the values that there are; of one value, it and the next.
    if low >= high:
        low, high = extent
    return low, high if high > low else low + 1


def band_document(
    band: str, row: NDArray[np.float64], histogram: Histogram, rescale: Rescale
) -> dict[str, Any]:
    """What was measured of one band of samples, as values: `BandStatistics`."""
    n, mean, m2, low, high, _ = row.tolist()
    low, high = _finite(low, high)
    least, most = rescale.interval(low, high)
    return {
        "band": band,
        "min": least,
        "max": most,
        "mean": rescale.value(mean),
        "std": abs(rescale.slope) * math.sqrt(m2 / n) if n else 0.0,
        "histogram": _drawn(histogram, high, rescale),
    }


def _drawn(histogram: Histogram, high: float, rescale: Rescale) -> dict[str, Any]:
    # Values from 0 to 255 are counted one by one, from 0 on; others from the first that there is.
    first = 0 if histogram.exact and histogram.first >= 0 and high < BINS else histogram.first
    counts = np.zeros(BINS, np.int64)
    start = histogram.first - first
    counts[start : start + histogram.counts.size] = histogram.counts
    ends = math.ldexp(first, histogram.shift), math.ldexp(first + BINS, histogram.shift)
    least, most = rescale.interval(*ends)
    return {"low": least, "high": most, "counts": (counts if rescale.slope > 0 else counts[::-1]).tolist()}
