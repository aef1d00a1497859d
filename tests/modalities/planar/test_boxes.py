"""Averages over boxes: the plain definition, for every type, size and scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.modalities.planar.boxes import box_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray


def plainly(samples: NDArray[Any], scale: int) -> NDArray[Any]:
    """The definition in exact integers, box by box."""
    height, width = samples.shape[:2]
    planes = samples.reshape(height, width, -1)
    out = np.empty((-(-height // scale), -(-width // scale), planes.shape[2]), samples.dtype)
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            box = planes[y * scale : (y + 1) * scale, x * scale : (x + 1) * scale]
            n = box.shape[0] * box.shape[1]
            for band in range(planes.shape[2]):
                total = sum(int(value) for value in box[..., band].ravel())
                out[y, x, band] = (2 * total + n) // (2 * n)
    return out.reshape(*out.shape[:2], *samples.shape[2:])


@given(
    st.sampled_from(["uint8", "uint16", "int16"]),
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from([0, 2, 3, 4]),
    st.integers(1, 9),
    st.integers(0, 2**32 - 1),
)
def test_every_box_has_its_mean_rounded_half_up(
    name: str, height: int, width: int, bands: int, scale: int, seed: int
) -> None:
    info = np.iinfo(name)
    shape = (height, width, bands) if bands else (height, width)
    samples = np.random.default_rng(seed).integers(info.min, info.max, shape, dtype=name, endpoint=True)
    assert np.array_equal(box_mean(samples, scale), plainly(samples, scale))


@pytest.mark.parametrize("scale", [2, 16, 64, 300, 512])
def test_large_boxes_of_large_values_do_not_overflow(scale: int) -> None:
    samples = np.full((600, 700), 65535, np.uint16)
    assert np.unique(box_mean(samples, scale)).tolist() == [65535]
    assert np.unique(box_mean(samples.astype(np.uint8), scale)).tolist() == [255]


def test_floats_are_averaged_without_rounding() -> None:
    assert box_mean(np.array([[1.0, 2.0, 4.0]], np.float32), 2).tolist() == [[1.5, 4.0]]


def test_a_chequerboard_turns_gray() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    assert np.unique(box_mean(board, 2)).tolist() == [128]
