"""Users, teams, tokens and registered folders over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.house import PASSWORD
from triptych.core.access import Role

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.house import House


def test_a_new_person_comes_in_by_a_link_and_sets_a_password(house: House) -> None:
    added = house.local().post("/users", json={"email": "Ada@Example.org", "name": "Ada", "role": "member"})
    assert added.status_code == 201
    user = added.json()
    assert (user["email"], user["role"], user["active"], user["teams"]) == (
        "ada@example.org",
        "member",
        True,
        [],
    )
    assert user["sign_in_link"].startswith("/sign-in#")
    with house.client(X_Triptych="1") as browser:
        assert browser.post("/session", json={"link": user["sign_in_link"]}).status_code == 201
        weak = browser.put(f"/users/{user['id']}/password", json={"password": "short"})
        assert (weak.status_code, weak.json()["error"]["code"]) == (422, "weak_password")
        chosen = browser.put(f"/users/{user['id']}/password", json={"password": "a longer sentence"})
        assert chosen.status_code == 204
        assert browser.get("/session").status_code == 200
    answer = house.client().post(
        "/session", json={"email": "ada@example.org", "password": "a longer sentence"}
    )
    assert answer.status_code == 201


def test_a_person_with_a_password_has_to_know_it_to_change_it(house: House) -> None:
    ada = house.person()
    path = f"/users/{ada.user_id}/password"
    with ada.client() as client:
        for current in ({}, {"current": "wrong"}):
            answer = client.put(path, json={"password": "a longer sentence"} | current)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_password")
        known = {"password": "a longer sentence", "current": PASSWORD}
        assert client.put(path, json=known).status_code == 204


def test_an_administrator_resets_a_password_and_ends_the_sessions(house: House) -> None:
    ada, boss = house.person(), house.person(Role.ADMINISTRATOR)
    with house.client() as browser:
        browser.post("/session", json={"email": ada.email, "password": PASSWORD})
        reset = boss.client().put(f"/users/{ada.user_id}/password", json={"password": "set by the boss"})
        assert reset.status_code == 204
        assert browser.get("/session").status_code == 401


def test_people_are_listed_by_email_page_by_page(house: House) -> None:
    for name in ("c", "a", "b"):
        house.local().post("/users", json={"email": f"{name}@x.org", "name": name, "password": "long enough"})
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = house.local().get("/users", params={"limit": "2", **after}).json()
        assert set(page) == {"items", "next"}
        found.extend(user["email"] for user in page["items"])
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == ["a@x.org", "admin@localhost", "b@x.org", "c@x.org"]


def test_the_only_administrator_cannot_lock_everybody_out(house: House) -> None:
    boss = house.local().get("/session").json()["user"]["id"]
    for answer in (
        house.local().patch(f"/users/{boss}", json={"role": "member"}),
        house.local().patch(f"/users/{boss}", json={"active": False}),
        house.local().delete(f"/users/{boss}"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last_administrator")


def test_a_field_that_nobody_knows_is_refused(house: House) -> None:
    answer = house.local().post("/users", json={"email": "a@x.org", "name": "A", "admin": True})
    assert answer.json()["error"]["findings"][0]["subject"] == "body.admin"


def test_a_token_is_shown_once_and_revoked_by_its_owner(house: House) -> None:
    ada = house.person()
    with ada.client() as client:
        made = client.post("/tokens", json={"name": "cluster", "days": 1}).json()
        assert house.client(made["token"]).get("/session").status_code == 200
        listed = {token["id"]: token for token in client.get("/tokens").json()["items"]}
        assert listed[made["id"]]["prefix"] == made["token"][:10]
        assert listed[made["id"]]["last_used_at"] is not None
        assert all("token" not in token for token in listed.values())
        assert client.delete(f"/tokens/{made['id']}").status_code == 204
    assert house.client(made["token"]).get("/session").status_code == 401


def test_a_team_shows_its_members_and_is_found_by_name(house: House) -> None:
    ada = house.person()
    with house.local() as client:
        team = client.post("/teams", json={"name": "CT/MR"}).json()
        shown = client.put(f"/teams/{team['id']}/members/{ada.user_id}", json={"manages": True}).json()
        assert [(member["id"], member["manages"]) for member in shown["members"]] == [(ada.user_id, True)]
        assert client.get("/teams/CT%2FMR").json() == shown
        mine = ada.client().get("/session").json()["user"]["teams"]
        assert mine == [{"id": team["id"], "name": "CT/MR", "manages": True}]
        assert client.delete(f"/teams/{team['id']}").status_code == 204
        assert client.get("/teams").json()["items"] == []


def test_the_path_of_a_registered_folder_is_for_administrators(house: House, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    made = house.local().post("/roots", json={"name": "scans", "path": str(scans)})
    assert made.status_code == 201
    assert house.local().get("/roots").json()["items"][0]["path"] == str(scans)
    seen = house.person().client().get("/roots").json()["items"]
    assert (seen[0]["name"], seen[0]["path"]) == ("scans", None)
    assert house.local().delete("/roots/scans").status_code == 204
    assert house.local().get("/roots").json()["items"] == []
