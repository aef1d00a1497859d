"""Studies and series made of instances by their tags (PS3.3, A.1.2): groups, parts, order, titles. Nothing is lost.

group(files, same_bytes)
  identity.py  copies and conflicts of UIDs
  parts.py     a series that holds several sizes, orientations or echoes
  slices.py    the order of a part, and what is odd between its slices
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from triptych.core.names import natural_key
from triptych.dicom.identity import copies, note_missing_uids, note_patients, note_shared_series
from triptych.dicom.notices import Noted
from triptych.dicom.parts import parts_of
from triptych.dicom.slices import arrange
from triptych.dicom.sop_classes import object_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from triptych.core.findings import Finding
    from triptych.dicom.instance import Instance
    from triptych.dicom.parts import Files


@dataclass(frozen=True, slots=True)
class Series:
    """A series, or one part of it. `members` are numbers of the instances given to `group`, in order.

    `uid` is None where files have none; they are of one `folder` then. `part` counts from 1 to `parts`, `suffix` is
    "" or "-2", `reason` says why this is a part, in words. `kind` is what the objects are. `slices` counts
    the places along the normal, 0 without geometry; `times` is how many pictures a place usually has;
    `slice_spacing` is the usual distance of neighbours in mm. `of` is how many instances the whole series has.
    """

    uid: str | None
    folder: str
    title: str
    modality: str
    kind: str
    members: tuple[int, ...]
    of: int
    part: int
    parts: int
    reason: str
    slices: int
    times: int
    slice_spacing: float | None

    @property
    def suffix(self) -> str:
        """What tells the parts of a series apart: "" for a whole series, else "-1", "-2", ..."""
        return f"-{self.part}" if self.parts > 1 else ""


@dataclass(frozen=True, slots=True)
class Study:
    """A study. `uid` is None where files have none; they are of one `folder` then. `patient` as in `Instance`."""

    uid: str | None
    folder: str
    title: str
    patient: str | None
    date: str | None
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance stands: number of the study, of the series in it, and position in that, all from 0."""

    study: int
    series: int
    position: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """All instances, each either at a place or a copy of another one.

    `places[i]` is where instance i stands, None for a copy. `copies` maps the number of a copy to that of its
    original.
    """

    studies: tuple[Study, ...]
    places: tuple[Place | None, ...]
    copies: dict[int, int]
    findings: tuple[Finding, ...]


def group(files: Sequence[tuple[str, Instance]], same_bytes: Callable[[int, int], bool]) -> Grouping:
    """Group instances into studies and series, split and order these, and say what is odd.

    The answer does not depend on the order of `files`. Time is O(n log n).

    Args:
        files: The path of each file in its source ("/" between folders) with its instance.
        same_bytes: Whether files i and j are equal byte by byte; asked for files with equal SOP Instance UIDs.
    """
    noted = Noted()
    order = sorted(range(len(files)), key=lambda index: natural_key(files[index][0]))
    found = copies(order, files, same_bytes, noted)
    kept = [index for index in order if index not in found]
    note_missing_uids(kept, files, noted)
    by_study = _by(kept, lambda index: _key(files[index][1].study_uid, files[index][0]))
    note_shared_series(by_study.values(), files, noted)
    studies = sorted(
        (_study(members, files, noted) for members in by_study.values()),
        key=lambda study: (study.date is None, study.date or ""),
    )
    places: list[Place | None] = [None] * len(files)
    for study_number, study in enumerate(studies):
        for series_number, series in enumerate(study.series):
            for position, index in enumerate(series.members):
                places[index] = Place(study_number, series_number, position)
    return Grouping(tuple(studies), tuple(places), found, noted.findings())


Key = tuple[str | None, str]


def _key(uid: str | None, path: str) -> Key:
    """A UID, or for want of one the folder: what was exported together lies together."""
    return (uid, "") if uid is not None else (None, path.rpartition("/")[0])


def _by(members: Iterable[int], key: Callable[[int], Key]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = {}
    for index in members:
        groups.setdefault(key(index), []).append(index)
    return groups


def _study(members: list[int], files: Files, noted: Noted) -> Study:
    note_patients(members, files, noted)
    by_series = _by(members, lambda index: _key(files[index][1].series_uid, files[index][0]))
    series = [part for inside in by_series.values() for part in _series(inside, files, noted)]
    numbers = {key: _series_number(inside, files) for key, inside in by_series.items()}
    series.sort(key=lambda one: numbers[one.uid, one.folder])
    instances = [files[index][1] for index in members]
    first = instances[0]
    uid, folder = _key(first.study_uid, files[members[0]][0])
    modalities = Counter(one.modality for one in instances if one.modality)
    date = min((one.study_date for one in instances if one.study_date), default=None)
    description = next((one.study_description for one in instances if one.study_description), "")
    listed = ", ".join(modality for modality, _ in modalities.most_common())
    patient = next((one.patient for one in instances if one.patient is not None), None)
    return Study(uid, folder, _study_words(date, listed, description), patient, date, tuple(series))


def _series_number(members: list[int], files: Files) -> float:
    return min(
        (number for index in members if (number := files[index][1].series_number) is not None), default=inf
    )


def _series(members: list[int], files: Files, noted: Noted) -> list[Series]:
    ordered = sorted(members, key=lambda index: _number(files[index][1]))
    parts = parts_of(ordered, files, noted)
    uid, folder = _key(files[members[0]][1].series_uid, files[members[0]][0])
    made = []
    for number, part in enumerate(parts, 1):
        arranged = arrange(part, files, noted)
        first = files[arranged.members[0]][1]
        title = series_title(first) + (f" · part {number} of {len(parts)}" if len(parts) > 1 else "")
        made.append(
            Series(
                uid,
                folder,
                title,
                first.modality,
                object_name(first.sop_class),
                arranged.members,
                len(members),
                number,
                len(parts),
                part.reason,
                arranged.slices,
                arranged.times,
                arranged.spacing,
            )
        )
    return made


def _number(one: Instance) -> float:
    return inf if one.instance_number is None else one.instance_number


def series_title(one: Instance) -> str:
    """A series' title for people, from one of its instances: "3 · T2 AX (MR)"; objects without pixels say what
    they are."""
    what = one.series_description or ("" if one.has_pixels else object_name(one.sop_class))
    words = [str(one.series_number)] if one.series_number is not None else []
    if what:
        words.append(what)
    title = " · ".join(words) or "Series"
    return f"{title} ({one.modality})" if one.modality else title


def study_title(one: Instance) -> str:
    """A study's title for people, from one of its instances: "2004-01-19 · MR · Knee"."""
    return _study_words(one.study_date, one.modality, one.study_description)


def _study_words(date: str | None, modalities: str, description: str) -> str:
    return " · ".join(word for word in (date, modalities, description) if word) or "Study"
