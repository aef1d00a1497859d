"""The recipe of a geospatial dataset: how its rasters are read and named, kept among its details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.recipe import Recipe
from triptych.db.tables import datasets

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "geospatial"
"""Where it lies among `datasets.details`; what a person notes of a dataset stands beside it."""


def keep_recipe(connection: sa.Connection, dataset_id: str, recipe: Recipe) -> None:
    """Note the recipe of a dataset; what else its details say stays."""
    own = datasets.c.id == dataset_id
    details = connection.execute(sa.select(datasets.c.details).where(own)).scalar_one()
    document = {**(details or {}), KEY: recipe.document()}
    connection.execute(sa.update(datasets).where(own).values(details=document))


def recipe_of(connection: sa.Connection, dataset_id: str) -> Recipe | None:
    """The recipe of a dataset; None for one that is not geospatial."""
    details = connection.execute(sa.select(datasets.c.details).where(datasets.c.id == dataset_id)).scalar()
    return recipe_in(details or {})


def recipe_in(details: Mapping[str, Any]) -> Recipe | None:
    """The recipe among a dataset's details."""
    document = details.get(KEY)
    return None if document is None else Recipe.of(document)


def beside_recipe(held: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Details as a person gives them, with the recipe that the dataset has: it is changed in its own way."""
    own = {name: value for name, value in given.items() if name != KEY}
    return {**own, KEY: held[KEY]} if KEY in held else own
