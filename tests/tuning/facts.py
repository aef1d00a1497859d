"""Facts of made-up datasets, for configurations of trainings."""

from __future__ import annotations

from typing import Any

from triptych.core.labels import LabelClass
from triptych.core.recipe import Recipe
from triptych.tuning.facts import BandNumbers, SourceFacts, TrainingFacts

LAND, WATER = LabelClass(0, "land", "#000000"), LabelClass(1, "water", "#0000FF")
IGNORE = LabelClass(-1, "ignore", "#FFFFFF", ignore=True)


def band(index: int, name: str, **values: Any) -> dict[str, Any]:
    """A band of a recipe's document."""
    return {"index": index, "band_name": name, **values}


OPTICAL = {
    "modality_tag": "S2L2A",
    "file_suffix": "_S2.tif",
    "bands": [
        band(0, "B02", RGB_band="B", scaling_factor=0.0001),
        band(1, "B03", RGB_band="G", scaling_factor=0.0001),
        band(2, "B04", RGB_band="R", scaling_factor=0.0001),
    ],
}
RADAR = {"modality_tag": "S1GRD", "file_suffix": "_S1.tif", "bands": [band(0, "VV"), band(1, "VH")]}


def facts(
    *sources: dict[str, Any],
    purpose: str = "Segmentation",
    classes: tuple[LabelClass, ...] = (LAND, WATER, IGNORE),
    label_suffix: str = "_mask.tif",
    **values: Any,
) -> TrainingFacts:
    """A dataset with these data sources; the mean of a band is 100 + 10 × its place in the file, the deviation a
    tenth of that."""
    recipe = Recipe.of(
        {"purpose": purpose, "data_sources": list(sources) or [OPTICAL], "label_suffix": label_suffix}
    )
    found: dict[str, Any] = {
        "pixels": {0: 300, 1: 100, -1: 50},
        "items": {"train": 6, "validation": 2, "test": 2},
    }
    return TrainingFacts(
        "harbour",
        3,
        recipe.purpose,
        tuple(
            SourceFacts(
                source,
                {
                    name: BandNumbers(name, 1000, 100.0 + 10 * place, 10.0 + place)
                    for place, name, _ in source.placed()
                },
            )
            for source in recipe.sources
        ),
        recipe.label_suffix,
        classes,
        **(found | values),
    )
