"""What goes on beside tus: one's own uploads, ranges that are sent ahead of one, and its check while it arrives.

FastAPI reads these annotations at run time.
"""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from triptych.api.dependencies import Access, database_of, guarded, installation_of, needs
from triptych.api.upload_rows import expires_at, own_uploads
from triptych.api.uploads import OWN, PATH, check_expiry, folder_of, is_bytes
from triptych.core.access import Action
from triptych.core.errors import InvalidInput, NotFound, TooLarge
from triptych.onboarding.check import Wish, parse_options
from triptych.onboarding.service import check_wish
from triptych.onboarding.upload_check import check_upload
from triptych.storage.upload_ranges import UploadRanges

router = APIRouter(tags=["uploads"])

Upload = Annotated[Access, needs(Action.UPLOAD)]
Own = Annotated[Access, needs(Action.EDIT, on="upload")]

RANGES = 8 * 1024 * 1024
"""Bytes of ranges in one request."""

LINE = 256 * 1024
"""Bytes of the line that says which they are."""


class UploadView(BaseModel):
    """An upload. `offset` is how many of its `bytes` have arrived, `metadata` what the client said of it."""

    id: str
    filename: str
    bytes: int
    offset: int
    created_at: float
    expires_at: float
    metadata: dict[str, str]


class CheckRequest(BaseModel):
    """What is wished of the upload: a format, a modality, options such as labels=ignore."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"format": "image_label", "options": {}}}
    )

    format: str | None = None
    modality: str | None = None
    options: dict[str, str] = Field(default_factory=dict)


class CheckView(BaseModel):
    """The report, as of `/prescan`; or which bytes it needs, from `start` up to and without `end`.

    `waiting`: nothing can be said before more of the upload has arrived.
    """

    wanted: list[tuple[int, int]]
    report: dict[str, Any] | None
    waiting: bool


@router.get("/uploads", response_model=list[UploadView])
def uploads(request: Request, access: Upload) -> Any:
    """One's own uploads of which no dataset was made yet, newest first."""
    folder = folder_of(request)
    with database_of(request).read() as connection:
        rows = own_uploads(connection, access.subject)
    views = []
    for row in rows:
        try:
            check_expiry(folder, row)
            offset, expires = folder.offset(row.id), expires_at(row, folder)
        except NotFound:
            continue
        views.append(
            UploadView(
                id=row.id,
                filename=row.filename,
                bytes=row.length,
                offset=offset,
                created_at=row.created_at,
                expires_at=expires,
                metadata=row.details,
            )
        )
    return views


@router.post("/uploads/{upload}/check", response_model=CheckView)
def check(request: Request, access: Own, body: CheckRequest) -> Any:
    """What is in an upload, from as much of it as is there; or which bytes are needed to say it."""
    installation = installation_of(request)
    folder, row = folder_of(request), access.row
    wish = Wish(body.format, body.modality, parse_options(body.options))
    check_wish(wish)
    check_expiry(folder, row)
    found = check_upload(
        folder, row.id, row.length, row.filename, wish, installation.settings, installation.staging
    )
    wanted = [(start, start + length) for start, length in found.wanted]
    return CheckView(wanted=wanted, report=found.report, waiting=found.waiting)


async def _put_one(request: Request, access: Access) -> Response:
    data = await _body(request, RANGES)
    text = request.path_params["start"]
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise _bad("The start of the range is not a number of bytes.")
    return await _keep(request, access, [(int(text), data)])


async def _put_many(request: Request, access: Access) -> Response:
    return await _keep(request, access, _split(await _body(request, RANGES + LINE)))


async def _keep(request: Request, access: Access, ranges: list[tuple[int, bytes]]) -> Response:
    folder, row = folder_of(request), access.row

    def keep() -> None:
        check_expiry(folder, row)
        for start, data in ranges:
            if not data or start + len(data) > row.length:
                raise _bad(
                    f"The range from {start} has {len(data)} bytes, and the upload has {row.length} in all."
                )
        if folder.offset(row.id) < row.length:
            UploadRanges(folder, row.id).add(ranges)

    await run_in_threadpool(keep)
    return Response(status_code=204)


async def _body(request: Request, most: int) -> bytes:
    if not is_bytes(request):
        raise HTTPException(415)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _split(body: bytes) -> list[tuple[int, bytes]]:
    """The ranges of a body: a line `[[start, end], …]`, then their bytes in that order."""
    line, feed, rest = body.partition(b"\n")
    try:
        spans = json.loads(line) if feed and len(line) <= LINE else None
    except (ValueError, RecursionError):
        spans = None
    if not isinstance(spans, list) or not all(map(_is_span, spans)):
        raise _bad("The first line of the body does not list ranges.")
    if sum(end - start for start, end in spans) != len(rest):
        raise _bad("The bytes that follow the first line are more or fewer than it lists.")
    ranges = []
    place = 0
    for start, end in spans:
        ranges.append((start, rest[place : place + end - start]))
        place += end - start
    return ranges


def _is_span(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) is int for number in value)
        and 0 <= value[0] < value[1]
    )


def _bad(message: str) -> InvalidInput:
    return InvalidInput(
        message,
        code="bad_range",
        hint="Send the ranges that a check asks for: one as it is, several behind a line [[start, end], …].",
    )


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"The body of the request has more than {most} bytes.",
        code="body_too_large",
        hint=f"Send at most {RANGES} bytes of ranges in one request.",
    )


ROUTES = [
    Route(PATH + "/{upload}/ranges", guarded(OWN, _put_many), methods=["PUT"]),
    Route(PATH + "/{upload}/ranges/{start}", guarded(OWN, _put_one), methods=["PUT"]),
]
