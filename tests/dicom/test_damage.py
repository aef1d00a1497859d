"""Files that are cut, or have bytes changed: whatever comes out is pixels or a MemberError, in bounded memory."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.sequence import Sequence

from tests.support.dicom import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT, make_dataset, make_dicom
from triptych.core.source import MemberError
from triptych.dicom.luts import to_display
from triptych.dicom.picture import DicomPicture
from triptych.dicom.reading import looks_like_dicom, read_dataset

FILES = Path(pydicom.__file__).parent / "data" / "test_files"
JPEG = "1.2.840.10008.1.2.4."
MAX_PIXELS = 400_000
ROUNDS = 100

codecs: Any = imagecodecs
GREY = (np.add.outer(np.arange(24), np.arange(32)) * 4).astype(np.uint16)
RGB = np.random.default_rng(0).integers(0, 256, (24, 32, 3)).astype(np.uint8)


def deflate(pixels: Any) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(pixels.tobytes()) + packer.flush()


def inner() -> Any:
    """A table in a sequence in a sequence, so that structure is damaged too."""
    entry = make_dataset(WindowCenter=3)
    return Sequence(
        [make_dataset(VOILUTSequence=Sequence([entry]), IconImageSequence=Sequence([make_dataset()]))]
    )


lossless = codecs.jpeg8_encode(GREY, lossless=True, bitspersample=16)
extended = codecs.jpeg8_encode(GREY, bitspersample=12)
wavelet = codecs.jpeg2k_encode(RGB, codecformat="J2K", reversible=True)

SAMPLES = {
    "explicit": make_dicom(GREY, syntax=EXPLICIT, RescaleSlope="1.5", ReferencedImageSequence=inner()),
    "implicit": make_dicom(GREY, syntax=IMPLICIT, WindowCenter=["1", "2"], WindowWidth=["3", "4"]),
    "big endian": make_dicom(RGB, syntax=BIG_ENDIAN),
    "deflated": make_dicom(GREY, syntax=DEFLATED),
    "no meta": make_dicom(GREY, file_meta=False),
    "two frames": make_dicom(np.stack([GREY, GREY]), NumberOfFrames=2),
    "baseline": make_dicom(RGB, syntax=JPEG + "50", frames=[codecs.jpeg8_encode(RGB)]),
    "lossless": make_dicom(GREY, syntax=JPEG + "70", frames=[lossless]),
    "12 bits": make_dicom(GREY, syntax=JPEG + "51", BitsStored=12, frames=[extended]),
    "jpeg-ls": make_dicom(GREY, syntax=JPEG + "80", frames=[codecs.jpegls_encode(GREY)]),
    "jpeg 2000": make_dicom(RGB, syntax=JPEG + "90", frames=[wavelet]),
    "htj2k": make_dicom(GREY, syntax=JPEG + "201", frames=[codecs.htj2k_encode(GREY, reversible=True)]),
    "deflated frames": make_dicom(GREY, syntax="1.2.840.10008.1.2.8.1", frames=[deflate(GREY)]),
    "rle": (FILES / "SC_rgb_rle_2frame.dcm").read_bytes(),
    "overlay": (FILES / "MR_small_padded.dcm").read_bytes(),
    "directory": (FILES / "dicomdirtests" / "DICOMDIR").read_bytes(),
    "structures": (FILES / "rtstruct.dcm").read_bytes(),
}  # fmt: skip


def exercise(data: bytes) -> str:
    """Everything that is ever asked of a file; the code of the error that came out, or "ok"."""
    looks_like_dicom(data[:132])
    with suppress(MemberError):
        read_dataset(data)
    try:
        picture = DicomPicture(data, max_pixels=MAX_PIXELS)
        for index in range(min(3, picture.facts.frames)):
            frame = picture.frame(index)
            assert frame.shape[:2] == (picture.facts.height, picture.facts.width)
            assert str(frame.dtype) == picture.facts.dtype
            shown = to_display(picture.values(frame, index), picture.facts, picture.voi_lut)
            assert shown.dtype == np.uint8
            picture.overlays(index)
    except MemberError as error:
        return error.code
    return "ok"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_changed_bytes_end_in_pixels_or_a_clean_error(name: str) -> None:
    random = np.random.default_rng(zlib.crc32(name.encode()))
    whole = SAMPLES[name]
    for _ in range(ROUNDS):
        data = bytearray(whole)
        # Half of the changes hit the header, which is small beside the pixels.
        for _ in range(int(random.integers(1, 9))):
            reach = len(data) if random.random() < 0.5 else min(len(data), 1500)
            data[int(random.integers(0, reach))] = int(random.integers(0, 256))
        exercise(bytes(data))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_cut_files_end_in_pixels_or_a_clean_error(name: str) -> None:
    whole = SAMPLES[name]
    random = np.random.default_rng(zlib.crc32(name.encode()) + 1)
    outcomes = {
        exercise(whole[:end]) for end in {*random.integers(0, len(whole), ROUNDS).tolist(), 0, 132, 200}
    }
    assert "not_dicom" in outcomes


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_samples_themselves_are_whole(name: str) -> None:
    assert exercise(SAMPLES[name]) == ("no_pixels" if name in ("directory", "structures") else "ok")
