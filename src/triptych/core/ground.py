"""Which chips show the same ground: outlines in degrees (WGS 84), overlaps found exactly, neighbours told apart.

Two outlines overlap when their interiors meet. Chips cut side by side share an edge and do not; since outlines are
computed from pixels, rounded and bent by projections, such edges agree only nearly. So each outline is drawn
together by a ten-thousandth of its half side (a twentieth of a pixel for a chip of 512), and by 2 cm at least, which
is what coordinates of seven decimals tell. What still meets then overlaps.

Outlines that reach the antimeridian are compared on both sides of it. Overlap carries over: a chain of chips that
overlap one by one is one group, since a split must not divide any of the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.groups import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Polygons = NDArray[Any]

MARGIN = 1e-4
"""Of the half side of an outline: what counts as a shared edge and no overlap."""

LEAST_MARGIN = 2e-7
"""Degrees, about 2 cm."""

METERS_PER_DEGREE = 111_319.49
"""Along the equator of WGS 84: 2π · 6,378,137 m / 360."""

_REACH = 1e-2
_FARTHEST = 720.0
_PAIRS = 5_000_000
_PAIRS_HELD = 1 << 20
_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class Shapes:
    """Outlines of `count` items as single polygons: `polygons` (m,) and the item of each, `item` (m,).

    Polygons at or beyond an edge of the map are there a second time, 360 degrees further. Equal outlines are
    there once; `same` (k, 2) are pairs of items that have one.
    """

    count: int
    polygons: Polygons
    item: Ints
    same: Ints

    def of(self, chosen: Mask) -> Polygons:
        """The polygons of the chosen items (count,); equal outlines must have been kept apart (`share=False`)."""
        found: Polygons = self.polygons[chosen[self.item]]
        return found


def shapes_of(outlines: Sequence[str | None], *, share: bool = True) -> Shapes:
    """Shapes from GeoJSON texts of a Polygon or MultiPolygon; None and what cannot be read have none.

    With `share` equal texts are parsed and kept once. Outlines that cross themselves are mended.
    """
    import shapely

    first: dict[str, int] = {}
    same: list[tuple[int, int]] = []
    texts: list[str] = []
    places: list[int] = []
    for place, text in enumerate(outlines):
        if not text:
            continue
        known = first.setdefault(text, place) if share else place
        if known != place:
            same.append((known, place))
            continue
        texts.append(text)
        places.append(place)
    with np.errstate(all="ignore"):
        found = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    polygons, of = shapely.get_parts(found, return_index=True)
    polygons, of = _sound(polygons, np.array(places, dtype=np.int64)[of])
    bounds = shapely.bounds(polygons)
    west, east = bounds[:, 0] <= -180 + _REACH, bounds[:, 2] > 180 + _REACH
    again = [
        shapely.transform(polygons[chosen], lambda xy, by=shift: xy + np.array([by, 0.0]))
        for chosen, shift in ((west, 360.0), (east, -360.0))
    ]
    pairs = np.array(same, dtype=np.int64).reshape(-1, 2)
    item = np.concatenate([of, of[west], of[east]])
    return Shapes(len(outlines), np.concatenate([polygons, *again]), item, pairs)


def _sound(polygons: Polygons, of: Ints) -> tuple[Polygons, Ints]:
    """Those that are polygons of degrees with an area, mended where they cross themselves."""
    import shapely

    sane = (np.abs(shapely.bounds(polygons)) <= _FARTHEST).all(axis=1)
    usable = (shapely.get_type_id(polygons) == 3) & sane
    polygons, of = polygons[usable], of[usable]
    crossed = ~shapely.is_valid(polygons)
    if crossed.any():
        mended, index = shapely.get_parts(shapely.make_valid(polygons[crossed]), return_index=True)
        polygons, of = (
            np.concatenate([polygons[~crossed], mended]),
            np.concatenate([of[~crossed], of[crossed][index]]),
        )
        flat = shapely.get_type_id(polygons) == 3
        polygons, of = polygons[flat], of[flat]
    some = shapely.area(polygons) > 0
    return polygons[some], of[some]


def overlap_labels(shapes: Shapes) -> Ints:
    """Labels (count,) as `groups.connected` gives them: the smallest item that a chain of overlaps leads to.

    Time and memory stay bounded: where outlines crowd, they are united instead of compared pair by pair.
    """
    import shapely

    labels = np.arange(shapes.count, dtype=np.int64)
    join(labels, shapes.same)
    if not len(shapes.polygons):
        return labels
    drawn = _scaled(shapes.polygons, -MARGIN)
    tree = shapely.STRtree(drawn)
    each = max(1.0, _hits_of_one(tree, drawn))
    if each * len(drawn) > _PAIRS:
        join(labels, _crowd_pairs(drawn, shapes.item))
        return labels
    step = max(1, int(_PAIRS_HELD / each))
    for start in range(0, len(drawn), step):
        left, right = tree.query(drawn[start : start + step], predicate="intersects")
        join(labels, np.stack([shapes.item[left + start], shapes.item[right]], axis=1))
    return labels


def overlapping(polygons: Polygons, others: Polygons) -> Mask:
    """Which of the polygons (m,) overlap one of the others (k,)."""
    return _meeting(_scaled(polygons, -MARGIN), _scaled(others, -MARGIN))


def touching(polygons: Polygons, others: Polygons) -> Mask:
    """Which of the polygons (m,) overlap or touch one of the others (k,), up to ten times the margin."""
    return _meeting(_scaled(polygons, 10 * MARGIN), _scaled(others, 10 * MARGIN))


def near(boxes: Floats, others: Floats, distance: float) -> Mask:
    """Which of the rectangles (m, 4) lie within `distance` metres of one of the others (k, 4).

    Rectangles are west, south, east, north in degrees, west > east across the antimeridian. Distance is taken
    along meridians and parallels, so that at corners a little more counts as near.
    """
    of, own = _boxes(boxes, 0.0)
    _, grown = _boxes(others, distance)
    found = np.zeros(len(boxes), dtype=bool)
    found[of[_meeting(own, grown)]] = True
    return found


def _boxes(boxes: Floats, distance: float) -> tuple[Ints, Polygons]:
    """Rectangles enlarged by a distance in metres, and which each is of; once more on the other side of the map."""
    import shapely

    west, south, east, north = boxes.T.astype(np.float64)
    east = np.where(west > east, east + 360, east)
    up = distance / METERS_PER_DEGREE
    farthest = np.minimum(np.maximum(np.abs(south), np.abs(north)) + up, 90)
    # Beyond 89.9 degrees a parallel is shorter than 700 km; there the whole circle counts.
    wide = np.minimum(up / np.cos(np.radians(np.minimum(farthest, 89.9))), 180)
    low, high = west - wide, east + wide
    south, north = np.maximum(south - up, -90), np.minimum(north + up, 90)
    shifts = np.array([-360.0, 0.0, 360.0]) if len(boxes) else np.zeros(1)
    drawn = [shapely.box(low + shift, south, high + shift, north) for shift in shifts.tolist()]
    number = np.tile(np.arange(len(boxes), dtype=np.int64), len(shifts))
    polygons = np.concatenate(drawn)
    bounds = shapely.bounds(polygons)
    shown = (bounds[:, 2] >= -180 - _REACH) & (bounds[:, 0] <= 180 + _REACH)
    return number[shown], polygons[shown]


def _meeting(polygons: Polygons, others: Polygons) -> Mask:
    """Which polygons (m,) meet one of the others; asks for one neighbour each, however many there are."""
    import shapely

    found = np.zeros(len(polygons), dtype=bool)
    if len(polygons) and len(others):
        (place, _), distance = shapely.STRtree(others).query_nearest(
            polygons, max_distance=1e-12, return_distance=True, all_matches=False
        )
        found[place[distance <= 0]] = True
    return found


def _scaled(polygons: Polygons, share: float) -> Polygons:
    """Polygons drawn together (share < 0) or enlarged about the middle of their rectangle, by a share of their half
    side and at least by as many degrees as `LEAST_MARGIN` times what the share is of `MARGIN`."""
    import shapely

    bounds = shapely.bounds(polygons)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    half = (bounds[:, 2:] - bounds[:, :2]).min(axis=1) / 2 if len(bounds) else np.zeros(0)
    least = LEAST_MARGIN * abs(share) / MARGIN
    amount = np.minimum(np.maximum(abs(share), least / np.maximum(half, 1e-12)), 0.5)
    factor = 1 + np.sign(share) * amount
    many = shapely.get_num_coordinates(polygons)
    centre, stretch = np.repeat(middle, many, axis=0), np.repeat(factor, many)[:, np.newaxis]
    drawn: Polygons = shapely.transform(polygons, lambda xy: centre + (xy - centre) * stretch)
    return drawn


def _hits_of_one(tree: Any, polygons: Polygons) -> float:
    """About how many rectangles one polygon's rectangle meets, from an even sample."""
    sample = polygons[np.linspace(0, len(polygons) - 1, min(_SAMPLES, len(polygons))).astype(np.int64)]
    return float(tree.query(sample).shape[1]) / len(sample)


def _crowd_pairs(drawn: Polygons, item: Ints) -> Ints:
    """Pairs (k, 2) of items that tie together what lies in one piece of the union of all polygons."""
    import shapely

    pieces = shapely.get_parts(shapely.unary_union(drawn))
    piece, inside = (
        shapely.STRtree(shapely.point_on_surface(drawn)).query(pieces, predicate="intersects").copy()
    )
    members = item[inside]
    order = np.lexsort((members, piece))
    piece, members = piece[order], members[order]
    head = np.searchsorted(piece, piece)
    return np.stack([members[head], members], axis=1)
