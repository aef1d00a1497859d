"""Where a raster lies on the ground: its outline in degrees of WGS 84, split where it crosses the antimeridian.

The edge is followed in many points, for a straight line of pixels is curved on the ground, and thinned again to
what a tenth of a pixel needs. An edge that runs once around a pole encloses it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import Geod, Transformer
    from shapely.geometry.base import BaseGeometry

Transform = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]

_POINTS = (16, 256)
"""Points along a side: the first are enough for a chip, the second follow an edge that turns around a pole."""

_LARGE_STEP = 20  # degrees from one point of the edge to the next, as near a pole
_DIGITS = 7  # of degrees: a centimetre
_WORLD = 360.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """A box and an outline in degrees of WGS 84. `west` > `east` where it crosses the antimeridian; a cap over a
    pole reaches from -180 to 180 and to 90 or -90. `outline` is a GeoJSON Polygon or MultiPolygon, longitude first,
    outer rings counter-clockwise (RFC 7946)."""

    west: float
    south: float
    east: float
    north: float
    outline: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As stored: west, south, east, north, outline."""
        return {
            "west": self.west,
            "south": self.south,
            "east": self.east,
            "north": self.north,
            "outline": self.outline,
        }


@lru_cache(maxsize=64)
def footprint_of(crs: str, transform: Transform, width: int, height: int) -> Footprint | None:
    """The footprint of a raster of width × height pixels; None where its place cannot be told in degrees.

    `crs` is what pyproj understands ("EPSG:32633", WKT), `transform` the affine (a, b, c, d, e, f) from pixel
    corners to the CRS. Kept for a while: the layers of a chip lie on the same ground.
    """
    to_degrees = _transformer(crs)
    if to_degrees is None or not all(map(math.isfinite, transform)):
        return None
    few, many = _POINTS
    ring = _ring(to_degrees, transform, width, height, few)
    if ring is not None and np.abs(np.diff(_unwrapped(ring[:, 0]))).max() > _LARGE_STEP:
        ring = _ring(to_degrees, transform, width, height, many)
    if ring is None:
        return None
    tolerance = 0.1 * _side(ring) / max(width, height)
    return _quadrilateral(ring, tolerance) or _footprint(ring, tolerance)


def resolution_of(
    crs: str, transform: Transform, width: int, height: int, footprint: Footprint | None
) -> tuple[float, float] | None:
    """Metres on the ground along a pixel's width and height, in the middle of the raster; None where not known."""
    a, b, _, d, e, _ = transform
    across, down = math.hypot(a, d), math.hypot(b, e)
    metres, geod = _ruler(crs)
    if metres is not None:
        return _rounded(across * metres), _rounded(down * metres)
    if geod is None or footprint is None:
        return None
    c, f = transform[2], transform[5]
    x, y = a * width / 2 + b * height / 2 + c, d * width / 2 + e * height / 2 + f
    y = min(max(y, -89.9), 89.9)
    east = geod.line_length([x, x + a], [y, y + d])
    south = geod.line_length([x, x + b], [y, y + e])
    return (_rounded(east), _rounded(south)) if math.isfinite(east) and math.isfinite(south) else None


@lru_cache(maxsize=256)
def _ruler(crs: str) -> tuple[float | None, Geod | None]:
    """Metres of a unit of the CRS; or, where units are degrees, the ellipsoid to measure on; neither: not known."""
    from pyproj import CRS, Geod
    from pyproj.exceptions import ProjError

    try:
        system = CRS.from_user_input(crs)
    except ProjError:
        return None, None
    if system.is_geographic:
        return None, system.get_geod() or Geod(ellps="WGS84")
    if not system.axis_info:
        return None, None
    return float(system.axis_info[0].unit_conversion_factor) or 1.0, None


def _rounded(metres: float) -> float:
    return float(f"{metres:.6g}")


@lru_cache(maxsize=256)
def _transformer(crs: str) -> Transformer | None:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if not crs:
        return None
    try:
        return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except ProjError:
        return None


def _ring(
    to_degrees: Transformer, transform: Transform, width: int, height: int, points: int
) -> NDArray[np.float64] | None:
    """The edge as (n, 2) of longitude and latitude, closed; None where none of it, or too little, has a place."""
    along = np.linspace(0.0, 1.0, points, endpoint=False)
    still = np.zeros(points)
    columns = np.concatenate((along, still + 1, 1 - along, still)) * width
    rows = np.concatenate((still, along, still + 1, 1 - along)) * height
    a, b, c, d, e, f = transform
    longitude, latitude = to_degrees.transform(a * columns + b * rows + c, d * columns + e * rows + f)
    ring = np.stack((np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)), axis=1)
    if not np.isfinite(ring).all() or np.abs(ring[:, 1]).max() > 90 + 1e-6:
        return None  # partly beyond what the projection can show
    return np.concatenate((ring, ring[:1]))


def _unwrapped(longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes that go on where they would jump from 180 to -180."""
    steps = np.diff(longitude)
    steps -= np.round(steps / _WORLD) * _WORLD
    return np.concatenate(([longitude[0]], longitude[0] + np.cumsum(steps)))


def _side(ring: NDArray[np.float64]) -> float:
    longitude = _unwrapped(ring[:, 0])
    return float(max(np.ptp(longitude), np.ptp(ring[:, 1])))


def _quadrilateral(ring: NDArray[np.float64], tolerance: float) -> Footprint | None:
    """What nearly every chip is: four straight sides away from the antimeridian; None for all else."""
    points = (len(ring) - 1) // 4
    corners = ring[::points]
    if np.abs(np.diff(ring[:, 0])).max() > 90 or np.abs(ring[:, 0]).max() > 180 or np.ptp(ring[:, 0]) > 180:
        return None
    along = np.linspace(0.0, 1.0, points, endpoint=False)[:, np.newaxis]
    straight = np.concatenate([start * (1 - along) + end * along for start, end in pairwise(corners)])
    if np.abs(ring[:-1] - straight).max() > tolerance:
        return None
    x, y = corners[:, 0], corners[:, 1]
    area = float(x[:-1] @ y[1:] - x[1:] @ y[:-1])
    if area == 0:
        return None
    turned = corners if area > 0 else corners[::-1]
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    return _boxed(
        west, south, east, north, {"type": "Polygon", "coordinates": [np.round(turned, _DIGITS).tolist()]}
    )


def _footprint(ring: NDArray[np.float64], tolerance: float) -> Footprint | None:
    import shapely

    flat = ring[:, 0]
    # A raster around the whole earth has its edges on one meridian, which unwrapping would take for one line.
    whole = np.ptp(flat) >= _WORLD - 1e-6 and np.abs(np.diff(flat)).max() < 180
    longitude = flat if whole else _unwrapped(flat)
    latitude = np.clip(ring[:, 1], -90.0, 90.0)
    turns = longitude[-1] - longitude[0]
    line = np.stack((longitude, latitude), axis=1)
    if abs(turns) > 180:
        return _cap(line, tolerance)
    shape = shapely.Polygon(line)
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    shape = _areas(shapely.simplify(shape, tolerance))
    if shape is None:
        return None
    west, south, east, north = shape.bounds
    parts = _on_the_map(shape)
    if east - west >= _WORLD - 1e-9:
        west, east = -180.0, 180.0
    else:
        west, east = _wrapped(west, east)
    return _boxed(west, south, east, north, _geojson(parts))


def _boxed(west: float, south: float, east: float, north: float, outline: dict[str, Any]) -> Footprint:
    west, south, east, north = (round(float(value), _DIGITS) for value in (west, south, east, north))
    return Footprint(west, south, east, north, outline)


def _cap(line: NDArray[np.float64], tolerance: float) -> Footprint | None:
    """What an edge encloses that runs once around the earth, with the pole on the side where it lies nearer."""
    import shapely

    north = line[:, 1].mean() > 0
    pole = 90.0 if north else -90.0
    ends = [(line[-1, 0], pole), (line[0, 0], pole)]
    shape = shapely.make_valid(shapely.Polygon(np.concatenate((line, ends))))
    around = _on_the_map(shapely.simplify(shape, tolerance))
    if around is None:
        return None
    _, low, _, high = around.bounds
    south, top = (low, 90.0) if north else (-90.0, high)
    return _boxed(-180.0, south, 180.0, top, _geojson(around))


def _on_the_map(shape: BaseGeometry | None) -> BaseGeometry | None:
    """A shape whose longitudes run beyond 180 cut into what lies between -180 and 180."""
    import shapely
    from shapely.affinity import translate

    if shape is None:
        return None
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    first, last = math.floor((west + 180) / _WORLD), math.floor((east + 180) / _WORLD)
    world = shapely.box(-180, -90, 180, 90)
    pieces = [world & translate(shape, -_WORLD * turn) for turn in range(first, last + 1)]
    # On a grid, for two pieces that share a meridian have it with different last digits.
    return _areas(shapely.union_all([piece for piece in pieces if not piece.is_empty], grid_size=1e-9))


def _areas(shape: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a shape; None where it has no area."""
    import shapely

    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _wrapped(west: float, east: float) -> tuple[float, float]:
    """Two longitudes within -180 and 180; an eastern edge on the antimeridian is 180, a western one -180."""
    turn = math.floor((west + 180) / _WORLD)
    west, east = west - _WORLD * turn, east - _WORLD * turn
    return (west, east) if east <= 180 + 1e-9 else (west, east - _WORLD)


def _geojson(shape: BaseGeometry | None) -> dict[str, Any]:
    import shapely
    from shapely.geometry import mapping

    assert shape is not None
    turned = shapely.orient_polygons(shape, exterior_cw=False)
    rounded: dict[str, Any] = mapping(turned)
    return {"type": rounded["type"], "coordinates": _listed(rounded["coordinates"])}


def _listed(coordinates: Any) -> Any:
    if isinstance(coordinates, (int, float)):
        return round(float(coordinates), _DIGITS)
    return [_listed(part) for part in coordinates]
