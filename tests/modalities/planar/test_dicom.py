"""DICOM among the pictures: what is measured, what is shown, how frames are read."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset

from tests.support.dicom import make_dicom
from triptych.core.histogram import percentiles
from triptych.core.raster import Window
from triptych.core.source import MemberError
from triptych.core.statistics import unpack_histograms, unpack_moments
from triptych.modalities.planar.examined import PlanarLimits
from triptych.modalities.planar.layer import open_picture
from triptych.modalities.planar.measure import examine
from triptych.modalities.planar.planar import PLANAR

RANDOM = np.random.default_rng(11)


def png16(samples: np.ndarray) -> bytes:
    target = io.BytesIO()
    Image.fromarray(samples).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"])
def test_moments_are_those_of_the_samples_of_all_frames(dtype: str) -> None:
    values = RANDOM.integers(0, 120, (3, 17, 19))
    pixels = (values * 1.5 if dtype.startswith("f") else values).astype(dtype)
    found = examine(make_dicom(pixels))
    assert (found.format, found.dtype, found.frames, found.width, found.height) == ("DICOM", dtype, 3, 19, 17)
    ((n, mean, m2, low, high, invalid),) = unpack_moments(found.moments)
    assert (n, low, high, invalid) == (pixels.size, pixels.min(), pixels.max(), 0)
    assert mean == pytest.approx(pixels.astype(np.float64).mean(), rel=1e-12)
    assert m2 / n == pytest.approx(pixels.astype(np.float64).var(), rel=1e-10)
    (histogram,) = unpack_histograms(found.histograms)
    assert histogram.total == pixels.size
    if not dtype.startswith("f"):
        assert percentiles(histogram, (50,))[0][0] == np.percentile(pixels, 50)


def test_a_picture_has_the_pixel_hash_of_the_same_pixels_as_png() -> None:
    samples = RANDOM.integers(0, 65535, (20, 30)).astype(np.uint16)
    assert examine(make_dicom(samples)).pixel_hash == examine(png16(samples)).pixel_hash
    assert examine(make_dicom(samples[None].repeat(2, 0))).pixel_hash != examine(png16(samples)).pixel_hash


def shade(data: bytes) -> np.ndarray:
    thumbnail = examine(data).thumbnails[160]
    assert thumbnail is not None
    return np.asarray(Image.open(io.BytesIO(thumbnail)).convert("L")).astype(int)


def test_thumbnails_are_shown_through_the_window_of_the_file() -> None:
    ramp = np.tile(np.arange(0, 4096, 32, dtype=np.int16), (40, 1))
    seen = shade(make_dicom(ramp, RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=976, WindowWidth=1000))
    # 976 - 500 after the rescale is the sample 1500; 976 + 500 is 2500.
    assert (seen[:, : 1400 // 32] < 12).all()
    assert (seen[:, 2600 // 32 :] > 243).all()
    assert 100 < seen[20, 2000 // 32] < 155


def test_monochrome1_is_shown_inverted_and_measured_as_it_is() -> None:
    ramp = np.tile(np.arange(128, dtype=np.uint8), (40, 1))
    plain, inverted = (
        make_dicom(ramp, PhotometricInterpretation=name) for name in ("MONOCHROME2", "MONOCHROME1")
    )
    assert shade(plain)[20, 5] < 40 < 200 < shade(inverted)[20, 5]
    assert examine(plain).moments == examine(inverted).moments
    assert examine(plain).pixel_hash == examine(inverted).pixel_hash


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_maps_with_values_that_are_no_numbers(value: float) -> None:
    pixels = np.linspace(-1, 1, 400, dtype=np.float32).reshape(20, 20)
    pixels[3, 4] = value
    ((n, _, _, low, high, invalid),) = unpack_moments(examine(make_dicom(pixels)).moments)
    assert (n, invalid) == (399, 1)
    assert (low, high) == (-1, 1)
    assert examine(make_dicom(np.full((20, 20), value, np.float32))).perceptual_hash is None


def test_frames_are_planes_of_the_layer() -> None:
    pixels = RANDOM.integers(-2000, 2000, (5, 30, 40)).astype(np.int16)
    layer = open_picture(make_dicom(pixels))
    assert (layer.profile.axes, layer.profile.shape) == ("zyx", (5, 30, 40))
    assert PLANAR.accepts(layer.profile)
    assert np.array_equal(layer.read(), pixels)
    assert np.array_equal(layer.read(Window(2, 3, 12, 23), plane=4), pixels[4, 2:12, 3:23])
    assert np.array_equal(PLANAR.tile(layer, 0, 0, 0, 2), pixels[2])
    assert np.array_equal(PLANAR.tile(layer, 0, 0, 0), pixels[0])
    with pytest.raises(IndexError):
        layer.read(plane=5)


def test_colours_have_their_bands_first_and_planes_behind() -> None:
    pixels = RANDOM.integers(0, 255, (3, 18, 16, 3)).astype(np.uint8)
    layer = open_picture(make_dicom(pixels))
    assert (layer.profile.axes, layer.profile.shape) == ("czyx", (3, 3, 18, 16))
    assert np.array_equal(layer.read(), np.moveaxis(pixels, -1, 0))
    assert np.array_equal(layer.read(plane=1), np.moveaxis(pixels[1], -1, 0))


def test_frames_that_were_read_are_kept_up_to_a_limit() -> None:
    from triptych.modalities.planar.dicom import DicomLayer

    pixels = RANDOM.integers(0, 99, (6, 64, 64)).astype(np.uint16)
    layer = DicomLayer(make_dicom(pixels), kept_bytes=3 * 64 * 64 * 2)
    for index in (0, 1, 2, 3, 4, 0, 5):
        assert np.array_equal(layer.read(plane=index), pixels[index])
        assert sum(frame.nbytes for frame in layer._kept.values()) <= 3 * 64 * 64 * 2


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(MemberError) as caught:
        examine(make_dicom(np.zeros((20, 30), np.int16)), PlanarLimits(max_pixels=599))
    assert caught.value.code == "too_many_pixels"


def test_large_pictures_get_a_pyramid() -> None:
    samples = RANDOM.integers(0, 4095, (700, 900)).astype(np.uint16)
    found = examine(make_dicom(samples), PlanarLimits(pyramid_pixels=500_000))
    assert found.pyramid is not None
    layer = open_picture(b"", pyramid=found.pyramid)
    assert np.array_equal(layer.read(), samples)


def test_a_voi_lut_is_shown_and_told_as_the_nearest_window() -> None:
    entry = Dataset()
    entry.LUTDescriptor = [4, 100, 8]
    entry.LUTData = np.array([0, 90, 180, 255], "<u2").tobytes()
    ramp = np.tile(np.arange(90, 122, dtype=np.uint16), (40, 4))
    found = examine(make_dicom(ramp, VOILUTSequence=[entry]))
    assert found.details is not None
    assert found.details["windows"] == [
        {"name": "VOI LUT", "low": 101.0, "high": 102.0, "width": 1.0, "center": 101.5}
    ]
    seen = shade(make_dicom(ramp, VOILUTSequence=[entry]))
    assert seen[20, 4] < 12
    assert seen[20, 24] > 243
