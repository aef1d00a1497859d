"""What a person may say about a source of rasters in place of a proposal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from triptych.core.errors import InvalidInput
from triptych.core.recipe import Purpose, Recipe, purpose_of

ALIASES = {"data_suffix": "data_suffixes", "training_data_suffixes": "data_suffixes"}
"""Other words for a key; the second is that of the Geospatial Studio."""

KEYS = ("data_suffixes", "label_suffix", "purpose", "nodata", "scene", "recipe", *ALIASES)
MOST_SUFFIXES = 16
MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class RasterOptions:
    """Suffixes of data and labels, in the order that is wanted, the purpose, a value that means nothing was measured,
    a regular expression whose first group in a chip's key names its scene; or a whole recipe, which the others
    correct."""

    data_suffixes: tuple[str, ...] = ()
    label_suffix: str | None = None
    purpose: Purpose | None = None
    nodata: float | None = None
    scene: str | None = None
    recipe: Recipe | None = None

    @classmethod
    def of(cls, pairs: dict[str, str]) -> RasterOptions:
        """Options from `key=value` pairs of KEYS. InvalidInput: `unknown_option` names a wrong value, `bad_recipe`
        says where a recipe is wrong."""
        found: dict[str, Any] = {}
        for key, text in pairs.items():
            name = ALIASES.get(key, key)
            found[name] = _value(name, text)
        return cls(**found)


def _value(key: str, text: str) -> object:
    if key == "recipe":
        return _recipe(text)
    if key == "purpose":
        try:
            return purpose_of(text)
        except InvalidInput:
            raise _unknown(key, text, f"The purpose is one of {', '.join(Purpose)}.") from None
    if key == "nodata":
        try:
            return float(text.replace("_", "x"))
        except ValueError:
            raise _unknown(key, text, "Give a number, or nan.") from None
    if key == "scene":
        try:
            fits = len(text) <= 200 and re.compile(text).groups > 0
        except (re.error, RecursionError, OverflowError):
            fits = False
        if not fits:
            raise _unknown(
                key, text, "Give a regular expression whose first group names the scene, as in ^([^_]+)_."
            )
        return text
    suffixes = tuple(part.strip() for part in text.split(",") if part.strip())
    most = 1 if key == "label_suffix" else MOST_SUFFIXES
    if len(suffixes) > most or (not suffixes and most > 1) or any(len(part) > 200 for part in suffixes):
        raise _unknown(key, text, "Write data_suffixes=_S1.tif,_S2.tif and label_suffix=_mask.tif.")
    return suffixes if most > 1 else "".join(suffixes)


def _recipe(text: str) -> Recipe:
    try:
        if len(text) > MOST_CHARACTERS:
            raise ValueError("too long")
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _unknown("recipe", text, "Give the JSON of a recipe, as a pre-scan prints it.") from None
    return Recipe.of(document)


def _unknown(key: str, text: str, hint: str) -> InvalidInput:
    return InvalidInput(f"The option {key}={text[:60]} is not known.", code="unknown_option", hint=hint)
