"""The list of files in a DICOMDIR: pydicom's own, and ones that lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.support.dicom import make_dicom
from triptych.core.source import MemberError
from triptych.dicom.directory import compare, dicomdir_files
from triptych.dicom.notices import Noted
from triptych.dicom.sop_classes import DICOMDIR

SHIPPED = Path(pydicom.__file__).parent / "data" / "test_files" / "dicomdirtests"


def directory(*files: Any) -> bytes:
    records = []
    for name in files:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        if name is not None:
            record.ReferencedFileID = name
        records.append(record)
    return make_dicom(SOPClassUID=DICOMDIR, DirectoryRecordSequence=records)


@pytest.mark.parametrize("name", ["DICOMDIR", "DICOMDIR-reordered", "DICOMDIR-bigEnd", "DICOMDIR-implicit"])
def test_the_files_are_those_that_pydicom_reads(name: str) -> None:
    path = SHIPPED / name
    records = pydicom.dcmread(path).DirectoryRecordSequence
    expected = ["/".join(record.ReferencedFileID) for record in records if "ReferencedFileID" in record]
    found = dicomdir_files(path.read_bytes())
    assert len(expected) > 20
    assert found == list(dict.fromkeys(expected))


def test_names_that_lead_elsewhere_are_left_out() -> None:
    data = directory(
        ["IMAGES", "A1"], "B1", None, "", ["..", "SECRET"], ["A", "", "B"], [".", "C"], "/etc/passwd", ["C:", "X"],
        ["a/b", "c"], ["IMAGES", "A1"], ["D" * 1000, "D" * 1000],
    )  # fmt: skip
    assert dicomdir_files(data) == ["IMAGES/A1", "B1"]


@pytest.mark.parametrize("data", [b"", b"no directory" * 100, make_dicom()])
def test_what_is_no_directory_is_a_clean_error(data: bytes) -> None:
    with pytest.raises(MemberError) as refused:
        dicomdir_files(data)
    assert refused.value.code in ("not_dicom", "header_error")


def test_missing_and_unlisted_files_are_said_by_name() -> None:
    noted = Noted()
    paths = ["cd/images/a1.dcm", "cd/IMAGES/A2", "cd/extra.dcm", "elsewhere/x.dcm"]
    compare("cd/DICOMDIR", ["IMAGES/A1", "IMAGES/A2", "IMAGES/A3"], paths, noted)
    missing, unlisted = noted.findings()
    assert (missing.code, missing.count, missing.examples) == (
        "dicomdir_missing",
        1,
        ("cd/IMAGES/A3, named in cd/DICOMDIR",),
    )
    assert (unlisted.code, unlisted.count, unlisted.examples) == (
        "dicomdir_unlisted",
        1,
        ("cd/extra.dcm, not named in cd/DICOMDIR",),
    )


def test_a_complete_medium_has_nothing_to_say() -> None:
    noted = Noted()
    compare("DICOMDIR", ["A/B"], ["a/b.dcm"], noted)
    assert noted.findings() == ()
