"""Folders of classes below folders of parts: `train/<class>/<picture>`, as YOLO's tools classify whole pictures
(docs.ultralytics.com, "Image Classification Datasets")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.labels import Kind, Label, Task
from triptych.formats.label_csv.gather import shortened
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.pictures.described import described_set
from triptych.formats.pictures.layout import layout_of

if TYPE_CHECKING:
    from triptych.formats.base import SourceView
    from triptych.formats.pictures.reading import Reading

PARTS = ("train", "training", "val", "valid", "validation", "test", "testing")
LABELLED = ("labels", "images")
"""Folders below those of parts that hold pictures and rows of boxes, and are no classes."""


def class_folders_of(view: SourceView) -> dict[int, str]:
    """The folder of the class of each picture by its member, empty where the source is no such layout.

    All pictures have to lie in `<part>/<class>/`, in two parts at least, of which one is train, and in two classes
    at least; what triptych.json tells of an export counts before.
    """
    pictures = view.once(layout_of).pictures
    found: dict[int, str] = {}
    parts: set[str] = set()
    exported = described_set(view, "yolo", (Task.SINGLE_LABEL,)) is not None
    for member in pictures:
        folders = view.paths[member].split("/")[:-1]
        if len(folders) == 2 and (exported or folders[0].lower() in PARTS):
            found[member] = folders[1]
            parts.add(folders[0].lower())
        elif not exported:
            return {}
    several = len(parts) > 1 and not parts.isdisjoint(PARTS[:2]) and len(set(found.values())) > 1
    plain = several and not any(folder.lower() in LABELLED for folder in found.values())
    return found if exported or plain else {}


def add_classes(reading: Reading, folders: dict[int, str]) -> None:
    """The single-label set of these folders; triptych.json, where it is there, tells what they stand for."""
    pairs = [
        (index, shortened(folders[item.member]))
        for index, item in enumerate(reading.items)
        if item.member in folders
    ]
    classes = classes_of(name for _, name in pairs)
    ids = {entry.name: entry.id for entry in classes}
    labels = [Label(item, Kind.CLASS, ids[name]) for item, name in pairs]
    reading.add_set("classification", Task.SINGLE_LABEL, "train", classes, labels)
