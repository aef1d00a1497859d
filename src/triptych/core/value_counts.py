"""How often each whole number occurs in a raster of labels, as bytes that are kept with its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_VALUES = 65_536
"""Different values of one raster that are kept; a raster with more holds measurements, not classes."""

_VERSION = 1


def pack_value_counts(values: NDArray[np.int64], counts: NDArray[np.int64]) -> bytes:
    """Values (k,) in rising order and how often each occurs (k,), as bytes."""
    return bytes((_VERSION,)) + values.astype("<i8").tobytes() + counts.astype("<i8").tobytes()


def unpack_value_counts(packed: bytes) -> dict[int, int]:
    """Pixels of each value, by value in rising order; ValueError for an unknown version."""
    if packed[0] != _VERSION:
        raise ValueError(f"packed counts of version {packed[0]}, known is {_VERSION}")
    both = np.frombuffer(packed, "<i8", offset=1).reshape(2, -1).tolist()
    return dict(zip(both[0], both[1], strict=True))
