"""Jobs: what runs, ran and failed; log, cancel, retry."""

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from triptych.api.access_things import jobs_visible_to
from triptych.api.dependencies import Access, database_of, installation_of, needs, signed_in
from triptych.api.documents import Cursor, Limit, Page, Problem, decode_cursor, encode_cursor
from triptych.core.access import Action
from triptych.db.session import Database
from triptych.db.tables import jobs
from triptych.jobs import repository
from triptych.jobs.view import JobView, LogLine, describe
from triptych.people.events import record

router = APIRouter(prefix="/jobs", tags=["jobs"])

LOG_BLOCK = 1000

_JOB: dict[str, Any] = {
    "id": "0193a5c0f1e2a1b2c3d4e5f6",
    "kind": "onboard",
    "title": "lungs.zip",
    "state": "running",
    "stage": "import",
    "done": 1200,
    "total": 5000,
    "seconds_left": 6.5,
    "created_at": 1795000000.5,
    "started_at": 1795000000.7,
    "finished_at": None,
    "attempt": 1,
    "cancel_requested": False,
    "error": None,
    "result": None,
    "user_id": "0193a5c0f1e2a1b2c3d4e5f7",
    "dataset_id": "0193a5c0f1e2a1b2c3d4e5f8",
}

State = Literal["waiting", "running", "succeeded", "failed", "cancelled"]
OnJob = Annotated[Access, needs(Action.SEE, on="job")]
ChangesJob = Annotated[Access, needs(Action.EDIT, on="job")]


class JobDocument(BaseModel):
    """A job. `done` of `total` counts in the stage; `seconds_left` is an estimate for the stage, null while
    there is none; `error` is {code, message, hint, findings} after a failure. Times: seconds since 1970, UTC."""

    model_config = ConfigDict(json_schema_extra={"example": _JOB})

    id: str
    kind: str
    title: str
    state: State
    stage: str
    done: int
    total: int | None
    seconds_left: float | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    attempt: int
    cancel_requested: bool
    error: Problem | None
    result: dict[str, Any] | None
    user_id: str | None
    dataset_id: str | None


class LogLineView(BaseModel):
    """One line of a job's log."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"id": 17, "at": 1795000000.5, "level": "info", "text": "5,000 files read."}
        }
    )

    id: int
    at: float
    level: str
    text: str


@router.get("", summary="Jobs that you may see, newest first")
def list_jobs(
    request: Request,
    access: Annotated[Access, signed_in()],
    limit: Limit = 50,
    after: Cursor = None,
    state: Annotated[State | None, Query(description="Only jobs in this state.")] = None,
    active: Annotated[bool, Query(description="Only jobs that wait or run.")] = False,
    dataset: Annotated[
        str | None, Query(max_length=24, description="Only jobs of this dataset's id.")
    ] = None,
) -> Page[JobDocument]:
    position = decode_cursor(after, str)
    filters = [jobs_visible_to(access.subject)]
    if state is not None:
        filters.append(jobs.c.state == state)
    if active:
        filters.append(jobs.c.state.in_(("waiting", "running")))
    if dataset is not None:
        filters.append(jobs.c.dataset_id == dataset)
    with database_of(request).read() as connection:
        rows = repository.page(connection, filters, str(position[0]) if position else None, limit + 1)
    following = encode_cursor((rows[limit - 1].id,)) if len(rows) > limit else None
    return Page(items=[job_document(describe(row)) for row in rows[:limit]], next=following)


@router.get("/{job}", summary="One job")
def show_job(access: OnJob) -> JobDocument:
    return job_document(describe(access.row))


@router.get(
    "/{job}/log",
    summary="A job's log: a page of lines, or all of it as text",
    response_model=Page[LogLineView],
    responses={200: {"content": {"text/plain": {"example": "2026-11-21T09:30:00Z info 5,000 files read."}}}},
)
def show_log(
    request: Request,
    access: OnJob,
    limit: Limit = 200,
    after: Cursor = None,
    format: Annotated[
        Literal["json", "text"] | None,
        Query(description="text: the whole log, to download; without it the header Accept decides."),
    ] = None,
) -> Page[LogLineView] | Response:
    wants_text = "text/plain" in request.headers.get("accept", "")
    if format == "text" or (format is None and wants_text):
        name = f'attachment; filename="{access.row.id}.log"'
        lines = _text_of(database_of(request), access.row.id)
        return StreamingResponse(
            lines, media_type=PlainTextResponse.media_type, headers={"Content-Disposition": name}
        )
    position = decode_cursor(after, int)
    with database_of(request).read() as connection:
        rows = repository.log_page(connection, access.row.id, int(position[0]) if position else 0, limit + 1)
    following = encode_cursor((rows[limit - 1].id,)) if len(rows) > limit else None
    return Page(items=[LogLineView(**asdict(row)) for row in rows[:limit]], next=following)


@router.post("/{job}/cancel", summary="Ask a job to stop")
def cancel_job(request: Request, access: ChangesJob) -> JobDocument:
    job = access.row

    def note(connection: sa.Connection) -> None:
        if job.dataset_id is not None:
            record(
                connection, access.subject, "cancelled", "dataset", job.dataset_id, name=job.title, job=job.id
            )

    return job_document(installation_of(request).jobs.cancel(job.id, note))


@router.post("/{job}/retry", summary="Let a failed or cancelled job go on where it stopped")
def retry_job(request: Request, access: ChangesJob) -> JobDocument:
    return job_document(installation_of(request).jobs.retry(access.row.id))


def job_document(view: JobView) -> JobDocument:
    """A job as the API shows it."""
    values = asdict(view)
    del values["organization_id"]
    return JobDocument(**values)


def _text_of(database: Database, job_id: str) -> Iterator[str]:
    last = 0
    while True:
        with database.read() as connection:
            lines = repository.log_page(connection, job_id, last, LOG_BLOCK)
        yield "".join(map(_line, lines))
        if len(lines) < LOG_BLOCK:
            return
        last = lines[-1].id


def _line(line: LogLine) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(line.at))
    return f"{moment} {line.level} {line.text}\n"
