"""Documents of datasets as the API takes and gives them. Pydantic reads these annotations at run time."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from triptych.core.dataset import Modality, State
from triptych.core.findings import Severity
from triptych.core.labels import Task

EXAMPLE_ID = "0193a5f0c2a17b3e9d40c1aa"


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": values})


class RowCounts(BaseModel):
    """Counts of the current version, as a list shows them."""

    items: int
    studies: int
    bytes: int
    annotation_sets: int


class JobFault(BaseModel):
    """Why a job failed or was cancelled."""

    code: str
    message: str


class DatasetJob(BaseModel):
    """The newest job of a dataset. `done` of `total` counts in the stage; `seconds_left` is an estimate for it."""

    id: str
    state: Literal["waiting", "running", "succeeded", "failed", "cancelled"]
    kind: str
    stage: str
    done: int
    total: int | None
    seconds_left: float | None
    error: JobFault | None


Offered = Literal["edit", "label", "export", "delete"]
EXAMPLE_JOB = {
    "id": EXAMPLE_ID,
    "state": "succeeded",
    "kind": "onboarding",
    "stage": "index",
    "done": 1,
    "total": 1,
    "seconds_left": None,
    "error": None,
}


class DatasetRow(BaseModel):
    """A dataset as a list shows it to the caller. `version` is 0 while none is published; times are seconds
    since 1970. `samples` are addresses of thumbnails, `is_new` says that the caller never opened it, `may` what
    they may do, `rejected` how many files of its sources could not be imported."""

    model_config = _example(
        id=EXAMPLE_ID,
        name="blood_cells",
        display_name="blood_cells",
        description="",
        tags=["microscopy"],
        modality="planar",
        format="image_label",
        state="ready",
        version=1,
        owner=EXAMPLE_ID,
        owner_name="Ada Lovelace",
        created_at=1795250000.0,
        updated_at=1795250012.0,
        counts={"items": 364, "studies": 364, "bytes": 7518337, "annotation_sets": 1},
        tasks=["detection"],
        samples=[f"/api/v1/datasets/{EXAMPLE_ID}/thumbnails/{'9f' * 32}"],
        is_new=True,
        rejected=0,
        may=["edit", "label", "export", "delete"],
        job=EXAMPLE_JOB,
    )

    id: str
    name: str
    display_name: str
    description: str
    tags: list[str]
    modality: Modality
    format: str
    state: State
    version: int
    owner: str
    owner_name: str
    created_at: float
    updated_at: float
    counts: RowCounts
    tasks: list[Task]
    samples: list[str]
    is_new: bool
    rejected: int
    may: list[Offered]
    job: DatasetJob | None


class VersionCounts(BaseModel):
    """`items` of the version, `studies`, `files` of the source that were imported, and their `bytes`."""

    items: int
    studies: int
    files: int
    bytes: int


class SizeRange(BaseModel):
    """Smallest and largest [width, height] in pixels."""

    min: list[int]
    max: list[int]


class LayerView(BaseModel):
    """A layer over all items: what its files are."""

    name: str
    role: str
    items: int
    formats: list[str]
    dtypes: list[str]
    bands: list[list[str]]
    bit_depths: list[int]
    sizes: SizeRange


class ClassView(BaseModel):
    """A class. `count` is boxes for detection, items for classification, pixels for segmentation; what is of a
    class to `ignore` is not learnt from."""

    id: int
    name: str
    color: str
    count: int
    opacity: float
    weight: float | None
    ignore: bool


class AnnotationSetView(BaseModel):
    """An annotation set. `items` is how many items it covers, those with "nothing there" included; `layer` is the
    layer that holds its labels as pixels, "" where there is none."""

    name: str
    task: Task
    items: int
    origin: str
    source: str
    layer: str
    classes: list[ClassView]


class SplitCounts(BaseModel):
    """Items in each part."""

    train: int
    validation: int
    test: int


SplitBy = Literal["group", "study", "scene", "block", "time", "item"]
"""What a split keeps whole."""


class SplitPlanView(BaseModel):
    """How the split was made: shares of the parts, the seed, and what stays whole. Items may have been put into
    parts by hand, or by their source, besides."""

    ratios: list[float]
    seed: int
    by: SplitBy


class FindingCounts(BaseModel):
    """Findings of each severity."""

    error: int
    warning: int
    note: int


class Bins(BaseModel):
    """Members of the source: each is in exactly one bin."""

    imported: int
    ignored: int
    rejected: int


class Owner(BaseModel):
    """Who owns a dataset."""

    id: str
    name: str


class SourceView(BaseModel):
    """Where items of a dataset came from. `kind` is upload (of an archive), folder (uploaded or of the server),
    address or file; the counts are of its members."""

    id: str
    filename: str
    kind: str
    uploader: str | None
    created_at: float
    imported: int
    ignored: int
    rejected: int


class DatasetShow(BaseModel):
    """Everything about a dataset at a version, as the caller sees it. `purge_at` is when a dataset in the trash
    is removed for good. `geospatial` is the recipe by which rasters are read, null for other modalities. `tunes` is
    how many tunes rest on the dataset, and go with it."""

    model_config = _example(
        id=EXAMPLE_ID,
        name="blood_cells",
        display_name="blood_cells",
        description="",
        tags=[],
        details={},
        geospatial=None,
        modality="planar",
        format="image_label",
        version=1,
        state="ready",
        created_at=1795250000.0,
        counts={"items": 364, "studies": 364, "files": 365, "bytes": 7518337},
        layers=[],
        annotation_sets=[],
        split={"train": 218, "validation": 73, "test": 73},
        split_plan={"ratios": [0.6, 0.2, 0.2], "seed": 0, "by": "group"},
        training={},
        findings={"error": 0, "warning": 1, "note": 0},
        bins={"imported": 365, "ignored": 0, "rejected": 0},
        content_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        job=EXAMPLE_JOB,
        may=["edit", "label", "export", "delete"],
        owner={"id": EXAMPLE_ID, "name": "Ada Lovelace"},
        sources=[
            {
                "id": EXAMPLE_ID,
                "filename": "blood_cells.zip",
                "kind": "upload",
                "uploader": "Ada Lovelace",
                "created_at": 1795250000.0,
                "imported": 365,
                "ignored": 0,
                "rejected": 0,
            }
        ],
        tunes=0,
        trashed_at=None,
        purge_at=None,
    )

    id: str
    name: str
    display_name: str
    description: str
    tags: list[str]
    details: dict[str, Any]
    geospatial: dict[str, Any] | None
    modality: Modality
    format: str
    version: int
    state: State
    created_at: float
    counts: VersionCounts
    layers: list[LayerView]
    annotation_sets: list[AnnotationSetView]
    split: SplitCounts
    split_plan: SplitPlanView | None
    training: dict[str, Any]
    findings: FindingCounts
    bins: Bins
    content_hash: str | None
    job: DatasetJob | None
    may: list[Offered]
    owner: Owner
    sources: list[SourceView]
    tunes: int
    trashed_at: float | None
    purge_at: float | None


class DatasetChange(BaseModel):
    """What may be changed of a dataset; what is left out stays. The name stays for ever."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"display_name": "Blood cells", "tags": ["microscopy", "rbc"]}},
    )

    display_name: str | None = Field(None, min_length=1, max_length=1000)
    description: str | None = Field(None, max_length=100_000)
    tags: list[str] | None = Field(None, max_length=100)
    details: dict[str, Any] | None = None


class FindingRow(BaseModel):
    """A finding of a dataset."""

    model_config = _example(
        severity="warning",
        code="box_zero_size",
        subject="label.csv",
        message="Boxes have a width or height of zero. They are kept and counted.",
        hint="Draw them anew or remove their rows.",
        count=2,
        examples=["row 141", "row 977"],
    )

    severity: Severity
    code: str
    subject: str
    message: str
    hint: str
    count: int
    examples: list[str]


class MemberView(BaseModel):
    """A member of a source that is not an item. `sha256` is null where its bytes are not kept."""

    path: str
    bytes: int
    bin: Literal["imported", "ignored", "rejected"]
    code: str
    reason: str
    hint: str
    sha256: str | None


class DuplicateItem(BaseModel):
    """An item of a group of duplicates."""

    key: str
    sha256: str
    part: str | None


class DuplicateGroup(BaseModel):
    """Items that are the same picture. `crosses_parts`: the split puts them into different parts."""

    group: int
    kind: Literal["exact", "near"]
    items: list[DuplicateItem]
    crosses_parts: bool
