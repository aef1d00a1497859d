"""What is not imported: each kind of bad file gets its own code, a sentence and a way on; nothing hangs or swells."""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from tests.modalities.planar.pictures import chunk, deep_scene, exif_of, png, saved, scene
from triptych.core.source import MemberError
from triptych.modalities.planar.decode import decode, probe
from triptych.modalities.planar.examined import PlanarLimits
from triptych.modalities.planar.measure import examine

if TYPE_CHECKING:
    from pathlib import Path


def refusal(data: bytes, max_pixels: int = 300_000_000) -> MemberError:
    with pytest.raises(MemberError) as caught:
        examine(data, PlanarLimits(max_pixels=max_pixels))
    error = caught.value
    assert error.reason.endswith(".")
    assert error.hint.endswith(".")
    assert pickle.loads(pickle.dumps(error)).code == error.code
    return error


def test_an_empty_file_is_named_so() -> None:
    assert refusal(b"").code == "empty_file"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"path,class\na.png,x\n", "text"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04" + b"\0" * 40, "zip"),
        (b"\0" * 5000, "zero bytes"),
        (b"\x93NUMPY\1\0", "NumPy"),
        (bytes(range(256)), "does not begin as any picture"),
        (b"<!DOCTYPE html><html>", "web page"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, says: str) -> None:
    error = refusal(data)
    assert error.code == "not_a_picture"
    assert says in error.reason


@pytest.mark.parametrize(
    ("kind", "says"), [("BMP", "BMP"), ("TIFF", "TIFF"), ("GIF", "GIF"), ("WEBP", "WebP"), ("PPM", "PNM")]
)
def test_a_picture_of_another_format_is_named_with_what_to_do(kind: str, says: str) -> None:
    error = refusal(saved(scene(), kind))
    assert error.code == "unsupported_format"
    assert says in error.reason
    assert "PNG" in error.hint


def test_more_formats_are_known_by_their_first_bytes() -> None:
    for data, says in (
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\0\0\0\x1cftypavif", "AVIF"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"\0" * 128 + b"DICM", "DICOM"),
        (b'<?xml version="1.0"?><svg xmlns="x">', "SVG"),
        (b"\xff\x0a\xfa", "JPEG XL"),
    ):
        assert says in refusal(data).reason


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_cut_file_is_truncated(part: float, kind: str, mode: str) -> None:
    data = saved(scene(mode, 200, 150), kind)
    assert refusal(data[: int(len(data) * part)]).code == "truncated"


def test_a_cut_progressive_or_deep_file_is_truncated() -> None:
    progressive = saved(scene("RGB", 200, 150), "JPEG", progressive=True)
    assert refusal(progressive[: len(progressive) // 2]).code == "truncated"
    deep = bytes(imagecodecs.jpeg8_encode(deep_scene(1) >> 4, bitspersample=12))
    assert refusal(deep[: len(deep) // 2]).code == "truncated"
    png16 = png(deep_scene(3), "rgb", 16)
    assert refusal(png16[: len(png16) // 2]).code == "truncated"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_any_cut_is_refused_or_loses_no_pixel(kind: str) -> None:
    data = saved(scene("RGB", 20, 14), kind)
    whole = decode(data).interleaved()
    codes = set()
    for length in range(len(data)):
        try:
            cut = decode(data[:length])
        except MemberError as error:
            codes.add(error.code)
        else:
            assert np.array_equal(cut.interleaved(), whole)
    assert codes <= {"truncated", "empty_file", "not_a_picture", "damaged"}


def test_every_flipped_byte_of_png_pixels_is_found() -> None:
    data = saved(scene("RGB", 20, 14), "PNG")
    start = data.index(b"IDAT") + 4
    whole = decode(data).interleaved()
    for at in range(start, len(data) - 12, 7):
        broken = bytearray(data)
        broken[at] ^= 0x20
        assert refusal(bytes(broken)).code in ("damaged", "truncated")
    assert np.array_equal(decode(data).interleaved(), whole)


def test_any_flipped_byte_of_a_header_ends_in_pixels_or_a_refusal() -> None:
    codes = set()
    for data in (saved(scene("RGB", 20, 14), "PNG"), saved(scene("RGB", 20, 14), "JPEG", exif=exif_of(6))):
        for at in range(min(len(data), 700)):
            for flip in (0x01, 0x80, 0xFF):
                broken = bytearray(data)
                broken[at] ^= flip
                try:
                    decode(bytes(broken), max_pixels=1_000_000)
                except MemberError as error:
                    codes.add(error.code)
    assert {"damaged", "truncated", "unsupported_format", "too_many_pixels"} <= codes


def test_declared_pixels_are_refused_before_anything_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    error = refusal(bomb)
    assert error.code == "too_many_pixels"
    assert "60000 × 60000" in error.reason
    assert refusal(saved(scene("RGB", 100, 100), "JPEG"), max_pixels=9_999).code == "too_many_pixels"
    examine(saved(scene("RGB", 100, 100), "JPEG"), PlanarLimits(max_pixels=10_000))


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP", b"iTXt"])
def test_metadata_that_inflates_without_end_is_refused(name: bytes) -> None:
    packed = zlib.compress(b"\0" * 80_000_000)
    content = b"key\0\1\0\0\0" + packed if name == b"iTXt" else b"key\0\0" + packed
    error = refusal(png(np.asarray(scene()), "rgb", 8, before=[(name, content)]))
    assert error.code == "metadata_bomb"


def test_metadata_of_many_chunks_counts_together() -> None:
    packed = b"key\0\0" + zlib.compress(b"\0" * 20_000_000)
    chunks = [(b"zTXt", packed)] * 3
    examine(png(np.asarray(scene()), "rgb", 8, after=chunks))
    assert refusal(png(np.asarray(scene()), "rgb", 8, after=[*chunks, chunks[0]])).code == "metadata_bomb"


def test_impossible_headers_are_damage() -> None:
    for width, height, depth, color in (
        (0, 5, 8, 2),
        (5, 0, 8, 2),
        (5, 5, 3, 0),
        (5, 5, 16, 3),
        (5, 5, 8, 5),
    ):
        header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
        assert refusal(data).code == "damaged"
        with pytest.raises(MemberError, match="damaged"):
            probe(data)
    assert refusal(b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x")).code == "damaged"
    data = png(np.zeros((4, 4), np.uint8), "palette", 8)  # a palette picture without its palette
    assert refusal(data).code == "damaged"
    assert refusal(b"\x89PN" + b"\0" * 30).code == "damaged"


def test_a_jpeg_that_nobody_decodes_is_named() -> None:
    data = bytearray(saved(scene(), "JPEG"))
    data[data.index(b"\xff\xc0") + 1] = 0xC5
    assert refusal(bytes(data)).code == "unsupported_format"
    data = bytearray(saved(scene(), "JPEG"))
    data[data.index(b"\xff\xc0") + 9] = 2
    assert refusal(bytes(data)).code == "unsupported_format"


# --- the hostile uploads, picture by picture ---------------------------------------------------------------


def members(folder: Path, name: str) -> dict[str, bytes]:
    """The members of a hostile zip that are not too large to read here."""
    with zipfile.ZipFile(folder / "hostile" / name) as archive:
        return {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if info.file_size < 50_000_000 and not info.is_dir() and not info.filename.endswith(".csv")
        }


@pytest.mark.parametrize(
    ("archive", "bad", "code"),
    [
        ("2_bombs/png_bomb_60000x60000_1bit.zip", 1, "too_many_pixels"),
        ("2_bombs/png_text_chunk_bomb.zip", 1, "metadata_bomb"),
        ("5_images/one_zero_bytes_png.zip", 1, "empty_file"),
        ("5_images/one_truncated_half_jpg.zip", 1, "truncated"),
    ],
)
def test_one_bad_picture_is_refused_and_the_others_pass(
    real_data: Path, archive: str, bad: int, code: str
) -> None:
    refused = []
    pictures = members(real_data, archive)
    for data in pictures.values():
        try:
            examine(data)
        except MemberError as error:
            refused.append(error.code)
    assert refused == [code] * bad
    assert len(pictures) == 6 + bad


def test_files_that_are_none_are_all_refused(real_data: Path) -> None:
    pictures = members(real_data, "5_images/all_images_bad.zip")
    assert len(pictures) == 20
    for data in pictures.values():
        refusal(data)


def test_odd_pictures_are_imported_with_what_is_odd(real_data: Path) -> None:
    deep = members(real_data, "5_images/one_gray16_png.zip")
    found = {name: examine(data) for name, data in deep.items()}
    (gray16,) = [seen for seen in found.values() if seen.dtype == "uint16"]
    assert ("more_than_8_bits", "16") in gray16.notes

    turned = members(real_data, "5_images/one_exif_orientation_6_jpg.zip")
    (six,) = [seen for seen in map(examine, turned.values()) if seen.orientation != 1]
    assert six.notes == (("exif_orientation", "6"),)

    large = members(real_data, "5_images/one_size_4097x4097_png.zip")
    (big,) = [seen for seen in map(examine, large.values()) if seen.width > 4096]
    assert (big.width, big.height) == (4097, 4097)
    assert big.pyramid is not None
