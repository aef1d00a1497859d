"""Label files that Triptych wrote: nothing is guessed, and what is read is what was written.

A row is a path below `image/` alone (looked at, nothing there), path and class, path and class and value, or
path, class, left, top, width, height in pixels; or, for areas, path, class, width and height of the picture, and
what the class covers of it in the original's form: a byte for each pixel, by rows, 1 or 0, zlib, base64. Commas,
UTF-8, no header. A cell of text that a spreadsheet would take for a formula, or that begins with an apostrophe,
has an apostrophe put before it.
"""

from __future__ import annotations

import base64
import csv
import io
import zlib
from math import copysign
from typing import TYPE_CHECKING, Protocol

import numpy as np

from triptych.core.labels import AREAS, Box, Kind, Label
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from triptych.core.labels import LabelClass

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_QUOTED = frozenset(',"\r\n;\t|')


class Places(Protocol):
    """Items by their paths below `image/`; KeyError where there is none."""

    def __getitem__(self, path: str, /) -> int: ...


class NotExact(Exception):
    """A row is not one that Triptych writes."""


def write_rows(labels: Iterable[Label], paths: list[str], names: Mapping[int, str]) -> bytes:
    """The label file of a set. `paths` are the items' paths below `image/`, `names` classes by id."""
    out = io.StringIO()
    cells = [_cell(path) for path in paths]
    classes = {number: _cell(name) for number, name in names.items()}
    for label in labels:
        path = cells[label.item]
        if label.kind is Kind.NOTHING or label.class_id is None:
            out.write(f"{path}\n")
        elif label.box is not None:
            numbers = ",".join(_number(value) for value in label.box)
            out.write(f"{path},{classes[label.class_id]},{numbers}\n")
        elif label.value is not None:
            out.write(f"{path},{classes[label.class_id]},{_number(label.value)}\n")
        else:
            out.write(f"{path},{classes[label.class_id]}\n")
    return out.getvalue().encode()


def write_masks(
    labels: Iterable[Label], paths: list[str], names: Mapping[int, str], sizes: Sequence[tuple[int, int]]
) -> bytes:
    """The label file of a set of areas: one row for each class of a picture, the union of its areas.

    `sizes` are the items' (height, width). Points, lines, areas on planes after the first, and masks of another size
    than their picture have no row.
    """
    nothing: dict[int, None] = {}
    found: dict[int, dict[int, list[Label]]] = {}
    for label in labels:
        if label.class_id is None:
            nothing[label.item] = None
        elif label.kind in AREAS and label.shape is not None and not label.shape.frame:
            found.setdefault(label.item, {}).setdefault(label.class_id, []).append(label)
    out = io.StringIO()
    for item in sorted({*nothing, *found}):
        path = _cell(paths[item])
        if item in nothing:
            out.write(f"{path}\n")
        height, width = sizes[item]
        for class_id, areas in found.get(item, {}).items():
            mask = _union(areas, (height, width))
            if mask is not None:
                packed = base64.b64encode(zlib.compress(mask.tobytes(), 9)).decode("ascii")
                out.write(f"{path},{_cell(names[class_id])},{width},{height},{packed}\n")
    return out.getvalue().encode()


def _union(areas: list[Label], size: tuple[int, int]) -> NDArray[np.uint8] | None:
    """What areas cover (y, x), 1 or 0; None where none of them has the size of the picture."""
    union = np.zeros(size, np.uint8)
    usable = False
    for label in areas:
        shape = label.shape
        if shape is None or (label.kind is Kind.MASK and shape.size != size):
            continue
        usable = True
        union |= runs.decode(shape) if label.kind is Kind.MASK else polygons.filled(shape.parts, size)
    return union if usable else None


def _cell(text: str) -> str:
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    # Numbers that are names stand in quotation marks, as the reference asks: "001" is text.
    if not _QUOTED.isdisjoint(safe) or safe != safe.strip() or safe.replace(".", "").isdigit():
        return '"{}"'.format(safe.replace('"', '""'))
    return safe


def _number(value: float) -> str:
    whole = value == int(value) and abs(value) < 2**53 and not (value == 0 and copysign(1, value) < 0)
    return str(int(value)) if whole else repr(float(value))


def read_rows(data: bytes, items: Places, classes: Iterable[LabelClass]) -> list[Label]:
    """The labels of such a file; `items` are indices by path below `image/`. NotExact when it is another."""
    ids = {entry.name: entry.id for entry in classes}
    labels: list[Label] = []
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    try:
        for row in csv.reader(lines, strict=True):
            labels.append(_label(row, items, ids))
    except (csv.Error, KeyError, IndexError, ValueError) as error:
        raise NotExact(str(error)) from error
    return labels


def _label(row: list[str], items: Places, ids: Mapping[str, int]) -> Label:
    item = items[row[0].removeprefix("'")]
    if len(row) == 1:
        return Label(item, Kind.NOTHING)
    number = ids[row[1].removeprefix("'")]
    if len(row) == 2:
        return Label(item, Kind.CLASS, number)
    if len(row) == 3:
        return Label(item, Kind.CLASS, number, float(row[2]))
    if len(row) != 6:
        raise NotExact("a row has an unknown width")
    x, y, width, height = (float(cell) for cell in row[2:])
    return Label(item, Kind.BOX, number, None, Box(x, y, width, height))
