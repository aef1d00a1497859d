"""`labelme`: a JSON file for each picture, as the program LabelMe writes it; the picture beside it or inside.

Fields are those of LabelMe's files (labelme/label_file.py, version 5): `shapes` with `label`, `points`, `shape_type`,
`group_id`; `flags`, `imagePath`, `imageData` (base64), `imageHeight`, `imageWidth`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from triptych.core.dataset import DraftItem, Ignored
from triptych.core.labels import Kind, Label, Task
from triptych.core.names import base_name, ending, natural_key, without_ending
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME, Match, Refusal
from triptych.formats.documents import Unreadable, number, read_json, text, whole
from triptych.formats.label_csv.gather import shortened
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.labelme.embedded import Embedded, embedded_of, mask_of
from triptych.formats.pictures.answers import count, main_area
from triptych.formats.pictures.described import EXPORTED, described_set, described_sets, is_export
from triptych.formats.pictures.layout import Area, area_of
from triptych.formats.pictures.pairing import Pairing
from triptych.formats.pictures.reading import begin, evenly, nothing_where_unlabelled, reading_of

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading

_HEAD = 64 * 1024
_SHAPES = re.compile(rb'"shapes"\s*:\s*\[')
_MARKS = re.compile(rb'"(?:imagePath|imageData|shape_type|flags|version|lineColor|imageHeight)"\s*:')
_DATA = re.compile(rb'"imageData"\s*:\s*(?:"|null)')
_LINES = {"line": Kind.LINE, "linestrip": Kind.LINE, "point": Kind.POINT, "points": Kind.POINT}


class LabelMeFiles:
    """The JSON files of a source. `documents` are those that are LabelMe's; where there are more than 200, those
    that are not looked into count as well, and are found out when they are read."""

    def __init__(self, view: SourceView) -> None:
        named = [index for index in view.kept if ending(view.paths[index]) == ".json"]
        named = [index for index in named if view.paths[index] != SIDECAR_NAME]
        named.sort(key=lambda index: natural_key(view.paths[index]))
        looked = {member: _begins(view, member) for member in evenly(named)}
        self.certain = sum(looked.values())
        self.named = named if self.certain else []


def _begins(view: SourceView, member: int) -> bool:
    try:
        head = view.head(member, _HEAD)
    except MemberError:
        return False
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    if _SHAPES.search(head):
        return _MARKS.search(head) is not None
    return _DATA.search(head) is not None


class LabelMeReader:
    """Reads pictures with LabelMe's files, and pictures inside them."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where a JSON file begins as LabelMe's do."""
        files = view.once(LabelMeFiles)
        if is_export(view, "labelme"):
            return EXPORTED
        if not files.certain:
            return Refusal(
                "No JSON file holds shapes as LabelMe has them.",
                "Put NAME.json beside NAME.jpg, as LabelMe does.",
            )
        return Match(0.91, f"{count(len(files.named), 'JSON file')} with shapes as LabelMe has them.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, those inside label files too, and a set for each task that the shapes allow.

        Refused as `inventory_of`.
        """
        opened = _Opened(view, options)
        for member in view.once(LabelMeFiles).named:
            opened.file(member)
        reading = opened.reading()
        if not reading.reads_labels:
            reading.ignore_all(member for member in opened.members if member not in opened.embedded)
            return reading.inventory("labelme")
        walk = _Walk(reading)
        for member, item in opened.placed:
            walk.file(member, item)
        walk.finish()
        return reading.inventory("labelme")


class _Opened:
    """A first walk: which file is about which picture. Documents are not kept, for they may hold pictures."""

    def __init__(self, view: SourceView, options: ReaderOptions) -> None:
        self._view = view
        self._options = options
        self._first = begin(view, options)
        self._pairing = Pairing([view.paths[item.member] for item in self._first.items])
        self._of_member: list[tuple[int, int]] = []
        self.embedded: dict[int, Embedded] = {}
        self.members: list[int] = []
        self.placed: list[tuple[int, int]] = []

    def file(self, member: int) -> None:
        """One JSON file; what is none of LabelMe's stays where the layout puts it."""
        first, path = self._first, self._view.paths[member]
        try:
            document = read_json(self._view, member, self._options.label_bytes)
        except Unreadable as error:
            first.leave_out(member, error)
            return
        if not isinstance(document, dict) or not isinstance(document.get("shapes"), list):
            return
        item = self._item(document, path)
        data = document.get("imageData")
        if item is not None:
            if data:
                first.tally.add("embedded_picture_unused", path)
            self.members.append(member)
            self._of_member.append((member, item))
        elif data is None or data == "":
            first.no_picture(member)
        elif (found := embedded_of(data)) is not None:
            first.tally.add("embedded_picture", path)
            self.embedded[member] = found
            self.members.append(member)
        else:
            first.tally.add("embedded_picture_bad", path)
            first.ignored.append(
                Ignored(
                    member,
                    "embedded_picture_bad",
                    "What it holds as its picture is neither a JPEG nor a PNG.",
                )
            )

    def _item(self, document: dict[str, Any], path: str) -> int | None:
        folder = path[: path.rfind("/") + 1]
        name = document.get("imagePath")
        item = None
        if isinstance(name, str) and name.strip():
            clean = name.replace("\\", "/")
            item = self._pairing.named(clean, folder)
            item = self._pairing.named(base_name(clean), folder) if item is None else item
        if item is None:
            item = self._pairing.beside(path, ())
        if item is None and isinstance(name, str) and name.strip():
            item = self._pairing.anywhere(name.replace("\\", "/"))
            if item is not None:
                self._first.tally.add("matched_by_name", f"{path}: {name[:80]}")
        return item

    def reading(self) -> Reading:
        """The reading of all items, those inside label files in their places."""
        first, view = self._first, self._view
        members = [item.member for item in first.items]
        items = list(first.items)
        taken = {item.key for item in items}
        area = main_area(view)
        for member, found in self.embedded.items():
            path = view.paths[member]
            stem = without_ending(path)
            if area is not Area.ELSEWHERE and area_of(path) is area:
                stem = stem[stem.index("/") + 1 :]
            key, again = f"{stem}{found.ending}", 2
            while key in taken:
                key, again = f"{stem} ({again}){found.ending}", again + 1
            taken.add(key)
            items.append(DraftItem(key, member, key, embedded=True))
        items.sort(key=lambda item: natural_key(item.key))
        at = {item.member: index for index, item in enumerate(items)}
        self.placed = [(member, at[members[item]]) for member, item in self._of_member]
        self.placed += [(member, at[member]) for member in self.embedded]
        reading = reading_of(view, self._options, first.layout, items, first.keys)
        reading.tallies.append(first.tally)
        reading.ignored = first.ignored
        reading.embedded_sizes = {at[member]: found.size for member, found in self.embedded.items()}
        return reading


class _Walk:
    """The second walk: shapes and flags of each file as facts about its picture."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        # An export says what its sets are: flags alone are classes, and those that are false are said to be absent.
        self._exported = bool(described_sets(reading.view, "labelme"))
        self._kinds = described_set(reading.view, "labelme", (Task.SINGLE_LABEL, Task.MULTI_LABEL))
        self._names: list[tuple[int, str]] = []
        self._absent: list[tuple[int, str]] = []
        self._boxes: list[tuple[str, Label]] = []
        self._areas: list[tuple[str, Label]] = []
        self._listed: dict[int, None] = {}
        self._source = ""

    def file(self, member: int, item: int) -> None:
        """One JSON file of a picture."""
        reading, path = self._reading, self._reading.path(member)
        try:
            document = read_json(reading.view, member, reading.options.label_bytes)
        except Unreadable as error:
            reading.tally.add("label_file_unreadable", f"{path}: {error}")
            document = {"shapes": []}
        if not reading.items[item].embedded:
            reading.label_files.append(member)
        self._source = self._source or path
        if item in self._listed:
            reading.tally.add("picture_labelled_twice", path)
        self._listed[item] = None
        flags = document.get("flags")
        for name, value in flags.items() if isinstance(flags, dict) else ():
            if isinstance(value, bool) and (name.strip() or (self._exported and name)):
                (self._names if value else self._absent).append((item, shortened(name)))
        size = _size(document) or reading.size_of(item)
        for at, shape in enumerate(document["shapes"]):
            self._shape(item, shape, size, f"{path} shape {at}")

    def _shape(self, item: int, shape: Any, size: tuple[int, int] | None, place: str) -> None:
        shapes = self._reading.shapes
        try:
            if not isinstance(shape, dict):
                raise ValueError("it is no object")
            name = shortened(self._text(shape.get("label")))
            points = _points(shape.get("points"))
            kind = str(shape.get("shape_type") or "polygon")
            label = self._label(item, kind, points, size, place, _group(shape.get("group_id")), shape)
        except ValueError as error:
            shapes.unreadable(place, error)
            return
        if label is None:
            return
        if not self._exported:
            self._names.append((item, name))
        (self._boxes if label.kind is Kind.BOX else self._areas).append((name, label))

    def _text(self, label: Any) -> str:
        """The name of a class; in an export of blanks too, for a class may be called so."""
        return label if self._exported and isinstance(label, str) and label else text(label)

    def _label(
        self, item: int, kind: str, points: list[float], size: tuple[int, int] | None, place: str,
        instance: int | None, shape: dict[str, Any],
    ) -> Label | None:  # fmt: skip
        shapes = self._reading.shapes
        if kind == "rectangle":
            if len(points) not in (4, 8):
                raise ValueError("a rectangle has two corners or four")
            across, down = points[::2], points[1::2]
            left, top = min(across), min(down)
            return shapes.box(item, 0, (left, top, max(across) - left, max(down) - top), place)
        if kind == "polygon":
            return shapes.polygon(item, 0, [points], size, place, instance)
        if kind == "circle":
            return shapes.circle(item, 0, points, size, place, instance)
        if kind in _LINES:
            return shapes.line(_LINES[kind], item, 0, points, place, instance)
        if kind == "mask":
            return shapes.mask(item, 0, mask_of(shape.get("mask"), points, size), instance)
        raise ValueError(f"shapes of the type {kind[:40]!r} are not known")

    def finish(self) -> None:
        """A set for each task that the shapes allow; a classification whenever there is a class."""
        reading = self._reading
        for index, item in enumerate(reading.items):
            if index not in self._listed:
                reading.tally.add("image_without_label", item.key)
        if not self._listed:
            return
        source = self._source.rpartition("/")[0] or self._source
        self._classification(source)
        for task, found in ((Task.DETECTION, self._boxes), (Task.SEGMENTATION, self._areas)):
            if found:
                classes = classes_of(name for name, _ in found)
                ids = {entry.name: entry.id for entry in classes}
                labels = [label._replace(class_id=ids[name]) for name, label in found]
                done = nothing_where_unlabelled(labels, self._listed)
                reading.add_set(task.value, task, source, classes, done)

    def _classification(self, source: str) -> None:
        pairs = dict.fromkeys(self._names)
        several = len({item for item, _ in pairs}) < len(pairs)
        task = Task.MULTI_LABEL if several else Task.SINGLE_LABEL
        task = task if self._kinds is None else self._kinds.task
        absent = self._absent if self._kinds is not None and task is Task.MULTI_LABEL else []
        classes = classes_of(name for _, name in (*pairs, *absent))
        ids = {entry.name: entry.id for entry in classes}
        there = 1.0 if task is Task.MULTI_LABEL else None
        labels = [Label(item, Kind.CLASS, ids[name], there) for item, name in pairs]
        labels += [Label(item, Kind.CLASS, ids[name], 0.0) for item, name in absent]
        done = nothing_where_unlabelled(labels, self._listed)
        self._reading.add_set("classification", task, source, classes, done)


def _points(value: Any) -> list[float]:
    if not isinstance(value, list) or not value:
        raise ValueError("it has no points")
    found: list[float] = []
    for point in value:
        if not isinstance(point, list) or len(point) != 2:
            raise ValueError("a point is not two numbers")
        found += [number(point[0]), number(point[1])]
    return found


def _group(value: Any) -> int | None:
    """The number of an object; what is no number tells no object apart."""
    try:
        return whole(value)
    except ValueError:
        return value if type(value) is int and -(2**31) < value < 0 else None


def _size(document: dict[str, Any]) -> tuple[int, int] | None:
    try:
        return whole(document.get("imageHeight"), 1), whole(document.get("imageWidth"), 1)
    except ValueError:
        return None
