"""The planar modality: tiles put together are the picture, patches cover it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.modalities.planar.pictures import deep_scene, exif_of, opened, png, saved, scene
from triptych.core.dataset import Modality as ModalityName
from triptych.core.errors import NotFound
from triptych.core.raster import Profile
from triptych.core.statistics import measure
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.decode import decode
from triptych.modalities.planar.layer import open_picture
from triptych.modalities.planar.planar import PLANAR, Planar
from triptych.modalities.planar.pyramid import write_pyramid

if TYPE_CHECKING:
    from triptych.modalities.base import Modality

MODALITY: Modality = PLANAR

FILES = {
    "rgb": saved(scene("RGB", 1300, 700), "PNG"),
    "deep": png(deep_scene(1, 700, 1100), "gray", 16),
    "turned": saved(scene("RGB", 1300, 700), "JPEG", exif=exif_of(8)),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("through_pyramid", [False, True])
def test_tiles_put_together_are_the_picture_at_every_level(name: str, through_pyramid: bool) -> None:
    decoded = decode(FILES[name])
    layer = open_picture(FILES[name], write_pyramid(decoded) if through_pyramid else None)
    grid = MODALITY.grid(layer.profile)
    assert grid.levels == len(layer.profile.scales)
    for level in range(grid.levels):
        columns, rows = grid.shape(level)
        lines = [
            np.concatenate([MODALITY.tile(layer, level, column, row) for column in range(columns)], axis=-1)
            for row in range(rows)
        ]
        whole = np.concatenate(lines, axis=-2)
        expected = box_mean(decoded.interleaved(), 2**level)
        assert np.array_equal(whole if whole.ndim == 2 else np.moveaxis(whole, 0, 2), expected)
        assert whole.dtype == decoded.dtype
        assert grid.size(level) == (expected.shape[1], expected.shape[0])
    assert grid.shape(grid.levels - 1) == (1, 1)


@pytest.mark.parametrize(
    ("level", "column", "row"), [(-1, 0, 0), (9, 0, 0), (0, 3, 0), (0, 0, 2), (0, -1, 0)]
)
def test_a_tile_outside_the_grid_does_not_exist(level: int, column: int, row: int) -> None:
    with pytest.raises(NotFound):
        MODALITY.tile(open_picture(FILES["rgb"]), level, column, row)


@pytest.mark.parametrize("size", [1, 7, 512, 5000])
def test_patches_cover_the_picture_once(size: int) -> None:
    layer = open_picture(saved(scene("RGB", 40, 23), "PNG"))
    covered = np.zeros((23, 40), int)
    for window in MODALITY.patches(layer.profile, size):
        covered[window.top : window.bottom, window.left : window.right] += 1
        assert window.bottom - window.top <= size
        assert window.right - window.left <= size
    assert np.all(covered == 1)


@pytest.mark.parametrize("name", FILES)
def test_thumbnails_have_the_size_that_is_asked_for(name: str) -> None:
    layer = open_picture(FILES[name])
    for size in (64, 160, 512):
        image = opened(MODALITY.thumbnail(layer, size))
        assert 0.74 * size <= max(image.size) <= size
        assert (image.width > image.height) == (layer.profile.size("x") > layer.profile.size("y"))


def test_thumbnails_show_the_picture() -> None:
    shown = np.asarray(opened(MODALITY.thumbnail(open_picture(FILES["rgb"]), 160)))
    expected = np.asarray(scene("RGB", 1300, 700).resize((shown.shape[1], shown.shape[0])))
    assert np.abs(shown.astype(int) - expected).mean() < 3


def test_measuring_a_layer_measures_its_picture() -> None:
    layer = open_picture(FILES["deep"])
    moments, histograms = MODALITY.measure(layer)
    expected = measure(deep_scene(1, 700, 1100))
    assert np.array_equal(moments, expected[0])
    assert histograms == expected[1]


def test_pictures_are_accepted_and_nothing_else() -> None:
    assert Planar().name is ModalityName.PLANAR
    for axes, shape, dtype, accepted in (
        ("yx", (4, 4), "uint8", True),
        ("cyx", (3, 4, 4), "uint16", True),
        ("zyx", (3, 4, 4), "uint8", True),
        ("czyx", (3, 2, 4, 4), "uint8", True),
        ("tyx", (3, 4, 4), "uint8", False),
        ("yx", (4, 4), "float32", True),
        ("yx", (4, 4), "complex64", False),
    ):
        profile = Profile(axes, shape, dtype, ("a",), 8)
        assert MODALITY.accepts(profile) is accepted
