"""One file of COCO as labels.

The data format is described at cocodataset.org ("Data format": object detection, panoptic, captions, key points);
run lengths are those of the COCO API (maskApi.c).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from triptych.core.labels import Label, Shape
from triptych.core.names import base_name, cut_front
from triptych.formats.documents import Unreadable, number, read_json, text, whole
from triptych.formats.label_csv.matching import SEVERAL
from triptych.formats.pictures.pairing import part_of
from triptych.formats.pictures.reading import Numbered
from triptych.formats.pictures.shape_notices import NOTICES
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from triptych.formats.pictures.reading import Reading
    from triptych.formats.sidecar import SidecarSet

_AREA_SLACK = 16.0

Categories = dict[int, tuple[str, str | None]]
"""Name and colour by number."""


@dataclass(slots=True)
class CocoFile:
    """One file as labels: `items` are the pictures that it lists; `categories` are name and colour by number,
    `added` those that are used and not listed. `kinds` are items and classes of annotations that stand for a whole
    picture, with their place; a file of boxes or areas has none. `entry` is the set of an export that the file
    belongs to, as it was written."""

    path: str
    categories: Categories
    tally: Tally
    added: dict[int, str] = field(default_factory=dict)
    items: dict[int, None] = field(default_factory=dict)
    boxes: list[Label] = field(default_factory=list)
    areas: list[Label] = field(default_factory=list)
    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
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
        walk.finish()
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

    def finish(self) -> None:
        """Among boxes and areas, an annotation without either is one that lost it."""
        if self._made.boxes or self._made.areas:
            for place in self._made.kinds.values():
                self._shapes.unreadable(place, "it has neither a box nor a segmentation")
            self._made.kinds.clear()

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
            self._made.kinds.setdefault((item, known), place)
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


def _size(row: dict[str, Any]) -> tuple[int, int] | None:
    try:
        return whole(row.get("height"), 1), whole(row.get("width"), 1)
    except ValueError:
        return None
