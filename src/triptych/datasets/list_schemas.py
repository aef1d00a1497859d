"""Documents of the list of datasets: its facets, and what is done to many at once.

Pydantic reads these annotations at run time.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from triptych.datasets.schemas import EXAMPLE_ID

_FACETS: dict[str, Any] = {
    "total": 12,
    "facets": [
        {"name": "modality", "values": [{"value": "planar", "count": 12}, {"value": "volume", "count": 0}]},
        {"name": "tag", "values": [{"value": "microscopy", "count": 3}]},
    ],
}
_BULK: dict[str, Any] = {
    "done": [EXAMPLE_ID],
    "refused": [
        {
            "id": "0193a5f0c2a17b3e9d40c1ab",
            "error": {
                "code": "dataset_busy",
                "message": "“cells” is being onboarded.",
                "hint": "Cancel its job first: `triptych jobs` names it.",
            },
        }
    ],
}


class ListFacetValue(BaseModel):
    """A value, and how many datasets have it."""

    value: str
    count: int


class ListFacet(BaseModel):
    """A facet of the list of datasets: values of a fixed vocabulary in its order, tags the most frequent first."""

    name: Literal["modality", "task", "state", "tag"]
    values: list[ListFacetValue]


class ListFacets(BaseModel):
    """How many datasets pass all filters, and each facet's counts under all filters but its own."""

    model_config = ConfigDict(json_schema_extra={"example": _FACETS})

    total: int
    facets: list[ListFacet]


class DatasetIds(BaseModel):
    """Datasets by their ids, at most 500."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"ids": [EXAMPLE_ID]}})

    ids: list[str] = Field(max_length=500)


class Obstacle(BaseModel):
    """Why something was not done to a dataset."""

    code: str
    message: str
    hint: str


class NotDone(BaseModel):
    """A dataset that was left as it is, and why."""

    id: str
    error: Obstacle


class BulkAnswer(BaseModel):
    """What was done, and what was not: each id is in one of the two."""

    model_config = ConfigDict(json_schema_extra={"example": _BULK})

    done: list[str]
    refused: list[NotDone]
