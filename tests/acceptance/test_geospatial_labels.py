"""Labels of chips in every way that they arrive: tables, folders, polygons, COCO, pictures; parts from lists."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from PIL import Image
from rasterio.io import MemoryFile

from tests.support import pictures
from tests.support.chip_pairs import SIZE, Files, classes_of, ground, pair
from tests.support.chips import reread, scene, tiff
from tests.support.vectors import (
    FIELD_PIXELS,
    LAKE_PIXELS,
    geojson,
    geopackage,
    lakes_and_fields,
    moved,
    rectangle,
)
from triptych.client.connection import dataset_path
from triptych.client.loading import load
from triptych.client.samples import ClassRaster

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.support.studio import Studio


def chips(count: int = 5, suffix: str = ".tif", **options: Any) -> Files:
    return {
        f"c{number}{suffix}": tiff(scene(number, size=SIZE), origin=ground(number), **options)
        for number in range(count)
    }


def masks(values: dict[int, NDArray[Any]], suffix: str = "_mask.tif") -> Files:
    return {f"c{number}{suffix}": tiff(mask[None], origin=ground(number)) for number, mask in values.items()}


def sets_of(shown: dict[str, Any]) -> dict[str, tuple[str, int, dict[str, int]]]:
    """Task, items and counts by class of every annotation set, by name."""
    return {
        entry["name"]: (
            entry["task"],
            entry["items"],
            {each["name"]: each["count"] for each in entry["classes"]},
        )
        for entry in shown["annotation_sets"]
    }


def add(studio: Studio, tmp_path: Path, name: str, files: Files, **options: str) -> dict[str, Any]:
    return studio.add(pictures.archive(tmp_path / f"{name}.zip", files), name=None, keep=True, **options)


def again(studio: Studio, tmp_path: Path, name: str) -> dict[str, Any]:
    """The dataset that an export of another one makes."""
    with studio.connection.stream(
        dataset_path(name, "export"), format="geotiff_pairs", container="zip"
    ) as answer:
        answer.read()
        (tmp_path / f"{name}_again.zip").write_bytes(answer.content)
    return studio.add(tmp_path / f"{name}_again.zip")


def areas(studio: Studio, name: str) -> dict[str, list[tuple[str, float]]]:
    """Class and pixels of every label, by key."""
    names = {
        each["id"]: each["name"]
        for entry in studio.show(name)["annotation_sets"]
        for each in entry["classes"]
    }
    return {
        row["key"]: [(names[each["class_id"]], each["value"]) for each in row["labels"] if each["value"]]
        for row in studio.items(name)
    }


def test_classes_of_chips_come_from_a_table_by_stem_or_name(studio: Studio, tmp_path: Path) -> None:
    kinds = ["water", "forest", "water", "forest", "water"]
    by_stem = "stem,class\n" + "".join(f"c{number},{kind}\n" for number, kind in enumerate(kinds))
    shown = add(studio, tmp_path, "stems", chips() | {"labels.csv": by_stem})
    assert shown["geospatial"]["purpose"] == "Classification"
    assert sets_of(shown) == {"labels": ("single_label", 5, {"forest": 2, "water": 3})}
    assert "label_without_image" not in studio.finding_codes("stems")
    by_name = "file,label\nc0_S2.tif,water\nc1_S2.tif,forest\nnone.tif,water\n"
    both = chips(suffix="_S2.tif") | chips(suffix="_S1.tif")
    shown = add(studio, tmp_path, "names", both | {"labels.csv": by_name})
    assert sets_of(shown)["labels"] == ("single_label", 2, {"forest": 1, "water": 1})
    assert "label_without_image" in studio.finding_codes("names")
    assert again(studio, tmp_path, "stems")["content_hash"] == studio.show("stems")["content_hash"]


def test_classes_of_chips_come_from_folders_and_parts_of_the_split_are_none(
    studio: Studio, tmp_path: Path
) -> None:
    files = {
        f"{'train' if number < 4 else 'test'}/{('water', 'forest')[number % 2]}/{name}": data
        for number, (name, data) in enumerate(chips(6).items())
    }
    shown = add(studio, tmp_path, "folders", files, purpose="Classification")
    assert sets_of(shown) == {"folders_classes": ("single_label", 6, {"forest": 3, "water": 3})}
    assert shown["split"] == {"train": 4, "validation": 0, "test": 2}
    assert {"folder_classes", "split_from_folders"} <= studio.finding_codes("folders")
    assert again(studio, tmp_path, "folders")["content_hash"] == shown["content_hash"]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32633"])
def test_polygons_of_one_file_fall_on_the_chips_that_they_cover(
    studio: Studio, tmp_path: Path, crs: str
) -> None:
    name = f"polygons{crs[5:]}"
    shapes = [(moved(shape, crs), told) for shape, told in lakes_and_fields()]
    told = None if crs == "EPSG:4326" else "urn:ogc:def:crs:EPSG::32633"
    shown = add(studio, tmp_path, name, chips() | {"areas.geojson": geojson(shapes, told)})
    assert shown["geospatial"]["purpose"] == "Segmentation"
    expected = {"far": 0, "field": FIELD_PIXELS, "lake": LAKE_PIXELS}
    assert sets_of(shown) == {"areas": ("segmentation", 5, expected)}
    assert areas(studio, name) == {
        "c0": [("lake", 308)],
        "c1": [("field", FIELD_PIXELS)],
        "c2": [("lake", 25)],
        "c3": [],
        "c4": [],
    }
    counted = shown["training"]["sets"]["areas"]["counts"]
    assert set(counted) == {"far", "field", "lake"}
    assert again(studio, tmp_path, name)["content_hash"] == shown["content_hash"]


def test_a_geopackage_in_another_system_says_the_same(studio: Studio, tmp_path: Path) -> None:
    shapes = [(moved(shape, "EPSG:3035"), told) for shape, told in lakes_and_fields()]
    data = geopackage(tmp_path / "areas.gpkg", shapes, "EPSG:3035")
    shown = add(studio, tmp_path, "package", chips() | {"areas.gpkg": data})
    assert sets_of(shown)["areas"][2] == {"far": 0, "field": FIELD_PIXELS, "lake": LAKE_PIXELS}


def test_polygons_of_a_file_for_each_chip_leave_the_others_without_a_label(
    studio: Studio, tmp_path: Path
) -> None:
    house = [(moved(rectangle(number, 1, 1, 9, 5), "EPSG:4326"), {"class_id": 7}) for number in range(3)]
    files = chips() | {f"c{number}.geojson": geojson([house[number]]) for number in range(3)}
    files |= {"c3.geojson": geojson([]), "lost.geojson": "{no"}
    shown = add(studio, tmp_path, "each", files)
    assert sets_of(shown) == {"polygons": ("segmentation", 4, {"7": 96})}
    assert [each["id"] for each in shown["annotation_sets"][0]["classes"]] == [7]
    ignored = {row["path"]: row["code"] for row in studio.members("each") if row["bin"] == "ignored"}
    assert ignored == {"lost.geojson": "vector_unreadable"}


def test_chips_without_a_place_get_no_label_from_polygons(studio: Studio, tmp_path: Path) -> None:
    shapes = [(moved(shape, "EPSG:4326"), told) for shape, told in lakes_and_fields()]
    files = chips(2) | {"c2.tif": tiff(scene(2, size=SIZE), crs=None)}
    shown = add(studio, tmp_path, "nowhere", files | {"areas.geojson": geojson(shapes)})
    assert sets_of(shown)["areas"][1] == 2
    assert {"polygon_chip_without_place", "georeference_missing"} <= studio.finding_codes("nowhere")


def test_polygons_across_the_antimeridian_and_around_the_pole(studio: Studio, tmp_path: Path) -> None:
    corner = 818_000.0, 200_000.0
    chip = tiff(scene(0, size=SIZE), origin=corner, resolution=1000.0, crs="EPSG:32660")
    square = shapely.box(corner[0] + 4_000, corner[1] - 28_000, corner[0] + 28_000, corner[1] - 4_000)
    degrees = shapely.get_coordinates(moved(square, "EPSG:4326", "EPSG:32660"))
    assert degrees[:, 0].min() < 0 < degrees[:, 0].max() - 179
    ring = shapely.Polygon(np.column_stack((degrees[:, 0] % 360, degrees[:, 1])))
    west = shapely.intersection(ring, shapely.box(0, -90, 180, 90))
    east = shapely.transform(
        shapely.intersection(ring, shapely.box(180, -90, 360, 90)), lambda xy: xy - (360, 0)
    )
    parts = shapely.MultiPolygon([west, east])
    shown = add(
        studio, tmp_path, "dateline", {"a.tif": chip, "a.geojson": geojson([(parts, {"class": "x"})])}
    )
    assert sets_of(shown)["polygons"][2]["x"] == pytest.approx(24 * 24, abs=24)

    side = 3_200_000.0
    polar = tiff(scene(0, size=SIZE), origin=(-side / 2, side / 2), resolution=100_000.0, crs="EPSG:3995")
    cap = shapely.box(-180, 85, 180, 90)
    shown = add(studio, tmp_path, "pole", {"a.tif": polar, "a.geojson": geojson([(cap, {"class": "cap"})])})
    assert sets_of(shown)["polygons"][2]["cap"] == 88  # pixels whose middle lies north of 85 degrees


def test_boxes_come_from_a_table_from_polygons_and_from_coco(studio: Studio, tmp_path: Path) -> None:
    table = "c0.tif,ship,1,2,10,12\nc1.tif,ship,0,0,5,5\nc1.tif,quay,1,2,30,31\n"
    shown = add(studio, tmp_path, "boxes", chips() | {"label.csv": table})
    assert shown["geospatial"]["purpose"] == "Detection"
    assert sets_of(shown) == {"label": ("detection", 2, {"quay": 1, "ship": 2})}
    assert again(studio, tmp_path, "boxes")["content_hash"] == shown["content_hash"]

    areas = geojson([(moved(rectangle(0, 2, 3, 12, 9), "EPSG:4326"), {"class": "ship"})])
    shown = add(studio, tmp_path, "outlines", chips() | {"areas.geojson": areas}, purpose="Detection")
    assert sets_of(shown) == {"areas": ("detection", 5, {"ship": 1})}
    (label,) = [each for each in studio.items("outlines")[0]["labels"] if each["kind"] == "box"]
    assert label["box"] == pytest.approx([2, 3, 10, 6], abs=0.01)

    coco = {
        "images": [{"id": number, "file_name": f"c{number}.tif"} for number in range(3)],
        "categories": [{"id": 1, "name": "ship"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [2, 3, 10, 12]}],
    }
    shown = add(studio, tmp_path, "coco", chips() | {"instances.json": json.dumps(coco)})
    assert shown["format"] == "geotiff_pairs"
    assert sets_of(shown) == {"instances": ("detection", 3, {"ship": 1})}


def test_masks_are_pictures_of_16_bits_too(studio: Studio, tmp_path: Path) -> None:
    values = (np.mgrid[0:SIZE, 0:SIZE][0] // 8 * 20_000).astype(np.uint16)
    files = chips(3, "_img.tif")
    for number in range(3):
        Image.fromarray(values).save(tmp_path / "mask.png")
        files[f"c{number}_mask.png"] = (tmp_path / "mask.png").read_bytes()
    shown = add(studio, tmp_path, "png16", files)
    rows = 3 * SIZE * 8
    assert sets_of(shown)["mask"] == (
        "segmentation", 3, {"0": rows, "20000": rows, "40000": rows, "60000": rows}
    )  # fmt: skip
    assert "label_without_place" in studio.finding_codes("png16")


def test_masks_with_a_palette_are_their_indices_everywhere(studio: Studio, tmp_path: Path) -> None:
    values = (np.mgrid[0:SIZE, 0:SIZE][0] // 12).astype(np.uint8)
    mask = Image.fromarray(values)
    mask.putpalette([0, 0, 0, 200, 30, 30, 30, 200, 30])
    mask.save(tmp_path / "mask.png")
    files = chips(3, "_img.tif")
    files |= {f"c{number}_mask.png": (tmp_path / "mask.png").read_bytes() for number in range(3)}
    shown = add(studio, tmp_path, "palette", files)
    expected = {str(value): 3 * int((values == value).sum()) for value in range(3)}
    assert sets_of(shown)["mask"] == ("segmentation", 3, expected)
    stored = next(each for each in studio.items("palette")[0]["files"] if each["role"] == "label")
    tile = studio.connection.content(dataset_path("palette", "tiles", stored["sha256"], "0", "0", "0"))
    assert np.array_equal(np.frombuffer(tile, np.uint8).reshape(SIZE, SIZE), values)
    if studio.installation.settings.database == "":
        sample = load("palette", home=studio.installation.settings.home)[0]
        assert isinstance(sample.label, ClassRaster)
        assert np.array_equal(sample.label.class_map(), values)


def test_odd_values_of_labels_are_classes_or_findings(studio: Studio, tmp_path: Path) -> None:
    large = np.zeros((SIZE, SIZE), np.uint16)
    large[:4], large[4:8] = 65_535, 40_000
    shown = add(studio, tmp_path, "large", chips(3, "_img.tif") | masks(dict.fromkeys(range(3), large)))
    assert sets_of(shown)["mask"][2] == {"0": 3 * 24 * SIZE, "40000": 3 * 4 * SIZE, "65535": 3 * 4 * SIZE}

    negative = np.full((SIZE, SIZE), -5, np.int16)
    negative[:4], negative[4:8] = -1, 3
    ignored = np.full((SIZE, SIZE), -1, np.int16)
    shown = add(
        studio, tmp_path, "negative",
        chips(3, "_img.tif") | masks({0: negative, 1: negative, 2: ignored}),
    )  # fmt: skip
    classes = {each["id"]: (each["count"], each["ignore"]) for each in shown["annotation_sets"][0]["classes"]}
    assert classes == {
        -5: (2 * 24 * SIZE, False), -1: (2 * 4 * SIZE + SIZE * SIZE, True), 3: (2 * 4 * SIZE, False)
    }  # fmt: skip
    assert {"class_negative", "ignore_guessed", "label_empty"} <= studio.finding_codes("negative")

    holed = np.zeros((SIZE, SIZE), np.float32)
    holed[:4], holed[4:9] = np.nan, 1
    shown = add(studio, tmp_path, "holed", chips(3, "_img.tif") | masks(dict.fromkeys(range(3), holed)))
    assert sets_of(shown)["mask"][2] == {"0": 3 * 23 * SIZE, "1": 3 * 5 * SIZE}
    assert "label_nan" in studio.finding_codes("holed")


def test_lists_of_parts_name_chips_exactly(studio: Studio, tmp_path: Path) -> None:
    files: Files = {}
    for number in (1, 2, 3, 10, 11, 12):
        files |= {name.replace("tile.", "s"): data for name, data in pair(number).items()}
    files |= {
        "split_files/train_data.txt": "s1\ns2\n",
        "split_files/val_data.txt": "s10\r\ns11_img.tif\r\n",
        "split_files/test_data.txt": "s12_mask.tif\ns3\ns\nunknown\ns1\n",
    }
    shown = add(studio, tmp_path, "lists", files)
    assert {row["key"]: row["part"] for row in studio.items("lists")} == {
        "s1": "train", "s2": "train", "s3": "test", "s10": "validation", "s11": "validation", "s12": "test",
    }  # fmt: skip
    told = {finding["code"]: finding["examples"] for finding in studio.findings("lists")}
    assert told["split_unknown_stem"] == [
        "split_files/test_data.txt: s",
        "split_files/test_data.txt: unknown",
    ]
    assert told["split_twice"] == ["s1 in split_files/test_data.txt, first in train"]
    assert shown["split"] == {"train": 2, "validation": 2, "test": 2}


def test_orphans_duplicates_and_short_suffixes_are_told_by_name(studio: Studio, tmp_path: Path) -> None:
    files: Files = {
        f"s.{number}.tif": tiff(scene(number, size=SIZE), origin=ground(number)) for number in range(4)
    }
    files |= {f"s.{number}.mask.tif": tiff(classes_of(number), origin=ground(number)) for number in range(3)}
    files |= {"lost.mask.tif": tiff(classes_of(9), origin=ground(9)), "s.0.TIFF": files["s.0.tif"]}
    shown = add(studio, tmp_path, "orphans", files)
    assert [row["key"] for row in studio.items("orphans")] == [f"s.{number}" for number in range(4)]
    assert shown["annotation_sets"][0]["items"] == 3
    told = {finding["code"]: finding["examples"] for finding in studio.findings("orphans")}
    assert told["data_without_label"] == ["s.3"]
    assert told["label_without_data"] == ["lost.mask.tif"]
    assert told["duplicate_stem"] == ["s.0.tif, s.0.TIFF"]


def test_a_stack_of_dates_is_read_and_a_layer_called_image_goes_out(studio: Studio, tmp_path: Path) -> None:
    names = [f"{year}_b{band}" for year in range(1985, 2021, 5) for band in range(1, 5)]
    files: Files = {
        f"t{number}_image.tif": tiff(scene(number, 32, SIZE), origin=ground(number), descriptions=names)
        for number in range(3)
    }
    files |= {f"t{number}_mask.tif": tiff(classes_of(number), origin=ground(number)) for number in range(3)}
    shown = add(studio, tmp_path, "stack", files)
    (source,) = shown["geospatial"]["data_sources"]
    assert (source["modality_tag"], len(source["dates"]), len(source["bands"])) == ("image", 8, 4)
    assert [each["role"] for each in studio.items("stack")[0]["files"]] == ["image", "label"]
    second = again(studio, tmp_path, "stack")
    assert second["content_hash"] == shown["content_hash"]
    stored = studio.items("stack_again")[0]["files"]
    assert studio.connection.content(dataset_path("stack_again", "files", stored[0]["sha256"])) == files[
        "t0_image.tif"
    ]  # fmt: skip


def test_outlines_are_drawn_on_the_grids_of_the_chips_for_a_training(studio: Studio, tmp_path: Path) -> None:
    shapes = [(moved(shape, "EPSG:4326"), told) for shape, told in lakes_and_fields()]
    add(studio, tmp_path, "drawn", chips() | {"areas.geojson": geojson(shapes)})
    document = studio.connection.get(dataset_path("drawn", "training.json"), weights="inverse_frequency")
    assert [(each["id"], each["name"], each["index"]) for each in document["labels"]["classes"]] == [
        (0, "Background", 0), (1, "far", 1), (2, "field", 2), (3, "lake", 3),
    ]  # fmt: skip
    assert not document["labels"]["rewrite"]
    with zipfile.ZipFile(
        io.BytesIO(studio.connection.content(dataset_path("drawn", "training.zip")))
    ) as made:
        names = sorted(made.namelist())
        rasters = [made.read(name) for name in names if name.startswith("data/labels/")]
        lists = "".join(made.read(name).decode() for name in names if name.endswith("_data.txt"))
    assert len(rasters) == 5
    assert all(f"c{number}.tif" in lists for number in range(5))
    with MemoryFile(rasters[0]) as memory, memory.open() as opened:
        drawn = opened.read(1)
        assert (str(opened.crs), opened.transform.c, opened.transform.f) == ("EPSG:32633", *ground(0))
    expected = np.zeros((SIZE, SIZE), np.uint8)
    expected[2:20, 2:20] = 3
    expected[6:10, 6:10] = 0
    assert np.array_equal(drawn, expected)
    assert not reread(rasters[4]).any()
