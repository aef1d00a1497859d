"""`labelme` on the way out: a picture and a document of LabelMe beside it, `image/a.png` and `image/a.json`, and
`triptych.json`.

The form is that of LabelMe 5 (labelme/label_file.py): `shapes` with `label`, `points`, `shape_type` and `group_id`,
`flags` of the whole picture, `imagePath`, and `imageData` null. A shape of the type "mask" has the corners of its
rectangle, both inside it, and what it covers of that as a PNG.
"""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from triptych.core.labels import Kind, Task
from triptych.core.names import base_name, without_ending
from triptych.formats.conversion import (
    CLASSIFICATION,
    cannot_hold,
    described,
    first_of,
    labels_by_item,
    leave_out,
    mask_of,
    nothing_there,
    only_in_sidecar,
    picture_names,
    sidecar_file,
)
from triptych.formats.losses import Losses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.labels import Box, Label
    from triptych.formats.base import ExportItem, ExportSource
    from triptych.formats.sidecar import SidecarSet

TITLE = "LabelMe"
VERSION = "5.5.0"
"""The version of LabelMe whose form the documents have."""

_TYPES = {Kind.POINT: "point", Kind.LINE: "linestrip"}


class LabelmeWriter:
    """Writes the first annotation set of classes as flags, the first of boxes and the first of areas as shapes."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """What LabelMe cannot hold, found by writing the documents."""
        export = _Export(source)
        for _ in export.documents():
            pass
        return export.losses.findings()

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Documents first, then triptych.json, then the pictures, unchanged. InvalidInput without a set that fits."""
        export = _Export(source)
        if not export.sets:
            raise cannot_hold(source, TITLE, "classes, boxes or areas")
        yield from export.documents()
        paths = [f"image/{name}" for name in export.names]
        yield sidecar_file("labelme", source, paths, export.described())
        for item, path in zip(source.items, paths, strict=True):
            yield path, source.read(item)


class _Export:
    """One export: the names of its pictures, its documents, and what is lost while they are made."""

    def __init__(self, source: ExportSource) -> None:
        self.source = source
        self.losses = Losses(TITLE)
        kinds = (CLASSIFICATION, (Task.DETECTION,), (Task.SEGMENTATION,))
        chosen = [entry for tasks in kinds if (entry := first_of(source, tasks)) is not None]
        self.sets = [entry for entry in source.sets if any(entry is known for known in chosen)]
        self.names = picture_names(source.items)
        self._covered: list[set[int]] = [set() for _ in self.sets]

    def described(self) -> list[SidecarSet]:
        """What triptych.json says of the sets, once the documents are made."""
        return [described(entry, covered) for entry, covered in zip(self.sets, self._covered, strict=True)]

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """A document for each picture that was looked at, without shapes where nothing is there."""
        source, losses = self.source, self.losses
        losses.pictures(source.items, self.names)
        leave_out(source, self.sets, TITLE, losses)
        losses.in_sidecar_alone(only_in_sidecar(source, self.sets, colors=False, parts=False))
        self._note_classes()
        labels = [labels_by_item(entry, source, losses) for entry in self.sets]
        for index in sorted(set().union(*labels)):
            name = self.names[index]
            document = self._document(index, [found.get(index, []) for found in labels])
            if not any(index in covered for covered in self._covered):
                continue  # all of its labels are lost: a document without shapes would say that nothing is there
            text = json.dumps(document, ensure_ascii=False, indent=2)
            yield f"image/{without_ending(name)}.json", f"{text}\n".encode()

    def _note_classes(self) -> None:
        for entry in self.sets:
            if any(known.id != place for place, known in enumerate(entry.classes)):
                names = [known.name for known in entry.classes]
                self.losses.renumbered(names, f"{TITLE} has names alone")

    def _document(self, index: int, by_set: list[list[Label]]) -> dict[str, Any]:
        item = self.source.items[index]
        flags: dict[str, bool] = {}
        shapes: list[dict[str, Any]] = []
        taken = [label.shape.instance for labels in by_set for label in labels if label.shape is not None]
        free = max((number for number in taken if number is not None), default=-1) + 1
        for entry, labels, covered in zip(self.sets, by_set, self._covered, strict=True):
            if nothing_there(labels):
                covered.add(index)
            names = {known.id: known.name for known in entry.classes}
            for label in labels:
                if label.class_id is None:
                    continue
                name = names[label.class_id]
                if label.kind is Kind.CLASS:
                    flags[name] = label.value != 0
                    covered.add(index)
                    continue
                made = self._shapes(item, label)
                if made:
                    covered.add(index)
                if len(made) > 1 and made[0]["group_id"] is None:
                    made = [{**shape, "group_id": free} for shape in made]
                    free += 1
                shapes += [{"label": name, **shape} for shape in made]
        return {
            "version": VERSION,
            "flags": flags,
            "shapes": shapes,
            "imagePath": base_name(self.names[index]),
            "imageData": None,
            "imageHeight": item.height,
            "imageWidth": item.width,
        }

    def _shapes(self, item: ExportItem, label: Label) -> list[dict[str, Any]]:
        shape, group = label.shape, None if label.shape is None else label.shape.instance
        if label.kind is Kind.BOX and label.box is not None:
            (left, top), (right, bottom) = corners = _corners(label.box)
            if (right - left, bottom - top) != (label.box.width, label.box.height):
                self.losses.rounded(item.key)
            return [_shape("rectangle", corners, group)]
        if shape is None:
            return []
        if label.kind is Kind.MASK:
            return self._mask(item, label, group)
        if label.kind is Kind.POLYGON and len(shape.parts) > 1:
            self.losses.parted(item.key, len(shape.parts))
        made = []
        for part in shape.parts:
            points = [list(point) for point in zip(part[::2], part[1::2], strict=True)]
            kind = (
                "line" if label.kind is Kind.LINE and len(points) == 2 else _TYPES.get(label.kind, "polygon")
            )
            made.append(_shape(kind, points, group))
        return made

    def _mask(self, item: ExportItem, label: Label, group: int | None) -> list[dict[str, Any]]:
        mask = mask_of(label, item, self.losses)
        if mask is None:
            return []
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not rows.size:
            self.losses.no_mask(item.key, "it covers nothing")
            return []
        top, bottom = int(rows[0]), int(rows[-1])
        left, right = int(columns[0]), int(columns[-1])
        cut = np.ascontiguousarray(mask[top : bottom + 1, left : right + 1], np.uint8)
        out = io.BytesIO()
        Image.fromarray(cut).save(out, "PNG")
        made = _shape("mask", [[float(left), float(top)], [float(right), float(bottom)]], group)
        return [{**made, "mask": base64.b64encode(out.getvalue()).decode("ascii")}]


def _corners(box: Box) -> list[list[float]]:
    return [[box.x, box.y], [box.x + box.width, box.y + box.height]]


def _shape(kind: str, points: list[list[float]], group: int | None) -> dict[str, Any]:
    return {
        "points": points,
        "group_id": group,
        "description": "",
        "shape_type": kind,
        "flags": {},
        "mask": None,
    }
