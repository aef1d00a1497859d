"""`voc` on the way out: `Annotations/*.xml`, `JPEGImages/`, `ImageSets/`, `SegmentationClass/`,
`SegmentationObject/`, and `triptych.json`.

Boxes are as in the devkit of Pascal VOC 2012 (section 8.4, and its VOCcode): corners counted from 1, both inside the
box. Areas are PNGs of indices under its colour map, 0 where nothing is. Classes of whole pictures are lists
`ImageSets/Main/<class>_<part>.txt` with 1 and -1 (section 4.1).
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.core.labels import AREAS, Kind, Task
from triptych.core.names import fold, without_ending
from triptych.formats.conversion import (
    CLASSIFICATION,
    cannot_hold,
    described,
    first_of,
    groups_of,
    labels_by_item,
    leave_out,
    nothing_there,
    only_in_sidecar,
    picture_names,
    sidecar_file,
)
from triptych.formats.export_paths import safe_part
from triptych.formats.losses import HELD_ELSEWHERE, Losses
from triptych.formats.voc.rasters import MOST, Raster, color_map, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.labels import Box, Label
    from triptych.formats.base import ExportItem, ExportSet, ExportSource
    from triptych.formats.sidecar import SidecarSet

TITLE = "Pascal VOC"
UNASSIGNED = "unassigned"
"""The word in the names of lists of classes for pictures in no part; no program of VOC reads these."""

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARTS_OF_TRAINVAL = ("train", "val")


class VocWriter:
    """Writes the first annotation set of boxes, the first of areas and the first of classes in the places that VOC
    has for each."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """What VOC cannot hold, found by writing the files of labels."""
        export = _Export(source)
        for _ in export.files():
            pass
        return export.losses.findings()

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Files of labels first, then triptych.json, then the pictures, unchanged. InvalidInput without a set that
        fits."""
        export = _Export(source)
        if not export.sets:
            raise cannot_hold(source, TITLE, "classes, boxes or areas")
        yield from export.files()
        paths = [f"JPEGImages/{name}" for name in export.names]
        yield sidecar_file("voc", source, paths, export.described())
        for item, path in zip(source.items, paths, strict=True):
            yield path, source.read(item)


class _Export:
    """One export: the names of its pictures, its files, and what is lost while they are made."""

    def __init__(self, source: ExportSource) -> None:
        self.source = source
        self.losses = Losses(TITLE)
        self._boxes = first_of(source, (Task.DETECTION,))
        self._areas = first_of(source, (Task.SEGMENTATION,))
        self._classes = first_of(source, CLASSIFICATION)
        chosen = [entry for entry in (self._boxes, self._areas, self._classes) if entry is not None]
        self.sets = [entry for entry in source.sets if any(entry is known for known in chosen)]
        self.names = picture_names(source.items, flat=True)
        self._stems = [without_ending(name) for name in self.names]
        self._lists = self._groups()
        self._said: dict[str, SidecarSet] = {}

    def described(self) -> list[SidecarSet]:
        """What triptych.json says of the sets, once the files are made."""
        return [self._said[entry.name] for entry in self.sets]

    def _groups(self) -> dict[str, list[int]]:
        """Items by the name of their list; `trainval` holds both, or all where there is no split."""
        groups = {group.name: group.items for group in groups_of(self.source)}
        named = {name: items for name, items in groups.items() if name}
        if not named:
            return {"trainval": groups[""]}
        both = sorted(chain.from_iterable(named.get(name, ()) for name in _PARTS_OF_TRAINVAL))
        if "" in groups:
            self.losses.unassigned([self.source.items[index].key for index in groups[""]])
        return {**named, "trainval": both} if both else named

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files of all labels."""
        source, losses = self.source, self.losses
        losses.pictures(source.items, self.names)
        leave_out(source, self.sets, TITLE, losses)
        losses.in_sidecar_alone(only_in_sidecar(source, self.sets, colors=False, parts=True))
        for name, items in self._lists.items():
            yield f"ImageSets/Main/{name}.txt", self._list(items)
        if self._classes is not None:
            yield from self._class_lists(self._classes)
        if self._boxes is not None:
            yield from self._annotations(self._boxes)
        if self._areas is not None:
            yield from self._rasters(self._areas)

    def _list(self, items: list[int]) -> bytes:
        return "".join(f"{self._stems[index]}\n" for index in items).encode()

    def _names_of(self, entry: ExportSet) -> dict[int, str]:
        """Names of classes in letters that XML has, each once."""
        names: dict[int, str] = {}
        for known in entry.classes:
            wanted = _NOT_IN_XML.sub("_", known.name)
            name, number = wanted, 2
            while name in names.values():
                name, number = f"{wanted}_{number}", number + 1
            names[known.id] = name
            if name != known.name:
                self.losses.class_renamed(known.name, name)
        return names

    def _class_lists(self, entry: ExportSet) -> Iterator[tuple[str, bytes]]:
        stems = self._file_stems(entry)
        listed = labels_by_item(entry, self.source, self.losses)
        values = {index: self._values(labels, entry) for index, labels in listed.items()}
        written = {stem: known for known, stem in stems.items()}
        self._said[entry.name] = described(entry, listed, written)
        in_no_list = sorted(
            set(range(len(self.source.items))) - set(chain.from_iterable(self._lists.values()))
        )
        lists = {**self._lists, UNASSIGNED: in_no_list} if in_no_list else self._lists
        for known in entry.classes:
            for name, items in lists.items():
                rows = (
                    f"{self._stems[index]} {values[index][known.id]:2d}\n"
                    for index in items
                    if known.id in values.get(index, ())
                )
                yield f"ImageSets/Main/{stems[known.id]}_{name}.txt", "".join(rows).encode()

    def _file_stems(self, entry: ExportSet) -> dict[int, str]:
        taken: set[str] = set()
        stems: dict[int, str] = {}
        for known in entry.classes:
            wanted = safe_part(known.name.replace("/", "_"))[:200]
            stem, number = wanted, 2
            while fold(stem) in taken:
                stem, number = f"{wanted}_{number}", number + 1
            taken.add(fold(stem))
            stems[known.id] = stem
            if stem != known.name:
                self.losses.class_renamed(known.name, stem)
        return stems

    def _values(self, labels: list[Label], entry: ExportSet) -> dict[int, int]:
        """1 and -1 by class; a multi-label class of which nothing is known has neither."""
        values = {
            label.class_id: 1 if label.value != 0 else -1
            for label in labels
            if label.kind is Kind.CLASS and label.class_id is not None
        }
        if entry.task is Task.MULTI_LABEL:
            return values
        return {known.id: values.get(known.id, -1) for known in entry.classes}

    def _annotations(self, entry: ExportSet) -> Iterator[tuple[str, bytes]]:
        names = self._names_of(entry)
        covered: set[int] = set()
        drawn_on = {label.item for label in self._areas.labels} if self._areas is not None else set()
        for index, labels in labels_by_item(entry, self.source, self.losses).items():
            boxes = [
                (names[label.class_id], label.box)
                for label in labels
                if label.class_id is not None and label.box is not None
            ]
            if not boxes and not nothing_there(labels):
                continue
            covered.add(index)
            item = self.source.items[index]
            for _, box in boxes:
                if (box.x + 1 - 1, box.y + 1 - 1, *_sides(box)) != tuple(box):
                    self.losses.rounded(item.key)
            data = _annotation(self.names[index], item, boxes, segmented=index in drawn_on)
            yield f"Annotations/{self._stems[index]}.xml", data
        self._said[entry.name] = described(entry, covered, {name: known for known, name in names.items()})

    def _rasters(self, entry: ExportSet) -> Iterator[tuple[str, bytes]]:
        names = self._names_of(entry)
        value_of = {known.id: place + 1 for place, known in enumerate(entry.classes[:MOST])}
        if len(entry.classes) > MOST:
            self.losses.class_beyond([known.name for known in entry.classes[MOST:]], MOST)
        if any(known != value for known, value in value_of.items()):
            how = "they count from 1 in their order, for 0 is the background"
            self.losses.renumbered([known.name for known in entry.classes], how)
        yield "labelmap.txt", self._label_map([names[known.id] for known in entry.classes[:MOST]])
        # The values are those of the classes, whatever labelmap.txt calls them.
        written = {str(value): known for known, value in value_of.items()}
        shapes = [label.shape for label in entry.labels if label.kind in AREAS and label.shape is not None]
        numbered = any(shape.instance is not None for shape in shapes)
        self._said[entry.name] = described(entry, None, written, numbered=numbered)
        found = labels_by_item(entry, self.source, self.losses)
        for name, items in self._lists.items():
            yield (
                f"ImageSets/Segmentation/{name}.txt",
                self._list([index for index in items if index in found]),
            )
        other: dict[str, int] = {}
        for index, labels in found.items():
            item = self.source.items[index]
            raster = drawn(labels, item, value_of, self.losses)
            changed = raster.renumbered
            if numbered:
                changed += sum(
                    label.kind in AREAS and label.shape is not None and label.shape.instance is None
                    for label in labels
                )
            other |= {item.key: changed} if changed else {}
            if raster.classes.any() or nothing_there(labels):
                yield from self._pngs(self._stems[index], raster)
        self.losses.extend(_other_numbers(other))

    def _label_map(self, names: list[str]) -> bytes:
        """Colours and names of the values, in the form that CVAT writes beside VOC: the devkit knows its own 20."""
        rows = ["# label:color_rgb:parts:actions"]
        for name, (red, green, blue) in zip(["background", *names], color_map(), strict=False):
            written = " ".join(name.replace(":", "_").split())
            if written != name:
                self.losses.class_renamed(name, written)
            rows.append(f"{written}:{red},{green},{blue}::")
        return "".join(f"{row}\n" for row in rows).encode()

    def _pngs(self, stem: str, raster: Raster) -> Iterator[tuple[str, bytes]]:
        yield f"SegmentationClass/{stem}.png", raster.png(raster.classes)
        yield f"SegmentationObject/{stem}.png", raster.png(raster.objects)


def _other_numbers(counts: dict[str, int]) -> list[Finding]:
    if not counts:
        return []
    return [
        Finding(
            Severity.NOTE,
            "object_numbers_changed",
            f"Objects get other numbers, or one where they had none: {TITLE} numbers each object of a picture "
            f"from 1 to {MOST}, and no two alike.",
            HELD_ELSEWHERE,
            "",
            sum(counts.values()),
            tuple(list(counts)[:EXAMPLES_KEPT]),
        )
    ]


def _annotation(name: str, item: ExportItem, boxes: list[tuple[str, Box]], *, segmented: bool) -> bytes:
    root = ElementTree.Element("annotation")
    _add(root, folder="JPEGImages", filename=name)
    _add(_add(root, source=None), database="Triptych")
    _add(_add(root, size=None), width=item.width, height=item.height, depth=item.bands)
    _add(root, segmented=int(segmented))
    for class_name, box in boxes:
        entry = _add(root, object=None)
        _add(entry, name=class_name, pose="Unspecified", truncated=0, difficult=0)
        _add(
            _add(entry, bndbox=None),
            xmin=_number(box.x + 1),
            ymin=_number(box.y + 1),
            xmax=_number(box.x + box.width),
            ymax=_number(box.y + box.height),
        )
    ElementTree.indent(root, "\t")
    text: bytes = ElementTree.tostring(root, encoding="utf-8")
    return text + b"\n"


def _add(parent: ElementTree.Element, **children: str | int | None) -> ElementTree.Element:
    """Adds elements with texts; returns the last one."""
    made = parent
    for name, text in children.items():
        made = ElementTree.SubElement(parent, name)
        made.text = None if text is None else str(text)
    return made


def _sides(box: Box) -> tuple[float, float]:
    """Width and height as they follow from the corners."""
    return (box.x + box.width) - (box.x + 1) + 1, (box.y + box.height) - (box.y + 1) + 1


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
