"""Small pictures of rasters: classes and indexed pictures in their colours, JPEGs within their weight."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from triptych.core.labels import palette_color
from triptych.modalities.geospatial.preview import classes, encode, indexed
from triptych.modalities.planar.thumbnail import BYTES, CELL, GROUND

if TYPE_CHECKING:
    from numpy.typing import NDArray


def color_of(value: int) -> list[int]:
    text = palette_color(value)
    return [int(text[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("uint8", (0, 3, 255)),
        ("int16", (-1, 0, 7)),
        ("float32", (-1, 2, 9)),
        ("int32", (-5, 0, 2_000_000_000)),
    ],
)
def test_labels_have_the_colours_of_their_classes_and_what_means_nothing_is_grey(
    dtype: str, values: tuple[int, ...]
) -> None:
    places = np.arange(35).reshape(5, 7) % len(values)
    plain: NDArray[Any] = np.array(values, dtype)[places]
    valid = np.ones(plain.shape, bool)
    valid[2, 3] = False
    shown = np.asarray(classes(plain, valid, values))
    for row, column in np.ndindex(plain.shape):
        wanted = color_of(values[places[row, column]]) if valid[row, column] else [GROUND] * 3
        assert shown[row, column].tolist() == wanted
    assert np.array_equal(np.asarray(classes(plain, None, values))[valid], shown[valid])


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_indexed_pictures_have_their_own_colours(dtype: str) -> None:
    plain = np.array([[0, 1, 2], [7, 200, 1]], dtype)
    palette = {0: (9, 8, 7, 255), 1: (1, 2, 3, 255), 2: (50, 60, 70, 0), 200: (250, 0, 5, 255)}
    shown = np.asarray(indexed(plain, palette)).tolist()
    clear = [GROUND] * 3
    assert shown == [[[9, 8, 7], [1, 2, 3], clear], [clear, [250, 0, 5], [1, 2, 3]]]


@pytest.mark.parametrize("noise", [0, 8, 40, 90])
@pytest.mark.parametrize("size", [(512, 512), (512, 100), (130, 512)])
def test_a_jpeg_keeps_its_weight_and_no_lower_quality_than_it_needs(
    noise: int, size: tuple[int, int]
) -> None:
    generator = np.random.default_rng(noise)
    rows, columns = np.indices(size)
    plain = 128 + 60 * np.sin(columns / 40) + 40 * np.cos(rows / 31)
    samples = plain[..., np.newaxis] + generator.normal(0, noise, (*size, 3)) if noise else plain
    image = Image.fromarray(np.clip(samples, 0, 255).astype(np.uint8))
    encoded = encode(image, BYTES[CELL])
    weights = {quality: _weight(image, quality) for quality in (80, 65, 50)}
    fitting = [quality for quality, weight in weights.items() if weight <= BYTES[CELL]]
    # A strip tells the weight to some percent, so that one that just fits may be encoded with the next quality.
    sure = [quality for quality, weight in weights.items() if weight <= 0.9 * BYTES[CELL]]
    assert len(encoded) <= max(BYTES[CELL], weights[50])
    assert len(encoded) in {weights[quality] for quality in (max(fitting, default=50), max(sure, default=50))}


def _weight(image: Image.Image, quality: int) -> int:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.tell()
