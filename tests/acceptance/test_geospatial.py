"""GeoTIFF chips from upload to dataset: layers, classes, statistics by the recipe, bins, places, the way out."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support import pictures
from tests.support.chip_pairs import SIZE, Files, classes_of, ground, pair, pairs, recipe
from tests.support.chips import scene, tiff
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def bands_of(studio: Studio, name: str, layer: str, part: str = "all") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = studio.connection.get(dataset_path(name, "statistics"))[layer][part][
        "bands"
    ]
    return found


@pytest.mark.checklist("G-01")
@pytest.mark.checklist("G-02")
@pytest.mark.checklist("G-03")
def test_pairs_become_chips_with_classes_and_exact_statistics(studio: Studio, tmp_path: Path) -> None:
    shown = studio.add(pictures.archive(tmp_path / "pairs.zip", pairs(10)))
    assert (shown["modality"], shown["format"], shown["state"]) == ("geospatial", "geotiff_pairs", "ready")
    assert shown["counts"]["items"] == shown["counts"]["studies"] == 10
    assert shown["counts"]["files"] == shown["bins"]["imported"] == 20
    assert [(layer["role"], layer["items"]) for layer in shown["layers"]] == [("image", 10), ("label", 10)]
    assert shown["split"] == {"train": 6, "validation": 2, "test": 2}
    assert [row["key"] for row in studio.items("pairs")] == [f"tile.{number}" for number in range(10)]
    (made,) = shown["annotation_sets"]
    values, counts = np.unique(np.stack([classes_of(number) for number in range(10)]), return_counts=True)
    assert made["task"] == "segmentation"
    assert {entry["id"]: entry["count"] for entry in made["classes"]} == dict(
        zip(values.tolist(), counts.tolist(), strict=True)
    )
    assert [entry["id"] for entry in made["classes"] if entry["ignore"]] == [-1]
    whole = np.stack([scene(number, size=SIZE) for number in range(10)]).astype(np.float64)
    for place, band in enumerate(bands_of(studio, "pairs", shown["layers"][0]["name"])):
        assert band["n"] == whole[:, place].size
        assert band["mean"] == pytest.approx(whole[:, place].mean(), rel=1e-12)
        assert band["std"] == pytest.approx(whole[:, place].std(), rel=1e-12)
    assert "-1" not in shown["training"]["sets"][made["name"]]["weights"]["inverse_frequency"]


def test_files_are_kept_byte_for_byte(studio: Studio, tmp_path: Path) -> None:
    files = pairs(3)
    studio.add(pictures.archive(tmp_path / "kept.zip", files))
    for row in studio.items("kept"):
        assert [(each["role"]) for each in row["files"]] == ["image", "label"]
        for each, suffix in zip(row["files"], ("_img.tif", "_mask.tif"), strict=True):
            stored = studio.connection.content(dataset_path("kept", "files", each["sha256"]))
            assert stored == files[f"{row['key']}{suffix}"]


def test_a_recipe_takes_any_bands_in_any_order_and_scales_them(studio: Studio, tmp_path: Path) -> None:
    """Bands [3, 1] end in an IndexError in the original, and scales are stored and never applied there."""
    bands = [
        {"index": "3", "band_name": "B08", "scaling_factor": "0.0001", "offset": "-0.1"},
        {"index": "1", "band_name": "B03", "scaling_factor": "0.0001"},
    ]
    source = pictures.archive(tmp_path / "some.zip", pairs(5))
    shown = studio.add(source, recipe=recipe(bands))
    assert shown["geospatial"]["data_sources"][0]["bands"][0]["band_name"] == "B08"
    assert [entry["name"] for entry in shown["annotation_sets"][0]["classes"]] == ["Ignore", "Land", "Water"]
    assert studio.items("some")[0]["bands"] == ["B08", "B03"]
    whole = np.stack([scene(number, size=SIZE) for number in range(5)]).astype(np.float64)
    found = bands_of(studio, "some", "S2")
    assert [band["name"] for band in found] == ["B08", "B03"]
    assert [band["mean"] for band in found] == pytest.approx(
        [whole[:, 3].mean(), whole[:, 1].mean()], rel=1e-12
    )
    train = bands_of(studio, "some", "S2", "train")
    scaled = shown["training"]["layers"]["S2"]["scaled"]
    assert scaled["mean"] == pytest.approx([train[0]["mean"] * 1e-4 - 0.1, train[1]["mean"] * 1e-4])
    assert scaled["std"] == pytest.approx([band["std"] * 1e-4 for band in train])


def test_a_declared_value_is_left_out_of_one_dataset_and_not_of_the_other(
    studio: Studio, tmp_path: Path
) -> None:
    chip = scene(1, bands=1, size=SIZE)
    chip[0, :4] = 7
    files: Files = {}
    for number in range(3):
        own = chip.copy()
        own[0, 4:] += number
        files[f"c{number}_img.tif"] = tiff(own, origin=ground(number))
        files[f"c{number}_mask.tif"] = tiff(classes_of(number), origin=ground(number))
    source = pictures.archive(tmp_path / "declared.zip", files)
    bands = [{"index": 0, "band_name": "one"}]
    studio.add(source, name="plain", recipe=recipe(bands))
    studio.add(source, name="declared", recipe=recipe(bands, nodata=7))
    (plain,), (declared,) = bands_of(studio, "plain", "S2"), bands_of(studio, "declared", "S2")
    assert (plain["n"], plain["invalid"], plain["min"]) == (3 * SIZE * SIZE, 0, 7)
    assert (declared["n"], declared["invalid"]) == (3 * SIZE * (SIZE - 4), 3 * 4 * SIZE)
    assert declared["min"] > 7


def test_a_label_of_other_size_is_left_out_and_its_chip_stays(studio: Studio, tmp_path: Path) -> None:
    files = pairs(4)
    small = classes_of(0)[:, : SIZE // 2, : SIZE // 2]
    files["tile.0_mask.tif"] = tiff(small, origin=ground(0))
    # Half the resolution over the same ground is another matter: it can be resampled.
    files["tile.1_mask.tif"] = tiff(small, origin=ground(1), resolution=20.0)
    shown = studio.add(pictures.archive(tmp_path / "sizes.zip", files))
    assert shown["bins"] == {"imported": 7, "ignored": 1, "rejected": 0}
    assert shown["counts"]["items"] == 4
    assert shown["annotation_sets"][0]["items"] == 3
    assert {"label_size_differs", "layer_resolution_differs"} <= studio.finding_codes("sizes")
    ignored = [row for row in studio.members("sizes") if row["bin"] == "ignored"]
    assert [(row["path"], row["code"]) for row in ignored] == [("tile.0_mask.tif", "label_size_differs")]


def test_a_chip_is_rejected_whole_and_a_label_alone(studio: Studio, tmp_path: Path) -> None:
    files = pairs(6)
    image, mask = files["tile.0_img.tif"], files["tile.1_mask.tif"]
    assert isinstance(image, bytes)
    assert isinstance(mask, bytes)
    files["tile.0_img.tif"] = image[:-300]
    files["tile.1_mask.tif"] = mask[:-20] + bytes(20)
    shown = studio.add(pictures.archive(tmp_path / "broken.zip", files))
    assert (shown["state"], shown["counts"]["items"]) == ("ready", 5)
    rejected = {row["path"]: row["code"] for row in studio.members("broken") if row["bin"] == "rejected"}
    assert set(rejected) == {"tile.0_img.tif", "tile.0_mask.tif", "tile.1_mask.tif"}
    assert rejected["tile.0_mask.tif"] == "chip_incomplete"
    assert shown["bins"] == {"imported": 9, "ignored": 0, "rejected": 3}
    assert shown["annotation_sets"][0]["items"] == 4


def test_several_data_sources_of_other_resolution_are_layers(studio: Studio, tmp_path: Path) -> None:
    files: Files = {}
    for number in range(4):
        files |= pair(number, suffix="_S2.tif")
        radar = scene(number + 9, bands=2, size=SIZE // 2, dtype="float32")
        radar[0, 0, 0] = np.nan
        files[f"tile.{number}_S1.tif"] = tiff(radar, origin=ground(number), resolution=20.0)
    shown = studio.add(pictures.archive(tmp_path / "both.zip", files))
    assert sorted((layer["role"], layer["items"]) for layer in shown["layers"]) == [
        ("image", 4),
        ("label", 4),
        ("source", 4),
    ]
    sizes = {layer["role"]: layer["sizes"]["max"] for layer in shown["layers"]}
    assert (sizes["image"], sizes["source"]) in (
        ([SIZE, SIZE], [SIZE // 2, SIZE // 2]),
        ([SIZE // 2, SIZE // 2], [SIZE, SIZE]),
    )
    radar_layer = next(layer["name"] for layer in shown["layers"] if layer["dtypes"] == ["float32"])
    first = bands_of(studio, "both", radar_layer)[0]
    assert (first["n"], first["invalid"]) == (4 * (SIZE // 2) ** 2 - 4, 4)


def test_targets_of_a_regression_are_measured(studio: Studio, tmp_path: Path) -> None:
    files: Files = {}
    heights = {number: scene(number, bands=1, size=SIZE, dtype="float32") / 7 for number in range(5)}
    for number, values in heights.items():
        files[f"t{number}_dsm.tif"] = tiff(scene(number, bands=1, size=SIZE), origin=ground(number))
        files[f"t{number}_hag.tif"] = tiff(values, origin=ground(number), nodata=-9999)
    shown = studio.add(
        pictures.archive(tmp_path / "heights.zip", files),
        purpose="Regression",
        label_suffix="_hag.tif",
        data_suffixes="_dsm.tif",
    )
    (made,) = shown["annotation_sets"]
    assert (made["task"], made["items"], made["classes"]) == ("regression", 5, [])
    (band,) = bands_of(studio, "heights", made["layer"])
    whole = np.stack(list(heights.values())).astype(np.float64)
    assert (band["mean"], band["std"]) == pytest.approx((whole.mean(), whole.std()), rel=1e-9)


def test_what_goes_out_comes_back_with_the_same_hash(studio: Studio, tmp_path: Path) -> None:
    bands = [{"index": 2, "band_name": "B04", "RGB_band": "R"}, {"index": 0, "band_name": "B02"}]
    first = studio.add(pictures.archive(tmp_path / "out.zip", pairs(6)), recipe=recipe(bands))
    with studio.connection.stream(
        dataset_path("out", "export"), format="geotiff_pairs", container="zip"
    ) as answer:
        answer.read()
        exported = tmp_path / "again.zip"
        exported.write_bytes(answer.content)
    names = zipfile.ZipFile(io.BytesIO(exported.read_bytes())).namelist()
    assert {"recipe.json", "split_files/train_data.txt", "tile.0_img.tif", "tile.0_mask.tif"} <= set(names)
    again = studio.add(exported)
    assert again["content_hash"] == first["content_hash"]
    assert again["geospatial"]["data_sources"] == first["geospatial"]["data_sources"]


def test_personal_details_and_the_recipe_do_not_disturb_each_other(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.archive(tmp_path / "notes.zip", pairs(3)))
    before = studio.show("notes")["geospatial"]
    studio.connection.patch(dataset_path("notes"), {"details": {"licence": "CC-BY", "geospatial": {"x": 1}}})
    shown = studio.show("notes")
    assert shown["details"] == {"licence": "CC-BY"}
    assert shown["geospatial"] == before
