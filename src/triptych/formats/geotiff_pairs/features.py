"""Polygons of vector files: GeoJSON and GeoPackage as shapes with the name of a class, in their coordinate system.

GeoJSON: RFC 7946, and the older member "crs" where there is one. GeoPackage: OGC 12-128r18, read as the SQLite
database that it is: its tables alone, within a number of steps, for a view of a stranger may run for ever.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely
from shapely.geometry import shape

from triptych.core.source import MemberError
from triptych.formats.documents import Unreadable, read_json
from triptych.formats.label_csv.gather import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triptych.formats.base import SourceView

FILE_BYTES = 256 * 1024 * 1024
MOST_FEATURES = 500_000
MOST_POINTS = 20_000_000
STEPS = 200_000_000
"""Instructions of SQLite's machine for one file."""

CLASS_NAMES = ("class", "class_name", "classname", "label", "category", "name", "type", "lulc", "landuse",
               "landcover", "class_id", "classid", "code", "value", "id")  # fmt: skip
MOST_CLASSES = 1_024
LARGEST = 1e9
"""Coordinates beyond this are no place on the ground, in whatever unit."""

WGS84 = "OGC:CRS84"


class Feature(NamedTuple):
    """An area in coordinates of its file, and what its file says of it, by name in lower case."""

    area: shapely.Geometry
    told: dict[str, str]


@dataclass(slots=True)
class Features:
    """What a file holds. `crs` is a text that pyproj reads; `others` are features without an area."""

    crs: str = WGS84
    areas: list[Feature] = field(default_factory=list)
    others: int = 0


def read_features(view: SourceView, member: int) -> Features:
    """The areas of a vector file. Unreadable when it is neither GeoJSON nor a GeoPackage, is damaged or too large."""
    path = view.paths[member].lower()
    if path.endswith(".gpkg"):
        try:
            data = view.read(member, FILE_BYTES)
        except MemberError as error:
            raise Unreadable(f"it cannot be read ({error.reason.rstrip('.')})") from None
        return _package(data)
    return _geojson(read_json(view, member, FILE_BYTES))


def class_property(features: Iterable[Feature]) -> str | None:
    """The property that names the class: one of the usual names, else the only text of few values; None without."""
    values: dict[str, Counter[str]] = {}
    number = 0
    for feature in features:
        number += 1
        for name, value in feature.told.items():
            values.setdefault(name, Counter())[value] += 1
    usable = {name: seen for name, seen in values.items() if len(seen) <= MOST_CLASSES}
    for name in CLASS_NAMES:
        # As many ids as features are no classes.
        if name in usable and (name != "id" or len(usable[name]) < number):
            return name
    few = [name for name, seen in usable.items() if len(seen) < number and not _is_measure(seen)]
    return few[0] if len(few) == 1 else None


def _is_measure(values: Mapping[str, int]) -> bool:
    return all("." in value and value.replace(".", "", 1).lstrip("-").isdigit() for value in values)


def _geojson(document: Any) -> Features:
    if not isinstance(document, dict) or document.get("type") not in (
        "FeatureCollection", "Feature", "Polygon", "MultiPolygon", "GeometryCollection",
    ):  # fmt: skip
        raise Unreadable("it is no GeoJSON")
    found = Features(_crs_of(document.get("crs")))
    entries = document.get("features", []) if document["type"] == "FeatureCollection" else [document]
    if not isinstance(entries, list):
        raise Unreadable("its features are no list")
    points = 0
    for entry in entries:
        if not isinstance(entry, dict):
            raise Unreadable("one of its features is no object")
        geometry = entry.get("geometry") if entry.get("type") == "Feature" else entry
        told = entry.get("properties") if entry.get("type") == "Feature" else None
        try:
            area = shape(geometry) if geometry else None
        except Exception:  # noqa: BLE001 - shapely raises nearly anything for coordinates that are none
            found.others += 1
            continue
        points += _add(found, area, told if isinstance(told, dict) else {})
        if len(found.areas) > MOST_FEATURES or points > MOST_POINTS:
            raise Unreadable(f"it holds more than {MOST_FEATURES:,} areas or {MOST_POINTS:,} corners")
    return found


def _crs_of(member: Any) -> str:
    """The older member "crs" (GeoJSON 2008, 3); coordinates are longitude and latitude without it."""
    told = member.get("properties") if isinstance(member, dict) else None
    name = told.get("name") if isinstance(told, dict) else None
    if not isinstance(name, str) or len(name) > 200 or "CRS84" in name:
        return WGS84
    code = name.rsplit(":", 1)[-1]
    return f"EPSG:{code}" if code.isascii() and code.isdigit() else name


def _add(found: Features, area: shapely.Geometry | None, told: Mapping[str, Any]) -> int:
    """Adds an area; how many corners it has."""
    if area is None or area.is_empty or area.geom_type not in ("Polygon", "MultiPolygon"):
        found.others += 1
        return 0
    if not all(abs(side) <= LARGEST for side in area.bounds):  # NaN is not either
        found.others += 1
        return 0
    texts = {
        str(name).lower()[:100]: _text(value)
        for name, value in list(told.items())[:200]
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    found.areas.append(Feature(area if area.has_z is False else shapely.force_2d(area), texts))
    return int(shapely.get_num_coordinates(area))


def _text(value: str | float) -> str:
    """A value as a name: without what cannot be seen, which a database need not take."""
    plain = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)[:100_000]
    return shortened(" ".join("".join(each if each.isprintable() else " " for each in plain).split()))


def _package(data: bytes) -> Features:
    if not data.startswith(b"SQLite format 3\0"):
        raise Unreadable("it is no GeoPackage")
    with sqlite3.connect(":memory:") as database:
        try:
            # A copy in write-ahead mode cannot be opened in memory: bytes 18 and 19 say which mode (SQLite, 1.3.3).
            database.deserialize(data[:18] + b"\x01\x01" + data[20:])
            left = [STEPS // 1000]
            database.set_progress_handler(lambda: _spent(left), 1000)
            database.execute("PRAGMA trusted_schema = OFF")
            return _layers(database)
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            raise Unreadable(f"it is no GeoPackage that can be read ({str(error)[:80]})") from None
        finally:
            database.set_progress_handler(None, 0)


def _spent(left: list[int]) -> bool:
    left[0] -= 1
    return left[0] < 0


def _layers(database: sqlite3.Connection) -> Features:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    rows = database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
    found = Features()
    points = 0
    systems: set[str] = set()
    for table, column, srs in rows[:100]:
        if table not in tables:
            continue
        systems.add(_system(database, srs))
        if len(systems) > 1:
            raise Unreadable("its layers have different coordinate systems")
        for geometry, told in _rows(database, table, column):
            points += _add(found, _geometry(geometry), told)
            if len(found.areas) > MOST_FEATURES or points > MOST_POINTS:
                raise Unreadable(f"it holds more than {MOST_FEATURES:,} areas or {MOST_POINTS:,} corners")
    found.crs = systems.pop() if systems else WGS84
    return found


def _system(database: sqlite3.Connection, srs: Any) -> str:
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if row is None or srs in (0, -1):
        return ""
    organization, code, definition = row
    return f"EPSG:{code}" if str(organization).upper() == "EPSG" else str(definition)[:20_000]


def _rows(database: sqlite3.Connection, table: str, column: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    quoted = '"' + table.replace('"', '""') + '"'
    cursor = database.execute(f"SELECT * FROM {quoted}")
    names = [entry[0] for entry in cursor.description]
    if column not in names:
        return
    place = names.index(column)
    for row in cursor:
        if isinstance(row[place], bytes):
            yield (
                row[place],
                {name: value for at, (name, value) in enumerate(zip(names, row, strict=True)) if at != place},
            )


def _geometry(blob: bytes) -> shapely.Geometry | None:
    """The geometry of a blob (GeoPackage, 2.1.3): "GP", version, flags, system, rectangle, well-known binary."""
    if blob[:2] != b"GP" or len(blob) < 8:
        return None
    sides = (blob[3] >> 1) & 7
    size = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(sides)
    if size is None:
        return None
    try:
        return shapely.from_wkb(blob[8 + size :])
    except (shapely.errors.ShapelyError, ValueError, struct.error):
        return None
