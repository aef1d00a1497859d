"""How rasters are thinned: means over boxes of what was measured, or the sample in the middle of the box for labels.

Both give ceil(size / scale) pixels along y and x; boxes at the right and lower edge hold what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.modalities.planar.boxes import box_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NARROW_SCALE = 128  # boxes of so many samples of 16 bits have sums of 32


def thinned(
    samples: NDArray[Any], valid: NDArray[np.bool_] | None, scale: int
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Means over scale × scale boxes of the valid samples of a band (y, x), and where a box holds any.

    Integers are rounded to the nearest, halves up. A box without valid samples has its first sample.
    """
    if scale == 1:
        return samples, valid
    if (valid is None or valid.all()) and (samples.dtype.kind == "f" or samples.dtype.itemsize <= 4):
        return box_mean(samples, scale), None
    fits = samples.dtype.kind in "iu" and samples.dtype.itemsize <= 2 and scale <= _NARROW_SCALE
    sums, counted = box_sums(samples, valid, scale, np.dtype(np.int32) if fits else None)
    any_valid = counted > 0
    means = means_of(sums, counted, samples.dtype)
    return np.where(any_valid, means, samples[::scale, ::scale]), any_valid


def box_sums(
    samples: NDArray[Any],
    valid: NDArray[np.bool_] | None,
    scale: int,
    wide: np.dtype[Any] | None = None,
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Sums and numbers of the valid samples (…, y, x) in boxes, in `wide`; where None, in int64 for integers of up
    to 32 bits, else in float64."""
    wide = wide or wide_of(samples.dtype)
    rows, columns = np.arange(0, samples.shape[-2], scale), np.arange(0, samples.shape[-1], scale)
    if valid is None:
        ones = np.multiply.outer(
            np.diff(rows, append=samples.shape[-2]), np.diff(columns, append=samples.shape[-1])
        )
        counted = np.broadcast_to(ones.astype(np.int64), (*samples.shape[:-2], *ones.shape))
        kept = samples
    else:
        counted = _summed(valid, scale, np.dtype(np.int32)).astype(np.int64)
        kept = np.where(valid, samples, samples.dtype.type(0))
    return _summed(kept, scale, wide), counted


def _summed(samples: NDArray[Any], scale: int, wide: np.dtype[Any]) -> NDArray[Any]:
    """Sums over boxes of samples (…, y, x): row is added to row, then column to column, which takes a quarter of the
    time that numpy needs to sum along short axes."""
    height, width = samples.shape[-2:]
    lines = np.zeros((*samples.shape[:-2], -(-height // scale), width), wide)
    for first in range(min(scale, height)):
        part = samples[..., first::scale, :]
        lines[..., : part.shape[-2], :] += part
    sums = np.zeros((*lines.shape[:-1], -(-width // scale)), wide)
    for first in range(min(scale, width)):
        part = lines[..., first::scale]
        sums[..., : part.shape[-1]] += part
    return sums


def means_of(sums: NDArray[Any], counted: NDArray[np.int64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Sums over numbers in the type of the samples; what was counted nowhere is 0."""
    safe = np.maximum(counted, 1)
    if dtype.kind == "f":
        plain: NDArray[Any] = sums / safe
        return plain.astype(dtype)
    if sums.dtype.kind == "f":
        limits = np.iinfo(dtype)
        # As a float the largest number of 64 bits is one that would not fit.
        highest = float(limits.max) if dtype.itemsize <= 4 else np.nextafter(float(limits.max), 0)
        rounded: NDArray[Any] = np.clip(np.floor(sums / safe + 0.5), float(limits.min), highest)
        return rounded.astype(dtype)
    if sums.dtype == np.int32:
        # Exact, for no such quotient lies nearer to a half than a float64 tells apart; whole numbers divide slowly.
        near: NDArray[Any] = np.floor(sums / safe + 0.5)
        return near.astype(dtype)
    means: NDArray[Any] = (sums + safe // 2) // safe
    return means.astype(dtype)


def wide_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type in which samples of a type are summed."""
    exact = dtype.kind in "uib" and dtype.itemsize <= 4
    return np.dtype(np.int64) if exact else np.dtype(np.float64)


def middles(start: int, stop: int, scale: int, size: int) -> NDArray[np.intp]:
    """Which pixels of full resolution stand for the boxes of [start, stop) along an axis of `size` pixels.

    `start` is a multiple of the scale. The middle one of each box, the last of the axis where the box is cut.
    """
    first = np.arange(start, stop, scale)
    return np.minimum(first + scale // 2, size - 1).astype(np.intp)
