"""Normals, planes and stacks, against values worked out by hand and by numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from triptych.dicom.geometry import along, normal, plane_name, survey

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, (0.8, 0.6, 0.0, -0.36, 0.48, -0.8)])
def test_a_normal_is_the_cross_product_of_row_and_column(orientation: tuple[float, ...]) -> None:
    assert normal(orientation) == pytest.approx(np.cross(orientation[:3], orientation[3:]), abs=1e-9)


@pytest.mark.parametrize(
    "orientation",
    [
        None,
        (),
        AXIAL[:5],
        (0.0,) * 6,
        (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
        (2.0, 0.0, 0.0, 0.0, 2.0, 0.0),
        (math.nan, 0.0, 0.0, 0.0, 1.0, 0.0),
        (math.inf, 0.0, 0.0, 0.0, 1.0, 0.0),
    ],
)
def test_what_is_no_orientation_has_no_normal(orientation: tuple[float, ...] | None) -> None:
    assert normal(orientation) is None
    assert plane_name(orientation) == ""


def test_planes_have_the_names_that_people_use() -> None:
    assert [plane_name(plane) for plane in (AXIAL, CORONAL, SAGITTAL)] == ["axial", "coronal", "sagittal"]
    turned = (1.0, 0.0, 0.0, 0.0, math.cos(math.radians(30)), math.sin(math.radians(30)))
    assert plane_name(turned) == "oblique"


def stack(places: list[float], shift: float = 0.0) -> list[tuple[float, float, float]]:
    return [(-10.0, -20.0 + shift * place, place) for place in places]


def test_even_slices_have_nothing_to_say() -> None:
    found = survey(stack([0.0, 2.5, 5.0, 7.5001, 10.0]), (0.0, 0.0, 1.0))
    assert (found.gaps, found.uneven, found.tilt) == ((), (), 0.0)
    assert found.spacing == pytest.approx(2.5, abs=1e-3)


def test_a_lost_slice_is_a_gap_and_says_how_many() -> None:
    found = survey(stack([0.0, 5.0, 10.0, 25.0, 30.0, 35.0]), (0.0, 0.0, 1.0))
    (gap,) = found.gaps
    assert (gap.before, gap.distance, gap.missing) == (2, 15.0, 2)
    assert found.uneven == ()
    assert found.spacing == 5.0


def test_a_gap_is_found_with_two_steps_alone() -> None:
    (gap,) = survey(stack([0.0, 3.0, 9.0]), (0.0, 0.0, 1.0)).gaps
    assert (gap.before, gap.missing) == (1, 1)


def test_a_step_that_is_no_multiple_is_uneven() -> None:
    found = survey(stack([0.0, 5.0, 10.0, 17.0, 22.0]), (0.0, 0.0, 1.0))
    assert found.gaps == ()
    assert [(step.before, step.distance) for step in found.uneven] == [(2, 7.0)]


def test_two_distances_in_turn_are_uneven_and_nothing_is_missing() -> None:
    places = list(np.cumsum([0.0] + [3.0] * 10 + [6.0] * 8))
    found = survey(stack([float(place) for place in places]), (0.0, 0.0, 1.0))
    assert (len(found.gaps), len(found.uneven)) == (0, 8)


@pytest.mark.parametrize("degrees", [1.0, 18.5, -25.0])
def test_the_tilt_is_the_angle_between_way_and_normal(degrees: float) -> None:
    positions = stack([0.0, 4.0, 8.0], shift=math.tan(math.radians(degrees)))
    assert survey(positions, (0.0, 0.0, 1.0)).tilt == pytest.approx(abs(degrees))


def test_one_slice_or_none_makes_no_stack() -> None:
    for positions in ([], stack([3.0])):
        found = survey(positions, (0.0, 0.0, 1.0))
        assert (found.spacing, found.gaps, found.uneven, found.tilt) == (None, (), (), 0.0)


def test_positions_beyond_all_measure_do_no_harm() -> None:
    found = survey(stack([0.0, 1e-3, 1e300]), (0.0, 0.0, 1.0))
    assert len(found.gaps) + len(found.uneven) == 1


def test_the_way_along_a_direction_is_the_scalar_product() -> None:
    assert along((1.0, 2.0, 3.0), (0.6, 0.0, 0.8)) == pytest.approx(3.0)
