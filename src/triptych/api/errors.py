"""From errors to answers: the one table of statuses, and the one shape of every answer that is an error."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from triptych.api.documents import ErrorDocument, Problem, finding_view
from triptych.core.errors import (
    Cancelled,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TooLarge,
    TriptychError,
    Unavailable,
)
from triptych.core.findings import Finding, Severity
from triptych.people.throttle import TooManyAttempts
from triptych.storage.uploads import ChecksumMismatch, DiskFull, UploadGone, UploadLocked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

_log = logging.getLogger("triptych.api")


class BadRequest(InvalidInput):
    """The request itself cannot be read: not JSON, a length that is no number, a NUL in the address."""

    code = "bad_request"


class WrongProtocol(InvalidInput):
    """The client speaks a version of the upload protocol that this server does not."""

    code = "wrong_protocol_version"


STATUSES: Mapping[type[TriptychError], int] = {
    BadRequest: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Cancelled: 409,
    UploadGone: 410,
    WrongProtocol: 412,
    TooLarge: 413,
    InvalidInput: 422,
    Refused: 422,
    UploadLocked: 423,
    TooManyAttempts: 429,
    ChecksumMismatch: 460,
    TriptychError: 500,
    Unavailable: 503,
    DiskFull: 507,
}
"""The status of an error is that of the nearest of its classes in this table."""

DECLARED = (400, 401, 403, 404, 409, 413, 422, 429, 503)
"""Statuses that every operation of the OpenAPI document declares."""

_OF_STATUS = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not answer to this method."),
    413: ("too_large", "The body of the request is too large."),
    415: ("wrong_media_type", "The body of the request is not of the type that is read here."),
}


def status_of(error: TriptychError) -> int:
    """The HTTP status of an error."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def document_of(error: TriptychError) -> dict[str, Any]:
    """The error in the one shape: {"error": {"code", "message", "hint", "findings"}}."""
    findings = [finding_view(finding) for finding in error.findings]
    problem = Problem(code=error.code, message=error.message, hint=error.hint, findings=findings)
    return ErrorDocument(error=problem).model_dump()


def answer(error: TriptychError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that failed with this error."""
    status = status_of(error)
    merged = dict(headers or {})
    if status == 401:
        merged.setdefault("WWW-Authenticate", "Bearer")
    if isinstance(error, TooManyAttempts):
        merged.setdefault("Retry-After", str(error.seconds))
    if status >= 500:
        _log.warning("%s: %s", error.code, error.message)
    return JSONResponse(
        document_of(error), status_code=status, headers={"Cache-Control": "no-store", **merged}
    )


def answer_to_bug(error: BaseException) -> Response:
    """The answer to what nobody planned: an id, by which the log can be searched, and nothing else."""
    number = secrets.token_hex(6)
    _log.error("bug %s", number, exc_info=error)
    return answer(
        TriptychError(
            f"The server met a fault of its own, number {number}.",
            code="bug",
            hint=f"Tell the administrator the number {number}; the log says more under it.",
        )
    )


def answer_to_status(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer for a status that the framework chose itself: 404 and 405 of the router, 413."""
    code, message = _OF_STATUS.get(status, (f"status_{status}", f"The request ended with status {status}."))
    problem = Problem(code=code, message=message, hint=_STATUS_HINTS.get(status, ""), findings=[])
    return JSONResponse(ErrorDocument(error=problem).model_dump(), status_code=status, headers=headers)


_STATUS_HINTS = {
    404: "The addresses are listed in /api/v1/openapi.json.",
    405: "The header Allow lists the methods; /api/v1/openapi.json says more.",
    415: "JSON is sent as application/json, bytes of an upload as application/offset+octet-stream.",
}


def declared_answers() -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of errors, for every operation; `error_schemas` holds what it refers to."""
    texts = {status: kind.__doc__ or "" for kind, status in reversed(list(STATUSES.items()))}
    # By reference: with `model` FastAPI would give errors the media type of the route, text/plain for a log.
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorDocument"}}}
    return {status: {"description": texts[status], "content": content} for status in DECLARED}


def error_schemas() -> dict[str, Any]:
    """The schemas of the error document, by name, for OpenAPI's components."""
    schema = ErrorDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    inner: dict[str, Any] = schema.pop("$defs")
    return {"ErrorDocument": schema, **inner}


def install_handlers(app: FastAPI) -> None:
    """Make every error of the application come out in the one shape."""
    app.add_exception_handler(TriptychError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_status)


async def _on_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, TriptychError)
    return answer(error)


async def _on_status(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer_to_status(error.status_code, error.headers)


async def _on_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(_from_validation(error.errors()))


def _from_validation(problems: Sequence[Any]) -> TriptychError:
    """What Pydantic found, without the values themselves: they may be passwords."""
    findings = [
        Finding(
            Severity.ERROR,
            "bad_field",
            str(problem["msg"]),
            subject=".".join(str(part) for part in problem["loc"]),
        )
        for problem in problems
    ]
    if any(problem["type"] == "json_invalid" for problem in problems):
        return BadRequest(
            "The body is not JSON.", code="not_json", hint="Send one JSON document.", findings=findings
        )
    first = findings[0]
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    return InvalidInput(
        f"{first.subject}: {first.message}{more}.",
        code="bad_fields",
        hint="The findings name each field; /api/v1/openapi.json describes them.",
        findings=findings,
    )
