"""Recipes of geospatial sources: read as forms write them, refused where they cannot be meant, the same both ways."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.errors import InvalidInput
from triptych.core.recipe import Band, DataSource, Purpose, Recipe, purpose_of

FORM: dict[str, Any] = {
    "purpose": "Segmentation",
    "data_sources": [
        {
            "modality_tag": "S2L2A",
            "file_suffix": "_img.tif",
            "bands": [
                {"index": "0", "band_name": "B04", "scaling_factor": "0.0001", "RGB_band": "R"},
                {"index": "1", "band_name": "B08"},
            ],
        }
    ],
    "label_categories": [
        {"id": "1", "name": "Water", "color": "#3366cc", "opacity": 0.8, "weight": None, "description": ""},
        {"id": "-1", "name": "Ignore", "color": "#000000", "opacity": "0"},
    ],
}
"""As the shipped examples of the Dataset Factory write it: texts and numbers mixed."""


def changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    made = copy.deepcopy(FORM)
    inside: Any = made
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return made


def test_texts_stand_for_numbers() -> None:
    recipe = Recipe.of(FORM)
    (source,) = recipe.sources
    assert source.bands == (Band(0, "B04", "R", 0.0001), Band(1, "B08"))
    assert [(each.id, each.color, each.opacity) for each in recipe.categories] == [
        (1, "#3366CC", 0.8),
        (-1, "#000000", 0.0),
    ]


def test_a_document_is_read_as_it_was_written() -> None:
    recipe = Recipe.of(FORM)
    assert Recipe.of(recipe.document()) == recipe


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("purpose",), "Farming", "one of Segmentation"),
        (("data_sources", 0, "bands"), [], "needs bands"),
        (("data_sources", 0, "modality_tag"), "", "needs modality_tag"),
        (("data_sources", 0, "modality_tag"), "a b", "without blanks"),
        (("data_sources", 0, "modality_tag"), "../x", "without blanks and slashes"),
        (("data_sources", 0, "file_suffix"), None, "needs file_suffix"),
        (("data_sources", 0, "bands", 1, "index"), "0", "occurs twice"),
        (("data_sources", 0, "bands", 1, "index"), "-1", "whole number"),
        (("data_sources", 0, "bands", 1, "index"), 1.5, "whole number"),
        (("data_sources", 0, "bands", 1, "index"), 10**9, "whole number"),
        (("data_sources", 0, "bands", 1, "band_name"), "B04", "occurs twice"),
        (("data_sources", 0, "bands", 1, "RGB_band"), "R", "occurs twice"),
        (("data_sources", 0, "bands", 1, "RGB_band"), "X", "none of R, G and B"),
        (("data_sources", 0, "bands", 1, "scaling_factor"), 0, "is zero"),
        (("data_sources", 0, "bands", 1, "scaling_factor"), "nan", "not a number"),
        (("data_sources", 0, "bands", 1, "offset"), True, "not a number"),
        (("data_sources", 0, "dates"), ["yesterday"], "not a date"),
        (("data_sources", 0, "band_order"), "both", "dates_first"),
        (("data_sources",), FORM["data_sources"] * 2, "occurs twice"),
        (("data_sources",), {}, ""),
        (("label_categories", 0, "id"), "-1", "occurs twice"),
        (("label_categories", 0, "id"), 2**40, "32 bits"),
        (("label_categories", 0, "color"), "blue", "colour like"),
        (("label_categories", 0, "opacity"), 2, "from 0 to 1"),
        (("label_categories", 0, "weight"), -1, "below zero"),
        (("label_categories", 0, "ignore"), "yes", "neither true nor false"),
        (("scene",), "(", "regular expression"),
        (("scene",), "abc", "no group"),
        (("label_suffix",), ["x"], "not a text"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    path: tuple[Any, ...], value: object, told: str
) -> None:
    if not told:
        assert Recipe.of(changed(path, value)).sources == ()
        return
    with pytest.raises(InvalidInput) as caught:
        Recipe.of(changed(path, value))
    assert caught.value.code == "bad_recipe"
    assert told in caught.value.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([("data_sources",), ("data_sources", 0), ("data_sources", 0, "bands"),
                        ("data_sources", 0, "bands", 0), ("label_categories",), ("label_categories", 0),
                        ("data_sources", 0, "nodata"), ("data_sources", 0, "dates"), ("scene",)]), JSON)  # fmt: skip
def test_garbage_is_refused_and_nothing_else_happens(path: tuple[Any, ...], value: object) -> None:
    try:
        recipe = Recipe.of(changed(path, value))
    except InvalidInput:
        return
    assert Recipe.of(recipe.document()).document() == recipe.document()


def test_words_of_the_original_are_known() -> None:
    assert (purpose_of("Classify"), purpose_of("Generate"), purpose_of("NER")) == (
        Purpose.CLASSIFICATION,
        Purpose.GENERATION,
        Purpose.OTHER,
    )


BANDS = (Band(0, "red", "R"), Band(1, "green", "G"), Band(2, "blue", "B"), Band(3, "nir"))
DATES = ("2016-07-30", "2016-08-29")


def test_red_green_and_blue_come_in_that_order_whatever_the_order_of_the_bands() -> None:
    """The original shows B, G, R as R, G, B."""
    turned = DataSource("a", "_a", (Band(0, "blue", "B"), Band(1, "green", "G"), Band(2, "red", "R")))
    assert turned.rgb() == (2, 1, 0)
    assert DataSource("a", "_a", (Band(4, "x"), Band(2, "y"))).rgb() == (4,)
    assert DataSource("a", "_a", (Band(4, "x"), Band(2, "y"), Band(7, "z"), Band(0, "w"))).rgb() == (4, 2, 7)


@pytest.mark.parametrize(
    ("order", "places", "shown"),
    [
        ("dates_first", [0, 1, 2, 3, 4, 5, 6, 7], (4, 5, 6)),
        ("bands_first", [0, 2, 4, 6, 1, 3, 5, 7], (1, 3, 5)),
    ],
)
def test_bands_of_dates_have_their_places_in_the_file(order: Any, places: list[int], shown: Any) -> None:
    source = DataSource("a", "_a", BANDS, dates=DATES, band_order=order)
    assert [source.place(band, date) for date in range(2) for band in BANDS] == places
    assert source.rgb() == shown
    assert [place for place, _, _ in source.placed()] == list(range(8))
    assert source.placed()[0][1] == "2016-07-30_red"


def test_nodata_may_be_nan() -> None:
    recipe = Recipe.of(changed(("data_sources", 0, "nodata"), "nan"))
    assert math.isnan(recipe.sources[0].nodata or 0)
    assert recipe.document()["data_sources"][0]["nodata"] == "nan"
