"""Frames and facts of DICOM pictures, on generated files and on real series; see also test_pydicom_files."""

from __future__ import annotations

import tracemalloc
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import convert_color_space
from pydicom.sequence import Sequence

from tests.support.dicom import (
    BIG_ENDIAN,
    EXPLICIT,
    IMPLICIT,
    NATIVE,
    make_dataset,
    make_dicom,
    noise,
    open_picture,
    write_dicom,
)
from tests.support.dicom import refused_picture as refused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RLE = "1.2.840.10008.1.2.5"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
MAX_PIXELS = 10_000_000


def by_pydicom(data: bytes) -> NDArray[Any]:
    found: NDArray[Any] = dcmread(BytesIO(data)).pixel_array
    return found


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32])
@pytest.mark.parametrize("shape", [(5, 7), (3, 5, 7), (5, 7, 3), (2, 5, 7, 3)])
def test_native_pixels_come_back(syntax: str, dtype: Any, shape: tuple[int, ...]) -> None:
    pixels = noise(shape, dtype)
    picture = open_picture(make_dicom(pixels, syntax=syntax))
    color = shape[-1] == 3
    frames = pixels if len(shape) == (4 if color else 3) else pixels[None]
    assert picture.facts.frames == len(frames)
    assert picture.facts.bands == (("red", "green", "blue") if color else ("gray",))
    for index, frame in enumerate(frames):
        found = picture.frame(index)
        assert found.dtype == pixels.dtype
        assert found.flags.c_contiguous
        np.testing.assert_array_equal(found, frame)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("syntax", NATIVE)
def test_float_pixels_come_back(dtype: Any, syntax: str) -> None:
    pixels = np.random.default_rng(1).normal(size=(2, 4, 5)).astype(dtype)
    picture = open_picture(make_dicom(pixels, syntax=syntax))
    assert (picture.facts.dtype, picture.facts.bit_depth) == (str(pixels.dtype), pixels.dtype.itemsize * 8)
    np.testing.assert_array_equal(picture.frame(1), pixels[1])


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
def test_colours_stored_by_plane_are_brought_together(syntax: str) -> None:
    pixels = noise((2, 5, 7, 3), np.uint16)
    planes = np.moveaxis(pixels, 3, 1).astype(">u2" if syntax == BIG_ENDIAN else "<u2").tobytes()
    picture = open_picture(make_dicom(pixels, syntax=syntax, PixelData=planes, PlanarConfiguration=1))
    np.testing.assert_array_equal(picture.frame(1), pixels[1])


@pytest.mark.parametrize("size", [(2, 5), (3, 5), (4, 4)])
def test_frames_of_8_bits_in_words_of_big_endian_files_are_pydicoms(size: tuple[int, int]) -> None:
    pixels = noise((3, *size), np.uint8)
    raw = pixels.tobytes() + b"\0" * (pixels.size % 2)
    swapped = np.frombuffer(raw, "<u2").byteswap().tobytes()
    dataset = make_dataset(pixels)
    dataset.add_new(0x7FE00010, "OW", swapped)
    picture = open_picture(write_dicom(dataset, syntax=BIG_ENDIAN))
    np.testing.assert_array_equal([picture.frame(index) for index in range(3)], pixels)


def test_masks_of_one_bit_need_not_begin_with_a_byte() -> None:
    pixels = noise((5, 3, 7), np.uint8) % 2
    packed = np.packbits(pixels.reshape(-1), bitorder="little").tobytes()
    data = make_dicom(pixels, PixelData=packed, BitsAllocated=1, BitsStored=1, HighBit=0)
    picture = open_picture(data)
    np.testing.assert_array_equal([picture.frame(index) for index in range(5)], pixels)
    assert (picture.facts.dtype, picture.facts.bit_depth) == ("uint8", 1)


@pytest.mark.parametrize("signed", [False, True])
def test_12_bits_packed_as_acr_nema_has_them_come_back(signed: bool) -> None:
    values = np.random.default_rng(2).integers(-2048 if signed else 0, 2048, (3, 5, 7))
    packed = bytearray()
    flat = [int(value) & 0xFFF for value in values.reshape(-1)] + [0]
    for first, second in zip(flat[::2], flat[1::2], strict=False):
        packed += bytes([first & 255, first >> 8 | (second & 15) << 4, second >> 4])
    data = make_dicom(
        values.astype(np.int16), PixelData=bytes(packed) + b"\0" * (len(packed) % 2), BitsAllocated=12,
        BitsStored=12, HighBit=11, PixelRepresentation=int(signed),
    )  # fmt: skip
    picture = open_picture(data)
    np.testing.assert_array_equal([picture.frame(index) for index in range(3)], values)
    assert picture.facts.dtype == ("int16" if signed else "uint16")


@pytest.mark.parametrize("signed", [False, True])
def test_bits_that_are_not_stored_do_not_reach_the_values(signed: bool) -> None:
    pixels = noise((9, 9), np.int16 if signed else np.uint16)
    data = make_dicom(pixels, BitsStored=12, HighBit=11)
    found = open_picture(data).frame()
    assert found.min() >= (-2048 if signed else 0)
    assert found.max() <= (2047 if signed else 4095)
    np.testing.assert_array_equal(found & 0xFFF, pixels & 0xFFF)
    np.testing.assert_array_equal(found, by_pydicom(data))


def test_halved_chroma_is_filled_and_turned_to_rgb() -> None:
    raw = noise((4, 6 * 2), np.uint8)
    data = make_dicom(
        np.zeros((4, 6, 3), np.uint8), PhotometricInterpretation="YBR_FULL_422", PixelData=raw.tobytes()
    )
    picture = open_picture(data)
    np.testing.assert_array_equal(picture.frame(), by_pydicom(data))
    assert picture.facts.photometric == "YBR_FULL_422"
    assert picture.facts.notes == ()


def test_chroma_that_is_whole_although_it_is_said_to_be_halved() -> None:
    pixels = noise((4, 6, 3), np.uint8)
    picture = open_picture(make_dicom(pixels, PhotometricInterpretation="YBR_FULL_422"))
    np.testing.assert_array_equal(picture.frame(), convert_color_space(pixels, "YBR_FULL", "RGB"))


def test_many_frames_never_lie_in_memory_together() -> None:
    pixels = np.zeros((400, 64, 64), np.uint16)
    pixels[:, 0, 0] = np.arange(400)
    data = make_dicom(pixels)
    tracemalloc.start()
    try:
        picture = open_picture(data)
        assert [int(picture.frame(index)[0, 0]) for index in range(400)] == list(range(400))
        assert tracemalloc.get_traced_memory()[1] < 600_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("size", "left"), [((4, 6), 30), ((4, 6), 1)])
def test_what_the_file_lacks_is_zeros_and_noted(size: tuple[int, int], left: int) -> None:
    pixels = noise((3, *size), np.uint16) | 1
    data = make_dicom(pixels)
    picture = open_picture(data[: len(data) - pixels.nbytes + left])
    assert picture.facts.notes == ("ok_padded",)
    whole = np.frombuffer(pixels.tobytes()[:left] + bytes(pixels.nbytes - left), "<u2").reshape(pixels.shape)
    np.testing.assert_array_equal([picture.frame(index) for index in range(3)], whole)


def test_a_file_that_ends_before_its_pixels_is_truncated() -> None:
    data = make_dicom(noise((4, 6), np.uint16))
    assert refused(data[:-48]).code == "truncated"


def test_more_data_than_the_header_declares_is_left_aside() -> None:
    pixels = noise((4, 6), np.uint16)
    picture = open_picture(make_dicom(pixels, PixelData=pixels.tobytes() * 2))
    np.testing.assert_array_equal(picture.frame(), pixels)
    assert picture.facts.frames == 1


def test_a_frame_that_is_not_there_is_an_index_error() -> None:
    picture = open_picture(make_dicom(noise((2, 4, 6), np.uint16)))
    for index in (2, -1):
        with pytest.raises(IndexError):
            picture.frame(index)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("Rows", None), ("Columns", None), ("BitsAllocated", None), ("Rows", 0), ("BitsAllocated", 64),
        ("BitsAllocated", 24), ("BitsAllocated", 7), ("BitsStored", 17), ("BitsStored", 0),
        ("PixelRepresentation", 2), ("SamplesPerPixel", 3), ("SamplesPerPixel", 4), ("SamplesPerPixel", 0),
        ("PhotometricInterpretation", "RGB"), ("PhotometricInterpretation", "HSV"), ("NumberOfFrames", -1),
        ("PhotometricInterpretation", "PALETTE COLOR"),
    ],
)  # fmt: skip
def test_headers_that_lack_or_contradict_are_refused(keyword: str, value: Any) -> None:
    pixels = noise((4, 6), np.uint16)
    assert (
        refused(make_dicom(pixels, **{keyword: value, "PixelData": pixels.tobytes()})).code == "header_error"
    )


def test_numbers_of_the_wrong_kind_are_refused() -> None:
    dataset = make_dataset(noise((4, 6), np.uint16), PixelData=bytes(48))
    for element, vr, value in ((0x0010, "US", [4, 4]), (0x0011, "LO", "many"), (0x0008, "LO", "1A")):
        wrong = Dataset(dataset)
        wrong.add_new(0x00280000 | element, vr, value)
        data = write_dicom(wrong)
        if vr == "LO":
            assert refused(data).code == "header_error"
        else:
            assert open_picture(data).facts.height == 4


@pytest.mark.parametrize(("rows", "frames"), [(65535, 1), (4, 2**31 - 1), (60_000, 99_999_999)])
def test_pictures_that_claim_too_much_are_refused_before_anything_is_decoded(rows: int, frames: int) -> None:
    tags: dict[str, Any] = {"Rows": rows, "Columns": 65535, "NumberOfFrames": frames, "PixelData": bytes(48)}
    data = make_dicom(noise((4, 6), np.uint16), **tags)
    tracemalloc.start()
    try:
        assert refused(data).code == "too_many_pixels"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_what_has_no_pixels_says_so() -> None:
    assert refused(make_dicom(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR")).code == "no_pixels"
    icon = make_dataset(noise((4, 6), np.uint8), PixelData=bytes(24))
    with_icon = make_dataset(IconImageSequence=Sequence([icon]))
    assert refused(write_dicom(with_icon)).code == "no_pixels"


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
def test_a_file_that_ends_within_an_element_before_its_pixels_is_truncated(syntax: str) -> None:
    data = make_dicom(noise((4, 6), np.uint16), syntax=syntax)
    assert refused(data[: data.index(b"Test^Person") + 4]).code == "truncated"


def test_elements_that_derail_before_the_pixels_are_a_broken_header() -> None:
    data = make_dicom(noise((4, 6), np.uint16))
    begin = data.index(b"\x10\0\x10\0PN")
    shifted = data[:begin] + b"\x28\0\x04\x01US\2\0ab" + data[begin : data.index(b"\x28\0\x02\0US")]
    assert refused(shifted).code == "header_error"


def test_a_film_in_a_video_syntax_is_not_supported() -> None:
    pixels = noise((2, 4, 6), np.uint8)
    data = make_dicom(pixels, syntax="1.2.840.10008.1.2.4.102", frames=[b"\0\0\0\1abcd"])
    assert refused(data).code == "unsupported_syntax"


def test_fragments_in_an_uncompressed_syntax_contradict_it() -> None:
    pixels = noise((4, 6), np.uint16)
    assert refused(make_dicom(pixels, syntax=EXPLICIT, frames=[b"abcd"])).code == "header_error"


def test_real_series_have_the_pixels_that_pydicom_has(real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "dicom" / "mixed_series__flat.zip") as archive:
        names = archive.namelist()
        units = set()
        for name in names[::9]:
            data = archive.read(name)
            picture = open_picture(data)
            np.testing.assert_array_equal(picture.frame(), by_pydicom(data))
            assert picture.facts.notes == ()
            units.add(picture.facts.unit)
        assert len(names) == 636
        assert units == {"HU", ""}
