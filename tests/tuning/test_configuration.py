"""Tunes become whole configurations; templates refuse what they do not know."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.tuning.facts import OPTICAL, RADAR, facts
from tests.tuning.test_terratorch import check
from triptych.core.errors import InvalidInput
from triptych.core.recipe import Recipe
from triptych.tuning.base_models import base_models, find_base_model
from triptych.tuning.configuration import tune_configuration
from triptych.tuning.templates import TEMPLATES, check_parameters, find_template, settings_of
from triptych.tuning.tunes import Tune, check_tune


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("model", base_models().values(), ids=base_models())
def test_every_template_with_every_model_that_goes_with_it_is_a_configuration(
    template: Any, model: Any
) -> None:
    if model.model_category not in template.model_categories:
        return
    sources = (OPTICAL, RADAR)[: template.least]
    made = facts(*sources, purpose=template.purposes[0].value)
    extremes = {"auxiliary_head": {"enabled": True}, "decode_head": {"decoder": "UNetDecoder"}}
    for parameters in ({}, extremes, {"lr_config": {"policy": "CosineAnnealing"}}):
        check_parameters(template, parameters)
        read = check(tune_configuration("a-tune", made, template, model, parameters))
        assert {"trainer", "data", "model", "optimizer"} <= set(read)
        assert read["model"]["init_args"]["model_args"]["backbone"] == model.backbone
        assert ("lr_scheduler" in read) == ("lr_config" in parameters)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_schemas_are_schemas_whose_defaults_fit_and_whose_groups_stand_in_tabs(template: Any) -> None:
    Draft202012Validator.check_schema(dict(template.schema))
    check_parameters(template, settings_of(template, {}))
    shown = [group for _, _, groups in template.tabs for group in groups]
    assert sorted(shown) == sorted(template.schema["properties"])


def test_what_was_changed_stands_above_the_defaults() -> None:
    template = find_template("base_segmentation")
    settings = settings_of(template, {"runner": {"max_epochs": 3}})
    assert settings["runner"] == {"max_epochs": 3, "early_stopping_patience": 20, "monitor": "val/loss"}
    assert settings["data"]["batch_size"] == 4
    assert settings["optimizer"] == {"type": "Adam", "lr": 6e-5, "weight_decay": 0}
    model = find_base_model("prithvi_eo_v2_300")
    assert (
        check(tune_configuration("abcd", facts(), template, model, {"runner": {"max_epochs": 3}}))["trainer"][
            "max_epochs"
        ]
        == 3
    )


@pytest.mark.parametrize(
    "parameters",
    [
        {"runner": {"max_epochs": 0}},
        {"runner": {"max_epochs": "many"}},
        {"runner": {"epochs": 1}},
        {"decode_head": {"decoder": "os.system"}},
        {"made_up": {}},
        {"runner": 5},
        {"optimizer": {"lr": True}},
    ],
)
def test_parameters_outside_the_schema_are_refused_one_by_one(parameters: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_parameters(find_template("base_segmentation"), parameters)
    assert caught.value.code == "bad_parameters"
    assert caught.value.findings[0].subject.startswith("parameters")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "abc"}, "bad_tune_name"),
        ({"name": "a" * 31}, "bad_tune_name"),
        ({"name": "Harbour"}, "bad_tune_name"),
        ({"name": "abcd\n"}, "bad_tune_name"),
        ({"template": "x"}, "unknown_template"),
        ({"base_model": "x"}, "unknown_base_model"),
        ({"template": "base_regression"}, "template_does_not_fit"),
        ({"template": "multimodal_segmentation"}, "template_does_not_fit"),
    ],
)
def test_a_tune_that_cannot_be_says_why(change: dict[str, Any], code: str) -> None:
    recipe = Recipe.of({"purpose": "Segmentation", "data_sources": [OPTICAL]})
    values: dict[str, Any] = {
        "name": "harbour-1",
        "description": "",
        "base_model": "prithvi_eo_v2_300",
        "template": "base_segmentation",
        "parameters": {},
    }
    check_tune(Tune(**values), recipe)
    with pytest.raises(InvalidInput) as caught:
        check_tune(Tune(**(values | change)), recipe)
    assert caught.value.code == code


def test_a_model_gets_terratorchs_names_and_is_told_of_bands_it_does_not_know() -> None:
    template, model = find_template("base_segmentation"), find_base_model("prithvi_eo_v2_300")
    document = tune_configuration("abcd", facts(RADAR), template, model, {})
    assert document["model"]["init_args"]["model_args"]["backbone_bands"] == ["VV", "VH"]
    assert any("was not trained on VV, VH" in note for note in document["notes"])
    document = tune_configuration("abcd", facts(), template, model, {})
    assert document["model"]["init_args"]["model_args"]["backbone_bands"] == ["BLUE", "GREEN", "RED"]


def test_a_factor_changes_units_and_nothing_else() -> None:
    template, model = find_template("base_segmentation"), find_base_model("timm_resnet50")
    plain, scaled = (
        tune_configuration("abcd", facts(), template, model, {"data": {"constant_multiply": factor}})["data"][
            "init_args"
        ]
        for factor in (1, 10)
    )
    assert scaled["constant_scale"] == pytest.approx(10 * plain["constant_scale"])
    ratios = [(mean / scaled["constant_scale"]) for mean in scaled["means"]]
    assert ratios == pytest.approx([100.0, 110.0, 120.0])
