"""Measuring: one decode gives what independent readers find, and equal pixels have equal hashes."""

from __future__ import annotations

import io
import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from blake3 import blake3
from PIL import Image, ImageOps

from tests.modalities.planar.pictures import deep_scene, exif_of, opened, png, saved, scene
from triptych.core.histogram import histogram_of, unpack_histograms
from triptych.core.statistics import unpack_moments
from triptych.modalities.planar import decode as decoding
from triptych.modalities.planar.examined import Examined, PlanarLimits
from triptych.modalities.planar.measure import examine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def check(found: Examined, expected: NDArray[Any]) -> None:
    """Moments and histograms against numpy in float64, the hash against its own description."""
    planes = expected.reshape(*expected.shape[:2], -1)
    moments = unpack_moments(found.moments)
    histograms = unpack_histograms(found.histograms)
    assert moments.shape == (planes.shape[2], 6)
    for band, (row, histogram) in enumerate(zip(moments, histograms, strict=True)):
        values = planes[..., band].astype(np.float64)
        reference = [values.size, values.mean(), np.square(values - values.mean()).sum()]
        assert row[:3].tolist() == pytest.approx(reference, rel=1e-9, abs=1e-9)
        assert row[3:].tolist() == [values.min(), values.max(), 0]
        assert histogram == histogram_of(planes[..., band])
    height, width = expected.shape[:2]
    head = f"triptych pixels 1 {found.dtype} {found.bit_depth} {height} {width} {found.bands}\n"
    assert found.pixel_hash == blake3(head.encode() + np.ascontiguousarray(expected).tobytes()).digest()


@pytest.mark.parametrize("size", [(32, 32), (47, 31), (1, 1), (300, 200)])
@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("LA", "PNG"),
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("L", "JPEG"),
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
    ],
)
@pytest.mark.parametrize("strip", [6_000_000, 3_000])
def test_measurements_are_those_of_numpy(
    mode: str, kind: str, size: tuple[int, int], strip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "STRIP_SAMPLES", strip)
    data = saved(scene(mode, *size), kind)
    found = examine(data)
    check(found, np.asarray(opened(data)))
    assert (found.bytes, found.width, found.height, found.format) == (len(data), *size, kind)


@pytest.mark.parametrize(("color", "bands"), [("gray", 1), ("gray alpha", 2), ("rgb", 3), ("rgba", 4)])
def test_measurements_of_sixteen_bits_are_those_of_numpy(color: str, bands: int) -> None:
    array = deep_scene(bands, 90, 70)
    check(examine(png(array, color, 16)), array)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_measurements_of_few_bits_are_of_the_values(depth: int) -> None:
    array = (deep_scene(1) % 2**depth).astype(np.uint8)
    found = examine(png(array, "gray", depth))
    check(found, array)
    assert (found.bit_depth, found.dtype) == (depth, "uint8")


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_measurements_are_of_the_upright_picture(orientation: int) -> None:
    data = saved(scene("RGB", 90, 50), "JPEG", exif=exif_of(orientation))
    found = examine(data)
    upright = np.asarray(ImageOps.exif_transpose(opened(data)))
    check(found, upright)
    assert (found.height, found.width) == upright.shape[:2]


def test_the_pixel_hash_depends_on_pixels_alone() -> None:
    array = np.asarray(scene())
    plain = examine(png(array, "rgb", 8))
    for other in (
        png(array, "rgb", 8, interlaced=True, before=[(b"tEXt", b"a\0b")]),
        saved(Image.fromarray(array), "PNG"),
        saved(Image.fromarray(np.rot90(array)), "PNG", exif=exif_of(6)),
    ):
        found = examine(other)
        assert found.pixel_hash == plain.pixel_hash


def test_the_pixel_hash_tells_apart_what_differs() -> None:
    array = np.asarray(scene("L", 40, 40))
    changed = array.copy()
    changed[39, 39] ^= 1
    files = [
        png(array, "gray", 8),
        png(changed, "gray", 8),
        png(array.reshape(20, 80), "gray", 8),
        png(array.T, "gray", 8),
        png(array.astype(np.uint16), "gray", 16),
        png(array & 1, "gray", 8),
        png(array & 1, "gray", 1),
        png(np.stack([array] * 3, axis=-1), "rgb", 8),
    ]
    assert len({examine(data).pixel_hash for data in files}) == len(files)


def test_what_is_found_is_small_and_travels_between_processes() -> None:
    found = examine(saved(scene("RGB", 512, 512), "JPEG"))
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(pickle.dumps(found)) < 12_000


def test_the_same_bytes_give_the_same_result() -> None:
    data = saved(scene("RGB", 700, 600), "PNG")
    assert examine(data, PlanarLimits(pyramid_pixels=1000)) == examine(
        data, PlanarLimits(pyramid_pixels=1000)
    )


def test_a_pyramid_is_made_above_the_limit_only() -> None:
    data = saved(scene("RGB", 700, 600), "PNG")
    assert examine(data, PlanarLimits(pyramid_pixels=420_000)).pyramid is None
    assert examine(data, PlanarLimits(pyramid_pixels=419_999)).pyramid is not None


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_working_in_strips_changes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(scene("RGB", 1100, 700), kind)
    limits = PlanarLimits(pyramid_pixels=1000)
    whole = examine(data, limits)
    monkeypatch.setattr(decoding, "STRIP_SAMPLES", 100_000)
    stripped = examine(data, limits)
    apart: dict[str, Any] = {"thumbnails": {}, "perceptual_hash": 0}  # reduced in other steps
    assert stripped._replace(**apart) == whole._replace(**apart)


def test_real_pictures_have_the_pixels_of_pillow(real_data: Path) -> None:
    seen = set()
    for name in (
        "blood_cells__image_label6.zip",
        "sign_digits__classes.zip",
        "head_ct__study_series_label3.zip",
    ):
        with zipfile.ZipFile(real_data / "images" / name) as archive:
            members = [m for m in archive.namelist() if m.lower().endswith((".jpg", ".jpeg", ".png"))]
            for member in members[:: max(1, len(members) // 12)]:
                data = archive.read(member)
                expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
                found = examine(data)
                check(found, np.asarray(expected))
                seen.add((found.format, found.bands))
    assert {("JPEG", "red green blue"), ("PNG", "gray")} <= seen
