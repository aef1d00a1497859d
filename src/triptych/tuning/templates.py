"""Templates of tunes: what can be set, as a JSON schema with defaults, arranged in tabs.

Names and defaults are those of the Geospatial Studio's templates. A template holds what a form shows: each property
of the schema is a group, each tab shows some groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.core.errors import InvalidInput
from triptych.core.findings import Finding, Severity
from triptych.core.recipe import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_FINDINGS = 20
ALL_MODELS = ("prithvi", "terramind", "clay", "resnet", "convnext")

LOSSES = {
    Purpose.SEGMENTATION: {
        "CrossEntropyLoss": "ce", "DiceLoss": "dice", "FocalLoss": "focal", "LovaszLoss": "lovasz",
    },
    Purpose.REGRESSION: {
        "MSELoss": "mse", "RMSELoss": "rmse", "MAELoss": "mae", "HuberLoss": "huber",
    },
}  # fmt: skip
"""The names of losses, as TerraTorch calls them. Its Jaccard loss takes no value that is left out: it is not here."""

WEIGHTS = ("none", "given", "inverse_frequency", "median_frequency", "effective_number")


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `purposes` are those of the datasets that it fits, which have `least` to `most` data sources."""

    id: str
    title: str
    description: str
    purposes: tuple[Purpose, ...]
    model_categories: tuple[str, ...]
    least: int
    most: int
    schema: Mapping[str, Any]
    tabs: tuple[tuple[str, str, tuple[str, ...]], ...]

    def document(self) -> dict[str, Any]:
        """As the form takes it."""
        return {
            "id": self.id,
            "title": self.title,
            "description": self.description,
            "purposes": [purpose.value for purpose in self.purposes],
            "model_categories": list(self.model_categories),
            "sources": {"least": self.least, "most": self.most},
            "schema": self.schema,
            "tabs": [{"id": id, "title": title, "groups": list(groups)} for id, title, groups in self.tabs],
            "defaults": settings_of(self, {}),
        }


def find_template(template_id: str) -> Template:
    """A template by its id. InvalidInput `unknown_template`."""
    found = TEMPLATES.get(template_id)
    if found is None:
        raise InvalidInput(
            f"There is no template “{template_id[:80]}”.",
            code="unknown_template",
            hint=f"There are {', '.join(TEMPLATES)}.",
        )
    return found


def check_parameters(template: Template, parameters: Mapping[str, Any]) -> None:
    """InvalidInput `bad_parameters` with a finding for each value that the template's schema does not allow."""
    from jsonschema import Draft202012Validator

    errors = sorted(
        Draft202012Validator(template.schema).iter_errors(parameters),
        key=lambda error: list(map(str, error.path)),
    )
    if not errors:
        return
    findings = [
        Finding(
            Severity.ERROR,
            "bad_field",
            error.message[:300],
            subject=".".join(["parameters", *map(str, error.absolute_path)]),
        )
        for error in errors[:MOST_FINDINGS]
    ]
    raise InvalidInput(
        f"{len(errors)} of the parameters do not fit the template: {findings[0].message}",
        code="bad_parameters",
        hint="The template's schema says what each may be: `GET /tune-templates`.",
        findings=findings,
    )


def settings_of(template: Template, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters: the defaults of the template, and above them those that were changed."""
    return {
        group: {
            **{name: each["default"] for name, each in schema["properties"].items()},
            **parameters.get(group, {}),
        }
        for group, schema in template.schema["properties"].items()
    }


def _group(title: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "title": title, "additionalProperties": False, "properties": properties}


def _whole(title: str, default: int, least: int = 1, most: int = 4096, text: str = "") -> dict[str, Any]:
    return _value("integer", title, default, text) | {"minimum": least, "maximum": most}


def _number(
    title: str, default: float, least: float = 0, most: float = 1e6, text: str = ""
) -> dict[str, Any]:
    return _value("number", title, default, text) | {"minimum": least, "maximum": most}


def _yes_or_no(title: str, *, default: bool = False, text: str = "") -> dict[str, Any]:
    return _value("boolean", title, default, text)


def _choice(title: str, choices: tuple[str, ...], text: str = "") -> dict[str, Any]:
    return _value("string", title, choices[0], text) | {"enum": list(choices)}


def _value(kind: str, title: str, default: Any, text: str) -> dict[str, Any]:
    return {"type": kind, "title": title, "default": default} | ({"description": text} if text else {})


def _schema(losses: tuple[str, ...], *, weighted: bool) -> dict[str, Any]:
    head = {
        "decoder": _choice("Decoder", ("UperNetDecoder", "UNetDecoder", "FCNDecoder")),
        "channels": _whole("Channels", 256, 4, text="Of the decoder; a U-Net begins with twice as many."),
        "num_convs": _whole("Convolutions", 4, 1, 16, "Of the FCN decoder."),
        "loss_decode": _choice("Loss", losses),
    }
    if weighted:
        head["class_weights"] = _choice(
            "Class weights",
            WEIGHTS,
            "From the pixels of the train part, or as given with the classes; mean 1.",
        )
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "data": _group(
                "Data",
                batch_size=_whole("Batch size", 4, 1, 1024),
                workers_per_gpu=_whole("Workers", 2, 0, 64, "Processes that load chips."),
                constant_multiply=_number(
                    "Factor", 1, 1e-9, 1e9, "Multiplies all values, besides the scale of the bands."
                ),
                augment=_yes_or_no("Flip chips at random", default=True, text="In the train part."),
            ),
            "decode_head": _group("Decode head", **head),
            "auxiliary_head": _group(
                "Auxiliary head",
                enabled=_yes_or_no("Add an auxiliary head"),
                channels=_whole("Channels", 256, 4),
                num_convs=_whole("Convolutions", 1, 1, 16),
                loss_weight=_number("Weight of its loss", 0.4, 0, 10),
            ),
            "model": _group(
                "Model",
                pretrained=_yes_or_no("Begin with the pretrained weights", default=True),
                frozen_backbone=_yes_or_no("Leave the backbone as it is"),
                backbone_img_size=_whole("Size of the images", 512, 16, text="In pixels, of Clay."),
            ),
            "tiled_inference": _group(
                "Tiled inference",
                h_crop=_whole("Height of a tile", 224, 16),
                w_crop=_whole("Width of a tile", 224, 16),
                h_stride=_whole("Step down", 196, 1),
                w_stride=_whole("Step right", 196, 1),
                average_patches=_yes_or_no("Average where tiles overlap"),
            ),
            "runner": _group(
                "Runner",
                max_epochs=_whole("Epochs", 10, 1, 100_000),
                early_stopping_patience=_whole("Stop after epochs without gain", 20, 1, 100_000),
                monitor=_choice("What is watched", ("val/loss",)),
            ),
            "optimizer": _group(
                "Optimizer",
                type=_choice("Optimizer", ("Adam", "SGD", "AdamW", "RMSProp")),
                lr=_number("Learning rate", 6e-5, 1e-12, 10),
                weight_decay=_number("Weight decay", 0, 0, 10),
            ),
            "lr_config": _group(
                "Learning rate",
                policy=_choice("Policy", ("Fixed", "CosineAnnealing")),
                warmup_epochs=_whole("Epochs of warm-up", 0, 0, 10_000, "With the policy Fixed."),
            ),
            "evaluation": _group("Evaluation", interval=_whole("Every so many epochs", 1, 1, 10_000)),
        },
    }


_TABS = (
    ("data", "Data", ("data",)),
    ("model", "Model", ("model", "decode_head", "auxiliary_head", "tiled_inference")),
    ("training", "Training", ("runner", "optimizer", "lr_config", "evaluation")),
)

_OF_SEGMENTATION = tuple(LOSSES[Purpose.SEGMENTATION])
_OF_REGRESSION = tuple(LOSSES[Purpose.REGRESSION])

TEMPLATES = {
    template.id: template
    for template in (
        Template(
            "base_segmentation",
            "Segmentation",
            "One data source; each pixel gets a class.",
            (Purpose.SEGMENTATION,),
            ALL_MODELS,
            1,
            1,
            _schema(_OF_SEGMENTATION, weighted=True),
            _TABS,
        ),
        Template(
            "base_regression",
            "Regression",
            "One data source; each pixel gets a number.",
            (Purpose.REGRESSION,),
            ALL_MODELS,
            1,
            1,
            _schema(_OF_REGRESSION, weighted=False),
            _TABS,
        ),
        Template(
            "multimodal_segmentation",
            "Multimodal segmentation",
            "Several data sources of each chip; each pixel gets a class.",
            (Purpose.SEGMENTATION,),
            ("terramind",),
            2,
            64,
            _schema(_OF_SEGMENTATION, weighted=True),
            _TABS,
        ),
        Template(
            "multimodal_regression",
            "Multimodal regression",
            "Several data sources of each chip; each pixel gets a number.",
            (Purpose.REGRESSION,),
            ("terramind",),
            2,
            64,
            _schema(_OF_REGRESSION, weighted=False),
            _TABS,
        ),
    )
}
"""Every template by its id."""
