"""The laws of boxes: numbers are finite decimals, and a box is held against its picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.labels import Box
from triptych.formats.label_csv.boxes import box_of, check_boxes, number


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), ("-2.5", -2.5), ("1e3", 1000.0), (" 7 ", 7.0), ("", None), ("nan", None), ("inf", None),
     ("1_000", None), ("0x10", None), ("1,5", None), ("ten", None), ("1" + "0" * 400, None)],
)  # fmt: skip
def test_numbers_are_finite_decimals(text: str, value: float | None) -> None:
    assert number(text) == value


def test_a_decimal_comma_is_read_where_the_delimiter_is_another() -> None:
    assert number("10,5", decimal_comma=True) == 10.5
    assert number("1.234,5", decimal_comma=True) is None


def test_a_negative_zero_is_zero() -> None:
    assert str(number("-0")) == "0.0"


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_corners_and_sizes_say_the_same(x: int, y: int, width: int, height: int) -> None:
    sized = box_of((str(x), str(y), str(width), str(height)), corners=False, decimal_comma=False)
    cornered = box_of((str(x), str(y), str(x + width), str(y + height)), corners=True, decimal_comma=False)
    assert sized == cornered == Box(x, y, width, height)


def test_boxes_outside_their_picture_are_told_apart() -> None:
    boxes = [
        Box(0, 0, 640, 480), Box(-1, 0, 5, 5), Box(639, 479, 1, 1), Box(639.5, 0, 1, 1), Box(640, 0, 1, 1),
        Box(-5, -5, 5, 5), Box(10, 470, 5, 20), Box(10, 10, 0, 0),
    ]  # fmt: skip
    assert check_boxes(boxes, 640, 480) == ([1, 3, 6], [4, 5])
