"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.support.house import PASSWORD
from triptych.core.access import Role
from triptych.db import tables
from triptych.people import service

if TYPE_CHECKING:
    import httpx

    from tests.support.house import House, Person


def sign_in(client: httpx.Client, person: Person, password: str = PASSWORD) -> httpx.Response:
    return client.post("/session", json={"email": person.email, "password": password})


def test_a_password_opens_a_session_that_lasts_until_sign_out(house: House) -> None:
    ada = house.person()
    with house.client(X_Triptych="1") as browser:
        answer = sign_in(browser, ada)
        assert answer.status_code == 201
        assert answer.json()["user"]["email"] == ada.email
        assert browser.get("/session").json()["user"]["id"] == ada.user_id
        kept = dict(browser.cookies)
        assert browser.delete("/session").status_code == 204
        assert browser.get("/session").status_code == 401
        browser.cookies.update(kept)
        assert browser.get("/session").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    ada = house.person()
    cookie = sign_in(house.client(address="https://triptych.test"), ada).headers["set-cookie"]
    assert cookie.startswith("__Host-triptych=")
    for attribute in ("HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=1209600"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_over_plain_http_the_cookie_has_no_prefix_and_the_answer_warns(house: House) -> None:
    ada = house.person()
    exposed = sign_in(house.client(), ada)
    assert exposed.headers["set-cookie"].startswith("triptych=")
    assert "Secure" not in exposed.headers["set-cookie"]
    assert "not encrypted" in exposed.json()["warnings"][0]
    assert sign_in(house.client(address="http://localhost:8000"), ada).json()["warnings"] == []


def test_over_https_a_cookie_without_the_prefix_opens_nothing(house: House) -> None:
    ada = house.person()
    with house.client() as browser:
        secret = sign_in(browser, ada).cookies["triptych"]
    with house.client(address="https://triptych.test", Cookie=f"triptych={secret}") as other:
        assert other.get("/session").status_code == 401


def test_the_database_never_holds_the_secret(house: House) -> None:
    ada = house.person()
    secret = sign_in(house.client(), ada).cookies["triptych"]
    with house.installation.database.read() as connection:
        stored = [bytes(row) for row in connection.scalars(sa.select(tables.sessions.c.token_hash))]
    assert len(stored) == 1
    assert secret.encode() not in stored[0]


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(house: House, password: str) -> None:
    ada = house.person()
    wrong = sign_in(house.client(), ada, password)
    unknown = house.client().post("/session", json={"email": "nobody@example.org", "password": password})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"]["code"] == "bad_credentials"


def test_guessing_has_to_wait(house: House) -> None:
    ada = house.person()
    client = house.client()
    codes = [sign_in(client, ada, f"guess {number}").status_code for number in range(7)]
    assert codes == [401] * 6 + [429]
    assert int(sign_in(client, ada).headers["retry-after"]) >= 1


def test_a_link_signs_in_once(house: House) -> None:
    start = service.ensure_first_start(house.installation.database, house.installation.settings)
    assert start.sign_in_link is not None
    again = service.ensure_first_start(house.installation.database, house.installation.settings)
    assert again.sign_in_link is not None
    first = house.client().post("/session", json={"link": f"http://x/sign-in#{start.sign_in_link}"})
    assert first.status_code == 201
    assert first.json()["user"]["role"] == "administrator"
    for used in (start.sign_in_link, again.sign_in_link):
        second = house.client().post("/session", json={"link": used})
        assert (second.status_code, second.json()["error"]["code"]) == (401, "bad_link")
    after = service.ensure_first_start(house.installation.database, house.installation.settings)
    assert after.sign_in_link is None


def test_who_is_deactivated_is_out_at_once(house: House) -> None:
    ada, boss = house.person(), house.person(Role.ADMINISTRATOR)
    with house.client() as browser:
        sign_in(browser, ada)
        assert browser.get("/session").status_code == 200
        assert boss.client().delete(f"/users/{ada.user_id}").status_code == 204
        assert browser.get("/session").status_code == 401
    assert ada.client().get("/session").status_code == 401
    assert sign_in(house.client(), ada).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"email": "a@b.c"}, {"password": "x"}, {"email": "a@b.c", "password": "x", "link": "y"}]
)
def test_half_a_sign_in_is_refused(house: House, body: dict[str, str]) -> None:
    answer = house.client().post("/session", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_sign_in")


def test_the_local_secret_is_the_first_administrator(house: House) -> None:
    shown = house.local().get("/session").json()
    assert shown["user"]["email"] == "admin@localhost"
    wrong = house.client(X_Triptych_Local="guess").get("/session")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "bad_local_secret")


def test_signing_in_and_out_leaves_events(house: House) -> None:
    ada = house.person()
    with house.client(X_Triptych="1") as browser:
        sign_in(browser, ada)
        browser.delete("/session")
    with house.installation.database.read() as connection:
        actions = list(
            connection.scalars(
                sa.select(tables.events.c.action)
                .where(tables.events.c.actor_id == ada.user_id)
                .order_by(tables.events.c.id)
            )
        )
    assert actions[-2:] == ["user.signed_in", "user.signed_out"]
