"""All items of a version as stac-geoparquet: a row for each, the fields of its properties as columns.

As the STAC GeoParquet specification 1.1.0 has it (stac-geoparquet 0.8 writes the same columns), with GeoParquet
1.1 metadata: geometry as WKB in OGC:CRS84, `bbox` a struct that covers it. Assets are a struct with a field for each;
bands and their statistics of every asset are lists of structs.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

GEOPARQUET_VERSION = "1.1.0"
STAC_GEOPARQUET_VERSION = "1.1.0"
COMPRESSION = "zstd"

TIMES = ("datetime", "start_datetime", "end_datetime")


def stac_geoparquet(
    collection: Mapping[str, Any], pages: Iterable[Sequence[Mapping[str, Any]]]
) -> Iterator[bytes]:
    """The file in pieces, made while it is read: a row group for each page of items (STAC documents), which come
    when they are asked for. The collection's document goes into the file's metadata."""
    import pyarrow.parquet as pq

    assets = list(collection["item_assets"])
    schema = _schema(assets).with_metadata(_metadata(collection))
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression=COMPRESSION) as writer:
        for page in pages:
            if page:
                writer.write_batch(_batch(page, schema, assets))
                yield sink.taken()
    yield sink.taken()


def _schema(assets: Sequence[str]) -> pa.Schema:
    import pyarrow as pa

    text, number, whole = pa.string(), pa.float64(), pa.int64()
    time = pa.timestamp("us", tz="UTC")
    numbers, texts = pa.list_(number), pa.list_(text)
    projection = [
        ("proj:code", text),
        ("proj:wkt2", text),
        ("proj:shape", pa.list_(whole)),
        ("proj:transform", numbers),
        ("proj:bbox", numbers),
    ]
    statistics = pa.struct(
        [(name, number) for name in ("minimum", "maximum", "mean", "stddev")]
        + [("count", whole), ("valid_percent", number)]
    )
    band = pa.struct(
        [
            ("name", text),
            ("description", text),
            ("data_type", text),
            ("nodata", text),  # a number, or nan, inf and -inf
            ("statistics", statistics),
            ("eo:common_name", text),
            ("eo:center_wavelength", number),
            ("raster:scale", number),
            ("raster:offset", number),
            ("raster:bits_per_sample", whole),
            ("raster:sampling", text),
            ("raster:spatial_resolution", number),
        ]
    )
    asset = pa.struct(
        [
            ("href", text),
            ("title", text),
            ("type", text),
            ("roles", texts),
            ("ml-aoi:role", text),
            ("ml-aoi:reference-grid", pa.bool_()),
            ("ml-aoi:resampling-method", text),
            ("file:size", whole),
            ("file:checksum", text),
            *projection,
            ("bands", pa.list_(band)),
        ]
    )
    picture = pa.struct([("href", text), ("title", text), ("type", text), ("roles", texts)])
    link = pa.struct([("href", text), ("rel", text), ("type", text), ("title", text)])
    counted = pa.struct([("name", text), ("count", whole)])
    measured = pa.struct([("name", text), ("value", number)])
    overview = pa.struct(
        [("property_key", text), ("counts", pa.list_(counted)), ("statistics", pa.list_(measured))]
    )
    return pa.schema(
        [
            ("type", text),
            ("stac_version", text),
            ("stac_extensions", texts),
            ("id", text),
            ("geometry", pa.binary()),
            ("bbox", pa.struct([(side, number) for side in ("xmin", "ymin", "xmax", "ymax")])),
            ("links", pa.list_(link)),
            ("assets", pa.struct([*((name, asset) for name in assets), (_thumbnail(assets), picture)])),
            ("collection", text),
            *((name, time) for name in TIMES),
            ("gsd", number),
            ("ml-aoi:split", text),
            ("triptych:scene", text),
            *projection,
            ("label:type", text),
            ("label:properties", texts),
            ("label:description", text),
            ("label:tasks", texts),
            ("label:classes", pa.list_(pa.struct([("name", text), ("classes", texts)]))),
            ("label:overviews", pa.list_(overview)),
        ]
    )


def _thumbnail(assets: Sequence[str]) -> str:
    name = "thumbnail"
    while name in assets:
        name += "_"
    return name


def _metadata(collection: Mapping[str, Any]) -> dict[bytes, bytes]:
    sides = {name: ["bbox", name] for name in ("xmin", "ymin", "xmax", "ymax")}
    # Without a crs a geometry is in OGC:CRS84; the types are left open, since chips may be of both.
    geometry = {"encoding": "WKB", "geometry_types": [], "covering": {"bbox": sides}}
    geo = {
        "version": GEOPARQUET_VERSION,
        "primary_column": "geometry",
        "columns": {"geometry": geometry},
    }
    stac = {"version": STAC_GEOPARQUET_VERSION, "collections": {collection["id"]: collection}}
    return {b"geo": json.dumps(geo).encode(), b"stac-geoparquet": json.dumps(stac).encode()}


def _batch(page: Sequence[Mapping[str, Any]], schema: pa.Schema, assets: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    rows = [_row(item, assets) for item in page]
    columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _row(item: Mapping[str, Any], assets: Sequence[str]) -> dict[str, Any]:
    properties = dict(item["properties"])
    for name in TIMES:
        if properties.get(name) is not None:
            properties[name] = _moment(properties[name])
    thumbnail = _thumbnail(assets)
    known = {*assets, thumbnail}
    return {
        **properties,
        **{
            name: item[name]
            for name in ("type", "stac_version", "stac_extensions", "id", "links", "collection")
        },
        "geometry": _wkb(item["geometry"]),
        "bbox": None
        if "bbox" not in item
        else dict(zip(("xmin", "ymin", "xmax", "ymax"), item["bbox"], strict=True)),
        "assets": {name: _asset(asset) for name, asset in item["assets"].items() if name in known},
    }


def _moment(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


def _wkb(geometry: Mapping[str, Any] | None) -> bytes | None:
    if geometry is None:
        return None
    import shapely
    from shapely.geometry import shape

    found: bytes = shapely.to_wkb(shape(geometry), output_dimension=2)
    return found


def _asset(asset: Mapping[str, Any]) -> dict[str, Any]:
    if "bands" not in asset:
        return dict(asset)
    bands = [
        {**band, "nodata": None if "nodata" not in band else str(band["nodata"])} for band in asset["bands"]
    ]
    return {**asset, "bands": bands}


class _Sink(io.RawIOBase):
    """A file that is written once from begin to end, whose bytes are taken out as they come."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        chunk = bytes(data)
        self._chunks.append(chunk)
        self._at += len(chunk)
        return len(chunk)

    def tell(self) -> int:
        return self._at

    def taken(self) -> bytes:
        """What was written since the last call."""
        found = b"".join(self._chunks)
        self._chunks.clear()
        return found
