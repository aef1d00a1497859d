"""Outlines on the ground against pyproj and areas that are known; the antimeridian, the poles, broken systems."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from rasterio.control import GroundControlPoint

from tests.modalities.geospatial.rasters import ground, tiff
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.geospatial.footprint import Footprint, footprint_of, resolution_of

CHIP = (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_000_000.0)


def footprint(crs: str, transform: tuple[float, ...], width: int, height: int) -> Footprint:
    a, b, c, d, e, f = transform
    found = footprint_of(crs, (a, b, c, d, e, f), width, height)
    assert found is not None
    return found


def shape_of(found: Footprint) -> Any:
    shape = shapely.geometry.shape(found.outline)
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
    return shape


def area(found: Footprint) -> float:
    """Square metres on the ellipsoid."""
    geod = Geod(ellps="WGS84")
    return sum(abs(geod.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(shape_of(found)))


def test_a_chip_has_four_corners_and_the_box_of_its_whole_edge() -> None:
    found = footprint("EPSG:32633", CHIP, 512, 512)
    to_degrees = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    x = np.concatenate(
        [np.linspace(500_000, 505_120, 513)] * 2 + [np.full(513, 500_000.0), np.full(513, 505_120.0)]
    )
    y = np.concatenate(
        [np.full(513, 5_000_000.0), np.full(513, 4_994_880.0)] + [np.linspace(4_994_880, 5_000_000, 513)] * 2
    )
    longitude, latitude = to_degrees.transform(x, y)
    box = (found.west, found.south, found.east, found.north)
    assert box == pytest.approx((min(longitude), min(latitude), max(longitude), max(latitude)), abs=1e-7)
    assert found.outline["type"] == "Polygon"
    assert len(found.outline["coordinates"][0]) == 5
    assert area(found) == pytest.approx(5120**2, rel=2e-3)


def test_outer_rings_run_counter_clockwise_as_geojson_wants() -> None:
    for transform in (CHIP, (10.0, 0.0, 500_000.0, 0.0, 10.0, 4_990_000.0)):
        ring = footprint("EPSG:32633", transform, 100, 100).outline["coordinates"][0]
        assert shapely.LinearRing(ring).is_ccw


def test_a_large_scene_has_a_curved_outline() -> None:
    found = footprint("EPSG:3035", (1000.0, 0.0, 2_500_000.0, 0.0, -1000.0, 5_500_000.0), 4000, 4000)
    assert len(found.outline["coordinates"][0]) > 9
    assert area(found) == pytest.approx(4_000_000**2, rel=0.01)  # the projection keeps areas


@pytest.mark.parametrize(
    ("crs", "transform", "width", "height"),
    [
        ("EPSG:4326", (0.1, 0.0, 179.0, 0.0, -0.1, 10.0), 20, 20),
        ("EPSG:4326", (0.1, 0.0, -181.0, 0.0, -0.1, 10.0), 20, 20),
        ("EPSG:32601", (10.0, 0.0, 166_000.0, 0.0, -10.0, 100_000.0), 1024, 512),
        ("EPSG:32660", (10.0, 0.0, 830_000.0, 0.0, -10.0, 100_000.0), 1024, 512),
        ("EPSG:3832", (10_000.0, 0.0, 2_800_000.0, 0.0, -10_000.0, 1_000_000.0), 300, 100),
    ],
)
def test_what_crosses_the_antimeridian_is_split_there(
    crs: str, transform: tuple[float, ...], width: int, height: int
) -> None:
    found = footprint(crs, transform, width, height)
    assert found.outline["type"] == "MultiPolygon"
    assert found.west > 0 > found.east
    shape = shape_of(found)
    assert shape.bounds[0] == -180
    assert shape.bounds[2] == 180
    wide = (360 - found.west + found.east) * (found.north - found.south)
    assert shape.area == pytest.approx(wide, rel=0.15)
    assert shapely.intersects_xy(shape, 179.9999, (found.north + found.south) / 2)


def test_an_edge_on_the_antimeridian_does_not_cross_it() -> None:
    east = footprint("EPSG:4326", (0.1, 0.0, 178.0, 0.0, -0.1, 10.0), 20, 20)
    west = footprint("EPSG:4326", (0.1, 0.0, -180.0, 0.0, -0.1, 10.0), 20, 20)
    beyond = footprint("EPSG:4326", (0.1, 0.0, 180.0, 0.0, -0.1, 10.0), 20, 20)
    assert (east.west, east.east) == (178, 180)
    assert (west.west, west.east) == (-180, -178)
    assert (beyond.west, beyond.east) == (-180, -178)
    assert {found.outline["type"] for found in (east, west, beyond)} == {"Polygon"}


@pytest.mark.parametrize("left", [-180.0, 0.0, -30.0])
def test_a_raster_around_the_whole_earth_covers_it(left: float) -> None:
    found = footprint("EPSG:4326", (0.5, 0.0, left, 0.0, -0.5, 90.0), 720, 360)
    assert (found.west, found.south, found.east, found.north) == (-180, -90, 180, 90)
    assert shape_of(found).area == pytest.approx(360 * 180)


@pytest.mark.parametrize(
    ("crs", "left", "top", "north"),
    [
        ("EPSG:3413", -500_000.0, 500_000.0, True),
        ("EPSG:3413", -200_000.0, 900_000.0, True),  # the pole off the middle
        ("EPSG:3031", -500_000.0, 500_000.0, False),
        ("EPSG:3031", -900_000.0, 300_000.0, False),
    ],
)
def test_what_holds_a_pole_is_a_cap_that_reaches_it(crs: str, left: float, top: float, north: bool) -> None:
    found = footprint(crs, (1000.0, 0.0, left, 0.0, -1000.0, top), 1000, 1000)
    assert (found.west, found.east) == (-180, 180)
    assert (found.north == 90) is north
    assert (found.south == -90) is not north
    shape = shape_of(found)
    lonely = np.linspace(-179, 179, 40)
    assert shapely.intersects_xy(shape, lonely, np.full(40, 89.9 if north else -89.9)).all()
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    inside = to_degrees.transform(
        left + 1e6 * np.array([0.02, 0.5, 0.98]), top - 1e6 * np.array([0.03, 0.9, 0.5])
    )
    outside = to_degrees.transform(
        left + 1e6 * np.array([-0.02, 0.5, 1.02]), top - 1e6 * np.array([0.5, 1.02, 0.5])
    )
    assert shapely.intersects_xy(shape, *inside).all()
    assert not shapely.intersects_xy(shape, *outside).any()


def test_what_lies_near_a_pole_without_holding_it_is_no_cap() -> None:
    found = footprint("EPSG:3413", (1000.0, 0.0, 200_000.0, 0.0, -1000.0, 900_000.0), 600, 600)
    assert found.north < 90
    assert found.east - found.west < 180
    assert area(found) == pytest.approx(600_000**2, rel=0.06)


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:999999", CHIP),
        ("", CHIP),
        ('LOCAL_CS["a drawing"]', CHIP),
        ("EPSG:32633", (math.nan, 0.0, 0.0, 0.0, -10.0, 0.0)),
        ("EPSG:32633", (1e9, 0.0, 1e12, 0.0, -1e9, 1e12)),
        ("EPSG:4326", (1.0, 0.0, 0.0, 0.0, -1.0, 400.0)),
        ("EPSG:32633", (0.0, 0.0, 5e5, 0.0, 0.0, 5e6)),
    ],
)
def test_what_has_no_place_in_degrees_has_no_footprint(crs: str, transform: tuple[float, ...]) -> None:
    a, b, c, d, e, f = transform
    assert footprint_of(crs, (a, b, c, d, e, f), 100, 100) is None


@settings(max_examples=60, deadline=None)
@given(
    longitude=st.floats(-180, 180),
    latitude=st.floats(-80, 80),
    turn=st.floats(0, 6.28),
    pixels=st.integers(1, 3000),
)
def test_the_middle_lies_inside_wherever_on_the_earth(
    longitude: float, latitude: float, turn: float, pixels: int
) -> None:
    crs = f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84"
    a, d = 10 * math.cos(turn), 10 * math.sin(turn)
    half = pixels / 2
    found = footprint_of(crs, (a, d, -(a + d) * half, d, -a, -(d - a) * half), pixels, pixels)
    assert found is not None
    shape = shape_of(found)
    near = [
        shapely.distance(shape, shapely.Point(at, latitude))
        for at in (longitude, longitude - 360, longitude + 360)
    ]
    assert min(near) < 1e-6
    assert area(found) == pytest.approx((10 * pixels) ** 2, rel=0.02)


def test_resolution_is_in_metres_whatever_the_unit() -> None:
    assert resolution_of("EPSG:32633", CHIP, 10, 10, None) == (10, 10)
    feet = (10.0, 0.0, 0.0, 0.0, -20.0, 0.0)
    assert resolution_of("EPSG:2263", feet, 10, 10, None) == pytest.approx((3.048, 6.096), rel=1e-5)
    degrees = (0.001, 0.0, 10.0, 0.0, -0.001, 60.0)
    found = footprint_of("EPSG:4326", degrees, 10, 10)
    assert resolution_of("EPSG:4326", degrees, 10, 10, found) == pytest.approx((55.8, 111.4), rel=2e-3)
    assert resolution_of("EPSG:999999", CHIP, 10, 10, None) is None


def test_control_points_give_a_footprint_and_no_transform() -> None:
    points = [
        GroundControlPoint(row, column, 15 + column / 1000, 45 - row / 1000)
        for row, column in ((0, 0), (0, 50), (40, 0), (40, 50))
    ]
    data = tiff(ground(1, (40, 50)), crs="EPSG:4326", transform=None, gcps=points)
    found = examine_raster(data)
    assert found.details is not None
    assert found.details["transform"] is None
    place = found.details["footprint"]
    assert (place["west"], place["south"], place["east"], place["north"]) == pytest.approx(
        (15, 44.96, 15.05, 45)
    )
    assert ("control_points_only", "4 points") in found.notes


def test_a_system_that_pyproj_does_not_know_is_noted_not_guessed() -> None:
    local = 'LOCAL_CS["a drawing",UNIT["metre",1]]'
    found = examine_raster(tiff(ground(1, (20, 20)), crs=local))
    assert found.details is not None
    assert found.details["footprint"] is None
    assert {"footprint_unknown", "georeference_missing"} & {code for code, _ in found.notes}


def test_a_rotated_raster_keeps_its_turn() -> None:
    turned = Affine(8, 6, 500_000, 6, -8, 5_000_000)
    found = examine_raster(tiff(ground(1, (100, 100)), transform=turned))
    assert found.details is not None
    assert found.details["transform"] == [8, 6, 500_000, 6, -8, 5_000_000]
    assert found.details["resolution"] == [10, 10]
    ring = shapely.geometry.shape(found.details["footprint"]["outline"])
    assert ring.area < 0.7 * shapely.box(*ring.bounds).area
