"""Averages over boxes of pixels: how pictures are thinned, everywhere in the same way and to the last bit.

The result has ceil(size / scale) pixels along y and x; boxes at the right and lower edge hold what is left.
Integers are rounded to the nearest, halves up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Modes without alpha: Pillow weighs colours by alpha, which values of independent bands must not be.
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


def box_mean(samples: NDArray[Any], scale: int) -> NDArray[Any]:
    """The mean of scale × scale boxes of samples (y, x) or (y, x, c), in the same dtype and axes."""
    if scale == 1:
        return samples
    height, width = samples.shape[:2]
    out = np.empty((-(-height // scale), -(-width // scale), *samples.shape[2:]), samples.dtype)
    rows, columns = height // scale, width // scale
    if rows and columns:
        out[:rows, :columns] = _whole_boxes(samples[: rows * scale, : columns * scale], scale)
    if columns < out.shape[1]:
        out[:, columns:] = _cut_boxes(samples[:, columns * scale :], scale)
    if rows < out.shape[0] and columns:
        out[rows:, :columns] = _cut_boxes(samples[rows * scale :, : columns * scale], scale)
    return out


def _whole_boxes(samples: NDArray[Any], scale: int) -> NDArray[Any]:
    height, width = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    # Pillow is ten times as fast as numpy; it multiplies by 1/n in fixed point, exact for powers of two only.
    if samples.dtype == np.uint8 and channels in _MODES and scale & (scale - 1) == 0:
        mode = _MODES[channels]
        image = Image.frombuffer(mode, (width, height), np.ascontiguousarray(samples), "raw", mode, 0, 1)
        return np.asarray(image.reduce(scale))
    wide = _wide(samples.dtype, scale)
    lines = samples.reshape(height // scale, scale, width * channels).sum(axis=1, dtype=wide)
    sums = lines.reshape(height // scale, width // scale, scale, channels).sum(axis=2, dtype=wide)
    shape = (height // scale, width // scale, *samples.shape[2:])
    return _rounded(sums.reshape(shape), scale * scale, samples.dtype)


def _cut_boxes(samples: NDArray[Any], scale: int) -> NDArray[Any]:
    height, width = samples.shape[:2]
    rows, columns = np.arange(0, height, scale), np.arange(0, width, scale)
    wide = _wide(samples.dtype, scale)
    sums = np.add.reduceat(np.add.reduceat(samples, rows, axis=0, dtype=wide), columns, axis=1)
    counted = np.multiply.outer(np.diff(rows, append=height), np.diff(columns, append=width))
    if samples.ndim == 3:
        counted = counted[..., np.newaxis]
    return _rounded(sums, counted.astype(wide), samples.dtype)


def _wide(dtype: np.dtype[Any], scale: int) -> np.dtype[Any]:
    if dtype.kind == "f":
        return np.dtype(np.float64)
    if dtype.kind == "u" and dtype.itemsize * 8 + 2 * (scale - 1).bit_length() <= 31:
        return np.dtype(np.uint32)
    return np.dtype(np.int64)


def _rounded(sums: NDArray[Any], counted: int | NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.kind == "f":
        mean: NDArray[Any] = sums / counted
    else:
        mean = (sums + counted // 2) // counted
    return mean.astype(dtype)
