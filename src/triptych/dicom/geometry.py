"""Planes in the patient's coordinates (PS3.3, C.7.6.2.1.1): normals, distances, and what a stack of slices shows.

Positions are (x, y, z) in mm, towards the patient's left, back and head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]

SAME_POSITION = 0.01
"""Positions nearer to each other than this many mm along the normal are one position."""

_STEP_TOLERANCE = 0.01
_STEP_TOLERANCE_MM = 0.02
_SKEW_TOLERANCE = 0.05
_TILT_DEGREES = 0.5
_MANY_GAPS = 0.25

_PLANES = (("sagittal", 0), ("coronal", 1), ("axial", 2))


def normal(orientation: Sequence[float] | None) -> Vector | None:
    """The unit vector across a slice: direction of a row × direction of a column.

    None where there is no orientation, or one that is none: not six finite numbers, or directions that are not
    near unit length or not near a right angle (PS3.3, C.7.6.2.1.1 wants both).
    """
    if orientation is None or len(orientation) != 6 or not all(map(math.isfinite, orientation)):
        return None
    row, column = orientation[:3], orientation[3:]
    if any(abs(math.hypot(*side) - 1) > _SKEW_TOLERANCE for side in (row, column)):
        return None
    if abs(sum(a * b for a, b in zip(row, column, strict=True))) > _SKEW_TOLERANCE:
        return None
    x = row[1] * column[2] - row[2] * column[1]
    y = row[2] * column[0] - row[0] * column[2]
    z = row[0] * column[1] - row[1] * column[0]
    length = math.hypot(x, y, z)
    return (x / length, y / length, z / length)


def along(position: Vector, direction: Vector) -> float:
    """How far a position lies along a direction, in mm from the origin."""
    return position[0] * direction[0] + position[1] * direction[1] + position[2] * direction[2]


def plane_name(orientation: Sequence[float] | None) -> str:
    """What people call the plane: "axial", "coronal", "sagittal" (within 10°), else "oblique"; "" without one."""
    across = normal(orientation)
    if across is None:
        return ""
    for name, axis in _PLANES:
        if abs(across[axis]) > math.cos(math.radians(10)):
            return name
    return "oblique"


@dataclass(frozen=True, slots=True)
class Step:
    """The way from one slice to the next: from slice number `before`, `distance` mm, `missing` slices between."""

    before: int
    distance: float
    missing: int


@dataclass(frozen=True, slots=True)
class Stack:
    """What a row of parallel slices shows.

    `spacing` is the usual distance of neighbours in mm (None for one slice); `gaps` are steps that are a
    multiple of it, `uneven` all other steps that differ from it by more than 1 % and 0.02 mm. `tilt` is the
    angle in degrees between the way the slices go and their normal, 0.0 below half a degree.
    """

    spacing: float | None
    gaps: tuple[Step, ...]
    uneven: tuple[Step, ...]
    tilt: float


def survey(positions: Sequence[Vector], across: Vector) -> Stack:
    """Look at slices, one position each, ordered along their normal `across`."""
    places = [along(position, across) for position in positions]
    steps = [after - before for before, after in pairwise(places)]
    if not steps:
        return Stack(None, (), (), 0.0)
    usual = _usual(steps)
    gaps: list[Step] = []
    uneven: list[Step] = []
    for number, distance in enumerate(steps):
        if _near(distance, usual):
            continue
        times = round(distance / usual) if usual > 0 and distance / usual < 1e6 else 0
        whole = times >= 2 and _near(distance / times, usual)
        (gaps if whole else uneven).append(Step(number, distance, times - 1 if whole else 0))
    if len(gaps) > max(3, _MANY_GAPS * len(steps)):
        # Where every third step is wide, nothing was lost: the slices were taken at several distances.
        uneven = sorted(
            [*uneven, *(Step(gap.before, gap.distance, 0) for gap in gaps)], key=lambda s: s.before
        )
        gaps = []
    return Stack(usual, tuple(gaps), tuple(uneven), _tilt(positions[0], positions[-1], across))


def _usual(steps: list[float]) -> float:
    """The distance of the largest group of steps that are alike; of equal groups the smaller distance."""
    ordered = sorted(steps)
    best, start = (0, 0), 0
    for end, distance in enumerate(ordered):
        while not _near(distance, ordered[start]):
            start += 1
        if end - start + 1 > best[0]:
            best = (end - start + 1, (start + end) // 2)
    return ordered[best[1]]


def _near(distance: float, usual: float) -> bool:
    return abs(distance - usual) <= max(_STEP_TOLERANCE_MM, _STEP_TOLERANCE * abs(usual))


def _tilt(first: Vector, last: Vector, across: Vector) -> float:
    way = [b - a for a, b in zip(first, last, strict=True)]
    length = math.hypot(*way)
    if length < SAME_POSITION:
        return 0.0
    cosine = sum(a * b for a, b in zip(way, across, strict=True)) / length
    angle = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    return angle if angle >= _TILT_DEGREES else 0.0
