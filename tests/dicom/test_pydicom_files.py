"""Every file that pydicom's package carries for its own tests, against a table and against pydicom itself.

The table, `pydicom_files.csv`, has for each file the verdict, and for pictures the number of frames, dtype, shape and
digest of the first frame. TRIPTYCH_RENEW_GOLDEN=1 writes it anew; review it as code.
"""

from __future__ import annotations

import csv
import hashlib
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from pydicom.pixels.processing import apply_color_lut

from triptych.core.source import MemberError
from triptych.dicom.picture import DicomPicture
from triptych.dicom.reading import looks_like_dicom, read_dataset

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA = Path(pydicom.__file__).parent / "data"
FOLDERS = ("charset_files", "palettes", "test_files")
TABLE = Path(__file__).with_name("pydicom_files.csv")
COLUMNS = ("file", "verdict", "frames", "dtype", "shape", "digest")
MAX_PIXELS = 10_000_000

UNDECODED_BY_PYDICOM = {
    "test_files/GDCMJ2K_TextGBR.dcm",
    "test_files/JPEG-lossy.dcm",
    "test_files/JPGExtended.dcm",
    "test_files/MR_truncated.dcm",
    "test_files/SC_rgb_jpeg_gdcm.dcm",
}
"""Pictures of the table that pydicom cannot decode with what is installed for these tests."""


def files() -> list[str]:
    found = (path for folder in FOLDERS for path in (DATA / folder).rglob("*"))
    return sorted(path.relative_to(DATA).as_posix() for path in found if path.is_file())


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def observe(name: str) -> dict[str, str]:
    """What there is to say about a file; every frame is decoded."""
    row = dict.fromkeys(COLUMNS, "")
    try:
        picture = DicomPicture((DATA / name).read_bytes(), max_pixels=MAX_PIXELS)
        frames = [picture.frame(index) for index in range(picture.facts.frames)]
    except MemberError as error:
        return row | {"file": name, "verdict": error.code}
    facts, first = picture.facts, frames[0]
    for frame in frames:
        assert str(frame.dtype) == facts.dtype
        assert frame.flags.c_contiguous
        assert frame.dtype.isnative
        assert frame.shape[:2] == (facts.height, facts.width)
        assert len(facts.bands) == (1 if frame.ndim == 2 else frame.shape[2])
    return {
        "file": name,
        "verdict": " ".join(facts.notes) or "ok",
        "frames": str(facts.frames),
        "dtype": facts.dtype,
        "shape": "x".join(map(str, first.shape)),
        "digest": hashlib.sha256(first.astype(first.dtype.newbyteorder("<")).tobytes()).hexdigest()[:16],
    }


def test_the_table_has_every_file_of_the_package_and_no_other() -> None:
    if os.environ.get("TRIPTYCH_RENEW_GOLDEN"):
        with TABLE.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(observe(name) for name in files())
    assert sorted(table()) == files()
    assert len(files()) > 180


@pytest.mark.parametrize("name", files())
def test_each_file_is_what_the_table_says(name: str) -> None:
    assert observe(name) == table()[name]


def pydicom_pixels(name: str) -> NDArray[Any] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(DATA / name, force=True)
        try:
            pixels: NDArray[Any] = dataset.pixel_array
        except (RuntimeError, ValueError, AttributeError):
            return None
        palette = dataset.PhotometricInterpretation == "PALETTE COLOR"
        return apply_color_lut(pixels, dataset) if palette else pixels


@pytest.mark.parametrize("name", [name for name, row in table().items() if row["digest"]])
def test_pixels_are_those_of_pydicom_bit_for_bit(name: str) -> None:
    expected = pydicom_pixels(name)
    assert (expected is None) == (name in UNDECODED_BY_PYDICOM)
    if expected is None:
        return
    picture = DicomPicture((DATA / name).read_bytes(), max_pixels=MAX_PIXELS)
    frames = expected if picture.facts.frames > 1 else expected[None]
    assert len(frames) == picture.facts.frames
    for index, frame in enumerate(frames):
        found = picture.frame(index)
        assert found.dtype == frame.dtype.newbyteorder("=")
        np.testing.assert_array_equal(found, frame)


@pytest.mark.parametrize("name", [name for name, row in table().items() if not row["digest"]])
def test_what_has_no_pixels_here_has_none_in_pydicom(name: str) -> None:
    if table()[name]["verdict"] == "not_dicom":
        assert not looks_like_dicom((DATA / name).read_bytes()[:132])
    else:
        assert pydicom_pixels(name) is None


@pytest.mark.parametrize("name", [name for name, row in table().items() if row["verdict"] != "not_dicom"])
def test_the_header_has_pydicoms_elements_with_and_without_pixels(name: str) -> None:
    data = (DATA / name).read_bytes()
    assert looks_like_dicom(data[:132])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = [*pydicom.dcmread(DATA / name, force=True).keys()]
    assert [*read_dataset(data).dataset.keys()] == expected
    header = [*read_dataset(data, header_only=True).dataset.keys()]
    assert header == [tag for tag in expected if tag < 0x7FE00008]


def test_a_lossless_jpeg_that_pydicom_does_not_decode_has_the_pixels_of_its_uncompressed_twin() -> None:
    jpeg, twin = (
        DicomPicture((DATA / "test_files" / name).read_bytes(), max_pixels=MAX_PIXELS).frame(0)
        for name in ("SC_rgb_jpeg_gdcm.dcm", "SC_rgb_rle.dcm")
    )
    np.testing.assert_array_equal(jpeg, twin)
