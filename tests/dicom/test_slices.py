"""Gaps, doubles, times, uneven steps and tilt: found where they are made, with both names and the distance."""

from __future__ import annotations

import math
import random
from dataclasses import asdict, replace

import pytest

from tests.support.dicom_series import AXIAL, OBLIQUE, SAGITTAL, codes, example, grouped, names_of, one, stack


@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, OBLIQUE])
def test_a_slice_taken_away_is_missed_by_name_and_distance(orientation: tuple[float, ...]) -> None:
    files = stack(10, orientation=orientation)  # type: ignore[arg-type]
    del files[4]
    random.Random(1).shuffle(files)
    found = grouped(files)
    assert codes(found) == {"missing_slices"}
    told = example(found, "missing_slices")
    assert told == "s4.dcm and s6.dcm, 10.00 mm apart where 5.00 mm is usual, 1 slice missing"


def test_missing_slices_are_counted_not_gaps() -> None:
    files = [file for number, file in enumerate(stack(20)) if number not in (3, 4, 5, 11)]
    (finding,) = grouped(files).findings
    assert (finding.code, finding.count, len(finding.examples)) == ("missing_slices", 4, 2)


def test_a_slice_that_is_there_twice_is_a_double_with_both_names() -> None:
    files = stack(6)
    files.append(("again.dcm", replace(files[2][1], sop_uid="other", instance_number=99)))
    found = grouped(files)
    assert codes(found) == {"duplicate_slice"}
    assert example(found, "duplicate_slice") == "s3.dcm and again.dcm, 0.00 mm apart"
    assert found.studies[0].series[0].slices == 6


def test_a_whole_stack_that_is_there_twice_is_found_by_its_numbers() -> None:
    files = stack(4) + stack(4, names="copy{}.dcm")
    (finding,) = grouped(files).findings
    assert (finding.code, finding.count) == ("duplicate_slice", 4)


@pytest.mark.parametrize("field", ["temporal_position", "trigger_time", "b_value"])
def test_times_at_each_place_are_neither_doubles_nor_gaps(field: str) -> None:
    files = [
        (f"t{time}_{path}", one(**asdict(instance) | {"sop_uid": f"{time}.{path}", field: 10.0 * time}))
        for time in range(3)
        for path, instance in stack(5)
    ]
    found = grouped(files)
    (series,) = found.studies[0].series
    assert (series.slices, series.times, series.slice_spacing) == (5, 3, 5.0)
    assert codes(found) == set()
    assert names_of(files, found)[:4] == ["t0_s1.dcm", "t1_s1.dcm", "t2_s1.dcm", "t0_s2.dcm"]


def test_times_that_only_instance_numbers_tell_apart_are_no_doubles() -> None:
    files = [file for time in range(4) for file in stack(6, names=f"t{time}_{{}}", first=1 + 6 * time)]
    found = grouped(files)
    (series,) = found.studies[0].series
    assert (series.slices, series.times, codes(found)) == (6, 4, set())


def test_a_time_that_lacks_a_slice_is_said() -> None:
    files = [file for time in range(4) for file in stack(6, names=f"t{time}_{{}}", first=1 + 6 * time)]
    del files[8]
    found = grouped(files)
    assert codes(found) == {"missing_times"}
    assert example(found, "missing_times") == "t0_3: 3 of 4 pictures at this place"


def test_a_picture_too_many_among_times_is_a_double() -> None:
    files = [file for time in range(4) for file in stack(6, names=f"t{time}_{{}}", first=1 + 6 * time)]
    files.append(("more", replace(files[0][1], sop_uid="more", instance_number=99)))
    found = grouped(files)
    assert codes(found) == {"duplicate_slice"}
    assert example(found, "duplicate_slice") == "t3_19 and more, 0.00 mm apart"


def test_several_b_values_and_directions_are_no_doubles() -> None:
    files = stack(5, b_value=0.0)
    for direction in range(3):
        files += stack(5, names=f"d{direction}_{{}}", b_value=1000.0, first=100 * (direction + 1))
    found = grouped(files)
    assert (found.studies[0].series[0].times, codes(found)) == (4, set())


def test_magnitude_and_phase_at_one_place_are_no_doubles() -> None:
    files = stack(3, image_type=("ORIGINAL", "PRIMARY", "M"))
    files += stack(1, names="phase{}", image_type=("ORIGINAL", "PRIMARY", "P"))
    assert codes(grouped(files)) == set()


def test_uneven_steps_are_said_and_nothing_is_mended() -> None:
    files = stack(8)
    position = files[5][1].position
    assert position is not None
    files[5] = (files[5][0], replace(files[5][1], position=(0.0, 0.0, position[2] + 1.3)))
    found = grouped(files)
    (finding,) = found.findings
    assert (finding.code, finding.count) == ("uneven_spacing", 2)
    assert finding.examples[0] == "s5.dcm and s6.dcm, 6.30 mm apart where 5.00 mm is usual"


def test_a_localizer_may_lie_as_it_likes() -> None:
    files = [
        file for number, file in enumerate(stack(9, image_type=("ORIGINAL", "LOCALIZER"))) if number != 3
    ]
    assert codes(grouped(files)) == set()


def test_a_tilted_gantry_is_measured_from_positions() -> None:
    tilt = math.tan(math.radians(12))
    found = grouped(stack(5, way=(0.0, tilt, 1.0)))
    assert codes(found) == {"gantry_tilt"}
    assert example(found, "gantry_tilt") == "s1.dcm to s5.dcm: 12.0° between their way and their normal"


def test_the_word_of_the_header_counts_where_positions_say_nothing() -> None:
    assert (
        example(grouped(stack(1, gantry_tilt=-18.5)), "gantry_tilt") == "s1.dcm: -18.5°, as its header says"
    )
    assert codes(grouped(stack(5, gantry_tilt=18.5))) == set()
    assert codes(grouped(stack(1, gantry_tilt=18.5, modality="MR"))) == set()


def test_pixels_of_another_size_are_said_with_both_names() -> None:
    files = stack(5)
    files[3] = (files[3][0], replace(files[3][1], spacing=(1.0, 0.5)))
    found = grouped(files)
    assert codes(found) == {"spacing_differs"}
    assert example(found, "spacing_differs") == "s1.dcm: 1 × 1 mm, s4.dcm: 1 × 0.5 mm"


def test_what_has_no_position_comes_last_and_stays() -> None:
    files = stack(3)
    files.insert(0, ("lost", one(sop_uid="lost", orientation=AXIAL, position=None, instance_number=0)))
    found = grouped(files)
    assert names_of(files, found) == ["s1.dcm", "s2.dcm", "s3.dcm", "lost"]


def test_volumes_of_many_frames_make_no_stack() -> None:
    files = stack(4, frames=20)
    del files[1]
    found = grouped(files)
    assert codes(found) == set()
    assert found.studies[0].series[0].slice_spacing is None
