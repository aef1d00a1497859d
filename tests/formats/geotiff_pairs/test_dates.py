"""Dates are read where names, tags and bands say them, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from triptych.formats.geotiff_pairs.dates import date_in_name, date_of_tag, stack_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SI_20150711T100008", "2015-07-11T10:00:08Z"),
        ("HLS.S30.T10SEH.2018190.v1.4", "2018-07-09"),
        ("a_2020-01-31", "2020-01-31"),
        ("a.2020_02_29", "2020-02-29"),
        ("S2A_MSIL2A_20200101T101031_N0213_20200102", "2020-01-01T10:10:31Z"),
        ("x_20200131_101500_y", "2020-01-31T10:15:00Z"),
        ("x_2020366", "2020-12-31"),
        ("20190805_1030_7", "2019-08-05"),
    ],
)
def test_a_date_in_a_name_is_read(name: str, text: str) -> None:
    found = date_in_name(name)
    assert found is not None
    assert found.text == text
    assert found.seconds == datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "name",
    ["tile_1985", "chip_12345678", "20201301", "2019366", "2021-02-29", "id_120200101", "202001011", "Ghana_53713",
     "img_2020123456", ""],
)  # fmt: skip
def test_a_number_that_is_no_date_is_none(name: str) -> None:
    assert date_in_name(name) is None


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("2015:07:11 10:00:08", "2015-07-11T10:00:08Z"),
        ("2019-01-01T12:00:00.5+02:00", "2019-01-01T10:00:00Z"),
        ("2019-01-01T10:00:00.123Z; 2019-01-01T10:05:00Z", "2019-01-01T10:00:00Z"),
        ("2019-01-01", "2019-01-01"),
        ("20190101", "2019-01-01"),
    ],
)
def test_a_tag_is_read_in_the_forms_that_programs_write(tag: str, text: str) -> None:
    found = date_of_tag(tag)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "tag", [None, "", "yesterday", "0000:00:00 00:00:00", "0001-01-01", "9999-12-31T00:00:00Z"]
)
def test_a_tag_that_says_no_date_is_none(tag: str | None) -> None:
    assert date_of_tag(tag) is None


def test_a_stack_is_the_same_bands_for_each_date_in_either_order() -> None:
    found = stack_of(("1985_b1", "1985_b2", "1990_b1", "1990_b2"))
    assert found is not None
    assert (found.dates, found.names, found.dates_first) == (("1985-01-01", "1990-01-01"), ("b1", "b2"), True)
    found = stack_of(("b1_20190103", "b1_20190203", "b2_20190103", "b2_20190203"))
    assert found is not None
    assert (found.dates, found.names, found.dates_first) == (
        ("2019-01-03", "2019-02-03"),
        ("b1", "b2"),
        False,
    )
    series = stack_of(("2015-07-11", "2015-07-31"))
    assert series is None


@pytest.mark.parametrize(
    "descriptions",
    [
        (), ("NDVI", "DEM"), ("1985_b1",), ("1985_b1", "1985_b2"), ("1985_b1", "1990_b2"),
        ("1985_b1", "1990_b1", "1990_b2"), ("1985_b1", ""), ("2019-13_a", "2020-13_a"),
        ("1985_b1", "1985_b1", "1990_b1", "1990_b1"),
    ],
)  # fmt: skip
def test_what_is_not_every_band_of_every_date_is_no_stack(descriptions: tuple[str, ...]) -> None:
    assert stack_of(descriptions) is None
