"""Outlines of masks: what they cover, filled by the COCO API, is the mask without its holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.formats.contours import MOST_CORNERS, TooRaggedError, outlines
from triptych.masks.polygons import filled

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _without_holes(mask: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
    """The mask with its holes filled, and their number, by flooding pixel by pixel (eight neighbours)."""
    free = ~np.pad(mask, 1)
    outside = np.zeros_like(free)
    holes = 0
    for y, x in np.ndindex(free.shape):
        if not free[y, x]:
            continue
        reached, waiting = set(), [(y, x)]
        while waiting:
            here = waiting.pop()
            if (
                here in reached
                or not (0 <= here[0] < free.shape[0] and 0 <= here[1] < free.shape[1])
                or not free[here]
            ):
                continue
            reached.add(here)
            waiting += [(here[0] + down, here[1] + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
        for place in reached:
            free[place] = False
            outside[place] = (0, 0) in reached
        holes += (0, 0) not in reached
    return ~outside[1:-1, 1:-1], holes


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 9).flatmap(
        lambda width: st.lists(
            st.lists(st.booleans(), min_size=width, max_size=width), min_size=1, max_size=9
        )
    )
)
def test_outlines_filled_are_the_mask_without_its_holes(rows: list[list[bool]]) -> None:
    mask = np.array(rows, bool)
    found = outlines(mask)
    whole, holes = _without_holes(mask)
    assert np.array_equal(filled(found.parts, mask.shape), whole)
    assert found.holes == holes


def test_an_outline_goes_around_the_edges_of_its_pixels() -> None:
    mask = np.zeros((6, 7), bool)
    mask[2:4, 3:6] = True
    assert outlines(mask).parts == [(3.0, 2.0, 6.0, 2.0, 6.0, 4.0, 3.0, 4.0)]


def test_pixels_that_touch_at_a_corner_have_outlines_of_their_own() -> None:
    assert len(outlines(np.eye(5, dtype=bool)).parts) == 5
    assert len(outlines(np.eye(5, dtype=bool)[::-1]).parts) == 5


def test_nothing_has_no_outline() -> None:
    assert outlines(np.zeros((5, 5), bool)) == ([], 0)
    assert outlines(np.zeros((0, 5), bool)) == ([], 0)


def test_a_large_mask_of_random_blobs_comes_back() -> None:
    coarse = np.random.default_rng(3).random((40, 60)) < 0.4
    mask = np.kron(coarse, np.ones((9, 7), bool))
    found = outlines(mask)
    assert found.holes > 0
    covered = filled(found.parts, mask.shape)
    assert not np.any(mask & ~covered)


def test_speckle_is_refused_before_it_is_followed() -> None:
    speckle = np.indices((700, 700)).sum(axis=0) % 2 == 0
    assert speckle.size > MOST_CORNERS
    with pytest.raises(TooRaggedError):
        outlines(speckle)
