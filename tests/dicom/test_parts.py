"""Why a series is split, and when it is not."""

from __future__ import annotations

import math
from dataclasses import replace

from tests.support.dicom_series import AXIAL, SAGITTAL, codes, example, grouped, one, stack


def test_orientations_are_parts_with_the_reason_in_words() -> None:
    files = stack(28) + stack(12, orientation=SAGITTAL, names="sag{}.dcm", first=29)
    found = grouped(files)
    first, second = found.studies[0].series
    assert [len(first.members), len(second.members)] == [28, 12]
    assert second.reason == "12 of 40 pictures lie sagittal (orientation 0, 1, 0, 0, 0, -1)"
    assert first.reason.startswith("28 of 40 pictures lie axial")
    assert (second.part, second.parts, second.suffix, second.of) == (2, 2, "-2", 40)
    assert second.title == "3 (CT) · part 2 of 2"
    assert codes(found) == {"mixed_orientations"}
    told = example(found, "mixed_orientations")
    assert told.startswith("s1.dcm lies axial")
    assert "sag29.dcm lies sagittal" in told


def test_orientations_within_the_noise_of_writing_are_one() -> None:
    files = [
        (path, replace(instance, orientation=(1.0, 1e-4 * number, 0.0, 0.0, 1.0, 0.0)))
        for number, (path, instance) in enumerate(stack(8))
    ]
    assert [len(series.members) for series in grouped(files).studies[0].series] == [8]


def test_sizes_and_echoes_are_parts() -> None:
    sizes = stack(4) + stack(3, names="t{}", rows=512, columns=256, first=5)
    found = grouped(sizes)
    assert [series.reason for series in found.studies[0].series] == [
        "4 of 7 pictures are 3 × 2",
        "3 of 7 pictures are 256 × 512",
    ]
    assert example(found, "mixed_sizes") == "s1.dcm is 3 × 2, t5 is 256 × 512"
    echoes = stack(4, echo_time=4.92, echo_number=1) + stack(4, names="t{}", echo_time=7.38, echo_number=2)
    found = grouped(echoes)
    assert [len(series.members) for series in found.studies[0].series] == [4, 4]
    assert found.studies[0].series[1].reason == "4 of 8 pictures have the echo time 7.38 ms (echo 2)"
    assert codes(found) == {"mixed_echoes"}


def test_two_reasons_at_once_are_both_said() -> None:
    files = stack(3) + stack(3, names="t{}", orientation=SAGITTAL, rows=9, first=4)
    (_, second) = grouped(files).studies[0].series
    assert second.reason == "3 of 6 pictures are 3 × 9 and lie sagittal (orientation 0, 1, 0, 0, 0, -1)"


def test_what_is_absent_is_a_reason_too() -> None:
    files = stack(3) + stack(2, names="t{}", first=4, rows=None)
    files = [(path, replace(i, orientation=None) if path.startswith("t") else i) for path, i in files]
    (_, second) = grouped(files).studies[0].series
    assert second.reason == "2 of 5 pictures have no size and have no orientation"


def test_slices_that_turn_around_an_axis_stay_together() -> None:
    files = [
        (
            f"{number}",
            one(
                sop_uid=str(number),
                instance_number=40 - number,
                orientation=(math.cos(number / 9), math.sin(number / 9), 0.0, 0.0, 0.0, -1.0),
                position=(0.0, 0.0, 0.0),
            ),
        )
        for number in range(36)
    ]
    found = grouped(files)
    (series,) = found.studies[0].series
    assert codes(found) == {"each_its_own"}
    assert [files[index][0] for index in series.members] == [str(number) for number in range(35, -1, -1)]


def test_objects_without_pixels_in_a_series_of_pictures_are_a_part() -> None:
    report = one(sop_uid="r", has_pixels=False, orientation=None, sop_class="1.2.840.10008.5.1.4.1.1.88.59")
    found = grouped([*stack(3), ("note.dcm", report)])
    pictures, objects = found.studies[0].series
    assert (pictures.reason, objects.reason) == ("", "1 of 4 objects have no pixels")
    assert objects.kind == "Key object selection"
    assert example(found, "mixed_objects") == "s1.dcm and note.dcm, which has no pixels"


def test_parts_come_in_the_order_of_their_first_instances() -> None:
    files = stack(3, orientation=SAGITTAL, first=1) + stack(5, orientation=AXIAL, names="a{}", first=20)
    assert [len(series.members) for series in grouped(files).studies[0].series] == [3, 5]
