"""Datasets: list, show, change, trash. FastAPI reads these annotations at run time."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse

from triptych.api.access_things import visible_datasets
from triptych.api.dependencies import Access, database_of, needs, signed_in
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import Action
from triptych.core.dataset import Modality, State
from triptych.core.errors import InvalidInput
from triptych.core.findings import Severity
from triptych.datasets import disposal
from triptych.datasets.documents import dataset_row, show
from triptych.datasets.lists import DatasetFilter, duplicate_groups, finding_page, list_datasets, member_page
from triptych.datasets.names import search_text
from triptych.datasets.repository import get_dataset, get_version, update_dataset
from triptych.datasets.schemas import (
    DatasetChange,
    DatasetRow,
    DatasetShow,
    DuplicateGroup,
    FindingRow,
    MemberView,
)
from triptych.db.tables import job_log, jobs
from triptych.people.events import record

router = APIRouter(prefix="/datasets", tags=["datasets"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]
Delete = Annotated[Access, needs(Action.DELETE, on="dataset")]


@router.get("", response_model=Page[DatasetRow])
def list_all(  # noqa: PLR0913  each is a parameter of the address
    request: Request,
    access: Annotated[Access, signed_in()],
    search: Annotated[str | None, Query(max_length=1000)] = None,
    modality: Modality | None = None,
    state: State | None = None,
    annotated: Annotated[
        bool | None, Query(description="Only with, or only without annotation sets.")
    ] = None,
    tag: str | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Datasets that the caller may see, newest first. Those in the trash are left out unless asked for."""
    wanted = DatasetFilter(
        search=search_text(search) if search else None,
        modality=modality,
        state=state,
        annotated=annotated,
        tag=tag,
    )
    position = decode_cursor(after, float, str)
    with database_of(request).read() as connection:
        rows = list_datasets(connection, visible_datasets(access.subject), wanted, position, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [dataset_row(row) for row in rows[:limit]],
        "next": None if last is None else encode_cursor((last.created_at, last.id)),
    }


@router.get("/{dataset}", response_model=DatasetShow)
def show_one(request: Request, access: See) -> Any:
    """Everything about a dataset, at the current version or at `NAME@3`."""
    with database_of(request).read() as connection:
        return show(connection, access.row, access.version)


@router.patch("/{dataset}", response_model=DatasetRow)
def change(request: Request, access: Edit, body: DatasetChange) -> Any:
    """Change display name, description, tags or details."""
    values = body.model_dump(exclude_unset=True)
    if len(json.dumps(values)) > 1_000_000:
        raise InvalidInput("The description and details are larger than 1 MB.", code="details_too_large")
    with database_of(request).write() as connection:
        row = get_dataset(connection, access.row.id)
        assert row is not None
        merged = {**row._mapping, **{name: value for name, value in values.items() if value is not None}}
        values["search_text"] = search_text(
            row.name, merged["display_name"], merged["description"], *merged["tags"]
        )
        update_dataset(
            connection, row.id, **{name: value for name, value in values.items() if value is not None}
        )
        record(connection, access.subject, "changed", "dataset", row.id, fields=sorted(values))
        return dataset_row(_row(connection, row.id))


@router.delete("/{dataset}", response_model=DatasetRow)
def trash(request: Request, access: Delete) -> Any:
    """Put a dataset into the trash, where it stays for the days that the settings say."""
    with database_of(request).write() as connection:
        row = _row(connection, access.row.id)
        disposal.trash(connection, row)
        record(connection, access.subject, "trashed", "dataset", row.id)
        return dataset_row(_row(connection, row.id))


@router.post("/{dataset}/restore", response_model=DatasetRow)
def restore(request: Request, access: Delete) -> Any:
    """Take a dataset out of the trash."""
    with database_of(request).write() as connection:
        row = _row(connection, access.row.id)
        disposal.restore(connection, row)
        record(connection, access.subject, "restored", "dataset", row.id)
        return dataset_row(_row(connection, row.id))


@router.get("/{dataset}/findings", response_model=Page[FindingRow])
def findings(
    request: Request, access: See, severity: Severity | None = None, limit: Limit = 100, after: Cursor = None
) -> Any:
    """What was noticed, gravest first."""
    position = decode_cursor(after, int, int)
    version = access.version or max(access.row.version, 1)
    with database_of(request).read() as connection:
        rows, following = finding_page(connection, access.row.id, version, severity, position, limit)
    return {"items": rows, "next": None if following is None else encode_cursor(following)}


@router.get("/{dataset}/members", response_model=Page[MemberView])
def members(
    request: Request,
    access: See,
    bin: Annotated[str | None, Query(pattern="^(imported|ignored|rejected)$")] = None,
    limit: Limit = 100,
    after: Cursor = None,
) -> Any:
    """Members of the sources that are not items: label files, and what was ignored or rejected, with reasons."""
    position = decode_cursor(after, str, int)
    with database_of(request).read() as connection:
        rows, following = member_page(connection, access.row.id, bin, position, limit)
    return {"items": rows, "next": None if following is None else encode_cursor(following)}


@router.get("/{dataset}/duplicates", response_model=Page[DuplicateGroup])
def duplicates(
    request: Request,
    access: See,
    kind: Annotated[str, Query(pattern="^(exact|near)$")] = "exact",
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Groups of items that are the same picture, exactly or nearly, and whether a split parts them."""
    position = decode_cursor(after, int)
    version = access.version or access.row.version
    with database_of(request).read() as connection:
        groups, following = duplicate_groups(
            connection, access.row.id, version, kind, int(position[0]) if position else 0, limit
        )
    return {"items": groups, "next": None if following is None else encode_cursor((following,))}


@router.get("/{dataset}/statistics")
def statistics(request: Request, access: See) -> dict[str, Any]:
    """Statistics of each layer by part, class counts by part, class weights, and training parameters."""
    with database_of(request).read() as connection:
        row = get_version(connection, access.row.id, access.version or access.row.version)
    if row is None:
        return {"classes": {}, "weights": {}, "training": {}}
    document = row.statistics
    return {
        **document["layers"],
        "classes": document["classes"],
        "weights": document["weights"],
        "training": document["training"],
    }


@router.get("/{dataset}/log", response_class=PlainTextResponse)
def log(request: Request, access: See) -> PlainTextResponse:
    """The log of the dataset's jobs as text."""
    with database_of(request).read() as connection:
        rows = connection.execute(
            sa.select(job_log.c.at, job_log.c.level, job_log.c.text)
            .join(jobs, jobs.c.id == job_log.c.job_id)
            .where(jobs.c.dataset_id == access.row.id)
            .order_by(job_log.c.id)
        ).all()
    lines = [f"{_time(row.at)} {row.level:<7} {row.text}" for row in rows]
    return PlainTextResponse("".join(f"{line}\n" for line in lines))


def _row(connection: sa.Connection, dataset_id: str) -> sa.Row[Any]:
    row = get_dataset(connection, dataset_id)
    assert row is not None
    return row


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
