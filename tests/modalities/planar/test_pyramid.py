"""Pyramids: lossless, exact at every level, read by the tile, the same through them as without them."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modalities.planar.pictures import deep_scene, exif_of, png, saved, scene
from triptych.core.raster import OpenLayer, Window
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.decode import decode
from triptych.modalities.planar.layer import PictureLayer, open_picture
from triptych.modalities.planar.pyramid import PyramidLayer, write_pyramid

SAMPLES = {
    "gray": saved(scene("L", 1300, 700), "PNG"),
    "rgb": saved(scene("RGB", 700, 1300), "PNG"),
    "rgba": saved(scene("RGBA", 600, 530), "PNG"),
    "gray alpha": saved(scene("LA", 530, 600), "PNG"),
    "deep": png(deep_scene(3, 1100, 600), "rgb", 16),
    "deep gray": png(deep_scene(1, 1100, 600), "gray", 16),
    "inks": saved(scene("CMYK", 600, 700), "JPEG"),
    "turned": saved(scene("RGB", 1300, 700), "JPEG", exif=exif_of(6), dpi=(254, 508)),
}
PYRAMIDS = {name: write_pyramid(decode(data)) for name, data in SAMPLES.items()}


class CountingFile(io.BytesIO):
    """Counts the bytes that are read from it."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize("name", SAMPLES)
def test_an_independent_reader_finds_every_level(name: str) -> None:
    full = decode(SAMPLES[name]).interleaved()
    with tifffile.TiffFile(io.BytesIO(PYRAMIDS[name])) as file:
        for level, page in enumerate(file.pages):
            assert np.array_equal(page.asarray(), box_mean(full, 2**level))
        assert max(file.pages[-1].shape[:2]) <= 512
        assert len(file.pages) == 1 + (max(full.shape[:2]) > 512) + (max(full.shape[:2]) > 1024)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_profile_is_the_pictures(name: str) -> None:
    with_pyramid = open_picture(SAMPLES[name], PYRAMIDS[name])
    assert isinstance(with_pyramid, PyramidLayer)
    assert with_pyramid.profile == open_picture(SAMPLES[name]).profile


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_reading_through_the_pyramid_changes_nothing(name: str, scale: int) -> None:
    plain: OpenLayer = PictureLayer(SAMPLES[name])
    pyramid: OpenLayer = open_picture(SAMPLES[name], PYRAMIDS[name])
    height, width = plain.profile.size("y"), plain.profile.size("x")
    for window in (
        None,
        Window(0, 0, 512, 512),
        Window(512, 0, height, 512),
        Window(64, 128, height, width),
        Window(500, 440, 600, 520),
        Window(height - 1, width - 1, height, width),
    ):
        expected = plain.read(window, scale)
        found = pyramid.read(window, scale)
        aligned = window is None or (window.top % scale == 0 and window.left % scale == 0)
        if scale in plain.profile.scales and aligned:
            assert np.array_equal(found, expected)
        else:
            assert np.abs(found.astype(int) - expected).max() <= (1 if found.dtype == np.uint8 else 2)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 699), st.integers(0, 1299), st.integers(1, 700), st.integers(1, 1300), st.integers(1, 9)
)
def test_any_window_at_any_scale_has_its_size_and_pixels(
    top: int, left: int, height: int, width: int, scale: int
) -> None:
    window = Window(top, left, min(700, top + height), min(1300, left + width))
    plain = PictureLayer(SAMPLES["gray"]).read(window, scale)
    pyramid = open_picture(b"", PYRAMIDS["gray"]).read(window, scale)
    shape = (-(-(window.bottom - top) // scale), -(-(window.right - left) // scale))
    assert plain.shape == pyramid.shape == shape
    assert np.abs(plain.astype(int) - pyramid).max() <= 1


def test_only_the_tiles_of_the_window_are_read() -> None:
    data = write_pyramid(decode(saved(scene("RGB", 2100, 1600), "JPEG")))
    file = CountingFile(data)
    layer = PyramidLayer(file)
    opening = file.read_bytes
    assert opening < 20_000
    layer.read(Window(512, 512, 1024, 1024))
    assert file.read_bytes - opening < len(data) / 8


def test_the_same_pixels_give_the_same_bytes() -> None:
    assert write_pyramid(decode(SAMPLES["deep"])) == PYRAMIDS["deep"]


def test_another_tiff_is_refused() -> None:
    target = io.BytesIO()
    tifffile.imwrite(target, np.zeros((8, 8), np.uint8))
    target.seek(0)
    with pytest.raises(ValueError, match="pyramid"):
        PyramidLayer(target)
