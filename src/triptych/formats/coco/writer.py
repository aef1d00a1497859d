"""`coco` on the way out: `annotations/*.json` for each annotation set and part, `images/…`, and `triptych.json`.

The documents are those of the COCO API (https://cocodataset.org/#format-data): `info`, `images`, `annotations`
with `bbox` (left, top, width, height in pixels), `area`, `iscrowd` and `segmentation` (lists of coordinates, or
run lengths), `categories`. Ids begin at 1, for tools take 0 for the background. A document lists the pictures that
were looked at. `instance` and `frame` of an annotation are keys of our own: the number of its object, and its plane.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from triptych.core.labels import Kind
from triptych.core.names import fold
from triptych.formats.conversion import (
    CLASSIFICATION,
    cannot_hold,
    described,
    groups_of,
    leave_out,
    nothing_there,
    only_in_sidecar,
    picture_names,
    present_classes,
    sidecar_file,
)
from triptych.formats.export_paths import safe_part
from triptych.formats.losses import LABEL_TASKS, Losses
from triptych.masks import polygons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.labels import Label, LabelClass
    from triptych.formats.base import ExportItem, ExportSet, ExportSource
    from triptych.formats.conversion import Group
    from triptych.formats.sidecar import SidecarSet

TITLE = "COCO"


class CocoWriter:
    """Writes a document of COCO for each annotation set, and for each part of the split where there is one.

    Boxes become instances with a bbox, areas instances with polygons or run lengths, classes of whole pictures
    annotations with an image and a category alone.
    """

    def losses(self, source: ExportSource) -> list[Finding]:
        """What COCO cannot hold, found by writing the documents."""
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
        paths = [f"images/{name}" for name in export.names]
        yield sidecar_file("coco", source, paths, export.described)
        for item, path in zip(source.items, paths, strict=True):
            yield path, source.read(item)


class _Export:
    """One export: the names of its pictures, its documents, and what is lost while they are made."""

    def __init__(self, source: ExportSource) -> None:
        self.source = source
        self.losses = Losses(TITLE)
        self.sets = [entry for entry in source.sets if entry.task in LABEL_TASKS]
        self.names = picture_names(source.items)
        self.described: list[SidecarSet] = []

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """The documents of all sets; `described` then tells what they are."""
        self.losses.pictures(self.source.items, self.names)
        leave_out(self.source, self.sets, TITLE, self.losses)
        told = only_in_sidecar(self.source, self.sets, colors=True, parts=True)
        self.losses.in_sidecar_alone(told)
        groups = groups_of(self.source)
        ends = [f"_{group.name}" if group.name else "" for group in groups]
        for entry, stem in zip(self.sets, _stems(self.sets, ends), strict=True):
            labels: dict[int, list[Label]] = {}
            for label in entry.labels:
                labels.setdefault(label.item, []).append(label)
            # Tools take 0 for the background.
            shift = int(any(known.id == 0 for known in entry.classes))
            if shift:
                names = [known.name for known in entry.classes]
                self.losses.renumbered(names, "each is one higher, for the ids of COCO begin at 1")
            files: dict[str, str] = {}
            for group, end in zip(groups, ends, strict=True):
                path = f"annotations/{stem}{end}.json"
                data = self._document(entry, group, labels, shift)
                files[path] = sha256(data).hexdigest()
                yield path, data
            self.described.append(described(entry, files=files))

    def _document(self, entry: ExportSet, group: Group, labels: dict[int, list[Label]], shift: int) -> bytes:
        source = self.source
        images: list[dict[str, Any]] = []
        annotations: list[dict[str, Any]] = []
        for index in group.items:
            item, known = source.items[index], labels.get(index, [])
            made = list(self._annotations(entry, item, known))
            # An image that is listed was looked at; points and lines alone are not "nothing there".
            if made or nothing_there(known) or any(label.kind is Kind.CLASS for label in known):
                images.append(
                    {
                        "id": index + 1,
                        "file_name": self.names[index],
                        "width": item.width,
                        "height": item.height,
                    }
                )
            for found in made:
                found["category_id"] += shift
                annotations.append({"id": len(annotations) + 1, "image_id": index + 1, **found})
        info = {"description": f"{source.name}: {entry.name}" if entry.name else source.name}
        if entry.task in CLASSIFICATION:
            info["note"] = "Annotations are of whole images: they have a category and no bbox."
        return _json(
            {
                "info": {**info, "version": str(source.version)},
                "licenses": [],
                "images": images,
                "annotations": annotations,
                "categories": [_category(known, shift) for known in entry.classes],
            }
        )

    def _annotations(
        self, entry: ExportSet, item: ExportItem, labels: list[Label]
    ) -> Iterator[dict[str, Any]]:
        if entry.task in CLASSIFICATION:
            for class_id in present_classes(labels, item.key, self.losses):
                yield {"category_id": class_id}
            return
        for label in labels:
            found = self._instance(item, label)
            if found is not None:
                for key in ("instance", "frame"):
                    if label.shape is not None and getattr(label.shape, key) is not None:
                        found[key] = getattr(label.shape, key)
                yield found

    def _instance(self, item: ExportItem, label: Label) -> dict[str, Any] | None:
        box, shape = label.box, label.shape
        if label.kind in (Kind.POINT, Kind.LINE):
            self.losses.point(item.key)
        if label.class_id is None or box is None:
            return None
        found: dict[str, Any] = {"category_id": label.class_id, "bbox": list(box), "iscrowd": 0}
        if label.kind is Kind.BOX:
            return {**found, "area": box.width * box.height}
        if shape is None or label.kind not in (Kind.POLYGON, Kind.MASK):
            return None
        if label.kind is Kind.MASK:
            form: Any = {"size": list(shape.size or ()), "counts": shape.counts}
        else:
            form = [list(part) for part in shape.parts]
        area = label.value
        if area is None:
            area = polygons.covered(shape.parts, (item.height, item.width))
        return {**found, "area": area, "segmentation": form}


def _category(known: LabelClass, shift: int) -> dict[str, Any]:
    color = [int(known.color[place : place + 2], 16) for place in (1, 3, 5)]
    return {"id": known.id + shift, "name": known.name, "supercategory": "", "color": color}


def _stems(sets: list[ExportSet], ends: list[str]) -> list[str]:
    """What a file is called before its part: as COCO's own where there is one set, else as the set. No file of one
    set is called as one of another: `ends` are the names of the parts."""
    if len(sets) == 1:
        return ["image_labels" if sets[0].task in CLASSIFICATION else "instances"]
    stems: list[str] = []
    taken: set[str] = set()
    for entry in sets:
        wanted = safe_part(entry.name.replace("/", "_") or entry.task.value)[:200]
        stem, number = wanted, 2
        while not taken.isdisjoint(made := {fold(stem + end) for end in ends}):
            stem, number = f"{wanted}_{number}", number + 1
        taken |= made
        stems.append(stem)
    return stems


def _json(document: dict[str, Any]) -> bytes:
    """The document with a line for each image, annotation and category."""
    lines = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'"{name}": [\n{rows}\n]')
        else:
            lines.append(f'"{name}": {json.dumps(value, ensure_ascii=False)}')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
