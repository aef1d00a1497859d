"""Rasters as values: what a layer is, which window of it is read, and the protocol that every format serves.

Arrays inside are always in the order (t, c, z, y, x), absent axes dropped; origin at the centre of the first
pixel; windows are half-open and in pixels of full resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AXES = "tczyx"
Axis = Literal["t", "c", "z", "y", "x"]


@dataclass(frozen=True, slots=True)
class PixelFrame:
    """An index means a pixel. `spacing` is (y, x) in millimetres where it is known."""

    spacing: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class GeoFrame:
    """An index means a place on the ground. `crs` is "EPSG:32633" or WKT, "" where it is not known.

    `transform` is (a, b, c, d, e, f): the pixel corner (column, row) lies at x = a × column + b × row + c and
    y = d × column + e × row + f, in units of the `crs`; None where the raster is not placed by one.
    """

    crs: str = ""
    transform: tuple[float, float, float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a layer holds: axes in canonical order with their shape, dtype, band names and frame.

    `bit_depth` is how many bits of the dtype carry values (12 in a uint16, say). `scales` are the factors by
    which `read` can thin, powers of two, 1 first.
    """

    axes: str
    shape: tuple[int, ...]
    dtype: str
    bands: tuple[str, ...]
    bit_depth: int
    frame: PixelFrame | GeoFrame = PixelFrame()
    scales: tuple[int, ...] = (1,)

    def __post_init__(self) -> None:
        positions = [AXES.index(axis) for axis in self.axes]
        if positions != sorted(set(positions)) or len(self.axes) != len(self.shape):
            raise ValueError(f"axes {self.axes!r} with shape {self.shape} are not in the order {AXES}")

    def size(self, axis: Axis) -> int:
        """Length along an axis; 1 where the axis is absent."""
        return self.shape[self.axes.index(axis)] if axis in self.axes else 1


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle in y and x, half-open, in pixels of full resolution; never empty, never negative."""

    top: int
    left: int
    bottom: int
    right: int

    def __post_init__(self) -> None:
        if not (0 <= self.top < self.bottom and 0 <= self.left < self.right):
            raise ValueError(f"not a window: {self}")


class OpenLayer(Protocol):
    """An opened layer."""

    @property
    def profile(self) -> Profile:
        """Axes, shape, dtype, bands, frame."""

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """The window in canonical axes and native dtype, thinned by `scale`.

        `plane` takes one index along z, and that axis away; without it all are read. The result has
        ceil(size / scale) pixels along y and x. Pictures are averaged over boxes, labels take
        the nearest value.
        """


def dtype_range(dtype: np.dtype[Any], bit_depth: int) -> tuple[float, float]:
    """The smallest and largest value that a sample may take: (0, 4095) for 12 bits in a uint16."""
    if dtype.kind == "u":
        return 0.0, float(2**bit_depth - 1)
    if dtype.kind == "i":
        return -float(2 ** (bit_depth - 1)), float(2 ** (bit_depth - 1) - 1)
    return float("-inf"), float("inf")
