"""`recipe.json` beside the chips: how they are read, as an export writes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from triptych.core.errors import InvalidInput, Refused
from triptych.core.recipe import TYPE, Recipe
from triptych.core.source import MemberError

if TYPE_CHECKING:
    from triptych.formats.base import ReaderOptions, SourceView

RECIPE_NAME = "recipe.json"
RECIPE_BYTES = 16 * 1024 * 1024


def recipe_member(view: SourceView) -> int | None:
    """The member that is the source's recipe; None where it brings none."""
    return next((member for member in view.kept if view.paths[member] == RECIPE_NAME), None)


def with_recipe_file(view: SourceView, options: ReaderOptions) -> ReaderOptions:
    """The options with the recipe that the source brings; one that a person gives counts more.

    Refused (`recipe_unreadable`) where the file is there and says nothing that can be used.
    """
    member = recipe_member(view)
    if member is None or options.rasters.recipe is not None:
        return options
    try:
        document = json.loads(view.read(member, RECIPE_BYTES))
        if not isinstance(document, dict) or document.get("type") != TYPE:
            raise _refused(f"It is no document of the type {TYPE}.")
        recipe = Recipe.of(document)
    except MemberError as error:
        raise _refused(error.reason) from None
    except InvalidInput as error:
        raise _refused(error.message) from None
    except (ValueError, RecursionError):
        raise _refused("It is no JSON.") from None
    return replace(options, rasters=replace(options.rasters, recipe=recipe))


def _refused(why: str) -> Refused:
    return Refused(
        f"{RECIPE_NAME} says how the chips are read, and cannot be used: {why}",
        code="recipe_unreadable",
        hint="Mend it, or remove it: suffixes, bands and classes are then proposed from the files.",
    )
