"""Annotation sets that were exported by Triptych in a format of others get back what triptych.json says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet
from triptych.formats.sidecar import sidecar_of

if TYPE_CHECKING:
    from triptych.formats.base import SourceView
    from triptych.formats.sidecar import SidecarSet


def as_described(view: SourceView, format_name: str, sets: list[DraftSet]) -> list[DraftSet]:
    """The sets with the names and classes of triptych.json, where it is about an export in this format.

    A set is known by its name, or by its task where one alone has it; what the reader derived beyond the described
    tasks (classes of shapes, boxes around outlines) is left out, for it was not in what was exported.
    """
    sidecar = view.once(sidecar_of).sidecar
    if sidecar is None or sidecar.format != format_name or not sidecar.sets:
        return sets
    described: dict[str, list[SidecarSet]] = {}
    for entry in sidecar.sets:
        described.setdefault(entry.task, []).append(entry)
    kept = [made for made in sets if made.task in described]
    found: list[DraftSet] = []
    for made in kept:
        first = next(other for other in kept if other.task is made.task)
        entries = described[made.task]
        named = [entry for entry in entries if entry.name == made.name]
        chosen = named[0] if len(named) == 1 else entries[0] if len(entries) == 1 and made is first else None
        found.append(made if chosen is None else _with(made, chosen))
    return found


def _with(made: DraftSet, described: SidecarSet) -> DraftSet:
    if made.masks:
        return replace(made, name=described.name)
    known = {entry.name: entry for entry in described.classes}
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
