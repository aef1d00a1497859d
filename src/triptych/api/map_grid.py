"""Tiles of the map: the grids that they are counted in, and what of the world one of them shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from triptych.core.errors import NotFound
from triptych.datasets.footprints import Box

if TYPE_CHECKING:
    from affine import Affine
    from morecantile import TileMatrixSet

SIDE = 256
"""Pixels along the side of a tile."""

DEEPEST = 24


@dataclass(frozen=True, slots=True)
class MapTile:
    """A tile of a grid: `z` zooms in, `x` counts from the west and `y` from the north, as XYZ tiles do."""

    grid: str
    z: int
    x: int
    y: int

    @property
    def side(self) -> tuple[int, int]:
        """Rows and columns of pixels."""
        return SIDE, SIDE

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in the grid's system."""
        return _bounds(self)

    @property
    def transform(self) -> Affine:
        """From pixel corners to the grid's system."""
        from affine import Affine

        left, bottom, right, top = self.bounds
        return Affine((right - left) / SIDE, 0.0, left, 0.0, (bottom - top) / SIDE, top)

    @property
    def box(self) -> Box:
        """The rectangle in degrees around it."""
        if self.grid == "WebMercatorQuad":
            count = 1 << self.z
            north, south = (
                math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / count))))
                for row in (self.y, self.y + 1)
            )
            # The outermost tiles show what lies beyond the edge of the map, too: nothing.
            return Box(self.x / count * 360 - 180, south, (self.x + 1) / count * 360 - 180, north)
        from rasterio.errors import RasterioError
        from rasterio.warp import transform_bounds

        try:
            west, south, east, north = transform_bounds(system_of(self.grid), "EPSG:4326", *self.bounds)
        except RasterioError:
            return Box(-180, -90, 180, 90)
        sides = (west, south, east, north)
        if not all(math.isfinite(side) for side in sides):
            return Box(-180, -90, 180, 90)
        return Box(max(-180, west), max(-90, south), min(180, east), min(90, north))


@lru_cache(maxsize=256)
def _bounds(tile: MapTile) -> tuple[float, float, float, float]:
    import morecantile

    found = grid_named(tile.grid).xy_bounds(morecantile.Tile(tile.x, tile.y, tile.z))
    return found.left, found.bottom, found.right, found.top


@lru_cache(maxsize=32)
def grid_named(name: str) -> TileMatrixSet:
    """A grid by the name that the OGC gave it (Two Dimensional Tile Matrix Set 2.0). NotFound `no_such_grid`."""
    import morecantile  # takes long to import, and only maps need it

    known = morecantile.tms.list()
    if name not in known:
        raise NotFound(
            f"There is no grid of tiles called “{name[:60]}”.",
            code="no_such_grid",
            hint=f"WebMercatorQuad is the usual one; there are also {', '.join(sorted(known))}.",
        )
    return morecantile.tms.get(name)


@lru_cache(maxsize=32)
def system_of(name: str) -> Any:
    """The reference system of a grid, as rasterio has it."""
    return grid_named(name).rasterio_crs


@lru_cache(maxsize=32)
def wkt_of(name: str) -> str:
    """The same as WKT."""
    return str(system_of(name).to_wkt())


def map_tile(grid: str, z: int, x: int, y: int) -> MapTile:
    """A tile that there is in the grid. NotFound `no_such_grid`, `no_such_tile`."""
    found = grid_named(grid)
    if found.minzoom <= z <= min(found.maxzoom, DEEPEST):
        matrix = found.matrix(z)
        if 0 <= x < matrix.matrixWidth and 0 <= y < matrix.matrixHeight:
            return MapTile(grid, z, x, y)
    raise NotFound(f"The grid {grid} has no tile {z}/{x}/{y}.", code="no_such_tile")


def deepest_zoom(grid: str, resolution: float | None, latitude: float) -> int:
    """The zoom that shows pixels of a resolution in metres in full; a usual one where it is not known."""
    from morecantile.utils import meters_per_unit

    found = grid_named(grid)
    highest = min(found.maxzoom, DEEPEST)
    if not resolution or resolution <= 0:
        return min(14, highest)
    units = resolution / meters_per_unit(found.crs._pyproj_crs)
    if "Mercator" in grid:
        units /= max(0.05, math.cos(math.radians(latitude)))
    return min(
        highest, max(found.minzoom, found.zoom_for_res(units, max_z=highest, zoom_level_strategy="upper"))
    )
