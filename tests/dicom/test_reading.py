"""Datasets come out of bytes whole or not at all, in bounded memory and silence; see also test_pydicom_files."""

from __future__ import annotations

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.support.dicom import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    NATIVE,
    make_dataset,
    make_dicom,
    write_dicom,
)
from triptych.core.source import MemberError
from triptych.dicom import reading
from triptych.dicom.reading import looks_like_dicom, read_dataset, read_pixels

PIXELS = np.arange(12, dtype=np.uint16).reshape(3, 4)


@pytest.mark.parametrize("syntax", NATIVE)
def test_all_elements_are_read_in_every_native_syntax(syntax: str) -> None:
    data = make_dicom(PIXELS, syntax=syntax, WindowCenter=["1906.5", "40"])
    opened = read_dataset(data)
    assert opened.syntax == syntax
    assert not opened.forced
    assert opened.dataset.Rows == 3
    assert opened.dataset.file_meta.TransferSyntaxUID == syntax
    assert [float(each) for each in opened.dataset.WindowCenter] == [1906.5, 40]
    assert len(opened.dataset.PixelData) == 24


@pytest.mark.parametrize("syntax", NATIVE)
def test_the_header_alone_has_all_but_the_pixels(syntax: str) -> None:
    opened = read_dataset(BytesIO(make_dicom(PIXELS, syntax=syntax)), header_only=True)
    assert "PixelData" not in opened.dataset
    assert opened.dataset.PatientID == "P1"


@pytest.mark.parametrize("syntax", NATIVE)
def test_only_the_tags_asked_for_are_read(syntax: str) -> None:
    dataset = read_dataset(make_dicom(PIXELS, syntax=syntax), tags=["Rows", "PatientID"]).dataset
    assert [element.keyword for element in dataset] == ["PatientID", "Rows"]


@pytest.mark.parametrize("syntax", NATIVE)
def test_pixels_are_found_without_a_copy(syntax: str) -> None:
    opened, pixels = read_pixels(make_dicom(PIXELS, syntax=syntax))
    assert pixels is not None
    assert (pixels.keyword, pixels.undefined) == ("PixelData", False)
    assert pixels.big_endian == (syntax == BIG_ENDIAN)
    expected = PIXELS.astype(">u2" if pixels.big_endian else "<u2").tobytes()
    assert pixels.data == expected
    assert "PixelData" not in opened.dataset


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
@pytest.mark.parametrize("file_meta", [True, False])
def test_a_file_without_preamble_is_believed_for_its_group_0008(syntax: str, file_meta: bool) -> None:
    data = make_dicom(PIXELS, syntax=syntax, preamble=False, file_meta=file_meta)
    opened = read_dataset(data)
    assert opened.forced
    assert opened.syntax == syntax
    assert opened.dataset.Rows == 3
    assert looks_like_dicom(data[:132])


def test_a_deflated_file_without_preamble_is_read_too() -> None:
    opened = read_dataset(make_dicom(PIXELS, syntax=DEFLATED, preamble=False))
    assert opened.forced
    assert opened.dataset.Rows == 3


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        PNG,
        b"\xff\xd8\xff\xe0" + bytes(300),
        b"Patient name,age\n" * 50,
        bytes(1000),
        b"\x08\0" * 500,
    ],
    ids=["nothing", "a byte", "png", "jpeg", "text", "zeros", "group 8 all over"],
)
def test_what_is_not_dicom_is_said_not_to_be(data: bytes) -> None:
    assert not looks_like_dicom(data[:132])
    with pytest.raises(MemberError) as error:
        read_dataset(data)
    assert error.value.code == "not_dicom"
    assert error.value.hint


def test_random_bytes_hardly_ever_look_like_dicom() -> None:
    random = np.random.default_rng(7)
    assert not any(looks_like_dicom(random.bytes(132)) for _ in range(20_000))


@pytest.mark.parametrize("length", [0, 3, 8, 100, 131])
def test_looking_reads_no_further_than_there_are_bytes(length: int) -> None:
    data = make_dicom(PIXELS, file_meta=False)[:length]
    assert looks_like_dicom(data) == (length >= 8)


def test_a_mark_with_nothing_behind_it_is_a_broken_header() -> None:
    with pytest.raises(MemberError) as error:
        read_dataset(bytes(128) + b"DICM")
    assert error.value.code == "header_error"


def nested(depth: int) -> bytes:
    """Sequences of undefined length in each other, never ended."""
    item = struct.pack("<HH2sHL", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    return write_dicom(make_dataset()) + item * depth


def test_sequences_without_end_do_not_exhaust_the_stack() -> None:
    with pytest.raises(MemberError) as error:
        read_dataset(nested(100_000))
    assert error.value.code == "header_error"


def test_a_length_beyond_the_end_reads_what_there_is() -> None:
    data = (
        write_dicom(make_dataset()) + struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFF0) + b"abcd"
    )
    _, pixels = read_pixels(data)
    assert pixels is not None
    assert bytes(pixels.data) == b"abcd"


def test_a_deflated_dataset_inflates_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_INFLATED", 2**22)
    monkeypatch.setattr(reading, "MAX_INFLATED_HEADER", 2**23)
    bomb = make_dicom(np.zeros((4000, 4000), np.uint16), syntax=DEFLATED)
    assert len(bomb) < 2**17
    with pytest.raises(MemberError) as error:
        read_dataset(bomb)
    assert error.value.code == "too_many_pixels"
    assert read_dataset(bomb, header_only=True).dataset.Rows == 4000


def test_a_damaged_deflated_dataset_is_a_broken_header() -> None:
    data = make_dicom(PIXELS, syntax=DEFLATED)
    start = data.index(b"1.2.840.10008.1.2.1.99")
    body = bytearray(data)
    begin = next(at for at in range(start, len(data)) if _inflates(data[at:]))
    body[begin : begin + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(MemberError) as error:
        read_dataset(bytes(body))
    assert error.value.code == "header_error"


def _inflates(data: bytes) -> bool:
    try:
        return len(zlib.decompressobj(-15).decompress(data)) > 100
    except zlib.error:
        return False


def test_reading_is_silent_about_values_and_logs_none(caplog: pytest.LogCaptureFixture) -> None:
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.3"
    dataset.SpecificCharacterSet = "ISO_NOT_A_SET"
    dataset.add_new(0x00100020, "LO", b"secret\xff\xfe")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = write_dicom(dataset)
    opened = read_dataset(data)
    assert opened.dataset.PatientID
    assert not caplog.text


def test_many_threads_read_at_once_and_leave_the_filters_as_strict_as_they_were() -> None:
    data = make_dicom(PIXELS)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: read_dataset(data).dataset.Rows, range(200)))
    assert found == [3] * 200
    with pytest.raises(UserWarning, match="of ours"):
        warnings.warn("of ours", UserWarning, stacklevel=1)


def test_a_dataset_equals_the_one_that_pydicom_reads() -> None:
    data = make_dicom(PIXELS, WindowWidth="3")
    assert read_dataset(data).dataset == dcmread(BytesIO(data))
