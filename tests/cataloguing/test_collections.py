"""Versions are valid Collections of STAC 1.1, and an installation is a Catalog of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pystac

from tests.cataloguing.samples import ADDRESSES, RECIPE
from tests.cataloguing.validation import check
from triptych.cataloguing.collections import CollectionFacts, LayerKind, stac_catalog, stac_collection
from triptych.core.dataset import Role

FACTS: dict[str, Any] = {
    "id": "harbour@3",
    "title": "Harbour",
    "description": " ",
    "tags": ["water"],
    "version": 3,
    "published": 1_795_250_000.0,
    "content_hash": "cd" * 32,
    "items": 5,
    "parts": {"train": 3, "validation": 1, "test": 1},
    "box": (13.0, 52.0, 13.2, 52.2),
    "times": (1_500_000_000.0, 1_600_000_000.0),
    "layers": [LayerKind("S2L2A", Role.IMAGE, "GTIFF"), LayerKind("mask", Role.LABEL, "PNG")],
    "recipe": RECIPE,
}


def collection(**values: Any) -> dict[str, Any]:
    return check(stac_collection(CollectionFacts(**(FACTS | values)), ADDRESSES))


def test_a_version_is_a_collection_with_extents_and_item_assets() -> None:
    found = collection()
    assert found["extent"]["spatial"]["bbox"] == [[13.0, 52.0, 13.2, 52.2]]
    assert found["extent"]["temporal"]["interval"] == [["2017-07-14T02:40:00Z", "2020-09-13T12:26:40Z"]]
    assert found["description"].strip()
    assert found["summaries"]["ml-aoi:split"] == ["train", "validate", "test"]
    assert found["item_assets"]["mask"]["ml-aoi:role"] == "label"
    assert found["item_assets"]["S2L2A"]["bands"][1]["eo:common_name"] == "nir"
    assert found["assets"]["items"]["href"].endswith("/datasets/harbour%403/stac.parquet")
    read = pystac.Collection.from_dict(found)
    assert read.id == "harbour@3"


def test_a_version_without_places_and_times_is_one_too() -> None:
    found = collection(box=None, times=None, tags=[], parts={}, layers=[])
    assert found["extent"]["spatial"]["bbox"] == [[-180.0, -90.0, 180.0, 90.0]]
    assert found["extent"]["temporal"]["interval"][0][0] is None
    assert "keywords" not in found


def test_the_dates_of_a_stack_widen_the_times() -> None:
    source = replace(RECIPE.sources[0], dates=("1985-01-01", "2020-06-01"))
    found = collection(recipe=replace(RECIPE, sources=(source,)), times=(1_500_000_000.0, 1_500_000_000.0))
    assert found["extent"]["temporal"]["interval"] == [["1985-01-01T00:00:00Z", "2020-06-01T00:00:00Z"]]


def test_the_catalog_lists_collections() -> None:
    found = check(stac_catalog([("harbour", "Harbour"), ("a b", "A")], ADDRESSES))
    children = [each["href"] for each in found["links"] if each["rel"] == "child"]
    assert children == [
        "https://triptych.example/stac/collections/harbour",
        "https://triptych.example/stac/collections/a%20b",
    ]
