"""Documents of items as the API takes and gives them. Pydantic reads these annotations at run time."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from triptych.core.dataset import Part
from triptych.core.labels import Task
from triptych.datasets.item_filter import Copies

MOST_VALUES = 100
"""Values of one field that may be asked for: a page reads an index for each."""

Texts = Annotated[list[str], Field(max_length=MOST_VALUES)]
Depth = Annotated[int, Field(ge=1, le=64)]


class ItemWords(BaseModel):
    """What an item must be, in the words of the facets: one of the values of every list that has some.

    `class` is SET:CLASS or CLASS, `size` WIDTH×HEIGHT in pixels, `bands` names joined by blanks, `finding` a code
    of findings that the item has of its own; `flagged` asks for any, `search` for a part of the key or, as
    TAG:VALUE, for what `tag` asks for. `modality` and `body_part` are values of those DICOM tags; `tag` is TAG:VALUE
    with a keyword or gggg,eeee, * in the value standing for any text; all of them must be there.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"example": {"class": ["label:RBC"], "part": ["train", "validation"]}},
    )

    class_: Texts = Field([], alias="class")
    part: list[Part] = Field([], max_length=MOST_VALUES)
    study: Texts = []
    series: Texts = []
    search: str | None = Field(None, max_length=1000)
    size: Texts = []
    bit_depth: list[Depth] = Field([], max_length=MOST_VALUES)
    bands: Texts = []
    finding: Texts = []
    duplicates: list[Copies] = Field([], max_length=MOST_VALUES)
    modality: Texts = []
    body_part: Texts = []
    tag: Texts = []
    flagged: bool = False


class MaskView(BaseModel):
    """A mask of `size` [height, width] as run lengths in the compressed form of the COCO API."""

    size: list[int]
    counts: str


class LabelView(BaseModel):
    """An annotation on an item. `kind` is class, box, polygon, mask, point, line or nothing.

    `box` is left, top, width, height in pixels: the box itself, or the one around a shape. `parts` are outlines
    [x0, y0, x1, y1, …], of which a polygon is the union; lists leave out parts and masks that are long. `value` is
    the number of pixels that a polygon or mask covers. `color` is that of the class, null without one. `frame` is
    the plane that it lies on, null for all of them; `instance` tells objects of one class apart.
    """

    set: str
    task: Task
    kind: str
    class_id: int | None
    class_: str | None = Field(alias="class")
    color: str | None
    value: float | None
    box: list[float] | None
    parts: list[list[float]] | None
    mask: MaskView | None
    frame: int | None
    instance: int | None


class FileView(BaseModel):
    """The file of a named layer of an item: what it is to the item, and its hash."""

    layer: str
    role: str
    sha256: str


class ItemView(BaseModel):
    """An item of a version. `part` is null outside the split; groups are null for an item that is alone. `subject`
    is equal for items of one person, where that is known; it tells nothing else.
    `files` are those of its layers where they have names, the one that `sha256` is of included.
    `flagged` says that it has findings of its own, `severity` the gravest of theirs: error, warning or note.
    """

    id: int
    key: str
    study: str
    series: str | None
    position: int | None
    part: str | None
    width: int
    height: int
    bit_depth: int
    bands: list[str]
    bytes: int
    sha256: str
    files: list[FileView]
    labels: list[LabelView]
    duplicate_group: int | None
    near_group: int | None
    subject: str | None
    flagged: bool
    severity: str | None
    thumbnail: str


class FacetValue(BaseModel):
    """A value with its count; not `exact`: at least so many. `value` is what a filter takes, `label` what it is
    called; a class has its `color` and its `set` besides."""

    value: str
    label: str
    count: int
    exact: bool
    color: str | None = None
    set: str | None = None


class Facet(BaseModel):
    """A facet with its values, the most frequent first; what is asked for is always among them."""

    name: str
    values: list[FacetValue]


class Facets(BaseModel):
    """All facets of a version, each counted under what is asked of the others."""

    facets: list[Facet]


class Milestones(BaseModel):
    """The cursors of every `step`-th item under a filter: `after` for item 0, step, 2 × step, …

    Not `exact`: the list is longer than what was counted in the time of one request; asked again, it goes on from
    there. `total` is then at least so many.
    """

    total: int
    step: int
    exact: bool
    cursors: list[str | None]


class GroupView(BaseModel):
    """Items that follow each other in a list and are of one study, or of one series of it."""

    study: str
    series: str | None
    items: int


class Groups(BaseModel):
    """A list as groups, in its order. Not `complete`: there are more, of which nothing is told."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"groups": [{"study": "A", "series": None, "items": 12}], "complete": True}
        }
    )

    groups: list[GroupView]
    complete: bool
