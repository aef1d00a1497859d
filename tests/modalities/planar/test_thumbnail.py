"""Thumbnails: the right side up, the right colours, visible, small, and absent where the file will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.modalities.planar.pictures import deep_scene, exif_of, opened, png, saved, scene
from triptych.modalities.planar import decode as decoding
from triptych.modalities.planar.measure import examine

if TYPE_CHECKING:
    from numpy.typing import NDArray


def thumbnail(data: bytes, side: int) -> NDArray[np.uint8]:
    found = examine(data).thumbnails[side]
    assert found is not None
    assert found.startswith(b"\xff\xd8\xff")
    return np.asarray(opened(found))


def far(left: NDArray[np.uint8], image: Image.Image) -> float:
    """Mean difference between a thumbnail and an image brought to its size by Pillow."""
    height, width = left.shape[:2]
    right = np.asarray(image.resize((width, height), Image.Resampling.BOX))
    return float(np.abs(left.astype(int) - right).mean())


@pytest.mark.parametrize(
    "size", [(640, 480), (480, 640), (1000, 300), (513, 512), (1700, 1100), (161, 7), (5000, 1)]
)
def test_sides_are_at_most_what_is_asked_and_keep_their_ratio(size: tuple[int, int]) -> None:
    found = examine(saved(scene("RGB", *size), "PNG", compress_level=1)).thumbnails
    for side, data in found.items():
        if data is None:
            assert max(size) <= side
            continue
        image = opened(data)
        longer = max(size)
        assert max(image.size) <= side
        assert max(image.size) >= min(longer, 0.74 * side)
        assert (
            image.width / image.height == pytest.approx(size[0] / size[1], rel=0.05) or min(image.size) <= 10
        )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_thumbnails_are_upright(orientation: int) -> None:
    data = saved(scene("RGB", 600, 400), "JPEG", exif=exif_of(orientation))
    upright = ImageOps.exif_transpose(opened(data))
    for side in (160, 512):
        assert far(thumbnail(data, side), upright) < 3
    assert far(thumbnail(data, 160), upright.transpose(Image.Transpose.ROTATE_180)) > 20


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_thumbnails_show_the_picture(mode: str) -> None:
    image = scene(mode, 700, 450)
    data = saved(image, "PNG")
    assert far(thumbnail(data, 512), image) < 3
    assert far(thumbnail(data, 160), image) < 3


def test_inks_become_colours() -> None:
    data = saved(scene("CMYK", 600, 400), "JPEG")
    assert far(thumbnail(data, 512), opened(data).convert("RGB")) < 3


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparent_pixels_show_a_neutral_ground(mode: str) -> None:
    image = scene(mode, 600, 400)
    image.paste((250,) * (len(mode) - 1) + (0,), (300, 0, 600, 400))
    image.putalpha(
        Image.fromarray(np.where(np.arange(600) < 300, 255, 0).astype(np.uint8)[np.newaxis].repeat(400, 0))
    )
    shown = thumbnail(saved(image, "PNG"), 512)
    assert np.abs(shown[:, shown.shape[1] * 2 // 3 :].astype(int) - 128).max() <= 3
    left = image.convert("L" if mode == "LA" else "RGB").crop((0, 0, 290, 400))
    assert far(shown[:, : round(shown.shape[1] * 290 / 600)], left) < 4


@pytest.mark.parametrize("bands", [1, 3, 4])
def test_sixteen_bits_are_shown_by_their_percentiles(bands: int) -> None:
    ramp = np.broadcast_to(np.linspace(1000, 3000, 600), (400, 600)).astype(np.uint16)
    array = np.stack([ramp] * min(bands, 3) + [np.full_like(ramp, 65535)] * (bands == 4), axis=-1)
    data = png(array[..., 0] if bands == 1 else array, {1: "gray", 3: "rgb", 4: "rgba"}[bands], 16)
    shown = thumbnail(data, 512).astype(int)
    shown = shown if shown.ndim == 2 else shown[..., 0]
    assert shown[:, 3].mean() < 12
    assert shown[:, -3].mean() > 243
    assert shown[:, shown.shape[1] // 2].mean() == pytest.approx(128, abs=6)


def test_a_constant_picture_of_sixteen_bits_has_a_thumbnail() -> None:
    for value in (0, 777, 65535):
        assert thumbnail(png(np.full((40, 40), value, np.uint16), "gray", 16), 160).shape == (40, 40)


def test_a_dark_picture_is_brightened_and_keeps_its_colour() -> None:
    dark = scene("RGB", 600, 400).point(lambda value: value // 16)
    shown = thumbnail(saved(dark, "PNG"), 512)
    assert shown.max() > 200
    assert far(shown, dark.point(lambda value: min(255, value * 17))) < 12
    mask = Image.fromarray(np.eye(40, dtype=np.uint8))
    assert thumbnail(saved(mask, "PNG"), 160).max() > 200


def test_a_black_picture_stays_black() -> None:
    assert thumbnail(saved(Image.new("RGB", (600, 600)), "PNG"), 160).max() == 0


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_few_bits_are_spread_over_the_whole_range(depth: int) -> None:
    array = np.repeat(np.arange(2**depth, dtype=np.uint8), 32)[np.newaxis].repeat(40, 0)
    shown = thumbnail(png(array, "gray", depth), 512)
    assert shown[:, :10].max() < 20
    assert shown[:, -10:].min() > 235


def test_one_bit_pictures_turn_gray_when_they_shrink() -> None:
    board = (np.indices((1200, 1200)).sum(axis=0) % 2).astype(np.uint8)
    shown = thumbnail(png(board, "gray", 1), 160)[:-8, :-8]  # the last boxes are cut and small
    assert np.abs(shown.astype(int) - 128).max() <= 3


def test_a_small_light_file_stands_for_itself() -> None:
    found = examine(saved(scene("RGB", 100, 80), "JPEG"))
    assert found.thumbnails == {160: None, 512: None}
    larger = examine(saved(scene("RGB", 300, 200), "JPEG"))
    assert larger.thumbnails[160] is not None
    assert larger.thumbnails[512] is None


@pytest.mark.parametrize(
    "data",
    [
        saved(scene("RGB", 60, 50), "JPEG", exif=exif_of(3)),
        saved(scene("RGBA", 60, 50), "PNG"),
        saved(scene("CMYK", 60, 50), "JPEG"),
        png(deep_scene(1), "gray", 16),
        saved(scene("L", 60, 50).point(lambda value: value // 10), "PNG"),
        saved(Image.effect_noise((150, 150), 90), "PNG"),
        saved(scene("RGB", 20, 20), "PNG", save_all=True, append_images=[scene("RGB", 20, 20, 1)]),
    ],
    ids=["turned", "alpha", "inks", "deep", "dark", "heavy", "animation"],
)
def test_what_a_browser_shows_otherwise_does_not_stand_for_itself(data: bytes) -> None:
    assert examine(data).thumbnails[160] is not None


def test_thumbnails_of_noise_lose_quality_before_they_grow_heavy() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (600, 600, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(noise).resize((600, 600)))
    for array in (noise, smooth):
        found = examine(saved(Image.fromarray(array), "PNG", compress_level=1)).thumbnails
        assert found[160] is not None
        assert len(found[160]) <= 8_000


def test_a_picture_in_strips_has_the_thumbnail_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "STRIP_SAMPLES", 200_000)
    image = scene("RGB", 1300, 650)
    data = saved(image, "PNG", compress_level=1)
    assert far(thumbnail(data, 512), image) < 3
    deep = (np.asarray(image).astype(np.uint16) * 257)[:600]
    shown = thumbnail(png(deep, "rgb", 16), 512)
    assert far(shown, image.crop((0, 0, 1300, 600))) < 25
