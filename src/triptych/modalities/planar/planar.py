"""The planar modality: one picture, gray or in colours, looked at in y and x."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.dataset import Modality as ModalityName
from triptych.core.errors import NotFound
from triptych.core.raster import Window
from triptych.core.statistics import measure
from triptych.modalities.base import TileGrid
from triptych.modalities.planar.decode import Decoded
from triptych.modalities.planar.header import TILE, Header, scales_of
from triptych.modalities.planar.measure import measured
from triptych.modalities.planar.thumbnail import BYTES, CELL, GRID, encode, fit, preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram
    from triptych.core.raster import OpenLayer, Profile


class Planar:
    """The Modality of pictures: axes yx or cyx, with z where a picture has several frames."""

    name = ModalityName.PLANAR

    def accepts(self, profile: Profile) -> bool:
        """Whether it is a picture, of one frame or several."""
        return profile.axes in ("yx", "cyx", "zyx", "czyx") and np.dtype(profile.dtype).kind in "uif"

    def grid(self, profile: Profile) -> TileGrid:
        """Tiles of 512², levels until the picture fits one tile."""
        height, width = profile.size("y"), profile.size("x")
        return TileGrid(width, height, TILE, len(scales_of(width, height)))

    def tile(
        self, layer: OpenLayer, level: int, column: int, row: int, plane: int | None = None
    ) -> NDArray[Any]:
        """One tile of one plane in native depth, (y, x) or (c, y, x); NotFound outside the grid.

        Of a picture of several frames the first is taken where no `plane` is named.
        """
        grid = self.grid(layer.profile)
        frames = layer.profile.size("z")
        if not 0 <= (plane or 0) < frames:
            raise NotFound(f"Frame {plane} does not exist; there are {frames}.", code="no_such_tile")
        if not 0 <= level < grid.levels:
            raise NotFound(f"Level {level} does not exist; there are {grid.levels}.", code="no_such_tile")
        columns, rows = grid.shape(level)
        if not (0 <= column < columns and 0 <= row < rows):
            raise NotFound(
                f"Tile {column}, {row} lies outside the {columns} × {rows} tiles of level {level}.",
                code="no_such_tile",
            )
        scale = 1 << level
        side = TILE * scale
        window = Window(
            row * side,
            column * side,
            min((row + 1) * side, grid.height),
            min((column + 1) * side, grid.width),
        )
        return layer.read(window, scale, plane or 0)

    def patches(self, profile: Profile, size: int) -> Sequence[Window]:
        """Windows of at most size × size that cover the picture once, in reading order."""
        height, width = profile.size("y"), profile.size("x")
        return [
            Window(top, left, min(top + size, height), min(left + size, width))
            for top in range(0, height, size)
            for left in range(0, width, size)
        ]

    def thumbnail(self, layer: OpenLayer, size: int) -> bytes:
        """A JPEG of at most `size` pixels along its longer side, upright, brightened where it is dark."""
        profile = layer.profile
        longer = max(profile.size("y"), profile.size("x"))
        scale = max(scale for scale in profile.scales if scale == 1 or longer // scale >= size)
        samples = layer.read(scale=scale, plane=profile.size("z") // 2)
        if samples.ndim == 3:
            samples = np.moveaxis(samples, 0, 2)
        height, width = samples.shape[:2]
        header = Header("", width, height, profile.bands, profile.bit_depth, sample=profile.dtype)
        decoded = Decoded(header, samples)
        shown = measured(decoded)[2]
        return encode(fit(preview(decoded, shown), size), BYTES[GRID] if size <= GRID else BYTES[CELL])

    def measure(self, layer: OpenLayer) -> tuple[NDArray[np.float64], tuple[Histogram, ...]]:
        """Moments (bands, 6) and a histogram per band of the whole picture, all frames together."""
        samples = layer.read()
        if "z" in layer.profile.axes:
            samples = samples.reshape(*samples.shape[:-3], -1, samples.shape[-1])
        return measure(samples)


PLANAR = Planar()
