"""Sources of chips become inventories: sources, labels, facts and findings, whatever the labels are."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.raster_sample import data, geotiff, mask
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import png
from triptych.core.dataset import Part, Role
from triptych.core.labels import Task
from triptych.core.recipe import Purpose
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.geotiff_pairs.reader import GeotiffPairsReader
from triptych.formats.raster_options import RasterOptions
from triptych.formats.registry import choose

Files = dict[str, bytes]


def options(**pairs: str) -> dict[str, Any]:
    return {"rasters": RasterOptions.of(pairs)}


def pairs(count: int = 4, **how: Any) -> Files:
    files: Files = {}
    for number in range(count):
        origin = (500_000.0 + 80 * number, 5_000_000.0)
        files[f"s{number}_img.tif"] = data(number, origin=origin, **how)
        files[f"s{number}_mask.tif"] = mask(0, 1, 2, origin=origin)
    return files


def test_every_member_is_in_one_place_and_plain_pairs_raise_no_complaint() -> None:
    files = pairs()
    found = read(files)
    assert complaints(found) == set()
    raster = [item.member for item in found.items]
    raster += [layer.member for item in found.items for layer in item.others]
    assert sorted(raster) == list(range(len(files)))
    assert found.recipe is not None
    assert (found.recipe.purpose, found.recipe.label_suffix) == (Purpose.SEGMENTATION, "_mask.tif")
    assert [entry.id for entry in found.recipe.categories] == [0, 1, 2]


def test_facts_count_pairs_orphans_and_what_differs() -> None:
    files = pairs()
    files["s9_img.tif"] = data(9, bands=3, size=16, dtype="int16", crs="EPSG:32634", nodata=-9999)
    files["t_mask.tif"] = mask(0, 1)
    found = read(files)
    facts = found.facts or {}
    assert (facts["chips"], facts["pairs"], facts["orphans"]) == (5, 4, {"data": 1, "labels": 1})
    (source,) = facts["sources"]
    assert source["bands"] == [{"value": 4, "files": 4}, {"value": 3, "files": 1}]
    assert source["sizes"][0] == {"value": [8, 8], "files": 4}
    assert [entry["value"] for entry in source["crs"]] == ["EPSG:32633", "EPSG:32634"]
    assert source["nodata"][1] == {"value": -9999.0, "files": 1}
    values = {entry["value"]: entry["pixels"] for entry in facts["labels"]["values"]}
    assert values == {0: 4 * 24 + 32, 1: 4 * 24 + 32, 2: 4 * 16}  # those of the orphan too
    json.dumps(facts, allow_nan=False)
    expected = {"band_count_differs", "dtype_differs", "size_differs", "crs_differs", "nodata_differs",
                "data_without_label", "label_without_data"}  # fmt: skip
    assert expected <= codes(found)
    told = {finding.code: finding.examples for finding in found.findings}
    assert told["band_count_differs"] == ("s9_img.tif: 3 bands; most: 4 bands",)
    assert told["crs_differs"] == ("s9_img.tif: EPSG:32634; most: EPSG:32633",)


def test_facts_of_infinite_nodata_are_json() -> None:
    files = {f"s{number}.tif": data(number, dtype="float32", nodata=math.nan) for number in range(2)}
    files["s2.tif"] = data(2, dtype="float32", nodata=-math.inf)
    found = read(files)
    assert json.loads(json.dumps(found.facts or {}, allow_nan=False))["sources"][0]["nodata"] == [
        {"value": "nan", "files": 2}, {"value": "-inf", "files": 1}
    ]  # fmt: skip


def test_labels_that_lie_elsewhere_or_have_another_size_are_told() -> None:
    files = pairs(5)
    files["s1_mask.tif"] = mask(0, 1, 2, origin=(900_000.0, 5_000_000.0))
    files["s2_mask.tif"] = mask(0, 1, 2, size=4, origin=(500_160.0, 5_000_000.0))
    files["s3_mask.tif"] = mask(0, 1, 2, crs="EPSG:32634")
    told = {finding.code: finding.examples for finding in read(files).findings}
    assert told["label_place_differs"] == ("s1",)
    assert told["label_size_differs"] == ("s2: label 4 × 4, data 8 × 8 px",)
    assert told["label_crs_differs"] == ("s3: label EPSG:32634, data EPSG:32633",)


@pytest.mark.parametrize(
    ("values", "dtype", "code"),
    [
        ((-5, 0, 1), "int16", "class_negative"),
        ((-1, 0, 1), "int16", "ignore_guessed"),
        ((0, 1, 255), "uint8", "ignore_guessed"),
        ((math.nan, 0, 1), "float32", "label_nan"),
    ],
)
def test_values_of_labels_are_told(values: tuple[float, ...], dtype: str, code: str) -> None:
    rows = np.repeat(np.resize(np.array(values), 8)[:, None], 8, axis=1).astype(dtype)
    files = {f"s{number}_img.tif": data(number) for number in range(3)}
    files |= {f"s{number}_mask.tif": geotiff(rows) for number in range(3)}
    assert code in codes(read(files))


def test_fractions_are_a_regression_and_never_classes() -> None:
    values = np.linspace(0, 3, 64, dtype=np.float32).reshape(8, 8)
    files = {f"s{number}_img.tif": data(number) for number in range(3)}
    files |= {f"s{number}_agb.tif": geotiff(values) for number in range(3)}
    found = read(files)
    assert found.recipe is not None
    assert found.recipe.purpose is Purpose.REGRESSION
    assert {layer.role for item in found.items for layer in item.others} == {Role.TARGET}
    assert [entry.task for entry in found.annotation_sets] == [Task.REGRESSION]


def test_ids_up_to_65535_are_classes() -> None:
    files = {f"s{number}_img.tif": data(number) for number in range(3)}
    files |= {f"s{number}_mask.tif": mask(0, 40_000, 65_535, dtype="uint16") for number in range(3)}
    found = read(files)
    assert found.recipe is not None
    assert [entry.id for entry in found.recipe.categories] == [0, 40_000, 65_535]


def test_any_number_of_sources_share_a_stem_and_missing_ones_are_named() -> None:
    files: Files = {}
    for number in range(4):
        for kind in ("S1", "S2", "DEM", "NDVI", "label"):
            files[f"x.{number}_{kind}.tif"] = mask(0, 1) if kind == "label" else data(number, bands=2)
    del files["x.3_DEM.tif"]
    found = read(files)
    assert found.recipe is not None
    assert len(found.recipe.sources) == 4
    told = {finding.code: finding.examples for finding in found.findings}
    assert told["source_missing"] == ("x.3: DEM",)


def test_suffixes_that_are_said_win_and_a_wrong_one_is_told() -> None:
    files = pairs(3) | {f"s{number}_extra.tif": data(number) for number in range(3)}
    found = read(files, **options(data_suffixes="_img.tif", label_suffix="_mask.tif"))
    assert found.recipe is not None
    assert [source.suffix for source in found.recipe.sources] == ["_img.tif"]
    assert {entry.code for entry in found.ignored} == {"no_suffix_matches"}
    found = read(pairs(3), **options(data_suffixes="_img.tif", label_suffix="_Wrong.tif"))
    assert "suffix_without_files" in codes(found)


def test_labels_left_out_as_asked_are_in_their_place() -> None:
    files = pairs(3) | {"labels.geojson": b"{}", "labels.csv": b"s0,water\n"}
    found = read(files, labels="ignore")
    assert found.annotation_sets == []
    assert {entry.code for entry in found.ignored} == {"labels_ignored"}
    assert len(places(found)) == len(files)


def test_classes_of_chips_in_a_table_go_by_key_or_by_any_file() -> None:
    files = {f"s{number}_{kind}.tif": data(number) for number in range(3) for kind in ("S1", "S2")}
    found = read(files | {"labels.csv": b"stem,class\ns0,a\ns1_S1.tif,b\ns2_S2.tif,a\nnone,a\n"})
    assert [row[:2] for row in labels_of(found)] == [("s0", "a"), ("s1", "b"), ("s2", "a")]
    assert found.recipe is not None
    assert found.recipe.purpose is Purpose.CLASSIFICATION


def test_folders_are_classes_when_asked_and_folders_of_parts_never() -> None:
    files = {
        f"{part}/{kind}/{part}{kind}.tif": data(len(part + kind))
        for part in ("train", "val") for kind in ("a", "b")
    }  # fmt: skip
    assert "folders_may_be_classes" not in codes(read(files))
    found = read(files, **options(purpose="Classification"))
    assert [entry.name for entry in found.annotation_sets[0].classes] == ["a", "b"]
    assert {item.part for item in found.items} == {Part.TRAIN, Part.VALIDATION}


def test_one_folder_of_a_part_alone_says_nothing() -> None:
    files = {f"test/{name}": content for name, content in pairs(3).items()}
    files |= {f"more/{name}": content for name, content in pairs(3).items()}
    assert {item.part for item in read(files).items} == {None}


def test_lists_of_parts_win_over_folders_and_take_names_whole() -> None:
    files = {f"{part}/{name}": content for part in ("train", "test") for name, content in pairs(2).items()}
    files["split_files/val_data.txt"] = b"train/s0\ntest/s1_img.tif\ns\n"
    found = read(files)
    assert {item.key: item.part for item in found.items} == {
        "test/s0": None, "test/s1": Part.VALIDATION, "train/s0": Part.VALIDATION, "train/s1": None,
    }  # fmt: skip
    assert {"split_unknown_stem", "split_from_files"} <= codes(found)
    assert "split_from_folders" not in codes(found)


def test_boxes_and_parts_of_coco_stand_on_chips() -> None:
    document = {
        "images": [{"id": 1, "file_name": "s1_img.tif", "width": 8, "height": 8}],
        "categories": [{"id": 3, "name": "ship"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4]}],
    }
    files = {f"s{number}_img.tif": data(number) for number in range(3)}
    found = read(files | {"instances_val.json": json.dumps(document).encode()})
    assert labels_of(found) == [("s1", "ship", None, (1.0, 2.0, 3.0, 4.0))]
    assert [item.part for item in found.items] == [None, Part.VALIDATION, None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"version":"5.0.1","shapes":[{"label":"a","points":[[1,1],[9,9]],"shape_type":"rectangle"}],'
                   b'"imagePath":"s0.tif","imageHeight":8,"imageWidth":8}'),
        ("instances.json", b'{"images":[],"annotations":[],"categories":[]}'),
        ("s0.xml", b"<annotation><filename>s0.tif</filename></annotation>"),
        ("labels/s0.txt", b"0 0.5 0.5 0.1 0.1\n"),
    ],
)  # fmt: skip
def test_label_files_of_other_tools_do_not_take_chips_away(name: str, content: bytes) -> None:
    files = {f"s{number}.tif": data(number) for number in range(3)} | {name: content}
    view = view_of(MemoryRoot(files))
    assert choose(view)[0].name == "geotiff_pairs"
    assert len(GeotiffPairsReader().inventory(view, ReaderOptions()).items) == 3


def test_pictures_stay_with_the_readers_of_pictures() -> None:
    files = {f"p{number}.png": png(number) for number in range(4)} | {"one.tif": data(1)}
    assert choose(view_of(MemoryRoot(files)))[0].name != "geotiff_pairs"


def test_a_picture_beside_each_chip_is_a_preview_and_not_its_label() -> None:
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(buffer, "PNG")
    files = pairs(3) | {f"s{number}_rgb.png": buffer.getvalue() for number in range(3)}
    found = read(files)
    assert {entry.code for entry in found.ignored} == {"preview_left_out"}


def test_a_look_reads_a_bounded_number_of_heads_and_says_so() -> None:
    one, label = data(1), mask(0, 1)
    files = {f"s{number:04d}_img.tif": one for number in range(700)}
    files |= {f"s{number:04d}_mask.tif": label for number in range(700)}
    root = MemoryRoot(files)
    found = GeotiffPairsReader().inventory(view_of(root, 2_000), ReaderOptions())
    assert len(found.items) == 700
    assert (found.facts or {})["sampled"] == {"headers": 300, "of": 1_400, "labels": 100}
    assert "headers_sampled" in codes(found)
    assert root.heads_read < 600
