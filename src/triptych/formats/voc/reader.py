"""`voc`: pictures and an XML file for each, as the Pascal VOC challenges have them, and their masks.

Formats are those of the development kit (VOC2012, devkit_doc, 5 to 8): corners of boxes count from 1 and are part of
the box, so its left is xmin - 1 and its width xmax - xmin + 1; masks are pictures with a palette, 255 is ignored.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet, Label, LabelClass, MaskFile, MaskReading, Task, palette_color
from triptych.core.names import base_name, ending, natural_key
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME, Match, Refusal
from triptych.formats.documents import Unreadable, read_text, read_xml
from triptych.formats.label_csv.boxes import number
from triptych.formats.label_csv.gather import shortened
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.pictures.answers import NO_PICTURES, count
from triptych.formats.pictures.described import EXPORTED, described_set, is_export
from triptych.formats.pictures.layout import layout_of
from triptych.formats.pictures.mask_values import png_header, values_of_masks
from triptych.formats.pictures.pairing import part_of
from triptych.formats.pictures.reading import begin, evenly, nothing_where_unlabelled
from triptych.formats.voc.class_lists import add_classes, class_of_list, has_rows

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading
    from triptych.formats.sidecar import SidecarSet

VOC_NAMES = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip
"""Classes 1 to 20 of the challenges; 0 is what is no object."""

LABEL_FOLDERS = ("annotations", "annotation", "labels", "xml", "xmls")
MASK_FOLDERS = {"segmentationclass": MaskReading.CLASSES, "segmentationobject": MaskReading.INSTANCES}
IGNORE = 255
VOID_COLOR = "#E0E0C0"
MOST_CLASSES = 1000
"""Rows of a label map that are read."""

_LISTS = ("/main/", "/segmentation/", "/layout/")
_HEAD = 4096


class VocFiles:
    """The members of a source by what they are to Pascal VOC."""

    def __init__(self, view: SourceView) -> None:
        self.documents: list[int] = []
        self.lists: list[int] = []
        self.masks: list[tuple[int, MaskReading]] = []
        self.label_map: int | None = None
        self.class_lists: list[int] = []
        named: list[int] = []
        named_lists: list[int] = []
        for member in sorted(view.kept, key=lambda member: natural_key(view.paths[member])):
            path = view.paths[member].lower()
            end = ending(path)
            if end == ".xml":
                named.append(member)
            elif base_name(path) == "labelmap.txt":
                self.label_map = member if self.label_map is None else self.label_map
            elif end == ".txt" and f"/{path}".rpartition("/")[0].endswith(tuple(n[:-1] for n in _LISTS)):
                if "imagesets/" in path and part_of(base_name(path)) and base_name(path).count("_") == 0:
                    self.lists.append(member)
                elif "imagesets/main/" in path and class_of_list(base_name(view.paths[member])):
                    named_lists.append(member)
            elif end == ".png":
                reading = next(
                    (MASK_FOLDERS[part] for part in path.split("/")[:-1] if part in MASK_FOLDERS), None
                )
                if reading is not None:
                    self.masks.append((member, reading))
        rows = any(has_rows(view, member) for member in evenly(named_lists))
        self.class_lists = named_lists if rows else []
        looked = {member: _is_annotation(view, member) for member in evenly(named)}
        self.documents = [member for member in named if looked.get(member, any(looked.values()))]


def _is_annotation(view: SourceView, member: int) -> bool:
    try:
        head = view.head(member, _HEAD)
    except MemberError:
        return False
    return b"<annotation" in head.replace(b"\0", b"")


class VocReader:
    """Reads pictures with annotations of Pascal VOC."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where XML files begin as annotations, or masks lie in SegmentationClass."""
        if not view.once(layout_of).pictures:
            return NO_PICTURES
        if is_export(view, "voc"):
            return EXPORTED
        files = view.once(VocFiles)
        if files.documents:
            return Match(
                0.91, f"{count(len(files.documents), 'XML file')} with annotations as Pascal VOC has them."
            )
        if files.masks:
            return Match(
                0.86, f"{count(len(files.masks), 'mask')} in SegmentationClass or SegmentationObject."
            )
        if files.class_lists:
            return Match(
                0.86,
                f"{count(len(files.class_lists), 'list')} of classes in ImageSets/Main as Pascal VOC has them.",
            )
        return Refusal(
            "No XML file holds annotations as Pascal VOC has them.",
            "Put Annotations/NAME.xml beside JPEGImages/NAME.jpg.",
        )

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, a detection set for the boxes, segmentation sets for the masks, and one of classes for
        the lists of classes.

        Refused as `inventory_of`.
        """
        files = view.once(VocFiles)
        reading = begin(view, options, masks=[member for member, _ in files.masks])
        if not reading.reads_labels:
            lists = [*files.lists, *files.class_lists]
            reading.ignore_all([*files.documents, *lists, *(member for member, _ in files.masks)])
            return reading.inventory("voc")
        _lists(reading, files)
        objects = _Objects(reading)
        for member in files.documents:
            objects.file(member)
        objects.finish()
        _masks(reading, files)
        add_classes(reading, files.class_lists)
        return reading.inventory("voc")


class _Objects:
    """Walks through the XML files."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._boxes: list[tuple[int, str, Label]] = []
        self._listed: dict[int, None] = {}
        self._flags: Counter[str] = Counter()
        self._source = ""

    def file(self, member: int) -> None:
        """One XML file: the objects of one picture."""
        reading, path = self._reading, self._reading.path(member)
        try:
            root = read_xml(reading.view, member, reading.options.label_bytes)
            if root.tag != "annotation":
                raise Unreadable(f"its first element is {root.tag[:40]!r}, not 'annotation'")
        except Unreadable as error:
            reading.leave_out(member, error)
            return
        item = self._item(root, path)
        if item is None:
            reading.no_picture(member)
            return
        reading.label_files.append(member)
        self._source = self._source or path
        if item in self._listed:
            reading.tally.add("picture_labelled_twice", path)
        self._listed[item] = None
        for at, entry in enumerate(root.iter("object"), 1):
            self._object(item, entry, f"{path} object {at}")

    def _item(self, root: Element, path: str) -> int | None:
        reading = self._reading
        item = reading.pairing.beside(path, LABEL_FOLDERS)
        name = (root.findtext("filename") or "").strip()
        if item is None and name:
            found = reading.matcher.find(name, path[: path.rfind("/") + 1])
            if found.code:
                reading.tally.add(found.code, f"{path}: {name[:80]}")
            item = found.item
        if item is None:
            item = reading.pairing.anywhere(path)
            if item is not None:
                reading.tally.add("matched_by_name", path)
        return item

    def _object(self, item: int, entry: Element, place: str) -> None:
        reading = self._reading
        name, box = (entry.findtext("name") or "").strip(), entry.find("bndbox")
        for flag in ("difficult", "truncated", "occluded"):
            self._flags[flag] += (entry.findtext(flag) or "0").strip().lower() in ("1", "true", "yes")
        if entry.find("part") is not None:
            reading.tally.add("object_parts_not_read", place)
        if not name or box is None:
            reading.shapes.unreadable(place, "it has no name or no bndbox")
            return
        corners = [number((box.findtext(key) or "").strip()) for key in ("xmin", "ymin", "xmax", "ymax")]
        left, top, right, bottom = corners
        if left is None or top is None or right is None or bottom is None:
            reading.shapes.unreadable(place, "its corners are not four numbers")
            return
        label = reading.shapes.box(item, 0, (left - 1, top - 1, right - left + 1, bottom - top + 1), place)
        if label is not None:
            self._boxes.append((item, shortened(name), label))

    def finish(self) -> None:
        """The set, and what was noticed of all objects."""
        reading = self._reading
        for flag, found in self._flags.items():
            if found:
                reading.tally.add("object_flags_not_kept", f"{flag}: {found:,}", count=found)
        if not self._listed:
            return
        for index, item in enumerate(reading.items):
            if index not in self._listed:
                reading.tally.add("image_without_label", item.key)
        classes = classes_of(name for _, name, _ in self._boxes)
        ids = {entry.name: entry.id for entry in classes}
        labels = [label._replace(class_id=ids[name]) for _, name, label in self._boxes]
        source = self._source.rpartition("/")[0] or self._source
        reading.add_set(
            "detection", Task.DETECTION, source, classes, nothing_where_unlabelled(labels, self._listed)
        )


def _lists(reading: Reading, files: VocFiles) -> None:
    # Main before Segmentation: its lists name all pictures of the challenge.
    for member in sorted(files.lists, key=lambda member: "/main/" not in f"/{reading.path(member).lower()}"):
        path = reading.path(member)
        part = part_of(base_name(path))
        try:
            content = read_text(reading.view, member, reading.options.label_bytes)
        except Unreadable as error:
            reading.leave_out(member, error)
            continue
        reading.label_files.append(member)
        if part is not None:
            reading.parts.tell_list(content, part, reading.matcher, reading.pairing, path)


def _masks(reading: Reading, files: VocFiles) -> None:
    """Each mask to its picture; sizes are compared by the first bytes of both."""
    listed = _label_map(reading, files)
    entry = described_set(reading.view, "voc", (Task.SEGMENTATION,))
    if entry is not None and entry.written is not None:
        _exported_masks(reading, files, entry)
        return
    for wanted, name in ((MaskReading.CLASSES, "segmentation"), (MaskReading.INSTANCES, "instances")):
        found: list[MaskFile] = []
        for member, reads in files.masks:
            if reads is not wanted:
                continue
            path = reading.path(member)
            item = reading.pairing.beside(path, tuple(MASK_FOLDERS))
            item = reading.pairing.anywhere(path) if item is None else item
            if item is None:
                reading.no_mask_picture(member)
            elif reading.mask_fits(member, item):
                class_id = 0 if wanted is MaskReading.INSTANCES else None
                found.append(MaskFile(member, wanted, item, class_id))
                reading.label_files.append(member)
        if found:
            source = reading.path(found[0].member).rpartition("/")[0]
            known = _mask_classes(reading, found, listed) if wanted is MaskReading.CLASSES else _OBJECT
            classes, found = _without_void(reading, found, known)
            reading.sets.append(DraftSet(name, Task.SEGMENTATION, source, list(classes), [], found))


_OBJECT = [LabelClass(0, "object", palette_color(0))]


def _exported_masks(reading: Reading, files: VocFiles, entry: SidecarSet) -> None:
    """The one set of an export: values stand for its classes, and the masks of objects tell these apart."""
    places: dict[MaskReading, dict[int, int]] = {MaskReading.CLASSES: {}, MaskReading.INSTANCES: {}}
    for member, wanted in files.masks:
        path = reading.path(member)
        item = reading.pairing.beside(path, tuple(MASK_FOLDERS))
        if item is None:
            reading.no_mask_picture(member)
        elif reading.mask_fits(member, item):
            places[wanted][item] = member
            reading.label_files.append(member)
    numbers = dict(entry.written or ())
    class_ids: list[int] = []
    while str(len(class_ids) + 1) in numbers:
        class_ids.append(numbers[str(len(class_ids) + 1)])
    objects = places[MaskReading.INSTANCES]
    found = [
        MaskFile(
            member, MaskReading.CLASSES, item, None, (), _ignored_of(reading, member, []), tuple(class_ids),
            objects.get(item), entry.numbered,
        )
        for item, member in sorted(places[MaskReading.CLASSES].items())
    ]  # fmt: skip
    source = reading.path(found[0].member).rpartition("/")[0] if found else SIDECAR_NAME
    reading.sets.append(DraftSet(entry.name, Task.SEGMENTATION, source, list(entry.classes), [], found))


def _ignored_of(reading: Reading, member: int, classes: list[LabelClass]) -> tuple[int, ...]:
    """The value of a mask that is no class: 255 in one byte, the colour of it where a mask has colours; none where
    it is the value of a class."""
    header = png_header(reading.view.head(member, 64))
    if header is not None and header[2] > 8:
        return ()
    value = int(VOID_COLOR[1:], 16) if header is not None and header[3] in (2, 6) else IGNORE
    return () if any(known.id == value for known in classes) else (value,)


def _without_void(
    reading: Reading, masks: list[MaskFile], classes: list[LabelClass]
) -> tuple[list[LabelClass], list[MaskFile]]:
    """Masks whose value 255 is no class and no object; told where those that are looked into hold it."""
    masks = [mask._replace(ignore=_ignored_of(reading, mask.member, classes)) for mask in masks]
    looked = values_of_masks(reading.view, [mask.member for mask in masks])
    if any(not looked.get(mask.member, set()).isdisjoint(mask.ignore) for mask in masks):
        reading.tally.add("mask_ignored_value", f"{reading.path(masks[0].member).rpartition('/')[0]}/")
    return classes, masks


def _label_map(reading: Reading, files: VocFiles) -> list[tuple[str, int]]:
    """Name and colour (0xRRGGBB) of each number, as `labelmap.txt` has them: "name:red,green,blue:parts:actions"."""
    member = files.label_map
    if member is None or not files.masks:
        return []
    try:
        content = read_text(reading.view, member, reading.options.label_bytes)
    except Unreadable as error:
        reading.leave_out(member, error)
        return []
    reading.label_files.append(member)
    found: list[tuple[str, int]] = []
    for line in content.splitlines():
        name, _, rest = line.strip().partition(":")
        if not name or name.startswith("#"):
            continue
        bands = rest.partition(":")[0].split(",")
        fits = len(bands) == 3 and all(band.strip().isdecimal() and len(band) < 6 for band in bands)
        red, green, blue = (min(int(band), 255) for band in bands) if fits else (0, 0, 0)
        found.append((shortened(name), red << 16 | green << 8 | blue))
    return found


def _listed_classes(reading: Reading, member: int, listed: list[tuple[str, int]]) -> list[LabelClass]:
    """Classes of a label map by their number, or by their colour where masks have colours and no palette."""
    header = png_header(reading.view.head(member, 64))
    colored = header is not None and header[3] in (2, 6)
    classes: dict[int, LabelClass] = {}
    for at, (name, color) in enumerate(listed):
        value = color if colored else at
        if value and value not in classes and name not in (known.name for known in classes.values()):
            classes[value] = LabelClass(value, name, f"#{color:06X}" if color else palette_color(value))
    return list(classes.values())


def _mask_classes(reading: Reading, masks: list[MaskFile], listed: list[tuple[str, int]]) -> list[LabelClass]:
    """The classes of a label map, or those of the challenges where the masks that are looked into hold no others."""
    looked = values_of_masks(reading.view, [mask.member for mask in masks])
    values = set().union(*looked.values()) - {0, IGNORE}
    if listed:
        classes = _listed_classes(reading, masks[0].member, listed[:MOST_CLASSES])
    elif values and max(values) <= len(VOC_NAMES):
        classes = [LabelClass(at, name, palette_color(at)) for at, name in enumerate(VOC_NAMES, 1)]
    else:
        classes = []
    return classes
