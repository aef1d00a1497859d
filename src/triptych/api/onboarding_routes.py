"""Bring data in, decide about it, take it out. FastAPI reads these annotations at run time."""

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.documents import FindingView, finding_view
from triptych.api.job_routes import JobDocument, job_document
from triptych.core.access import Action
from triptych.core.errors import Conflict
from triptych.datasets.repository import get_dataset
from triptych.datasets.rows import dataset_row
from triptych.datasets.schemas import DatasetRow
from triptych.exporting.service import VersionSource, archive, losses
from triptych.jobs.repository import find
from triptych.jobs.view import describe
from triptych.onboarding.check import Wish, parse_options
from triptych.onboarding.prescan import prescan as make_report
from triptych.onboarding.service import NewDataset, begin, check_wish
from triptych.onboarding.service import keep as keep_succeeded
from triptych.onboarding.source_documents import SourceDocument, resolve_source
from triptych.storage.sources import SourceRef

router = APIRouter(tags=["onboarding"])

Upload = Annotated[Access, needs(Action.UPLOAD)]
See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]
Export = Annotated[Access, needs(Action.EXPORT, on="dataset")]


class SourceRequest(BaseModel):
    """A source, and what is wished: a format, a modality, options such as labels=ignore."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"source": {"kind": "url", "url": "https://example.org/cells.zip"}}},
    )

    source: SourceDocument
    format: str | None = None
    modality: str | None = None
    options: dict[str, str] = Field(default_factory=dict)


class NewDatasetRequest(SourceRequest):
    """A new dataset. Without `keep_succeeded` files that are rejected leave it for a decision."""

    name: str | None = None
    display_name: str = Field("", max_length=1000)
    description: str = Field("", max_length=100_000)
    tags: list[str] = Field(default_factory=list, max_length=100)
    keep_succeeded: bool = False


class Begun(BaseModel):
    """A dataset and the job that works on it. `dataset` is null when the job has refused its source already."""

    dataset: DatasetRow | None
    job: JobDocument


class ExportCheck(BaseModel):
    """What a format cannot hold of a version."""

    format: str
    findings: list[FindingView]


@router.post("/prescan")
def prescan(request: Request, access: Upload, body: SourceRequest) -> dict[str, Any]:
    """What is in a source, from its directory and headers; stores nothing."""
    installation = installation_of(request)
    reference, wish = _asked(request, access, body)
    return make_report(reference, wish, installation.settings, installation.staging)


@router.post("/datasets", status_code=202, response_model=Begun)
def add(request: Request, access: Upload, body: NewDatasetRequest) -> Any:
    """Begin the onboarding of a new dataset."""
    installation = installation_of(request)
    reference, wish = _asked(request, access, body)
    dataset_id, job_id = begin(
        installation,
        access.subject,
        reference,
        NewDataset(body.name, body.display_name, body.description, tuple(body.tags)),
        wish,
        keep_succeeded=body.keep_succeeded,
    )
    return begun(request, access, dataset_id, job_id)


@router.post("/datasets/{dataset}/keep", status_code=202, response_model=Begun)
def keep(request: Request, access: Edit) -> Any:
    """Accept what succeeded of a dataset that needs a decision."""
    job_id = keep_succeeded(installation_of(request), access.subject, access.row)
    return begun(request, access, access.row.id, job_id)


@router.get("/datasets/{dataset}/export")
def export(
    request: Request,
    access: Export,
    format: Annotated[str, Query(description="A format that can be written.")],
    container: Literal["zip", "tar"] = "zip",
) -> StreamingResponse:
    """The version in a format, as an archive that is made while it is sent."""
    source = _version_source(request, access)
    name = f"{source.name}-v{source.version}-{format}.{container}"
    return StreamingResponse(
        archive(source, format, container),
        media_type="application/zip" if container == "zip" else "application/x-tar",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


@router.get("/datasets/{dataset}/export/check", response_model=ExportCheck)
def export_check(request: Request, access: Export, format: str) -> Any:
    """What a format cannot hold of the version."""
    found = losses(_version_source(request, access), format)
    return {"format": format, "findings": [finding_view(finding) for finding in found]}


def _asked(request: Request, access: Access, body: SourceRequest) -> tuple[SourceRef, Wish]:
    wish = Wish(body.format, body.modality, parse_options(body.options))
    check_wish(wish)
    installation = installation_of(request)
    with installation.database.read() as connection:
        reference = resolve_source(
            connection,
            body.source,
            subject=access.subject,
            is_local=access.caller.is_local,
            home=installation.settings.home,
        )
    return reference, wish


def begun(request: Request, access: Access, dataset_id: str, job_id: str) -> dict[str, Any]:
    """The answer to what has begun a job: `Begun`."""
    with database_of(request).read() as connection:
        row = get_dataset(connection, dataset_id)
        job = find(connection, job_id)
        # A source that is refused at once leaves no row of its dataset; the job tells why.
        dataset = None if row is None else dataset_row(connection, access.subject, row)
    assert job is not None
    return {"dataset": dataset, "job": job_document(describe(job))}


def _version_source(request: Request, access: Access) -> VersionSource:
    number = access.version or access.row.version
    if number == 0:
        raise Conflict(
            f"“{access.row.name}” has no published version yet.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    installation = installation_of(request)
    return VersionSource(installation.database, installation.objects, access.row, number)
