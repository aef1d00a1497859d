"""Where things lie in a source of pictures: the folders that layouts know, pictures, tables and the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored
from triptych.core.names import base_name, ending
from triptych.core.source import MemberError, Prefetching
from triptych.formats.base import LAYOUT_FOLDERS
from triptych.formats.label_csv.matching import SERIES
from triptych.formats.pictures.dicom import Survey, survey
from triptych.formats.pictures.kinds import (
    DICOM_ENDINGS,
    HEAD,
    PICTURE_ENDINGS,
    TEXT_ENDINGS,
    is_picture,
    kind_of,
    unread_kind,
)
from triptych.formats.sidecar import sidecar_of

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

SNIFFED = 2000
"""Members of one unusual ending that are looked into; all of them when one of these is a picture."""

SNIFFED_NAMED = 50
"""The same, of an ending that another format of pictures has: tens of thousands of .tif are what they say."""


class Area(IntEnum):
    """Where a member lies: below `image/`, below `Classes/`, or elsewhere."""

    ELSEWHERE = 0
    IMAGE = 1
    CLASSES = 2


@dataclass(slots=True)
class Layout:
    """The members of a source by what they are; all lists hold indices of members.

    `folders` are the names of `image` and `Classes` as they are spelled. `counts` is pictures by area;
    `in_class` those at least one folder below `Classes/`, `in_series` those below a study and a series. `survey`
    has the DICOM files; those that are pictures are among `pictures` too.
    """

    pictures: list[int] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    by_content: list[int] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)
    spreadsheets: list[str] = field(default_factory=list)
    folders: dict[Area, set[str]] = field(default_factory=lambda: {Area.IMAGE: set(), Area.CLASSES: set()})
    counts: dict[Area, int] = field(default_factory=lambda: dict.fromkeys(Area, 0))
    in_class: int = 0
    in_series: int = 0
    named_series: int = 0
    survey: Survey = field(default_factory=Survey)


def area_of(path: str) -> Area:
    """Where a path lies."""
    slash = path.find("/")
    if slash < 0:
        return Area.ELSEWHERE
    first = path[:slash].lower()
    if first == LAYOUT_FOLDERS[0]:
        return Area.IMAGE
    return Area.CLASSES if first == LAYOUT_FOLDERS[1] else Area.ELSEWHERE


def is_label_file(path: str) -> bool:
    """Whether a path declares itself the label file: `label.csv` in any case, at the top or directly in
    `image` or `Classes`."""
    folder, _, base = path.rpartition("/")
    return base.lower() == "label.csv" and (not folder or folder.lower() in LAYOUT_FOLDERS)


def layout_of(view: SourceView) -> Layout:
    """Sorts all members of a source; looks into those alone whose ending says nothing."""
    layout = Layout()
    read = view.once(sidecar_of)
    listed: set[str] = set()
    if read.sidecar is not None and read.sidecar.items is not None:
        listed = {item.path for item in read.sidecar.items}
    unusual: dict[str, list[int]] = {}
    dicom: list[int] = []
    for index in view.kept:
        path = view.paths[index]
        end = ending(path)
        if end in DICOM_ENDINGS or (
            path in listed and end not in PICTURE_ENDINGS and _kind(view, index) == "DICOM"
        ):
            dicom.append(index)
        elif end in PICTURE_ENDINGS or path in listed:
            layout.pictures.append(index)
        elif end == ".csv":
            layout.tables.append(index)
        elif index != read.member:
            unusual.setdefault(end, []).append(index)
    for end, members in unusual.items():
        _look_into(view, end, members, layout, dicom)
    layout.survey = survey(view, sorted(dicom))
    layout.pictures += [*layout.survey.places, *layout.survey.unread]
    layout.ignored += layout.survey.ignored
    layout.pictures.sort()
    _measure(view, layout)
    return layout


def _look_into(view: SourceView, end: str, members: list[int], layout: Layout, dicom: list[int]) -> None:
    """Pictures under a wrong name or none are found by their first bytes; the rest is set aside."""
    most = SNIFFED if unread_kind(f"x{end}") is None else SNIFFED_NAMED
    sample = members[:: max(1, -(-len(members) // most))] if end not in TEXT_ENDINGS else []
    if isinstance(view.reader, Prefetching):
        view.reader.prefetch([view.members[member] for member in sample], HEAD)
    kinds = {member: _kind(view, member) for member in sample}
    if any(is_picture(kind) for kind in kinds.values()):
        kinds |= {member: _kind(view, member) for member in members if member not in kinds}
    for member in members:
        kind = kinds.get(member) or unread_kind(view.paths[member])
        if kind == "DICOM":
            dicom.append(member)
        elif is_picture(kind):
            layout.pictures.append(member)
            layout.by_content.append(member)
        else:
            layout.ignored.append(_not_a_picture(view, member, kind, layout))


def _kind(view: SourceView, member: int) -> str | None:
    try:
        return kind_of(view.head(member, HEAD))
    except MemberError:
        return None


def _not_a_picture(view: SourceView, member: int, kind: str | None, layout: Layout) -> Ignored:
    path = view.paths[member]
    if kind is not None:
        layout.unread.setdefault(kind, []).append(path)
        return Ignored(
            member, "picture_format_unread", f"{kind} is not read by the layouts of JPG, PNG and DICOM."
        )
    if base_name(path).lower() in ("label.xlsx", "label.xls", "label.ods", "label.txt", "label.tsv"):
        layout.spreadsheets.append(path)
    return Ignored(member, "not_a_picture", "It is neither a JPG, PNG or DICOM picture nor a label file.")


def _measure(view: SourceView, layout: Layout) -> None:
    paths = view.paths
    for member in layout.pictures:
        path = paths[member]
        area = area_of(path)
        layout.areas.append(area)
        layout.counts[area] += 1
        if area is not Area.ELSEWHERE:
            layout.folders[area].add(path[: path.index("/")])
        parts = path.count("/") - (area is not Area.ELSEWHERE)
        if area is Area.CLASSES:
            layout.in_class += parts > 0
        elif parts > 1 and member not in layout.survey.places:
            series = path.split("/")[1 + (area is Area.IMAGE)]
            if SERIES.fullmatch(series):
                layout.in_series += 1
                layout.named_series += series[:6].lower() == "series"
