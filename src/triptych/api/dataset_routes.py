"""Datasets: list, show, change, trash. FastAPI reads these annotations at run time."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import PlainTextResponse

from triptych.api.access_things import visible_datasets
from triptych.api.dependencies import (
    Access,
    database_of,
    installation_of,
    needs,
    not_allowed,
    not_found,
    signed_in,
)
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import ANONYMOUS, Action, Subject
from triptych.core.dataset import Modality, State
from triptych.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from triptych.core.findings import Severity
from triptych.core.labels import Task
from triptych.datasets import disposal
from triptych.datasets.dataset_list import DatasetFilter, count_facets, list_datasets, order_of
from triptych.datasets.documents import show
from triptych.datasets.list_schemas import BulkAnswer, DatasetIds, ListFacets
from triptych.datasets.lists import duplicate_groups, finding_page, member_page
from triptych.datasets.names import search_text, sort_name
from triptych.datasets.recipes import beside_recipe
from triptych.datasets.repository import get_dataset, get_version, note_opened, update_dataset
from triptych.datasets.rows import dataset_row, dataset_rows
from triptych.datasets.schemas import (
    DatasetChange,
    DatasetRow,
    DatasetShow,
    DuplicateGroup,
    FindingRow,
    MemberView,
)
from triptych.db.tables import datasets, job_log, jobs
from triptych.people.access import actions_on
from triptych.people.events import record

router = APIRouter(prefix="/datasets", tags=["datasets"])
facet_router = APIRouter(tags=["datasets"])
"""Beside the datasets, not below: a dataset may be called “facets”, and its name is its address."""

SignedIn = Annotated[Access, signed_in()]
See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]
Delete = Annotated[Access, needs(Action.DELETE, on="dataset")]


class Wanted:
    """The filters of the list and of its facets, as query parameters. Those that repeat are OR within."""

    def __init__(
        self,
        search: Annotated[str, Query(max_length=1000, description="Words, each of which must occur.")] = "",
        modality: Annotated[list[Modality] | None, Query()] = None,
        task: Annotated[list[Task] | None, Query(description="Of an annotation set.")] = None,
        state: Annotated[
            list[State] | None, Query(description="Without it all but those in the trash.")
        ] = None,
        tag: Annotated[list[str] | None, Query(max_length=100)] = None,
        annotated: Annotated[
            bool | None, Query(description="Only with, or only without annotation sets.")
        ] = None,
    ) -> None:
        self.filter = DatasetFilter(
            search=search_text(search),
            modalities=tuple(modality or ()),
            tasks=tuple(task or ()),
            states=tuple(state or ()),
            tags=tuple(tag or ()),
            annotated=annotated,
        )


Sort = Literal[
    "created", "-created", "name", "-name", "items", "-items", "bytes", "-bytes", "studies", "-studies"
]


@router.get("", response_model=Page[DatasetRow])
def list_all(
    request: Request,
    access: SignedIn,
    wanted: Annotated[Wanted, Depends()],
    sort: Annotated[
        Sort, Query(description="Newest, A, or fewest first; with - in front the other way round.")
    ] = "created",
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Datasets that the caller may see, in an order. Those in the trash are left out unless asked for."""
    order = order_of(sort)
    position = decode_cursor(after, order.kind, str)
    with database_of(request).read() as connection:
        rows = list_datasets(
            connection, visible_datasets(access.subject), wanted.filter, order, position, limit + 1
        )
        shown = dataset_rows(connection, access.subject, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": shown,
        "next": None if last is None else encode_cursor((last._mapping[order.column], last.id)),
    }


@facet_router.get("/dataset-facets", response_model=ListFacets)
def list_facets(request: Request, access: SignedIn, wanted: Annotated[Wanted, Depends()]) -> Any:
    """How many datasets pass the filters, and each facet's counts under all filters but its own."""
    with database_of(request).read() as connection:
        return count_facets(connection, visible_datasets(access.subject), wanted.filter)


@router.get("/{dataset}", response_model=DatasetShow)
def show_one(request: Request, access: See) -> Any:
    """Everything about a dataset, at the current version or at `NAME@3`."""
    installation = installation_of(request)
    with installation.database.read() as connection:
        return show(
            connection,
            access.row,
            access.version,
            subject=access.caller.subject or ANONYMOUS,
            trash_days=installation.settings.trash_days,
        )


@router.patch("/{dataset}", response_model=DatasetRow)
def change(request: Request, access: Edit, body: DatasetChange) -> Any:
    """Change display name, description, tags or details."""
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    if len(json.dumps(given)) > 1_000_000:
        raise InvalidInput("The description and details are larger than 1 MB.", code="details_too_large")
    with database_of(request).write() as connection:
        row = _row(connection, access.row.id)
        if "details" in given:
            given["details"] = beside_recipe(row.details, given["details"])
        merged = {**row._mapping, **given}
        update_dataset(
            connection,
            row.id,
            **given,
            search_text=search_text(row.name, merged["display_name"], merged["description"], *merged["tags"]),
            sort_name=sort_name(merged["display_name"]),
        )
        record(connection, access.subject, "changed", "dataset", row.id, name=row.name, fields=sorted(given))
        return dataset_row(connection, access.subject, _row(connection, row.id))


@router.post("/{dataset}/opened", status_code=204)
def opened(request: Request, access: See) -> Response:
    """Note that the caller has opened the dataset: it is not new to them any more."""
    if access.caller.subject is not None:
        with database_of(request).write() as connection:
            note_opened(connection, access.user_id, access.row.id)
    return Response(status_code=204)


@router.delete("/{dataset}", response_model=DatasetRow)
def trash(request: Request, access: Delete) -> Any:
    """Put a dataset into the trash, where it stays for the days that the settings say."""
    with database_of(request).write() as connection:
        _trash(connection, access.subject, _row(connection, access.row.id))
        return dataset_row(connection, access.subject, _row(connection, access.row.id))


@router.post("/{dataset}/restore", response_model=DatasetRow)
def restore(request: Request, access: Delete) -> Any:
    """Take a dataset out of the trash."""
    with database_of(request).write() as connection:
        _restore(connection, access.subject, _row(connection, access.row.id))
        return dataset_row(connection, access.subject, _row(connection, access.row.id))


@router.post("/trash", response_model=BulkAnswer)
def trash_many(request: Request, access: SignedIn, body: DatasetIds) -> Any:
    """Put many datasets into the trash: those that can be, and the reason for each other one."""
    return _to_each(request, access, body.ids, _trash)


@router.post("/restore", response_model=BulkAnswer)
def restore_many(request: Request, access: SignedIn, body: DatasetIds) -> Any:
    """Take many datasets out of the trash: those that can be, and the reason for each other one."""
    return _to_each(request, access, body.ids, _restore)


def _to_each(
    request: Request,
    access: Access,
    ids: Sequence[str],
    change: Callable[[sa.Connection, Subject, sa.Row[Any]], None],
) -> dict[str, Any]:
    """Change each dataset that may be deleted, in one transaction; what is refused leaves the others alone."""
    done: list[str] = []
    refused: list[dict[str, Any]] = []
    with database_of(request).write() as connection:
        seen = sa.select(datasets).where(datasets.c.id.in_(ids), visible_datasets(access.subject))
        rows = {row.id: row for row in connection.execute(seen)}
        allowed = actions_on(connection, access.subject, list(rows.values()))
        for dataset_id in dict.fromkeys(ids):
            try:
                if dataset_id not in rows:
                    raise not_found("dataset", access.caller)
                if Action.DELETE not in allowed[dataset_id]:
                    raise not_allowed(Action.DELETE)
                change(connection, access.subject, rows[dataset_id])
            except (NotFound, NotAllowed, Conflict) as error:
                problem = {"code": error.code, "message": error.message, "hint": error.hint}
                refused.append({"id": dataset_id, "error": problem})
            else:
                done.append(dataset_id)
    return {"done": done, "refused": refused}


def _trash(connection: sa.Connection, subject: Subject, row: sa.Row[Any]) -> None:
    disposal.trash(connection, row)
    if row.state != State.TRASHED:
        record(connection, subject, "trashed", "dataset", row.id, name=row.name)


def _restore(connection: sa.Connection, subject: Subject, row: sa.Row[Any]) -> None:
    disposal.restore(connection, row)
    record(connection, subject, "restored", "dataset", row.id, name=row.name)


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
    """Statistics of each layer by part, class counts by part, class weights, sizes of boxes, and training
    parameters. The bands of the part "all" have a histogram."""
    with database_of(request).read() as connection:
        row = get_version(connection, access.row.id, access.version or access.row.version)
    if row is None:
        return {"classes": {}, "weights": {}, "box_sizes": {}, "training": {}}
    document = row.statistics
    return {
        **document["layers"],
        "classes": document["classes"],
        "weights": document["weights"],
        "box_sizes": document.get("box_sizes", {}),
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
