"""Every route of the application keeps its rule, for everybody who may call.

The list of routes comes from the application itself. `EXPECTED` says, apart from the code that keeps the rules,
what each rule means: a new kind of rule fails here until somebody has written down what it means.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Mount, Route

from triptych.api.access_rules import Rule, check_rules, rules_of
from triptych.api.dependencies import guarded
from triptych.core.access import Role
from triptych.core.ids import new_id
from triptych.db import tables
from triptych.people import api_tokens
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from starlette.requests import Request

    from tests.support.house import House, Person
    from triptych.api.access_rules import RuledRoute
    from triptych.api.dependencies import Access

PASSES = 0
"""Stands for every status that is not a refusal: neither 401, 403 and 404 nor 500 and above."""

CALLERS = (
    "anonymous",
    "stranger",  # the administrator of another organization
    "administrator",
    "dataset_manager",
    "team_manager",
    "member",
    "owner",  # the member whose thing it is
    "viewer",  # a member to whom seeing the dataset is granted
    "editor",  # a member to whom editing the dataset is granted
)


def everybody(default: int, **others: int) -> dict[str, int]:
    """The outcome of each caller."""
    return {caller: others.get(caller, default) for caller in CALLERS}


def signed_in(default: int = PASSES, **others: int) -> dict[str, int]:
    """The outcome of each caller where a sign-in is asked for."""
    return everybody(default, **({"anonymous": 401} | others))


OVERSEERS = {"administrator": PASSES, "dataset_manager": PASSES, "owner": PASSES}

EXPECTED: dict[str, dict[str, int]] = {
    "anyone": everybody(PASSES),
    "near administer": everybody(PASSES),  # these callers are on this machine; see test_health for others
    "signed in": signed_in(),
    "may upload": signed_in(),
    "may manage_people": signed_in(403, administrator=PASSES, stranger=PASSES),
    "may manage_teams": signed_in(403, administrator=PASSES, stranger=PASSES),
    "may manage_roots": signed_in(403, administrator=PASSES, stranger=PASSES),
    "may administer": signed_in(403, administrator=PASSES, stranger=PASSES),
    "may see dataset": everybody(404, viewer=PASSES, editor=PASSES, **OVERSEERS),
    "may label dataset": everybody(404, viewer=403, editor=PASSES, **OVERSEERS),
    "may export dataset": everybody(404, viewer=403, editor=PASSES, **OVERSEERS),
    "may edit dataset": everybody(404, viewer=403, editor=PASSES, **OVERSEERS),
    "may share dataset": everybody(404, viewer=403, editor=403, **OVERSEERS),
    "may delete dataset": everybody(404, viewer=403, editor=403, **OVERSEERS),
    "may see job": everybody(404, viewer=PASSES, editor=PASSES, **OVERSEERS),
    "may edit job": everybody(404, viewer=403, editor=PASSES, **OVERSEERS),
    "may edit upload": everybody(404, owner=PASSES),
    "may see user": everybody(PASSES, anonymous=404, stranger=404),
    "may edit user": everybody(403, anonymous=404, stranger=404, administrator=PASSES),
    "may manage_people user": everybody(403, anonymous=404, stranger=404, administrator=PASSES),
    "may see team": everybody(PASSES, anonymous=404, stranger=404),
    "may edit team": everybody(403, anonymous=404, stranger=404, administrator=PASSES),
    "may manage_teams team": everybody(403, anonymous=404, stranger=404, administrator=PASSES),
    "may edit token": everybody(404, owner=PASSES, administrator=PASSES),
    "may see tune": everybody(404, viewer=PASSES, editor=PASSES, **OVERSEERS),
    "may edit tune": everybody(404, viewer=403, editor=PASSES, **OVERSEERS),
    "may see root": everybody(PASSES, anonymous=404, stranger=404),
    "may manage_roots root": everybody(403, anonymous=404, stranger=404, administrator=PASSES),
}

EMPTY_HANDED = re.compile(r"/(thumbnails|files|tiles|assets|rasters|map)/")
"""Routes whose innermost thing is not there, whoever asks: there a 404 is no refusal."""


class Neighbourhood:
    """Everybody who calls, and a fresh thing of each kind whenever one is asked for."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        away = house.organization("elsewhere")
        self.people: dict[str, Person] = {
            "stranger": house.person(Role.ADMINISTRATOR, organization_id=away),
            "administrator": house.person(Role.ADMINISTRATOR),
            "dataset_manager": house.person(Role.DATASET_MANAGER),
            "team_manager": house.person(Role.TEAM_MANAGER),
            "member": house.person(),
            "owner": house.person(),
            "viewer": house.person(),
            "editor": house.person(),
        }

    def client(self, caller: str) -> httpx.Client:
        person = self.people.get(caller)
        return self.house.client() if person is None else person.client()

    def values(self, path: str) -> dict[str, str]:
        """A value for each parameter of the path."""
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        values = {name: str(getattr(self, f"a_{name}", self._other)()) for name in names}
        if "team" in values and "user" in values:
            member = {"team_id": values["team"], "user_id": values["user"]}
            self.house.insert(tables.team_members, **member, manages=False)
        return values

    def a_dataset(self) -> str:
        dataset_id = self.house.dataset(self.people["owner"])
        self.house.grant(dataset_id, "user", self.people["viewer"].user_id, "see")
        self.house.grant(dataset_id, "user", self.people["editor"].user_id, "edit")
        return dataset_id

    def a_job(self) -> str:
        return self.house.job(self.people["owner"], self.a_dataset())

    def a_upload(self) -> str:
        upload_id = new_id()
        owner = self.people["owner"]
        UploadFolder(self.house.installation.settings.home).create(upload_id, 10)
        self.house.insert(
            tables.uploads,
            id=upload_id,
            organization_id=owner.subject.organization_id,
            user_id=owner.user_id,
            filename="a.zip",
            length=10,
            details={},
            created_at=time.time(),
        )
        return upload_id

    def a_user(self) -> str:
        return self.house.person().user_id

    def a_team(self) -> str:
        team_id = new_id()
        home = self.house.home_id
        self.house.insert(
            tables.teams, id=team_id, organization_id=home, name=team_id, created_at=time.time()
        )
        return team_id

    def a_token(self) -> str:
        with self.house.installation.database.write() as connection:
            row, _ = api_tokens.add_token(connection, self.people["owner"].subject, "to revoke")
        return str(row.id)

    def a_root(self) -> str:
        root_id = new_id()
        home = self.house.home_id
        self.house.insert(
            tables.roots,
            id=root_id,
            organization_id=home,
            name=root_id,
            path=str(self.folder),
            created_at=time.time(),
        )
        return root_id

    def a_tune(self) -> str:
        tune_id = new_id()
        self.house.insert(
            tables.tunes,
            id=tune_id,
            organization_id=self.house.home_id,
            dataset_id=self.a_dataset(),
            dataset_version=1,
            name=tune_id,
            task="Segmentation",
            base_model="prithvi_eo_v2_300",
            template="base_segmentation",
            parameters={},
            state="Draft",
            author_id=self.people["owner"].user_id,
            created_at=time.time(),
            updated_at=time.time(),
        )
        return tune_id

    def a_template(self) -> str:
        return "pictures"

    def a_sha256(self) -> str:
        return "0" * 64

    def _other(self) -> str:
        return "0"


def call(client: httpx.Client, route: RuledRoute, values: dict[str, str]) -> int:
    """The status of the answer; its body is not waited for, since some never end."""
    path = re.sub(r"{(\w+)(?::\w+)?}", lambda match: values[match[1]], route.path)
    body: dict[str, Any] = {} if route.method in ("GET", "HEAD", "OPTIONS", "DELETE") else {"json": {}}
    headers = {"Tus-Resumable": "1.0.0"}
    url = f"{str(client.base_url).removesuffix('/api/v1/')}{path}"
    with client.stream(route.method, url, headers=headers, **body) as answer:
        return answer.status_code


def test_every_route_keeps_its_rule_for_everybody(any_house: House, tmp_path: Path) -> None:
    house = any_house
    neighbourhood = Neighbourhood(house, tmp_path)
    wrong = []
    for route in rules_of(house.app):
        assert route.rule is not None, f"{route.method} {route.path} has no rule"
        meaning = EXPECTED.get(str(route.rule))
        assert meaning is not None, f"EXPECTED does not say what “{route.rule}” means"
        kept = neighbourhood.values(route.path)
        for caller in CALLERS:
            expected = meaning[caller]
            # Whoever passes may change or delete the thing; those who are refused can share one.
            values = neighbourhood.values(route.path) if expected == PASSES else kept
            with neighbourhood.client(caller) as client:
                status = call(client, route, values)
            refusals = (401, 403) if EMPTY_HANDED.search(route.path) else (401, 403, 404)
            passed = status not in refusals and status < 500
            if status != expected and not (expected == PASSES and passed):
                wrong.append(
                    f"{route.method} {route.path} ({route.rule}): {caller} got {status}, not {expected}"
                )
    assert not wrong, "\n".join(wrong)


def test_the_walk_covers_plain_routes_and_those_of_every_router(house: House) -> None:
    paths = {(route.method, route.path) for route in rules_of(house.app)}
    for known in (
        ("GET", "/healthz"),
        ("PATCH", "/api/v1/uploads/{upload}"),
        ("GET", "/api/v1/events"),
        ("DELETE", "/api/v1/users/{user}"),
        ("GET", "/api/v1/openapi.json"),
    ):
        assert known in paths


async def _greet(_: Request, __: Access) -> Response:
    return Response("hello")


async def _naked(_: Request) -> Response:
    return Response("hello")


def _application(*routes: Route | Mount) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.extend(routes)
    return app


def test_a_route_without_a_rule_keeps_the_application_from_starting() -> None:
    guarded_route = Route("/in", guarded(Rule("anyone"), _greet))
    check_rules(_application(guarded_route))
    for bare in (
        Route("/out", _naked),
        Mount("/below", routes=[Route("/out", _naked)]),
        Mount("/files", app=Response("hello")),
    ):
        with pytest.raises(RuntimeError, match="without a rule"):
            check_rules(_application(guarded_route, bare))


def test_a_fastapi_route_without_a_rule_keeps_the_application_from_starting() -> None:
    app = _application()

    @app.get("/forgotten")
    def forgotten() -> str:
        return "hello"

    with pytest.raises(RuntimeError, match="GET /forgotten"):
        check_rules(app)


def test_the_manager_of_a_team_may_change_it_and_no_other(house: House, tmp_path: Path) -> None:
    neighbourhood = Neighbourhood(house, tmp_path)
    own, other = neighbourhood.a_team(), neighbourhood.a_team()
    manager = neighbourhood.people["member"]
    house.insert(tables.team_members, team_id=own, user_id=manager.user_id, manages=True)
    someone = neighbourhood.a_user()
    with manager.client() as client:
        assert client.put(f"/teams/{own}/members/{someone}", json={}).status_code == 200
        assert client.put(f"/teams/{other}/members/{someone}", json={}).status_code == 403
        assert client.delete(f"/teams/{own}").status_code == 403


def test_a_public_dataset_is_seen_without_an_account(house: House) -> None:
    owner = house.person()
    public, private = house.dataset(owner), house.dataset(owner)
    house.grant(public, "everyone", "", "see")
    with house.client() as client:
        assert client.get(f"/datasets/{public}").status_code == 200
        assert client.get(f"/datasets/{private}").status_code == 404
        assert client.patch(f"/datasets/{public}", json={}).status_code == 403


def test_what_may_not_be_seen_answers_like_what_does_not_exist(house: House) -> None:
    hidden = house.dataset(house.person())
    with house.person().client() as client:
        answers = [client.get(f"/datasets/{name}").json() for name in (hidden, new_id())]
    assert answers[0] == answers[1]


def test_the_events_of_a_walk_hold_no_secrets(house: House) -> None:
    with house.person(Role.ADMINISTRATOR).client() as client:
        client.post("/users", json={"email": "x@example.org", "name": "X", "password": "a secret password"})
        token = client.post("/tokens", json={"name": "t"}).json()["token"]
    with house.installation.database.read() as connection:
        text = str([tuple(row) for row in connection.execute(sa.select(tables.events))])
    assert "a secret password" not in text
    assert token not in text
    assert "user.created" in text
