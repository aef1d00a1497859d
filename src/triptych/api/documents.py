"""Shapes that all of the API shares: a page of a list with its cursor, and an error.

Pydantic reads these annotations at run time.
"""

import base64
import binascii
import json
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from triptych.core.errors import InvalidInput
from triptych.core.findings import Finding

Item = TypeVar("Item")
Position = tuple[str | int | float, ...]

LARGEST_INTEGER = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=500, description="How many items a page has at most.")]
Cursor = Annotated[
    str | None, Query(max_length=4000, description="`next` of the page before; absent for the first page.")
]


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next` is the cursor of the page that follows, null on the last."""

    items: list[Item]
    next: str | None


class FindingView(BaseModel):
    """One observation about the input."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "severity": "error",
                "code": "bad_field",
                "message": "Field required",
                "hint": "",
                "subject": "body.email",
                "count": 1,
                "examples": [],
            }
        }
    )

    severity: str
    code: str
    message: str
    hint: str
    subject: str
    count: int
    examples: list[str]


class Problem(BaseModel):
    """What went wrong. `code` is stable; `message` says what happened, `hint` what to do."""

    code: str
    message: str
    hint: str
    findings: list[FindingView]


class ErrorDocument(BaseModel):
    """The body of every answer with a status of 400 or more."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "error": {
                    "code": "not_found",
                    "message": "There is no dataset “lungs” that you may see.",
                    "hint": "Check the name, or ask its owner for access.",
                    "findings": [],
                }
            }
        }
    )

    error: Problem = Field()


def finding_view(finding: Finding) -> FindingView:
    """A finding as the API shows it."""
    return FindingView(
        severity=finding.severity.value,
        code=finding.code,
        message=finding.message,
        hint=finding.hint,
        subject=finding.subject,
        count=finding.count,
        examples=list(finding.examples),
    )


def is_text(value: str) -> bool:
    """Whether every database can store the text: no NUL, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def encode_cursor(position: Position) -> str:
    """The sort key of a page's last row as an opaque cursor, safe in a URL."""
    text = json.dumps(position, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type[str] | type[int] | type[float]) -> Position | None:
    """The sort key in a cursor, None for none; one value for each of `kinds`. InvalidInput `bad_cursor`."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text.decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise _bad_cursor()
    if not all(_fits(value, kind) for value, kind in zip(values, kinds, strict=True)):
        raise _bad_cursor()
    return tuple(float(value) if kind is float else value for value, kind in zip(values, kinds, strict=True))


def _fits(value: object, kind: type[str] | type[int] | type[float]) -> bool:
    if isinstance(value, str):
        return kind is str and is_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(value, float):
        return kind is float and value == value and abs(value) != float("inf")
    return kind in (int, float) and abs(value) <= LARGEST_INTEGER


def _bad_cursor() -> InvalidInput:
    return InvalidInput(
        "The cursor is not one that this list gave out.",
        code="bad_cursor",
        hint="Take `next` of the page before as it is, or leave the cursor out to begin at the first page.",
    )
