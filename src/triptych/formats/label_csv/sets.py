"""Facts about items become annotation sets: one task each, classes in natural order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet, Kind, Label, LabelClass, Task, palette_color
from triptych.core.names import fold, natural_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.formats.label_csv.gather import Gathered
    from triptych.formats.tally import Tally

STRAY_SHARE = 0.1
"""Rows of another kind than most are strays below this share, and an annotation set of their own above."""


def classes_of(names: Iterable[str]) -> list[LabelClass]:
    """Classes with ids from 0 in the natural order of their names, each with its colour of the palette."""
    return [
        LabelClass(index, name, palette_color(index))
        for index, name in enumerate(sorted(set(names), key=natural_key))
    ]


def sets_of(gathered: Gathered, stem: str, source: str, tally: Tally) -> list[DraftSet]:
    """The annotation sets of one file; the first is named by its stem, others by their task as well."""
    kinds = _kinds(gathered, tally)
    sets: list[DraftSet] = []
    for kind in kinds:
        if kind == "box":
            made = _detection(gathered, source)
        elif kind == "mask":
            made = _segmentation(gathered, source)
        elif kind == "value":
            made = _values(gathered, source, tally)
        else:
            made = _classes(gathered, source, tally)
        made.name = stem if not sets else f"{stem}_{made.task.value}"
        sets.append(made)
    if sets:
        _add_nothing(sets[0], gathered, tally)
    elif gathered.nothing:
        tally.add("paths_only", count=len(gathered.nothing))
        labels = [Label(item, Kind.NOTHING) for item in gathered.nothing]
        sets.append(DraftSet(stem, Task.DETECTION, source, [], labels))
    for made in sets:
        _note_alike(made.classes, tally)
    return sets


def _kinds(gathered: Gathered, tally: Tally) -> list[str]:
    counts = {
        "mask": len(gathered.masks) + len(gathered.looked_at),
        "box": len(gathered.boxes),
        "value": len(gathered.values),
        "class": len(gathered.classes),
    }
    present = sorted((kind for kind in counts if counts[kind]), key=lambda kind: -counts[kind])
    total = sum(counts.values())
    kept = present[:1] + [kind for kind in present[1:] if counts[kind] >= STRAY_SHARE * total]
    for kind in present:
        if kind not in kept:
            tally.add("row_unreadable", f"rows of another kind: {counts[kind]}", count=counts[kind])
    if len(kept) > 1:
        tally.add("columns_mixed", count=len(kept))
    return kept


def _detection(gathered: Gathered, source: str) -> DraftSet:
    classes = classes_of(name for _, name, _ in gathered.boxes)
    ids = {entry.name: entry.id for entry in classes}
    labels = [Label(item, Kind.BOX, ids[name], None, box) for item, name, box in gathered.boxes]
    return DraftSet("", Task.DETECTION, source, classes, labels)


def _segmentation(gathered: Gathered, source: str) -> DraftSet:
    """Masks; a picture with empty masks alone was looked at, and nothing is there."""
    classes = classes_of([name for name, _ in gathered.masks] + [name for _, name in gathered.looked_at])
    ids = {entry.name: entry.id for entry in classes}
    labels = [label._replace(class_id=ids[name]) for name, label in gathered.masks]
    masked = {label.item for label in labels}
    empty = dict.fromkeys(item for item, _ in gathered.looked_at)
    labels += [Label(item, Kind.NOTHING) for item in empty if item not in masked]
    return DraftSet("", Task.SEGMENTATION, source, classes, labels)


def _classes(gathered: Gathered, source: str, tally: Tally) -> DraftSet:
    """Path and class: single-label, or multi-label where a picture has several classes."""
    pairs = dict.fromkeys(gathered.classes)
    if repeated := len(gathered.classes) - len(pairs):
        tally.add("duplicate_rows", count=repeated)
    items = {item for item, _ in pairs}
    classes = classes_of(name for _, name in pairs)
    ids = {entry.name: entry.id for entry in classes}
    if len(items) == len(pairs):
        labels = [Label(item, Kind.CLASS, ids[name]) for item, name in pairs]
        return DraftSet("", Task.SINGLE_LABEL, source, classes, labels)
    several = sum(count > 1 for count in Counter(item for item, _ in pairs).values())
    tally.add("conflicting_labels", count=several)
    labels = [Label(item, Kind.CLASS, ids[name], 1.0) for item, name in pairs]
    return DraftSet("", Task.MULTI_LABEL, source, classes, labels)


def _values(gathered: Gathered, source: str, tally: Tally) -> DraftSet:
    """Path, class and 0 or 1: multi-label, or single-label where each listed picture has exactly one 1."""
    values: dict[tuple[int, str], int] = {}
    for item, name, value in gathered.values:
        first = values.setdefault((item, name), value)
        if first != value:
            tally.add("values_contradict", name[:100])
    repeated = len(gathered.values) - len(values) - tally.count("values_contradict")
    if repeated:
        tally.add("duplicate_rows", count=repeated)
    classes = classes_of(name for _, name in values)
    ids = {entry.name: entry.id for entry in classes}
    positive = [(item, name) for (item, name), value in values.items() if value]
    strict = not (gathered.nothing or tally.count("value_not_binary") or tally.count("values_contradict"))
    listed = {item for item, _ in values}
    if strict and len(positive) == len(listed) == len({item for item, _ in positive}):
        tally.add("one_hot_single_label", count=len(listed))
        labels = [Label(item, Kind.CLASS, ids[name]) for item, name in positive]
        return DraftSet("", Task.SINGLE_LABEL, source, classes, labels)
    labels = [Label(item, Kind.CLASS, ids[name], float(value)) for (item, name), value in values.items()]
    return DraftSet("", Task.MULTI_LABEL, source, classes, labels)


def _add_nothing(made: DraftSet, gathered: Gathered, tally: Tally) -> None:
    labelled = {label.item for label in made.labels}
    for item in gathered.nothing:
        if item in labelled:
            tally.add("nothing_and_labels")
        else:
            made.labels.append(Label(item, Kind.NOTHING))


def _note_alike(classes: list[LabelClass], tally: Tally) -> None:
    seen: dict[str, str] = {}
    for entry in classes:
        form = " ".join(fold(entry.name).split())
        if form in seen:
            tally.add("class_names_alike", f"{seen[form][:100]!r} and {entry.name[:100]!r}")
        else:
            seen[form] = entry.name
