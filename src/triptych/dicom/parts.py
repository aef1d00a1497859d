"""The parts of one series: pictures of one size, orientation and echo, each part with the reason it is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.dicom.geometry import plane_name

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from triptych.dicom.geometry import Orientation
    from triptych.dicom.instance import Instance
    from triptych.dicom.notices import Noted

    Files = Sequence[tuple[str, Instance]]

ORIENTATION_TOLERANCE = 1e-3
"""Orientations whose six numbers differ by no more are one; 0.001 is 0.06°. Scanners write five to seven digits."""

_FEW = 16
_ECHO_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Some instances of a series, by number. `reason` says in words what they have in common, "" for all of it.

    `parallel`: they share one orientation, so that their positions put them into an order.
    """

    members: tuple[int, ...]
    reason: str
    parallel: bool


@dataclass(frozen=True, slots=True)
class _Criterion:
    code: str
    values: list[Hashable]
    words: Callable[[Any], str]


def parts_of(members: Sequence[int], files: Files, noted: Noted) -> list[Part]:
    """Split a series, given as numbers of `files`; parts come in the order of their first members.

    Objects without pixels are a part of their own. Where nearly every one of more than 16 pictures has its own
    size, orientation or echo (slices that turn around an axis), that is no reason to split. What is split is
    noted with the names of two files that differ.
    """
    pictures = [index for index in members if files[index][1].has_pixels]
    objects = [index for index in members if not files[index][1].has_pixels]
    active, parallel = [], True
    for criterion in _criteria(pictures, files):
        counts = Counter(criterion.values)
        if len(counts) < 2:
            continue
        example = _example(criterion, counts, pictures, files)
        if len(counts) > max(_FEW, len(pictures) // 2):
            noted.add("each_its_own", example)
            parallel = parallel and criterion.code != "mixed_orientations"
        else:
            noted.add(criterion.code, example)
            active.append(criterion)
    split: dict[tuple[Hashable, ...], list[int]] = {}
    for place, index in enumerate(pictures):
        split.setdefault(tuple(criterion.values[place] for criterion in active), []).append(index)
    parts = [
        Part(tuple(inside), _reason(key, active, len(inside), len(pictures)), parallel)
        for key, inside in split.items()
    ]
    if objects and pictures:
        noted.add("mixed_objects", f"{files[pictures[0]][0]} and {files[objects[0]][0]}, which has no pixels")
        why = f"{len(objects):,} of {len(members):,} objects have no pixels"
        parts.append(Part(tuple(objects), why, parallel=False))
    elif objects:
        parts.append(Part(tuple(objects), "", parallel=False))
    return parts


def _criteria(pictures: list[int], files: Files) -> list[_Criterion]:
    instances = [files[index][1] for index in pictures]
    orientations = _Orientations()
    return [
        _Criterion("mixed_sizes", [(one.rows, one.columns) for one in instances], _size_words),
        _Criterion(
            "mixed_orientations", [orientations.of(one.orientation) for one in instances], _orientation_words
        ),
        _Criterion("mixed_echoes", [_echo(one) for one in instances], _echo_words),
    ]


class _Orientations:
    """Finds the first orientation that another one equals within the tolerance, in bounded time."""

    def __init__(self) -> None:
        self._known: dict[Orientation, Orientation] = {}
        self._firsts: list[Orientation] = []

    def of(self, orientation: Orientation | None) -> Orientation | None:
        if orientation is None:
            return None
        known = self._known.get(orientation)
        if known is None:
            known = self._known[orientation] = self._first_near(orientation)
        return known

    def _first_near(self, orientation: Orientation) -> Orientation:
        for first in self._firsts:
            if all(abs(a - b) <= ORIENTATION_TOLERANCE for a, b in zip(first, orientation, strict=True)):
                return first
        # Beyond these each picture has its own, and looking through all would take forever.
        if len(self._firsts) < 2 * _FEW:
            self._firsts.append(orientation)
        return orientation


def _echo(instance: Instance) -> tuple[float | None, int | None]:
    time = instance.echo_time
    return (None if time is None else round(time, _ECHO_DIGITS), instance.echo_number)


def _reason(key: tuple[Hashable, ...], active: list[_Criterion], count: int, total: int) -> str:
    if not active:
        return ""
    words = [criterion.words(value) for criterion, value in zip(active, key, strict=True)]
    return f"{count:,} of {total:,} pictures {' and '.join(words)}"


def _example(criterion: _Criterion, counts: Counter[Hashable], pictures: list[int], files: Files) -> str:
    (first, _), (second, _) = counts.most_common(2)
    names = [files[pictures[criterion.values.index(value)]][0] for value in (first, second)]
    told = f"{names[0]} {criterion.words(first)}, {names[1]} {criterion.words(second)}"
    return told.replace(" are ", " is ").replace(" lie ", " lies ").replace(" have ", " has ")


def _size_words(value: tuple[int | None, int | None]) -> str:
    rows, columns = value
    return "have no size" if rows is None or columns is None else f"are {columns} × {rows}"


def _orientation_words(value: Orientation | None) -> str:
    if value is None:
        return "have no orientation"
    numbers = ", ".join(f"{round(number, 3) + 0.0:g}" for number in value)
    return f"lie {plane_name(value)} (orientation {numbers})"


def _echo_words(value: tuple[float | None, int | None]) -> str:
    time, number = value
    if time is not None:
        return f"have the echo time {time:g} ms" + (f" (echo {number})" if number is not None else "")
    return "have no echo time" if number is None else f"have the echo number {number}"
