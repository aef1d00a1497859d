"""DICOM among the pictures of a source: what each file is, and where it stands by its tags.

Headers are read, pixels are not. Studies, series and positions come from the tags alone; folders and names mean
nothing for DICOM (PS3.10, 8.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.dataset import Ignored
from triptych.core.findings import Finding, Severity
from triptych.core.source import MemberError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.dicom.instance import Instance
    from triptych.dicom.series import Grouping
    from triptych.formats.base import SourceView

FIRST_BYTES = 16 * 1024
"""What is read of a file at first; most headers end before."""

MORE_BYTES = 1024 * 1024
WHOLE_BYTES = 64 * 1024 * 1024
"""A header that goes on beyond this is not read on: the file is judged when it is imported."""


class DicomPlace(NamedTuple):
    """Where a DICOM picture stands: study and series as they are called, position in the series, and the place
    among all DICOM pictures of the source."""

    study: str
    series: str
    position: int
    order: int


@dataclass(slots=True)
class Survey:
    """The DICOM files of a source. Members are indices of the view's.

    `places` are pictures; `unread` could not be read as DICOM and are left to the import to judge, which names the
    reason; `segmentations` are drawn on other pictures, those of the UIDs in `references`; `ignored` are objects
    without pixels, and copies.
    """

    places: dict[int, DicomPlace] = field(default_factory=dict)
    instances: dict[int, Instance] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    segmentations: list[int] = field(default_factory=list)
    references: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def survey(view: SourceView, members: Sequence[int]) -> Survey:
    """Read the headers of DICOM files and group them.

    Where the view reads only a sample of headers, files between two of the sample are taken to stand where the one
    before them does, which is said.
    """
    found = Survey()
    if not members:  # most sources; what reads DICOM takes a fifth of a second to import
        return found
    read = _sampled(view, members)
    for member in read:
        instance = _instance(view, member)
        if instance is None:
            found.unread.append(member)
        else:
            found.instances[member] = instance
    _sort_out(view, found)
    _group(view, found)
    if len(read) < len(members):
        _fill_in(members, set(read), found)
    return found


def _sampled(view: SourceView, members: Sequence[int]) -> Sequence[int]:
    most = view.most_headers
    if most is None or len(members) <= most:
        return members
    return [members[index * len(members) // most] for index in range(most)]


def _instance(view: SourceView, member: int) -> Instance | None:
    from triptych.dicom.instance import HeaderCut, read_instance

    size = view.members[member].size
    try:
        for length in (FIRST_BYTES, MORE_BYTES, WHOLE_BYTES):
            head = view.head(member, length)
            try:
                return read_instance(head, whole=len(head) >= size)
            except HeaderCut:
                continue
    except MemberError:
        return None
    return None


def _sort_out(view: SourceView, found: Survey) -> None:
    """What is no picture: objects without pixels by what they are, and segmentations."""
    from triptych.dicom.sop_classes import DICOMDIR, object_name

    kinds: dict[str, list[str]] = {}
    for member, instance in list(found.instances.items()):
        if instance.is_seg and instance.has_pixels:
            found.segmentations.append(member)
            found.references[member] = instance.references
        elif not instance.has_pixels and instance.sop_class is None:
            found.unread.append(member)
        elif not instance.has_pixels:
            name = object_name(instance.sop_class)
            kinds.setdefault(name, []).append(view.paths[member])
            found.ignored.append(
                Ignored(member, "no_pixels", f"{name}: an object without pixels. It is kept.")
            )
        else:
            continue
        if instance.sop_class != DICOMDIR:
            found.instances.pop(member)
    for name, paths in sorted(kinds.items()):
        found.findings.append(
            Finding(
                Severity.NOTE,
                "no_pixels",
                f"DICOM objects without pixels are kept and are no items: {name} ({len(paths):,}).",
                "Nothing to do.",
                name,
                len(paths),
                tuple(paths[:20]),
            )
        )
    _compare_directories(view, found)


def _compare_directories(view: SourceView, found: Survey) -> None:
    from triptych.dicom.directory import compare, dicomdir_files
    from triptych.dicom.notices import Noted
    from triptych.dicom.sop_classes import DICOMDIR

    directories = [member for member, instance in found.instances.items() if instance.sop_class == DICOMDIR]
    for member in directories:
        found.instances.pop(member)
    noted = Noted()
    kept = [*found.instances, *found.segmentations, *(entry.member for entry in found.ignored)]
    there = [view.paths[member] for member in kept if member not in directories]
    for member in directories:
        try:
            named = dicomdir_files(view.read(member, WHOLE_BYTES))
        except MemberError:
            continue
        compare(view.paths[member], named, there, noted)
    found.findings += noted.findings()


def _group(view: SourceView, found: Survey) -> None:
    from triptych.dicom.series import group

    members = list(found.instances)
    files = [(view.paths[member], found.instances[member]) for member in members]

    def same_bytes(one: int, other: int) -> bool:
        first, second = (view.members[members[index]] for index in (one, other))
        if first.size != second.size:
            return False
        try:
            return view.read(members[one], WHOLE_BYTES) == view.read(members[other], WHOLE_BYTES)
        except MemberError:
            return False

    grouping = group(files, same_bytes)
    found.findings += grouping.findings
    for index, original in sorted(grouping.copies.items()):
        reason = f"It is a copy of {view.paths[members[original]]}: the same UID and the same bytes."
        found.ignored.append(Ignored(members[index], "duplicate", reason))
        found.instances.pop(members[index])
    _place(members, files, grouping, found)
    found.findings += _totals(grouping)


def _place(members: list[int], files: list[tuple[str, Instance]], grouping: Grouping, found: Survey) -> None:
    starts = _starts(grouping)
    for index, place in enumerate(grouping.places):
        if place is None:
            continue
        study = grouping.studies[place.study]
        series = study.series[place.series]
        path, _ = files[index]
        own = study.uid or study.folder or path
        found.places[members[index]] = DicomPlace(
            own,
            f"{series.uid or series.folder or own}{series.suffix}",
            place.position,
            starts[place.study, place.series] + place.position,
        )


def _starts(grouping: Grouping) -> dict[tuple[int, int], int]:
    """How many pictures stand before each series."""
    starts: dict[tuple[int, int], int] = {}
    before = 0
    for number, study in enumerate(grouping.studies):
        for place, series in enumerate(study.series):
            starts[number, place] = before
            before += len(series.members)
    return starts


def _totals(grouping: Grouping) -> list[Finding]:
    """One finding that says how many instances each series has, and why a series is in parts."""
    lines = [
        f"{series.title}: {len(series.members)} of {series.of} instances"
        + (f" (part {series.part} of {series.parts}: {series.reason})" if series.parts > 1 else "")
        for study in grouping.studies
        for series in study.series
    ]
    if not lines:
        return []
    total = sum(len(series.members) for study in grouping.studies for series in study.series)
    return [
        Finding(
            Severity.NOTE,
            "dicom_series",
            f"{total:,} of {total:,} DICOM instances are in {len(lines):,} series of "
            f"{len(grouping.studies):,} studies.",
            "Nothing to do.",
            "",
            len(lines),
            tuple(lines[:20]),
        )
    ]


def _fill_in(members: Sequence[int], read: set[int], found: Survey) -> None:
    """Files that the sample leaves out stand where the one before them does."""
    last: DicomPlace | None = None
    guessed = 0
    for member in members:
        if member in read:
            last = found.places.get(member, last)
            continue
        guessed += 1
        if last is None:
            found.unread.append(member)
        else:
            found.places[member] = last
    found.findings.append(
        Finding(
            Severity.NOTE,
            "headers_sampled",
            f"Studies and series rest on {len(read):,} of {len(members):,} DICOM headers, spread evenly.",
            "The import reads all of them.",
            "",
            guessed,
        )
    )
