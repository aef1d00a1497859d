"""Values in words."""

from __future__ import annotations

import time
import unicodedata
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.cli import words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (12_345, "12.3 kB"), (217_000_000, "217 MB"),
        (999_499, "999 kB"), (999_500, "1.00 MB"), (9_994, "9.99 kB"), (9_995, "10.0 kB"),
        (10**12, "1.00 TB"), (5 * 10**18, "5000 PB"),
    ],
)  # fmt: skip
def test_sizes_are_decimal_with_three_figures(number: int, text: str) -> None:
    assert words.size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3599, "59 min"), (7500, "2 h 5 min"),
     (3 * 86_400, "3 days")],
)  # fmt: skip
def test_durations_are_said_as_a_person_says_them(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_counts_have_thousands_marks_and_agree_with_their_noun() -> None:
    assert words.counted(1, "item") == "1 item"
    assert words.counted(12_345, "item") == "12,345 items"
    assert words.counted(2, "study", "studies") == "2 studies"


def test_days_are_named_when_they_are_near() -> None:
    noon = datetime.now().astimezone().replace(hour=12, minute=0)
    now = noon.timestamp()
    assert words.moment(now, now) == "today 12:00"
    assert words.moment((noon - timedelta(days=1)).timestamp(), now) == "yesterday 12:00"
    assert words.moment(0.0, time.time()).startswith("19")
    assert words.moment(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0"), (4155, "4,155"), (0.392, "0.392"), (188.15123, "188.2"), (-10.9146, "-10.91"),
     (123_456.78, "123,456.8")],
)  # fmt: skip
def test_measured_numbers_are_short(value: float | None, text: str) -> None:
    assert words.figure(value) == text


@given(st.text())
def test_what_is_shown_never_moves_the_cursor_or_turns_text_around(text: str) -> None:
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for letter in words.shown(text):
        assert unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(letter) not in turning


@pytest.mark.parametrize("text", ["plain", "細胞", "naïve 🧫👩‍🔬", "a/b “c” [bold]", "trailing "])
def test_ordinary_names_are_shown_as_they_are(text: str) -> None:
    assert words.shown(text) == text


def test_control_characters_are_shown_as_escapes() -> None:
    assert words.shown("a\x1b[31m\nb\u202ec") == "a\\x1b[31m\\nb\\u202ec"
