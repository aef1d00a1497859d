"""Labels of an annotation set as lines of JSON, with all that a row of a csv cannot hold, and back.

A line is an object: `path` of the picture below `image/`, `kind`, `class` (a name, or null), `value`, `box` ([left,
top, width, height] in pixels, or null) and `shape` (as `core.labels.Shape` has it, or null). UTF-8, one label a line.
"""

from __future__ import annotations

import io
import json
import math
from typing import TYPE_CHECKING, Any

from triptych.core.labels import AREAS, Box, Kind, Label, Shape
from triptych.masks import runs
from triptych.masks.polygons import check_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triptych.core.labels import LabelClass
    from triptych.formats.label_csv.exact import Places

MOST_PIXELS = 2**31
"""Pixels that a mask may say it has: run lengths can claim any number in a few letters."""

_LEAST = {Kind.POLYGON: 3, Kind.LINE: 2, Kind.POINT: 1}
_KEYS = ("path", "kind", "class", "value", "box", "shape")


def write_lines(labels: Iterable[Label], paths: list[str], names: Mapping[int, str]) -> Iterator[bytes]:
    """A line for each label. `paths` are the items' paths below `image/`, `names` classes by id."""
    for label in labels:
        row = {
            "path": paths[label.item],
            "kind": label.kind.value,
            "class": None if label.class_id is None else names[label.class_id],
            "value": label.value,
            "box": None if label.box is None else list(label.box),
            "shape": None if label.shape is None else label.shape.document(),
        }
        yield f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def read_lines(data: bytes, items: Places, classes: Iterable[LabelClass]) -> list[Label]:
    """The labels of such lines; `items` are indices by path below `image/`. ValueError when a line is another."""
    ids: dict[str | None, int | None] = {entry.name: entry.id for entry in classes}
    ids[None] = None
    labels: list[Label] = []
    try:
        for line in io.BytesIO(data):
            labels.append(_label(json.loads(line.decode("utf-8"), parse_constant=_no_constant), items, ids))
    except (KeyError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError(f"a line does not have the form that it should ({type(error).__name__})") from error
    return labels


def _no_constant(text: str) -> float:
    raise ValueError(f"it holds the number {text}")


def _label(row: Any, items: Places, ids: Mapping[str | None, int | None]) -> Label:
    path, kind, name, value, box, shape = (row[key] for key in _KEYS)
    if not isinstance(path, str) or not isinstance(name, str | None):
        raise TypeError("no text")
    corner = None if box is None else Box(*(_real(side) for side in box))
    form = None if shape is None else shape_of(shape)
    made = Label(items[path], Kind(kind), ids[name], None if value is None else _real(value), corner, form)
    check_form(made)
    return made


def _real(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError("no number")
    return float(value)


def shape_of(document: Any) -> Shape:
    """The shape of a document as `Shape.document` makes it; ValueError or TypeError when it is none."""
    if not isinstance(document, dict) or document.keys() - {"parts", "size", "counts", "instance", "frame"}:
        raise TypeError("no shape")
    for name in ("instance", "frame"):
        number = document.get(name)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
            raise TypeError(f"the {name} is no whole number")
    if (document.get("frame") or 0) < 0:
        raise ValueError("a plane before the first")
    for part in document.get("parts", ()):
        check_part([_real(number) for number in part], 1)
    if "size" in document:
        height, width = document["size"]
        if (
            not all(type(side) is int and side > 0 for side in (height, width))
            or height * width > MOST_PIXELS
        ):
            raise ValueError("a mask of a size that no picture has")
        if not isinstance(document.get("counts"), str):
            raise TypeError("a mask without run lengths")
    return Shape.of(document)


def check_form(label: Label) -> None:
    """ValueError unless the kind, the shape, the box and the value of a label belong together."""
    shape, kind = label.shape, label.kind
    if not all(math.isfinite(number) for number in (*(label.box or ()), label.value or 0.0)):
        raise ValueError("a number that is none")
    if kind is Kind.NOTHING:
        if label.class_id is not None or label.box is not None or shape is not None:
            raise ValueError("nothing has a class or a place")
        return
    if kind is Kind.BOX and label.box is None:
        raise ValueError("a box without its corners")
    least = _LEAST.get(kind)
    if least is not None:
        if shape is None or not shape.parts or (kind is not Kind.POLYGON and len(shape.parts) > 1):
            raise ValueError(f"a {kind} without its points")
        for part in shape.parts:
            check_part(part, least)
    if kind is Kind.MASK:
        if shape is None or shape.size is None or shape.counts is None or label.value is None:
            raise ValueError("a mask without its run lengths")
        if runs.area(shape) != label.value:
            raise ValueError("a mask that does not cover what it says")
    if kind in AREAS and label.box is None:
        raise ValueError("an area without the rectangle around it")
