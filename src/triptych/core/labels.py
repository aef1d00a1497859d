"""Labels: tasks, classes and annotations, as they come in and as they go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Task(StrEnum):
    """What an annotation set is for."""

    SINGLE_LABEL = "single_label"
    MULTI_LABEL = "multi_label"
    DETECTION = "detection"
    SEGMENTATION = "segmentation"
    REGRESSION = "regression"


class Kind(StrEnum):
    """What one annotation is. NOTHING means "looked at, nothing there", which is not the same as no row."""

    CLASS = "class"
    BOX = "box"
    NOTHING = "nothing"


# Okabe and Ito's seven, then five chosen by search; smallest CIEDE2000 distance 10.9 in simulated tritanopia.
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9",
    "#F0E442", "#C2E7B4", "#894B66", "#00F5FA", "#AD3300", "#767EFE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelClass:
    """A class of an annotation set ("label category"). `color` is #RRGGBB, `opacity` 0 to 1."""

    id: int
    name: str
    color: str
    opacity: float = 1.0
    weight: float | None = None


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


class Label(NamedTuple):
    """One annotation of a draft set. `item` indexes the inventory's items, `class_id` the set's classes.

    `value` is 1 or 0 for a class of a multi-label set, None elsewhere; `box` only for boxes.
    """

    item: int
    kind: Kind
    class_id: int | None = None
    value: float | None = None
    box: Box | None = None


@dataclass(slots=True)
class DraftSet:
    """An annotation set as a reader found it. `name` is "" when the layout names none (class folders):
    the set is then called `<dataset>_classes`. `source` is the member that it came from, or the folder."""

    name: str
    task: Task
    source: str
    classes: list[LabelClass] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
