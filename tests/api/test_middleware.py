"""What every request passes before a route sees it."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.house import PASSWORD
from triptych.api.middleware import JSON_BYTES
from triptych.core.access import Role

if TYPE_CHECKING:
    import httpx

    from tests.support.house import House


def session(
    house: House, role: Role = Role.ADMINISTRATOR, address: str = "http://triptych.test"
) -> httpx.Client:
    person = house.person(role)
    client = house.client(address=address)
    answer = client.post("/session", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 201
    return client


OWN = {"X-Triptych": "1"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OWN, 201),
        (OWN | {"Origin": "http://triptych.test"}, 201),
        (OWN | {"Origin": "https://triptych.test"}, 201),  # a proxy in front ended TLS
        (OWN | {"Sec-Fetch-Site": "same-origin"}, 201),
        (OWN | {"Sec-Fetch-Site": "none"}, 201),
        ({}, 403),
        ({"X-Triptych": "0"}, 403),
        (OWN | {"Origin": "http://evil.test"}, 403),
        (OWN | {"Origin": "http://triptych.test.evil.test"}, 403),
        (OWN | {"Origin": "http://triptych.test:8080"}, 403),
        (OWN | {"Origin": "null"}, 403),
        (OWN | {"Origin": "http://[broken"}, 403),
        (OWN | {"Sec-Fetch-Site": "cross-site"}, 403),
        (OWN | {"Sec-Fetch-Site": "same-site"}, 403),
        (OWN | {"Sec-Fetch-Site": "cross-site", "Origin": "http://triptych.test"}, 403),
    ],
)
def test_another_site_cannot_change_anything_in_a_session(
    house: House, headers: dict[str, str], status: int
) -> None:
    client = session(house)
    assert client.post("/teams", json={"name": "x"}, headers=headers).status_code == status
    assert client.get("/teams", headers=headers).status_code == 200


def test_a_token_needs_no_header_and_beats_the_cookie(house: House) -> None:
    member = house.person()
    client = session(house)
    headers = {"Authorization": f"Bearer {member.token}", "Origin": "http://evil.test"}
    assert client.get("/session", headers=headers).json()["user"]["id"] == member.user_id
    assert client.post("/teams", json={"name": "x"}, headers=headers).status_code == 403
    wrong = client.get("/session", headers={"Authorization": "Bearer tri_wrong"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "bad_token")


def test_another_site_cannot_even_sign_somebody_in(house: House) -> None:
    ada = house.person()
    body = {"email": ada.email, "password": PASSWORD}
    with house.client(Sec_Fetch_Site="cross-site") as client:
        assert client.post("/session", json=body).status_code == 403


def test_every_answer_carries_security_headers_and_a_number(house: House) -> None:
    for path in ("/session", "/nowhere", "/openapi.json"):
        headers = house.client().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])
        assert "strict-transport-security" not in headers
    secure = house.client(address="https://triptych.test").get("/session").headers
    assert secure["strict-transport-security"].startswith("max-age=")


def test_a_sound_number_of_the_caller_is_kept_and_another_is_not(house: House) -> None:
    kept = house.client(X_Request_Id="0193a5c0-trace").get("/session")
    assert kept.headers["x-request-id"] == "0193a5c0-trace"
    replaced = house.client(X_Request_Id='x" injected=1').get("/session")
    assert "injected" not in replaced.headers["x-request-id"]


def test_the_log_names_routes_and_never_addresses(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "triptych.access"):
        house.local().get("/datasets/Jane Doe 1970-01-01", params={"search": "jane@example.org"})
        house.client().get("/nowhere/jane@example.org")
    text = "\n".join(record.getMessage() for record in caplog.records if record.name == "triptych.access")
    assert "GET /api/v1/datasets/{dataset} 404" in text
    assert "GET none 404" in text
    for private in ("Jane", "jane", "1970", "nowhere", "search"):
        assert private not in text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    huge = b'{"name": "' + b"x" * JSON_BYTES + b'"}'
    for content in (huge, iter([huge[:100], huge[100:]])):
        answer = house.local().post("/teams", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (rb'{"name": "a\u0000b"}', "not_text"),
        (rb'{"name": "\ud800"}', "not_text"),
        (rb'{"name": "\uDFFF and more"}', "not_text"),
        (rb'{"a\u0000": "b"}', "not_text"),
        (rb'{"name": ["x", {"y": "\ud800"}]}', "not_text"),
        (b'{"name": "x", "days": NaN}', "not_a_number"),
        (b'{"name": "x", "days": -Infinity}', "not_a_number"),
        (b'{"name": "\xed\xa0\x80"}', "not_json"),
        ('{"name": "x"}'.encode("utf-16"), "not_json"),
    ],
)
def test_what_no_database_can_store_is_refused_at_the_door(house: House, body: bytes, code: str) -> None:
    answer = house.local().post("/teams", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] == code


def test_a_whole_surrogate_pair_and_words_like_nan_are_text(house: House) -> None:
    for body, name in ((rb'{"name": "\ud83d\ude00"}', "😀"), (b'{"name": "NaN Infinity"}', "NaN Infinity")):
        answer = house.local().post("/teams", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["name"]) == (201, name)


def test_nul_in_an_address_is_refused(house: House) -> None:
    for path in ("/datasets/a%00b", "/users?after=%00"):
        answer = house.local().get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "nul_in_address")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b", "a%2Fb"),
        ("a/b/c", "a%2fb%2Fc"),
        ("a%2Fb", "a%252Fb"),
        ("/", "%2F"),
        ("../..", "%2E%2E%2F%2E%2E"),
        ('"quoted" <b>', "%22quoted%22%20%3Cb%3E"),
        ("👩‍🔬", "%F0%9F%91%A9%E2%80%8D%F0%9F%94%AC"),
        ("x" * 250, "x" * 250),
    ],
)
def test_a_name_with_slashes_is_one_segment_of_an_address(house: House, name: str, path: str) -> None:
    dataset_id = house.dataset(house.person(), name)
    answer = house.local().get(f"/datasets/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == name
    assert house.local().get(f"/datasets/{path}/findings").status_code == 200
    assert house.local().get(f"/datasets/{dataset_id}").json()["name"] == name
