"""Annotation sets that were exported by Triptych in a format of others get back what triptych.json says of them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet, Kind, Label
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME, Match
from triptych.formats.pictures.layout import layout_of
from triptych.formats.sidecar import sidecar_of

EXPORTED = Match(0.97, "triptych.json says that it is an export in this format.")

if TYPE_CHECKING:
    from collections.abc import Collection

    from triptych.core.dataset import DraftItem
    from triptych.core.labels import Task
    from triptych.formats.base import SourceView
    from triptych.formats.sidecar import SidecarSet


def described_sets(view: SourceView, format_name: str) -> tuple[SidecarSet, ...]:
    """The sets of triptych.json, where it is about an export in this format."""
    sidecar = view.once(sidecar_of).sidecar
    return () if sidecar is None or sidecar.format != format_name else sidecar.sets


def is_export(view: SourceView, format_name: str) -> bool:
    """Whether triptych.json tells of an export in this format that has pictures, and of what was looked at: it may
    have no file of labels, and its folders may be called as those of other layouts."""
    told = any(
        entry.covered is not None or entry.files is not None or entry.written is not None
        for entry in described_sets(view, format_name)
    )
    return told and bool(view.once(layout_of).pictures)


def described_set(view: SourceView, format_name: str, tasks: Collection[Task]) -> SidecarSet | None:
    """The first of them that has one of the tasks."""
    return next((entry for entry in described_sets(view, format_name) if entry.task in tasks), None)


def unchanged_files(view: SourceView, entry: SidecarSet, limit: int) -> list[int] | None:
    """The members of a set that names its files, None where one is not there, was changed, or has more bytes than
    `limit`."""
    members = {view.paths[member]: member for member in view.kept}
    found: list[int] = []
    for path, digest in entry.files or ():
        try:
            data = view.read(members[path], limit)
        except (KeyError, MemberError):
            return None
        if sha256(data).hexdigest() != digest.lower():
            return None
        found.append(members[path])
    return found


def as_described(
    view: SourceView, format_name: str, sets: list[DraftSet], items: list[DraftItem]
) -> list[DraftSet]:
    """The sets with the names and classes of triptych.json, where it is about an export in this format.

    A set is known by its name, or by its task where one alone has it; what the reader derived beyond the described
    tasks (classes of shapes, boxes around outlines) is left out, for it was not in what was exported. Where
    triptych.json tells which pictures were looked at, that counts: a file may be about several sets. Sets
    that name their files are not touched: the reader knows them by these.
    """
    entries = described_sets(view, format_name)
    if not entries or any(entry.files is not None for entry in entries):
        return sets
    left = [made for made in sets if made.task in {entry.task for entry in entries}]
    found: list[DraftSet] = []
    for entry in entries:
        made = _of_entry(entry, entries, left)
        if made is not None:
            left = [other for other in left if other is not made]
            found.append(_covering(_with(made, entry), entry, view, items))
        elif entry.covered is not None:
            empty = DraftSet(entry.name, entry.task, SIDECAR_NAME, list(entry.classes))
            found.append(_covering(empty, entry, view, items))
    return found + left


def _of_entry(entry: SidecarSet, entries: tuple[SidecarSet, ...], sets: list[DraftSet]) -> DraftSet | None:
    alike = [made for made in sets if made.task is entry.task]
    named = next((made for made in alike if made.name == entry.name), None)
    if named is not None or sum(other.task is entry.task for other in entries) > 1:
        return named
    return alike[0] if alike else None


def _covering(made: DraftSet, entry: SidecarSet, view: SourceView, items: list[DraftItem]) -> DraftSet:
    """The set, in which exactly the pictures that were looked at, and those with labels, are part of it."""
    sidecar = view.once(sidecar_of).sidecar
    if entry.covered is None or made.masks or sidecar is None or sidecar.items is None:
        return made
    at = {view.paths[item.member]: index for index, item in enumerate(items)}
    rows = sidecar.items
    covered = {
        at.get(rows[row].path) for first, count in entry.covered for row in range(first, first + count)
    }
    labels = [label for label in made.labels if label.kind is not Kind.NOTHING]
    labelled = {label.item for label in labels}
    labels += [Label(item, Kind.NOTHING) for item in covered if item is not None and item not in labelled]
    labels.sort(key=lambda label: label.item)
    return replace(made, labels=labels)


def _with(made: DraftSet, described: SidecarSet) -> DraftSet:
    if made.masks:
        return replace(made, name=described.name)
    known = {entry.name: entry for entry in described.classes}
    # What is written for a class may be the name of another one.
    by_id = {entry.id: entry for entry in described.classes}
    known |= {text: by_id[number] for text, number in described.written or ()}
    classes = list(described.classes)
    free = max((entry.id for entry in classes), default=-1) + 1
    ids: dict[int | None, int | None] = {None: None}
    for entry in made.classes:
        if entry.name not in known:
            known[entry.name] = replace(entry, id=free)
            classes.append(known[entry.name])
            free += 1
        ids[entry.id] = known[entry.name].id
    labels = [label._replace(class_id=ids[label.class_id]) for label in made.labels]
    return DraftSet(described.name, made.task, made.source, classes, labels)
