"""Frames of encapsulated pixel data are found by their tables and without them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate, encapsulate_extended

from tests.support.dicom import make_dataset, make_dicom, noise, open_picture, write_dicom
from tests.support.dicom import refused_picture as refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
JPEG_2000 = "1.2.840.10008.1.2.4.90"


def deflated(pixels: NDArray[Any]) -> list[bytes]:
    packers = [zlib.compressobj(wbits=-15) for _ in pixels]
    packed = [
        packer.compress(frame.tobytes()) + packer.flush()
        for packer, frame in zip(packers, pixels, strict=True)
    ]
    return [frame + b"\0" * (len(frame) % 2) for frame in packed]


@pytest.mark.parametrize("basic_offsets", [True, False])
def test_frames_are_found_with_and_without_an_offset_table(basic_offsets: bool) -> None:
    pixels = noise((5, 4, 6), np.uint16)
    data = make_dicom(pixels, syntax=DEFLATED_FRAMES, frames=deflated(pixels), basic_offsets=basic_offsets)
    picture = open_picture(data)
    np.testing.assert_array_equal(
        [picture.frame(index) for index in (4, 0, 1, 2, 3)], pixels[[4, 0, 1, 2, 3]]
    )
    assert picture.facts.notes == ()


def jpeg_2000(pixels: NDArray[Any]) -> list[bytes]:
    frames = [imagecodecs.jpeg2k_encode(frame, codecformat="J2K", reversible=True) for frame in pixels]
    return [bytes(frame) + b"\0" * (len(frame) % 2) for frame in frames]


@pytest.mark.parametrize("table", ["basic", "none", "lies"])
def test_frames_of_many_fragments_are_put_together(table: str) -> None:
    pixels = noise((3, 30, 40), np.uint16)
    value = bytearray(encapsulate(jpeg_2000(pixels), fragments_per_frame=4, has_bot=table != "none"))
    if table == "lies":
        value[8 + 4 : 8 + 8] = b"\x11\x11\x11\x11"
    dataset = make_dataset(pixels, PixelData=bytes(value))
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    picture = open_picture(write_dicom(dataset, syntax=JPEG_2000))
    np.testing.assert_array_equal([picture.frame(index) for index in range(3)], pixels)


def test_frames_are_found_by_the_extended_offset_table() -> None:
    pixels = noise((3, 30, 40), np.uint16)
    value, offsets, lengths = encapsulate_extended(jpeg_2000(pixels))
    dataset = make_dataset(
        pixels, PixelData=value, ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths
    )
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    picture = open_picture(write_dicom(dataset, syntax=JPEG_2000))
    np.testing.assert_array_equal([picture.frame(index) for index in range(3)], pixels)


def test_frames_that_are_missing_are_zeros_and_noted() -> None:
    pixels = noise((5, 4, 6), np.uint16)
    frames = deflated(pixels)[:3]
    picture = open_picture(make_dicom(pixels, syntax=DEFLATED_FRAMES, frames=frames))
    assert picture.facts.notes == ("ok_padded",)
    np.testing.assert_array_equal(picture.frame(2), pixels[2])
    assert not picture.frame(4).any()


def test_compressed_data_without_a_fragment_is_truncated() -> None:
    pixels = noise((4, 6), np.uint16)
    whole = make_dicom(pixels, syntax=DEFLATED_FRAMES, frames=[b"abcd"])
    start = whole.index(b"abcd")
    assert refused(whole[: start - 8]).code == "truncated"
    assert refused(make_dicom(pixels, syntax=DEFLATED_FRAMES, PixelData=bytes(48))).code == "truncated"
