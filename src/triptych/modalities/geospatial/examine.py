"""Everything that is ever measured of one raster, from its bytes, in one decode.

Small rasters are read at once; large ones in strips of whole blocks, so that memory does not grow with the raster.
What takes time for a chip of 6 × int16, 512² (see benchmarks/examine_rasters.py) is decoding, three quarters;
counting values and the thumbnails share most of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.windows import Window

from triptych.core.statistics import MAX, MIN, N, pack_histograms, pack_moments
from triptych.core.value_counts import pack_value_counts
from triptych.modalities.geospatial.details import details_of
from triptych.modalities.geospatial.facts import facts_of, rgb_places
from triptych.modalities.geospatial.measuring import Measuring
from triptych.modalities.geospatial.preview import MOST_CLASSES, Preview, encode
from triptych.modalities.geospatial.pyramid import PyramidWriter
from triptych.modalities.geospatial.reading import opened, read_samples
from triptych.modalities.geospatial.validity import Validity
from triptych.modalities.planar.examined import Examined, PlanarLimits
from triptych.modalities.planar.thumbnail import BYTES, CELL, GRID, fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from rasterio.io import DatasetReader

    from triptych.modalities.geospatial.facts import RasterFacts
    from triptych.modalities.planar.notes import Note

FORMAT = "GTIFF"
DOCUMENT = {"type": "raster-details", "version": 1}

STRIP = 24_000_000
"""Bytes of decoded samples that are held at a time; more only where a single row of blocks is larger."""

_EXACT = 2.0**53


def examine_raster(
    data: bytes,
    limits: PlanarLimits | None = None,
    *,
    nodata: float | None = None,
    rgb: tuple[int, ...] = (),
) -> Examined:
    """Decode a TIFF once and measure it; MemberError as `reading.opened` and `reading.read_samples`.

    `nodata` is a value that means nothing was measured, besides what the file declares. `rgb` are the places, from
    0, of the bands that thumbnails show as red, green and blue, or of the one that they show in grey; the file's own
    hints where it is empty or names bands that are not there.
    """
    limits = limits or PlanarLimits()
    with opened(data, max_pixels=limits.max_pixels) as dataset:
        facts = facts_of(dataset)
        validity = Validity.of(facts, nodata)
        details, notes = details_of(dataset, facts)
        measuring = Measuring(facts, validity)
        preview = Preview(facts, validity, _shown(facts, rgb))
        pyramid: PyramidWriter | None = None
        large = facts.width * facts.height > limits.pyramid_pixels and not facts.overviews
        for samples, window in _strips(dataset, facts):
            seen = validity.masked(dataset, samples, window)
            measuring.add(samples, seen)
            preview.add(samples, seen)
            if large and pyramid is None:
                pyramid = PyramidWriter(facts, validity, unmixed=_few(measuring.value_counts()) is not None)
            if pyramid is not None:
                pyramid.add(samples, seen)
    counts = measuring.value_counts()
    moments = measuring.moments()
    image = preview.image(_few(counts), facts.palette)
    return Examined(
        bytes=len(data),
        format=FORMAT,
        width=facts.width,
        height=facts.height,
        bands=" ".join(facts.bands),
        dtype=facts.dtype,
        bit_depth=facts.bit_depth,
        orientation=1,
        pixel_hash=measuring.pixel_hash(),
        perceptual_hash=None,
        moments=pack_moments(moments),
        histograms=pack_histograms(measuring.histograms()),
        notes=(*notes, *notes_of(facts, moments, measuring.not_finite)),
        thumbnails={side: encode(fit(image, side), BYTES[side]) for side in (GRID, CELL)},
        pyramid=pyramid.finish() if pyramid is not None else None,
        details={**DOCUMENT, **details},
        value_counts=None if counts is None else pack_value_counts(*counts),
    )


def notes_of(facts: RasterFacts, moments: NDArray[np.float64], not_finite: int) -> list[Note]:
    """What was noticed about the samples: (code, detail)."""
    notes: list[Note] = []
    judged = np.array([place for place in range(facts.count) if place != facts.alpha] or [0])
    n = moments[judged, N]
    names = [facts.bands[place] for place in judged]
    if not n.any():
        notes.append(("raster_empty", ""))
    elif not n.all():
        notes.append(("band_empty", _named(names, n == 0)))
    constant = (n > 1) & (moments[judged, MIN] == moments[judged, MAX])
    if constant.any():
        notes.append(("band_constant", _named(names, constant)))
    announced = any(value is not None and not np.isfinite(value) for value in facts.declared)
    if not_finite and not announced:
        notes.append(("values_not_finite", f"{not_finite} samples"))
    if facts.pages > 1:
        notes.append(("several_images", f"{facts.pages} images"))
    if any(a is not None and b is None for a, b in zip(facts.declared, facts.nodata, strict=True)):
        notes.append(("nodata_outside_range", str(next(v for v in facts.declared if v is not None))))
    if len({str(value) for value in facts.declared}) > 1:
        notes.append(("nodata_by_band", ""))
    if facts.palette is not None:
        notes.append(("colormap", f"{len(facts.palette)} colours"))
    if (
        facts.dtype in ("int64", "uint64")
        and np.abs(moments[judged][n > 0][:, MIN : MAX + 1]).max(initial=0) > _EXACT
    ):
        notes.append(("many_values_wide", ""))
    return notes


def _named(names: list[str], chosen: NDArray[np.bool_]) -> str:
    found = [name for name, is_chosen in zip(names, chosen.tolist(), strict=True) if is_chosen]
    return ", ".join(found[:5]) + (" …" if len(found) > 5 else "")


def _strips(dataset: DatasetReader, facts: RasterFacts) -> Iterator[tuple[NDArray[Any], Window | None]]:
    """Samples (c, y, x) from top to bottom with the window that they are of; None for the whole raster."""
    if facts.row_bytes * facts.height <= STRIP:
        yield read_samples(dataset), None
        return
    block = facts.block[0]
    rows = max(1, STRIP // (facts.row_bytes * block)) * block
    for top in range(0, facts.height, rows):
        window = Window(0, top, facts.width, min(rows, facts.height - top))
        yield read_samples(dataset, window), window


def _shown(facts: RasterFacts, rgb: tuple[int, ...]) -> tuple[int, ...]:
    if rgb and all(0 <= place < facts.count for place in rgb):
        return rgb[:3] if len(rgb) >= 3 else rgb[:1]
    return rgb_places(facts)


def _few(counts: tuple[NDArray[np.int64], NDArray[np.int64]] | None) -> list[int] | None:
    """The values of a raster that looks like labels."""
    if counts is None or counts[0].size > MOST_CLASSES:
        return None
    values: list[int] = counts[0].tolist()
    return values
