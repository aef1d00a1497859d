"""A part that is loaded with the first request for it answers as one that is loaded at the start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.support.house import cheap_passwords
from triptych.api import parts
from triptych.api.access_rules import rules_of
from triptych.api.app import create_app
from triptych.api.parts import API, PARTS, Part
from triptych.client.in_process import ADDRESS, InProcessTransport

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.support.house import House

NAMES = ("7", "a%2Fb@3", "0", "two words", "a\nb")


def addresses_of(template: str) -> list[str]:
    return [re.sub(r"{\w+(:\w+)?}", name, template) for name in NAMES]


@pytest.fixture
def on_demand(house: House) -> FastAPI:
    return create_app(house.installation, passwords=cheap_passwords(), on_demand=True)


def loaded_parts(app: FastAPI) -> set[str]:
    modules = {getattr(route.endpoint, "__module__", "") for route in rules_of(app)}
    return {module.rpartition(".")[2] for module in modules}


def test_the_paths_of_a_part_are_those_of_its_routes() -> None:
    for part in PARTS:
        routes = [(route, API) for router in part.routers() for route in router.routes]
        routes += [(route, "") for route in part.routes()]
        assert routes, part.module
        for route, prefix in routes:
            for address in addresses_of(prefix + getattr(route, "path", "")):
                assert part.answers(address), f"{part.module} does not say that it answers {address!r}"


def test_a_part_is_not_loaded_for_the_paths_of_others() -> None:
    detail = next(part for part in PARTS if part.module == "item_detail_routes")
    assert detail.answers("/api/v1/datasets/a/item")
    for path in (
        "/datasets/a/item",
        "/api/v1/datasets/a/items",
        "/api/v1/datasets/a/item/",
        "/api/v1/datasets",
    ):
        assert not detail.answers(path)


def test_every_route_answers_as_if_all_were_loaded(house: House, on_demand: FastAPI) -> None:
    whole = create_app(house.installation, passwords=cheap_passwords())
    requests = {(route.method, path) for route in rules_of(whole) for path in addresses_of(route.path)[:2]}
    requests |= {("PUT", path) for _, path in requests} | {("GET", "/api/v1/nothing"), ("GET", "/nothing")}
    streams = {"/api/v1/events"}
    with InProcessTransport(whole) as one, InProcessTransport(on_demand) as other:
        clients = [httpx.Client(base_url=ADDRESS, transport=each) for each in (one, other)]
        for method, path in sorted(requests):
            if path not in streams:
                answers = [client.request(method, path) for client in clients]
                seen = [(answer.status_code, answer.headers.get("allow")) for answer in answers]
                assert seen[0] == seen[1], f"{method} {path}"
    assert on_demand.openapi() == whole.openapi()
    assert [(route.method, route.path) for route in rules_of(on_demand)] == [
        (route.method, route.path) for route in rules_of(whole)
    ]


def test_a_request_loads_what_it_needs_alone(on_demand: FastAPI) -> None:
    assert "item_routes" not in loaded_parts(on_demand)
    with InProcessTransport(on_demand) as transport:
        client = httpx.Client(base_url=ADDRESS, transport=transport)
        assert client.get("/api/v1/datasets/x/items").status_code == 404
    assert "item_routes" in loaded_parts(on_demand)
    assert "people_routes" not in loaded_parts(on_demand)


def test_a_route_without_a_rule_is_never_reached(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare(Part):
        def routes(self) -> list[Route]:  # type: ignore[override]
            return [Route("/bare", lambda _: PlainTextResponse("come in"))]

    monkeypatch.setattr("triptych.api.app.PARTS", (*parts.PARTS, Bare("bare", ("/bare",), plain=True)))
    with pytest.raises(RuntimeError, match="/bare"):
        create_app(house.installation, passwords=cheap_passwords())
    app = create_app(house.installation, passwords=cheap_passwords(), on_demand=True)
    with InProcessTransport(app) as transport:
        client = httpx.Client(base_url=ADDRESS, transport=transport)
        assert [client.get("/bare").status_code for _ in range(2)] == [500, 500]
        assert client.get("/healthz").status_code == 200
