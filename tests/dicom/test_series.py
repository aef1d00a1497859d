"""Grouping: everything is somewhere, in the order of space and time, whatever the order of the files."""

from __future__ import annotations

import random
import zipfile
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.dicom import make_dicom
from tests.support.dicom_series import OBLIQUE, SAGITTAL, codes, grouped, names_of, one, stack
from triptych.core.findings import Severity
from triptych.dicom.instance import HeaderCut, Instance, read_instance
from triptych.dicom.notices import NOTICES
from triptych.dicom.series import Place, group, series_title, study_title

if TYPE_CHECKING:
    from pathlib import Path


def test_a_series_is_one_part_in_the_order_of_its_slices() -> None:
    files = stack(12)
    found = grouped(files)
    ((series,),) = (study.series for study in found.studies)
    assert names_of(files, found) == [f"s{number}.dcm" for number in range(1, 13)]
    assert (series.part, series.parts, series.suffix, series.reason, series.of) == (1, 1, "", "", 12)
    assert (series.slices, series.times, series.slice_spacing) == (12, 1, 5.0)
    assert found.findings == ()


@pytest.mark.parametrize("orientation", [SAGITTAL, OBLIQUE])
def test_position_along_the_normal_comes_before_instance_number_and_name(
    orientation: tuple[float, ...],
) -> None:
    files = stack(9, orientation=orientation)  # type: ignore[arg-type]
    expected = [path for path, _ in files]
    turned = [
        (path, replace(instance, instance_number=100 - number))
        for number, (path, instance) in enumerate(files)
    ]
    random.Random(3).shuffle(turned)
    assert names_of(turned, grouped(turned)) == expected
    assert codes(grouped(turned)) == set()


def test_the_answer_does_not_depend_on_the_order_of_files() -> None:
    files = stack(5, study_uid="1.1") + stack(4, study_uid="1.2", names="t{}", series_uid="9", step=-5.0)
    files += [("x/a", one(sop_uid="7", study_uid=None)), ("x/b", one(sop_uid="8", study_uid=None, rows=9))]
    told = []
    for seed in range(5):
        random.Random(seed).shuffle(files)
        found = grouped(files)
        told.append(
            [[(series.title, names_of(files, found, s, t)) for t, series in enumerate(study.series)]
             for s, study in enumerate(found.studies)]
        )  # fmt: skip
        assert found.findings == grouped(files).findings
    assert all(answer == told[0] for answer in told)


def test_every_instance_has_a_place_or_is_a_copy() -> None:
    luck = random.Random(8)
    files = [
        (
            f"{luck.choice('abc')}/{number}",
            one(
                sop_uid=luck.choice([None, *map(str, range(150))]),
                study_uid=luck.choice([None, "1", "2"]),
                series_uid=luck.choice([None, "1", "2"]),
                rows=luck.choice([None, 2, 4]),
                orientation=luck.choice([None, SAGITTAL, OBLIQUE]),
                position=luck.choice([None, (0.0, 0.0, float(luck.randrange(9)))]),
                has_pixels=luck.random() < 0.9,
                frames=luck.choice([1, 1, 1, 20]),
                instance_number=luck.choice([None, 1, 2, 3]),
            ),
        )
        for number in range(400)
    ]
    found = group(files, lambda i, j: (i + j) % 2 == 0)
    assert set(found.copies) == {index for index, place in enumerate(found.places) if place is None}
    assert found.copies
    seen = {}
    for s, study in enumerate(found.studies):
        for t, series in enumerate(study.series):
            assert len(set(series.members)) == len(series.members)
            for position, index in enumerate(series.members):
                seen[index] = Place(s, t, position)
    assert len(seen) + len(found.copies) == 400
    assert all(found.places[index] == place for index, place in seen.items())
    per_series = Counter(
        (s.uid, s.folder, study.uid, study.folder) for study in found.studies for s in study.series
    )
    for study in found.studies:
        for series in study.series:
            assert per_series[series.uid, series.folder, study.uid, study.folder] == series.parts


def test_without_geometry_instance_number_rules_then_the_name() -> None:
    numbers = {"p10": 3, "p9": 1, "q2": None, "q10": None, "p1": 2}
    files = [
        (path, one(sop_uid=path, instance_number=number, position=None, orientation=None, modality="DX"))
        for path, number in numbers.items()
    ]
    found = grouped(files)
    assert names_of(files, found) == ["p9", "p1", "p10", "q2", "q10"]
    assert (found.studies[0].series[0].slices, codes(found)) == (0, set())


def test_studies_come_by_date_and_series_by_number() -> None:
    files = [
        ("a", one(sop_uid="1", study_uid="1", study_date=None)),
        ("b", one(sop_uid="2", study_uid="2", study_date="2020-01-01", series_uid="1", series_number=10)),
        ("c", one(sop_uid="3", study_uid="2", study_date="2020-01-01", series_uid="2", series_number=9)),
        ("d", one(sop_uid="4", study_uid="3", study_date="2019-01-01")),
        ("e", one(sop_uid="5", study_uid="2", study_date="2020-01-01", series_uid="3", series_number=None)),
    ]
    found = grouped(files)
    assert [study.uid for study in found.studies] == ["3", "2", "1"]
    assert [series.uid for series in found.studies[1].series] == ["2", "1", "3"]


def test_titles_say_what_people_look_for() -> None:
    full = one(
        series_number=3,
        series_description="T2 AX",
        modality="MR",
        study_date="2004-01-19",
        study_description="Knee",
    )
    assert series_title(full) == "3 · T2 AX (MR)"
    assert study_title(full) == "2004-01-19 · MR · Knee"
    bare = one(series_number=None, series_description="", modality="", study_date=None, study_description="")
    assert (series_title(bare), study_title(bare)) == ("Series", "Study")
    report = one(
        has_pixels=False, sop_class="1.2.840.10008.5.1.4.1.1.88.11", modality="SR", series_number=9,
        series_description="",
    )  # fmt: skip
    assert series_title(report) == "9 · Basic Text structured report (SR)"


def test_a_study_of_several_modalities_names_them_all() -> None:
    files = [
        *stack(3, modality="PT", series_uid="1", study_date="2020-02-02"),
        *stack(2, modality="CT", series_uid="2", names="c{}", study_date="2020-02-02"),
    ]
    assert grouped(files).studies[0].title == "2020-02-02 · PT, CT"


def test_objects_without_pixels_are_listed_as_what_they_are() -> None:
    report = {"has_pixels": False, "rows": None, "columns": None, "orientation": None, "position": None}
    files = [
        *stack(3),
        ("r", one(sop_class="1.2.840.10008.5.1.4.1.1.481.3", series_uid="5", sop_uid="r", **report)),
        ("p", one(sop_class="1.2.840.10008.5.1.4.1.1.11.1", series_uid="6", sop_uid="p", **report)),
    ]
    found = grouped(files)
    kinds = [(series.kind, len(series.members)) for series in found.studies[0].series]
    assert kinds == [("Grayscale presentation state", 1), ("RT structure set", 1), ("CT image", 3)]
    assert found.findings == ()


def test_nothing_makes_nothing() -> None:
    found = grouped([])
    assert (found.studies, found.places, found.copies, found.findings) == ((), (), {}, ())


def test_a_hundred_thousand_instances_are_grouped_with_few_questions() -> None:
    plain = stack(1)[0][1]
    files = [
        (
            f"d/{number}",
            replace(plain, series_uid=str(number // 400), position=(0.0, 0.0, float(number % 400))),
        )
        for number in range(100_000)
    ]
    asked = 0

    def same(_: int, __: int) -> bool:
        nonlocal asked
        asked += 1
        return False

    found = group(files, same)
    assert asked < 100_000 * 17
    assert len(found.studies[0].series) == 250
    (conflict,) = found.findings
    assert (conflict.code, conflict.count, len(conflict.examples)) == ("uid_conflict", 99_999, 20)


def test_every_notice_is_a_sentence_with_a_count_and_a_way_out() -> None:
    for code, notice in NOTICES.items():
        assert "{count}" in notice.message, code
        assert notice.message.endswith(".")
        assert notice.hint.endswith(".")
        assert notice.severity in (Severity.WARNING, Severity.NOTE)


def test_files_made_and_read_are_grouped_as_made() -> None:
    files = []
    for number in range(6):
        data = make_dicom(
            np.zeros((4, 4), np.int16),
            SOPInstanceUID=f"1.2.{number}",
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            ImagePositionPatient=[0, 0, -3 * number],
            InstanceNumber=number,
            SeriesDescription="Lung",
            SeriesNumber=2,
        )
        files.append((f"f{number}", read_instance(data)))
    found = grouped(files)
    assert names_of(files, found) == ["f5", "f4", "f3", "f2", "f1", "f0"]
    (series,) = found.studies[0].series
    assert (series.title, series.slice_spacing) == ("2 · Lung (CT)", 3.0)


def read_archive(path: Path) -> list[tuple[str, Instance]]:
    files = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            try:
                instance = read_instance(data[: 64 << 10], whole=len(data) <= 64 << 10)
            except HeaderCut:
                instance = read_instance(data)
            files.append((name, instance))
    return files


def test_real_series_are_found_as_their_description_says(real_data: Path) -> None:
    files = read_archive(real_data / "dicom" / "mixed_series__flat.zip")
    found = grouped(files)
    assert len(files) == 636
    assert len(found.studies) == 3
    series = [one for study in found.studies for one in study.series]
    assert len(series) == 9
    assert sum(len(one.members) for one in series) == 636
    by_modality: Counter[str] = Counter()
    for one_series in series:
        by_modality[one_series.modality] += len(one_series.members)
    assert by_modality == {"MR": 608, "CT": 28}
    # 15 slices, 10 times, told apart by nothing but their instance numbers; two mosaics at one place.
    assert sorted({(one.slices, one.times) for one in series}) == [(1, 2), (15, 10), (28, 1)]
    assert codes(found) == {"uneven_spacing", "gantry_tilt"}
    # The angle of the positions is the one that the header gives as GantryDetectorTilt.
    (tilt,) = (finding for finding in found.findings if finding.code == "gantry_tilt")
    assert "18.5°" in tilt.examples[0]
    ct = next(instance for _, instance in files if instance.modality == "CT")
    assert ct.gantry_tilt == 18.5
