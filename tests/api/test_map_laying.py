"""Where the pixels of a tile lie in a chip: a coarse grid is near enough, and what it cannot tell is reckoned one by
one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from triptych.api.map_grid import SIDE, MapTile, wkt_of
from triptych.api.map_laying import STEP, TOLERANCE, Part, applied, laid_on, part_of, pixels_in
from triptych.api.projections import projection

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Points = tuple[NDArray[np.float64], NDArray[np.float64]]

WHOLE = Part(0, 0, SIDE, SIDE)


def scaled(factor: float, x0: float = 0.0, y0: float = 0.0) -> Callable[..., Points]:
    def move(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return x * factor + x0, y * factor + y0

    return move


def test_a_chip_bounds_its_part_of_a_tile() -> None:
    assert part_of(scaled(0.125, 100, 20), 256, 512) == (18, 98, 54, 166)
    assert part_of(scaled(1, -50, -300), 256, 512) == (0, 0, 0, SIDE), "it lies above"
    assert part_of(scaled(10, -500, -600), 512, 512) == WHOLE


def test_what_is_bent_or_beyond_the_projection_is_looked_for_on_the_whole_tile() -> None:
    def around_a_pole(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return np.degrees(np.arctan2(y - 50, x - 50)) + 100, np.hypot(x - 50, y - 50) + 20

    def beyond(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return np.where(x > 60, np.inf, x), y

    assert part_of(around_a_pole, 100, 100) == WHOLE
    assert part_of(beyond, 100, 100) == WHOLE


@pytest.mark.parametrize("part", [WHOLE, Part(3, 7, 4, 8), Part(0, 250, 17, 256), Part(10, 10, 27, 43)])
def test_a_straight_grid_is_exact(part: Part) -> None:
    columns, rows, scale = pixels_in(scaled(2.5, 3, -9), part)
    assert scale == 2
    x, y = np.meshgrid(np.arange(part.left, part.right) + 0.5, np.arange(part.top, part.bottom) + 0.5)
    assert columns == pytest.approx(2.5 * x + 3)
    assert rows == pytest.approx(2.5 * y - 9)


@pytest.mark.parametrize("bend", [0.0005, 0.01, 0.3])
def test_a_bent_one_is_near_enough_or_exact(bend: float) -> None:
    calls: list[int] = []

    def bent(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        calls.append(x.size)
        return x + bend * (y - 100) ** 2, y * 1.5

    columns, rows, _ = pixels_in(bent, WHOLE)
    x, y = np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5)
    assert np.abs(columns - x - bend * (y - 100) ** 2).max() <= TOLERANCE
    assert rows == pytest.approx(1.5 * y)
    exactly = bend * (STEP / 2) ** 2 > TOLERANCE
    assert (SIDE * SIDE in calls) == exactly


def test_where_a_projection_ends_pixels_have_no_place() -> None:
    def torn(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        return np.where(x > 101, np.inf, x), y + np.where(x > 40, 1e7, 0)

    columns, rows, _ = pixels_in(torn, WHOLE)
    assert np.isnan(columns[:, 101:]).all()
    assert np.isfinite(columns[:, :101]).all()
    assert (rows[:, :40] < 300).all()
    assert (rows[:, 40:101] > 1e6).all()


def test_every_pixel_is_the_sample_that_it_lies_in() -> None:
    """A chip whose samples are their own numbers, over a tile that is a little finer."""
    crs, height, width = "EPSG:32633", 300, 260
    tile = MapTile("WebMercatorQuad", 14, 8876, 5384)
    back = projection(wkt_of(tile.grid), crs)
    assert back is not None
    left, _, _, top = tile.bounds
    east, north = back.transform(left, top)
    details = {"crs": crs, "transform": [6.0, 0.0, east + 300, 0.0, -6.0, north - 200]}
    raster: Any = SimpleNamespace(
        row=SimpleNamespace(details=details, height=height, width=width), is_label=False
    )
    samples = np.arange(height * width, dtype=np.int32).reshape(1, height, width)
    hole = np.ones((1, height, width), bool)
    hole[:, 40:60] = False

    class Layer:
        def read_measured(self, places: Any, window: Any, scale: int) -> Any:
            assert (list(places), scale) == ([0], 1)
            part = np.s_[:, window.top : window.bottom, window.left : window.right]
            return samples[part], hole[part]

    layer: Any = Layer()
    laid = laid_on(layer, raster, [0], tile)
    assert laid is not None
    rows, columns = np.nonzero(laid.valid)
    to_chip = back.transform(*applied(tile.transform, columns + laid.left + 0.5, rows + laid.top + 0.5))
    column, row = (to_chip[0] - east - 300) / 6, (north - 200 - to_chip[1]) / 6
    found = laid.samples[0][laid.valid]
    assert np.abs(found % width + 0.5 - column).max() <= 0.5 + TOLERANCE
    assert np.abs(found // width + 0.5 - row).max() <= 0.5 + TOLERANCE
    assert not np.isin(found // width, range(40, 60)).any()
    assert laid.valid.mean() > 0.5
    far: Any = SimpleNamespace(
        row=SimpleNamespace(
            details={**details, "transform": [6, 0, east + 90_000, 0, -6, north]}, height=height, width=width
        ),
        is_label=False,
    )
    assert laid_on(layer, far, [0], tile) is None
