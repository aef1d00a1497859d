"""Split a dataset, and tell what a split divides. FastAPI reads these annotations at run time."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from triptych.api.dependencies import Access, database_of, needs
from triptych.api.documents import FindingView, finding_view
from triptych.core.access import Action
from triptych.core.errors import Conflict
from triptych.core.split import RATIOS
from triptych.datasets.repository import get_version
from triptych.datasets.schemas import SplitBy
from triptych.datasets.split_report import split_report
from triptych.people.events import record
from triptych.splits.plan import FARTHEST, LONGEST, SplitPlan
from triptych.splits.service import resplit

router = APIRouter(tags=["splits"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]


class SplitRequest(BaseModel):
    """How to split.

    `by` group keeps together what belongs together: studies, patients, duplicates, chips that overlap, scenes. study
    keeps only studies whole, item nothing; scene and block keep scenes or blocks of the ground whole and leave out
    what then overlaps another part; time trains on the earliest and tests on the latest.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"ratios": [0.6, 0.2, 0.2], "seed": 0, "by": "group"}}
    )

    ratios: list[float] = Field(default=list(RATIOS), min_length=3, max_length=3)
    seed: int = Field(0, ge=-(2**63), lt=2**63)
    by: SplitBy = "group"
    name: str = Field("default", min_length=1, max_length=200)
    block_size: float | None = Field(
        None, gt=0, le=FARTHEST, description="Side of a block in metres; one that fits when left out."
    )
    buffer: float = Field(
        0,
        ge=0,
        le=FARTHEST,
        description="Metres that train keeps away from validation and test (block, scene).",
    )
    time_gap: float = Field(0, ge=0, le=LONGEST, description="Seconds between the parts of a split by time.")


class SplitMade(BaseModel):
    """The split, the version that it is published in, how many items are in no part, and what leaks."""

    split: dict[str, int]
    version: int
    unassigned: int
    findings: list[FindingView]


class KindOfGroup(BaseModel):
    """One kind of what belongs together: groups of two or more items, how many of them lie in several parts, the
    items of these, and for pairs of parts ("train and test") the groups that lie in both. `meant`: the way of
    splitting divides it by its nature, as a split by time divides the ground."""

    kind: Literal["study", "patient", "duplicates", "near_duplicates", "ground", "scene"]
    meant: bool
    groups: int
    divided: int
    items: int
    between: dict[str, int]


class SplitOffer(BaseModel):
    """A way to split that goes with the dataset: into how many blocks, times or scenes; the automatic size of a block
    in metres; the first and the last time, in seconds since 1970."""

    by: SplitBy
    regions: int
    block_size: float | None = None
    first: float | None = None
    last: float | None = None


class SplitReport(BaseModel):
    """What a split divides. `made` records how it was done (block_size, buffer, blocks, scenes, begins, time_gap,
    left_out), `unassigned` counts items in no part, `neighbours` items of validation and test that touch one of
    train on the ground without overlapping it (null: too many to compare)."""

    by: SplitBy
    made: dict[str, Any]
    unassigned: int
    kinds: list[KindOfGroup]
    neighbours: int | None
    offers: list[SplitOffer]


@router.post("/datasets/{dataset}/split", response_model=SplitMade)
def split(request: Request, access: Edit, body: SplitRequest) -> Any:
    """Split the current version anew and publish the result as the next version."""
    if access.version not in (None, access.row.version):
        raise Conflict(
            f"Only the newest version of “{access.row.name}” can be split; it is {access.row.version}.",
            code="version_not_newest",
            hint="Give the name without @.",
        )
    plan = SplitPlan(
        body.name, tuple(body.ratios), body.seed, body.by, body.block_size, body.buffer, body.time_gap
    )
    with database_of(request).write() as connection:
        number, findings = resplit(connection, access.row.id, plan, author_id=access.subject.user_id)
        record(connection, access.subject, "split", "dataset", access.row.id, version=number)
        version = get_version(connection, access.row.id, number)
    assert version is not None
    counts = version.counts["split"]
    return {
        "split": counts,
        "version": number,
        "unassigned": version.counts["items"] - sum(counts.values()),
        "findings": [finding_view(finding) for finding in findings],
    }


@router.get("/datasets/{dataset}/leaks", response_model=SplitReport)
def leaks(request: Request, access: See) -> Any:
    """What the version's split divides of what belongs together, and by what else it could be split."""
    with database_of(request).read() as connection:
        return split_report(connection, access.row.id, access.version or access.row.version)
