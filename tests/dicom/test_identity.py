"""What UIDs promise: copies are left out, conflicts are kept and said, both with both names."""

from __future__ import annotations

from dataclasses import replace

from tests.support.dicom_series import codes, example, grouped, names_of, one, stack
from triptych.dicom.sop_classes import DICOMDIR


def test_a_copy_is_left_out_with_both_names() -> None:
    files = stack(4)
    files.append(("z/copy.dcm", files[1][1]))
    found = grouped(files, same=True)
    assert found.copies == {4: 1}
    assert found.places[4] is None
    assert names_of(files, found) == ["s1.dcm", "s2.dcm", "s3.dcm", "s4.dcm"]
    assert example(found, "duplicate") == "z/copy.dcm is a copy of s2.dcm"


def test_the_first_by_name_is_the_original_whatever_came_first() -> None:
    instance = stack(1)[0][1]
    found = grouped([("b10", instance), ("b9", instance), ("a", instance)], same=True)
    assert found.copies == {0: 2, 1: 2}


def test_one_uid_with_other_bytes_is_a_conflict_and_both_stay() -> None:
    files = stack(3)
    files.append(("other.dcm", replace(files[0][1], position=(0.0, 0.0, 15.0), instance_number=4)))
    found = grouped(files)
    assert found.copies == {}
    assert len(found.studies[0].series[0].members) == 4
    assert example(found, "uid_conflict") == f"other.dcm and s1.dcm: {files[0][1].sop_uid}"


def test_instances_without_a_uid_are_never_copies() -> None:
    files = [("a", one(sop_uid=None, instance_number=1)), ("b", one(sop_uid=None, instance_number=2))]
    assert grouped(files, same=True).copies == {}


def test_without_uids_the_folder_is_the_series_and_that_is_said() -> None:
    files = [
        *[(f"left/{path}", replace(i, series_uid=None)) for path, i in stack(3)],
        *[(f"right/{path}", replace(i, series_uid=None, sop_uid=f"r{path}")) for path, i in stack(2)],
    ]
    found = grouped(files)
    (study,) = found.studies
    assert [(series.uid, series.folder, len(series.members)) for series in study.series] == [
        (None, "left", 3),
        (None, "right", 2),
    ]
    (finding,) = found.findings
    assert (finding.code, finding.count, finding.examples[0]) == ("missing_uids", 5, "left/s1.dcm")
    without = [(path, replace(i, study_uid=None)) for path, i in files]
    assert [(study.uid, study.folder) for study in grouped(without).studies] == [
        (None, "left"),
        (None, "right"),
    ]


def test_a_dicomdir_is_listed_and_nobody_misses_its_uids() -> None:
    listing = one(
        sop_class=DICOMDIR, sop_uid="d", study_uid=None, series_uid=None, has_pixels=False, modality=""
    )
    found = grouped([*stack(2), ("DICOMDIR", replace(listing, series_number=None))])
    assert found.findings == ()
    assert [series.title for study in found.studies for series in study.series] == ["DICOMDIR", "3 (CT)"]


def test_a_study_of_two_patients_is_said_without_saying_who() -> None:
    files = stack(2, patient="aaaa") + stack(2, names="t{}", first=3, series_uid="5", patient="bbbb")
    found = grouped(files)
    assert len(found.studies) == 1
    assert example(found, "patient_differs") == "s1.dcm and t3"
    assert (
        codes(grouped(stack(2, patient="aaaa") + stack(2, names="t{}", series_uid="5", patient=None)))
        == set()
    )


def test_a_series_uid_of_two_studies_makes_two_series() -> None:
    files = stack(2, study_uid="1") + stack(2, names="t{}", study_uid="2")
    found = grouped(files)
    assert [len(study.series) for study in found.studies] == [1, 1]
    assert example(found, "series_in_studies") == "s1.dcm and t1"
