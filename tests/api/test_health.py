"""Health, readiness, metrics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.api import health
from triptych.core.access import Role
from triptych.core.errors import Unavailable
from triptych.db import tables

if TYPE_CHECKING:
    import httpx
    import pytest

    from tests.support.house import House


def at(house: House, path: str, **headers: str) -> httpx.Response:
    return house.client(**headers).get(f"http://triptych.test{path}")


def test_a_process_that_answers_is_healthy_even_without_its_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanished() -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(house.installation.database, "read", vanished)
    assert at(house, "/healthz").json() == {"status": "ok"}


def test_an_installation_that_works_is_ready(house: House) -> None:
    answer = at(house, "/readyz")
    assert answer.status_code == 200
    parts = answer.json()["parts"]
    assert set(parts) == {"database", "migrations", "storage", "staging"}
    assert all(part == {"ok": True, "reason": None} for part in parts.values())


def test_each_part_that_fails_is_named_without_its_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise Unavailable("s3://secret-bucket does not answer")

    monkeypatch.setattr(house.installation.objects.__class__, "check", lambda _: broken())
    with house.installation.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    answer = at(house, "/readyz")
    assert answer.status_code == 503
    parts = answer.json()["parts"]
    assert [name for name, part in parts.items() if not part["ok"]] == ["migrations", "storage"]
    assert "secret-bucket" not in answer.text


def test_readiness_is_looked_at_once_for_many_who_ask(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def look(_: object) -> dict[str, str | None]:
        looks.append(1)
        return {}

    monkeypatch.setattr(health, "SECONDS_KEPT", 3600.0)
    monkeypatch.setattr(health, "check_parts", look)
    for _ in range(5):
        at(house, "/readyz")
    assert len(looks) == 1


def test_metrics_count_requests_by_route_and_status(house: House) -> None:
    for name in ("one", "two"):
        house.local().get(f"/datasets/{name}")
    house.client().get("/users")
    house.client().request("BREW", "/users")
    text = at(house, "/metrics").text
    route = 'method="GET",route="/api/v1/datasets/{dataset}",status="404"'
    assert f"triptych_requests_total{{{route}}} 2.0" in text
    assert 'triptych_requests_total{method="GET",route="/api/v1/users",status="401"} 1.0' in text
    assert 'method="other"' in text
    assert 'triptych_request_seconds_count{method="GET",route="/api/v1/users"} 1.0' in text
    assert not re.search(r"one|two", re.sub("[^\n]*HELP[^\n]*", "", text))


def test_metrics_tell_jobs_and_bytes(house: House) -> None:
    house.job(house.person(), state="failed")
    for number, start in ((b"a" * 32, 0), (b"b" * 32, 7)):
        house.insert(tables.blobs, sha256=number, object="pack", start=start, length=7, created_at=0.0)
    text = at(house, "/metrics").text
    assert 'triptych_jobs{state="failed"} 1.0' in text
    assert 'triptych_jobs{state="running"} 0.0' in text
    assert "triptych_stored_bytes 14.0" in text
    assert "triptych_database_up 1.0" in text


def test_metrics_say_that_the_database_is_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanished() -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(house.installation.database, "read", vanished)
    text = at(house, "/metrics").text
    assert "triptych_database_up 0.0" in text
    assert "triptych_stored_bytes 1" not in text


def test_metrics_are_for_this_machine_and_for_administrators(house: House) -> None:
    assert at(house, "/metrics").status_code == 200
    for header in ("X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"):
        assert at(house, "/metrics", **{header: "203.0.113.9"}).status_code == 401
    boss, member = house.person(Role.ADMINISTRATOR), house.person()
    proxied = {"X_Forwarded_For": "203.0.113.9"}
    assert at(house, "/metrics", Authorization=f"Bearer {boss.token}", **proxied).status_code == 200
    assert at(house, "/metrics", Authorization=f"Bearer {member.token}", **proxied).status_code == 403
