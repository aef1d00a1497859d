"""What is about a person is found, wherever it stands, and what people need to work is not."""

from __future__ import annotations

import pytest
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset

from tests.support.dicom import make_dataset, write_dicom
from triptych.dicom.personal import LISTED_KEYWORDS, PERSONAL_KEYWORDS, is_personal
from triptych.dicom.reading import read_dataset
from triptych.dicom.tag_index import tag_index


def personal_of(dataset: Dataset) -> list[str]:
    return tag_index(dataset).personal


def read(dataset: Dataset) -> Dataset:
    return read_dataset(write_dicom(dataset), header_only=True).dataset


def test_every_keyword_is_one_of_the_standard() -> None:
    assert [keyword for keyword in LISTED_KEYWORDS if tag_for_keyword(keyword) is None] == []
    assert len(LISTED_KEYWORDS) > 150


@pytest.mark.parametrize(
    "keyword",
    ["PatientName", "PatientID", "PatientBirthDate", "ReferringPhysicianName", "OperatorsName", "InstitutionAddress",
     "AccessionNumber", "OtherPatientIDs", "ImageComments", "ReviewerName", "HumanPerformerName"],
)  # fmt: skip
def test_what_names_people_is_personal(keyword: str) -> None:
    assert keyword in PERSONAL_KEYWORDS
    tag = tag_for_keyword(keyword)
    assert tag is not None
    assert is_personal(tag, dictionary_VR(tag))


@pytest.mark.parametrize(
    "keyword",
    ["StudyDescription", "SeriesDescription", "StudyDate", "SeriesDate", "Modality", "StudyInstanceUID",
     "SOPInstanceUID", "Manufacturer", "ProtocolName", "BodyPartExamined", "SliceThickness"],
)  # fmt: skip
def test_what_people_need_to_work_is_not(keyword: str) -> None:
    assert keyword not in PERSONAL_KEYWORDS
    tag = tag_for_keyword(keyword)
    assert tag is not None
    assert not is_personal(tag, dictionary_VR(tag))


def test_what_is_there_is_listed_once_and_what_is_empty_is_not() -> None:
    code = Dataset()
    code.PatientName = "Doe^John"
    code.ReferringPhysicianName = "Who^Doctor"
    dataset = make_dataset(
        PatientID="", PatientName="Doe^Jane", AccessionNumber="  ", OperatorsName="^",
        ReferencedStudySequence=[code, code],
    )  # fmt: skip
    dataset.add_new(0x00090010, "LO", "ACME 1.0")
    dataset.add_new(0x00091002, "PN", "Doe^John")
    dataset.add_new(0x00091003, "LO", "anything")
    assert personal_of(read(dataset)) == ["0009,1002", "PatientName", "ReferringPhysicianName"]


def test_a_dataset_without_people_has_none() -> None:
    assert personal_of(read(make_dataset(PatientID=None, PatientName=None))) == []
    assert personal_of(Dataset()) == []


def test_an_empty_sequence_about_a_person_is_empty() -> None:
    assert personal_of(read(make_dataset(PatientID=None, PatientName=None, OtherPatientIDsSequence=[]))) == []
