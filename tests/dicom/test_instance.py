"""The header of one file: pydicom's values, whatever the encoding, and a clean answer to what is damaged."""

from __future__ import annotations

import io
import math
import random
import struct
import tracemalloc
import warnings
import zipfile
from collections import Counter
from copy import deepcopy
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom import examples
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

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
from triptych.dicom.instance import HeaderCut, Instance, read_instance

PIXELS = np.arange(6, dtype=np.uint16).reshape(2, 3)

GEOMETRY: dict[str, Any] = {
    "ImagePositionPatient": [-125, "1.25", 5.8360586],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "PixelSpacing": ["0.5", "0.75"],
    "SliceThickness": "2.5",
    "SpacingBetweenSlices": "3",
    "GantryDetectorTilt": "-18.5",
}


def of(**tags: Any) -> Instance:
    return read_instance(make_dicom(PIXELS, **tags))


@pytest.mark.parametrize("syntax", NATIVE)
def test_every_encoding_gives_the_same_instance(syntax: str) -> None:
    tags = GEOMETRY | {
        "EchoTime": "4.92",
        "EchoNumbers": 2,
        "TemporalPositionIdentifier": 3,
        "StudyDate": "20040119",
    }
    found = read_instance(make_dicom(PIXELS, syntax=syntax, SOPInstanceUID="1.2.3", **tags))
    plain = read_instance(make_dicom(PIXELS, SOPInstanceUID="1.2.3", **tags))
    assert found.transfer_syntax == syntax
    assert replace(found, transfer_syntax=EXPLICIT) == plain
    assert (plain.rows, plain.columns, plain.frames, plain.has_pixels) == (2, 3, 1, True)
    assert plain.position == (-125.0, 1.25, 5.8360586)
    assert plain.orientation == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    assert (plain.spacing, plain.slice_thickness, plain.spacing_between) == ((0.5, 0.75), 2.5, 3.0)
    assert (plain.echo_time, plain.echo_number, plain.temporal_position) == (4.92, 2, 3.0)
    assert (plain.gantry_tilt, plain.study_date, plain.modality) == (-18.5, "2004-01-19", "CT")


@pytest.mark.parametrize(("preamble", "file_meta"), [(True, True), (False, True), (False, False)])
def test_files_without_a_mark_are_read_and_said_to_be(preamble: bool, file_meta: bool) -> None:
    found = read_instance(make_dicom(PIXELS, preamble=preamble, file_meta=file_meta))
    assert (found.rows, found.columns, found.has_pixels) == (2, 3, True)
    assert found.forced is not preamble


def test_pixels_of_every_kind_are_pixels_and_their_lack_is_not() -> None:
    assert read_instance(make_dicom(PIXELS.astype(np.float32))).has_pixels
    assert read_instance(make_dicom(PIXELS.astype(np.float64))).has_pixels
    assert not read_instance(make_dicom(Rows=2, Columns=3)).has_pixels


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("size", [0, 100, 140, 300, 2000, 20_000])
def test_a_cut_header_asks_for_more_and_never_answers_wrong(syntax: str, size: int) -> None:
    noise = "".join(random.Random(4).choices("abcdefghijklmnopqrstuvwxyz ", k=60_000))
    data = make_dicom(PIXELS, syntax=syntax, ImageComments=noise, **GEOMETRY)
    assert len(data) > 30_000
    with pytest.raises(HeaderCut) as cut:
        read_instance(data[:size], whole=False)
    assert cut.value.code == "header_cut"
    whole = read_instance(data)
    assert read_instance(data[:-10] + b"?" * 10 if syntax != DEFLATED else data, whole=False) == whole


def test_the_first_bytes_of_a_large_picture_are_enough() -> None:
    data = make_dicom(np.zeros((512, 512), np.int16), **GEOMETRY)
    assert read_instance(data[:4096], whole=False) == read_instance(data)


@pytest.mark.parametrize(
    ("keyword", "value", "field", "expected"),
    [
        ("InstanceNumber", b"1A", "instance_number", None),
        ("InstanceNumber", b"12.0", "instance_number", 12),
        ("InstanceNumber", b"1906.5", "instance_number", None),
        ("InstanceNumber", b" 7 ", "instance_number", 7),
        ("InstanceNumber", b"", "instance_number", None),
        ("InstanceNumber", b"1_0 ", "instance_number", None),
        ("InstanceNumber", b"9" * 60, "instance_number", None),
        ("EchoTime", b"1906.5", "echo_time", 1906.5),
        ("EchoTime", b"4.9\\5.1 ", "echo_time", 4.9),
        ("EchoTime", b"NaN ", "echo_time", None),
        ("EchoTime", b"inf ", "echo_time", None),
        ("SliceThickness", b"-1", "slice_thickness", None),
        ("PixelSpacing", b"0\\0 ", "spacing", None),
        ("PixelSpacing", b"1\\\\", "spacing", None),
        ("ImagePositionPatient", b"1\\2 ", "position", None),
        ("ImagePositionPatient", b"1\\2\\3\\4 ", "position", None),
        ("ImagePositionPatient", b"1\\nan\\3 ", "position", None),
        ("ImageOrientationPatient", b"0\\0\\0\\0\\0\\0 ", "orientation", None),
        ("NumberOfFrames", b"-5", "frames", 1),
        ("NumberOfFrames", b"many", "frames", 1),
        ("NumberOfFrames", b"99999999999 ", "frames", 99_999_999_999),
        ("StudyDate", b"2004.01.19", "study_date", "2004-01-19"),
        ("StudyDate", b"20041399", "study_date", None),
        ("StudyDate", b"yesterday ", "study_date", None),
        ("Modality", b"\0\0", "modality", ""),
        ("SeriesDescription", b"T2\\AX\x07 ", "series_description", "T2 AX"),
        ("StudyInstanceUID", b"", "study_uid", None),
    ],
)
def test_odd_values_are_read_or_absent_and_never_an_error(
    keyword: str, value: bytes, field: str, expected: object
) -> None:
    data = write_dicom(raw(make_dataset(PIXELS, PixelData=PIXELS.tobytes()), keyword, value))
    assert getattr(read_instance(data), field) == expected


def raw(dataset: Dataset, keyword: str, value: bytes) -> Dataset:
    """The dataset with the bytes of one element set without asking whether they are valid."""
    tag = pydicom.tag.Tag(keyword)
    vr = pydicom.datadict.dictionary_VR(tag)
    dataset[tag] = pydicom.dataelem.RawDataElement(tag, vr, len(value), value, 0, False, True)
    if "PixelData" in dataset:
        dataset["PixelData"].VR = "OW"
    return dataset


def test_sizes_in_a_wrong_type_are_still_numbers() -> None:
    dataset = make_dataset(PIXELS)
    for keyword, vr, value in (("Rows", "UL", struct.pack("<L", 70_000)), ("Columns", "IS", b"12")):
        tag = pydicom.tag.Tag(keyword)
        dataset[tag] = pydicom.dataelem.RawDataElement(tag, vr, len(value), value, 0, False, True)
    found = read_instance(write_dicom(dataset))
    assert (found.rows, found.columns) == (70_000, 12)


def test_text_is_decoded_by_its_character_set() -> None:
    assert (
        of(SpecificCharacterSet="ISO_IR 192", SeriesDescription="頭部 Schädel").series_description
        == "頭部 Schädel"
    )
    assert of(SpecificCharacterSet="ISO_IR 100", SeriesDescription="Schädel").series_description == "Schädel"
    latin = raw(make_dataset(PIXELS, SpecificCharacterSet="ISO_IR 999"), "SeriesDescription", b"Sch\xe4del ")
    assert read_instance(write_dicom(latin)).series_description


def test_a_patient_is_one_text_that_does_not_say_who() -> None:
    one, same, other = of(PatientID="A17"), of(PatientID="A17 ", PatientName="X^Y"), of(PatientID="A18")
    assert one.patient == same.patient != other.patient
    assert of(PatientID="A17", IssuerOfPatientID="Ward").patient != one.patient
    named = of(PatientID="", PatientName="Doe^Jane", PatientBirthDate="19700101")
    assert named.patient == of(PatientID=None, PatientName="DOE^JANE", PatientBirthDate="19700101").patient
    assert named.patient != of(PatientID="", PatientName="Doe^Jane", PatientBirthDate="19700102").patient
    assert of(PatientID="", PatientName="^").patient is None
    for instance in (one, named):
        told = " ".join(map(str, asdict(instance).values()))
        assert "A17" not in told
        assert "Doe" not in told


def test_spacing_comes_from_the_detector_where_there_is_no_other() -> None:
    assert of(ImagerPixelSpacing=[0.1, 0.2]).spacing == (0.1, 0.2)
    assert of(ImagerPixelSpacing=[0.1, 0.2], PixelSpacing=[0.3, 0.4]).spacing == (0.3, 0.4)
    assert of(NominalScannedPixelSpacing=[0.5, 0.6]).spacing == (0.5, 0.6)


def item(**tags: Any) -> Dataset:
    found = Dataset()
    for keyword, value in tags.items():
        setattr(found, keyword, value)
    return found


def enhanced(frames: int, *, undefined: bool, syntax: str = EXPLICIT) -> bytes:
    """An enhanced MR object with its geometry in functional groups (PS3.3, C.7.6.16)."""
    per_frame = [
        item(
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 5 * number])],
            FrameContentSequence=[item(TemporalPositionIndex=number + 1)],
        )
        for number in range(frames)
    ]
    shared = item(
        PixelMeasuresSequence=[item(PixelSpacing=[2, 3], SliceThickness=4, SpacingBetweenSlices=5)],
        PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        MREchoSequence=[item(EffectiveEchoTime=30.5)],
        MRDiffusionSequence=[item(DiffusionBValue=1000.0)],
    )
    dataset = make_dataset(
        np.zeros((frames, 2, 4), np.uint16),
        SOPClassUID="1.2.840.10008.5.1.4.1.1.4.1",
        SOPInstanceUID="1.2.3",
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=per_frame,
        PixelData=bytes(16 * frames),
    )
    dataset["PixelData"].VR = "OW"
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        dataset[keyword].is_undefined_length = undefined
        for one in dataset[keyword].value:
            one.is_undefined_length_sequence_item = undefined
    return write_dicom(dataset, syntax=syntax)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@pytest.mark.parametrize("undefined", [False, True])
def test_enhanced_objects_give_the_geometry_of_their_first_frame(undefined: bool, syntax: str) -> None:
    found = read_instance(enhanced(3, undefined=undefined, syntax=syntax))
    assert (found.frames, found.has_pixels) == (3, True)
    assert (found.position, found.orientation) == ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))
    assert (found.spacing, found.slice_thickness, found.spacing_between) == ((2.0, 3.0), 4.0, 5.0)
    assert (found.echo_time, found.b_value, found.temporal_position) == (30.5, 1000.0, 1.0)


@pytest.mark.parametrize("undefined", [False, True])
def test_of_thousands_of_frames_only_the_first_is_needed(undefined: bool) -> None:
    data = enhanced(3000, undefined=undefined)
    assert len(data) > 200_000
    assert read_instance(data[:4096], whole=False) == read_instance(data)
    cut = data.index(b"\x00\x52\x30\x92")
    for length in (cut + 6, cut + 14, cut + 40):
        with pytest.raises(HeaderCut):
            read_instance(data[:length], whole=False)


def test_a_segmentation_says_what_it_is_drawn_on() -> None:
    series = item(
        SeriesInstanceUID="1.2",
        ReferencedInstanceSequence=[item(ReferencedSOPInstanceUID=f"1.2.{number}") for number in (3, 1, 3)],
    )
    seg = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4", "ReferencedSeriesSequence": [series]}
    assert of(**seg).is_seg
    assert of(**seg).references == ("1.2.3", "1.2.1")
    plain = of(ReferencedSeriesSequence=[series])
    assert (plain.is_seg, plain.references) == (False, ())
    source = of(SOPClassUID=seg["SOPClassUID"], SourceImageSequence=[item(ReferencedSOPInstanceUID="1.9")])
    assert source.references == ("1.9",)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"x" * 2000, b"\0" * 4000, b"\xff" * 4000, bytes(range(256)) * 20],
)
def test_what_is_not_dicom_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(MemberError) as refused:
        read_instance(data)
    assert refused.value.code in ("not_dicom", "header_error")


def test_a_deep_nest_of_sequences_ends_cleanly() -> None:
    start = make_dicom(SpecificCharacterSet="ISO_IR 100")
    nest = struct.pack("<HH2sHL", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    with pytest.raises(MemberError) as refused:
        read_instance(start + nest * 30_000)
    assert refused.value.code == "header_error"


def test_a_bomb_of_deflate_is_not_inflated() -> None:
    data = make_dicom(syntax=DEFLATED, PixelData=bytes(400 << 20), ImageComments="x", BitsAllocated=8)
    assert len(data) < 1 << 20
    tracemalloc.start()
    found = read_instance(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.has_pixels
    assert peak < 200 << 20


def test_damage_ends_in_an_instance_or_a_clean_error() -> None:
    luck = random.Random(11)
    sources = [make_dicom(PIXELS, syntax=syntax, **GEOMETRY) for syntax in NATIVE]
    sources += [enhanced(3, undefined=True), enhanced(3, undefined=False, syntax=BIG_ENDIAN)]
    ends: Counter[str] = Counter()
    for _ in range(1500):
        data = bytearray(luck.choice(sources))
        for _ in range(luck.randint(1, 12)):
            data[luck.randrange(len(data))] = luck.randrange(256)
        cut = bytes(data[: luck.randrange(len(data))]) if luck.random() < 0.3 else bytes(data)
        try:
            found = read_instance(cut, whole=luck.random() < 0.7)
        except MemberError as refused:
            ends[refused.code] += 1
        else:
            ends["read"] += all(math.isfinite(value) for value in found.position or ())
    assert ends.total() == 1500
    assert set(ends) == {"read", "header_cut", "header_error", "not_dicom"}


NAMES = {
    "sop_uid": "SOPInstanceUID",
    "sop_class": "SOPClassUID",
    "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID",
    "frame_of_reference": "FrameOfReferenceUID",
    "series_number": "SeriesNumber",
    "instance_number": "InstanceNumber",
    "rows": "Rows",
    "columns": "Columns",
}


def agrees(found: Instance, dataset: pydicom.FileDataset) -> None:
    """Every field equals what pydicom itself answers; the class may stand in the file meta information alone."""
    for field, keyword in NAMES.items():
        value = dataset.get(keyword)
        if field == "sop_class" and not value:
            value = dataset.file_meta.get("MediaStorageSOPClassUID")
        assert getattr(found, field) == (None if value in ("", None) else value), keyword
    assert found.modality == str(dataset.get("Modality") or "")
    assert found.series_description == str(dataset.get("SeriesDescription") or "")
    assert found.has_pixels == any(
        name in dataset for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
    )
    for field, keyword in (("position", "ImagePositionPatient"), ("orientation", "ImageOrientationPatient")):
        if dataset.get(keyword):
            assert getattr(found, field) == tuple(map(float, dataset[keyword].value))


SHIPPED = Path(pydicom.__file__).parent / "data"
NOT_DICOM = ("no_meta.dcm", "README", "crayons.icc")


def shipped() -> list[Path]:
    paths = (path for folder in ("test_files", "charset_files") for path in (SHIPPED / folder).glob("**/*"))
    other = (".txt", ".py", ".pyc", ".json", ".dump", ".gz", ".md")
    return sorted(
        path for path in paths if path.is_file() and path.suffix not in other and path.name not in NOT_DICOM
    )


@pytest.mark.parametrize("path", shipped(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_pydicom_reads_the_same_from_all_files_that_it_ships(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agrees(read_instance(path.read_bytes()), pydicom.dcmread(path, force=True))


def test_enough_files_are_shipped() -> None:
    assert len(shipped()) > 150


def test_real_headers_are_what_pydicom_reads(real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "dicom" / "mixed_series__flat.zip") as archive:
        names = archive.namelist()[::20]
        for name in names:
            data = archive.read(name)
            with archive.open(name) as member:
                agrees(
                    read_instance(data[: 256 << 10], whole=len(data) <= 256 << 10), pydicom.dcmread(member)
                )
    assert len(names) == 32


def test_an_instance_is_a_value() -> None:
    first, second = of(SOPInstanceUID="1.2"), of(SOPInstanceUID="1.2")
    assert first == second
    assert hash(first) == hash(second)
    assert len(fields(Instance)) == 34


@pytest.mark.parametrize("omit", [True, False])
def test_a_segmentation_of_another_library_is_read(omit: bool) -> None:
    sources = []
    for number in range(3):
        source = deepcopy(examples.ct)
        source.SOPInstanceUID = f"1.2.3.{number}"
        source.ImagePositionPatient = [0, 0, 5 * number]
        sources.append(source)
    mask = np.zeros((3, 128, 128), np.uint8)
    mask[1, 3:9, 3:9] = 1
    liver = highdicom.seg.SegmentDescription(
        1, "liver", codes.SCT.Tissue, codes.SCT.Liver, highdicom.seg.SegmentAlgorithmTypeValues.MANUAL
    )
    segmentation = highdicom.seg.Segmentation(
        sources, mask, highdicom.seg.SegmentationTypeValues.BINARY, [liver], highdicom.UID(), 9, highdicom.UID(), 1,
        "maker", "model", "1", "1", omit_empty_frames=omit,
    )  # fmt: skip
    buffer = io.BytesIO()
    segmentation.save_as(buffer)
    found = read_instance(buffer.getvalue())
    first = segmentation.PerFrameFunctionalGroupsSequence[0]
    assert (found.is_seg, found.has_pixels, found.frames) == (True, True, 1 if omit else 3)
    assert sorted(found.references) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]
    assert found.position == tuple(map(float, first.PlanePositionSequence[0].ImagePositionPatient))
    assert found.spacing == (0.661468, 0.661468)
