"""Annotation sets of a dataset: added, renamed, taken away, and how their classes are spread.

FastAPI reads these annotations at run time.
"""

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from triptych.annotations.distribution import as_csv, distribution
from triptych.annotations.sets import delete_set, rename_set
from triptych.api.change_routes import Changed, changed, note
from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.item_parameters import published_version
from triptych.api.onboarding_routes import Begun, begun
from triptych.core.access import Action
from triptych.core.errors import Conflict
from triptych.core.labels import Task
from triptych.datasets.publication import lock_newest
from triptych.datasets.repository import get_version
from triptych.onboarding.annotating import begin_annotating
from triptych.onboarding.check import parse_options
from triptych.onboarding.source_documents import SourceDocument, resolve_source

router = APIRouter(prefix="/datasets", tags=["annotations"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]


class NewAnnotations(BaseModel):
    """A source of label files: a .csv file, or an archive or folder with some. Without a name a set is called as
    its file. Options are `csv_encoding` and `encoding`, of the file and of names in an archive."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "source": {"kind": "upload", "id": "0193a5f0c2a17b3e9d40c1aa"},
                "name": "second reader",
            }
        },
    )

    source: SourceDocument
    name: str | None = Field(None, max_length=1000)
    options: dict[str, str] = Field(default_factory=dict)


class SetChange(BaseModel):
    """What may be changed of an annotation set; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "second reader"}})

    name: str | None = Field(None, max_length=1000)


class ClassSpread(BaseModel):
    """A class: its labels (boxes for detection), the items that have one, and its labels in each part."""

    id: int
    name: str
    color: str
    labels: int
    items: int
    train: int
    validation: int
    test: int


class Distribution(BaseModel):
    """How the classes of a set are spread. `items` are those that the set covers, with and without labels."""

    set: str
    task: Task
    items: int
    classes: list[ClassSpread]


@router.post("/{dataset}/annotations", status_code=202, response_model=Begun)
def add(request: Request, access: Edit, body: NewAnnotations) -> Any:
    """Begin to add annotation sets from label files, as the next version. Rows that name no item are a finding."""
    if access.version not in (None, access.row.version):
        raise Conflict(
            f"Only the newest version of “{access.row.name}” can be changed; it is {access.row.version}.",
            code="version_not_newest",
            hint="Give the name without @.",
        )
    installation = installation_of(request)
    with installation.database.read() as connection:
        reference = resolve_source(
            connection,
            body.source,
            subject=access.subject,
            is_local=access.caller.is_local,
            home=installation.settings.home,
        )
    job_id = begin_annotating(
        installation, access.subject, access.row, reference, body.name, parse_options(body.options)
    )
    return begun(request, access, access.row.id, job_id)


@router.patch("/{dataset}/annotations/{set}", response_model=Changed)
def rename(request: Request, access: Edit, set: str, body: SetChange) -> Any:
    """Publish a version in which the set is called otherwise. Earlier versions keep the old name."""
    with database_of(request).write() as connection:
        newest = lock_newest(connection, access.row.id, access.version)
        name = set if body.name is None else body.name
        change = rename_set(connection, newest, set, name, author_id=access.user_id)
        note(connection, access, newest, change, "annotation_set_renamed", set=set, name=name)
    return changed(change)


@router.delete("/{dataset}/annotations/{set}", response_model=Changed)
def delete(request: Request, access: Edit, set: str) -> Any:
    """Publish a version without the set; `changed` is how many items it covered. Earlier versions keep it."""
    with database_of(request).write() as connection:
        newest = lock_newest(connection, access.row.id, access.version)
        change = delete_set(connection, newest, set, author_id=access.user_id)
        note(connection, access, newest, change, "annotation_set_deleted", set=set)
    return changed(change)


@router.get(
    "/{dataset}/annotations/{set}/distribution",
    response_model=Distribution,
    responses={200: {"content": {"text/csv": {}}}},
)
def spread(request: Request, access: See, set: str, format: Literal["json", "csv"] = "json") -> Response:
    """Labels and items of each class, in the whole version and in its parts; as a document or as a table."""
    number = published_version(access)
    with database_of(request).read() as connection:
        version = get_version(connection, access.row.id, number)
    assert version is not None
    document = distribution(version.counts, number, set)
    if format == "json":
        return JSONResponse(document)
    name = quote(f"{access.row.name}-v{number}-{set}.csv", safe="")
    return Response(
        as_csv(document),
        media_type="text/csv",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
