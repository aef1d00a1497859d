"""What bands are and what labels mean is proposed, told, and never more certain than the files are."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.recipe import Purpose, Recipe
from triptych.formats.geotiff_pairs.collections import collections
from triptych.formats.geotiff_pairs.header import RasterHeader
from triptych.formats.geotiff_pairs.label_values import LabelValues
from triptych.formats.geotiff_pairs.notices import NOTICES
from triptych.formats.geotiff_pairs.pairing import Slot
from triptych.formats.geotiff_pairs.propose import (
    Kind,
    band_names,
    free_name,
    propose_categories,
    propose_source,
    purpose_of_labels,
    tag_of,
)
from triptych.formats.tally import Tally


def header(*descriptions: str, dtype: str = "int16", **more: Any) -> RasterHeader:
    return RasterHeader(8, 8, len(descriptions), dtype, descriptions=descriptions, **more)


def kind(suffix: str, *headers: RasterHeader) -> Kind:
    return Kind(Slot.of(suffix), range(len(headers)), dict(enumerate(headers)))


def source(
    suffix: str, *headers: RasterHeader, taken: tuple[str, ...] = ()
) -> tuple[Any, dict[str, tuple[str, ...]]]:
    tally = Tally("", NOTICES)
    found = propose_source(kind(suffix, *headers), collections(), taken, None, tally)
    return found, {finding.code: finding.examples for finding in tally.findings()}


def values(**counts: int) -> LabelValues:
    numbers = {int(name.replace("m", "-").removeprefix("v")): count for name, count in counts.items()}
    return LabelValues(Counter(numbers), {0: frozenset(numbers)})


def test_bands_of_a_collection_have_its_names_colours_scales_and_wavelengths() -> None:
    found, told = source("_S2L2A.tif", header("B04", "B03", "B02", "B08"))
    assert (found.name, found.collection, found.connector) == ("S2L2A", "s2_l2a", "sentinelhub")
    assert [(band.name, band.color, band.wavelength) for band in found.bands] == [
        ("B04", "R", 664.6), ("B03", "G", 559.8), ("B02", "B", 492.4), ("B08", None, 832.8)
    ]  # fmt: skip
    assert told == {"bands_guessed": ("S2L2A: sentinelhub - s2_l2a, by the descriptions of its bands",)}


def test_scales_of_a_collection_are_those_of_whole_numbers_alone() -> None:
    names = tuple(f"B0{number}" for number in range(1, 8))
    whole, _ = source("_HLS_S30.tif", header(*names))
    real, _ = source("_HLS_S30.tif", header(*names, dtype="float32"))
    assert {band.scale for band in real.bands} == {1.0}
    assert {band.scale for band in whole.bands} <= {1.0, 0.0001}


def test_scales_and_offsets_of_the_file_come_first() -> None:
    found, _ = source("_S2L2A.tif", header("B04", "B03", scales=(0.5, 0.25), offsets=(0.0, -1.0)))
    assert [(band.scale, band.offset) for band in found.bands] == [(0.5, 0.0), (0.25, -1.0)]


@pytest.mark.parametrize(
    ("one", "colors"),
    [
        (header("red", "green", "blue", "nir"), ["R", "G", "B", None]),
        (header("", "", "", "", wavelengths=(480.0, 555.0, 660.0, 850.0)), ["B", "G", "R", None]),
        (header("", "", "", rgb=True), ["R", "G", "B"]),
        (header("red", "green", "nir"), [None, None, None]),
        (header("", ""), [None, None]),
    ],
)
def test_colours_come_from_names_wavelengths_or_the_file_and_are_three_or_none(
    one: RasterHeader, colors: list[str | None]
) -> None:
    found, _ = source(".tif", one)
    assert [band.color for band in found.bands] == colors


def test_stacks_of_dates_run_either_way() -> None:
    dates = tuple(str(year) for year in range(1985, 2021, 5))
    first, told = source("_stack.tif", header(*(f"{date}_b{band}" for date in dates for band in range(1, 5))))
    assert (len(first.dates), [band.name for band in first.bands]) == (8, ["b1", "b2", "b3", "b4"])
    assert first.place(first.bands[2], 3) == 3 * 4 + 2
    assert told["stack_guessed"] == ("stack: 8 dates × 4 bands, all bands of a date together",)
    last, _ = source("_stack.tif", header(*(f"{date}_b{band}" for band in range(1, 5) for date in dates)))
    assert last.place(last.bands[2], 3) == 2 * 8 + 3


def test_the_usual_header_counts() -> None:
    usual = header("a", "b")
    one = kind(".tif", header("x"), usual, usual)
    assert one.typical is usual
    assert kind(".tif").typical is None


def test_names_are_unique_without_blanks_and_tags_never_collide() -> None:
    assert band_names(("near infrared", "a/b", "", "a/b", "\x07")) == [
        "near_infrared",
        "a_b",
        "3",
        "a_b_2",
        "5",
    ]
    assert free_name("a", ["a", "a_2"]) == "a_3"
    assert tag_of(Slot.of("_S1 Hand.tif")) == "S1_Hand"
    assert tag_of(Slot.of("images/.tif")) == "images"
    assert tag_of(Slot.of(".tif")) == "image"
    found, _ = source("_S2L2A.tif", header("B04", "B03"), taken=("S2L2A",))
    assert found.name == "S2L2A_2"


@given(st.lists(st.text(max_size=12), min_size=1, max_size=12))
def test_any_descriptions_make_a_recipe(descriptions: list[str]) -> None:
    found, _ = source("_x.tif", header(*descriptions))
    document = Recipe(Purpose.OTHER, (found,)).document()
    assert Recipe.of(document).sources[0].bands == found.bands


@pytest.mark.parametrize(
    ("numbers", "nodata", "ignored"),
    [
        ({"m1": 5, "v0": 5, "v1": 5}, None, {-1}),
        ({"v0": 5, "v1": 5, "v255": 5}, None, {255}),
        ({"v0": 5, "v255": 5}, None, set()),
        ({"v255": 5}, None, set()),
        ({"v0": 5, "v1": 5, "v9": 5}, 9.0, {9}),
        ({"v0": 5, "v1": 5}, 0.0, set()),
        ({"v0": 5, "v1": 5}, math.nan, set()),
        ({"m1": 5, "v0": 5, "v1": 5, "v255": 5}, None, {-1, 255}),
        ({"m5": 5, "v3": 5}, None, set()),
        ({"m1": 5}, None, set()),
    ],
)
def test_pixels_to_ignore_are_those_beside_classes(
    numbers: dict[str, int], nodata: float | None, ignored: set[int]
) -> None:
    tally = Tally("", NOTICES)
    found = propose_categories(values(**numbers), nodata, tally)
    assert {entry.id for entry in found if entry.ignore} == ignored
    assert len({entry.name for entry in found}) == len(found) == len(numbers)
    assert bool(tally.count("ignore_guessed")) == bool(ignored)
    assert all(entry.opacity == 0 for entry in found if entry.ignore)


def test_many_ids_keep_255_as_a_class() -> None:
    numbers = {f"v{number}": 1 for number in range(300)}
    assert not any(entry.ignore for entry in propose_categories(values(**numbers), None, Tally("", NOTICES)))


@pytest.mark.parametrize(
    ("suffix", "one", "held", "purpose"),
    [
        ("_mask.tif", header("", dtype="uint8"), values(v0=1, v1=1), Purpose.SEGMENTATION),
        (
            "_agb.tif",
            header("", dtype="float32"),
            LabelValues(fractions=[0], held={0: frozenset()}),
            Purpose.REGRESSION,
        ),
        ("_mask.tif", header("", dtype="float32"), values(v0=1, v1=1), Purpose.SEGMENTATION),
        ("_mask.tif", header("", dtype="float32"), LabelValues(), Purpose.REGRESSION),
    ],
)
def test_the_purpose_follows_from_labels(
    suffix: str, one: RasterHeader, held: LabelValues, purpose: Purpose
) -> None:
    assert purpose_of_labels(kind(suffix, one), held) is purpose
    assert purpose_of_labels(None, held) is Purpose.OTHER
