"""`yolo` on the way out: `data.yaml`, `images/<part>/…`, `labels/<part>/….txt`, and `triptych.json`.

A row of a label file is the class from 0 and, as fractions of the picture's width and height, the centre and
size of a box, or the corners of a polygon (https://docs.ultralytics.com/datasets/detect/ and …/segment/). Classes
of whole pictures are folders `<part>/<class>/…` (…/classify/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.labels import Box, Kind, Task
from triptych.core.names import fold, without_ending
from triptych.formats.conversion import (
    cannot_hold,
    described,
    first_of,
    groups_of,
    labels_by_item,
    leave_out,
    nothing_there,
    only_in_sidecar,
    outline_parts,
    picture_names,
    present_classes,
    sidecar_file,
)
from triptych.formats.export_paths import safe_path
from triptych.formats.losses import Losses, items_left_out
from triptych.masks.polygons import clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.labels import Label
    from triptych.formats.base import ExportItem, ExportSet, ExportSource
    from triptych.formats.conversion import Group
    from triptych.formats.sidecar import SidecarSet

TITLE = "YOLO"
PLACES = 12
"""Decimal places of fractions: a pixel of a picture of 65,536 comes back to a ten-millionth."""

UNASSIGNED = "unassigned"
"""The folder of pictures in no part, where others have one."""


class YoloWriter:
    """Writes the first annotation set of boxes or areas as label files; without one, the first single-label set as
    folders of classes."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """What YOLO cannot hold, found by writing the label files."""
        export = _export(source)
        if export is None:
            losses = Losses(TITLE)
            leave_out(source, [], TITLE, losses)
            return losses.findings()
        for _ in export.labels():
            pass
        return export.losses.findings()

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Label files first, then triptych.json, then the pictures, unchanged; InvalidInput without a set that
        fits."""
        export = _export(source)
        if export is None:
            raise cannot_hold(source, TITLE, "boxes, areas, or one class for each picture")
        yield from export.labels()
        yield sidecar_file(
            "yolo", source, list(export.paths.values()), [export.described()], list(export.paths)
        )
        for index, path in export.paths.items():
            yield path, source.read(source.items[index])


def _export(source: ExportSource) -> _Rows | _Folders | None:
    drawn = first_of(source, (Task.DETECTION, Task.SEGMENTATION))
    if drawn is not None:
        return _Rows(source, drawn)
    chosen = first_of(source, (Task.SINGLE_LABEL,))
    return None if chosen is None else _Folders(source, chosen)


class _Rows:
    """An export of boxes or areas."""

    def __init__(self, source: ExportSource, chosen: ExportSet) -> None:
        self.source = source
        self.chosen = chosen
        self.losses = Losses(TITLE)
        # Ultralytics finds a label file by exchanging the last folder `images` of a path for `labels`.
        self._names = picture_names(source.items, barred="images")
        self._groups = groups_of(source)
        self._folders = {group.name: self._folder(group) for group in self._groups}
        self.paths = {
            index: f"images/{self._folders[group.name]}{self._names[index]}"
            for group in self._groups
            for index in group.items
        }
        self.paths = dict(sorted(self.paths.items()))
        self._covered: set[int] = set()

    def described(self) -> SidecarSet:
        """What triptych.json says of the set, once the label files are made."""
        return described(self.chosen, self._covered)

    def _folder(self, group: Group) -> str:
        if group.name:
            return f"{group.name}/"
        return "" if len(self._groups) == 1 else f"{UNASSIGNED}/"

    def labels(self) -> Iterator[tuple[str, bytes]]:
        """data.yaml, and a file for each picture that was looked at, empty where nothing is there."""
        source, losses = self.source, self.losses
        losses.pictures(source.items, self._names)
        leave_out(source, [self.chosen], TITLE, losses)
        losses.in_sidecar_alone(only_in_sidecar(source, [self.chosen], colors=False, parts=True))
        self._note_split()
        number_of = {known.id: number for number, known in enumerate(self.chosen.classes)}
        if any(known != number for known, number in number_of.items()):
            names = [known.name for known in self.chosen.classes]
            losses.renumbered(names, "they count from 0 without gaps, in their order")
        yield "data.yaml", self._yaml()
        found = labels_by_item(self.chosen, source, losses)
        for group in self._groups:
            for index in group.items:
                if index in found:
                    lines = [line for label in found[index] for line in self._lines(index, label, number_of)]
                    if not lines and not nothing_there(found[index]):
                        continue  # all of it is lost: an empty file would say that nothing is there
                    self._covered.add(index)
                    stem = without_ending(self._names[index])
                    path = f"labels/{self._folders[group.name]}{stem}.txt"
                    yield path, "".join(f"{line}\n" for line in lines).encode()

    def _note_split(self) -> None:
        if not any(group.name for group in self._groups):
            self.losses.no_split(len(self.source.items))
        elif not self._groups[-1].name:
            self.losses.unassigned([self.source.items[index].key for index in self._groups[-1].items])

    def _yaml(self) -> bytes:
        named = [group.name for group in self._groups if group.name]
        first = named[0] if named else ""
        lines = [f"train: images/{'train' if 'train' in named else first}".rstrip("/")]
        # Ultralytics wants both; where one is missing, the other stands for it.
        lines.append(f"val: images/{'val' if 'val' in named else first}".rstrip("/"))
        if "test" in named:
            lines.append("test: images/test")
        lines += [f"nc: {len(self.chosen.classes)}", "names:" if self.chosen.classes else "names: {}"]
        lines += [f"  {number}: {quoted(known.name)}" for number, known in enumerate(self.chosen.classes)]
        return "".join(f"{line}\n" for line in lines).encode()

    def _lines(self, index: int, label: Label, number_of: dict[int, int]) -> Iterator[str]:
        item = self.source.items[index]
        if label.kind in (Kind.POINT, Kind.LINE):
            self.losses.point(item.key)
        if label.class_id is None:
            return
        number = number_of[label.class_id]
        if label.shape is not None and label.shape.instance is not None:
            self.losses.number(item.key)
        if label.kind is Kind.BOX and label.box is not None:
            inside = self._clipped(label.box, item)
            if inside is not None:
                self.losses.rounded(item.key)
                middle = (inside.x + inside.width / 2, inside.y + inside.height / 2)
                yield f"{number} {_fractions((*middle, inside.width, inside.height), item)}"
            return
        parts = outline_parts(label, item, self.losses)
        if len(parts) > 1:
            self.losses.parted(item.key, len(parts))
        for part in parts:
            within = clip(part, item.width, item.height)
            if len(within) < 6:
                self.losses.outside(item.key)
                continue
            if within != part:
                self.losses.clipped(item.key)
            self.losses.rounded(item.key)
            yield f"{number} {_fractions(within, item)}"

    def _clipped(self, box: Box, item: ExportItem) -> Box | None:
        right, bottom = box.x + box.width, box.y + box.height
        left, top = max(box.x, 0.0), max(box.y, 0.0)
        width, height = min(right, item.width) - left, min(bottom, item.height) - top
        if width < 0 or height < 0 or (box.width > 0 and not width) or (box.height > 0 and not height):
            self.losses.outside(item.key)
            return None
        if (left, top) == (box.x, box.y) and right <= item.width and bottom <= item.height:
            return box
        self.losses.clipped(item.key)
        return Box(left, top, width, height)


class _Folders:
    """An export of one class for each picture."""

    def __init__(self, source: ExportSource, chosen: ExportSet) -> None:
        self.source = source
        self.chosen = chosen
        self.losses = Losses(TITLE)
        self._names = picture_names(source.items, flat=True)
        self._class_of = self._classes()
        folders = _class_folders(chosen)
        self._folder_of = {known.id: folder for known, folder in zip(chosen.classes, folders, strict=True)}
        groups = groups_of(source)
        parts = {
            index: group.name or ("train" if len(groups) == 1 else UNASSIGNED)
            for group in groups
            for index in group.items
        }
        self._groups = groups
        self.paths = {
            index: f"{parts[index]}/{self._folder_of[self._class_of[index]]}/{self._names[index]}"
            for index in sorted(self._class_of)
        }

    def described(self) -> SidecarSet:
        """What triptych.json says of the set."""
        written = {folder: known for known, folder in self._folder_of.items()}
        return described(self.chosen, range(len(self.paths)), written)

    def _classes(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for index, labels in labels_by_item(self.chosen, self.source, self.losses).items():
            present = list(present_classes(labels, self.source.items[index].key, self.losses))
            if len(present) == 1:
                found[index] = present[0]
        return found

    def labels(self) -> Iterator[tuple[str, bytes]]:
        """No file: the folders are the labels."""
        source, losses = self.source, self.losses
        without = [item.key for index, item in enumerate(source.items) if index not in self._class_of]
        why = f"they do not have exactly one class of {self.chosen.name}"
        losses.extend(items_left_out(without, why))
        kept = list(self.paths)
        losses.pictures([source.items[index] for index in kept], [self._names[index] for index in kept])
        leave_out(source, [self.chosen], TITLE, losses)
        losses.in_sidecar_alone(only_in_sidecar(source, [self.chosen], colors=False, parts=True))
        self._note_split()
        for known in self.chosen.classes:
            if self._folder_of[known.id] != known.name:
                losses.class_renamed(known.name, self._folder_of[known.id])
        yield from ()

    def _note_split(self) -> None:
        rest = self._groups[-1]
        if not any(group.name for group in self._groups):
            if self.paths:
                self.losses.no_split(len(self.paths))
        elif not rest.name and (left := [index for index in rest.items if index in self.paths]):
            self.losses.unassigned([self.source.items[index].key for index in left])


def _class_folders(chosen: ExportSet) -> list[str]:
    taken: set[str] = set()
    folders: list[str] = []
    for known in chosen.classes:
        wanted = safe_path(known.name).replace("/", "_")
        folder, number = wanted, 2
        while fold(folder) in taken:
            folder, number = f"{wanted}_{number}", number + 1
        taken.add(fold(folder))
        folders.append(folder)
    return folders


def _fractions(numbers: tuple[float, ...], item: ExportItem) -> str:
    """Coordinates (x, y, x, y, …) in pixels as fractions of the picture."""
    sides = (item.width, item.height)
    values = (f"{number / sides[place % 2] + 0.0:.{PLACES}f}" for place, number in enumerate(numbers))
    return " ".join(value.rstrip("0").rstrip(".") for value in values)


def quoted(text: str) -> str:
    """A text as a double-quoted scalar of YAML 1.2 (section 7.3.1); what YAML cannot print is escaped."""
    letters = []
    for letter in text:
        number = ord(letter)
        if letter in '"\\':
            letters.append(f"\\{letter}")
        elif letter.isprintable() and number != 0xFEFF:
            letters.append(letter)
        else:
            letters.append(f"\\x{number:02x}" if number < 256 else f"\\U{number:08x}")
    return f'"{"".join(letters)}"'
