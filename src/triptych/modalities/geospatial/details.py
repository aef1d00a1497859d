"""What a raster says of itself besides its pixels, as the document that is kept with its content.

    {"crs": "EPSG:32633" | WKT | "", "transform": [a, b, c, d, e, f] | null,
     "bounds": [left, bottom, right, top] | null, "resolution": [x, y] | null, "nodata": number | "nan" | null,
     "descriptions": […], "wavelengths": [nm | null, …],
     "colors": […], "time": ISO 8601 | null, "compression": "", "block": [height, width], "overviews": [factors],
     "footprint": {"west", "south", "east", "north", "outline"} | null, "area_or_point": "", "colormap": {…} | null,
     "alpha": bool}

`transform` leads from pixel corners to the CRS, also where the file counts from pixel centres. `bounds` are in units
of the CRS, `resolution` in metres on the ground.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from triptych.modalities.geospatial.footprint import Footprint, footprint_of, resolution_of

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

    from triptych.modalities.geospatial.facts import RasterFacts
    from triptych.modalities.geospatial.footprint import Transform
    from triptych.modalities.planar.notes import Note

_LONGEST_TEXT = 500


def details_of(dataset: DatasetReader, facts: RasterFacts) -> tuple[dict[str, Any], list[Note]]:
    """The document of an opened raster, and what was noticed about its place."""
    crs, transform, notes = place_of(dataset)
    resolution = None
    bounds = None
    if transform is None:
        footprint = _by_control_points(dataset, facts)
    else:
        footprint = footprint_of(crs, transform, facts.width, facts.height)
        resolution = resolution_of(crs, transform, facts.width, facts.height, footprint)
        bounds = _bounds(transform, facts.width, facts.height)
        if crs and footprint is None:
            notes.append(("footprint_unknown", crs[:80]))
    tags = dataset.tags()
    return {
        "crs": crs,
        "transform": None if transform is None else list(transform),
        "bounds": bounds,
        "resolution": None if resolution is None else list(resolution),
        "nodata": _number(next((value for value in facts.declared if value is not None), None)),
        "descriptions": [text[:_LONGEST_TEXT] for text in facts.descriptions],
        "wavelengths": list(facts.wavelengths),
        "colors": list(facts.colors),
        "time": _time(tags),
        "compression": facts.compression,
        "block": list(facts.block),
        "overviews": list(facts.overviews),
        "footprint": None if footprint is None else footprint.document(),
        "area_or_point": str(tags.get("AREA_OR_POINT", "")),
        "colormap": _colormap(facts),
        "alpha": facts.alpha is not None,
    }, notes


def place_of(dataset: DatasetReader) -> tuple[str, Transform | None, list[Note]]:
    """The CRS ("EPSG:32633", WKT or ""), the transform where the raster has one, and what was noticed."""
    notes: list[Note] = []
    crs = crs_text(dataset.crs)
    six = tuple(float(value) for value in dataset.transform[:6])
    transform: Transform | None = (six[0], six[1], six[2], six[3], six[4], six[5])
    if dataset.transform.is_identity or not all(map(math.isfinite, six)):
        transform = None
        if dataset.gcps[0]:
            notes.append(("control_points_only", f"{len(dataset.gcps[0])} points"))
        else:
            notes.append(("georeference_missing", "rational polynomials" if dataset.rpcs else ""))
    elif dataset.transform.is_degenerate:
        transform = None
        notes.append(("georeference_missing", "a transform without area"))
    elif not crs:
        notes.append(("georeference_missing", "a transform without a coordinate system"))
    return crs, transform, notes


def crs_text(crs: Any) -> str:
    """A CRS of rasterio as text: "EPSG:<code>" where it is exactly that, else WKT; "" for none or a broken one."""
    if not crs:
        return ""
    try:
        code = crs.to_epsg(confidence_threshold=100)
        return f"EPSG:{code}" if code else str(crs.to_wkt())
    except ValueError:  # CRSError is one
        return ""


def _by_control_points(dataset: DatasetReader, facts: RasterFacts) -> Footprint | None:
    from rasterio.transform import from_gcps

    points, crs = dataset.gcps
    if len(points) < 3:
        return None
    try:
        fitted = from_gcps(points)
    except ValueError:
        return None
    a, b, c, d, e, f = (float(value) for value in fitted[:6])
    if not (a * e - b * d):
        return None
    return footprint_of(crs_text(crs), (a, b, c, d, e, f), facts.width, facts.height)


def _bounds(transform: Transform, width: int, height: int) -> list[float]:
    a, b, c, d, e, f = transform
    corners = [(column, row) for column in (0, width) for row in (0, height)]
    xs = [a * column + b * row + c for column, row in corners]
    ys = [d * column + e * row + f for column, row in corners]
    return [min(xs), min(ys), max(xs), max(ys)]


def _number(value: float | int | None) -> float | int | str | None:
    """As JSON holds it: "nan", "inf" and "-inf" are texts."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def _colormap(facts: RasterFacts) -> dict[str, str] | None:
    if facts.palette is None:
        return None
    return {
        str(value): "#" + "".join(f"{part:02x}" for part in color) for value, color in facts.palette.items()
    }


_TIME_TAGS = (
    "TIFFTAG_DATETIME",
    "ACQUISITION_DATETIME",
    "ACQUISITIONDATETIME",
    "SENSING_TIME",
    "DATETIME",
    "TIME",
)


def _time(tags: dict[str, str]) -> str | None:
    """When it was taken as ISO 8601 in UTC, by the tags that say so; TIFF writes "2016:07:30 10:00:00"."""
    upper = {key.upper(): value for key, value in tags.items()}
    for key in (*_TIME_TAGS[1:], _TIME_TAGS[0]):
        text = str(upper.get(key, "")).strip()
        if not text:
            continue
        text = re.sub(r"^(\d{4}):(\d{2}):(\d{2})", r"\1-\2-\3", text)
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            continue
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return time.isoformat()
    return None
