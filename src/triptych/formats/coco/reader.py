"""`coco`: pictures and JSON files with `images`, `annotations` and `categories`, as the COCO data format has them.

The data format is described at cocodataset.org ("Data format": object detection, panoptic, captions, key points);
run lengths are those of the COCO API (maskApi.c).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from triptych.core.labels import Kind, Label, Task
from triptych.core.names import base_name, ending, natural_key, without_ending
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME, Match, Refusal
from triptych.formats.coco.document import CocoFile
from triptych.formats.documents import Unreadable
from triptych.formats.pictures.answers import NO_PICTURES, count
from triptych.formats.pictures.described import EXPORTED, described_sets, is_export, unchanged_files
from triptych.formats.pictures.layout import layout_of
from triptych.formats.pictures.pairing import part_of
from triptych.formats.pictures.reading import Numbered, begin, evenly, nothing_where_unlabelled

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading
    from triptych.formats.sidecar import SidecarSet

HEAD = 64 * 1024
_KEYS = tuple(re.compile(rb'"%s"\s*:\s*\[' % key) for key in (b"images", b"annotations", b"categories"))
_FILE_NAME = re.compile(rb'"file_name"\s*:\s*"')
CLASSIFICATION = (Task.SINGLE_LABEL, Task.MULTI_LABEL)


def candidates(view: SourceView) -> list[int]:
    """Members that begin as a COCO file does, in the natural order of their paths; at most 200 are looked into."""
    named = [index for index in view.kept if ending(view.paths[index]) == ".json"]
    named = [index for index in named if view.paths[index] != SIDECAR_NAME]
    named.sort(key=lambda index: natural_key(view.paths[index]))
    ours = {path for entry in described_sets(view, "coco") for path, _ in entry.files or ()}
    looked = set(evenly(named))
    return [
        index
        for index in named
        if (index in looked or view.paths[index] in ours) and _begins_as_coco(view, index)
    ]


def _begins_as_coco(view: SourceView, member: int) -> bool:
    try:
        head = view.head(member, HEAD)
    except MemberError:
        return False
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    keys = [bool(pattern.search(head)) for pattern in _KEYS]
    return sum(keys) >= 2 or (keys[0] and _FILE_NAME.search(head) is not None)


class CocoReader:
    """Reads pictures with annotations in COCO's JSON."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where a JSON file begins with COCO's lists."""
        if is_export(view, "coco"):
            return EXPORTED
        if not view.once(layout_of).pictures:
            return NO_PICTURES
        found = view.once(candidates)
        if not found:
            return Refusal(
                "No JSON file holds COCO's lists images, annotations and categories.",
                "Put instances.json beside the pictures.",
            )
        name = view.paths[found[0]]
        return Match(0.92, f"{name} holds COCO's lists; {count(len(found), 'such file')}.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items; a detection set, a segmentation set and one of classes for each file, or for files that
        are parts of one. Files that triptych.json names, and that were not changed, are the sets that it tells.

        Refused as `inventory_of`.
        """
        reading = begin(view, options)
        members = view.once(candidates)
        if not reading.reads_labels:
            reading.ignore_all(members)
            return reading.inventory("coco")
        read_files(reading, members)
        return reading.inventory("coco")


def read_files(reading: Reading, members: list[int]) -> None:
    """Read such files; what they hold is added to the reading as annotation sets."""
    files, exact = _exported(reading)
    for member in members:
        if member in exact:
            continue
        try:
            files.append(CocoFile.read(reading, member))
        except Unreadable as error:
            reading.leave_out(member, error)
    for name, group in _groups([file for file in files if file.entry is None]):
        _add_sets(reading, name, group)
    listed = {item for file in files for item in file.items}
    for index, item in enumerate(reading.items):
        if files and index not in listed:
            reading.tally.add("image_without_label", item.key)


def _exported(reading: Reading) -> tuple[list[CocoFile], set[int]]:
    """Files of sets that are as an export wrote them, and their members; the sets are added, in their order."""
    files: list[CocoFile] = []
    members: set[int] = set()
    for entry in described_sets(reading.view, "coco"):
        if entry.files is None:
            continue
        found = unchanged_files(reading.view, entry, reading.options.label_bytes)
        if found is None or not members.isdisjoint(found):
            reading.tally.add("sidecar_labels_changed", entry.name)
            continue
        try:
            group = [CocoFile.read(reading, member, entry) for member in found]
        except Unreadable:  # a hash proves that it is what was described, not that it is of COCO
            reading.tally.add("sidecar_labels_changed", entry.name)
            continue
        files += group
        members.update(found)
        _add_exported(reading, entry, group)
    return files, members


def _add_exported(reading: Reading, entry: SidecarSet, group: list[CocoFile]) -> None:
    """A set of an export: its categories are the classes, all one higher where one is 0."""
    shift = int(any(known.id == 0 for known in entry.classes))
    ids = {known.id for known in entry.classes}
    labels: list[Label] = []
    for file in group:
        own = {Task.DETECTION: file.boxes, Task.SEGMENTATION: file.areas}
        found = own[entry.task] if entry.task in own else _classified(list(file.kinds), entry.task)
        moved = [label._replace(class_id=(label.class_id or 0) - shift) for label in found]
        labels += [label for label in moved if label.class_id in ids]
    listed = [item for file in group for item in file.items]
    source = group[0].path if group else SIDECAR_NAME
    done = nothing_where_unlabelled(labels, listed)
    reading.add_set(entry.name, entry.task, source, list(entry.classes), done)


def _classified(pairs: list[tuple[int, int]], task: Task) -> list[Label]:
    value = 1.0 if task is Task.MULTI_LABEL else None
    return [Label(item, Kind.CLASS, known, value) for item, known in pairs]


def _groups(files: list[CocoFile]) -> list[tuple[str, list[CocoFile]]]:
    """Files that are parts of one (train, val, ... and one without a part) under one name, where their categories
    are the same."""
    groups: dict[tuple[str, str], list[CocoFile]] = {}
    for file in files:
        common, part = _common_name(file.path), part_of(file.path)
        group = groups.setdefault((common, ""), [])
        other = group and group[0].categories != file.categories
        if other or (part is None and any(part_of(known.path) is None for known in group)):
            group = groups.setdefault(("", file.path), [])
        group.append(file)
    named: list[tuple[str, list[CocoFile]]] = []
    taken: set[str] = set()
    for (common, _), group in groups.items():
        path = group[0].path
        name = common if len(group) > 1 else without_ending(base_name(path))
        if name in taken:
            name = without_ending(path)
        taken.add(name)
        named.append((name, group))
    return named


_PART_WORDS = re.compile(
    r"[ _.-]*(?<![a-z])(?:training|train|validation|valid|val|dev|testing|test)(?![a-z])[0-9]*", re.IGNORECASE
)


def _common_name(path: str) -> str:
    """The file's name without the word for its part: "instances_train2017.json" is "instances"."""
    return _PART_WORDS.sub("", without_ending(base_name(path))).strip(" _.-") or "instances"


def _add_sets(reading: Reading, name: str, group: list[CocoFile]) -> None:
    names = {known: title for file in group for known, (title, _) in file.categories.items()}
    names |= {known: title for file in group for known, title in file.added.items()}
    colors = {known: color for file in group for known, (_, color) in file.categories.items() if color}
    listed = [item for file in group for item in file.items]
    boxes = [label for file in group for label in file.boxes]
    areas = [label for file in group for label in file.areas]
    pairs = list(dict.fromkeys(pair for file in group for pair in file.kinds))
    kinds = [(Task.DETECTION, boxes)] if boxes or not (areas or pairs) else []
    kinds += [(Task.SEGMENTATION, areas)] if areas else []
    if pairs:
        several = len({item for item, _ in pairs}) < len(pairs)
        task = Task.MULTI_LABEL if several else Task.SINGLE_LABEL
        kinds.append((task, _classified(pairs, task)))
    classes = Numbered(names, group[0].tally, colors).classes()
    for task, labels in kinds:
        end = "classification" if task in CLASSIFICATION else task.value
        title = name if len(kinds) == 1 else f"{name}_{end}"
        reading.add_set(title, task, group[0].path, list(classes), nothing_where_unlabelled(labels, listed))
