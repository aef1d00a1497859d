"""The slices of one part of a series: their order, and gaps, doubles, uneven steps and tilt between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from triptych.core.names import natural_key
from triptych.dicom.geometry import SAME_POSITION, along, normal, survey

if TYPE_CHECKING:
    from collections.abc import Hashable

    from triptych.dicom.geometry import Vector
    from triptych.dicom.instance import Instance
    from triptych.dicom.notices import Noted
    from triptych.dicom.parts import Files, Part

_TILT_DEGREES = 0.5


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Instances in their order. `slices` are the places along the normal (0 without geometry), `times` how many
    pictures a place usually has, `spacing` the usual distance of neighbours in mm."""

    members: tuple[int, ...]
    slices: int
    times: int
    spacing: float | None


def arrange(part: Part, files: Files, noted: Noted) -> Arrangement:
    """Order a part by position along the slices' normal, then time, instance number and name, and look at it.

    Instances without a position come last, those of a part without geometry by instance number and name alone.
    """
    instances = [files[index][1] for index in part.members]
    across = next((normal(one.orientation) for one in instances if one.orientation is not None), None)
    if not part.parallel or across is None:
        members = sorted(part.members, key=lambda index: _time_order(index, files))
        _note_spacing(members, files, noted)
        _note_header_tilt(members, files, noted)
        return Arrangement(tuple(members), 0, 1, None)
    places = _places(part.members, files, across)
    loose = sorted(
        (index for index in part.members if files[index][1].position is None),
        key=lambda index: _time_order(index, files),
    )
    members = [index for place in places for index in place] + loose
    _note_spacing(members, files, noted)
    times = _note_doubles(places, files, noted)
    spacing = None
    if all(one.frames == 1 for one in instances):
        spacing = _note_steps(places, across, files, noted)
    if len(places) < 2:
        _note_header_tilt(members, files, noted)
    return Arrangement(tuple(members), len(places), times, spacing)


def _time_order(index: int, files: Files) -> tuple[float, ...] | tuple[object, ...]:
    path, one = files[index]
    times = (_or_last(one.temporal_position), _or_last(one.trigger_time), _or_last(one.b_value))
    return (*times, _or_last(one.instance_number), _or_last(one.acquisition_number), natural_key(path))


def _or_last(value: float | None) -> float:
    return inf if value is None else value


def _places(members: tuple[int, ...], files: Files, across: Vector) -> list[list[int]]:
    """Instances that lie at one place each, places in order along the normal, each in the order of time."""
    placed = sorted(
        (along(position, across), index)
        for index in members
        if (position := files[index][1].position) is not None
    )
    places: list[list[int]] = []
    start = -inf
    for distance, index in placed:
        # Measured from the place's first, or many small steps would make one place of all.
        if distance - start > SAME_POSITION:
            places.append([])
            start = distance
        places[-1].append(index)
    for place in places:
        place.sort(key=lambda index: _time_order(index, files))
    return places


def _note_doubles(places: list[list[int]], files: Files, noted: Noted) -> int:
    """Note slices that lie where another one does; the answer is how many pictures a place usually has.

    Several pictures at each place are times, b-values or the like, whatever the tags say: functional series often
    have only their instance numbers. Then only equal numbers, or more pictures than other places have, are doubles.
    """
    counts = Counter(map(len, places))
    usual = min(counts, key=lambda size: (-counts[size], size), default=1)
    for place in places:
        if len(place) < usual:
            noted.add(
                "missing_times", f"{files[place[0]][0]}: {len(place)} of {usual} pictures at this place"
            )
        if len(place) == 1:
            continue
        for before, after in _doubles(place, usual, files):
            noted.add(
                "duplicate_slice", f"{files[before][0]} and {files[after][0]}, {_apart(before, after, files)}"
            )
    return usual


def _doubles(place: list[int], usual: int, files: Files) -> list[tuple[int, int]]:
    alike: dict[Hashable, list[int]] = {}
    for index in place:
        alike.setdefault(_moment(files[index][1], numbered=usual > 1), []).append(index)
    found = [pair for group in alike.values() for pair in pairwise(group)]
    surplus = len(place) - usual
    if found or usual == 1 or surplus <= 0:
        return found
    return list(pairwise(place))[-surplus:]


def _moment(one: Instance, *, numbered: bool) -> Hashable:
    """What tells two pictures of one place apart: time, b-value, kind of picture, shift within the plane."""
    position = one.position or (0.0, 0.0, 0.0)
    shift = tuple(round(number, 1) for number in position)
    numbers = (one.acquisition_number, one.instance_number) if numbered else ()
    return (one.temporal_position, one.trigger_time, one.b_value, one.image_type, shift, numbers)


def _apart(before: int, after: int, files: Files) -> str:
    a, b = files[before][1].position, files[after][1].position
    if a is None or b is None:
        return "at the same place"
    distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
    return f"{distance:.2f} mm apart"


def _note_steps(places: list[list[int]], across: Vector, files: Files, noted: Noted) -> float | None:
    """Note gaps, uneven steps and tilt; the answer is the usual distance of neighbours in mm."""
    positions = [position for place in places if (position := files[place[0]][1].position) is not None]
    stack = survey(positions, across)
    if stack.tilt:
        first, last = files[places[0][0]][0], files[places[-1][-1]][0]
        noted.add("gantry_tilt", f"{first} to {last}: {stack.tilt:.1f}° between their way and their normal")
    # A localizer has a few slices here and there.
    if stack.spacing is None or "LOCALIZER" in map(str.upper, files[places[0][0]][1].image_type):
        return stack.spacing
    for step in stack.gaps:
        lost = f"{step.missing:,} {'slice' if step.missing == 1 else 'slices'} missing"
        noted.add("missing_slices", f"{_between(step.before, places, files, step.distance, stack.spacing)}, {lost}",
                  step.missing)  # fmt: skip
    for step in stack.uneven:
        noted.add("uneven_spacing", _between(step.before, places, files, step.distance, stack.spacing))
    return stack.spacing


def _between(before: int, places: list[list[int]], files: Files, distance: float, usual: float) -> str:
    first, second = files[places[before][-1]][0], files[places[before + 1][0]][0]
    return f"{first} and {second}, {distance:.2f} mm apart where {usual:.2f} mm is usual"


def _note_header_tilt(members: list[int], files: Files, noted: Noted) -> None:
    """Without two positions the header's word is all there is about a tilt (PS3.3, C.8.2.1: CT alone)."""
    for index in members:
        path, one = files[index]
        if one.modality == "CT" and one.gantry_tilt is not None and abs(one.gantry_tilt) >= _TILT_DEGREES:
            noted.add("gantry_tilt", f"{path}: {one.gantry_tilt:.1f}°, as its header says")
            return


def _note_spacing(members: list[int], files: Files, noted: Noted) -> None:
    spacings: dict[tuple[float, float], list[int]] = {}
    for index in members:
        spacing = files[index][1].spacing
        if spacing is not None:
            spacings.setdefault((float(f"{spacing[0]:.4g}"), float(f"{spacing[1]:.4g}")), []).append(index)
    if len(spacings) < 2:
        return
    (usual, many), *others = sorted(spacings.items(), key=lambda entry: -len(entry[1]))
    told = f"{files[many[0]][0]}: {usual[0]:g} × {usual[1]:g} mm"
    for spacing, few in others:
        other = f"{files[few[0]][0]}: {spacing[0]:g} × {spacing[1]:g} mm"
        noted.add("spacing_differs", f"{told}, {other}", len(few))
