"""Expressions give what numpy gives, and nothing but the small language is ever read."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.band_math import DEEPEST, LONGEST, name_in_expression, parse
from triptych.core.errors import InvalidInput
from triptych.core.spectral_indices import SpectralBand, indices_for, spectral_roles

BANDS = ("B02", "B03", "B04", "B08", "band-8A")
VALUES = {place: np.array([[1.0, 2.0], [4.0, 0.0]]) * (place + 1) for place in range(len(BANDS))}


def value(text: str) -> list[list[float]]:
    expression = parse(text, BANDS)
    found: list[list[float]] = expression.evaluate({b: VALUES[b] for b in expression.bands}).tolist()
    return found


def refused(text: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(text, BANDS)
    assert caught.value.code == "bad_expression"
    return caught.value.message


def test_an_expression_is_what_numpy_makes_of_it() -> None:
    red, nir = VALUES[2], VALUES[3]
    expected = (nir - red) / np.where(nir + red == 0, math.nan, nir + red)
    assert np.array_equal(np.array(value("(B08-B04)/(B08+B04)")), expected, equal_nan=True)
    assert value("-B02 + 2 * 3 - .5") == (-VALUES[0] + 5.5).tolist()
    assert (
        value("min(B02, 3) * max(B03, 1e0)") == (np.minimum(VALUES[0], 3) * np.maximum(VALUES[1], 1)).tolist()
    )
    assert value("where(B02 >= 2, sqrt(B02), abs(-1))") == [[1, math.sqrt(2)], [2, 1]]
    assert value("'band-8A' / 5") == VALUES[0].tolist()
    assert value('"B02"') == value("b1") == value(" B02 ")
    assert parse("log(2)", BANDS).evaluate({}) == pytest.approx(math.log(2))


def test_it_says_which_bands_it_needs() -> None:
    assert parse("(B08-B04)/(B08+b3)", BANDS).bands == (2, 3)
    assert parse("b1", ("x", "b1")).bands == (1,), "a band of that name comes before the place"


@pytest.mark.parametrize(
    "text", ["1/(B02-B02)", "sqrt(-1-B02)", "log(B02*0)", "1e300*1e300*(B02+1)", "B02/0"]
)
def test_what_has_no_value_is_nan(text: str) -> None:
    assert np.isnan(value(text)).all()


def test_what_rests_on_a_missing_value_is_missing() -> None:
    hole = np.array([math.nan, 1.0])
    for text in ("where(B02 < 5, 1, 0)", "min(B02, 0)", "B02 * 0", "where(1 < 2, 7, B02)"):
        found = parse(text, BANDS).evaluate({0: hole})
        assert math.isnan(found[0])
        assert not math.isnan(found[1])


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "(", "B02 +", "B02 B03", "'B02''B03'", "1 2", "B99", "b6", "b0", "B02 ** 2", "B02 // 2", "B02 % 2",
        "__import__('os')", "B02.real", "B02[0]", "lambda: 1", "[1]", "{1}", "(1, 2)", "1 if B02 else 2", "True",
        "B02 and B03", "not B02", "~B02", "B02 | B03", "min(B02)", "min(*B02)", "min(a=1)", "exp(B02)", "B02 < 3",
        "where(B02, 1, 2)", "where(1 < B02 < 3, 1, 2)", "min(B02 < 3, 1)", "1e999", "0x10", "1_000", "1j", "1if 2",
        "f'B02'", "b'B02'", "B02; B03", "B02\x00", "B02 := 3", "ſqrt(2)", "B０2", "'a\\nb'", "min(B02, B03)(1)", "#",
        "yield B02", "await B02", "B02 @ B03", "...", "None", "1.2.3", "where(B02 in B03, 1, 2)", "1(2)", "01",
    ],
)  # fmt: skip
def test_nothing_else_is_read(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused(text)


def test_length_and_depth_are_bounded() -> None:
    assert str(LONGEST) in refused("1" * (LONGEST + 1))
    refused("(" * 250 + "1" + ")" * 249)
    assert str(DEEPEST) in refused("-" * (DEEPEST + 2) + "1")
    refused("-" * 499 + "1")
    parse("+".join(["1"] * DEEPEST), BANDS)


@given(st.text(max_size=60) | st.text("B0234 +-*/()<>=,.1'\"minwhere", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text, BANDS)
    except InvalidInput:
        return
    assert found.evaluate({place: VALUES[place] for place in found.bands}).dtype == np.float64


def test_names_are_quoted_where_they_must_be() -> None:
    assert [name_in_expression(name) for name in ("B8A", "8A", "min", "in", "1985_b1")] == [
        "B8A", "'8A'", "'min'", "'in'", "'1985_b1'",
    ]  # fmt: skip
    for name in ("8A", "min", "in", "a.b"):
        assert parse(name_in_expression(name), [name]).bands == (0,)


SENTINEL_2 = (
    SpectralBand("B02", 492.4), SpectralBand("B03", 559.8), SpectralBand("B04", 664.6), SpectralBand("B05", 704.1),
    SpectralBand("B08", 832.8), SpectralBand("B8A", 864.7), SpectralBand("B11", 1613.7), SpectralBand("B12", 2202.4),
)  # fmt: skip


def test_indices_come_from_wavelengths() -> None:
    found = {index.name: index.expression for index in indices_for(SENTINEL_2, reflectance=True)}
    assert list(found) == ["NDVI", "NDWI", "NDBI", "NBR", "EVI", "SAVI"]
    assert found["NDVI"] == "(B08 - B04) / (B08 + B04)"
    assert found["NBR"] == "(B08 - B12) / (B08 + B12)"
    assert [index.name for index in indices_for(SENTINEL_2, reflectance=False)] == [
        "NDVI",
        "NDWI",
        "NDBI",
        "NBR",
    ]
    values = {place: np.array([0.1 * (place + 1)]) for place in range(8)}
    names = [band.name for band in SENTINEL_2]
    expected = 2.5 * (0.5 - 0.3) / (0.5 + 6 * 0.3 - 7.5 * 0.1 + 1)
    assert parse(found["EVI"], names).evaluate(values) == pytest.approx([expected])
    assert parse(found["SAVI"], names).evaluate(values) == pytest.approx([1.5 * 0.2 / 1.3])


def test_indices_come_from_colours_and_names() -> None:
    bands = (
        SpectralBand("b-1", color="R"),
        SpectralBand("NIR_Narrow"),
        SpectralBand("red edge"),
        SpectralBand("x"),
    )
    assert {role: band.name for role, band in spectral_roles(bands).items()} == {
        "red": "b-1",
        "nir": "NIR_Narrow",
    }
    assert [index.expression for index in indices_for(bands, reflectance=False)] == [
        "(NIR_Narrow - 'b-1') / (NIR_Narrow + 'b-1')"
    ]
    assert indices_for((SpectralBand("VV"), SpectralBand("VH")), reflectance=True) == ()
