"""Classes of whole pictures in Pascal VOC: `ImageSets/Main/<class>_<part>.txt`, a picture and 1, 0 or -1 in each row.

Development kit (VOC2012, devkit_doc, 4.1): 1 says that an object of the class is there, -1 that none is, 0 that
there are difficult ones alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from triptych.core.labels import Kind, Label, Task
from triptych.core.names import base_name
from triptych.core.source import MemberError
from triptych.formats.documents import Unreadable, read_text
from triptych.formats.label_csv.gather import shortened
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.pictures.described import described_set

if TYPE_CHECKING:
    from triptych.formats.base import SourceView
    from triptych.formats.pictures.reading import Reading

_NAME = re.compile(r"(.+)_(?:train|val|trainval|test|unassigned)\.txt", re.IGNORECASE | re.DOTALL)
_ROW = re.compile(r"\s*(\S+)[ \t]+(-1|0|1)\s*")
_HEAD = 4096


def class_of_list(name: str) -> str | None:
    """The class in the name of a list, None where it is no list of a class."""
    found = _NAME.fullmatch(name)
    return None if found is None else found.group(1)


def has_rows(view: SourceView, member: int) -> bool:
    """Whether a list begins with rows of a picture and 1, 0 or -1."""
    try:
        lines = view.head(member, _HEAD).decode("utf-8", "replace").splitlines()
    except MemberError:
        return False
    first = next((line for line in lines if line.strip()), "")
    return _ROW.fullmatch(first) is not None


def add_classes(reading: Reading, members: list[int]) -> None:
    """The set of all lists of classes: multi-label, or what triptych.json says. What is difficult alone (0) is
    neither there nor absent."""
    walk = _Lists(reading)
    for member in members:
        walk.file(member)
    if not walk.classes:
        return
    entry = described_set(reading.view, "voc", (Task.SINGLE_LABEL, Task.MULTI_LABEL))
    task = Task.MULTI_LABEL if entry is None else entry.task
    known = classes_of(walk.classes)
    ids = {made.name: made.id for made in known}
    labels = [
        Label(item, Kind.CLASS, ids[name], float(there) if task is Task.MULTI_LABEL else None)
        for (item, name), there in walk.values.items()
        if there or task is Task.MULTI_LABEL
    ]
    labelled = {label.item for label in labels}
    labels += [Label(item, Kind.NOTHING) for item in walk.listed if item not in labelled]
    source = reading.path(members[0]).rpartition("/")[0]
    reading.add_set("classification", task, source, known, labels)


class _Lists:
    """Walks through the lists; `values` tell of a picture and a class whether it is there."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.classes: dict[str, None] = {}
        self.values: dict[tuple[int, str], bool] = {}
        self.listed: dict[int, None] = {}

    def file(self, member: int) -> None:
        """One list."""
        reading, path = self._reading, self._reading.path(member)
        name = class_of_list(base_name(path))
        try:
            content = read_text(reading.view, member, reading.options.label_bytes)
        except Unreadable as error:
            reading.leave_out(member, error)
            return
        reading.label_files.append(member)
        if name is None:
            return
        name = shortened(name)
        self.classes[name] = None
        for at, line in enumerate(content.splitlines(), 1):
            if line.strip():
                self._row(name, line, f"{path} row {at}")

    def _row(self, name: str, line: str, place: str) -> None:
        reading, found = self._reading, _ROW.fullmatch(line)
        if found is None:
            reading.shapes.unreadable(place, "it is not a name and 1, 0 or -1")
            return
        stem, sign = found.groups()
        item = reading.pairing.beside(f"JPEGImages/{stem}.x", ())
        item = reading.pairing.anywhere(f"{stem}.x") if item is None else item
        if item is None:
            reading.tally.add("split_list_unmatched", f"{place}: {stem[:80]}")
            return
        if sign == "0":
            reading.tally.add("object_flags_not_kept", f"{place}: difficult alone")
            return
        self.listed[item] = None
        self.values[item, name] = self.values.get((item, name), False) or sign == "1"
