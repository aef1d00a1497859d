"""The tags of an instance for a search, as JSON, as a list, and what a person searches."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from tests.support.dicom import IMPLICIT, NATIVE, make_dataset, make_dicom, write_dicom
from triptych.core.names import fold
from triptych.core.source import MemberError
from triptych.dicom.elements import walk
from triptych.dicom.reading import read_dataset
from triptych.dicom.tag_index import tag_index
from triptych.dicom.tags import TagQuery, json_document, parse_query, tag_entries

SHIPPED = Path(pydicom.__file__).parent / "data"


def entries_of(dataset: Dataset) -> list[tuple[str, str]]:
    """The index as it is searched."""
    return [(name, fold(value)) for name, value in tag_index(dataset).entries]


def read(data: bytes) -> Dataset:
    return read_dataset(data, header_only=True).dataset


def item(**tags: Any) -> Dataset:
    found = Dataset()
    for keyword, value in tags.items():
        setattr(found, keyword, value)
    return found


def rich(syntax: str = "1.2.840.10008.1.2.1") -> Dataset:
    """A dataset with every sort of element, written and read again."""
    dataset = make_dataset(
        np.zeros((2, 2), np.uint16),
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Döe^Jane=頭",
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"],
        SliceThickness="2.50",
        EchoTime=None,
        StudyDate="20040119",
        BodyPartExamined="HEAD",
        FrameIncrementPointer=[0x00181063],
        ProcedureCodeSequence=[item(CodeValue="T-1", CodeMeaning="Brain scan"), item(CodeValue="T-2")],
        PersonIdentificationCodeSequence=[item(CodeMeaning="Doctor Who")],
        ICCProfile=bytes(3000),
        RedPaletteColorLookupTableData=b"\1\2\3\4",
        PixelData=bytes(8),
    )
    dataset.add_new(0x00090010, "LO", "ACME 1.0")
    dataset.add_new(0x00091001, "LO", "Secret Value")
    dataset.add_new(0x00091002, "PN", "Doe^John")
    dataset.add_new(0x00091003, "OB", b"\0" * 10)
    dataset["PixelData"].VR = "OW"
    return read(write_dicom(dataset, syntax=syntax))


@pytest.mark.parametrize("syntax", [one for one in NATIVE if one != IMPLICIT])
def test_the_index_has_every_value_that_a_person_may_search(syntax: str) -> None:
    found = entries_of(rich(syntax))
    for entry in (
        ("Modality", "ct"),
        ("PatientName", "döe^jane=頭"),
        ("ImageType", "axial"),
        ("SliceThickness", "2.50"),
        ("StudyDate", "20040119"),
        ("Rows", "2"),
        ("FrameIncrementPointer", "0018,1063"),
        ("CodeMeaning", "brain scan"),
        ("CodeValue", "t-2"),
        ("0009,1001", "secret value"),
        ("0009,1002", "doe^john"),
    ):
        assert entry in found
    assert len(set(found)) == len(found)
    assert not {"PixelData", "ICCProfile", "RedPaletteColorLookupTableData", "0009,1003", "EchoTime"} & {
        name for name, _ in found
    }


def test_what_stands_in_a_sequence_about_a_person_is_indexed_as_personal() -> None:
    found = dict(entries_of(rich()))
    assert found["PersonIdentificationCodeSequence"] == "doctor who"
    assert "doctor who" not in [value for name, value in entries_of(rich()) if name == "CodeMeaning"]


def test_the_index_is_bounded_in_number_length_and_depth() -> None:
    deep = item(CodeMeaning="level 0")
    for level in range(1, 20):
        deep = item(CodeMeaning=f"level {level}", ConceptCodeSequence=[deep])
    dataset = Dataset()
    dataset.ImageComments = "x" * 5000
    dataset.ProcedureCodeSequence = [deep]
    found = entries_of(dataset)
    assert ("ImageComments", "x" * 64) in found
    levels = [value for name, value in found if name == "CodeMeaning"]
    assert levels == [f"level {level}" for level in range(19, 11, -1)]
    dataset.ReferencedImageSequence = [
        item(ReferencedSOPInstanceUID=f"1.2.{number}") for number in range(3000)
    ]
    assert len(entries_of(dataset)) == 1000


def test_the_list_has_all_elements_in_order_with_their_depth() -> None:
    found = tag_entries(rich())
    top = [entry for entry in found if entry.depth == 0]
    assert [entry.tag for entry in top] == sorted(entry.tag for entry in top)
    by_name = {entry.keyword or entry.tag: entry for entry in found}
    assert by_name["PatientName"].personal
    assert (by_name["PatientName"].tag, by_name["PatientName"].name) == ("0010,0010", "Patient's Name")
    assert by_name["ImageType"].value == "ORIGINAL \\ PRIMARY \\ AXIAL"
    assert by_name["ProcedureCodeSequence"].value == "2 items"
    assert by_name["ICCProfile"].value == "3,000 bytes"
    assert not by_name["Modality"].personal
    assert by_name["0009,1002"].personal
    codes = [entry for entry in found if entry.keyword == "CodeMeaning"]
    assert [(entry.depth, entry.personal) for entry in codes] == [(1, False), (1, True)]
    assert "PixelData" not in by_name


def test_values_that_do_not_fit_their_type_are_shown_as_they_are() -> None:
    dataset = rich()
    for keyword, vr, value in (
        ("InstanceNumber", "IS", b"1A"),
        ("Rows", "US", b"\1\2\3"),
        ("SliceThickness", "DS", b"thick "),
        ("StudyDate", "DA", b"tomorrow"),
        ("EchoTime", "DS", b"1e999 "),
        ("ProcedureCodeSequence", "SQ", b"garbage!"),
    ):
        tag = Tag(keyword)
        dataset[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)
    shown = {entry.keyword: entry.value for entry in tag_entries(dataset)}
    assert shown["InstanceNumber"] == "1A"
    assert shown["StudyDate"] == "tomorrow"
    assert ("InstanceNumber", "1a") in entries_of(dataset)
    document = json_document(dataset)
    text = json.dumps(document, allow_nan=False)
    assert document["00200013"]["vr"] == "IS"
    assert "thick" in text


def test_the_json_is_what_pydicom_makes_but_for_bulk_data() -> None:
    dataset = rich()
    document = json_document(dataset)
    expected = json.loads(json.dumps(dataset.to_json_dict()))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document.pop("00282000") == {"vr": "OB", "Length": 3000}
    expected.pop("00282000")
    assert document == expected


def test_the_json_model_is_that_of_the_standard() -> None:
    document = json_document(rich())
    assert document["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "Döe^Jane", "Ideographic": "頭"}]}
    assert document["00180050"] == {"vr": "DS", "Value": [2.5]}
    assert document["00280009"] == {"vr": "AT", "Value": ["00181063"]}
    assert document["00081032"]["Value"][1] == {"00080100": {"vr": "SH", "Value": ["T-2"]}}
    assert document["00281201"] == {"vr": "OW", "InlineBinary": "AQIDBA=="}
    assert "7FE00010" not in document


def test_numbers_that_json_does_not_know_are_null() -> None:
    dataset = make_dataset(DiffusionBValue=float("nan"), SliceLocation="1")
    text = json.dumps(json_document(read(write_dicom(dataset))), allow_nan=False)
    assert json.loads(text)["00189087"] == {"vr": "FD", "Value": [None]}


def test_documents_are_bounded() -> None:
    dataset = Dataset()
    dataset.ReferencedImageSequence = [item(ReferencedSOPInstanceUID="1.2") for _ in range(50_000)]
    dataset.TextValue = "x" * 1_000_000
    text = json.dumps(json_document(dataset))
    assert len(text) < 3_000_000
    assert len(tag_entries(dataset)) == 20_000
    assert len(list(walk(dataset, limit=7))) == 7


def shipped() -> list[Path]:
    """All but one, which begins with group 0010 and without a mark, so that it is not taken for DICOM."""
    paths = (
        path for folder in ("test_files", "charset_files") for path in (SHIPPED / folder).glob("**/*.dcm")
    )
    return sorted(path for path in paths if path.name != "no_meta.dcm")


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.name)
def test_every_file_that_pydicom_ships_has_tags(path: Path) -> None:
    dataset = read(path.read_bytes())
    document = json_document(dataset)
    json.dumps(document, allow_nan=False).encode()
    assert all(len(value) <= 64 and value for _, value in entries_of(dataset))
    listed = [entry for entry in tag_entries(dataset) if entry.depth == 0]
    assert len(listed) == len(document)


def test_damage_never_stops_a_list() -> None:
    luck = random.Random(5)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, rich(), implicit_vr=False, little_endian=True)
    source = (
        make_dicom(SpecificCharacterSet="ISO_IR 192", PatientName="Döe^Jane")[:-100] + buffer.getvalue()[200:]
    )
    looked = 0
    for _ in range(400):
        data = bytearray(source)
        for _ in range(luck.randint(1, 20)):
            data[luck.randrange(132, len(data))] = luck.randrange(256)
        try:
            dataset = read(bytes(data))
        except MemberError:
            continue
        json.dumps(json_document(dataset), allow_nan=False)
        entries_of(dataset)
        looked += len(tag_entries(dataset)) > 0
    assert looked > 100


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("Modality:CT", "Modality", "ct"),
        ("modality:ct", "Modality", "ct"),
        (" MODALITY : CT ", "Modality", "ct"),
        ("0018,0050:5", "SliceThickness", "5"),
        ("(0018,0050):5*", "SliceThickness", "5*"),
        ("(0018, 0050):5", "SliceThickness", "5"),
        ("00180050:5", "SliceThickness", "5"),
        ("0009,1001:x", "0009,1001", "x"),
        ("0019,10ab:x", "0019,10AB", "x"),
        ('"Patient ID":"A 17"', "PatientID", "a 17"),
        ('"patient\'s name":Doe*', "PatientName", "doe*"),
        ("SeriesTime:12:30", "SeriesTime", "12:30"),
        ("PatientName:Döe", "PatientName", "döe"),
    ],
)
def test_a_query_names_a_tag_in_any_way_that_people_write(text: str, tag: str, value: str) -> None:
    assert parse_query(text) == TagQuery(tag, value)


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "scan:1.png", "C:\\scans\\a.dcm", "Modality", "Modality:", 'Modality:""', "Modality:CT MR",
        "12:30", "http://example.org", "1.2.840:x", "Study Date:2004", '"Not A Tag":x', "Modality:" + "x" * 5000,
        "x" * 100_000 + ":1", '"' * 5000,
    ],
)  # fmt: skip
def test_other_text_is_no_query(text: str) -> None:
    assert parse_query(text) is None


def test_a_query_finds_what_the_index_holds() -> None:
    found = entries_of(rich())

    def hits(text: str) -> bool:
        query = parse_query(text)
        assert query is not None
        return any(name == query.tag and query.fits(value) for name, value in found)

    assert hits("Modality:CT")
    assert hits("studydate:2004*")
    assert hits("StudyDate:*0119")
    assert hits("StudyDate:20*1*9")
    assert hits('CodeMeaning:"brain scan"')
    assert hits("0009,1001:secret*")
    assert hits("Modality:*")
    assert not hits("Modality:MR")
    assert not hits("StudyDate:2005*")
    assert not hits("StudyDate:20040119*19")
    assert not hits("EchoTime:*")


def test_a_pattern_for_sql_escapes_what_sql_knows() -> None:
    assert TagQuery("X", "50%_*\\a**").like == "50\\%\\_%\\\\a%"


def test_a_query_for_a_person_says_so() -> None:
    said = {text: query.personal for text in ("PatientName:x", "Modality:x", "0009,1001:x", "ROIObservationLabel:x")
            if (query := parse_query(text)) is not None}  # fmt: skip
    assert said == {
        "PatientName:x": True,
        "Modality:x": False,
        "0009,1001:x": True,
        "ROIObservationLabel:x": False,
    }
