"""Histograms that merge without loss: bins on a grid whose width is a power of two and whose origin is zero.

Bin k of a histogram covers the values [(first + k) * 2**shift, (first + k + 1) * 2**shift). Any two such grids
nest in each other, so that a merge only ever adds whole bins, whatever the order. A histogram keeps the finest
grid on which its values need at most 256 bins; whole numbers never get bins narrower than 1, so 8-bit data
is exact.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

BINS = 256

# A float64 has 52 bits behind its first one: a grid finer than 30 bits below the largest value would make
# 256 bins only of values that differ by less than one part in four million.
_FINEST = 30
_LOWEST_SHIFT = -1000

_PLACED_AT_ONCE = 1 << 15  # values whose bins are held at a time, so that they stay in the processor's cache


def _no_counts() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts of values on a grid: bin k covers [(first + k) * 2**shift, (first + k + 1) * 2**shift).

    The first and the last bin are never empty, a histogram of nothing has no bins. `whole` says that all
    values were whole numbers, so that a bin of width 1 holds one value.
    """

    first: int = 0
    shift: int = 0
    counts: NDArray[np.int64] = field(default_factory=_no_counts)
    whole: bool = True

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Histogram)
            and (self.first, self.shift, self.whole) == (other.first, other.shift, other.whole)
            and np.array_equal(self.counts, other.counts)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> int:
        """How many values were counted."""
        return int(self.counts.sum())

    @property
    def exact(self) -> bool:
        """Whether each bin holds a single value."""
        return self.whole and self.shift == 0


EMPTY = Histogram()


def from_counts(first: int, shift: int, counts: NDArray[np.integer[Any]], *, whole: bool = True) -> Histogram:
    """The histogram of counts on a grid: empty ends cut off, bins joined until at most 256 are left."""
    filled = np.flatnonzero(counts)
    if not filled.size:
        return EMPTY
    start, stop = int(filled[0]), int(filled[-1]) + 1
    first, kept = first + start, counts[start:stop]
    coarser = _coarsening(first, first + kept.size - 1)
    return Histogram(*_coarsened(first, shift, kept, coarser), whole)


def histogram_of(values: NDArray[Any]) -> Histogram:
    """The histogram of an array of any shape: integers of any width, booleans, or floats (finite ones only).

    Integers of at most 16 bits are counted one by one; wider ones and floats straight on their final grid.
    """
    flat = values.reshape(-1)
    if flat.dtype.kind == "b":
        flat = flat.view(np.uint8)
    if flat.dtype.kind == "f":
        known = np.isfinite(flat)
        return _histogram_of_floats(flat if known.all() else flat[known])
    if not flat.size:
        return EMPTY
    low, high = int(flat.min()), int(flat.max())
    shift = _coarsening(low, high)
    if flat.dtype.itemsize <= 2:
        return from_counts(low, 0, np.bincount(flat.astype(np.intp) - low))
    bins = (flat >> flat.dtype.type(shift)) - flat.dtype.type(low >> shift)
    return Histogram(low >> shift, shift, np.bincount(bins.astype(np.intp)).astype(np.int64))


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """All of them as one, on the finest grid that is a coarsening of each and needs at most 256 bins.

    Exact, and the same in whatever order and grouping the histograms come.
    """
    parts = [histogram for histogram in histograms if histogram.counts.size]
    if not parts:
        return EMPTY
    shift = max(part.shift for part in parts)
    low = min(part.first >> _within(shift - part.shift) for part in parts)
    high = max((part.first + part.counts.size - 1) >> _within(shift - part.shift) for part in parts)
    shift += _coarsening(low, high)
    placed = [_coarsened(part.first, part.shift, part.counts, shift - part.shift) for part in parts]
    low = min(first for first, _, _ in placed)
    high = max(first + counts.size for first, _, counts in placed)
    summed = np.zeros(high - low, np.int64)
    for first, _, counts in placed:
        summed[first - low : first - low + counts.size] += counts
    return Histogram(low, shift, summed, all(part.whole for part in parts))


def percentiles(histogram: Histogram, qs: Sequence[float]) -> tuple[list[float], bool]:
    """The values below which `qs` percent lie, and whether they are exact; NaN where nothing was counted.

    Exact ones are those of `numpy.percentile` with linear interpolation between the two nearest values.
    Otherwise the values of a bin are taken to be spread evenly over it, which is off by at most one bin.
    """
    total = histogram.total
    if not total:
        return [math.nan] * len(qs), histogram.exact
    cumulative = np.cumsum(histogram.counts)
    positions = np.asarray(qs, np.float64) / 100 * (total - 1)
    if histogram.exact:
        below = np.floor(positions)
        left = np.searchsorted(cumulative, below, side="right") + histogram.first
        right = np.searchsorted(cumulative, np.ceil(positions), side="right") + histogram.first
        return [float(v) for v in left + (positions - below) * (right - left)], True
    bins = np.minimum(np.searchsorted(cumulative, positions, side="right"), cumulative.size - 1)
    counted = histogram.counts[bins]
    within = (positions + 0.5 - (cumulative[bins] - counted)) / counted
    return [float(v) for v in np.ldexp(histogram.first + bins + within, histogram.shift)], False


# --- bytes ------------------------------------------------------------------------------------------------

_VERSION = 1
_WIDE_VERSION = 2  # of rasters with more than 255 bands
_HEAD = struct.Struct("<BBBBH")  # version, bands, layout, bytes per count, counts that need more
_WIDE_HEAD = struct.Struct("<BHBBI")
_BAND = struct.Struct("<qhHB")  # first, shift, bins, whole
_MORE = np.dtype([("at", "<u4"), ("more", "<u8")])
_PLACE = np.dtype([("first", "<i8"), ("shift", "<i2"), ("bins", "<u2"), ("whole", "u1")])  # as _BAND packs
_DENSE, _PLACED = 0, 1
_WIDEST_SUM = 1 << 20
"""Bins of a sum that is kept as one array; histograms farther apart are merged one by one."""


def pack_histograms(histograms: Sequence[Histogram]) -> bytes:
    """The histograms of an item's bands as bytes; 8-bit data always in 256 bins, so that rows add up quickly.

    Counts take as few bytes as pays; those that need more are listed at the end with what they exceed.
    """
    dense = all(h.exact and h.first >= 0 and h.first + h.counts.size <= BINS for h in histograms)
    if dense:
        counts = np.zeros((len(histograms), BINS), np.int64)
        for row, h in zip(counts, histograms, strict=True):
            row[h.first : h.first + h.counts.size] = h.counts
        return pack_counts(counts)
    flat = np.concatenate([h.counts for h in histograms])
    places = b"".join(_BAND.pack(h.first, h.shift, h.counts.size, h.whole) for h in histograms)
    return _packed(flat, len(histograms), _PLACED, places)


def pack_counts(counts: NDArray[np.int64]) -> bytes:
    """What `pack_histograms` gives for 8-bit data, from counts of shape (bands, 256)."""
    return _packed(counts.reshape(-1), counts.shape[0], _DENSE, b"")


def unpack_histograms(packed: bytes) -> tuple[Histogram, ...]:
    """The histograms that `pack_histograms` made bytes of; ValueError for bytes of an unknown version."""
    bands, layout, width, more, at = _head(packed)
    places: list[tuple[int, int, int, int]]
    if layout == _DENSE:
        places = [(0, 0, BINS, 1)] * bands
    else:
        places = [_BAND.unpack_from(packed, at + band * _BAND.size) for band in range(bands)]
        at += bands * _BAND.size
    length = sum(bins for _, _, bins, _ in places)
    flat = np.frombuffer(packed, f"<u{width}", length, at).astype(np.int64)
    extra = np.frombuffer(packed, _MORE, more, at + length * width)
    flat[extra["at"]] += extra["more"].astype(np.int64)
    histograms, start = [], 0
    for first, shift, bins, whole in places:
        histograms.append(from_counts(first, shift, flat[start : start + bins], whole=bool(whole)))
        start += bins
    return tuple(histograms)


def merge_packed_histograms(rows: Sequence[bytes]) -> tuple[Histogram, ...]:
    """Many packed rows of equally many bands as one histogram per band; no histogram is made of a single row."""
    kinds: dict[tuple[int, int, int, int], list[bytes]] = {}
    for row in rows:
        bands, layout, width, _, start = _head(row)
        kinds.setdefault((layout, bands, width, start), []).append(row)
    summed: list[tuple[Histogram, ...]] = []
    for (layout, bands, width, start), group in kinds.items():
        if layout == _DENSE:
            summed.append(tuple(from_counts(0, 0, counts) for counts in _sum_dense(group)))
            continue
        sums = _PlacedSums(bands)
        for first in range(0, len(group), 2048):
            sums.add(group[first : first + 2048], width, start)
        summed.append(sums.histograms())
    return tuple(merge(band) for band in zip(*summed, strict=True))


class _PlacedSums:
    """Sums of packed rows whose bands have grids of their own: an array for each band and width of bins."""

    def __init__(self, bands: int) -> None:
        self._bands = bands
        self._sums: dict[tuple[int, int, bool], tuple[int, NDArray[np.int64]]] = {}
        self._apart: list[list[Histogram]] = [[] for _ in range(bands)]

    def add(self, rows: Sequence[bytes], width: int, start: int) -> None:
        """Add rows of `width` bytes per count, whose places begin at `start`."""
        begin = start + self._bands * _BAND.size
        places = np.frombuffer(b"".join([row[start:begin] for row in rows]), _PLACE)
        ends = np.cumsum(places["bins"], dtype=np.int64)
        lengths = np.diff(ends[self._bands - 1 :: self._bands], prepend=0).tolist()
        joined = [row[begin : begin + length * width] for row, length in zip(rows, lengths, strict=True)]
        flat = np.frombuffer(b"".join(joined), f"<u{width}").astype(np.int64)
        at = 0
        for row, length in zip(rows, lengths, strict=True):
            extra = np.frombuffer(row, _MORE, offset=begin + length * width)
            if extra.size:
                flat[extra["at"] + at] += extra["more"].astype(np.int64)
            at += length
        self._add_places(places.reshape(len(rows), self._bands), flat, ends.reshape(len(rows), self._bands))

    def _add_places(self, places: NDArray[Any], flat: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        for band in range(self._bands):
            own, stops = places[:, band], ends[:, band]
            for shift, whole in {*zip(own["shift"].tolist(), own["whole"].tolist(), strict=True)}:
                chosen = np.flatnonzero((own["shift"] == shift) & (own["whole"] == whole) & (own["bins"] > 0))
                if len(chosen):
                    self._add_band((band, shift, bool(whole)), own[chosen], flat, stops[chosen])

    def _add_band(
        self,
        key: tuple[int, int, bool],
        places: NDArray[Any],
        flat: NDArray[np.int64],
        stops: NDArray[np.int64],
    ) -> None:
        firsts, bins = places["first"].tolist(), places["bins"].tolist()
        low, high = min(firsts), max(first + many for first, many in zip(firsts, bins, strict=True))
        held = self._sums.get(key)
        if held is not None:
            low, high = min(low, held[0]), max(high, held[0] + held[1].size)
        band, shift, whole = key
        if high - low > _WIDEST_SUM:
            for first, many, stop in zip(firsts, bins, stops.tolist(), strict=True):
                self._apart[band].append(from_counts(first, shift, flat[stop - many : stop], whole=whole))
            return
        if held is None or high - low > held[1].size:
            wider = np.zeros(high - low, np.int64)
            if held is not None:
                wider[held[0] - low : held[0] - low + held[1].size] = held[1]
            self._sums[key] = low, wider
        summed = self._sums[key][1]
        for first, many, stop in zip(firsts, bins, stops.tolist(), strict=True):
            summed[first - low : first - low + many] += flat[stop - many : stop]

    def histograms(self) -> tuple[Histogram, ...]:
        """One for each band, of all that was added."""
        found = self._apart
        for (band, shift, whole), (first, counts) in self._sums.items():
            found[band].append(from_counts(first, shift, counts, whole=whole))
        return tuple(merge(band) for band in found)


def _sum_dense(rows: list[bytes]) -> NDArray[np.int64]:
    bands, _, width, _, start_of_counts = _head(rows[0])
    length = bands * BINS
    end = start_of_counts + length * width
    summed = np.zeros(length, np.int64)
    for start in range(0, len(rows), 2048):
        chunk = rows[start : start + 2048]
        joined = np.frombuffer(b"".join([row[start_of_counts:end] for row in chunk]), f"<u{width}")
        summed += joined.reshape(len(chunk), length).sum(axis=0, dtype=np.int64)
        extra = np.frombuffer(b"".join([row[end:] for row in chunk]), _MORE)
        np.add.at(summed, extra["at"], extra["more"].astype(np.int64))
    return summed.reshape(bands, BINS)


def _packed(flat: NDArray[np.int64], bands: int, layout: int, places: bytes) -> bytes:
    width, above = _cheapest_width(flat)
    extra = np.zeros(above.size, _MORE)
    limit = 256**width - 1
    extra["at"] = above
    if above.size:
        extra["more"] = flat[above] - limit
        flat = np.minimum(flat, limit)
    wide = bands > 255
    form, version = (_WIDE_HEAD, _WIDE_VERSION) if wide else (_HEAD, _VERSION)
    head = form.pack(version, bands, layout, width, above.size)
    return b"".join((head, places, flat.astype(f"<u{width}").tobytes(), extra.tobytes()))


def _cheapest_width(flat: NDArray[np.int64]) -> tuple[int, NDArray[np.intp]]:
    best: tuple[int, int, NDArray[np.intp]] | None = None
    for width in (1, 2, 4):
        above = np.flatnonzero(flat >= 256**width)
        cost = flat.size * width + above.size * _MORE.itemsize
        if best is None or cost < best[0]:
            best = (cost, width, above)
        if not above.size:
            break
    assert best is not None
    return best[1], best[2]


def _head(packed: bytes) -> tuple[int, int, int, int, int]:
    """Bands, layout, bytes per count, counts that need more, and where the rest begins."""
    form = {_VERSION: _HEAD, _WIDE_VERSION: _WIDE_HEAD}.get(packed[0])
    if form is None:
        raise ValueError(f"packed histograms of version {packed[0]}, known are 1 and 2")
    _, bands, layout, width, more = form.unpack_from(packed)
    return bands, layout, width, more, form.size


# --- grids ------------------------------------------------------------------------------------------------


def _within(bits: int) -> int:
    # Counts of bins fit in 64 bits, so that shifting by 63 or by a thousand leaves the same: 0 or -1.
    return min(bits, 63)


def _coarsening(low: int, high: int) -> int:
    """By how many bits the grid must get coarser until the bins low to high are at most 256, each in 63 bits."""
    bits = max(0, (high - low + 1).bit_length() - 9)
    while (high >> bits) - (low >> bits) >= BINS or max(abs(low), abs(high)) >> bits >= 2**62:
        bits += 1
    return bits


def _coarsened(
    first: int, shift: int, counts: NDArray[np.integer[Any]], bits: int
) -> tuple[int, int, NDArray[np.int64]]:
    if bits == 0:
        return first, shift, counts.astype(np.int64)
    bits_within = _within(bits)
    bins = ((np.arange(counts.size) + first) >> bits_within) - (first >> bits_within)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    return first >> bits_within, shift + bits, np.add.reduceat(counts, starts, dtype=np.int64)


def _histogram_of_floats(flat: NDArray[np.floating[Any]]) -> Histogram:
    if not flat.size:
        return EMPTY
    low, high = float(flat.min()), float(flat.max())
    largest = max(abs(low), abs(high))
    finest = math.frexp(largest)[1] - _FINEST if largest else _LOWEST_SHIFT
    finest = max(finest, _LOWEST_SHIFT)
    ends = _floor_scaled(np.array((low, high)), finest)
    shift = finest + _coarsening(int(ends[0]), int(ends[1]))
    start, stop = _floor_scaled(np.array((low, high)), shift).tolist()
    counts = np.zeros(stop - start + 1, np.int64)
    for begin in range(0, flat.size, _PLACED_AT_ONCE):
        bins = _floor_scaled(flat[begin : begin + _PLACED_AT_ONCE], shift)
        bins -= start
        counts += np.bincount(bins, minlength=counts.size)
    return Histogram(start, shift, counts, whole=False)


def _floor_scaled(values: NDArray[np.floating[Any]], shift: int) -> NDArray[np.int64]:
    wide = values.astype(np.float64)
    np.ldexp(wide, -shift, out=wide)
    bins = np.floor(wide, out=wide).astype(np.int64)
    # A negative value that is tiny beside the bins underflows to -0, whose floor would be 0.
    bins[(values < 0) & (bins == 0)] = -1
    return bins
