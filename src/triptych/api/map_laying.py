"""Chips laid onto tiles of the map with the nearest sample, so that every value on a map is one of the file, or a
mean of some where a tile is thinner than the chip.

Where a tile's pixels lie in a chip is reckoned on a coarse grid and filled in between, as GDAL's warper does it: no
pixel is off by more than an eighth of a sample. GDAL would take five times as long, for each call sets up its own
datasets and transformers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.api.map_grid import SIDE, wkt_of
from triptych.api.projections import projection
from triptych.api.raster_reading import samples_of
from triptych.core.raster import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from affine import Affine
    from numpy.typing import NDArray

    from triptych.api.map_grid import MapTile
    from triptych.api.raster_reading import Raster
    from triptych.core.raster import OpenLayer

    Points = tuple[NDArray[np.float64], NDArray[np.float64]]

PROBES = 9
"""Points along each side of a chip by which its part of a tile is found."""

MOST_BENT = 0.05
"""Of its extent on a tile: as far as points of a chip may lie from where its corners let them expect."""

STEP = 16
"""Pixels of a tile from one point of the coarse grid to the next."""

TOLERANCE = 0.125
"""Samples, as thin as they are read, that a pixel may be off."""


class Laid(NamedTuple):
    """Samples (c, y, x) on the part of a tile whose first pixel is at `top` and `left`, and where (y, x) all of them
    were measured."""

    samples: NDArray[Any]
    valid: NDArray[np.bool_]
    top: int
    left: int


class Part(NamedTuple):
    """Pixels of a tile; `bottom` and `right` are the first ones beyond."""

    top: int
    left: int
    bottom: int
    right: int


def pixel_transform(raster: Raster) -> Affine | None:
    """From a chip's pixel corners to its system; None where its file has no such thing."""
    from affine import Affine

    given = (raster.row.details or {}).get("transform")
    found = Affine(*given) if given else None
    return found if found is not None and found.determinant else None


def applied(transform: Affine, x: Any, y: Any) -> Points:
    """Where a transform takes points."""
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    a, b, c, d, e, f = transform.a, transform.b, transform.c, transform.d, transform.e, transform.f
    return a * xs + b * ys + c, d * xs + e * ys + f


def laid_on(layer: OpenLayer, raster: Raster, places: Sequence[int], tile: MapTile) -> Laid | None:
    """A chip's bands on the pixels of a tile, as far as it reaches. None where the tile shows nothing of it."""
    own = pixel_transform(raster)
    system = (raster.row.details or {}).get("crs") or ""
    to_tile, to_chip = projection(system, wkt_of(tile.grid)), projection(wkt_of(tile.grid), system)
    if own is None or to_tile is None or to_chip is None:
        return None
    height, width = raster.row.height, raster.row.width

    def onto_tile(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return applied(~tile.transform, *to_tile.transform(*applied(own, x, y)))

    def into_chip(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return applied(~own, *to_chip.transform(*applied(tile.transform, x, y)))

    part = part_of(onto_tile, height, width)
    if part.top >= part.bottom or part.left >= part.right:
        return None
    columns, rows, scale = pixels_in(into_chip, part)
    with np.errstate(invalid="ignore"):
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    if not inside.any():
        return None
    kept_rows, kept_columns = rows[inside].astype(np.int64), columns[inside].astype(np.int64)
    window = _window(kept_rows, kept_columns, scale, (height, width))
    samples, measured = samples_of(layer, places, window, scale, labels=raster.is_label)
    at = (kept_rows - window.top) // scale * samples.shape[2] + (kept_columns - window.left) // scale
    found = np.zeros((len(samples), *inside.shape), samples.dtype)
    found[:, inside] = samples.reshape(len(samples), -1).take(at, axis=1)
    if measured is not None:
        inside[inside] = np.logical_and.reduce(measured, axis=0).reshape(-1).take(at)
    return Laid(found, inside, part.top, part.left) if inside.any() else None


def part_of(onto_tile: Callable[..., Points], height: int, width: int) -> Part:
    """The pixels of a tile beyond which nothing of a chip lies.

    The whole tile where the chip is bent so much that probes in it do not bound it, as around a pole.
    """
    whole = Part(0, 0, SIDE, SIDE)
    steps = np.linspace(0, 1, PROBES)
    across, down = np.meshgrid(steps, steps)
    columns, rows = onto_tile(across * width, down * height)
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
        low, high = float(places.min()) - margin, float(places.max()) + margin
        found.append((math.floor(min(max(0.0, low), SIDE)), math.ceil(min(max(0.0, high), SIDE))))
    (top, bottom), (left, right) = found
    return Part(top, left, bottom, right)


def pixels_in(
    into_chip: Callable[..., Points], part: Part
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Columns and rows (y, x) of a chip at the middles of a part's pixels, NaN where there are none; and how far the
    chip is thinned to be about as fine as the tile: a power of two."""
    x = np.arange(part.left, part.right, dtype=np.float64) + 0.5
    y = np.arange(part.top, part.bottom, dtype=np.float64) + 0.5
    coarse_x, coarse_y = _grid(x), _grid(y)
    columns, rows = into_chip(*np.meshgrid(coarse_x, coarse_y))
    scale = _scale(columns, rows, coarse_x, coarse_y)
    middle_x, middle_y = (coarse_x[1:] + coarse_x[:-1]) / 2, (coarse_y[1:] + coarse_y[:-1]) / 2
    exact = into_chip(*np.meshgrid(middle_x, middle_y))
    with np.errstate(invalid="ignore"):
        off = [np.abs(_means(each) - true) for each, true in zip((columns, rows), exact, strict=True)]
        near = all(bool((each <= TOLERANCE * scale).all()) for each in off)  # NaN is not
    if not near:
        columns, rows = into_chip(*np.meshgrid(x, y))
        known = np.isfinite(columns) & np.isfinite(rows)
        return np.where(known, columns, np.nan), np.where(known, rows, np.nan), scale
    filled = [_between(_between(each, x, coarse_x).T, y, coarse_y).T for each in (columns, rows)]
    return filled[0], filled[1], scale


def _grid(along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points from the first to the last, at most STEP apart, two at least."""
    last = max(float(along[-1]), float(along[0]) + 1)
    return np.linspace(float(along[0]), last, 2 + int(last - along[0]) // STEP)


def _means(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = (
        corners[1:, 1:] + corners[1:, :-1] + corners[:-1, 1:] + corners[:-1, :-1]
    ) / 4
    return means


def _between(
    values: NDArray[np.float64], along: NDArray[np.float64], coarse: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values (n, coarse) at the places along the last axis, linearly between two. A product of matrices would be
    shorter, but wakes as many threads as there are cores."""
    at = (along - coarse[0]) / (coarse[1] - coarse[0])
    before = np.minimum(at.astype(np.intp), len(coarse) - 2)
    first = values.take(before, axis=1)
    found: NDArray[np.float64] = first + (values.take(before + 1, axis=1) - first) * (at - before)
    return found


def _scale(
    columns: NDArray[np.float64], rows: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> int:
    """The power of two that is nearest below the samples that lie on a pixel of the tile, along its narrower side."""
    with np.errstate(invalid="ignore"):
        right = np.hypot(np.diff(columns, axis=1), np.diff(rows, axis=1)) / (x[1] - x[0])
        down = np.hypot(np.diff(columns, axis=0), np.diff(rows, axis=0)) / (y[1] - y[0])
    known = [each[np.isfinite(each)] for each in (right, down)]
    density = min((float(np.median(each)) for each in known if each.size), default=1.0)
    # A little less than twice as fine is twice as fine: tiles of one zoom differ by as much.
    return 1 << max(0, int(math.log2(max(1.0, min(density * 1.01, 2.0**20)))))


def _window(rows: NDArray[np.int64], columns: NDArray[np.int64], scale: int, size: tuple[int, int]) -> Window:
    """The window around pixels of a chip, in whole steps of its thinning."""
    edges = []
    for places, end in ((rows, size[0]), (columns, size[1])):
        first, last = int(places.min()) // scale, int(places.max()) // scale + 1
        edges.append((first * scale, min(end, last * scale)))
    (top, bottom), (left, right) = edges
    return Window(top, left, bottom, right)
