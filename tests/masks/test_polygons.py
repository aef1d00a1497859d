"""Polygons: what they cover, and that nothing outside the picture costs anything."""

from __future__ import annotations

import numpy as np
import pytest

from triptych.core.labels import Box
from triptych.masks.polygons import as_mask, check_part, clip, covered, filled, polygon_label
from triptych.masks.runs import decode

SQUARE = (2.0, 3.0, 7.0, 3.0, 7.0, 9.0, 2.0, 9.0)


def test_a_rectangle_on_pixel_edges_covers_its_pixels() -> None:
    mask = filled([SQUARE], (12, 10))
    expected = np.zeros((12, 10), bool)
    expected[3:9, 2:7] = True
    assert np.array_equal(mask, expected)
    assert covered([SQUARE], (12, 10)) == 30


def test_parts_are_joined() -> None:
    other = (5.0, 3.0, 10.0, 3.0, 10.0, 9.0, 5.0, 9.0)
    assert covered([SQUARE, other], (12, 12)) == 48
    assert np.array_equal(decode(as_mask([SQUARE, other], (12, 12))), filled([SQUARE, other], (12, 12)))


def test_what_reaches_over_the_edge_is_cut_there_and_costs_nothing() -> None:
    wide = (-1e7, 2.0, 1e7, 2.0, 1e7, 5.0, -1e7, 5.0)
    assert covered([wide], (10, 8)) == 24
    assert clip((20.0, 20.0, 30.0, 20.0, 30.0, 30.0), 10, 10) == ()
    assert covered([(20.0, 20.0, 30.0, 20.0, 30.0, 30.0)], (10, 10)) == 0
    assert not filled([(20.0, 20.0, 30.0, 20.0, 30.0, 30.0)], (10, 10)).any()


def test_a_label_keeps_its_outline_and_counts_what_is_inside() -> None:
    label = polygon_label(1, 2, [(-5.0, 0.0, 5.0, 0.0, 5.0, 4.0, -5.0, 4.0)], (4, 10))
    assert (label.value, label.box) == (20.0, Box(-5, 0, 10, 4))
    assert label.shape is not None
    assert label.shape.parts[0][0] == -5.0


@pytest.mark.parametrize(
    "part", [[1, 2, 3, 4], [1, 2, 3, 4, 5], [], [1, 2, 3, 4, 5, float("nan")], [0, 0, 1, 1, 1e9, 3]]
)
def test_what_is_no_outline(part: list[float]) -> None:
    with pytest.raises(ValueError, match="coordinate"):
        check_part(part)
