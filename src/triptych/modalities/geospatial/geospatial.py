"""The geospatial modality: rasters of any number of bands, looked at in their own pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.dataset import Modality as ModalityName
from triptych.core.errors import NotFound
from triptych.core.raster import Window
from triptych.core.statistics import measure
from triptych.modalities.base import TileGrid
from triptych.modalities.geospatial.facts import is_natural, rgb_places
from triptych.modalities.geospatial.layer import RasterLayer
from triptych.modalities.geospatial.preview import MOST_CLASSES, classes, composed, encode, indexed
from triptych.modalities.planar.header import TILE, scales_of
from triptych.modalities.planar.planar import PLANAR
from triptych.modalities.planar.thumbnail import BYTES, CELL, GRID, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL import Image

    from triptych.core.histogram import Histogram
    from triptych.core.raster import OpenLayer, Profile


class Geospatial:
    """The Modality of rasters: axes yx or cyx, whole and real numbers."""

    name = ModalityName.GEOSPATIAL

    def accepts(self, profile: Profile) -> bool:
        """Whether it is a raster of whole or real numbers."""
        return profile.axes in ("yx", "cyx") and np.dtype(profile.dtype).kind in "uif"

    def grid(self, profile: Profile) -> TileGrid:
        """Tiles of 512², levels until the raster fits one tile."""
        height, width = profile.size("y"), profile.size("x")
        return TileGrid(width, height, TILE, len(scales_of(width, height)))

    def tile(
        self, layer: OpenLayer, level: int, column: int, row: int, plane: int | None = None
    ) -> NDArray[Any]:
        """One tile of all bands in native depth, (y, x) or (c, y, x); NotFound outside the grid."""
        window = self.tile_window(layer.profile, level, column, row)
        return layer.read(window, 1 << level)

    def tile_of_bands(
        self, layer: RasterLayer, bands: Sequence[int], level: int, column: int, row: int
    ) -> NDArray[Any]:
        """One tile (c, y, x) of the bands at these places, from 0; NotFound outside the grid or the bands."""
        missing = [place for place in bands if not 0 <= place < layer.facts.count]
        if missing:
            raise NotFound(
                f"Band {missing[0]} does not exist; there are {layer.facts.count}, counted from 0.",
                code="no_such_band",
            )
        window = self.tile_window(layer.profile, level, column, row)
        return layer.read_bands(bands, window, 1 << level)

    def tile_window(self, profile: Profile, level: int, column: int, row: int) -> Window:
        """The window of full resolution that a tile shows; NotFound outside the grid."""
        grid = self.grid(profile)
        if not 0 <= level < grid.levels:
            raise NotFound(f"Level {level} does not exist; there are {grid.levels}.", code="no_such_tile")
        columns, rows = grid.shape(level)
        if not (0 <= column < columns and 0 <= row < rows):
            raise NotFound(
                f"Tile {column}, {row} lies outside the {columns} × {rows} tiles of level {level}.",
                code="no_such_tile",
            )
        side = TILE << level
        return Window(
            row * side,
            column * side,
            min((row + 1) * side, grid.height),
            min((column + 1) * side, grid.width),
        )

    def patches(self, profile: Profile, size: int) -> Sequence[Window]:
        """Windows of at most size × size that cover the raster once, in reading order."""
        return PLANAR.patches(profile, size)

    def thumbnail(self, layer: OpenLayer, size: int) -> bytes:
        """A JPEG of at most `size` pixels along its longer side: three bands or one, stretched."""
        profile = layer.profile
        longer = max(profile.size("y"), profile.size("x"))
        scale = max(scale for scale in profile.scales if scale == 1 or longer // scale >= size)
        image = _picture(layer, scale)
        return encode(fit(image, size), BYTES[GRID] if size <= GRID else BYTES[CELL])

    def measure(self, layer: OpenLayer) -> tuple[NDArray[np.float64], tuple[Histogram, ...]]:
        """Moments (bands, 6) and a histogram per band of what was measured."""
        if isinstance(layer, RasterLayer):
            return measure(*layer.read_measured(range(layer.facts.count)))
        return measure(layer.read())


def _picture(layer: OpenLayer, scale: int) -> Image.Image:
    if not isinstance(layer, RasterLayer):
        samples = layer.read(scale=scale)
        return composed(
            [samples] if samples.ndim == 2 else list(samples[:3] if len(samples) >= 3 else samples[:1]), None
        )
    places = rgb_places(layer.facts)
    samples, measured = layer.read_measured(places, None, scale)
    valid = None if measured is None else np.logical_and.reduce(measured)
    if layer.facts.palette:
        return indexed(samples[0], layer.facts.palette)
    if layer.labels:
        values = np.unique(samples[0][np.isfinite(samples[0])]).astype(np.int64).tolist()
        if 0 < len(values) <= MOST_CLASSES:
            return classes(samples[0], valid, values)
    return composed(list(samples), valid, natural=is_natural(layer.facts, places))


GEOSPATIAL = Geospatial()
