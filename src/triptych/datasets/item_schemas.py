"""Documents of items as the API gives them. Pydantic reads these annotations at run time."""

from pydantic import BaseModel, Field

from triptych.core.labels import Task


class LabelView(BaseModel):
    """An annotation on an item. `kind` is class, box or nothing; `box` is left, top, width, height in pixels."""

    set: str
    task: Task
    kind: str
    class_id: int | None
    class_: str | None = Field(alias="class")
    value: float | None
    box: list[float] | None


class ItemView(BaseModel):
    """An item of a version. `part` is null outside the split; groups are null for an item that is alone."""

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
    labels: list[LabelView]
    duplicate_group: int | None
    near_group: int | None
    flagged: bool
    thumbnail: str


class FacetValue(BaseModel):
    """A value with its count; not `exact`: at least so many."""

    value: str
    count: int
    exact: bool


class Facet(BaseModel):
    """A facet with its values, the most frequent first."""

    name: str
    values: list[FacetValue]


class Facets(BaseModel):
    """All facets of a version under a filter."""

    facets: list[Facet]
