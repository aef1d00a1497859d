"""Resumable uploads: tus 1.0 (https://tus.io/protocols/resumable-upload) as plain Starlette routes.

Core, creation, creation-with-upload, termination, checksum (sha1, sha256) and expiration. Bytes go straight to
disk; the offset is what is there, so a restart of the server loses nothing. An upload is its owner's alone.
"""

from __future__ import annotations

import base64
import binascii
import functools
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, guarded, installation_of
from triptych.api.errors import BadRequest, WrongProtocol, answer
from triptych.api.upload_rows import add_row, check_quota, expires_at, mark_finished, remove_row
from triptych.core.access import Action
from triptych.core.errors import TriptychError
from triptych.core.ids import new_id
from triptych.storage.uploads import CHECKSUMS, UploadFolder, UploadGone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import sqlalchemy as sa
    from starlette.requests import Request

    from triptych.api.dependencies import Endpoint
    from triptych.storage.uploads import PartWriter

PATH = "/api/v1/uploads"
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
BODY_TYPE = "application/offset+octet-stream"
BUFFER = 1 << 20
LONGEST_METADATA = 20_000
LARGEST_LENGTH = 2**62

_CHECKSUM_HINT = "Write the algorithm, a space, and the digest in base64; or leave the header out."

MAY_ADD = Rule("may", Action.UPLOAD)
OWN = Rule("may", Action.EDIT, on="upload")


async def _options(request: Request, _: Access) -> Response:
    limit = installation_of(request).settings.upload_bytes
    return Response(
        status_code=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(limit),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


async def _create(request: Request, access: Access) -> Response:
    installation = installation_of(request)
    folder = folder_of(request)
    length = _number(request, "upload-length")
    details = _metadata(request.headers.get("upload-metadata", ""))
    upload_id = new_id()

    def make() -> None:
        with installation.database.read() as connection:
            check_quota(connection, access.subject, installation.settings, folder, length)
        folder.create(upload_id, length)
        with installation.database.write() as connection:
            add_row(connection, access.subject, upload_id, length, details)

    await run_in_threadpool(make)
    headers = {"Location": f"{PATH}/{upload_id}", "Upload-Offset": "0"}
    if is_bytes(request):
        headers["Upload-Offset"] = str(await _receive(request, upload_id, 0, length))
    headers["Upload-Expires"] = formatdate(folder.expires_at(upload_id), usegmt=True)
    return Response(status_code=201, headers=headers)


async def _one(request: Request, access: Access) -> Response:
    method = request.method
    if method == "POST":
        method = request.headers.get("x-http-method-override", "").upper()
        if method not in ("HEAD", "PATCH", "DELETE"):
            raise HTTPException(405, headers={"Allow": "HEAD, PATCH, DELETE, OPTIONS"})
    if method == "HEAD":
        return await run_in_threadpool(_head, request, access.row)
    if method == "DELETE":
        return await run_in_threadpool(_delete, request, access.row)
    return await _patch(request, access.row)


def _head(request: Request, row: sa.Row[Any]) -> Response:
    folder = folder_of(request)
    check_expiry(folder, row)
    metadata = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in row.details.items()
    )
    offset = folder.offset(row.id)
    if offset == row.length and row.finished_at is None:
        _finish(request, row.id)  # the server died between the last byte and its note
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Length": str(row.length),
        "Upload-Expires": formatdate(expires_at(row, folder), usegmt=True),
    }
    return Response(status_code=200, headers=headers | ({"Upload-Metadata": metadata} if metadata else {}))


def _delete(request: Request, row: sa.Row[Any]) -> Response:
    with installation_of(request).database.write() as connection:
        remove_row(connection, row.id)
    folder_of(request).remove(row.id)
    return Response(status_code=204)


async def _patch(request: Request, row: sa.Row[Any]) -> Response:
    folder = folder_of(request)
    if not is_bytes(request):
        raise HTTPException(415)
    check_expiry(folder, row)
    offset = await _receive(request, row.id, _number(request, "upload-offset"), row.length)
    return Response(
        status_code=204,
        headers={
            "Upload-Offset": str(offset),
            "Upload-Expires": formatdate(expires_at(row, folder), usegmt=True),
        },
    )


async def _receive(request: Request, upload_id: str, offset: int, length: int) -> int:
    """Write the body at the offset, which must be where the upload stands; where it stands afterwards.

    When the client goes away, what had arrived stays, unless a checksum was to come out right for it.
    """
    checksum = _checksum(request.headers.get("upload-checksum"))
    writing = folder_of(request).writing(upload_id, offset, length, checksum)
    writer = await run_in_threadpool(writing.__enter__)
    try:
        await _pour(request, writer)
    except BaseException as error:
        # Not in a thread: a cancelled request may not wait any more, and the lock must be let go.
        writing.__exit__(type(error), error, error.__traceback__)
        raise
    await run_in_threadpool(writing.__exit__, None, None, None)
    if writer.offset == length:
        await run_in_threadpool(_finish, request, upload_id)
    return writer.offset


def _finish(request: Request, upload_id: str) -> None:
    with installation_of(request).database.write() as connection:
        mark_finished(connection, upload_id)
    folder_of(request).forget_ranges(upload_id)


async def _pour(request: Request, writer: PartWriter) -> None:
    buffer = bytearray()
    try:
        async for chunk in request.stream():
            buffer += chunk
            if len(buffer) >= BUFFER:
                full, buffer = buffer, bytearray()
                await run_in_threadpool(writer.write, full)
    except ClientDisconnect:
        await run_in_threadpool(writer.write, buffer)
        raise
    if buffer:
        await run_in_threadpool(writer.write, buffer)


def check_expiry(folder: UploadFolder, row: sa.Row[Any]) -> None:
    """UploadGone when the upload expired."""
    if expires_at(row, folder) < time.time():
        raise UploadGone("The upload expired.", hint="Upload the file again.")


def folder_of(request: Request) -> UploadFolder:
    """Where the bytes of uploads lie."""
    return UploadFolder(installation_of(request).settings.home)


def is_bytes(request: Request) -> bool:
    """Whether the body is bytes of an upload."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == BODY_TYPE


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST_LENGTH:
        raise BadRequest(
            f"The header {name.title()} is missing or is not a number of bytes.",
            code="bad_upload_header",
            hint="The length of the upload has to be known when it begins.",
        )
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """What the client says of its file: keys and base64 values, as text. BadRequest `bad_metadata`."""
    if len(header) > LONGEST_METADATA:
        raise BadRequest(
            f"Upload-Metadata has more than {LONGEST_METADATA} characters.",
            code="bad_metadata",
            hint="Send the file's name and little more.",
        )
    details: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            raw = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest(
                f"The value of {name!r} in Upload-Metadata is not base64.",
                code="bad_metadata",
                hint="Write each pair as a key, a space, and the value in base64.",
            ) from None
        details[name] = raw.decode("utf-8", "replace").replace("\0", "\ufffd")
    return details


def _checksum(header: str | None) -> tuple[str, bytes] | None:
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadRequest(
            f"The checksum {algorithm!r} is not one of {', '.join(CHECKSUMS)}.",
            code="bad_checksum",
            hint=_CHECKSUM_HINT,
        )
    try:
        return algorithm, base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(
            "The value of Upload-Checksum is not base64.", code="bad_checksum", hint=_CHECKSUM_HINT
        ) from None


def _tus(endpoint: Endpoint) -> Endpoint:
    """Check the version that the client speaks, and say ours with every answer, errors included."""

    @functools.wraps(endpoint)
    async def speaking(request: Request) -> Response:
        try:
            given = request.headers.get("tus-resumable")
            if request.method != "OPTIONS" and given != VERSION:
                raise WrongProtocol(
                    "The request does not speak tus 1.0.0.",
                    hint="Send the header Tus-Resumable: 1.0.0.",
                )
            response = await endpoint(request)
        except TriptychError as error:
            headers = {"Tus-Version": VERSION} if isinstance(error, WrongProtocol) else {}
            response = answer(error, headers)
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return speaking


def _route(
    path: str, rule: Rule, endpoint: Callable[[Request, Access], Awaitable[Response]], methods: list[str]
) -> Route:
    return Route(path, _tus(guarded(rule, endpoint)), methods=methods)


ROUTES = [
    _route(PATH, Rule("anyone"), _options, ["OPTIONS"]),
    _route(PATH, MAY_ADD, _create, ["POST"]),
    _route(PATH + "/{upload}", Rule("anyone"), _options, ["OPTIONS"]),
    _route(PATH + "/{upload}", OWN, _one, ["HEAD", "PATCH", "DELETE", "POST"]),
]
