"""`yolo`: pictures and a text file for each, a row for each object, in fractions of the picture.

The rows are those of the YOLO tools (docs.ultralytics.com, "Object Detection Datasets" and "Instance Segmentation
Datasets"): the number of the class, then the centre, width and height of a box, or the corners of an outline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from triptych.core.labels import Task
from triptych.core.names import base_name, ending, natural_key
from triptych.core.source import MemberError
from triptych.formats.base import Match, Refusal
from triptych.formats.documents import Unreadable, read_text
from triptych.formats.label_csv.boxes import number
from triptych.formats.pictures.answers import NO_PICTURES, count
from triptych.formats.pictures.described import EXPORTED, is_export
from triptych.formats.pictures.layout import layout_of
from triptych.formats.pictures.pairing import Pairing, part_of
from triptych.formats.pictures.reading import Numbered, begin, evenly, nothing_where_unlabelled
from triptych.formats.yolo.folders import add_classes, class_folders_of
from triptych.formats.yolo.names import NamesFile, names_of_lines, names_of_yaml

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory, Part
    from triptych.core.labels import Label
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading

LABEL_FOLDERS = ("labels", "label", "labeltxt", "annotations")
NAME_LISTS = ("classes.txt", "obj.names", "_darknet.labels", "classes.names", "coco.names")
SPLIT_LISTS = ("train.txt", "val.txt", "valid.txt", "validation.txt", "test.txt")
OWN_TEXTS = (*NAME_LISTS, *SPLIT_LISTS, "readme.txt", "license.txt", "notes.txt", "readme.roboflow.txt",
             "readme.dataset.txt")  # fmt: skip
_HEAD = 4096
_YAML_BYTES = 4 * 1024 * 1024
_ROW = re.compile(r"\s*\d{1,9}(?:\s+[-+.\deE]+){4,}\s*$")
DECIMALS = 6
"""A millionth of a pixel: what is left of fractions that stand for whole pixels is no more than that."""

_MOST_OUTSIDE = 2.0
"""Fractions beyond this are no fractions: pixels, most likely."""


class YoloFiles:
    """The members of a source by what they are to YOLO."""

    def __init__(self, view: SourceView) -> None:
        paths = [view.paths[member] for member in view.once(layout_of).pictures]
        pairing = Pairing(paths)
        self.names: list[int] = []
        self.lists: list[int] = []
        self.paired: list[int] = []
        self.loose: list[int] = []
        for member in sorted(view.kept, key=lambda member: natural_key(view.paths[member])):
            path = view.paths[member]
            base, end = base_name(path).lower(), ending(path)
            if base in NAME_LISTS or (end in (".yaml", ".yml") and _names_classes(view, member)):
                self.names.append(member)
            elif base in SPLIT_LISTS:
                self.lists.append(member)
            elif end == ".txt" and base not in OWN_TEXTS:
                found = pairing.beside(path, LABEL_FOLDERS)
                (self.loose if found is None else self.paired).append(member)
        self.rows = sum(_rows(view, member) for member in evenly(self.paired, 50))
        self.rows += 0 if self.paired else sum(_rows(view, member) for member in evenly(self.loose, 50))


def _names_classes(view: SourceView, member: int) -> bool:
    return re.search(rb"(?m)^names\s*:", _head(view, member)) is not None


def _rows(view: SourceView, member: int) -> bool:
    lines = _head(view, member).decode("utf-8", "replace").splitlines()
    first = next((line for line in lines if line.strip()), "")
    return _ROW.match(first) is not None


def _head(view: SourceView, member: int) -> bytes:
    try:
        return view.head(member, _HEAD)
    except MemberError:
        return b""


class YoloReader:
    """Reads pictures with label files of YOLO."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where text files beside pictures, or in labels/, hold rows of numbers as YOLO has them."""
        if not view.once(layout_of).pictures:
            return NO_PICTURES
        if is_export(view, "yolo"):
            return EXPORTED
        files = view.once(YoloFiles)
        if view.once(class_folders_of):
            return Match(0.87, "Pictures lie in folders train/CLASS, val/CLASS, ... as YOLO classifies them.")
        if not files.paired or not (files.rows or files.names):
            return Refusal(
                "No text file with YOLO's rows lies beside a picture or in labels/.",
                "Put labels/NAME.txt beside images/NAME.jpg, and data.yaml with the names of the classes.",
            )
        why = f"{count(len(files.paired), 'text file')} with rows as YOLO has them."
        return Match(0.88 if files.names else 0.8, why)

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, a detection set for rows of boxes and a segmentation set for rows of outlines; or a
        single-label set for folders of classes below folders of parts.

        Refused as `inventory_of`.
        """
        reading = begin(view, options)
        files = view.once(YoloFiles)
        if not reading.reads_labels:
            reading.ignore_all([*files.names, *files.lists, *files.paired])
            return reading.inventory("yolo")
        if folders := view.once(class_folders_of):
            add_classes(reading, folders)
        known = _names(reading, files)
        walk = _Walk(reading, known)
        for member in [*files.paired, *files.loose]:
            walk.file(member)
        walk.finish()
        for index, item in enumerate(reading.items):
            reading.parts.tell(index, walk.part(item.member))
        _split_lists(reading, files)
        return reading.inventory("yolo")


def _names(reading: Reading, files: YoloFiles) -> NamesFile:
    """All files of names as one; of two lists of classes the first counts."""
    whole = NamesFile()
    for member in files.names:
        path = reading.path(member)
        try:
            content = read_text(reading.view, member, min(reading.options.label_bytes, _YAML_BYTES))
        except Unreadable as error:
            reading.leave_out(member, error)
            continue
        reading.label_files.append(member)
        found = names_of_yaml(content) if ending(path) in (".yaml", ".yml") else names_of_lines(content)
        for line in found.unclear:
            reading.tally.add("names_file_unclear", f"{path}: {line}")
        if whole.names and found.names and whole.names != found.names:
            reading.tally.add("class_listed_twice", path)
        whole.names = whole.names or found.names
        whole.folders |= found.folders
        whole.keypoints |= found.keypoints
    return whole


def _split_lists(reading: Reading, files: YoloFiles) -> None:
    for member in files.lists:
        path = reading.path(member)
        part = part_of(base_name(path))
        try:
            content = read_text(reading.view, member, reading.options.label_bytes)
        except Unreadable as error:
            reading.leave_out(member, error)
            continue
        if part is not None:
            reading.parts.tell_list(content, part, reading.matcher, reading.pairing, path)
        reading.label_files.append(member)


class _Walk:
    """Walks through the label files."""

    def __init__(self, reading: Reading, known: NamesFile) -> None:
        self._reading = reading
        self._keypoints = known.keypoints
        self._numbered = Numbered(known.names, reading.tally)
        self._folders = known.folders
        self._boxes: list[Label] = []
        self._areas: list[Label] = []
        self._listed: dict[int, None] = {}
        self._source = ""

    def file(self, member: int) -> None:
        """One label file: rows of one picture."""
        reading, path = self._reading, self._reading.path(member)
        item = reading.pairing.beside(path, LABEL_FOLDERS)
        if item is None:
            if not _rows(reading.view, member):
                return
            item = reading.pairing.anywhere(path)
            if item is None:
                reading.no_picture(member)
                return
            reading.tally.add("matched_by_name", path)
        try:
            content = read_text(reading.view, member, reading.options.label_bytes)
        except Unreadable as error:
            reading.leave_out(member, error)
            return
        reading.label_files.append(member)
        self._source = self._source or path
        if item in self._listed:
            reading.tally.add("picture_labelled_twice", path)
        self._listed[item] = None
        for at, line in enumerate(content.splitlines(), 1):
            if cells := line.split():
                self._row(item, cells, f"{path} row {at}")

    def _row(self, item: int, cells: list[str], place: str) -> None:
        shapes = self._reading.shapes
        fractions = [number(cell) for cell in cells[1:]]
        if not cells[0].isascii() or not cells[0].isdigit() or len(cells[0]) > 9 or None in fractions:
            shapes.unreadable(place, "it is not the number of a class and numbers")
            return
        values = [value for value in fractions if value is not None]
        if self._keypoints and len(values) > 4:
            self._reading.tally.add("keypoints_not_read", place)
            values = values[:4]
        if len(values) != 4 and (len(values) < 6 or len(values) % 2):
            shapes.unreadable(
                place, f"{len(cells)} columns; 5 are a box, 7 and every odd number above an outline"
            )
            return
        if max(map(abs, values)) > _MOST_OUTSIDE:
            shapes.unreadable(place, "its numbers are no fractions of the picture")
            return
        size = self._reading.size_of(item)
        if size is None:
            self._reading.tally.add("picture_size_unknown", place)
            return
        self._shape(item, int(cells[0]), values, size, place)

    def _shape(
        self, item: int, class_id: int, values: list[float], size: tuple[int, int], place: str
    ) -> None:
        shapes, (height, width) = self._reading.shapes, size
        if len(values) == 4:
            x, y, across, down = values
            corners = (x - across / 2, y - down / 2, x + across / 2, y + down / 2)
            numbers = ((x - across / 2) * width, (y - down / 2) * height, across * width, down * height)
            pixels = [round(number, DECIMALS) for number in numbers]
            label = shapes.box(item, self._numbered.use(class_id), pixels, place)
            kept, outside = self._boxes, min(corners) < -1e-4 or max(corners) > 1 + 1e-4
        else:
            part = [round(value * (height if at % 2 else width), DECIMALS) for at, value in enumerate(values)]
            label = shapes.polygon(item, self._numbered.use(class_id), [part], size, place)
            kept, outside = self._areas, min(values) < -1e-4 or max(values) > 1 + 1e-4
        if label is not None:
            kept.append(label)
            if outside:
                self._reading.tally.add("fraction_outside", place)

    def finish(self) -> None:
        """The sets, and the pictures without a label file."""
        reading = self._reading
        for index, item in enumerate(reading.items):
            if self._listed and index not in self._listed:
                reading.tally.add("image_without_label", item.key)
        if not self._listed:
            return
        classes = self._numbered.classes()
        source = self._source.rpartition("/")[0] or self._source
        kinds = [(Task.DETECTION, self._boxes)] if self._boxes or not self._areas else []
        kinds += [(Task.SEGMENTATION, self._areas)] if self._areas else []
        for task, labels in kinds:
            done = nothing_where_unlabelled(labels, self._listed)
            reading.add_set(task.value, task, source, list(classes), done)

    def part(self, member: int) -> Part | None:
        """The part that data.yaml or a folder's name gives a picture."""
        path = self._reading.path(member)
        folder = path.rpartition("/")[0]
        for wanted, part in self._folders.items():
            clean = "/".join(piece for piece in wanted.split("/") if piece not in ("", ".", ".."))
            if clean and (f"{folder}/".startswith(f"{clean}/") or f"/{folder}/".endswith(f"/{clean}/")):
                return part
        return part_of(f"{folder}/") if folder else None
