"""Keys, studies and series of pictures: by their place, or by what triptych.json says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.dataset import DraftItem
from triptych.core.names import fold, natural_key, nfc, without_ending
from triptych.formats.label_csv.matching import SERIES
from triptych.formats.pictures.layout import Area
from triptych.formats.sidecar import sidecar_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triptych.formats.base import SourceView
    from triptych.formats.pictures.dicom import DicomPlace
    from triptych.formats.pictures.layout import Layout
    from triptych.formats.sidecar import SidecarItem
    from triptych.formats.tally import Tally

Place = tuple[str, str | None]
"""Study and series of a picture."""


def items_of(
    view: SourceView,
    layout: Layout,
    primary: Area,
    place_of: Callable[[str, Area, Tally], Place],
    tally: Tally,
) -> list[DraftItem]:
    """All pictures as items, in the natural order of their keys; DICOM before them, in the order of its series.

    A key is the path below the folder of the layout (`primary`), or below the wrapper for pictures elsewhere.
    Pictures of a series have their position in it, from 0, in the order of their keys.
    """
    listed = _listed(view, layout, tally)
    by_tags = layout.survey.places
    drafts: list[DraftItem] = []
    for member, area in zip(layout.pictures, layout.areas, strict=True):
        path = view.paths[member]
        entry = listed.get(path)
        if entry is not None:
            draft = DraftItem(entry.key, member, entry.study, entry.series, entry.position, entry.part)
        else:
            key = path[path.index("/") + 1 :] if area is primary and primary is not Area.ELSEWHERE else path
            placed = by_tags.get(member)
            if placed is not None:
                draft = DraftItem(key, member, placed.study, placed.series, placed.position)
            else:
                study, series = place_of(key, area, tally)
                draft = DraftItem(key, member, study, series)
        drafts.append(draft)
    # A key that is listed, or that lies in the layout's folder, is the one to keep where two are equal.
    areas = dict(zip(layout.pictures, layout.areas, strict=True))
    drafts.sort(key=lambda draft: (natural_key(draft.key), view.paths[draft.member] not in listed,
                                   areas[draft.member] is not primary, draft.member))  # fmt: skip
    drafts = _unique(drafts, tally)
    _note_alike(drafts, tally)
    fixed = {
        draft.member for draft in drafts if view.paths[draft.member] in listed or draft.member in by_tags
    }
    return _in_order(_positions(drafts, fixed), by_tags)


def _in_order(drafts: list[DraftItem], by_tags: Mapping[int, DicomPlace]) -> list[DraftItem]:
    """DICOM by study, series and position, whatever its files are called; behind it the others by their keys."""
    if not by_tags:
        return drafts
    return sorted(
        drafts,
        key=lambda draft: (0, by_tags[draft.member].order) if draft.member in by_tags else (1, 0),
    )


def _listed(view: SourceView, layout: Layout, tally: Tally) -> dict[str, SidecarItem]:
    sidecar = view.once(sidecar_of).sidecar
    if sidecar is None or sidecar.items is None:
        return {}
    listed = {item.path: item for item in sidecar.items}
    present = {view.paths[member] for member in layout.pictures}
    for path in listed:
        if path not in present:
            tally.add("sidecar_member_missing", path)
    for path in sorted(present - listed.keys()):
        tally.add("sidecar_incomplete", path)
    return listed


def _unique(drafts: list[DraftItem], tally: Tally) -> list[DraftItem]:
    taken = {draft.key for draft in drafts}
    if len(taken) == len(drafts):
        return drafts
    seen: set[str] = set()
    result: list[DraftItem] = []
    for draft in drafts:
        key, number = draft.key, 2
        if key in seen:
            while key in taken:
                key = f"{without_ending(draft.key)} ({number}){draft.key[len(without_ending(draft.key)) :]}"
                number += 1
            taken.add(key)
            tally.add("key_changed", f"{draft.key} → {key}")
            study = key if draft.study == draft.key else draft.study
            draft = draft._replace(key=key, study=study)
        seen.add(draft.key)
        result.append(draft)
    return sorted(result, key=lambda draft: natural_key(draft.key))


def _positions(drafts: list[DraftItem], fixed: set[int]) -> list[DraftItem]:
    if all(draft.study == draft.key for draft in drafts):
        return drafts
    next_position: dict[Place, int] = {}
    result: list[DraftItem] = []
    for draft in drafts:
        if draft.member not in fixed and draft.study != draft.key:
            place = (draft.study, draft.series)
            position = next_position.get(place, 0)
            next_position[place] = position + 1
            draft = draft._replace(position=position)
        result.append(draft)
    return result


def _note_alike(drafts: list[DraftItem], tally: Tally) -> None:
    # Names that differ in how accents are composed are the container's finding.
    folded: dict[str, str] = {}
    for draft in drafts:
        other = folded.setdefault(fold(draft.key), draft.key)
        if other is not draft.key and nfc(other) != nfc(draft.key):
            tally.add("names_differ_in_case", draft.key)


def loose(key: str, area: Area, tally: Tally) -> Place:
    """A loose picture is its own study."""
    return key, None


def by_folders(key: str, area: Area, tally: Tally) -> Place:
    """Study and series from the first two folders of a key; a picture in no folder is its own study."""
    parts = key.split("/")
    if len(parts) == 1 or area is Area.CLASSES:
        return key, None
    if len(parts) != 3 or not SERIES.fullmatch(parts[1]):
        tally.add("ragged_structure", key)
    return parts[0], parts[1] if len(parts) > 2 else None
