"""Decoding: to the last bit what Pillow or an independent writer has, upright, in native depth."""

from __future__ import annotations

import base64
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.modalities.planar.pictures import (
    ARITHMETIC_JPEG,
    MODES,
    chunk,
    deep_scene,
    exif_of,
    opened,
    png,
    saved,
    scene,
)
from triptych.modalities.planar import decode as decoding
from triptych.modalities.planar.decode import decode, probe, read_header

SIZES = [(47, 31), (1, 1), (1, 40), (40, 1), (16, 16), (200, 300)]


def codes(data: bytes) -> list[str]:
    return [code for code, _ in decode(data).notes]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", SIZES)
def test_png_of_eight_bits_gives_the_pixels_of_pillow(mode: str, size: tuple[int, int]) -> None:
    data = saved(scene(mode, *size), "PNG")
    decoded = decode(data)
    assert np.array_equal(decoded.interleaved(), np.asarray(opened(data)))
    assert (decoded.width, decoded.height) == size
    assert (" ".join(decoded.bands), decoded.dtype, decoded.bit_depth) == (MODES[mode], "uint8", 8)
    assert (decoded.format, decoded.orientation, decoded.notes) == ("PNG", 1, ())


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", [0, 2])
def test_jpeg_gives_the_pixels_of_pillow(
    mode: str, size: tuple[int, int], progressive: bool, subsampling: int
) -> None:
    data = saved(scene(mode, *size), "JPEG", progressive=progressive, subsampling=subsampling)
    decoded = decode(data)
    assert np.array_equal(decoded.interleaved(), np.asarray(opened(data)))
    assert (" ".join(decoded.bands), decoded.dtype, decoded.bit_depth) == (MODES[mode], "uint8", 8)


def test_jpeg_of_four_inks_gives_the_pixels_of_pillow_and_is_noted() -> None:
    image = scene("CMYK")
    data = saved(image, "JPEG", quality=100, subsampling=0)
    decoded = decode(data)
    assert np.array_equal(decoded.interleaved(), np.asarray(opened(data)))
    # Adobe stores inks inverted: decoded without turning them they would be far from what was saved.
    assert np.abs(decoded.interleaved().astype(int) - np.asarray(image)).max() < 12
    assert decoded.bands == ("cyan", "magenta", "yellow", "black")
    assert codes(data) == ["ink_colors"]


def test_jpeg_with_arithmetic_coding_is_decoded() -> None:
    decoded = decode(base64.b64decode(ARITHMETIC_JPEG))
    assert decoded.interleaved().shape == (16, 24, 3)
    assert decoded.interleaved()[2, 3].tolist() == pytest.approx([30, 30, 30], abs=6)
    assert decoded.interleaved()[8, 20].tolist() == pytest.approx([200, 120, 200], abs=6)


@pytest.mark.parametrize("shape", [(30, 50), (30, 50, 3)])
def test_jpeg_of_twelve_bits_keeps_them(shape: tuple[int, ...]) -> None:
    ramp = (np.arange(30)[:, np.newaxis] * 90 + np.arange(50) * 25).astype(np.uint16)
    array = ramp if len(shape) == 2 else np.stack([ramp, ramp[::-1], ramp[:, ::-1]], axis=-1)
    data = bytes(imagecodecs.jpeg8_encode(array, bitspersample=12, level=100, subsampling="444"))
    decoded = decode(data)
    assert (decoded.dtype, decoded.bit_depth) == ("uint16", 12)
    assert np.abs(decoded.interleaved().astype(int) - array).max() < 40
    assert ("more_than_8_bits", "12") in decoded.notes


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_lossless_jpeg_gives_every_bit(bits: int) -> None:
    top = 2**bits - 1
    array = (np.arange(33 * 45).reshape(33, 45) * 37 % (top + 1)).astype(np.uint8 if bits == 8 else np.uint16)
    data = bytes(imagecodecs.jpeg8_encode(array, bitspersample=bits, lossless=True))
    decoded = decode(data)
    assert decoded.bit_depth == bits
    assert np.array_equal(decoded.interleaved(), array)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("color", "bands"), [("gray", 1), ("gray alpha", 2), ("rgb", 3), ("rgba", 4)])
def test_png_of_sixteen_bits_keeps_them(color: str, bands: int, interlaced: bool) -> None:
    array = deep_scene(bands)
    data = png(array, color, 16, interlaced=interlaced)
    decoded = decode(data)
    assert np.array_equal(decoded.interleaved(), array)
    assert np.array_equal(imagecodecs.png_decode(data), array)
    assert (decoded.dtype, decoded.bit_depth) == ("uint16", 16)
    assert codes(data) == ["more_than_8_bits"]


def test_gray_of_sixteen_bits_is_what_pillow_reads() -> None:
    data = png(deep_scene(1), "gray", 16)
    assert np.array_equal(decode(data).interleaved(), np.asarray(opened(data)))


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("interlaced", [False, True])
def test_gray_of_few_bits_keeps_its_values(depth: int, interlaced: bool) -> None:
    array = (np.arange(19 * 37).reshape(19, 37) * 5 // 3 % 2**depth).astype(np.uint8)
    decoded = decode(png(array, "gray", depth, interlaced=interlaced))
    assert np.array_equal(decoded.interleaved(), array)
    assert (decoded.dtype, decoded.bit_depth, decoded.bands) == ("uint8", depth, ("gray",))


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("transparent", [False, True])
def test_palettes_are_expanded(depth: int, transparent: bool) -> None:
    rng = np.random.default_rng(depth)
    palette = rng.integers(0, 256, (2**depth, 3), dtype=np.uint8)
    alpha = rng.integers(0, 256, 2**depth, dtype=np.uint8)
    indices = rng.integers(0, 2**depth, (21, 34), dtype=np.uint8)
    before = [(b"PLTE", palette.tobytes())] + ([(b"tRNS", alpha.tobytes())] if transparent else [])
    data = png(indices, "palette", depth, before=before)
    decoded = decode(data)
    expected = palette[indices]
    if transparent:
        expected = np.concatenate([expected, alpha[indices][..., np.newaxis]], axis=-1)
    assert np.array_equal(decoded.interleaved(), expected)
    assert np.array_equal(
        decoded.interleaved(), np.asarray(opened(data).convert("RGBA" if transparent else "RGB"))
    )
    assert decoded.bit_depth == 8


@pytest.mark.parametrize("color", ["gray", "rgb", "rgba"])
def test_interlaced_png_gives_the_pixels_of_pillow(color: str) -> None:
    bands = {"gray": 1, "rgb": 3, "rgba": 4}[color]
    data = png((deep_scene(bands) >> 8).astype(np.uint8), color, 8, interlaced=True)
    assert np.array_equal(decode(data).interleaved(), np.asarray(opened(data)))


@pytest.mark.parametrize(("color", "bands"), [("gray", 1), ("rgb", 3)])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour_stays_a_colour(color: str, bands: int, depth: int) -> None:
    array = deep_scene(bands) >> (16 - depth)
    key = array.reshape(-1, bands)[5]
    data = png(array, color, depth, before=[(b"tRNS", key.astype(">u2").tobytes())])
    decoded = decode(data)
    assert np.array_equal(decoded.interleaved(), array)
    assert "transparent_color" in codes(data)


def test_gamma_and_chromaticities_change_no_value() -> None:
    array = (deep_scene(3) >> 8).astype(np.uint8)
    plain = png(array, "rgb", 8)
    before = [
        (b"gAMA", struct.pack(">I", 100_000)),
        (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)),
        (b"bKGD", struct.pack(">3H", 9, 9, 9)),
        (b"sBIT", b"\5\6\5"),
    ]
    assert np.array_equal(
        decode(png(array, "rgb", 8, before=before)).interleaved(), decode(plain).interleaved()
    )


def test_pixel_data_in_many_chunks_is_joined() -> None:
    array = (deep_scene(3) >> 8).astype(np.uint8)
    data = png(array, "rgb", 8, split=7, before=[(b"tEXt", b"a\0b")], after=[(b"tEXt", b"c\0d")])
    assert np.array_equal(decode(data).interleaved(), array)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_is_turned_upright_as_pillow_turns_it(orientation: int, mode: str) -> None:
    data = saved(scene(mode), "JPEG", exif=exif_of(orientation))
    decoded = decode(data)
    expected = np.asarray(ImageOps.exif_transpose(opened(data)))
    assert np.array_equal(decoded.interleaved(), expected)
    assert (decoded.height, decoded.width) == expected.shape[:2]
    assert decoded.orientation == orientation
    assert decoded.notes == ((("exif_orientation", str(orientation)),) if orientation > 1 else ())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_png_of_sixteen_bits_is_turned_upright(orientation: int, bands: int) -> None:
    array = deep_scene(bands)
    color = {1: "gray", 3: "rgb", 4: "rgba"}[bands]
    decoded = decode(png(array, color, 16, before=[(b"eXIf", exif_of(orientation)[6:])]))
    turned = [
        np.asarray(
            ImageOps.exif_transpose(opened(saved(Image.fromarray(plane), "PNG", exif=exif_of(orientation))))
        )
        for plane in (array.reshape(*array.shape[:2], -1)[..., band] for band in range(bands))
    ]
    expected = turned[0] if bands == 1 else np.stack(turned, axis=-1)
    assert np.array_equal(decoded.interleaved(), expected)
    assert decoded.orientation == orientation


def test_bands_come_first_in_canonical_axes() -> None:
    decoded = decode(saved(scene("RGB"), "PNG"))
    assert decoded.pixels.shape == (3, 31, 47)
    assert np.array_equal(decoded.pixels[1], decoded.interleaved()[..., 1])
    assert decode(saved(scene("L"), "PNG")).pixels.shape == (31, 47)


def test_damaged_exif_is_noted_and_changes_nothing() -> None:
    for block in (b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"Exif\0\0garbage", b"Exif\0\0"):
        data = saved(scene(), "JPEG", exif=block)
        assert decode(data).notes == (("exif_damaged", ""),)
        assert decode(data).orientation == 1


def test_spacing_is_taken_where_the_file_gives_a_unit() -> None:
    image = scene()
    assert decode(saved(image, "JPEG")).spacing is None
    assert decode(saved(image, "JPEG", dpi=(254, 508))).spacing == pytest.approx((0.05, 0.1))
    exif = exif_of(1, resolution=100.0, unit=3)
    assert decode(saved(image, "JPEG", exif=exif)).spacing == pytest.approx((0.1, 0.1))
    turned = saved(image, "JPEG", dpi=(254, 508), exif=exif_of(6))
    assert decode(turned).spacing == pytest.approx((0.1, 0.05))
    array = np.asarray(image)
    metres = struct.pack(">IIB", 10_000, 20_000, 1)
    assert decode(png(array, "rgb", 8, before=[(b"pHYs", metres)])).spacing == pytest.approx((0.05, 0.1))
    assert decode(png(array, "rgb", 8, before=[(b"pHYs", metres[:-1] + b"\0")])).spacing is None


def test_what_follows_the_picture_is_noted() -> None:
    for data in (saved(scene(), "JPEG"), saved(scene(), "PNG")):
        assert decode(data + b"x" * 100).notes == (("bytes_after_picture", "100 bytes"),)
        assert np.array_equal(decode(data + b"x" * 100).interleaved(), decode(data).interleaved())


def test_a_png_without_its_end_has_all_pixels_and_a_note() -> None:
    data = saved(scene(), "PNG")
    assert decode(data[:-12]).notes == (("end_missing", ""),)
    assert np.array_equal(decode(data[:-12]).interleaved(), decode(data).interleaved())


def test_an_animation_gives_its_first_picture() -> None:
    first, second = scene(), scene(seed=1)
    data = saved(first, "PNG", save_all=True, append_images=[second])
    assert np.array_equal(decode(data).interleaved(), np.asarray(first))
    assert decode(data).notes == (("animation", "2 frames"),)


def test_a_file_of_several_pictures_gives_the_first() -> None:
    data = saved(scene(), "MPO", save_all=True, append_images=[scene(seed=1)])
    assert codes(data) == ["several_pictures"]
    assert np.array_equal(decode(data).interleaved(), np.asarray(opened(data)))


def profile_called(name: str, *, version: int) -> bytes:
    """An ICC profile that has a description and nothing else."""
    if version == 2:
        text = name.encode("ascii") + b"\0"
        block = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text
    else:
        text = name.encode("utf-16-be")
        block = b"mluc\0\0\0\0" + struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(text), 28) + text
    head = bytearray(128)
    head[16:20] = b"RGB "
    return bytes(head) + struct.pack(">I4sII", 1, b"desc", 144, len(block)) + block


def with_profile(profile: bytes) -> list[bytes]:
    """A JPEG and a PNG with a profile."""
    chunk_content = b"name\0\0" + zlib.compress(profile)
    return [
        saved(scene(), "JPEG", icc_profile=profile),
        png(np.asarray(scene()), "rgb", 8, before=[(b"iCCP", chunk_content)]),
    ]


@pytest.mark.parametrize("version", [2, 4])
def test_a_profile_is_noted_by_its_name_unless_it_is_srgb(version: int) -> None:
    for data in with_profile(profile_called("Display P3", version=version)):
        assert decode(data).notes == (("icc_profile", "Display P3"),)
    for data in with_profile(profile_called("sRGB IEC61966-2.1", version=version)):
        assert decode(data).notes == ()


def test_a_profile_without_a_name_is_noted_by_its_colour_space() -> None:
    broken = bytearray(200)
    broken[16:20] = b"GRAY"
    for profile in (bytes(broken), bytes(broken[:130]), bytes(broken[:128]) + b"\xff" * 80):
        for data in with_profile(profile):
            assert decode(data).notes == (("icc_profile", "GRAY"),)


def test_a_damaged_text_or_profile_harms_no_pixel() -> None:
    array = np.asarray(scene())
    before = [(b"iCCP", b"name\0\0not zlib"), (b"zTXt", b"key\0\0not zlib"), (b"iTXt", b"short")]
    data = png(array, "rgb", 8, before=before)
    assert np.array_equal(decode(data).interleaved(), array)
    broken = bytearray(data)
    broken[data.index(b"zTXt") + 8] ^= 1  # a wrong checksum in a chunk that makes no pixels
    assert np.array_equal(decode(bytes(broken)).interleaved(), array)


def test_a_large_text_that_is_honest_passes() -> None:
    text = np.random.default_rng(0).integers(65, 70, 3_000_000, dtype=np.uint8).tobytes()
    data = png(np.asarray(scene()), "rgb", 8, before=[(b"zTXt", b"key\0\0" + zlib.compress(text))])
    assert decode(data).notes == ()


def test_the_header_alone_says_what_decoding_finds() -> None:
    for data in (
        saved(scene("L"), "JPEG", exif=exif_of(6)),
        png(deep_scene(4), "rgba", 16, before=[(b"eXIf", exif_of(8)[6:])]),
        saved(scene().quantize(9), "PNG"),
        png(deep_scene(1) & 3, "gray", 2),
    ):
        header, decoded = read_header(data), decode(data)
        assert header.upright_size == (decoded.width, decoded.height)
        assert header.profile.shape == decoded.pixels.shape
        assert header.profile.dtype == str(decoded.pixels.dtype)
        assert header.profile.bands == decoded.bands
        assert header.profile.bit_depth == decoded.bit_depth


def test_the_beginning_of_a_file_gives_the_size() -> None:
    data = saved(scene(), "PNG")
    head = probe(data[:33])
    assert head is not None
    assert (head.width, head.height, head.bands) == (47, 31, ("red", "green", "blue"))
    data = saved(scene(), "JPEG", exif=exif_of(6))
    head = probe(data[:2000])
    assert head is not None
    assert head.upright_size == (31, 47)
    assert probe(data[:100]) is None


def test_marker_padding_before_a_segment_is_skipped() -> None:
    data = saved(scene(), "JPEG")
    padded = data[:2] + b"\xff\xff" + data[2:]
    assert np.array_equal(decode(padded).interleaved(), np.asarray(opened(data)))


def test_strips_are_the_whole_picture_whatever_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "STRIP_SAMPLES", 60_000)
    image = scene("RGB", 300, 270)
    for data in (saved(image, "PNG", compress_level=1), saved(image, "JPEG")):
        decoded = decode(data)
        assert decoded.in_strips
        expected = np.asarray(opened(data))
        for multiple in (1, 64):
            strips = list(decoded.strips(multiple))
            assert len(strips) > 1
            assert all(len(strip) % multiple == 0 for strip in strips[:-1])
            assert np.array_equal(np.concatenate(strips), expected)
        joined = np.concatenate([np.asarray(strip) for strip in decoded.image_strips()])
        assert np.array_equal(joined, expected)
        assert np.array_equal(decoded.window(10, 20, 30, 50), expected[10:30, 20:50])


def test_bytes_of_unknown_ancillary_chunks_are_not_lost_on_libpng() -> None:
    array = np.asarray(scene())
    odd = chunk(b"prVt", b"\0" * 50)
    data = png(array, "rgb", 8)
    at = data.index(b"IDAT") - 4
    assert np.array_equal(decode(data[:at] + odd + data[at:]).interleaved(), array)
