"""`coco`: pictures and JSON files with `images`, `annotations` and `categories`, as the COCO data format has them.

The data format is described at cocodataset.org ("Data format": object detection, panoptic, captions, key points);
run lengths are those of the COCO API (maskApi.c).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from triptych.core.labels import Kind, Label, LabelClass, Shape, Task, palette_color
from triptych.core.names import base_name, cut_front, ending, natural_key, without_ending
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME, Match, Refusal
from triptych.formats.documents import Unreadable, number, read_json, text, whole
from triptych.formats.label_csv.matching import SEVERAL
from triptych.formats.pictures.answers import count
from triptych.formats.pictures.described import described_sets, unchanged_files
from triptych.formats.pictures.pairing import part_of
from triptych.formats.pictures.reading import Numbered, begin, evenly, nothing_where_unlabelled
from triptych.formats.pictures.shape_notices import NOTICES
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading
    from triptych.formats.sidecar import SidecarSet

HEAD = 64 * 1024
_KEYS = tuple(re.compile(rb'"%s"\s*:\s*\[' % key) for key in (b"images", b"annotations", b"categories"))
_FILE_NAME = re.compile(rb'"file_name"\s*:\s*"')
_AREA_SLACK = 16.0

CLASSIFICATION = (Task.SINGLE_LABEL, Task.MULTI_LABEL)

Categories = dict[int, tuple[str, str | None]]


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
        return reading.inventory("coco")


@dataclass(slots=True)
class CocoFile:
    """One file as labels: `items` are the pictures that it lists; `categories` are name and
    colour by number, `added` those that are used and not listed. `kinds` are items and classes of annotations that
    stand for a whole picture. `entry` is the set of an export that the file belongs to, as it was written."""

    path: str
    categories: Categories
    tally: Tally
    added: dict[int, str] = field(default_factory=dict)
    items: dict[int, None] = field(default_factory=dict)
    boxes: list[Label] = field(default_factory=list)
    areas: list[Label] = field(default_factory=list)
    kinds: dict[tuple[int, int], None] = field(default_factory=dict)
    entry: SidecarSet | None = None

    @classmethod
    def read(cls, reading: Reading, member: int, entry: SidecarSet | None = None) -> CocoFile:
        """Read a member; Unreadable when it is no COCO file after all."""
        document = read_json(reading.view, member, reading.options.label_bytes)
        if not isinstance(document, dict):
            raise Unreadable("it is no JSON object")
        path = reading.path(member)
        tally = Tally(path, NOTICES)
        made = cls(path, _categories(document.get("categories"), tally), tally, entry=entry)
        numbered = Numbered({known: name for known, (name, _) in made.categories.items()}, tally)
        walk = _Walk(reading, made, numbered)
        walk.images(_list(document, "images"))
        walk.annotations(_list(document, "annotations"))
        reading.label_files.append(member)
        reading.tallies.append(tally)
        made.added = numbered.added
        return made


def _list(document: dict[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f'its "{key}" are no list')
    return value


def _categories(rows: Any, tally: Tally) -> Categories:
    found: Categories = {}
    for row in rows if isinstance(rows, list) else ():
        try:
            if not isinstance(row, dict):
                raise ValueError("a category is no object")
            known, name = whole(row.get("id")), text(row.get("name"))
        except ValueError as error:
            tally.add("shape_unreadable", f"categories: {str(error)[:120]}")
            continue
        if known in found:
            tally.add("class_listed_twice", f"{known}: {name[:80]}")
        else:
            found[known] = (name, _color(row.get("color")))
    return found


def _color(value: Any) -> str | None:
    if isinstance(value, list) and len(value) == 3:
        try:
            parts = [whole(part) for part in value]
        except ValueError:
            return None
        return "#{:02X}{:02X}{:02X}".format(*parts) if max(parts) < 256 else None
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value.upper()
    return None


class _Walk:
    """Walks through the lists of one file."""

    def __init__(self, reading: Reading, made: CocoFile, numbered: Numbered) -> None:
        self._reading = reading
        self._made = made
        self._tally = made.tally
        self._numbered = numbered
        self._shapes = reading.shapes.telling(made.tally)
        self._images: dict[Any, tuple[int | None, tuple[int, int] | None]] = {}
        self._folder = made.path[: made.path.rfind("/") + 1]
        self._part = part_of(made.path)
        self._of_part: dict[str, int] | None = None
        self._by_path: dict[str, int] | None = None

    def images(self, rows: list[Any]) -> None:
        """Each image's item and size by its id."""
        for at, row in enumerate(rows):
            try:
                known = row["id"]
                if not isinstance(known, int | str):
                    raise ValueError("an id is neither a number nor a text")
                name = text(row["file_name"])
            except (KeyError, TypeError, ValueError):
                self._shapes.unreadable(f"images[{at}]", "no id or no file_name")
                continue
            item = self._item(name)
            self._images.setdefault(known, (item, _size(row)))
            if item is not None:
                if item in self._made.items:
                    self._tally.add("picture_labelled_twice", f"images[{at}]: {cut_front(name, 120)}")
                self._made.items[item] = None
                self._reading.parts.tell(item, self._part)

    def _item(self, name: str) -> int | None:
        if self._made.entry is not None:
            return self._exactly(f"images/{name}")
        found = self._reading.matcher.find(name, self._folder)
        if found.code == "match_ambiguous" and (item := self._in_part(name)) is not None:
            return item
        # COCO's names are those of the files alone; where the folder is, no file says.
        plain = "/" not in name and found.item is not None and base_name(self._path(found.item)) == name
        if found.code and not plain:
            self._tally.add(found.code, cut_front(name, 120))
        elif found.item is None:
            self._tally.add("label_without_image", cut_front(name, 120))
        return found.item

    def _exactly(self, path: str) -> int | None:
        """The picture at a path, as an export writes it."""
        if self._by_path is None:
            self._by_path = {self._path(item): item for item in range(len(self._reading.items))}
        item = self._by_path.get(path)
        if item is None:
            self._tally.add("label_without_image", cut_front(path, 120))
        return item

    def _path(self, item: int) -> str:
        return self._reading.path(self._reading.items[item].member)

    def _in_part(self, name: str) -> int | None:
        """Of several pictures of one name the one in a folder of the file's part."""
        if self._part is None:
            return None
        if self._of_part is None:
            self._of_part = {}
            for item in range(len(self._reading.items)):
                path = self._path(item)
                if part_of(path.rpartition("/")[0] + "/") is self._part:
                    base = base_name(path)
                    self._of_part[base] = SEVERAL if base in self._of_part else item
        item = self._of_part.get(base_name(name), SEVERAL)
        return None if item == SEVERAL else item

    def annotations(self, rows: list[Any]) -> None:
        """Each annotation's box and area."""
        for at, row in enumerate(rows):
            place = f"annotations[{at}]"
            if not isinstance(row, dict):
                self._shapes.unreadable(place, "it is no object")
                continue
            known = row.get("image_id")
            image = self._images.get(known) if isinstance(known, int | str) else None
            if image is None:
                self._tally.add("annotation_without_image", f"{place}: image_id {str(known)[:40]}")
            elif image[0] is not None:
                self._one(image[0], image[1], row, place)

    def _one(self, item: int, size: tuple[int, int] | None, row: dict[str, Any], place: str) -> None:
        box, outline = row.get("bbox"), row.get("segmentation")
        if any(key in row for key in ("caption", "keypoints", "segments_info")):
            self._tally.add("coco_not_read", place)
            if not box and not outline:
                return
        try:
            known = self._numbered.use(whole(row.get("category_id")))
        except ValueError as error:
            self._shapes.unreadable(place, f"category_id: {error}")
            return
        if row.get("iscrowd") == 1:
            self._tally.add("crowd_kept", place)
        if box:
            label = self._shapes.box(item, known, box if isinstance(box, list) else (), place)
            self._made.boxes += [self._numbers(label, row)] if label else []
        if outline:
            self._outline(item, known, size, row, place)
        elif box is None and outline is None:
            self._made.kinds[item, known] = None
        elif not box:
            self._shapes.unreadable(place, "it has neither a box nor a segmentation")

    def _numbers(self, label: Label, row: dict[str, Any]) -> Label:
        """The label with the number of its object and its plane, which exports write as keys of their own."""
        found = [row.get(key) for key in ("instance", "frame")]
        if self._made.entry is None or found == [None, None]:
            return label
        instance, frame = (known if type(known) is int else None for known in found)
        shape = replace(label.shape or Shape(), instance=instance, frame=frame)
        return label._replace(shape=shape)

    def _outline(
        self, item: int, known: int, size: tuple[int, int] | None, row: dict[str, Any], place: str
    ) -> None:
        outline = row["segmentation"]
        if isinstance(outline, list):
            parts = outline if isinstance(outline[0], list) else [outline]
            label = self._shapes.polygon(item, known, parts, size or self._reading.size_of(item), place)
        else:
            label = self._shapes.runs(item, known, outline, self._reading.size_of(item) or size, place)
        if label is None:
            return
        self._made.areas.append(self._numbers(label, row))
        try:
            told = number(row["area"])
        except (KeyError, ValueError):
            return
        covered = label.value or 0.0
        if abs(told - covered) > _AREA_SLACK and not 0.5 * covered <= told <= 2 * covered:
            self._tally.add("area_differs", f"{place}: {covered:g} pixels, written {told:g}")


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
    known = {described.name: described.id for described in entry.classes}
    labels: list[Label] = []
    others: dict[str, LabelClass] = {}
    for file in group:
        names = {number: name for number, (name, _) in file.categories.items()} | file.added
        for number, name in names.items():
            if name not in known:
                known[name] = max(known.values(), default=-1) + 1
                others[name] = LabelClass(known[name], name, palette_color(known[name]))
        own = {Task.DETECTION: file.boxes, Task.SEGMENTATION: file.areas}
        found = own[entry.task] if entry.task in own else _classified(list(file.kinds), entry.task)
        labels += [label._replace(class_id=known[names[label.class_id or 0]]) for label in found]
    listed = [item for file in group for item in file.items]
    classes = [*entry.classes, *others.values()]
    reading.add_set(entry.name, entry.task, group[0].path if group else SIDECAR_NAME, classes,
                    nothing_where_unlabelled(labels, listed))  # fmt: skip


def _classified(pairs: list[tuple[int, int]], task: Task) -> list[Label]:
    value = 1.0 if task is Task.MULTI_LABEL else None
    return [Label(item, Kind.CLASS, known, value) for item, known in pairs]


def _size(row: dict[str, Any]) -> tuple[int, int] | None:
    try:
        return whole(row.get("height"), 1), whole(row.get("width"), 1)
    except ValueError:
        return None


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
