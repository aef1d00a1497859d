"""A version with every kind of label on pictures of 40 by 30 pixels, for the writers of label formats."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.formats.memory_source import MemorySource
from triptych.core.dataset import Modality, Part
from triptych.core.labels import Box, Kind, Label, LabelClass, Shape, Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 40, 30
SIZE = (HEIGHT, WIDTH)
CLASSES = [LabelClass(0, "cell", "#0072B2"), LabelClass(1, "a <b> & “c”", "#E69F00")]
TRIANGLE = (1.5, 2.0, 12.25, 2.0, 6.0, 20.5)


def ring() -> NDArray[np.bool_]:
    """A mask with a hole, and a second piece that touches it at a corner."""
    mask = np.zeros(SIZE, bool)
    mask[4:14, 10:22] = True
    mask[7:10, 13:18] = False
    mask[14:18, 22:25] = True
    return mask


def picture(number: int) -> bytes:
    """A PNG of 40 by 30 pixels."""
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(number).integers(0, 255, (*SIZE, 3), np.uint8)).save(out, "PNG")
    return out.getvalue()


def version(*sets: ExportSet, parts: tuple[Part | None, ...] = (None,) * 4) -> MemorySource:
    """Four pictures, one in a folder, and the sets."""
    made = MemorySource("cells", 2, Modality.PLANAR)
    for number, key in enumerate(("a.png", "b.png", "c.png", "ward/d.png")):
        made.add(key, picture(number), part=parts[number])
    made.items = [item._replace(width=WIDTH, height=HEIGHT, bands=3, format="png") for item in made.items]
    made.sets = list(sets)
    return made


def boxes(name: str = "boxes") -> ExportSet:
    """Boxes: whole, broken, over the border, outside; `c.png` has nothing, the last picture is not looked at."""
    labels = [
        Label(0, Kind.BOX, 0, None, Box(2.0, 3.0, 10.0, 5.0)),
        Label(0, Kind.BOX, 1, None, Box(0.5, 1.25, 7.125, 9.75)),
        Label(1, Kind.BOX, 1, None, Box(35.0, -4.0, 10.0, 10.0)),
        Label(1, Kind.BOX, 0, None, Box(50.0, 50.0, 3.0, 3.0)),
        Label(2, Kind.NOTHING),
    ]
    return ExportSet(name, Task.DETECTION, CLASSES, labels)


def areas(name: str = "areas") -> ExportSet:
    """A polygon, a polygon of two parts, a mask with a hole, a point and a line."""
    second = (20.0, 20.0, 30.0, 20.0, 30.0, 28.0, 20.0, 28.0)
    labels = [
        polygons.polygon_label(0, 0, [TRIANGLE], SIZE),
        polygons.polygon_label(0, 1, [TRIANGLE, second], SIZE, instance=7),
        runs.mask_label(1, 0, ring(), instance=3),
        Label(1, Kind.POINT, 0, None, Box(3.0, 4.0, 0.0, 0.0), Shape(((3.0, 4.0),))),
        Label(1, Kind.LINE, 1, None, Box(3.0, 4.0, 5.0, 5.0), Shape(((3.0, 4.0, 8.0, 9.0),))),
        Label(2, Kind.NOTHING),
    ]
    return ExportSet(name, Task.SEGMENTATION, CLASSES, labels)


def single(name: str = "kinds") -> ExportSet:
    """One class for each picture but the last."""
    labels = [Label(0, Kind.CLASS, 0), Label(1, Kind.CLASS, 1), Label(2, Kind.CLASS, 1)]
    return ExportSet(name, Task.SINGLE_LABEL, CLASSES, labels)


def several(name: str = "signs") -> ExportSet:
    """Classes that are there and classes that are not."""
    labels = [
        Label(0, Kind.CLASS, 0, 1.0),
        Label(0, Kind.CLASS, 1, 0.0),
        Label(1, Kind.CLASS, 0, 1.0),
        Label(1, Kind.CLASS, 1, 1.0),
        Label(2, Kind.NOTHING),
    ]
    return ExportSet(name, Task.MULTI_LABEL, CLASSES, labels)


def exported(made: MemorySource, name: str) -> dict[str, bytes]:
    """The files of an export."""
    return dict(find_format(name).load_writer().write(made))


def lost(made: MemorySource, name: str) -> dict[str, int]:
    """What an export loses: counts by code."""
    return {finding.code: finding.count for finding in find_format(name).load_writer().losses(made)}
