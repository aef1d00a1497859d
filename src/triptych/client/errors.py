"""Errors that crossed the network, back as the classes of `triptych.core.errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import httpx

_BY_STATUS: dict[int, type[TriptychError]] = {
    400: InvalidInput,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    405: InvalidInput,
    409: Conflict,
    410: NotFound,
    412: InvalidInput,
    413: TooLarge,
    422: InvalidInput,
    423: Conflict,
    460: InvalidInput,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
    507: Unavailable,
}
_BY_CODE: dict[str, type[TriptychError]] = {
    kind.code: kind
    for kind in (
        InvalidInput, NotFound, NotAllowed, NotSignedIn, Conflict, Refused, TooLarge, Cancelled, Unavailable,
    )
}  # fmt: skip


def error_from_response(response: httpx.Response) -> TriptychError:
    """The error that an answer with a status of 400 and above stands for."""
    try:
        document = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return _BY_STATUS.get(response.status_code, TriptychError)(
            f"{response.request.url.host} answered with status {response.status_code} and no explanation.",
            hint="Check that the address is that of a Triptych server.",
        )
    return error_from_document(document, _BY_STATUS.get(response.status_code, TriptychError))


def error_from_document(
    document: Mapping[str, Any], kind: type[TriptychError] = TriptychError
) -> TriptychError:
    """The error that a document `{code, message, hint, findings}` describes, as a job or an answer has it."""
    code = str(document.get("code") or kind.code)
    return _BY_CODE.get(code, kind)(
        str(document.get("message") or "The server gave no reason."),
        code=code,
        hint=str(document.get("hint") or ""),
        findings=findings_from_documents(document.get("findings") or ()),
    )


def document_from_error(error: TriptychError) -> dict[str, Any]:
    """An error as the document that the interface and `--json` show."""
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "findings": [
            {
                "severity": str(finding.severity),
                "code": finding.code,
                "subject": finding.subject,
                "message": finding.message,
                "hint": finding.hint,
                "count": finding.count,
                "examples": list(finding.examples),
            }
            for finding in error.findings
        ],
    }


def findings_from_documents(documents: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings as values."""
    return tuple(
        Finding(
            Severity(document["severity"]),
            document["code"],
            document["message"],
            document.get("hint", ""),
            document.get("subject", ""),
            document.get("count", 1),
            tuple(document.get("examples", ())),
        )
        for document in documents
    )
