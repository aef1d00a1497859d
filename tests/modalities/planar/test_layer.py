"""Open layers over pictures: upright, canonical, thinned by averaging, decoded once and only when needed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import ImageOps

from tests.modalities.planar.pictures import deep_scene, exif_of, opened, png, saved, scene
from triptych.core.raster import OpenLayer, Window
from triptych.core.source import MemberError
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.layer import PictureLayer, open_picture


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("scale", [1, 2, 3, 8])
def test_a_layer_reads_the_upright_picture(orientation: int, scale: int) -> None:
    data = saved(scene("RGB", 60, 41), "JPEG", exif=exif_of(orientation))
    layer: OpenLayer = open_picture(data)
    upright = np.asarray(ImageOps.exif_transpose(opened(data)))
    assert layer.profile.shape == (3, *upright.shape[:2])
    assert layer.profile.axes == "cyx"
    assert np.array_equal(np.moveaxis(layer.read(scale=scale), 0, 2), box_mean(upright, scale))
    window = Window(5, 7, 30, 38)
    expected = box_mean(upright[5:30, 7:38], scale)
    assert np.array_equal(np.moveaxis(layer.read(window, scale), 0, 2), expected)


def test_a_gray_layer_has_no_band_axis() -> None:
    layer = open_picture(png(deep_scene(1), "gray", 16))
    assert (layer.profile.axes, layer.profile.dtype, layer.profile.bit_depth) == ("yx", "uint16", 16)
    assert np.array_equal(layer.read(), deep_scene(1))


def test_an_open_file_is_as_good_as_bytes() -> None:
    data = saved(scene(), "PNG")
    assert np.array_equal(open_picture(io.BytesIO(data)).read(), open_picture(data).read())


def test_the_profile_needs_no_pixels() -> None:
    data = saved(scene("RGB", 300, 200), "JPEG")
    layer = PictureLayer(data[: len(data) // 2])
    assert layer.profile.shape == (3, 200, 300)
    with pytest.raises(MemberError) as caught:
        layer.read()
    assert caught.value.code == "truncated"


def test_scales_go_down_to_one_tile() -> None:
    assert open_picture(saved(scene("L", 512, 3), "PNG")).profile.scales == (1,)
    assert open_picture(saved(scene("L", 513, 3), "PNG")).profile.scales == (1, 2)
    assert open_picture(saved(scene("L", 3, 2049), "PNG")).profile.scales == (1, 2, 4, 8)


def test_a_window_is_cut_at_the_edge_and_refused_outside() -> None:
    layer = open_picture(saved(scene("L", 50, 40), "PNG"))
    assert layer.read(Window(30, 30, 100, 100)).shape == (10, 20)
    with pytest.raises(ValueError, match="window"):
        layer.read(Window(40, 0, 50, 10))


def test_too_many_pixels_are_refused_on_opening() -> None:
    with pytest.raises(MemberError) as caught:
        PictureLayer(saved(scene("L", 50, 40), "PNG"), max_pixels=1999)
    assert caught.value.code == "too_many_pixels"
