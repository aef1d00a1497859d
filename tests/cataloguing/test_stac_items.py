"""Chips are valid Items of STAC 1.1 and say what is true of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pystac
import pytest

from tests.cataloguing.samples import ADDRESSES, CATALOGUED, DETAILS, RECIPE, chip, layer, moments
from tests.cataloguing.validation import check
from triptych.cataloguing.addresses import Addresses
from triptych.cataloguing.bands import common_name
from triptych.cataloguing.chips import ClassSet, Place
from triptych.cataloguing.stac_items import stac_item
from triptych.cataloguing.times import EARLIEST, item_times, rfc3339
from triptych.core.dataset import Role
from triptych.core.recipe import DataSource


def item(*args: Any, **values: Any) -> dict[str, Any]:
    return check(stac_item(chip(*args, **values), CATALOGUED, ADDRESSES))


def test_a_chip_is_an_item_with_all_extensions() -> None:
    found = item()
    names = {address.split("/")[3] for address in found["stac_extensions"]}
    assert names == {"projection", "eo", "raster", "file", "label", "ml-aoi"}
    assert found["id"] == "a/chip 1"
    assert found["bbox"] == [13.0, 52.0, 13.1, 52.1]
    assert found["properties"]["datetime"] == "2017-07-14T02:40:00.500000Z"
    assert found["properties"]["ml-aoi:split"] == "train"
    read = pystac.Item.from_dict(found)
    assert read.datetime is not None
    assert read.datetime.timestamp() == 1_500_000_000.5
    assert read.collection_id == "harbour"


@pytest.mark.parametrize(
    ("part", "split"), [("train", "train"), ("validation", "validate"), ("test", "test"), (None, None)]
)
def test_parts_are_called_as_ml_aoi_calls_them(part: str | None, split: str | None) -> None:
    assert item(part=part)["properties"].get("ml-aoi:split") == split


def test_assets_are_every_file_and_a_thumbnail() -> None:
    assets = item()["assets"]
    assert list(assets) == ["S2L2A", "mask", "thumbnail"]
    image, mask = assets["S2L2A"], assets["mask"]
    assert image["href"].startswith("https://triptych.example/api/v1/datasets/")
    assert image["href"].endswith("/files/" + "ab" * 32)
    assert (image["ml-aoi:role"], mask["ml-aoi:role"]) == ("feature", "label")
    assert image["ml-aoi:reference-grid"] is True
    assert mask["ml-aoi:resampling-method"] == "near"
    assert image["file:checksum"] == "1220" + "ab" * 32
    assert image["proj:transform"] == DETAILS["transform"]
    assert image["proj:shape"] == [32, 64]  # rows first


def test_a_layer_called_thumbnail_stays_itself() -> None:
    found = item(layer(), layer("thumbnail", Role.LABEL))
    assert found["assets"]["thumbnail"]["ml-aoi:role"] == "label"
    assert found["assets"]["thumbnail_"]["roles"] == ["thumbnail"]


def test_bands_have_names_wavelengths_in_micrometres_scales_and_statistics() -> None:
    red, nir = item()["assets"]["S2L2A"]["bands"]
    assert (red["name"], red["eo:common_name"], red["raster:scale"]) == ("B04", "red", 0.0001)
    assert red["eo:center_wavelength"] == pytest.approx(0.6646)
    assert (nir["eo:common_name"], nir["raster:offset"]) == ("nir", -0.1)
    assert red["nodata"] == -9999
    assert red["statistics"] == {
        "minimum": 90.0,
        "maximum": 110.0,
        "mean": 100.0,
        "stddev": 2.0,
        "count": 2000,
        "valid_percent": pytest.approx(97.65625),
    }


def test_a_band_without_values_has_no_numbers_and_nan_is_a_word() -> None:
    empty = layer(
        dtype="float32",
        details=DETAILS | {"nodata": "nan"},
        moments=moments(*[(0.0, 0.0, 0.0, float("inf"), float("-inf"), 2048.0)] * 2),
    )
    band = item(empty)["assets"]["S2L2A"]["bands"][0]
    assert band["statistics"] == {"count": 0, "valid_percent": 0.0}
    assert band["nodata"] == "nan"


def test_labels_are_told_with_classes_tasks_and_counts() -> None:
    properties = item()["properties"]
    assert properties["label:type"] == "raster"
    assert properties["label:properties"] is None
    assert properties["label:tasks"] == ["segmentation"]
    assert properties["label:classes"] == [{"name": None, "classes": ["land", "water"]}]
    assert properties["label:overviews"] == [
        {
            "property_key": "mask",
            "counts": [{"name": "land", "count": 1500}, {"name": "water", "count": 548}],
        }
    ]


def test_a_target_is_told_with_its_numbers() -> None:
    regression = (ClassSet(9, "heights", "regression", "_hag.tif", {}),)
    target = layer("hag", Role.TARGET, moments=moments((4.0, 2.0, 16.0, 0.0, 4.0, 0.0)))
    found = check(
        stac_item(chip(layer(), target, labels={9: {}}), replace(CATALOGUED, sets=regression), ADDRESSES)
    )
    assert found["properties"]["label:tasks"] == ["regression"]
    numbers = found["properties"]["label:overviews"][0]["statistics"]
    assert numbers[:2] == [{"name": "mean", "value": 2.0}, {"name": "std", "value": 2.0}]


def test_classes_of_whole_chips_are_vector_labels_and_none_are_none() -> None:
    single = (ClassSet(3, "land use", "single_label", "label.csv", {1: "field"}),)
    found = check(stac_item(chip(layer(), labels={3: {1: 1}}), replace(CATALOGUED, sets=single), ADDRESSES))
    assert found["properties"]["label:type"] == "vector"
    assert found["properties"]["label:properties"] == ["land use"]
    assert not [name for name in item(layer(), labels={})["properties"] if name.startswith("label:")]


def test_a_chip_of_unknown_place_has_no_geometry_and_no_box() -> None:
    nowhere = layer(
        details={"crs": "", "transform": None, "bounds": None, "resolution": None, "nodata": None}
    )
    found = item(nowhere, place=Place())
    assert found["geometry"] is None
    assert "bbox" not in found
    assert found["properties"]["proj:code"] is None
    assert "gsd" not in found["properties"]


def test_a_chip_across_the_antimeridian_keeps_its_box_the_right_way_round() -> None:
    parts = [
        [[[179.9, 0.0], [180.0, 0.0], [180.0, 1.0], [179.9, 1.0], [179.9, 0.0]]],
        [[[-180.0, 0.0], [-179.9, 0.0], [-179.9, 1.0], [-180.0, 1.0], [-180.0, 0.0]]],
    ]
    place = Place((179.9, 0.0, -179.9, 1.0), {"type": "MultiPolygon", "coordinates": parts})
    found = item(place=place)
    assert found["bbox"] == [179.9, 0.0, -179.9, 1.0]
    assert found["geometry"]["type"] == "MultiPolygon"


def test_a_system_without_a_code_is_told_as_wkt() -> None:
    wkt = 'PROJCRS["local",BASEGEOGCRS["WGS 84"]]'
    properties = item(layer(details=DETAILS | {"crs": wkt}))["properties"]
    assert properties["proj:code"] is None
    assert properties["proj:wkt2"] == wkt


def test_an_unknown_time_is_a_range_that_says_so() -> None:
    found = item(place=replace(chip().place, time=None))["properties"]
    assert found["datetime"] is None
    assert found["start_datetime"] == EARLIEST
    assert found["end_datetime"] == "2026-11-21T08:33:20Z"


def test_a_stack_of_dates_is_a_range() -> None:
    assert item_times(5.0, ["2020-07-01", "2016-05-01T10:00:00+02:00"], 0.0) == {
        "datetime": None,
        "start_datetime": "2016-05-01T08:00:00Z",
        "end_datetime": "2020-07-01T00:00:00Z",
    }
    source = RECIPE.sources[0]
    stack = DataSource(source.name, source.suffix, source.bands, dates=("2016-05-01", "2020-07-01"))
    assert item(layer(source=stack))["properties"]["datetime"] is None


@pytest.mark.parametrize("seconds", [-1e15, 1e15, -3e9, 0.0, 253_402_300_799.0])
def test_every_time_is_a_text_that_is_read_again(seconds: float) -> None:
    text = rfc3339(seconds)
    assert text.endswith("Z")
    assert len(text.split("-")[0]) == 4


def test_cubes_with_very_many_bands_tell_their_number_alone() -> None:
    band = layer().bands[0]
    cube = layer(bands=tuple(replace(band, index=n, name=f"b{n}") for n in range(400)))
    asset = item(cube)["assets"]["S2L2A"]
    assert "bands" not in asset
    assert asset["triptych:bands"] == 400


def test_two_bands_never_have_one_name() -> None:
    band = layer().bands[0]
    unused = replace(band, index=1, used=False)
    names = [each["name"] for each in item(layer(bands=(band, unused)))["assets"]["S2L2A"]["bands"]]
    assert names == ["B04", "B04_2"]


def test_common_names_follow_the_role_then_the_wavelength() -> None:
    assert common_name(832.8, "R") == "red"
    assert [common_name(nm, None) for nm in (442.7, 492.4, 559.8, 664.6, 864.7, 1613.7, 2202.4, 3000)] == [
        "coastal", "blue", "green", "red", "nir08", "swir16", "swir22", None,
    ]  # fmt: skip


def test_links_carry_the_token_of_the_request_and_escape_keys() -> None:
    addresses = Addresses("http://x", "tri_a&b")
    found = stac_item(chip(), CATALOGUED, addresses)
    hrefs = [each["href"] for each in found["links"]] + [each["href"] for each in found["assets"].values()]
    assert all("token=tri_a%26b" in href for href in hrefs)
    assert hrefs[0].startswith("http://x/stac/collections/harbour/items/a%2Fchip%201?")


def test_the_schemas_can_fail() -> None:
    found = item()
    found["properties"]["ml-aoi:split"] = "validation"
    with pytest.raises(pystac.STACValidationError):
        check(found)
