"""Masks that are PNG pictures are the classes that they hold, whatever colours these are shown in."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from triptych.core.raster import Window
from triptych.core.source import MemberError
from triptych.modalities.planar.classes import ClassPicture, class_values

VALUES = (np.arange(20 * 30).reshape(20, 30) % 5).astype(np.uint8)


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def palette() -> Image.Image:
    picture = Image.fromarray(VALUES)
    picture.putpalette([9, 9, 9, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 0, 0])
    return picture


def layered(bands: int) -> Image.Image:
    return Image.fromarray(np.stack([VALUES, *[np.full_like(VALUES, 200)] * (bands - 1)], axis=-1))


@pytest.mark.parametrize(
    ("picture", "dtype", "expected"),
    [
        (palette(), "uint8", VALUES),
        (Image.fromarray(VALUES), "uint8", VALUES),
        (Image.fromarray(VALUES > 0), "uint8", VALUES > 0),
        (Image.fromarray(VALUES.astype(np.uint16) * 13_000), "uint16", VALUES.astype(np.uint16) * 13_000),
        (layered(2), "uint8", VALUES),
        (layered(3), "uint8", VALUES),
        (layered(4), "uint8", VALUES),
    ],
    ids=["palette", "grey", "bits", "16 bits", "grey and alpha", "colours", "colours and alpha"],
)
def test_values_are_indices_grey_values_or_the_first_band(
    picture: Image.Image, dtype: str, expected: Any
) -> None:
    found = class_values(png(picture))
    assert found.dtype == dtype
    assert np.array_equal(found, expected)


def test_windows_and_scales_never_mix_values() -> None:
    layer = ClassPicture(png(palette()))
    assert (layer.profile.axes, layer.profile.shape, layer.profile.dtype) == ("yx", (20, 30), "uint8")
    assert np.array_equal(layer.read(), VALUES)
    assert np.array_equal(layer.read(Window(3, 5, 11, 20), 4), VALUES[3:11:4, 5:20:4])
    assert layer.read(scale=8).shape == (3, 4)


@pytest.mark.parametrize("cut", [0, 8, 40, 70])
def test_what_is_damaged_or_none_is_told(cut: int) -> None:
    with pytest.raises(MemberError):
        class_values(png(palette())[:cut])
    with pytest.raises(MemberError):
        class_values(png(palette()), max_pixels=10)
