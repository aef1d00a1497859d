"""What a dataset is made of, as values: modality, states, parts, draft items and the inventory of a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from triptych.core.findings import Finding
    from triptych.core.labels import DraftSet
    from triptych.core.recipe import Recipe

OPEN_END = 2**31 - 1
"""`until` of a row that still holds: rows carry the half-open range [since, until) of versions."""


class Modality(StrEnum):
    """How pixels are looked at."""

    PLANAR = "planar"
    VOLUME = "volume"
    GEOSPATIAL = "geospatial"


class State(StrEnum):
    """Where a dataset stands."""

    WAITING = "waiting"
    ONBOARDING = "onboarding"
    NEEDS_DECISION = "needs_decision"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TRASHED = "trashed"


class Part(StrEnum):
    """A part of a split."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


PARTS = (Part.TRAIN, Part.VALIDATION, Part.TEST)


class Role(StrEnum):
    """What a layer is to its item. Exactly one layer of an item is its IMAGE: the one that lists show."""

    IMAGE = "image"
    SOURCE = "source"  # a further data source of the same place: Sentinel-1 beside Sentinel-2
    LABEL = "label"  # pixel values are classes
    TARGET = "target"  # pixel values are what a regression or a generation should give


class DraftLayer(NamedTuple):
    """A further layer of an item: its name, the member that holds it, and what it is to the item."""

    name: str
    member: int
    role: Role


class DraftItem(NamedTuple):
    """An item as a reader found it. `key` is unique in the inventory; `member` indexes the root's members.

    `study` is what is counted (a loose picture is its own study, so its key); `series` and `position` order
    the pictures of a study, where there are any; `part` is set where the source itself brings a split.
    `embedded`: the picture lies inside the member, as LabelMe's `imageData`. `layer` is the name of the layer
    that the member is, `others` are the further layers. `time` is when it was taken, in seconds since 1970, UTC;
    `scene` names what was taken together.
    """

    key: str
    member: int
    study: str
    series: str | None = None
    position: int | None = None
    part: Part | None = None
    embedded: bool = False
    layer: str = "image"
    others: tuple[DraftLayer, ...] = ()
    time: float | None = None
    scene: str | None = None


class Ignored(NamedTuple):
    """A member that is not imported, and why: `code` is stable, `reason` a sentence."""

    member: int
    code: str
    reason: str


@dataclass(slots=True)
class Inventory:
    """What a reader found in a source, without decoding a pixel.

    Every member of the root is in exactly one place: an item, a label file, or ignored. Items are in the
    natural order of their keys. `recipe` says how a geospatial source is to be read and `facts` what its headers
    told, both as documents for the page that a person corrects them on.
    """

    format: str
    modality: Modality
    items: list[DraftItem]
    annotation_sets: list[DraftSet] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    recipe: Recipe | None = None
    facts: dict[str, Any] | None = None
