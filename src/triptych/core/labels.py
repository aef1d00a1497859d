"""Labels: tasks, classes and annotations, as they come in and as they go out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Task(StrEnum):
    """What an annotation set is for."""

    SINGLE_LABEL = "single_label"
    MULTI_LABEL = "multi_label"
    DETECTION = "detection"
    SEGMENTATION = "segmentation"
    REGRESSION = "regression"


class Kind(StrEnum):
    """What one annotation is. NOTHING means "looked at, nothing there", which is not the same as no row.

    PIXELS says how many pixels of the item's label layer have a class, RASTER that the item has a target layer.
    """

    CLASS = "class"
    BOX = "box"
    POLYGON = "polygon"
    MASK = "mask"
    POINT = "point"
    LINE = "line"
    PIXELS = "pixels"
    RASTER = "raster"
    NOTHING = "nothing"


DRAWN = frozenset({Kind.BOX, Kind.POLYGON, Kind.MASK, Kind.POINT, Kind.LINE})
"""Kinds that have a place in the picture."""

AREAS = frozenset({Kind.POLYGON, Kind.MASK, Kind.PIXELS})
"""Kinds whose `value` is the number of pixels that they cover."""


# Okabe and Ito's seven, then five chosen by search; smallest CIEDE2000 distance 10.9 in simulated tritanopia.
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9",
    "#F0E442", "#C2E7B4", "#894B66", "#00F5FA", "#AD3300", "#767EFE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelClass:
    """A class of an annotation set ("label category"). `color` is #RRGGBB, `opacity` 0 to 1.

    `ignore`: its pixels are not learnt from, so they count for no weight.
    """

    id: int
    name: str
    color: str
    opacity: float = 1.0
    weight: float | None = None
    ignore: bool = False


def palette_color(class_id: int) -> str:
    """The colour that a class gets when nobody chose one; stable per class id."""
    return PALETTE[class_id % len(PALETTE)]


class Box(NamedTuple):
    """A rectangle in pixels of the picture as it is seen: left, top, width, height; origin at the top left
    corner of the top left pixel."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of an annotation in pixels of the picture as it is seen, origin at the top left corner of the top
    left pixel.

    A polygon has `parts`, each (x0, y0, x1, y1, …) of three points or more; what it covers is their union. A line
    has one part, a point one of one point. A mask has the `size` (height, width) of its picture and `counts`, the
    run lengths as the COCO API compresses them (column by column, zeros first). `instance` tells objects of one
    class apart where the source numbers them, `frame` is the plane of a picture with several, from 0.
    """

    parts: tuple[tuple[float, ...], ...] = ()
    size: tuple[int, int] | None = None
    counts: str | None = None
    instance: int | None = None
    frame: int | None = None

    def document(self) -> dict[str, Any]:
        """As stored and sent: what is there, in a fixed order."""
        found: dict[str, Any] = {}
        if self.parts:
            found["parts"] = [list(part) for part in self.parts]
        if self.size is not None:
            found |= {"size": list(self.size), "counts": self.counts}
        if self.instance is not None:
            found["instance"] = self.instance
        if self.frame is not None:
            found["frame"] = self.frame
        return found

    def text(self) -> str:
        """The document as one line of JSON: equal for equal shapes."""
        return json.dumps(self.document(), separators=(",", ":"))

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Shape:
        """The shape of a document as `document` makes it."""
        size = document.get("size")
        return cls(
            tuple(tuple(map(float, part)) for part in document.get("parts", ())),
            None if size is None else (size[0], size[1]),
            document.get("counts"),
            document.get("instance"),
            document.get("frame"),
        )


class Label(NamedTuple):
    """One annotation of a draft set. `item` indexes the inventory's items, `class_id` the set's classes.

    `value` is 1 or 0 for a class of a multi-label set, the pixels that a polygon or a mask covers, None elsewhere.
    `box` is the rectangle itself, or around the shape; `shape` is for all that is drawn but boxes, which have one
    only where they lie on one plane of several.
    """

    item: int
    kind: Kind
    class_id: int | None = None
    value: float | None = None
    box: Box | None = None
    shape: Shape | None = None


@dataclass(slots=True)
class DraftSet:
    """An annotation set as a reader found it. `name` is "" when the layout names none (class folders):
    the set is then called `<dataset>_classes`. `source` is the member that it came from, or the folder.

    `masks` are files that hold masks, read when the pictures are rows; their classes may be known only then.
    `layer` names the label or target layer that holds the set's labels as pixels, "" where there is none.
    """

    name: str
    task: Task
    source: str
    classes: list[LabelClass] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    masks: list[MaskFile] = field(default_factory=list)
    layer: str = ""


class MaskReading(StrEnum):
    """How a file of masks is read: a value is a class, or a value is an object of the one class, or any value but
    zero is the one class; or it is a DICOM segmentation."""

    CLASSES = "classes"
    INSTANCES = "instances"
    BINARY = "binary"
    DICOM_SEG = "dicom_seg"


class MaskTarget(NamedTuple):
    """A picture that a DICOM segmentation may lie on: its SOP instance UID, its item, and ImagePositionPatient."""

    uid: str
    item: int
    position: tuple[float, float, float] | None = None


class MaskFile(NamedTuple):
    """A file of the source that holds masks. `member` indexes the root's members.

    `item` is the picture that it covers. It is None for a DICOM segmentation, which names its pictures itself
    among the `targets`. `class_id` is the one class of INSTANCES and BINARY.

    Of CLASSES and INSTANCES `ignore` are values that are no class and no object. Of CLASSES `class_ids` are the ids
    of the classes of the values 1, 2, …; without them a value is the id. `objects` is a member of the same
    size whose values tell objects of one class apart, which are numbered by them where `numbered`.
    """

    member: int
    reading: MaskReading
    item: int | None = None
    class_id: int | None = None
    targets: tuple[MaskTarget, ...] = ()
    ignore: tuple[int, ...] = ()
    class_ids: tuple[int, ...] = ()
    objects: int | None = None
    numbered: bool = True
