"""The models that a tune can begin with: a list kept as data beside this module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from triptych.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A pretrained model as TerraTorch knows it.

    `backbone` is its name in TerraTorch's registries, `weights` where its weights come from (a repository of the
    Hugging Face Hub). `bands` are TerraTorch's names of the bands that it was trained on, in their order;
    `modalities` those of each modality, where it takes several. `image_size` and `patch_size` are in pixels, the
    second None where it has no patches; `frames` is the number of dates. `feature_layers` are the layers that a
    decoder builds on.
    """

    id: str
    title: str
    model_category: str
    backbone: str
    weights: str
    image_size: int
    patch_size: int | None
    bands: tuple[str, ...]
    modalities: dict[str, tuple[str, ...]] | None
    frames: int
    multimodal: bool
    feature_layers: tuple[int, ...]


@cache
def base_models() -> dict[str, BaseModel]:
    """Every base model by its id, in the order of the list."""
    text = files("triptych.tuning").joinpath("data/base_models.json").read_text("utf-8")
    return {entry["id"]: _model(entry) for entry in json.loads(text)}


def find_base_model(model_id: str) -> BaseModel:
    """A base model by its id. InvalidInput `unknown_base_model`."""
    found = base_models().get(model_id)
    if found is None:
        raise InvalidInput(
            f"There is no base model “{model_id[:80]}”.",
            code="unknown_base_model",
            hint=f"There are {', '.join(base_models())}.",
        )
    return found


def _model(entry: dict[str, Any]) -> BaseModel:
    modalities = entry["modalities"]
    return BaseModel(
        **{
            **entry,
            "bands": tuple(entry["bands"]),
            "feature_layers": tuple(entry["feature_layers"]),
            "modalities": None
            if modalities is None
            else {name: tuple(bands) for name, bands in modalities.items()},
        }
    )
