"""What a tile of the map shows: chips in their place, thumbnails where they are many, outlines where there are more.

Chips are read where they lie, in the bands that are shown and as thin as the tile needs, and laid onto the tile by
GDAL's warper with the nearest sample, so that every value on a map is one of the file.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from triptych.api.map_grid import SIDE, MapTile, system_of, wkt_of
from triptych.api.projections import DEGREES, projection
from triptych.api.raster_reading import samples_of
from triptych.core.raster import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from affine import Affine
    from numpy.typing import NDArray

    from triptych.api.raster_reading import Raster
    from triptych.core.raster import OpenLayer
    from triptych.datasets.footprints import Chip, Cluster

    Rgba = NDArray[np.uint8]

PROBES = 9
"""Points along each side of a tile by which its window in a chip is found."""

MOST_BENT = 0.05
"""Of its extent on a tile: as far as points of a chip may lie from where its corners let them expect."""

EDGE = (0, 114, 178, 255)
FILL = (0, 114, 178, 48)
"""Blue of the palette, which every kind of sight tells from the ground of a map."""

EDGE_WIDTH = 1


def window_in(raster: Raster, tile: MapTile) -> tuple[Window, int] | None:
    """The window of a chip that a tile shows, and how far it is thinned: a power of two, in whole steps of which the
    window lies. None where the tile shows nothing of it."""
    back = pixel_transform(raster)
    to_chip = projection(wkt_of(tile.grid), (raster.row.details or {}).get("crs") or "")
    if back is None or to_chip is None:
        return None
    left, bottom, right, top = tile.bounds
    x, y = np.meshgrid(np.linspace(left, right, PROBES), np.linspace(top, bottom, PROBES))
    xs, ys = to_chip.transform(x.ravel(), y.ravel())
    known = np.isfinite(xs) & np.isfinite(ys)
    if not known.any():
        return None
    columns, rows = applied(~back, np.asarray(xs)[known], np.asarray(ys)[known])
    width, height = float(np.ptp(columns)), float(np.ptp(rows))
    scale = 1
    while scale * 2 * SIDE <= min(width, height):
        scale *= 2
    # Between the probes the edge of a tile may bend outwards.
    margin = 2 * scale + 0.02 * max(width, height)
    first = [_down(float(values.min()) - margin, scale) for values in (rows, columns)]
    last = [_down(float(values.max()) + margin, scale) + scale for values in (rows, columns)]
    edges = (
        max(0, first[0]),
        max(0, first[1]),
        min(raster.row.height, last[0]),
        min(raster.row.width, last[1]),
    )
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        return None
    return Window(*edges), scale


def _down(value: float, scale: int) -> int:
    bounded = min(max(value, -(2.0**31)), 2.0**31)
    return math.floor(bounded / scale) * scale


def pixel_transform(raster: Raster) -> Affine | None:
    """From a chip's pixel corners to its system; None where its file has no such thing."""
    from affine import Affine

    given = (raster.row.details or {}).get("transform")
    found = Affine(*given) if given else None
    return found if found is not None and found.determinant else None


def applied(transform: Affine, x: Any, y: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where a transform takes points."""
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    a, b, c, d, e, f = transform[:6]
    return a * xs + b * ys + c, d * xs + e * ys + f


class Laid(NamedTuple):
    """Samples (c, y, x) on the part of a tile whose first pixel is at `top` and `left`, and where (y, x) all of them
    were measured."""

    samples: NDArray[Any]
    valid: NDArray[np.bool_]
    top: int
    left: int


def part_of(tile: MapTile, raster: Raster, window: Window) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of the pixels of a tile beyond which nothing of a chip's window lies.

    The whole tile where the window is bent so much that probes in it do not bound it, as around a pole.
    """
    whole = 0, 0, SIDE, SIDE
    own = pixel_transform(raster)
    to_tile = projection((raster.row.details or {}).get("crs") or "", wkt_of(tile.grid))
    if own is None or to_tile is None:
        return whole
    steps = np.linspace(0, 1, PROBES)
    across, down = np.meshgrid(steps, steps)
    x = window.left + across * (window.right - window.left)
    y = window.top + down * (window.bottom - window.top)
    east, north = applied(own, x, y)
    xs, ys = to_tile.transform(east.ravel(), north.ravel())
    columns, rows = (each.reshape(across.shape) for each in applied(~tile.transform, xs, ys))
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()):
        return whole
    found = []
    for places in (rows, columns):
        upper = places[0, 0] * (1 - across) + places[0, -1] * across
        lower = places[-1, 0] * (1 - across) + places[-1, -1] * across
        bent = float(np.abs(upper * (1 - down) + lower * down - places).max())
        if bent > MOST_BENT * float(np.ptp(places)) + 1:
            return whole
        margin = 2 + 2 * bent
        first, last = math.floor(places.min() - margin), math.ceil(places.max() + margin)
        found.append((max(0, first), min(SIDE, last)))
    (top, bottom), (left, right) = found
    return top, left, bottom, right


def laid_on(layer: OpenLayer, raster: Raster, places: Sequence[int], tile: MapTile) -> Laid | None:
    """A chip's bands on the pixels of a tile, as far as it reaches. None where the tile shows nothing of it."""
    from rasterio.crs import CRS
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    from triptych.modalities.geospatial.reading import environment

    shown = window_in(raster, tile)
    own = pixel_transform(raster)
    if shown is None or own is None:
        return None
    window, scale = shown
    top, left, bottom, right = part_of(tile, raster, window)
    if top >= bottom or left >= right:
        return None
    samples, measured = samples_of(layer, places, window, scale, labels=raster.is_label)
    if samples.dtype == np.float16 or samples.dtype.kind == "b":
        samples = samples.astype(np.float32 if samples.dtype.kind == "f" else np.uint8)
    here = np.ones(samples.shape[1:], bool) if measured is None else np.logical_and.reduce(measured, axis=0)
    # One more band tells where something was measured, so that both follow the same pixels.
    source = np.concatenate((samples, here[np.newaxis].astype(samples.dtype)))
    target = np.zeros((len(source), bottom - top, right - left), source.dtype)
    with environment():
        reproject(
            source,
            target,
            src_transform=own @ type(own).translation(window.left, window.top) @ type(own).scale(scale),
            src_crs=CRS.from_user_input((raster.row.details or {})["crs"]),
            dst_transform=tile.transform @ type(own).translation(left, top),
            dst_crs=system_of(tile.grid),
            resampling=Resampling.nearest,
        )
    valid = target[-1] != 0
    return Laid(target[:-1], valid, top, left) if valid.any() else None


def put_beneath(picture: Rgba, lower: Rgba, top: int, left: int) -> None:
    """Fill what is clear of a picture (y, x, 4) with another one, whose first pixel is at `top` and `left`."""
    height, width = lower.shape[:2]
    part = picture[top : top + height, left : left + width]
    np.copyto(part, lower, where=part[..., 3:] == 0)


def thumbnails_on(tile: MapTile, pictures: Sequence[tuple[Raster, bytes]]) -> Rgba:
    """Thumbnails of chips in their place, each as a parallelogram."""
    whole = Image.new("RGBA", (SIDE, SIDE))
    for raster, data in pictures:
        corners = corners_on(tile, raster)
        if corners is None:
            continue
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGBA")
        _paste(whole, picture, corners)
    return np.asarray(whole)


def corners_on(tile: MapTile, raster: Raster) -> NDArray[np.float64] | None:
    """Where the upper left, upper right and lower left corner of a chip lie on a tile, as (3, 2) of x and y."""
    own = pixel_transform(raster)
    to_tile = projection((raster.row.details or {}).get("crs") or "", wkt_of(tile.grid))
    if own is None or to_tile is None:
        return None
    width, height = raster.row.width, raster.row.height
    places = applied(own, np.array((0, width, 0)), np.array((0, 0, height)))
    xs, ys = to_tile.transform(*places)
    columns, rows = applied(~tile.transform, xs, ys)
    found = np.stack((columns, rows), axis=1)
    # What is wider than the world has been torn apart by its edge.
    return found if np.isfinite(found).all() and np.abs(found).max() < 64 * SIDE else None


def _paste(whole: Image.Image, picture: Image.Image, corners: NDArray[np.float64]) -> None:
    fourth = corners[1] + corners[2] - corners[0]
    every = np.vstack((corners, fourth))
    left, top = np.floor(every.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(every.max(axis=0)).astype(int).tolist()
    left, top, right, bottom = max(0, left), max(0, top), min(SIDE, right), min(SIDE, bottom)
    if left >= right or top >= bottom:
        return
    across, down = corners[1] - corners[0], corners[2] - corners[0]
    area = across[0] * down[1] - across[1] * down[0]
    if abs(area) < 1e-6:
        return
    # From pixels of the part that is pasted back to those of the thumbnail, as PIL asks for it.
    width, height = picture.size
    a, b = down[1] / area * width, -down[0] / area * width
    d, e = -across[1] / area * height, across[0] / area * height
    x, y = left - corners[0][0], top - corners[0][1]
    part = picture.transform(
        (right - left, bottom - top),
        Image.Transform.AFFINE,
        (a, b, a * x + b * y, d, e, d * x + e * y),
        Image.Resampling.BILINEAR,
    )
    whole.alpha_composite(part, (left, top))


def outlines_on(tile: MapTile, chips: Sequence[Chip]) -> Rgba:
    """Outlines of chips on a tile."""
    whole = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(whole, "RGBA")
    for chip in chips:
        for ring in rings_of(chip.outline):
            points = _on_tile(tile, ring)
            if points is not None:
                draw.polygon(points, fill=FILL, outline=EDGE, width=EDGE_WIDTH)
    return np.asarray(whole)


def clusters_on(tile: MapTile, clusters: Sequence[Cluster]) -> Rgba:
    """Rectangles around many chips, the fuller the more there are."""
    whole = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(whole, "RGBA")
    most = max((cluster.items for cluster in clusters), default=1)
    for cluster in clusters:
        west, south, east, north = cluster.box
        if west > east:
            continue
        ring = [(west, south), (east, south), (east, north), (west, north)]
        points = _on_tile(tile, ring)
        if points is not None:
            strength = 48 + round(144 * math.sqrt(cluster.items / most))
            draw.polygon(points, fill=(*FILL[:3], strength), outline=EDGE, width=EDGE_WIDTH)
    return np.asarray(whole)


def rings_of(outline: dict[str, Any] | None) -> list[list[tuple[float, float]]]:
    """The outer rings of a Polygon or a MultiPolygon of GeoJSON."""
    if outline is None:
        return []
    polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    return [[(point[0], point[1]) for point in polygon[0]] for polygon in polygons if polygon]


def _on_tile(tile: MapTile, ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]] | None:
    to_tile = projection(DEGREES, system_of(tile.grid).to_wkt())
    if to_tile is None or len(ring) < 3:
        return None
    # The web map ends where its squares do; beyond lies infinity.
    points = np.asarray(ring, np.float64)
    if "Mercator" in tile.grid:
        points[:, 1] = np.clip(points[:, 1], -85.06, 85.06)
    xs, ys = to_tile.transform(points[:, 0], points[:, 1])
    columns, rows = applied(~tile.transform, xs, ys)
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()):
        return None
    far = 1e6
    return list(zip(np.clip(columns, -far, far).tolist(), np.clip(rows, -far, far).tolist(), strict=True))
