"""What a tile of the map shows: chips in their place, thumbnails where they are many, outlines where there are more.

`map_laying` puts chips in their place; here are pictures of them, and what stands for them.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

from triptych.api.map_grid import SIDE, wkt_of
from triptych.api.map_laying import applied, pixel_transform
from triptych.api.projections import DEGREES, projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.api.map_grid import MapTile
    from triptych.api.raster_reading import Raster
    from triptych.datasets.footprints import Chip, Cluster

    Rgba = NDArray[np.uint8]

EDGE = (0, 114, 178, 255)
FILL = (0, 114, 178, 48)
"""Blue of the palette, which every kind of sight tells from the ground of a map."""

EDGE_WIDTH = 1


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
    to_tile = projection(DEGREES, wkt_of(tile.grid))
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
