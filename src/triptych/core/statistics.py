"""What is measured of pixels, kept per item as moments and histograms, and merged instead of measured again.

Moments are a float64 array of shape (bands, 6): n, mean, m2, min, max, invalid. m2 is the sum of squared
differences from the mean, so that the population's standard deviation is sqrt(m2 / n). A band without values
has n 0, mean 0, m2 0, min infinity and max minus infinity, which a merge leaves out by itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from triptych.core.histogram import (
    Histogram,
    from_counts,
    histogram_of,
    merge,
    merge_packed_histograms,
    pack_histograms,
    percentiles,
    unpack_histograms,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "FIELDS",
    "PERCENTILES",
    "band_statistics",
    "class_weights",
    "count_values",
    "measure",
    "median_of_counted",
    "merge_moments",
    "merge_packed",
    "moments_of_bytes",
    "moments_of_counts",
    "pack_histograms",
    "pack_moments",
    "unpack_histograms",
    "unpack_moments",
    "unpack_moments_of",
]

FIELDS = ("n", "mean", "m2", "min", "max", "invalid")
N, MEAN, M2, MIN, MAX, INVALID = range(6)

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)

_BYTE_VALUES = np.arange(256, dtype=np.int64)
_BYTE_SQUARES = _BYTE_VALUES**2

_CHUNK = 1 << 20
"""Samples that are widened to 64 bits at a time: 8 MB, whatever the size of the raster."""


_COUNTED_AT_ONCE = 1 << 16
"""Samples whose places are held at a time for counting: 512 KB, which a processor keeps near."""


_SUMMED_AT_ONCE = 1 << 15
"""Samples that are widened at a time for summing: 256 KB."""


def measure(
    array: NDArray[Any], valid: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float64], tuple[Histogram, ...]]:
    """Moments (bands, 6) and one histogram per band of a raster (c, y, x) or (y, x) of any integer or float type.

    `valid` is a mask of shape (y, x) or of the raster's shape; what it excludes counts as invalid, as do NaN
    and infinite values. Integers of at most 16 bits are exact (mean and m2 are the float64 nearest to the
    exact rational number), everything else is summed in float64. Memory beyond the raster is a few MB.
    """
    bands = array[np.newaxis] if array.ndim == 2 else array
    moments = np.empty((bands.shape[0], 6), np.float64)
    histograms = []
    for index, band in enumerate(bands):
        mask = valid if valid is None or valid.ndim == 2 else valid[index]
        if band.dtype.kind in "iub" and band.dtype.itemsize <= 2:
            first, counts = count_values(band, mask)
            moments[index] = moments_of_counts(counts, first)
            moments[index, INVALID] = band.size - moments[index, N]
            histograms.append(from_counts(first, 0, counts))
        else:
            moments[index], histogram = _measure_in_chunks(band, mask)
            histograms.append(histogram)
    return moments, tuple(histograms)


def moments_of_counts(counts: NDArray[np.int64], first: int = 0) -> NDArray[np.float64]:
    """Moments (6,) of whole numbers of which counts[k] have the value first + k; none is invalid.

    Exact for up to 2**31 samples of 16 bits: the sums are formed in integers and divided once.
    """
    filled = np.flatnonzero(counts)
    if not filled.size:
        return _NOTHING.copy()
    start, stop = int(filled[0]), int(filled[-1]) + 1
    low, kept = first + start, counts[start:stop]
    values = np.arange(kept.size, dtype=np.int64)
    n = int(kept.sum())
    weighted = kept * values
    total = int(weighted.sum())
    squares = int(weighted @ values)
    mean, m2 = (total + n * low) / n, (n * squares - total * total) / n
    return np.array((n, mean, m2, low, first + stop - 1, 0), np.float64)


def moments_of_bytes(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Moments (bands, 6) of 8-bit samples by their counts (bands, 256), each band with at least one; exact."""
    n = counts.sum(axis=1).tolist()
    totals = (counts @ _BYTE_VALUES).tolist()
    squares = (counts @ _BYTE_SQUARES).tolist()
    filled = counts > 0
    lows, highs = filled.argmax(axis=1).tolist(), (255 - filled[:, ::-1].argmax(axis=1)).tolist()
    return np.array(
        [
            (k, total / k, (k * square - total * total) / k, low, high, 0)
            for k, total, square, low, high in zip(n, totals, squares, lows, highs, strict=True)
        ],
        np.float64,
    )


def merge_moments(stack: NDArray[np.float64]) -> NDArray[np.float64]:
    """Moments (k, bands, 6) of k items as those of all their pixels together (bands, 6).

    Chan, Golub and LeVeque's formula for any number of parts at once, in float64.
    """
    n, mean = stack[..., N], stack[..., MEAN]
    merged = np.empty((stack.shape[1], 6), np.float64)
    merged[:, N] = n.sum(axis=0)
    merged[:, INVALID] = stack[..., INVALID].sum(axis=0)
    counted = np.maximum(merged[:, N], 1)
    merged[:, MEAN] = (n * mean).sum(axis=0) / counted
    merged[:, M2] = stack[..., M2].sum(axis=0) + (n * (mean - merged[:, MEAN]) ** 2).sum(axis=0)
    merged[:, MIN] = stack[..., MIN].min(axis=0, initial=math.inf)
    merged[:, MAX] = stack[..., MAX].max(axis=0, initial=-math.inf)
    return merged


def band_statistics(
    moments: NDArray[np.float64], histograms: Sequence[Histogram], names: Sequence[str]
) -> list[dict[str, Any]]:
    """One document per band: name, n, mean, std, min, max, invalid, percentiles; ready for JSON.

    `std` is the population's (divided by n). `percentiles` holds "1", "5", "25", "50", "75", "95", "99" and
    `exact`; those that are not exact are off by at most one bin of the histogram. A band without valid values
    has None in place of numbers.
    """
    documents = []
    for row, histogram, name in zip(moments, histograms, names, strict=True):
        n = int(row[N])
        values, exact = percentiles(histogram, PERCENTILES)
        low, high = float(row[MIN]), float(row[MAX])
        documents.append(
            {
                "name": name,
                "n": n,
                "mean": float(row[MEAN]) if n else None,
                "std": math.sqrt(row[M2] / n) if n else None,
                "min": low if n else None,
                "max": high if n else None,
                "invalid": int(row[INVALID]),
                "percentiles": {
                    **{
                        str(q): min(max(value, low), high) if n else None
                        for q, value in zip(PERCENTILES, values, strict=True)
                    },
                    "exact": exact,
                },
            }
        )
    return documents


Key = TypeVar("Key", bound="Hashable")

EFFECTIVE_BETA = 0.9999


def class_weights(counts: Mapping[Key, int]) -> dict[str, Any]:
    """Weights of classes by their counts, in three conventions, for the k classes that occur (of n in all).

    - `inverse_frequency`: n / (k * count), as scikit-learn's "balanced".
    - `median_frequency`: median of the counts / count (Eigen and Fergus 2015).
    - `effective_number`: (1 - beta) / (1 - beta**count) with beta 0.9999, scaled to the sum k (Cui et al. 2019).

    A class that does not occur has the weight None in each, and is named in `empty`.
    """
    present = {key: int(count) for key, count in counts.items() if count > 0}
    n, k = sum(present.values()), len(present)
    middle = float(np.median(list(present.values()))) if present else 0.0
    effective = {key: (1 - EFFECTIVE_BETA) / (1 - EFFECTIVE_BETA**count) for key, count in present.items()}
    scale = k / sum(effective.values()) if present else 0.0

    def over_all(weights: Mapping[Key, float]) -> dict[Key, float | None]:
        return {key: weights.get(key) for key in counts}

    return {
        "inverse_frequency": over_all({key: n / (k * count) for key, count in present.items()}),
        "median_frequency": over_all({key: middle / count for key, count in present.items()}),
        "effective_number": over_all({key: weight * scale for key, weight in effective.items()}),
        "beta": EFFECTIVE_BETA,
        "empty": [key for key in counts if key not in present],
    }


def median_of_counted(values: Sequence[float], times: Sequence[int]) -> float:
    """The middle of values that occur several times each, at least one; between two middles, their mean."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(np.array(times)[order])
    middles = np.searchsorted(reached, [(reached[-1] - 1) // 2, reached[-1] // 2], side="right")
    low, high = (values[int(order[index])] for index in middles.tolist())
    return low if low == high else (low + high) / 2


# --- bytes ------------------------------------------------------------------------------------------------

_VERSION = 1
_WIDE_VERSION = 2
"""Of rasters with more than 255 bands, whose number takes two bytes."""

_FORMS = {_VERSION: "u1", _WIDE_VERSION: "<u2"}


def pack_moments(moments: NDArray[np.float64]) -> bytes:
    """Moments (bands, 6) as bytes: version, number of bands (at most 65,535), then little-endian float64."""
    bands = moments.shape[0]
    version = _VERSION if bands <= 255 else _WIDE_VERSION
    return bytes((version,)) + np.array(bands, _FORMS[version]).tobytes() + moments.astype("<f8").tobytes()


def unpack_moments(packed: bytes) -> NDArray[np.float64]:
    """The moments (bands, 6) that `pack_moments` made bytes of; ValueError for an unknown version."""
    form, bands = _form_of(packed)
    return np.frombuffer(packed, "<f8", bands * 6, 1 + form.itemsize).reshape(bands, 6).astype(np.float64)


def _form_of(packed: bytes) -> tuple[np.dtype[Any], int]:
    """How the number of bands is written, and the number."""
    if packed[0] not in _FORMS:
        raise ValueError(f"packed moments of version {packed[0]}, known are 1 and 2")
    form = np.dtype(_FORMS[packed[0]])
    return form, int(np.frombuffer(packed, form, 1, 1)[0])


def unpack_moments_of(rows: Sequence[bytes]) -> NDArray[np.float64]:
    """Many packed moments of equally many bands as one array (k, bands, 6)."""
    if not rows:
        return np.empty((0, 0, 6), np.float64)
    number, bands = _form_of(rows[0])
    form = np.dtype([("version", "u1"), ("bands", number), ("moments", "<f8", (bands, 6))])
    if any(len(row) != form.itemsize for row in rows):
        raise ValueError("packed moments of other numbers of bands in one group")
    joined = np.frombuffer(b"".join(rows), form)
    if np.any(joined["version"] != rows[0][0]) or np.any(joined["bands"] != bands):
        raise ValueError("packed moments of other versions or numbers of bands in one group")
    return joined["moments"].astype(np.float64)


def merge_packed(
    names: Sequence[Key], moments: Sequence[bytes], histograms: Sequence[bytes] | None = None
) -> dict[Key, tuple[NDArray[np.float64], tuple[Histogram, ...]]]:
    """Packed rows of many items merged per group of equal `names` (their bands: gray; red green blue; …).

    All three run in step, one entry per item. Groups keep the order in which they are first met. Without
    `histograms` those of a group are empty. 100,000 rows of moments take about 0.1 s.
    """
    groups: dict[Key, list[int]] = {}
    for index, name in enumerate(names):
        groups.setdefault(name, []).append(index)
    merged = {}
    for name, members in groups.items():
        stack = unpack_moments_of([moments[index] for index in members])
        counted: tuple[Histogram, ...] = (Histogram(),) * stack.shape[1]
        if histograms is not None:
            counted = merge_packed_histograms([histograms[index] for index in members])
        merged[name] = (merge_moments(stack), counted)
    return merged


# --- counting and summing ---------------------------------------------------------------------------------

_NOTHING = np.array((0, 0, 0, math.inf, -math.inf, 0), np.float64)


def count_values(band: NDArray[Any], mask: NDArray[np.bool_] | None = None) -> tuple[int, NDArray[np.int64]]:
    """How often every whole number between the smallest and the largest occurs, and the smallest.

    `band` is (y, x) of integers of at most 16 bits or booleans, `mask` of the same shape says which samples count.
    No counts where none does.
    """
    if band.dtype.kind == "b":
        band = band.view(np.uint8)
    if mask is not None:
        band = band[mask]
    if not band.size:
        return 0, np.zeros(0, np.int64)
    if band.dtype == np.uint8:
        return _count_bytes(np.ascontiguousarray(band).reshape(-1))
    low, high = int(band.min()), int(band.max())
    # Differences of two numbers of a type fit its unsigned twin, whatever their signs.
    unsigned = np.dtype(f"u{band.dtype.itemsize}")
    start = np.array(low, band.dtype).view(unsigned)
    counts = np.zeros(high - low + 1, np.int64)
    flat = np.ascontiguousarray(band).view(unsigned).reshape(-1)
    places = np.empty(min(flat.size, _COUNTED_AT_ONCE), np.intp)
    for begin in range(0, flat.size, _COUNTED_AT_ONCE):
        part = flat[begin : begin + _COUNTED_AT_ONCE]
        here = places[: part.size]
        np.subtract(part, start, out=here, dtype=unsigned, casting="unsafe")
        found = np.bincount(here)
        counts[: found.size] += found
    return low, counts


def _count_bytes(flat: NDArray[np.uint8]) -> tuple[int, NDArray[np.int64]]:
    """`count_values` of at least one byte. Two at a time, in half the time of one: neighbours are often equal, and a
    processor waits where it adds to the same number again."""
    pairs = flat[: flat.size // 2 * 2].view(np.uint16)
    together = np.zeros(1 << 16, np.int64)
    for begin in range(0, pairs.size, _COUNTED_AT_ONCE):
        found = np.bincount(pairs[begin : begin + _COUNTED_AT_ONCE])
        together[: found.size] += found
    square = together.reshape(256, 256)
    counts = square.sum(axis=0) + square.sum(axis=1)
    if flat.size % 2:
        counts[flat[-1]] += 1
    filled = np.flatnonzero(counts)
    low = int(filled[0])
    return low, counts[low : int(filled[-1]) + 1]


def _measure_in_chunks(
    band: NDArray[Any], mask: NDArray[np.bool_] | None
) -> tuple[NDArray[np.float64], Histogram]:
    rows, histograms = [_NOTHING], []
    for values in _chunks(band, mask):
        finite = values.reshape(-1)
        if values.dtype.kind == "f":
            known = np.isfinite(finite)
            finite = finite if known.all() else finite[known]
        if not finite.size:
            continue
        rows.append(_summed_moments(finite))
        histograms.append(histogram_of(finite))
    moments = merge_moments(np.stack(rows)[:, np.newaxis])[0]
    moments[INVALID] = band.size - moments[N]
    return moments, merge(histograms)


def _summed_moments(flat: NDArray[Any]) -> NDArray[np.float64]:
    """Moments (6,) of finite numbers (k,), at least one, in two passes; widened a few at a time, so that they stay in
    the processor's cache."""
    blocks = [flat[begin : begin + _SUMMED_AT_ONCE] for begin in range(0, flat.size, _SUMMED_AT_ONCE)]
    mean = sum(float(block.sum(dtype=np.float64)) for block in blocks) / flat.size
    scratch = np.empty(min(flat.size, _SUMMED_AT_ONCE))
    m2 = 0.0
    for block in blocks:
        off = np.subtract(block, mean, out=scratch[: block.size], dtype=np.float64)
        m2 += float(np.square(off, out=off).sum())
    return np.array((flat.size, mean, m2, flat.min(), flat.max(), 0), np.float64)


def _chunks(band: NDArray[Any], mask: NDArray[np.bool_] | None) -> Iterator[NDArray[Any]]:
    rows = max(1, _CHUNK // max(1, band.shape[-1]))
    for start in range(0, band.shape[0], rows):
        chunk = band[start : start + rows]
        yield chunk if mask is None else chunk[mask[start : start + rows]]
