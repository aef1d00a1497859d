"""Polygons on the ground fall on the pixels that GDAL burns them into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.features import rasterize
from rasterio.transform import Affine

from triptych.formats.geotiff_pairs.ground import Areas, ground_boxes, pixels_of
from triptych.formats.geotiff_pairs.header import RasterHeader

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = 64


def header(crs: str, x: float, y: float, step: float, size: int = SIZE) -> RasterHeader:
    return RasterHeader(
        size, size, 1, "uint8", crs=crs, transform=(step, 0.0, x, 0.0, -step, y), resolution=(step, step)
    )


def ways(chip: str, file: str) -> tuple[Transformer, Transformer]:
    return Transformer.from_crs(chip, file, always_xy=True), Transformer.from_crs(file, chip, always_xy=True)


def burnt(area: shapely.Geometry | None, size: int = SIZE) -> NDArray[Any]:
    if area is None:
        return np.zeros((size, size), np.uint8)
    found: NDArray[Any] = rasterize([(area, 1)], (size, size), transform=Affine.identity())
    return found


def on_grid(one: RasterHeader, area: shapely.Geometry) -> NDArray[Any]:
    """What GDAL burns of an area in the chip's own system."""
    assert one.transform is not None
    found: NDArray[Any] = rasterize([(area, 1)], (one.height, one.width), transform=Affine(*one.transform))
    return found


@settings(deadline=None, max_examples=40)
@given(
    place=st.tuples(st.floats(300_000, 700_000), st.floats(1_000_000, 8_000_000)),
    turn=st.floats(0, 360),
    size=st.floats(3, 80),
    shift=st.tuples(st.floats(-40, 40), st.floats(-40, 40)),
)
def test_areas_in_degrees_are_those_in_metres(
    place: tuple[float, float], turn: float, size: float, shift: tuple[float, float]
) -> None:
    one = header("EPSG:32633", *place, 10.0)
    forth, back = ways("EPSG:32633", "OGC:CRS84")
    centre = place[0] + 320 + 10 * shift[0], place[1] - 320 - 10 * shift[1]
    turns = np.radians(turn + np.array([0, 75, 180, 260]))
    area = shapely.Polygon(
        [(centre[0] + 10 * size * np.cos(a), centre[1] + 10 * size * np.sin(a)) for a in turns]
    )
    degrees = shapely.transform(
        shapely.segmentize(area, 50.0), lambda xy: np.column_stack(forth.transform(xy[:, 0], xy[:, 1]))
    )
    found = pixels_of(degrees, one, ground_boxes(one, forth), back)
    assert int((burnt(found) != on_grid(one, area)).sum()) <= 3


def test_holes_and_parts_stay_and_what_leaves_the_chip_is_cut() -> None:
    one = header("EPSG:32633", 500_000, 5_000_000, 10.0)
    forth, _ = ways("EPSG:32633", "EPSG:32633")
    lake = shapely.box(499_900, 4_999_500, 500_400, 4_999_900).difference(
        shapely.box(500_100, 4_999_600, 500_200, 4_999_700)
    )
    field = shapely.box(500_500, 4_999_500, 500_600, 4_999_600)
    found = pixels_of(shapely.union(lake, field), one, ground_boxes(one, forth), None)
    assert found is not None
    assert found.bounds == (0, 10, 60, 50)
    assert len(found.geoms) == 2
    assert found.area == 40 * 40 - 10 * 10 + 10 * 10
    assert np.array_equal(burnt(found), on_grid(one, lake) | on_grid(one, field))


def test_nothing_falls_on_a_chip_elsewhere() -> None:
    one = header("EPSG:32633", 500_000, 5_000_000, 10.0)
    forth, back = ways("EPSG:32633", "OGC:CRS84")
    assert pixels_of(shapely.box(100, 10, 101, 11), one, ground_boxes(one, forth), back) is None


def test_a_chip_across_the_antimeridian_has_two_boxes_and_areas_on_both_sides() -> None:
    one = header("EPSG:32660", 800_000, 200_000, 1_000.0)
    forth, back = ways("EPSG:32660", "OGC:CRS84")
    boxes = ground_boxes(one, forth)
    assert len(boxes) == 2
    both = shapely.MultiPolygon([shapely.box(179, 1.4, 180, 1.6), shapely.box(-180, 1.4, -179, 1.6)])
    found = pixels_of(both, one, boxes, back)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    lon, lat = forth.transform(800_000 + 1_000 * (columns + 0.5), 200_000 - 1_000 * (rows + 0.5))
    inside = (np.abs(lon) >= 179) & (lat >= 1.4) & (lat <= 1.6)
    assert inside.any()
    assert int((burnt(found).astype(bool) != inside).sum()) <= 4


@pytest.mark.parametrize(("crs", "south", "north"), [("EPSG:3995", 81, 90), ("EPSG:3031", -90, -81)])
def test_a_chip_around_a_pole_has_the_cap_around_it(crs: str, south: float, north: float) -> None:
    one = header(crs, -1_600_000, 1_600_000, 50_000.0)
    forth, back = ways(crs, "OGC:CRS84")
    found = pixels_of(shapely.box(-180, south, 180, north), one, ground_boxes(one, forth), back)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    _, lat = forth.transform(-1_600_000 + 50_000 * (columns + 0.5), 1_600_000 - 50_000 * (rows + 0.5))
    inside = (lat >= south) & (lat <= north)
    assert int((burnt(found).astype(bool) != inside).sum()) <= 4


def test_a_system_that_does_not_reach_has_no_box() -> None:
    one = header("EPSG:32633", 1e9, 1e9, 10.0)
    forth, _ = ways("EPSG:32633", "OGC:CRS84")
    assert ground_boxes(one, forth) == []


def test_an_area_of_many_corners_is_divided_and_stays_what_it_is() -> None:
    turns = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    far = 4_000 + 300 * np.sin(37 * turns)
    coast = np.column_stack((500_000 + far * np.cos(turns), 5_000_000 + far * np.sin(turns)))
    land = shapely.Polygon(coast, [shapely.box(499_000, 4_999_000, 501_000, 5_001_000).exterior.coords])
    small = shapely.box(0, 0, 1, 1)
    areas = Areas([small, land])
    one = header("EPSG:32633", 503_500, 5_000_500, 10.0)
    forth, _ = ways("EPSG:32633", "EPSG:32633")
    ((number, near),) = areas.near(ground_boxes(one, forth))
    assert number == 1
    assert shapely.get_num_coordinates(near) < 10_000
    found = pixels_of(near, one, ground_boxes(one, forth), None)
    expected = on_grid(one, land)
    assert 0 < int(expected.sum()) < SIZE * SIZE
    assert int((burnt(found) != expected).sum()) <= 1
    assert [at for at, _ in areas.near([shapely.box(-1, -1, 2, 2)])] == [0]


def test_an_area_that_crosses_itself_is_divided_too() -> None:
    turns = np.linspace(0, 4 * np.pi, 9_000, endpoint=False)
    knot = shapely.Polygon(np.column_stack((np.sin(3 * turns), np.cos(2 * turns))))
    assert not knot.is_valid
    found = list(Areas([knot]).near([shapely.box(-1, -1, 1, 1)]))
    assert [number for number, _ in found] == [0]
    assert found[0][1].is_valid
