"""stac-geoparquet holds what the items hold, for readers that know nothing of Triptych."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow.parquet as pq
import shapely
from shapely.geometry import shape

from tests.cataloguing.samples import ADDRESSES, CATALOGUED, PLACE, chip, layer
from tests.cataloguing.test_collections import collection
from triptych.cataloguing.chips import Place
from triptych.cataloguing.geoparquet import stac_geoparquet
from triptych.cataloguing.stac_items import stac_item
from triptych.core.dataset import Role


def items() -> list[dict[str, Any]]:
    chips = [chip(), chip(place=Place(time=-5.0)), chip(layer(), labels={}, part=None)]
    return [stac_item(each, CATALOGUED, ADDRESSES) for each in chips]


def written(*pages: list[dict[str, Any]]) -> bytes:
    return b"".join(stac_geoparquet(collection(), pages))


def test_rows_are_the_items_and_columns_their_fields() -> None:
    made = items()
    table = pq.read_table(io.BytesIO(written(made[:2], [], made[2:])))
    rows = table.to_pylist()
    assert table.num_rows == 3
    assert [row["id"] for row in rows] == ["a/chip 1"] * 3
    assert shapely.from_wkb(rows[0]["geometry"]).equals(shape(PLACE.outline))
    assert rows[1]["geometry"] is None
    assert rows[1]["bbox"] is None
    assert rows[0]["bbox"] == {"xmin": 13.0, "ymin": 52.0, "xmax": 13.1, "ymax": 52.1}
    assert rows[0]["datetime"].isoformat() == "2017-07-14T02:40:00.500000+00:00"
    assert rows[1]["datetime"].isoformat() == "1969-12-31T23:59:55+00:00"
    assert rows[0]["ml-aoi:split"] == "train"
    assert rows[2]["ml-aoi:split"] is None
    bands = rows[0]["assets"]["S2L2A"]["bands"]
    assert bands[0]["statistics"]["mean"] == 100.0
    assert rows[0]["assets"]["mask"]["file:size"] == 1000
    assert rows[0]["label:overviews"][0]["counts"][1] == {"name": "water", "count": 548}
    assert rows[0]["links"][0]["rel"] == "self"


def test_every_field_of_an_item_has_a_column() -> None:
    (item, *_) = items()
    schema = pq.read_schema(io.BytesIO(written([item])))
    assert set(item["properties"]) <= set(schema.names)
    asset = schema.field("assets").type.field("S2L2A").type
    assert set(item["assets"]["S2L2A"]) <= {asset.field(number).name for number in range(asset.num_fields)}


def test_the_metadata_are_those_of_geoparquet_and_of_the_collection() -> None:
    metadata = pq.read_metadata(io.BytesIO(written(items()))).metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"][geo["primary_column"]]["encoding"] == "WKB"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    stac = json.loads(metadata[b"stac-geoparquet"])
    assert stac["version"] == "1.1.0"
    assert stac["collections"]["harbour@3"]["type"] == "Collection"


def test_an_empty_version_is_a_file_too() -> None:
    assert pq.read_table(io.BytesIO(written())).num_rows == 0


def test_pages_are_row_groups_that_are_sent_as_they_come() -> None:
    made = items()
    taken: list[int] = []

    def pages() -> Any:
        for number in range(3):
            taken.append(number)
            yield [made[number]]

    stream = stac_geoparquet(collection(), pages())
    first = next(stream)
    assert first.startswith(b"PAR1")
    assert taken == [0]
    assert pq.ParquetFile(io.BytesIO(first + b"".join(stream))).num_row_groups == 3


def test_a_layer_without_a_place_in_the_collection_does_not_stop_it() -> None:
    odd = stac_item(chip(layer(), layer("extra", Role.SOURCE)), CATALOGUED, ADDRESSES)
    assert pq.read_table(io.BytesIO(written([odd]))).num_rows == 1
