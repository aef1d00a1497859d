"""Each transfer syntax: what is lossless comes back bit for bit, what is not as Pillow or pydicom has it."""

from __future__ import annotations

import struct
import tracemalloc
import warnings
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import imagecodecs
import jpeg_ls  # type: ignore[import-untyped]
import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.pixels.encoders.native import _encode_row

from tests.support.dicom import make_dicom
from triptych.core.source import MemberError
from triptych.dicom.decoders import SYNTAXES, syntax_of
from triptych.dicom.picture import DicomPicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

JPEG = "1.2.840.10008.1.2.4."
RLE = "1.2.840.10008.1.2.5"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
codecs: Any = imagecodecs


def noise(shape: tuple[int, ...], bits: int, *, signed: bool = False) -> NDArray[Any]:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
    kind = ("int" if signed else "uint") + ("8" if bits <= 8 else "16" if bits <= 16 else "32")
    values: NDArray[Any] = np.random.default_rng(bits).integers(low, high, shape).astype(kind)
    return values


def smooth(shape: tuple[int, int], top: int) -> NDArray[Any]:
    y, x = np.mgrid[: shape[0], : shape[1]]
    values: NDArray[Any] = (y * x * top / (shape[0] * shape[1])).astype(np.uint8 if top < 256 else np.uint16)
    return values


def picture(pixels: NDArray[Any], frame: bytes, syntax: str, **tags: Any) -> DicomPicture:
    return DicomPicture(make_dicom(pixels, syntax=syntax, frames=[frame], **tags), max_pixels=10_000_000)


def decoded(pixels: NDArray[Any], frame: bytes, syntax: str, **tags: Any) -> NDArray[Any]:
    """The frame decoded by us, a file of one frame around it."""
    found = picture(pixels, frame, syntax, **tags).frame()
    assert found.dtype == pixels.dtype
    return found


def by_pydicom(pixels: NDArray[Any], frame: bytes, syntax: str, **tags: Any) -> NDArray[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: NDArray[Any] = dcmread(
            BytesIO(make_dicom(pixels, syntax=syntax, frames=[frame], **tags))
        ).pixel_array
    return found


def pillow_jpeg(pixels: NDArray[Any], **options: Any) -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("syntax", "progressive"), [("50", False), ("51", False), ("53", True), ("55", True)]
)
def test_grey_jpeg_of_8_bits_is_what_pillow_decodes(syntax: str, progressive: bool) -> None:
    pixels = smooth((33, 47), 255)
    frame = pillow_jpeg(pixels, quality=90, progressive=progressive)
    np.testing.assert_array_equal(
        decoded(pixels, frame, JPEG + syntax), np.asarray(Image.open(BytesIO(frame)))
    )


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_FULL", "RGB"])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_jfif_colours_are_what_pydicom_makes_of_them(photometric: str, subsampling: str) -> None:
    pixels = noise((34, 46, 3), 8)
    frame = pillow_jpeg(pixels, quality=90, subsampling=subsampling)
    tags = {"PhotometricInterpretation": photometric}
    found = decoded(pixels, frame, JPEG + "50", **tags)
    np.testing.assert_array_equal(found, by_pydicom(pixels, frame, JPEG + "50", **tags))
    # Pillow's own conversion rounds otherwise.
    assert np.abs(found.astype(int) - np.asarray(Image.open(BytesIO(frame)))).max() <= 1


def adobe(transform: int, colorspace: str) -> bytes:
    """A JPEG without JFIF, with Adobe's marker that says whether colours are transformed."""
    flat = np.full((16, 16, 3), (200, 60, 30), np.uint8)
    frame = codecs.jpeg8_encode(
        flat, level=100, colorspace="RGB", outcolorspace=colorspace, subsampling="444"
    )
    start = 2
    while frame[start + 1] in (0xE0, 0xEE):
        start += 2 + int.from_bytes(frame[start + 2 : start + 4], "big")
    marker = b"\xff\xee\0\x0eAdobe" + struct.pack(">HHHB", 100, 0, 0, transform)
    return bytes(frame[:2] + marker + frame[start:])


@pytest.mark.parametrize(
    ("transform", "colorspace", "photometric"),
    [(0, "RGB", "RGB"), (1, "YCBCR", "RGB"), (1, "YCBCR", "YBR_FULL_422"), (0, "YCBCR", "YBR_FULL")],
)
def test_colours_are_converted_once_whatever_adobes_marker_says(
    transform: int, colorspace: str, photometric: str
) -> None:
    pixels = np.full((16, 16, 3), (200, 60, 30), np.uint8)
    tags = {"PhotometricInterpretation": photometric}
    found = decoded(pixels, adobe(transform, colorspace), JPEG + "50", **tags)
    assert np.abs(found.astype(int) - pixels).max() <= 3


def test_jpeg_of_12_bits_is_near_what_was_encoded() -> None:
    pixels = smooth((33, 47), 4095)
    frame = codecs.jpeg8_encode(pixels, level=98, bitspersample=12)
    found = decoded(pixels, frame, JPEG + "51", BitsStored=12, HighBit=11)
    assert found.max() > 3000
    assert np.abs(found.astype(int) - pixels).max() < 40


@pytest.mark.parametrize("syntax", ["57", "70"])
@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("shape", [(33, 47), (33, 47, 3)])
def test_lossless_jpeg_comes_back_with_every_predictor(
    syntax: str, bits: int, shape: tuple[int, ...]
) -> None:
    pixels = noise(shape, bits)
    for predictor in range(1, 8):
        frame = codecs.jpeg8_encode(pixels, lossless=True, predictor=predictor, bitspersample=bits)
        found = decoded(pixels, frame, JPEG + syntax, BitsStored=bits, HighBit=bits - 1)
        np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("bits", [12, 16])
def test_signed_values_come_back_from_lossless_jpeg(bits: int) -> None:
    pixels = noise((20, 30), bits, signed=True)
    unsigned = pixels.view(np.uint16) & (2**bits - 1)
    frame = codecs.jpeg8_encode(unsigned, lossless=True, bitspersample=bits)
    np.testing.assert_array_equal(decoded(pixels, frame, JPEG + "70", BitsStored=bits), pixels)
    frame = bytes(jpeg_ls.encode_array(unsigned))
    np.testing.assert_array_equal(decoded(pixels, frame, JPEG + "80", BitsStored=bits), pixels)


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_jpeg_ls_comes_back_as_pydicom_has_it(bits: int) -> None:
    pixels = noise((33, 47), bits)
    frame = bytes(jpeg_ls.encode_array(pixels))
    found = decoded(pixels, frame, JPEG + "80", BitsStored=bits)
    np.testing.assert_array_equal(found, pixels)
    np.testing.assert_array_equal(found, by_pydicom(pixels, frame, JPEG + "80", BitsStored=bits))


@pytest.mark.parametrize("interleave", [0, 1, 2])
def test_jpeg_ls_colours_come_back_however_they_are_interleaved(interleave: int) -> None:
    pixels = noise((33, 47, 3), 8)
    source = np.ascontiguousarray(np.moveaxis(pixels, 2, 0)) if interleave == 0 else pixels
    frame = bytes(jpeg_ls.encode_array(source, interleave_mode=interleave))
    np.testing.assert_array_equal(decoded(pixels, frame, JPEG + "80"), pixels)


def test_near_lossless_jpeg_ls_is_as_near_as_it_says_and_as_pydicom_has_it() -> None:
    pixels = noise((33, 47), 8)
    frame = bytes(jpeg_ls.encode_array(pixels, lossy_error=3))
    found = decoded(pixels, frame, JPEG + "81")
    assert 0 < np.abs(found.astype(int) - pixels).max() <= 3
    np.testing.assert_array_equal(found, by_pydicom(pixels, frame, JPEG + "81"))


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("signed", [False, True])
def test_jpeg_2000_comes_back(bits: int, signed: bool) -> None:
    pixels = noise((40, 50), bits, signed=signed)
    frame = codecs.jpeg2k_encode(pixels, codecformat="J2K", reversible=True)
    np.testing.assert_array_equal(decoded(pixels, frame, JPEG + "90", BitsStored=bits), pixels)


def test_signed_values_in_an_unsigned_jpeg_2000_stream_get_their_sign() -> None:
    pixels = noise((40, 50), 12, signed=True)
    frame = codecs.jpeg2k_encode(
        pixels.view(np.uint16) & 4095, codecformat="J2K", reversible=True, bitspersample=12
    )
    found = decoded(pixels, frame, JPEG + "90", BitsStored=12)
    np.testing.assert_array_equal(found, pixels)
    np.testing.assert_array_equal(found, by_pydicom(pixels, frame, JPEG + "90", BitsStored=12))


@pytest.mark.parametrize(("mct", "photometric"), [(True, "YBR_RCT"), (True, "RGB"), (False, "RGB")])
@pytest.mark.parametrize("container", ["J2K", "JP2"])
def test_jpeg_2000_colours_come_back(mct: bool, photometric: str, container: str) -> None:
    pixels = noise((40, 50, 3), 8)
    frame = codecs.jpeg2k_encode(pixels, codecformat=container, reversible=True, mct=mct)
    found = decoded(pixels, frame, JPEG + "90", PhotometricInterpretation=photometric)
    np.testing.assert_array_equal(found, pixels)


def test_irreversible_jpeg_2000_is_pydicoms_but_for_rounding() -> None:
    pixels = noise((40, 50, 3), 8)
    frame = codecs.jpeg2k_encode(pixels, codecformat="J2K", reversible=False, level=45)
    tags = {"PhotometricInterpretation": "YBR_ICT"}
    found = decoded(pixels, frame, JPEG + "91", **tags).astype(int)
    assert np.abs(found - by_pydicom(pixels, frame, JPEG + "91", **tags)).max() <= 1


@pytest.mark.parametrize("syntax", ["201", "202", "203"])
@pytest.mark.parametrize("shape", [(64, 80), (64, 80, 3)])
def test_high_throughput_jpeg_2000_keeps_the_brightest(syntax: str, shape: tuple[int, ...]) -> None:
    pixels = noise(shape, 8)
    pixels[::3] = 255
    frame = codecs.htj2k_encode(pixels, reversible=True)
    np.testing.assert_array_equal(decoded(pixels, frame, JPEG + syntax), pixels)


def rle(pixels: NDArray[Any]) -> bytes:
    """Run-length coded: a segment for each byte of a sample, most significant first, plane after plane."""
    planes = pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, 2, 0)
    segments = []
    for plane in planes:
        big = np.ascontiguousarray(plane).astype(plane.dtype.newbyteorder(">"))
        parts = big.view(np.uint8).reshape(*plane.shape, -1)
        segments += [segment(parts[..., index]) for index in range(parts.shape[-1])]
    return rle_frame(segments)


def segment(plane: NDArray[Any]) -> bytes:
    """Rows (y, x) of bytes, each packed by itself, filled to an even length."""
    packed = b"".join(bytes(_encode_row(row.tobytes())) for row in plane)
    return packed + b"\0" * (len(packed) % 2)


def rle_frame(segments: list[bytes]) -> bytes:
    starts = np.cumsum([64, *(len(segment) for segment in segments)])[:-1]
    head = struct.pack("<16L", len(segments), *(int(start) for start in starts), *[0] * (15 - len(segments)))
    return head + b"".join(segments)


@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("shape", [(9, 11), (9, 11, 3)])
def test_run_lengths_come_back_as_pydicom_has_them(bits: int, signed: bool, shape: tuple[int, ...]) -> None:
    pixels = noise(shape, bits, signed=signed) // 7 * 7
    frame = rle(pixels)
    found = decoded(pixels, frame, RLE)
    np.testing.assert_array_equal(found, pixels)
    np.testing.assert_array_equal(found, by_pydicom(pixels, frame, RLE))


def test_run_lengths_with_padding_and_with_too_much_come_back() -> None:
    pixels = noise((9, 11), 16)
    high, low = segment((pixels >> 8).astype(np.uint8)), segment((pixels & 255).astype(np.uint8))
    frame = rle_frame([high + b"\x80\x80\0\0", low + b"\x05abcdef\0"])
    np.testing.assert_array_equal(decoded(pixels, frame, RLE), pixels)


@pytest.mark.parametrize("shape", [(8, 16), (7, 5)])
def test_run_lengths_and_deflate_hold_masks_of_one_bit(shape: tuple[int, int]) -> None:
    mask = noise(shape, 8) % 2
    packed = np.packbits(mask.reshape(-1), bitorder="little")
    tags = {"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}
    frame = rle_frame([segment(packed[None])])
    np.testing.assert_array_equal(decoded(mask, frame, RLE, **tags), mask)
    np.testing.assert_array_equal(decoded(mask, deflate(packed.tobytes()), DEFLATED_FRAMES, **tags), mask)


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("planar", [0, 1])
def test_deflated_frames_come_back(bits: int, planar: int) -> None:
    pixels = noise((9, 11, 3), bits)
    stored = np.moveaxis(pixels, 2, 0) if planar else pixels
    frame = deflate(stored.tobytes())
    np.testing.assert_array_equal(decoded(pixels, frame, DEFLATED_FRAMES, PlanarConfiguration=planar), pixels)


@pytest.mark.parametrize("syntax", [JPEG + "100", JPEG + "102", JPEG + "52", "1.2.3", "no uid", ""])
def test_a_syntax_that_is_not_in_the_table_is_refused_by_name(syntax: str) -> None:
    with pytest.raises(MemberError) as error:
        syntax_of(syntax)
    assert error.value.code == "unsupported_syntax"
    assert error.value.hint


FRAMES: dict[str, Callable[[NDArray[Any]], bytes]] = {
    JPEG + "50": lambda pixels: pillow_jpeg(pixels),
    JPEG + "70": lambda pixels: codecs.jpeg8_encode(pixels, lossless=True),
    JPEG + "80": lambda pixels: codecs.jpegls_encode(pixels),
    JPEG + "90": lambda pixels: codecs.jpeg2k_encode(pixels, codecformat="J2K", reversible=True),
    JPEG + "201": lambda pixels: codecs.htj2k_encode(pixels, reversible=True),
    RLE: rle,
    DEFLATED_FRAMES: lambda pixels: deflate(pixels.tobytes()),
}


@pytest.mark.parametrize("syntax", sorted(FRAMES))
def test_a_stream_of_another_size_than_the_header_is_refused_before_it_takes_memory(syntax: str) -> None:
    large = FRAMES[syntax](np.zeros((3000, 3000), np.uint8))
    found = picture(np.zeros((5, 6), np.uint8), large, syntax)
    tracemalloc.start()
    try:
        if syntax in (RLE, DEFLATED_FRAMES):
            # Neither knows its size: the header's many bytes are taken.
            assert found.frame().shape == (5, 6)
        else:
            with pytest.raises(MemberError) as error:
                found.frame()
            assert error.value.code == "decode_error"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("syntax", sorted(FRAMES))
def test_a_stream_that_ends_early_or_is_none_is_a_decode_error(syntax: str) -> None:
    pixels = noise((30, 40), 8)
    frame = FRAMES[syntax](pixels)
    for cut in (b"\0\0", frame[:20], b"\xff\xd8\xff\xd9", b"\xff\x4f\xff\x51" + bytes(20), bytes(100)):
        with pytest.raises(MemberError) as error:
            picture(pixels, cut, syntax).frame()
        assert error.value.code == "decode_error"
        assert error.value.reason.endswith(".")


def test_jpeg_ls_without_its_end_is_not_given_to_the_decoder() -> None:
    pixels = smooth((24, 32), 255)
    frame = codecs.jpegls_encode(pixels)
    with pytest.raises(MemberError, match="ends before its last pixel"):
        picture(pixels, frame[: len(frame) // 2], JPEG + "80").frame()


def test_more_bits_than_are_allocated_are_refused() -> None:
    frame = codecs.jpeg2k_encode(noise((20, 20), 16), codecformat="J2K", reversible=True)
    with pytest.raises(MemberError, match="16 bits"):
        picture(noise((20, 20), 8), frame, JPEG + "90").frame()


def test_every_syntax_of_the_table_has_a_test() -> None:
    encapsulated = {uid for uid, syntax in SYNTAXES.items() if syntax.decode is not None}
    tested = {
        JPEG + end
        for end in ["50", "51", "53", "55", "57", "70", "80", "81", "90", "91", "201", "202", "203"]
    }
    assert encapsulated == tested | {RLE, DEFLATED_FRAMES}
