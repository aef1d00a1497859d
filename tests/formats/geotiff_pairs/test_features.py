"""Files of polygons as other programs write them, and as nobody should."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.geometry import mapping

from tests.formats.memory_root import MemoryRoot
from tests.formats.raster_sample import data
from tests.formats.reading import codes, labels_of, read
from tests.support.vectors import geojson, geopackage
from triptych.core.labels import Kind
from triptych.formats.base import view_of
from triptych.formats.documents import Unreadable
from triptych.formats.geotiff_pairs.features import Feature, Features, class_property, read_features

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = shapely.box(500_010, 4_999_940, 500_050, 4_999_980)


def features(name: str, content: bytes | str) -> Features:
    view = view_of(MemoryRoot({name: content.encode() if isinstance(content, str) else content}))
    return read_features(view, 0)


def told(*properties: dict[str, str]) -> list[Feature]:
    return [Feature(SQUARE, each) for each in properties]


def test_a_geopackage_says_what_geojson_says(tmp_path: Path) -> None:
    shapes = [
        (SQUARE, {"class": "a", "note": "ä"}),
        (shapely.MultiPolygon([SQUARE, shapely.box(0, 0, 1, 1)]), {"class": "b", "note": ""}),
    ]
    one = features("x.gpkg", geopackage(tmp_path / "x.gpkg", shapes, "EPSG:32633"))
    other = features("x.geojson", geojson(shapes, "urn:ogc:def:crs:EPSG::32633"))
    assert one.crs == other.crs == "EPSG:32633"
    assert [each.area for each in one.areas] == [each.area for each in other.areas]
    assert (
        [each.told["class"] for each in one.areas]
        == [each.told["class"] for each in other.areas]
        == ["a", "b"]
    )


def test_geojson_is_in_degrees_unless_it_says_otherwise() -> None:
    assert features("a.geojson", geojson([(SQUARE, {})])).crs == "OGC:CRS84"
    assert features("a.geojson", geojson([(SQUARE, {})], "urn:ogc:def:crs:OGC:1.3:CRS84")).crs == "OGC:CRS84"
    assert features("a.geojson", json.dumps(mapping(SQUARE))).areas[0].area == SQUARE


def test_what_is_no_area_is_counted() -> None:
    document = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {}},
        {"type": "Feature", "geometry": None, "properties": None},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": "none"}, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {}},
        {"type": "Feature", "geometry": mapping(SQUARE), "properties": {"x": [1], "ok": 2.0}},
    ]}  # fmt: skip
    found = features("a.geojson", json.dumps(document))
    assert (len(found.areas), found.others) == (1, 4)
    assert found.areas[0].told == {"ok": "2"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"type":"Topology"}', b'{"type":"FeatureCollection","features":{}}',
     b'{"type":"FeatureCollection","features":[1]}', b"\xff\xfe\x00", b"[" * 200_000],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        features("a.geojson", content)


def _package(path: Path, *statements: str) -> bytes:
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    database.close()
    return path.read_bytes()


COLUMNS = "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)"
SYSTEMS = (
    "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, "
    "definition TEXT)"
)


def test_a_view_in_a_geopackage_is_not_run(tmp_path: Path) -> None:
    endless = (
        "CREATE VIEW v AS WITH RECURSIVE c(x) AS "
        "(SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS geom FROM c"
    )
    data_ = _package(tmp_path / "a.gpkg", COLUMNS, SYSTEMS, endless,
                     "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 4326)")  # fmt: skip
    assert features("a.gpkg", data_).areas == []


@pytest.mark.parametrize("damage", [0, 30, 100, 2_000, 6_000])
def test_a_damaged_geopackage_ends_in_a_sentence(tmp_path: Path, damage: int) -> None:
    whole = bytearray(geopackage(tmp_path / "a.gpkg", [(SQUARE, {"class": "a"})] * 30, "EPSG:32633"))
    whole[damage : damage + 400] = b"\xaa" * 400
    with suppress(Unreadable):
        assert len(features("a.gpkg", bytes(whole)).areas) <= 30


def test_geometries_that_are_none_are_counted(tmp_path: Path) -> None:
    good = b"GP\0\x01" + struct.pack("<i", 4326) + shapely.to_wkb(SQUARE)
    path = tmp_path / "a.gpkg"
    _package(path, COLUMNS, SYSTEMS, "CREATE TABLE t (geom BLOB, class TEXT)",
             "INSERT INTO gpkg_geometry_columns VALUES ('t', 'geom', 4326)",
             "INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326, '')")  # fmt: skip
    with sqlite3.connect(path) as database:
        for blob in (good, b"XX", b"GP\0\x01", b"GP\0\x0f" + good[4:], good[:20], 5):
            database.execute("INSERT INTO t VALUES (?, 'a')", (blob,))
        database.commit()
    database.close()
    found = features("a.gpkg", path.read_bytes())
    assert (found.crs, len(found.areas), found.others) == ("EPSG:4326", 1, 4)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([{"class": "a", "x": "1"}, {"class": "b", "x": "2"}], "class"),
        ([{"landuse": "a"}, {"landuse": "b"}], "landuse"),
        ([{"id": "1"}, {"id": "2"}], None),
        ([{"kind": "a"}, {"kind": "a"}], "kind"),
        ([{"kind": "a", "other": "b"}, {"kind": "a", "other": "b"}], None),
        ([{"size": "1.5"}, {"size": "1.5"}], None),
        ([{}, {}], None),
    ],
)
def test_the_property_of_the_class_is_one_that_is_usual_or_the_only_one(
    rows: list[dict[str, str]], name: str | None
) -> None:
    assert class_property(told(*rows)) == name


def areas(**properties: Any) -> dict[str, bytes]:
    files = {
        f"s{number}.tif": data(number, origin=(500_000.0 + 100 * number, 5_000_000.0)) for number in range(2)
    }
    return files | {"areas.geojson": geojson([(SQUARE, properties)], "urn:ogc:def:crs:EPSG::32633").encode()}


def test_classes_keep_their_numbers_else_leave_0_to_the_ground() -> None:
    numbered = read(areas(class_id=7)).annotation_sets[0]
    assert [(entry.id, entry.name) for entry in numbered.classes] == [(7, "7")]
    named = read(areas(kind="lake", **{"class": "water"})).annotation_sets[0]
    assert [(entry.id, entry.name) for entry in named.classes] == [(1, "water")]


def test_a_chip_without_a_polygon_was_looked_at_and_one_without_a_place_was_not() -> None:
    files = areas(kind="x") | {"s2.tif": data(2, crs=None)}
    found = read(files)
    (made,) = found.annotation_sets
    assert [(label.item, label.kind) for label in made.labels] == [(0, Kind.POLYGON), (1, Kind.NOTHING)]
    assert labels_of(found)[0][2] == 16
    assert "polygon_chip_without_place" in codes(found)


@pytest.mark.parametrize("far", ["1e999", "-1e999", "1e308", "1e12"])
def test_corners_that_are_no_place_are_counted_and_left_out(far: str) -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"a"},"geometry":'
        f'{{"type":"Polygon","coordinates":[[[{far},1],[2,2],[3,1],[{far},1]]]}}}}]}}'
    )
    found = read(areas() | {"areas.geojson": text.encode()})
    assert "vector_without_area" in codes(found)
    assert {label.kind for entry in found.annotation_sets for label in entry.labels} == {Kind.NOTHING}


def test_names_of_classes_are_those_that_every_database_takes() -> None:
    found = read(areas(**{"class": "a\x00b\n \ud800c" + "x" * 5_000}))
    (entry,) = found.annotation_sets[0].classes
    assert entry.name.startswith("a b c")
    assert len(entry.name) <= 1_000
    entry.name.encode()


def test_a_system_that_nobody_knows_is_told() -> None:
    files = areas(kind="x")
    files["areas.geojson"] = geojson([(SQUARE, {"class": "a"})], "urn:ogc:def:crs:EPSG::999999").encode()
    found = read(files)
    assert "polygon_system_unknown" in codes(found)
    assert found.annotation_sets == []
