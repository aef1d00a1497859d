"""A version of a geospatial dataset as a training sees it, from its rows and the statistics that were published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Part
from triptych.core.errors import InvalidInput, NotFound
from triptych.core.labels import LabelClass, Task
from triptych.core.recipe import Purpose
from triptych.datasets.class_matrix import classes_at, sets_at
from triptych.datasets.recipes import recipe_in
from triptych.datasets.repository import get_version
from triptych.db.tables import contents, items, layers
from triptych.tuning.drawing import drawn_classes, drawn_set, rest_of, suffix_of, train_pixels
from triptych.tuning.facts import BandNumbers, SourceFacts, TrainingFacts
from triptych.tuning.layout import is_in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.recipe import Recipe

TASKS = {Purpose.SEGMENTATION: Task.SEGMENTATION, Purpose.REGRESSION: Task.REGRESSION}


def recipe_of(dataset: sa.Row[Any]) -> Recipe:
    """The recipe of a dataset. InvalidInput `no_recipe` for a dataset that has none: it is not geospatial."""
    recipe = recipe_in(dataset.details or {})
    if recipe is None:
        raise InvalidInput(
            f"“{dataset.name}” is not a geospatial dataset with data sources.",
            code="no_recipe",
            hint="Training configurations and tunes are made of datasets of GeoTIFF chips.",
        )
    return recipe


def training_facts(connection: sa.Connection, dataset: sa.Row[Any], version: int) -> TrainingFacts:
    """What a training needs to know of a version. InvalidInput `no_recipe`, NotFound `version_not_found`."""
    recipe = recipe_of(dataset)
    published = get_version(connection, dataset.id, version)
    if published is None:
        raise NotFound(f"“{dataset.name}” has no version {version}.", code="version_not_found")
    sums: Mapping[str, Any] = published.statistics.get("layers", {})
    classes, pixels = _classes(connection, dataset.id, version, recipe, published.counts)
    drawn = drawn_set(connection, dataset.id, version, recipe)
    label_suffix = recipe.label_suffix
    if drawn is not None:
        label_suffix = suffix_of(connection, dataset.id, version, drawn)
        classes = drawn_classes(connection, drawn, version)
        rest = rest_of([each for each in classes if each.id in pixels])
        beside = train_pixels(connection, dataset.id, version, drawn) - sum(pixels.values())
        pixels = {**pixels, rest.id: max(0, beside)}
    target = _numbers(sums, recipe.label_layer)
    return TrainingFacts(
        dataset=dataset.name,
        version=version,
        purpose=recipe.purpose,
        sources=tuple(
            SourceFacts(
                source,
                _numbers(sums, source.name),
                _bands_in_file(connection, dataset.id, version, source.name),
            )
            for source in recipe.sources
        ),
        label_suffix=label_suffix,
        classes=classes,
        pixels=pixels,
        items=published.counts.get("split", {}),
        in_order=_is_in_order(connection, dataset.id, version, recipe, label_suffix),
        target=next(iter(target.values()), None) if recipe.purpose is Purpose.REGRESSION else None,
        drawn=drawn,
    )


def _is_in_order(
    connection: sa.Connection, dataset_id: str, version: int, recipe: Recipe, label_suffix: str
) -> bool:
    if len(recipe.sources) != 1:
        return True
    keys = connection.scalars(
        sa.select(items.c.key).where(
            items.c.dataset_id == dataset_id, items.c.since <= version, items.c.until > version
        )
    )
    return is_in_order(list(keys), recipe.sources[0].suffix, label_suffix)


def _bands_in_file(connection: sa.Connection, dataset_id: str, version: int, layer: str) -> int:
    """How many bands the files of a source have, by the first chip that has one."""
    names = connection.execute(
        sa.select(contents.c.bands)
        .join(layers, layers.c.sha256 == contents.c.sha256)
        .join(items, items.c.id == layers.c.item_id)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            layers.c.name == layer,
            layers.c.since <= version,
            layers.c.until > version,
        )
        .order_by(items.c.id)
        .limit(1)
    ).scalar()
    return len((names or "").split())


def _numbers(sums: Mapping[str, Any], layer: str) -> dict[str, BandNumbers]:
    """The train part's numbers of a layer's bands, by name."""
    bands = sums.get(layer, {}).get(Part.TRAIN.value, {}).get("bands", [])
    return {
        band["name"]: BandNumbers(band["name"], int(band["n"]), band["mean"], band["std"]) for band in bands
    }


def _classes(
    connection: sa.Connection, dataset_id: str, version: int, recipe: Recipe, counts: Mapping[str, Any]
) -> tuple[tuple[LabelClass, ...], dict[int, int]]:
    """The classes of the first set of the recipe's task, and their pixels in the train part by id."""
    task = TASKS.get(recipe.purpose)
    found = next((row for row in sets_at(connection, dataset_id, version) if row.task == task), None)
    if found is None:
        return recipe.categories, {}
    entry = next((each for each in counts.get("sets", []) if each["id"] == found.id), None)
    pixels = (
        {}
        if entry is None
        else {each["id"]: int(each["parts"].get(Part.TRAIN.value, 0)) for each in entry["classes"]}
    )
    rows = classes_at(connection, found.id, version)
    return (
        tuple(
            LabelClass(row.class_id, row.name, row.color, row.opacity, row.weight, row.ignore) for row in rows
        ),
        pixels,
    )
