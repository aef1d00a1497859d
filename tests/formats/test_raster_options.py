"""What a person may say about rasters: values that are known, the words for them, and hints for the rest."""

from __future__ import annotations

import math

import pytest

from triptych.core.errors import InvalidInput
from triptych.core.recipe import Purpose
from triptych.formats.base import ReaderOptions
from triptych.formats.raster_options import ALIASES


def test_texts_become_what_they_mean() -> None:
    found = ReaderOptions.of(
        {"data_suffixes": " _S1.tif, _S2.tif ,", "label_suffix": "_mask.tif", "purpose": "regression",
         "nodata": "-9999", "scene": "^([^_]+)_", "recipe": '{"data_sources": []}'}
    ).rasters  # fmt: skip
    assert found.data_suffixes == ("_S1.tif", "_S2.tif")
    assert (found.label_suffix, found.purpose, found.nodata) == ("_mask.tif", Purpose.REGRESSION, -9999)
    assert found.scene == "^([^_]+)_"
    assert found.recipe is not None
    nodata = ReaderOptions.of({"nodata": "nan"}).rasters.nodata
    assert nodata is not None
    assert math.isnan(nodata)
    assert ReaderOptions.of({"label_suffix": ""}).rasters.label_suffix == ""


@pytest.mark.parametrize("word", ALIASES)
def test_other_words_mean_the_same(word: str) -> None:
    assert ReaderOptions.of({word: "_a.tif,_b.tif"}).rasters.data_suffixes == ("_a.tif", "_b.tif")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("data_suffixes", " , "), ("data_suffixes", ",".join("abcdefghijklmnopq")), ("label_suffix", "a,b"),
        ("label_suffix", "x" * 201), ("purpose", "fun"), ("nodata", "1_000"), ("nodata", ""), ("scene", "abc"),
        ("scene", "("), ("scene", "(a)" * 100), ("recipe", "["), ("recipe", "[" * 100_000),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_hint(key: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ReaderOptions.of({key: text})
    assert refused.value.code == "unknown_option"
    assert refused.value.hint
