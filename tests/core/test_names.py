"""The laws of names: an order that people expect, and when two names look alike."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.names import base_name, cut_front, ending, fold, natural_key, nfc, without_ending


@pytest.mark.parametrize(
    "ordered",
    [
        ["a1", "a2", "a10", "a100"],
        ["IM1.png", "im2.png", "IM10.png"],
        ["1/2", "1/10", "2/1", "10/1"],
        ["a/z", "a b/a", "a.png", "ab"],
        ["v1.2", "v1.10", "v2"],
        ["01", "1", "02"],
        ["x", "x0", "x1", "x9y", "x10"],
        ["7" * 5000, "8" * 5000, "1" + "0" * 5000],
    ],
)
def test_digits_compare_by_value_and_folders_stay_together(ordered: list[str]) -> None:
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=natural_key) == ordered


@given(st.text(), st.text())
def test_the_order_is_total(left: str, right: str) -> None:
    assert (natural_key(left) == natural_key(right)) == (left == right)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_are_in_order(left: int, right: int) -> None:
    assert (natural_key(f"a{left}b") < natural_key(f"a{right}b")) == (left < right)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(nfc(text)) == fold(text)


def test_composed_and_decomposed_names_fold_alike() -> None:
    assert nfc("e\u0301") == "é"
    assert fold("E\u0301") == fold("é")
    assert fold("STRASSE") == fold("straße")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a/b.PNG", ".png"),
        ("a.b/c", ""),
        (".png", ""),
        ("a.tar.gz", ".gz"),
        ("a/.x.jpg", ".jpg"),
        ("a.", "."),
    ],
)
def test_the_ending_is_that_of_the_base_name(path: str, found: str) -> None:
    assert ending(path) == found
    assert without_ending(path) + path[len(path) - len(found) :] == path


def test_a_path_is_cut_at_its_front() -> None:
    assert cut_front("a/b/c.png", 6) == "…c.png"
    assert cut_front("c.png", 6) == "c.png"
    assert base_name("a/b/c.png") == "c.png"
