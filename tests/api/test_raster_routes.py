"""Rasters over HTTP: tiles of any bands, pictures, what a pixel holds, and what an item tells of its layers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.api.conftest import _opened
from tests.support.chips import Chip, scene, store, tiff
from triptych.core.band_math import parse
from triptych.modalities.planar.boxes import box_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from numpy.typing import NDArray

    from tests.support.house import House

NODATA = -9999
COLORS = {-1: "#000000", 0: "#0072B2", 1: "#E69F00", 700: "#009E73"}


def chip_a() -> NDArray[Any]:
    samples = scene(1)
    samples[:, :8, :8] = NODATA
    samples[3, 8:10, :8] = NODATA  # one band alone
    return samples


def mask_a() -> NDArray[Any]:
    mask = np.zeros((1, 64, 64), np.int16)
    mask[:, 20:40, 20:40] = 1
    mask[:, 50:, 50:] = -1
    mask[:, :4, :4] = 700
    return mask


FILES = {
    "a_img": tiff(chip_a(), nodata=NODATA, descriptions=("B02", "B03", "B04", "B08")),
    "a_s1": tiff(scene(5, 1, 32, "float32") - 1500, resolution=20, descriptions=("VV",)),
    "a_mask": tiff(mask_a(), nodata=-1),
    "b_img": tiff(scene(2), nodata=NODATA, origin=(500_640, 5_800_000)),
    "c_img": tiff(scene(3, 12, 40, "uint16"), crs=None),
    "big": tiff(scene(4, 4, 1100), origin=(520_000, 5_800_000), tiled=True, blockxsize=256, blockysize=256),
}


@dataclass
class World:
    house: House
    viewer: httpx.Client
    dataset: str

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.viewer.get(f"/datasets/{self.dataset}/{path}", params=query)

    def item(self, key: str) -> dict[str, Any]:
        answer = self.get("item", key=key)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def layer(self, key: str, name: str) -> dict[str, Any]:
        return next(layer for layer in self.item(key)["layers"] if layer["name"] == name)

    def tile(self, sha256: str, at: str = "0/0/0", **query: Any) -> NDArray[Any]:
        answer = self.get(f"tiles/{sha256}/{at}", **query)
        assert answer.status_code == 200, answer.text
        shape = [int(side) for side in answer.headers["x-shape"].split(",")]
        return np.frombuffer(answer.content, np.dtype(answer.headers["x-dtype"]).newbyteorder("<")).reshape(
            shape
        )

    def picture(self, sha256: str, **query: Any) -> NDArray[Any]:
        answer = self.get(f"rasters/{sha256}/picture", **query)
        assert answer.status_code == 200, answer.text
        with Image.open(io.BytesIO(answer.content)) as image:
            return np.asarray(image.convert("RGBA"))

    def refused(self, path: str, **query: Any) -> tuple[int, str]:
        answer = self.get(path, **query)
        return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with _opened(tmp_path_factory.mktemp("rasters") / "home") as house:
        owner, viewer = house.person(), house.person()
        dataset = house.dataset(owner, "chips")
        house.grant(dataset, "user", viewer.user_id, "see")
        both = {
            "S2L2A": ("image", FILES["a_img"]),
            "S1": ("source", FILES["a_s1"]),
            "mask": ("label", FILES["a_mask"]),
        }
        store(
            house.installation,
            dataset,
            [
                Chip("a", both, "train", 1_600_000_000.0, "north", {0: 3000, 1: 400, 700: 16}),
                Chip("b", {"S2L2A": ("image", FILES["b_img"])}, "test"),
                Chip("c", {"S2L2A": ("image", FILES["c_img"])}),
                Chip("big", {"S2L2A": ("image", FILES["big"])}, "train"),
            ],
            classes=COLORS,
        )
        with viewer.client() as client:
            yield World(house, client, dataset)


def test_an_item_tells_its_layers_by_the_recipe(world: World) -> None:
    document = world.item("a")
    layers = {layer["name"]: layer for layer in document["layers"]}
    assert [(each["name"], each["role"]) for each in document["layers"]] == [
        ("S2L2A", "image"), ("S1", "source"), ("mask", "label"),
    ]  # fmt: skip
    optical = layers["S2L2A"]
    assert [band["name"] for band in optical["bands"]] == ["B02", "B03", "B04", "B08"]
    assert optical["bands"][3] == {
        "index": 3, "name": "B08", "band": "B08", "description": "B08", "wavelength": 832.8, "color": None,
        "scale": 0.0001, "offset": -0.1, "date": None, "used": True,
    }  # fmt: skip
    assert optical["rgb"] == [2, 1, 0]
    assert (optical["nodata"], optical["dtype"], optical["levels"], optical["tile"]) == (
        [NODATA],
        "int16",
        1,
        512,
    )
    assert optical["original"] is None, "a viewer may not export"
    assert (
        world.viewer.get(optical["thumbnail"].removeprefix("/api/v1")).headers["content-type"] == "image/jpeg"
    )
    assert layers["S1"]["width"] == 32
    assert layers["mask"]["value_counts"] == [
        {"value": -1, "count": 196}, {"value": 0, "count": 3484}, {"value": 1, "count": 400},
        {"value": 700, "count": 16},
    ]  # fmt: skip
    assert optical["value_counts"] is None


def test_statistics_and_ranges_are_values_of_what_was_measured(world: World) -> None:
    layer = world.layer("a", "S2L2A")
    samples = chip_a().astype(np.float64)
    for band, statistics, given in zip(samples, layer["statistics"], layer["ranges"]["item"], strict=True):
        index = layer["statistics"].index(statistics)
        values = band[band != NODATA] * 0.0001 + (-0.1 if index == 3 else 0)
        assert statistics["mean"] == pytest.approx(values.mean(), rel=1e-9)
        assert statistics["std"] == pytest.approx(values.std(), rel=1e-9)
        assert (statistics["min"], statistics["max"]) == pytest.approx((values.min(), values.max()))
        assert given == pytest.approx(np.percentile(values, (2, 98)), abs=0.002)
    everything = np.concatenate(
        [chip_a()[0][chip_a()[0] != NODATA], scene(2)[0].ravel(), scene(4, 4, 1100)[0].ravel()]
    )
    assert layer["dataset_statistics"][0]["mean"] == pytest.approx(everything.mean() * 0.0001, rel=1e-9)
    assert layer["ranges"]["dataset"][0][1] == pytest.approx(np.percentile(everything, 98) * 0.0001, rel=0.02)


def test_a_place_and_indices_come_with_an_item(world: World) -> None:
    document = world.item("a")
    place = document["place"]
    assert place["crs"] == "EPSG:32633"
    assert place["transform"] == [10, 0, 500_000, 0, -10, 5_800_000]
    assert place["resolution"] == pytest.approx([10, 10], rel=1e-3)
    assert (place["time"], place["scene"]) == (1_600_000_000.0, "north")
    assert place["west"] == pytest.approx(15.0, abs=1e-6)
    assert place["outline"]["type"] == "Polygon"
    found = {index["name"]: index for index in document["indices"]}
    assert found["NDVI"] == {
        "name": "NDVI", "title": "Vegetation (NDVI)", "layer": "S2L2A", "expression": "(B08 - B04) / (B08 + B04)",
    }  # fmt: skip
    assert {"NDVI", "NDWI", "EVI", "SAVI"} == set(found), "no band of short-wave infrared"
    assert world.item("c")["place"] is None
    assert document["same_ground"] == []


def test_tiles_hold_the_samples_of_the_bands_asked_for(world: World) -> None:
    samples = chip_a()
    sha256 = world.layer("a", "S2L2A")["sha256"]
    assert np.array_equal(world.tile(sha256), samples), "four bands are few"
    assert np.array_equal(world.tile(sha256, bands="3,0"), samples[[3, 0]])
    assert np.array_equal(world.tile(sha256, bands="B08"), samples[[3]])
    valid = (samples[[0, 3]] != NODATA).all(axis=0)
    assert np.array_equal(world.tile(sha256, bands="0,3", mask="1"), valid.astype(np.uint8))
    assert world.tile(sha256, bands="0", mask="1").sum() == 64 * 64 - 64
    assert world.tile(sha256).dtype == np.int16


def test_large_rasters_are_tiled_and_thinned(world: World) -> None:
    layer = world.layer("big", "S2L2A")
    assert (layer["levels"], layer["width"]) == (3, 1100)
    whole = scene(4, 4, 1100)
    assert np.array_equal(world.tile(layer["sha256"], "0/2/1", bands="2"), whole[[2], 512:1024, 1024:])
    halved = box_mean(np.moveaxis(whole, 0, 2), 2)
    assert np.array_equal(world.tile(layer["sha256"], "1/1/0", bands="1")[0], halved[:512, 512:, 1])
    assert world.refused(f"tiles/{layer['sha256']}/3/0/0", bands="0") == (404, "no_such_tile")


def test_labels_are_thinned_without_mixing(world: World) -> None:
    sha256 = world.layer("a", "mask")["sha256"]
    assert np.array_equal(world.tile(sha256), mask_a())
    picture = world.picture(sha256, size=16)
    assert picture.shape == (16, 16, 4)
    shown = {tuple(color) for color in picture.reshape(-1, 4).tolist()}
    assert shown <= {(0, 0, 0, 0), (0, 0x72, 0xB2, 255), (0xE6, 0x9F, 0, 255), (0, 0x9E, 0x73, 255)}


def test_many_bands_have_to_be_named(world: World) -> None:
    sha256 = world.layer("c", "S2L2A")["sha256"]
    assert world.refused(f"tiles/{sha256}/0/0/0") == (422, "bands_needed")
    assert world.tile(sha256, bands="11,4").shape == (2, 40, 40)
    for bands in ("12", "-1", "B99", "0,,1", "1.0", "０"):
        assert world.refused(f"tiles/{sha256}/0/0/0", bands=bands) == (422, "bad_bands")
    assert world.refused(f"tiles/{sha256}/0/0/0", bands=",".join("0" * 17)) == (422, "bad_bands")


def test_a_picture_is_stretched_between_the_percentiles_of_the_item(world: World) -> None:
    layer = world.layer("a", "S2L2A")
    picture = world.picture(layer["sha256"])
    samples = chip_a()
    assert picture.shape == (64, 64, 4)
    valid = (samples[:3] != NODATA).all(axis=0)
    assert np.array_equal(picture[..., 3], np.where(valid, 255, 0))
    for channel, place in enumerate((2, 1, 0)):
        low, high = layer["ranges"]["item"][place]
        expected = np.clip((samples[place] * 0.0001 - low) / (high - low) * 255, 0, 255)
        assert np.abs(picture[..., channel].astype(float) - expected)[valid].max() <= 1.01


def test_a_picture_takes_bands_limits_and_colours(world: World) -> None:
    sha256 = world.layer("a", "S2L2A")["sha256"]
    samples = chip_a().astype(np.float64) * 0.0001
    false_colour = world.picture(sha256, bands="3,2,1", low="0,0.1,0.1", high="0.2,0.3,0.3")
    expected = np.clip((samples[3] - 0.1) / 0.2 * 255, 0, 255)
    valid = chip_a()[3] != NODATA
    assert np.abs(false_colour[..., 0].astype(float) - expected)[valid].max() <= 1.01
    assert (false_colour[~valid] == 0).all()
    one = world.picture(sha256, bands="B03", colormap="viridis", low="0", high="0.0001")
    assert one[30, 30].tolist() == [253, 231, 36, 255], "above the upper limit is the last colour"
    grey = world.picture(sha256, bands="0")
    assert (grey[..., 0] == grey[..., 1]).all()
    assert not np.array_equal(grey, world.picture(sha256, bands="0", stretch="dataset"))


def test_a_picture_shows_an_expression(world: World) -> None:
    sha256 = world.layer("a", "S2L2A")["sha256"]
    values = chip_a().astype(np.float64) * 0.0001
    values[3] -= 0.1
    text = "(B08 - B04) / (B08 + B04)"
    found = parse(text, ["B02", "B03", "B04", "B08"]).evaluate({2: values[2], 3: values[3]})
    shown = world.picture(sha256, expression=text, low="-1", high="1", colormap="gray")
    valid = (chip_a()[[2, 3]] != NODATA).all(axis=0)
    expected = np.clip((found + 1) / 2 * 255, 0, 255)
    assert np.abs(shown[..., 0].astype(float) - expected)[valid].max() <= 1.01
    assert np.array_equal(shown[..., 3] > 0, valid)
    assert world.picture(sha256, expression="1").shape == (64, 64, 4)
    assert (world.picture(sha256, expression="B02 / 0")[..., 3] == 0).all()


def test_labels_are_shown_in_the_colours_of_their_classes(world: World) -> None:
    sha256 = world.layer("a", "mask")["sha256"]
    picture = world.picture(sha256)
    for value, color in COLORS.items():
        wanted = [int(color[place : place + 2], 16) for place in (1, 3, 5)] + [255]
        assert (picture[mask_a()[0] == value] == (wanted if value >= 0 else [0, 0, 0, 0])).all()
    alone = world.picture(sha256, classes="1")
    assert np.array_equal(alone[..., 3] > 0, mask_a()[0] == 1)
    assert (world.picture(sha256, classes="")[..., 3] == 0).all()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"bands": "0,1"}, "bad_bands"),
        ({"bands": "9"}, "bad_bands"),
        ({"bands": "0", "expression": "B02"}, "bad_bands"),
        ({"expression": "__import__('os')"}, "bad_expression"),
        ({"expression": "B99"}, "bad_expression"),
        ({"low": "a"}, "bad_stretch"),
        ({"low": "nan"}, "bad_stretch"),
        ({"low": "1,2"}, "bad_stretch"),
        ({"high": "1,2,3,4"}, "bad_stretch"),
        ({"colormap": "nothing"}, "bad_colormap"),
        ({"stretch": "world"}, "bad_choice"),
        ({"format": "gif"}, "bad_choice"),
        ({"size": "5"}, "bad_size"),
        ({"size": "4096"}, "bad_size"),
        ({"date": "0"}, "bad_date"),
        ({"date": "x"}, "bad_date"),
        ({"classes": "x"}, "bad_choice"),
    ],
)
def test_wishes_that_cannot_be_met_are_told(world: World, query: dict[str, str], code: str) -> None:
    sha256 = world.layer("a", "S2L2A")["sha256"]
    assert world.refused(f"rasters/{sha256}/picture", **query) == (422, code)


@pytest.mark.parametrize(
    ("kind", "media"), [("png", "image/png"), ("webp", "image/webp"), ("jpeg", "image/jpeg")]
)
def test_pictures_come_in_three_formats(world: World, kind: str, media: str) -> None:
    sha256 = world.layer("b", "S2L2A")["sha256"]
    answer = world.get(f"rasters/{sha256}/picture", format=kind, size=32)
    assert answer.headers["content-type"] == media
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (32, 32)
    again = world.viewer.get(
        f"/datasets/{world.dataset}/rasters/{sha256}/picture",
        params={"format": kind, "size": 32},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_a_pixel_tells_all_its_bands_and_its_place(world: World) -> None:
    layer = world.layer("a", "S2L2A")
    found = world.get(f"rasters/{layer['sha256']}/values", column=30, row=12).json()
    samples = chip_a()[:, 12, 30].tolist()
    assert [band["sample"] for band in found["bands"]] == samples
    assert found["bands"][3]["value"] == pytest.approx(samples[3] * 0.0001 - 0.1)
    assert (found["x"], found["y"], found["valid"]) == (500_305, 5_799_875, True)
    assert found["longitude"] == pytest.approx(15.0045, abs=1e-3)
    assert found["latitude"] == pytest.approx(52.35, abs=0.05)
    assert world.get(f"rasters/{layer['sha256']}/values", column=0, row=9).json()["valid"] is False
    homeless = world.get(f"rasters/{world.layer('c', 'S2L2A')['sha256']}/values", column=0, row=0).json()
    assert (homeless["x"], homeless["longitude"]) == (None, None)
    assert len(homeless["bands"]) == 12
    address = f"rasters/{layer['sha256']}/values"
    assert world.refused(address, column=64, row=0) == (404, "no_such_pixel")
    assert world.refused(address, column=-1, row=0)[0] == 422


def test_content_of_others_is_not_there(world: World) -> None:
    house = world.house
    other = house.dataset(house.person(), "others")
    store(house.installation, other, [Chip("z", {"S2L2A": ("image", tiff(scene(77)))})])
    with house.local() as client:
        sha256 = client.get(f"/datasets/{other}/item", params={"key": "z"}).json()["layers"][0]["sha256"]
    assert world.refused(f"rasters/{sha256}/values", column=0, row=0) == (404, "content_not_found")
    for path in (f"rasters/{sha256}/picture", f"tiles/{sha256}/0/0/0", "rasters/zz/picture"):
        assert world.refused(path) == (404, "content_not_found")
