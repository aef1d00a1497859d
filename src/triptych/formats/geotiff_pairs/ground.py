"""Where chips lie in the coordinate system of a file of polygons, and such a polygon in the pixels of a chip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from pyproj.exceptions import ProjError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyproj import Transformer

    from triptych.formats.geotiff_pairs.header import RasterHeader

DENSIFIED = 21
"""Points along each side of a chip that are moved to find the box around it: straight sides bend on other maps."""

STEPS = 16
"""Pieces that a side of the box is cut into, so that a long edge bends as it does on the map of the chip."""

MOST_DEGREES = 1.0
"""Longest piece of an edge in degrees: around a pole a step of many is no curve."""

FINE = 0.01
"""Pixels by which corners may lie beside a straight line to be left out again."""


MOST_CORNERS = 2_000
"""Corners of an area beyond which it is divided: a coast line is not walked along for each chip on it."""

DEEPEST = 40


class Systems(NamedTuple):
    """Ways from the system of a chip to that of a file, and back; `back` is None where both are the same."""

    forth: Transformer
    back: Transformer | None


class Areas:
    """Areas of a file, found by where they lie; those of many corners in pieces."""

    def __init__(self, areas: Sequence[shapely.Geometry]) -> None:
        self._areas = areas
        self._owners: list[int] = []
        pieces: list[shapely.Geometry] = []
        for number, area in enumerate(areas):
            own = _pieces(area)
            pieces += own
            self._owners += [number] * len(own)
        self._pieces = pieces
        self._tree = shapely.STRtree(pieces)

    def near(self, boxes: Sequence[shapely.Geometry]) -> Iterator[tuple[int, shapely.Geometry]]:
        """What of which area lies around boxes, by the areas' numbers."""
        found: dict[int, list[shapely.Geometry]] = {}
        for at in sorted({at for box in boxes for at in self._tree.query(box).tolist()}):
            found.setdefault(self._owners[at], []).append(self._pieces[at])
        for number, pieces in found.items():
            yield number, pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)


def _pieces(area: shapely.Geometry, depth: int = 0) -> list[shapely.Geometry]:
    """The area, halved until no piece has too many corners."""
    if depth == 0 and shapely.get_num_coordinates(area) > MOST_CORNERS and not area.is_valid:
        area = shapely.make_valid(area)
    if shapely.get_num_coordinates(area) <= MOST_CORNERS or depth == DEEPEST:
        return [] if area.is_empty else [area]
    west, south, east, north = area.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        halves = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
    else:
        middle = (south + north) / 2
        halves = shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)
    return [piece for half in halves for piece in _pieces(shapely.intersection(area, half), depth + 1)]


def ground_boxes(header: RasterHeader, forth: Transformer) -> list[shapely.Geometry]:
    """Boxes around the ground of a chip in another system: two where it lies across the antimeridian, none where
    that system does not reach."""
    corners = shapely.get_coordinates(_placed(shapely.box(0, 0, header.width, header.height), header))
    left, bottom = corners.min(axis=0)
    right, top = corners.max(axis=0)
    try:
        west, south, east, north = forth.transform_bounds(left, bottom, right, top, densify_pts=DENSIFIED)
    except ProjError:
        return []
    if not np.isfinite((west, south, east, north)).all():
        return []
    if west <= east:
        return [_wider(west, south, east, north)]
    # pyproj tells a box across the antimeridian by a west that is east of its east (Transformer.transform_bounds).
    return [_wider(west, south, east + 360.0, north), _wider(west - 360.0, south, east, north)]


def _wider(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """A tenth wider: what is cut away with it must not leave an edge inside the chip."""
    across, down = (east - west) / 10, (north - south) / 10
    return shapely.box(west - across, south - down, east + across, north + down)


def pixels_of(
    area: shapely.Geometry,
    header: RasterHeader,
    grounds: Sequence[shapely.Geometry],
    back: Transformer | None,
) -> shapely.Geometry | None:
    """An area on the ground in pixels of a chip, cut at its border; None where nothing of it lies there.

    An edge that is straight in the file's system (RFC 7946, 3.1.1) bends on the map of the chip.
    """
    if back is None:
        return _clipped(area, header)
    pieces: list[shapely.Geometry] = []
    for box in grounds:
        near = _cut(area, box)
        west, south, east, north = box.bounds
        step = max(east - west, north - south) / STEPS
        step = (
            min(step, MOST_DEGREES) if back.source_crs is not None and back.source_crs.is_geographic else step
        )
        moved = _moved(shapely.segmentize(near, step), back) if step > 0 and not near.is_empty else None
        clipped = None if moved is None else _clipped(moved, header)
        if clipped is not None:
            pieces.append(clipped)
    if not pieces:
        return None
    found = pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)
    return _polygons(shapely.simplify(found, FINE, preserve_topology=True))


def _cut(area: shapely.Geometry, box: shapely.Geometry) -> shapely.Geometry:
    """What of an area lies in a box: a country is not moved for each chip on it."""
    if box.covers(shapely.box(*area.bounds)):
        return area
    valid = area if area.is_valid else shapely.make_valid(area)
    return shapely.intersection(valid, box)


def _placed(area: shapely.Geometry, header: RasterHeader) -> shapely.Geometry:
    a, b, c, d, e, f = header.transform or (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    return shapely.transform(area, lambda xy: np.column_stack((
        a * xy[:, 0] + b * xy[:, 1] + c, d * xy[:, 0] + e * xy[:, 1] + f
    )))  # fmt: skip


def _clipped(area: shapely.Geometry, header: RasterHeader) -> shapely.Geometry | None:
    """An area on the map of a chip in its pixels, cut at its border; None where nothing is left."""
    a, b, c, d, e, f = header.transform or (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    det = a * e - b * d

    def pixels(xy: Any) -> Any:
        x, y = xy[:, 0] - c, xy[:, 1] - f
        return np.column_stack(((e * x - b * y) / det, (a * y - d * x) / det))

    found = shapely.transform(area, pixels)
    found = shapely.make_valid(found) if not found.is_valid else found
    return _polygons(shapely.intersection(found, shapely.box(0, 0, header.width, header.height)))


def _polygons(area: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons among the parts of an area; None without any."""
    parts: list[shapely.Geometry] = []
    for part in shapely.get_parts(area):
        parts += shapely.get_parts(part) if part.geom_type == "MultiPolygon" else [part]
    kept = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(kept) if kept else None


def _moved(area: shapely.Geometry, transformer: Transformer) -> shapely.Geometry | None:
    """The area in another system; None where that does not reach."""

    def move(xy: Any) -> Any:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    found = shapely.transform(area, move)
    return found if np.isfinite(shapely.get_coordinates(found)).all() else None
