"""Configurations of a training are what TerraTorch takes, and say of the data what is true of it."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.tuning.facts import IGNORE, LAND, OPTICAL, RADAR, WATER, band, facts
from triptych.core.errors import InvalidInput
from triptych.core.labels import LabelClass
from triptych.tuning.facts import BandNumbers
from triptych.tuning.terratorch import Wish, terratorch_document
from triptych.tuning.texts import configuration_python, configuration_yaml

SCHEMA = Path(__file__).parent / "schemas" / "terratorch.json"


@cache
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check(document: dict[str, Any]) -> dict[str, Any]:
    """The configuration in the document's YAML, once it is valid."""
    read: dict[str, Any] = yaml.safe_load(configuration_yaml(document))
    validator().validate(read)
    return read


def arguments(*sources: dict[str, Any], wish: Wish | None = None, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = check(terratorch_document(facts(*sources, **values), wish or Wish()))
    return dict(found["data"]["init_args"])


def test_a_segmentation_is_the_single_source_module_with_all_that_it_needs() -> None:
    document = check(terratorch_document(facts(), Wish()))
    assert document["data"]["class_path"].endswith(".GenericNonGeoSegmentationDataModule")
    given = document["data"]["init_args"]
    assert given["img_grep"] == "*_S2.tif"
    assert given["label_grep"] == "*_mask.tif"
    assert given["train_data_root"] == "data/S2L2A"
    assert given["val_label_data_root"] == "data/labels"
    assert given["test_split"] == "data/split_files/test_data.txt"
    assert given["no_data_replace"] == 0


def test_names_of_files_are_never_matched_by_a_part() -> None:
    single = arguments()
    assert single["allow_substring_split_file"] is False
    assert single["ignore_split_file_extensions"] is False  # else chip.v1.4 would lose its end
    assert arguments(OPTICAL, RADAR)["allow_substring_file_names"] is False


def test_red_is_red_whatever_the_order_of_the_bands() -> None:
    given = arguments()
    assert [given["output_bands"][place] for place in given["rgb_indices"]] == ["B04", "B03", "B02"]
    turned = {**OPTICAL, "bands": list(reversed(OPTICAL["bands"]))}
    given = arguments(turned)
    assert [given["output_bands"][place] for place in given["rgb_indices"]] == ["B04", "B03", "B02"]


def test_a_subset_of_bands_is_named_by_its_places_in_the_file() -> None:
    source = {**OPTICAL, "bands": [band(5, "B08"), band(3, "B04")]}
    given = arguments(source)
    assert given["dataset_bands"] == ["unused_1", "unused_2", "unused_3", "B04", "unused_5", "B08"]
    assert given["output_bands"] == ["B08", "B04"]
    assert given["means"] == [150.0, 130.0]
    assert given["rgb_indices"] == [0, 0, 0]


def test_standardising_what_the_loader_scales_gives_what_the_values_give() -> None:
    given = arguments()
    samples = np.array([[80.0, 95.0, 130.0], [100.0, 110.0, 120.0]])
    loaded = samples * given["constant_scale"]
    found = (loaded - given["means"]) / given["stds"]
    assert given["constant_scale"] == 0.0001
    expected = (samples - [100.0, 110.0, 120.0]) / [10.0, 11.0, 12.0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_bands_of_different_scales_are_standardised_unscaled() -> None:
    bands = [band(0, "B02", scaling_factor=0.0001), band(1, "T", scaling_factor=0.01, offset=273.15)]
    given = arguments({**OPTICAL, "bands": bands})
    assert given["constant_scale"] == 1.0
    assert given["means"] == [100.0, 110.0]


def test_ignored_classes_are_no_classes() -> None:
    document = check(terratorch_document(facts(), Wish()))
    given, task = document["data"]["init_args"], document["model"]["init_args"]
    assert (given["num_classes"], given["no_label_replace"], task["ignore_index"]) == (2, -1, -1)
    assert task["class_names"] == ["land", "water"]


def test_ids_from_one_are_shifted_by_the_loader() -> None:
    classes = (LabelClass(0, "nothing", "#000000", ignore=True), WATER, LabelClass(2, "ice", "#FFFFFF"))
    document = check(terratorch_document(facts(classes=classes), Wish()))
    given = document["data"]["init_args"]
    assert given["reduce_zero_label"] is True
    assert given["no_label_replace"] - 1 == document["model"]["init_args"]["ignore_index"] == -1
    assert given["num_classes"] == 2


@pytest.mark.parametrize(
    ("classes", "table"),
    [
        ((LAND, LabelClass(10, "a", "#111111"), LabelClass(30, "b", "#222222")), {0: 0, 10: 1, 30: 2}),
        ((LAND, WATER, IGNORE, LabelClass(255, "x", "#111111", ignore=True)), {-1: -1, 0: 0, 1: 1, 255: -1}),
    ],
)
def test_ids_with_gaps_come_with_a_table_and_code_that_rewrites(
    classes: tuple[LabelClass, ...], table: dict[int, int]
) -> None:
    document = terratorch_document(facts(classes=classes), Wish())
    assert document["labels"]["rewrite"] is True
    assert {each["id"]: each["value"] for each in document["labels"]["classes"]} == table
    assert document["labels"]["num_classes"] == len({value for value in table.values() if value >= 0})
    assert "rewrite the label files" in " ".join(document["notes"])
    assert f"LABELS = {table}" in configuration_python(document)


def test_weights_leave_out_what_is_ignored_and_have_the_mean_one() -> None:
    for convention in ("inverse_frequency", "median_frequency", "effective_number"):
        document = check(terratorch_document(facts(), Wish(weights=convention)))
        weights = document["model"]["init_args"]["class_weights"]
        assert len(weights) == 2
        assert sum(weights) == pytest.approx(2)
        assert weights[1] > weights[0]  # water is rarer
    inverse = check(terratorch_document(facts(), Wish(weights="inverse_frequency")))["model"]["init_args"]
    assert inverse["class_weights"] == pytest.approx([0.5, 1.5])
    assert "class_weights" not in terratorch_document(facts(), Wish())["model"]["init_args"]


def test_given_weights_are_taken_as_they_stand_to_each_other() -> None:
    classes = (LabelClass(0, "a", "#000000", weight=0.1), LabelClass(1, "b", "#111111", weight=0.3))
    document = terratorch_document(facts(classes=classes), Wish(weights="given"))
    assert document["model"]["init_args"]["class_weights"] == pytest.approx([0.5, 1.5])


def test_a_regression_leaves_out_a_value_that_no_target_has() -> None:
    document = check(
        terratorch_document(facts(RADAR, purpose="Regression", target=BandNumbers("1", 9, 8.0, 5.7)), Wish())
    )
    assert document["data"]["class_path"].endswith(".GenericNonGeoPixelwiseRegressionDataModule")
    assert "num_classes" not in document["data"]["init_args"]
    assert document["data"]["init_args"]["no_label_replace"] == document["model"]["init_args"]["ignore_index"]


def test_several_sources_are_the_multimodal_module_and_share_names() -> None:
    document = terratorch_document(facts(RADAR, OPTICAL), Wish(root="/mnt/x"))
    given = check(document)["data"]["init_args"]
    assert given["modalities"] == ["S1GRD", "S2L2A"]
    assert given["rgb_modality"] == "S2L2A"
    assert given["rgb_indices"] == [2, 1, 0]
    assert given["train_data_root"] == {"S1GRD": "/mnt/x/S1GRD", "S2L2A": "/mnt/x/S2L2A"}
    assert set(document["layout"]["suffixes"].values()) == {".tif"}
    assert given["stds"] == {"S1GRD": [10.0, 11.0], "S2L2A": pytest.approx([0.001, 0.0011, 0.0012])}


def test_a_stack_with_bands_first_becomes_a_time_axis_with_pooled_numbers() -> None:
    source = {
        "modality_tag": "landsat",
        "file_suffix": "_stack.tif",
        "bands": [band(0, "r", RGB_band="R"), band(1, "g", RGB_band="G"), band(2, "b", RGB_band="B")],
        "dates": ["2020-01-01", "2021-01-01"],
        "band_order": "bands_first",
    }
    given = arguments(source)
    assert given["expand_temporal_dimension"] is True
    assert given["dataset_bands"] == given["output_bands"] == ["r", "g", "b"]
    both = np.concatenate(
        [np.array([90.0, 110.0]), np.array([99.0, 121.0])]
    )  # means 100 and 110, std 10 and 11
    assert given["means"][0] == pytest.approx(both.mean())
    assert given["stds"][0] == pytest.approx(both.std())


def test_a_stack_with_dates_first_keeps_a_band_for_each_date_and_shows_the_last() -> None:
    source = {
        **OPTICAL,
        "dates": ["2020-01-01", "2021-01-01"],
        "band_order": "dates_first",
    }
    document = terratorch_document(facts(source), Wish())
    given = check(document)["data"]["init_args"]
    assert given["expand_temporal_dimension"] is False
    assert len(given["output_bands"]) == len(given["means"]) == 6
    shown = [given["output_bands"][place] for place in given["rgb_indices"]]
    assert shown == ["2021-01-01_B04", "2021-01-01_B03", "2021-01-01_B02"]
    assert any("bands of their own" in note for note in document["notes"])


def test_bands_without_values_do_not_divide_by_zero() -> None:
    made = facts()
    made.sources[0].numbers.update(  # type: ignore[attr-defined]
        {"B02": BandNumbers("B02"), "B03": BandNumbers("B03", 10, 7.0, 0.0)}
    )
    document = terratorch_document(made, Wish())
    given = check(document)["data"]["init_args"]
    assert given["stds"][:2] == [1.0, 1.0]
    assert {"B02" in note or "B03" in note for note in document["notes"]} == {True}


def test_a_declared_value_that_terratorch_cannot_know_is_told() -> None:
    document = terratorch_document(facts({**RADAR, "nodata": -9999}), Wish())
    assert any("-9999" in note for note in document["notes"])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"purpose": "Classification"}, "for Classification"),
        ({"label_suffix": ""}, "no rasters"),
        ({"classes": (IGNORE,)}, "no class that is learnt"),
    ],
)
def test_what_terratorch_cannot_read_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        terratorch_document(facts(**values), Wish())
    assert caught.value.code == "no_training_configuration"


def test_names_of_people_break_neither_yaml_nor_python() -> None:
    nasty = "a: \"b\"\n# {evil}: [1, 2]\u2028'''"
    classes = (LabelClass(0, nasty, "#000000"), LabelClass(5, "\t- yes", "#111111"))
    document = terratorch_document(facts(classes=classes), Wish(root="d: #'{x}"))
    assert check(document)["model"]["init_args"]["class_names"] == [nasty, "\t- yes"]
    module = ast.parse(configuration_python(document))
    names = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert names["DATA"] == document["data"]["init_args"]
    assert names["MODEL"]["class_names"] == [nasty, "\t- yes"]


def test_the_schema_can_fail() -> None:
    document = terratorch_document(facts(), Wish())
    document["data"]["init_args"]["dataset_band"] = []
    assert not validator().is_valid({"data": document["data"]})
