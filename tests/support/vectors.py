"""Files of polygons on the ground of chips, as other programs write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio.raw
import shapely
from pyproj import Transformer
from shapely.geometry import mapping

from tests.support.chip_pairs import ground

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RESOLUTION = 10.0
CHIPS = "EPSG:32633"

Shapes = list[tuple[shapely.Geometry, dict[str, Any]]]


def rectangle(number: int, left: float, top: float, right: float, bottom: float) -> shapely.Geometry:
    """A rectangle in pixels of the chip `number`, on the map of the chips."""
    x, y = ground(number)
    return shapely.box(
        x + left * RESOLUTION, y - bottom * RESOLUTION, x + right * RESOLUTION, y - top * RESOLUTION
    )


def moved(shape: shapely.Geometry, target: str, source: str = CHIPS) -> shapely.Geometry:
    """A shape in another coordinate system, x before y."""
    way = Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))


def geojson(shapes: Shapes, crs: str | None = None) -> str:
    """A feature collection; `crs` is the older member of that name."""
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": mapping(shape), "properties": told} for shape, told in shapes
        ],
    }
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document)


def geopackage(path: Path, shapes: Shapes, crs: str, layer: str = "areas") -> bytes:
    """A GeoPackage as GDAL writes it."""
    names: Sequence[str] = list(shapes[0][1])
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape, _ in shapes], object),
        [np.array([told[name] for _, told in shapes], object) for name in names],
        names,
        crs=crs,
        geometry_type="Unknown",
        driver="GPKG",
        layer=layer,
    )
    return path.read_bytes()


def lakes_and_fields() -> Shapes:
    """On chips 0 to 2 of `chip_pairs`: a lake with an island, one of two parts, a field; and one far away."""
    island = rectangle(0, 6, 6, 10, 10)
    return [
        (rectangle(0, 2, 2, 20, 20).difference(island), {"class": "lake", "area": 12.5}),
        (rectangle(1, 25, 4, 40, 12), {"class": "field", "area": 3.5}),
        (
            shapely.MultiPolygon([rectangle(2, 1, 1, 4, 4), rectangle(2, 10, 10, 14, 14)]),
            {"class": "lake", "area": 1.25},
        ),
        (rectangle(90, 1, 1, 4, 4), {"class": "far", "area": 2.5}),
    ]


LAKE_PIXELS, FIELD_PIXELS = 18 * 18 - 16 + 9 + 16, 7 * 8
"""What of them lies on the chips: the field leaves its chip at column 32."""
