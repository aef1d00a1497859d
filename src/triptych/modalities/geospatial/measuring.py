"""Moments, histograms, the hash of the pixels and the counts of values of a raster, strip by strip.

Whole numbers of at most 16 bits are counted once for everything: what means nothing is taken out of the counts, so
that no mask over the pixels is needed where a value alone decides. A raster that fits one strip is measured
exactly; the strips of a large one are merged by Chan's formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from blake3 import blake3

from triptych.core.histogram import from_counts
from triptych.core.histogram import merge as merge_histograms
from triptych.core.statistics import INVALID, N, count_values, measure, merge_moments, moments_of_counts
from triptych.core.value_counts import MOST_VALUES, pack_value_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram
    from triptych.modalities.geospatial.facts import RasterFacts
    from triptych.modalities.geospatial.validity import Validity

_EXACT_FLOATS = 2.0**53
_UNIQUE_AT_ONCE = 1 << 20
_COUNTED_SPAN = 1 << 20


class Measuring:
    """What is gathered of a raster whose strips come one after another, from top to bottom."""

    def __init__(self, facts: RasterFacts, validity: Validity) -> None:
        self._facts = facts
        self._validity = validity
        self._hashers = [blake3() for _ in range(facts.count)]
        self._moments: list[NDArray[np.float64]] = []
        self._histograms: list[tuple[Histogram, ...]] = []
        self._values = ValueCounter(np.dtype(facts.dtype)) if facts.count == 1 else None
        self.not_finite = 0

    def add(self, samples: NDArray[Any], seen: NDArray[np.bool_] | None) -> None:
        """A strip (c, y, x) of all bands, and where the mask and the transparency let something be seen (y, x)."""
        moments = np.empty((self._facts.count, 6), np.float64)
        histograms = []
        for place, band in enumerate(samples):
            little = np.ascontiguousarray(band, band.dtype.newbyteorder("<"))
            self._hashers[place].update(little.reshape(-1).view(np.uint8).data)
            if band.dtype.kind in "iu" and band.dtype.itemsize <= 2:
                moments[place], histogram = self._counted(band, place, seen)
            else:
                moments[place], histogram = self._summed(band, place, seen)
            histograms.append(histogram)
        self._moments.append(moments)
        self._histograms.append(tuple(histograms))

    def _counted(
        self, band: NDArray[Any], place: int, seen: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float64], Histogram]:
        mask = None if place == self._validity.alpha else seen
        first, counts = count_values(band, mask)
        if self._values is not None:
            # Invalid pixels count here as well: a label that means "ignore" is often declared as nodata.
            every = counts if mask is None else count_values(band)[1]
            self._values.add_counts(first, every)
        for value in self._validity.missing[place]:
            if first <= value < first + counts.size:
                counts[int(value) - first] = 0
        moments = moments_of_counts(counts, first)
        moments[INVALID] = band.size - moments[N]
        return moments, from_counts(first, 0, counts)

    def _summed(
        self, band: NDArray[Any], place: int, seen: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float64], Histogram]:
        if self._values is not None:
            self._values.add(band)
        if band.dtype.kind == "f":
            self.not_finite += band.size - int(np.count_nonzero(np.isfinite(band)))
        valid = self._validity.of_band(band, place, seen)
        if valid is not None and valid.all():
            valid = None
        moments, histograms = measure(band, valid)
        return moments[0], histograms[0]

    def moments(self) -> NDArray[np.float64]:
        """Moments (bands, 6) over everything that came."""
        return self._moments[0] if len(self._moments) == 1 else merge_moments(np.stack(self._moments))

    def histograms(self) -> tuple[Histogram, ...]:
        """A histogram for each band."""
        if len(self._histograms) == 1:
            return self._histograms[0]
        return tuple(merge_histograms(band) for band in zip(*self._histograms, strict=True))

    def value_counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Values in rising order and how often each occurs, of a raster of one band of few whole numbers."""
        return None if self._values is None else self._values.result()

    def pixel_hash(self) -> bytes:
        """BLAKE3 over what the raster is, then over the hash of each band's samples.

        First the line "triptych raster 1 <dtype> <height> <width> <number of bands>\\n" in ASCII, then for each band
        the 32 bytes of BLAKE3 over its samples (y, x), little-endian. The same pixels give the same hash however
        they are laid out, compressed or read; names of bands and what means nothing have no part in it.
        """
        facts = self._facts
        start = f"triptych raster 1 {facts.dtype} {facts.height} {facts.width} {facts.count}\n"
        whole = blake3(start.encode())
        for hasher in self._hashers:
            whole.update(hasher.digest())
        return whole.digest()


class ValueCounter:
    """Counts of the values of a band as long as they are whole numbers, at most MOST_VALUES different ones."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._small = dtype.kind in "iu" and dtype.itemsize <= 2
        self._first = 0
        self._counts: NDArray[np.int64] | None = None
        self._found: dict[int, int] | None = {}

    def add_counts(self, first: int, counts: NDArray[np.int64]) -> None:
        """Counts of neighbouring whole numbers, the first of `first`."""
        if self._counts is None or not self._counts.size:
            self._first, self._counts = first, counts.copy()
            return
        low = min(self._first, first)
        high = max(self._first + self._counts.size, first + counts.size)
        joined = np.zeros(high - low, np.int64)
        joined[self._first - low : self._first - low + self._counts.size] = self._counts
        joined[first - low : first - low + counts.size] += counts
        self._first, self._counts = low, joined

    def add(self, band: NDArray[Any]) -> None:
        """Samples (y, x) of a wider type; NaN is no value."""
        if self._found is None:
            return
        flat = band.reshape(-1)
        for start in range(0, flat.size, _UNIQUE_AT_ONCE):
            part = flat[start : start + _UNIQUE_AT_ONCE]
            if part.dtype.kind == "f":
                part = part[~np.isnan(part)]
            if not part.size:
                continue
            if not _holds_whole_numbers(part) or not _holds_few(part):
                self._found = None
                return
            values, counts = _counted(part)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True):
                self._found[int(value)] = self._found.get(int(value), 0) + count
            if len(self._found) > MOST_VALUES:
                self._found = None
                return

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Values in rising order and their counts; None where they are not few whole numbers, or none at all."""
        if self._small:
            if self._counts is None:
                return None
            filled = np.flatnonzero(self._counts)
            return filled.astype(np.int64) + self._first, self._counts[filled]
        if not self._found:
            return None
        values = np.array(sorted(self._found), np.int64)
        return values, np.array([self._found[value] for value in values.tolist()], np.int64)

    def packed(self) -> bytes | None:
        """The result as `core.value_counts` packs it."""
        found = self.result()
        return None if found is None else pack_value_counts(*found)


def _holds_whole_numbers(flat: NDArray[Any]) -> bool:
    if flat.dtype.kind in "iu":
        return flat.dtype != np.uint64 or int(flat.max()) < 2**63
    for part in (flat[:4096], flat):  # the first few tell nearly always
        if not np.isfinite(part).all() or np.abs(part).max() > _EXACT_FLOATS or (part != np.rint(part)).any():
            return False
    return True


def _counted(flat: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Whole numbers in rising order and how often each occurs; sorting takes twenty times as long as counting."""
    low, span = int(flat.min()), int(flat.max()) - int(flat.min()) + 1
    if span > _COUNTED_SPAN:
        values, counts = np.unique(flat, return_counts=True)
        return values, counts
    every = np.bincount((flat - flat.dtype.type(low)).astype(np.intp), minlength=span)
    filled = np.flatnonzero(every)
    return filled + low, every[filled]


def _holds_few(flat: NDArray[Any]) -> bool:
    """Whether a look at some of the samples leaves it open that there are few different ones: sorting all costs."""
    some = flat[:: max(1, flat.size // 16_384)][:16_384]
    return flat.size <= MOST_VALUES or np.unique(some).size < 0.9 * some.size
