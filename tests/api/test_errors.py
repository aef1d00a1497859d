"""Every error comes out in one shape, with the status of one table."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import guarded
from triptych.api.errors import STATUSES, BadRequest, status_of
from triptych.core import errors
from triptych.core.errors import InvalidInput, TriptychError
from triptych.storage import uploads

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTED = (
    "errors",
    "middleware",
    "callers",
    "documents",
    "uploads",
    "upload_rows",
    "session_routes",
    "people_routes",
)

if TYPE_CHECKING:
    import httpx
    from starlette.requests import Request
    from starlette.responses import Response

    from tests.support.house import House
    from triptych.api.dependencies import Access


def check_shape(answer: httpx.Response) -> dict[str, object]:
    document = answer.json()
    assert list(document) == ["error"]
    assert set(document["error"]) == {"code", "message", "hint", "findings"}
    assert document["error"]["code"]
    assert document["error"]["message"]
    error: dict[str, object] = document["error"]
    return error


def test_every_class_of_error_has_a_status() -> None:
    expected = {
        errors.InvalidInput: 422,
        errors.NotFound: 404,
        errors.NotAllowed: 403,
        errors.NotSignedIn: 401,
        errors.Conflict: 409,
        errors.Refused: 422,
        errors.TooLarge: 413,
        errors.Cancelled: 409,
        errors.Unavailable: 503,
        uploads.DiskFull: 507,
        uploads.UploadGone: 410,
        uploads.UploadLocked: 423,
        uploads.WrongOffset: 409,
        uploads.ChecksumMismatch: 460,
        BadRequest: 400,
        TriptychError: 500,
    }
    assert {kind: status_of(kind("x")) for kind in expected} == expected
    leaves = [value for value in vars(errors).values() if isinstance(value, type)]
    assert all(kind in STATUSES for kind in leaves if issubclass(kind, TriptychError))


def test_a_subclass_that_the_table_does_not_know_has_its_parents_status() -> None:
    class Narrow(InvalidInput):
        code = "narrow"

    assert status_of(Narrow("x")) == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/session", 405, "method_not_allowed"),
        ("GET", "/users", 401, "not_signed_in"),
        ("POST", "/session", 422, "bad_sign_in"),
    ],
)
def test_the_frameworks_own_errors_have_the_one_shape(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    answer = house.client().request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == status
    assert check_shape(answer)["code"] == code
    assert answer.headers["cache-control"] == "no-store"


def test_a_missing_sign_in_says_how_to_sign_in(house: House) -> None:
    answer = house.client().get("/users")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_wrong_fields_are_named_one_by_one_and_their_values_are_not_repeated(house: House) -> None:
    body = {"email": 5, "name": "x", "role": "emperor", "password": ["a very secret value"]}
    answer = house.local().post("/users", json=body)
    error = check_shape(answer)
    assert (answer.status_code, error["code"]) == (422, "bad_fields")
    findings = error["findings"]
    assert isinstance(findings, list)
    assert {finding["subject"] for finding in findings} == {"body.email", "body.role", "body.password"}
    assert "secret value" not in answer.text
    assert "emperor" not in answer.text


def test_a_body_that_is_not_json_is_a_bad_request(house: House) -> None:
    for content in (b"{", b"\xff\xfe", b"[" * 100_000):
        answer = house.local().post("/users", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, content[:10]
        check_shape(answer)


def test_a_fault_of_the_server_gets_a_number_that_is_in_the_log_too(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async def faulty(_: Request, __: Access) -> Response:
        raise ZeroDivisionError("with personal data")

    house.app.router.routes.append(Route("/api/v1/faulty", guarded(Rule("anyone"), faulty)))
    with caplog.at_level(logging.ERROR, "triptych.api"):
        answer = house.client().get("/faulty")
    error = check_shape(answer)
    assert (answer.status_code, error["code"]) == (500, "bug")
    number = str(error["message"]).split("number ")[1].rstrip(".")
    assert number in caplog.text
    assert "personal data" not in answer.text


def test_the_lists_refuse_a_cursor_that_they_did_not_give_out(house: House) -> None:
    for cursor in ("x", "%%%", "bnVsbA", "WzFd", "WyJcdWQ4MDAiXQ", "WyIAIl0", "W10", "W1sxXV0"):
        answer = house.local().get("/users", params={"after": cursor})
        assert (answer.status_code, check_shape(answer)["code"]) == (422, "bad_cursor"), cursor


def test_every_status_and_code_is_documented() -> None:
    text = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d{3}) \| (.*) \|$", text, re.MULTILINE))
    assert {str(status) for status in STATUSES.values()} <= rows.keys()
    sources = [
        *(REPOSITORY / "src/triptych/people").glob("*.py"),
        REPOSITORY / "src/triptych/storage/uploads.py",
    ]
    sources += [REPOSITORY / "src/triptych/api" / f"{name}.py" for name in DOCUMENTED]
    codes = {
        code
        for path in sources
        for code in re.findall(r'\bcode ?= ?"([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    documented = set(re.findall(r"`([a-z_]+)`", " ".join(rows.values())))
    assert len(codes) > 30
    assert codes <= documented
