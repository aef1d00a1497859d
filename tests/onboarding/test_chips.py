"""Whether layers lie on the same ground, and when something was taken."""

from __future__ import annotations

from typing import Any

import pytest

from triptych.onboarding.chips import same_ground, seconds_of


def ground(left: float = 0, side: float = 640, pixel: float = 10, crs: str = "EPSG:32633") -> dict[str, Any]:
    return {
        "crs": crs,
        "bounds": [left, 0.0, left + side, side],
        "transform": [pixel, 0.0, left, 0.0, -pixel, side],
    }


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ground(), True),
        (ground(pixel=20), True),
        (ground(left=4), True),
        (ground(left=6), False),
        (ground(left=9, pixel=20), True),
        (ground(side=320), False),
        (ground(crs="EPSG:32634"), False),
        ({}, False),
        ({"crs": "EPSG:32633", "bounds": [0, 0, 640, 640], "transform": None}, False),
    ],
)
def test_ground_is_the_same_to_half_a_pixel_of_the_coarser_raster(other: dict[str, Any], same: bool) -> None:
    assert same_ground(ground(), other) is same
    assert same_ground(other, ground()) is same


def test_times_without_a_zone_are_utc() -> None:
    assert seconds_of("1970-01-02") == 86_400
    assert seconds_of("1970-01-01T01:00:00+01:00") == 0
    assert seconds_of("yesterday") is None
