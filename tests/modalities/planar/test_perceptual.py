"""The perceptual hash: near for what looks the same, far for what does not, none for nothing to see."""

from __future__ import annotations

import io
import itertools
import zipfile
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance

from tests.modalities.planar.pictures import png, saved
from triptych.modalities.planar.measure import examine
from triptych.modalities.planar.perceptual import perceptual_hash

if TYPE_CHECKING:
    from pathlib import Path


def landscape(seed: int, width: int = 400, height: int = 300) -> Image.Image:
    """A smooth random picture, as photographs are at low frequencies."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def hash_of(data: bytes) -> int:
    found = examine(data).perceptual_hash
    assert found is not None
    return found


def distance(left: int, right: int) -> int:
    return ((left ^ right) & (2**64 - 1)).bit_count()


def test_reencoding_resizing_and_brightness_move_at_most_four_bits() -> None:
    for seed in range(6):
        image = landscape(seed)
        origin = hash_of(saved(image, "PNG"))
        assert -(2**63) <= origin < 2**63
        for changed in (
            saved(image, "JPEG", quality=60),
            saved(image.resize((200, 150)), "JPEG", quality=90),
            saved(image.resize((900, 675)), "PNG"),
            saved(ImageEnhance.Brightness(image).enhance(0.8), "PNG"),
            saved(image.convert("L"), "PNG"),
        ):
            assert distance(origin, hash_of(changed)) <= 4


def test_unrelated_pictures_are_far_apart() -> None:
    hashes = [hash_of(saved(landscape(seed), "PNG")) for seed in range(25)]
    apart = [distance(a, b) for a, b in itertools.combinations(hashes, 2)]
    assert min(apart) > 10
    assert 28 < np.mean(apart) < 36


def test_a_turned_picture_is_another_picture() -> None:
    image = landscape(3)
    turned = image.transpose(Image.Transpose.ROTATE_180)
    assert distance(hash_of(saved(image, "PNG")), hash_of(saved(turned, "PNG"))) > 10


def test_constant_pictures_have_none() -> None:
    for data in (
        saved(Image.new("RGB", (300, 200), (9, 80, 200)), "PNG"),
        png(np.full((40, 40), 700, np.uint16), "gray", 16),
        saved(Image.new("L", (1, 1), 3), "PNG"),
    ):
        assert examine(data).perceptual_hash is None


def test_a_speck_on_a_constant_ground_does_not_make_a_hash() -> None:
    array = np.full((640, 640), 100, np.uint8)
    array[5, 5] = 101
    assert examine(saved(Image.fromarray(array), "PNG")).perceptual_hash is None


def test_the_bits_are_those_of_the_plain_transform() -> None:
    gray = landscape(5).convert("L").resize((32, 32))
    values = np.asarray(gray, np.float64)
    place, frequency = np.arange(32), np.arange(32)[:, np.newaxis]
    cosines = np.cos(np.pi * frequency * (2 * place + 1) / 64)
    waves = cosines @ values @ cosines.T
    order = sorted(((v, h) for v in range(32) for h in range(32)), key=lambda p: (sum(p), max(p), p))[1:65]
    lowest = np.array([waves[v, h] for v, h in order])
    bits = "".join("1" if wave > np.median(lowest) else "0" for wave in lowest)
    found = perceptual_hash(gray)
    assert found is not None
    assert f"{found & (2**64 - 1):064b}" == bits


def test_real_pictures_are_apart_and_their_copies_near(real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "images" / "blood_cells__image_label6.zip") as archive:
        names = [name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg"))][:25]
        files = [archive.read(name) for name in names]
    hashes = [hash_of(data) for data in files]
    apart = [distance(a, b) for a, b in itertools.combinations(hashes, 2)]
    assert np.mean(apart) > 20
    for data, origin in zip(files, hashes, strict=True):
        image = Image.open(io.BytesIO(data))
        assert distance(origin, hash_of(saved(image.resize((320, 240)), "JPEG", quality=70))) <= 4
