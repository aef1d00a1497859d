"""Run lengths: there and back, and what hostile ones may not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from triptych.core.labels import Box, Kind, Shape
from triptych.masks.runs import area, bounds, check_counts, decode, encode, from_runs, mask_label


@given(st.integers(1, 40), st.integers(1, 40), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_mask_comes_back(height: int, width: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    shape = encode(mask)
    assert np.array_equal(decode(shape), mask)
    assert area(shape) == mask.sum()


def test_large_masks_with_long_and_short_runs_come_back() -> None:
    mask = np.zeros((4096, 4096), bool)
    mask[1000:3000, 5:4000:7] = True
    mask[7, 7] = True
    assert np.array_equal(decode(encode(mask)), mask)


def test_bounds_and_area_of_a_label() -> None:
    mask = np.zeros((10, 20), bool)
    mask[2:5, 3:9] = True
    label = mask_label(4, 1, mask, instance=7, frame=2)
    assert (label.kind, label.value, label.box) == (Kind.MASK, 18.0, Box(3, 2, 6, 3))
    assert label.shape is not None
    assert (label.shape.size, label.shape.instance, label.shape.frame) == ((10, 20), 7, 2)
    assert bounds(encode(np.zeros((3, 3), bool))) == Box(0, 0, 0, 0)


def test_plain_runs() -> None:
    assert np.array_equal(decode(from_runs([1, 2, 3], (2, 3))), [[False, True, False], [True, False, False]])
    for runs in ([1, 2], [1, 2, 4], [-1, 7], [True, 5]):
        with pytest.raises(ValueError, match="run"):
            from_runs(runs, (2, 3))


@given(st.text(st.characters(min_codepoint=40, max_codepoint=125), max_size=60))
def test_hostile_runs_are_refused_or_fill_the_picture(text: str) -> None:
    shape = Shape(size=(6, 7), counts=text)
    try:
        mask = decode(shape)
    except ValueError:
        return
    assert mask.shape == (6, 7)


def test_the_check_reads_runs_as_the_reference_does() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        mask = np.repeat(rng.random((8, 3)) < 0.5, 40, axis=0)
        text = coco.encode(np.asfortranarray(mask, np.uint8))["counts"].decode()
        check_counts(text, (320, 3))
        with pytest.raises(ValueError, match="pixels"):
            check_counts(text, (320, 4))
