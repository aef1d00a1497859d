"""The laws of shapes: what is drawn is counted by an independent reckoning, what is none is left out."""

from __future__ import annotations

from math import inf, nan, pi
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from triptych.core.labels import Kind
from triptych.formats.pictures import shapes as module
from triptych.formats.pictures.shape_notices import NOTICES
from triptych.formats.pictures.shapes import Shapes
from triptych.formats.tally import Tally

SIZE = (20, 30)
SQUARE = [2, 3, 12, 3, 12, 9, 2, 9]


def fresh() -> tuple[Shapes, Tally]:
    tally = Tally("", NOTICES)
    return Shapes(tally), tally


def test_a_polygon_covers_what_the_coco_api_says() -> None:
    shapes, _ = fresh()
    parts = [SQUARE, [20, 10, 28, 10, 24, 18]]
    label = shapes.polygon(4, 1, parts, SIZE, "x", instance=3)
    assert label is not None
    assert label.value == float(coco.area(coco.merge(coco.frPyObjects(parts, *SIZE))))
    assert label.box == (2, 3, 26, 15)
    assert label.shape is not None
    assert label.shape.instance == 3


@pytest.mark.parametrize(
    "parts",
    [[[1, 2, 3]], [[1, 2, 3, 4]], [[]], [], [[1, 2, nan, 4, 5, 6]], [[1, 2, inf, 4, 5, 6]], [["1", 2, 3, 4, 5, 6]],
     [[True, 2, 3, 4, 5, 6]], [[10**400, 2, 3, 4, 5, 6]], [[1e9, 2, 3, 4, 5, 6]], [None], [3]],
)  # fmt: skip
def test_what_is_no_outline_is_left_out_and_counted(parts: Any) -> None:
    shapes, tally = fresh()
    assert shapes.polygon(0, 0, parts, SIZE, "a.json shape 1") is None
    assert tally.count("shape_unreadable") == 1


@pytest.mark.parametrize("size", [None, (0, 5), (-1, 5), (10**9, 5), (90_000, 90_000)])
def test_an_outline_needs_the_size_of_a_picture(size: tuple[int, int] | None) -> None:
    shapes, tally = fresh()
    assert shapes.polygon(0, 0, [SQUARE], size, "x") is None
    assert tally.count("picture_size_unknown") == 1


def test_an_outline_that_takes_all_memory_is_left_out() -> None:
    shapes, tally = fresh()
    zigzag = [value for at in range(200) for value in (0, at, 90_000, at)]
    assert shapes.polygon(0, 0, [zigzag], (1000, 90_000), "x") is None
    assert tally.count("outline_too_long") == 1


def test_all_outlines_together_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALL_OUTLINES", 150)
    shapes, tally = fresh()
    other = shapes.telling(tally)
    made = [(shapes if at % 2 else other).polygon(0, 0, [SQUARE], SIZE, "x") for at in range(9)]
    assert made[0] is not None
    assert made[-1] is None
    assert tally.count("outline_too_long") > 0


def test_a_circle_covers_nearly_a_circle() -> None:
    shapes, tally = fresh()
    label = shapes.circle(0, 0, [50, 50, 50, 20], (100, 100), "x")
    assert label is not None
    assert label.value == pytest.approx(pi * 30 * 30, rel=0.02)
    assert label.shape is not None
    assert len(label.shape.parts[0]) == 128
    assert tally.count("circle_as_polygon") == 1


@pytest.mark.parametrize(
    ("numbers", "kept", "code"),
    [([1, 2, 3, 4], True, None), ([1, 2, 0, 4], True, "box_zero_size"), ([1, 2, -1, 4], False, "box_negative_size"),
     ([1, 2, 3], False, "shape_unreadable"), ([1, 2, nan, 4], False, "shape_unreadable"),
     ([1, 2, 1e12, 4], False, "shape_unreadable"), (["1", 2, 3, 4], False, "shape_unreadable")],
)  # fmt: skip
def test_a_box_is_four_numbers_of_pixels(numbers: list[Any], kept: bool, code: str | None) -> None:
    shapes, tally = fresh()
    label = shapes.box(0, 0, numbers, "x")
    assert (label is not None) is kept
    assert code is None or tally.count(code) == 1


def test_run_lengths_of_both_forms_are_one_mask() -> None:
    shapes, _ = fresh()
    counts = [5, 7, 588]
    text = coco.frPyObjects({"size": [20, 30], "counts": counts}, 20, 30)["counts"].decode()
    made = [shapes.runs(0, 0, {"size": [20, 30], "counts": form}, SIZE, "x") for form in (counts, text)]
    assert made[0] == made[1]
    assert made[0] is not None
    assert (made[0].kind, made[0].value) == (Kind.MASK, 7.0)


@pytest.mark.parametrize(
    "document",
    [{"size": [20, 30], "counts": [5]}, {"size": [20, 30], "counts": [-5, 605]}, {"size": [20, 30], "counts": [0.5]},
     {"size": [20, 30], "counts": "é"}, {"size": [20, 30], "counts": "~~~"}, {"size": [20, 30]},
     {"size": [20], "counts": [600]}, {"size": [10**9, 10**9], "counts": [10**18]},
     {"size": [True, 30], "counts": [30]},
     {"counts": [600]}, [], "x", {"size": [20, 30], "counts": [10**30]}, {"size": ["20", 30], "counts": [600]}],
)  # fmt: skip
def test_run_lengths_that_do_not_fill_their_size_are_left_out(document: Any) -> None:
    shapes, tally = fresh()
    assert shapes.runs(0, 0, document, SIZE, "x") is None
    assert tally.count("shape_unreadable") == 1


def test_run_lengths_of_another_size_are_left_out() -> None:
    shapes, tally = fresh()
    assert shapes.runs(0, 0, {"size": [3, 2], "counts": [6]}, SIZE, "x") is None
    assert tally.count("mask_size_differs") == 1


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
                    lambda inner: (
                        st.lists(inner, max_size=8) | st.dictionaries(st.sampled_from(["size", "counts"]), inner)
                    ),
                    max_leaves=12))  # fmt: skip
def test_any_document_is_a_shape_or_left_out(document: Any) -> None:
    shapes, tally = fresh()
    made = [shapes.runs(0, 0, document, None, "x")]
    if isinstance(document, list):
        made += [shapes.polygon(0, 0, document, SIZE, "x"), shapes.box(0, 0, document, "x")]
    left = sum(tally.count(code) for code in NOTICES if code != "box_zero_size")
    assert left == made.count(None)
