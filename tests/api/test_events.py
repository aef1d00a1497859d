"""Progress as server-sent events."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.api import events
from triptych.api.events import JobFeed
from triptych.core.ids import new_id
from triptych.db import tables
from triptych.people import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    import pytest

    from tests.support.house import House


def change(house: House, job: str, **values: Any) -> None:
    with house.installation.database.write() as connection:
        connection.execute(sa.update(tables.jobs).where(tables.jobs.c.id == job).values(**values))


def blocks(answer: httpx.Response) -> Iterator[str]:
    """The stream, block by block."""
    held = ""
    for text in answer.iter_text():
        held += text
        while "\n\n" in held:
            block, _, held = held.partition("\n\n")
            yield block


def jobs_in(stream: Iterator[str]) -> Iterator[dict[str, Any]]:
    for block in stream:
        if block.startswith("event: job"):
            yield json.loads(block.split("data: ")[1])


def test_a_job_that_ended_is_told_once_and_the_stream_ends(house: House) -> None:
    ada = house.person()
    job = house.job(ada)
    with ada.client() as client:
        answer = client.get(f"/jobs/{job}/events")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text.startswith("retry: 2000\n\nevent: job\nid: ")
        assert [one["state"] for one in jobs_in(blocks(answer))] == ["failed"]
        again = client.get(f"/jobs/{job}/events", headers={"Last-Event-ID": job})
        assert (again.status_code, again.content) == (204, b"")


def test_each_change_is_told_until_the_job_ends(house: House) -> None:
    ada = house.person()
    job = house.job(ada, state="running", stage="import", total=10)
    with ada.client() as client, client.stream("GET", f"/jobs/{job}/events") as answer:
        stream = jobs_in(blocks(answer))
        assert next(stream)["done"] == 0
        change(house, job, done=4)
        assert next(stream)["done"] == 4
        change(house, job, state="succeeded", done=10)
        assert next(stream)["state"] == "succeeded"
        assert list(stream) == []


def test_the_stream_of_all_jobs_tells_only_what_the_caller_may_see(house: House) -> None:
    ada, grace = house.person(), house.person()
    with ada.client() as client, client.stream("GET", "/events") as answer:
        stream = blocks(answer)
        assert next(stream).startswith("retry")
        house.job(grace, state="running")
        own = house.job(ada, state="running")
        assert next(jobs_in(stream))["id"] == own
        change(house, own, state="cancelled")
        assert next(jobs_in(stream))["state"] == "cancelled"


def test_a_quiet_stream_is_kept_alive_and_ends_with_the_right_to_see(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    ada = house.person()
    job = house.job(ada, state="running")
    with ada.client() as client, client.stream("GET", f"/jobs/{job}/events") as answer:
        stream = blocks(answer)
        assert [next(stream).partition(":")[0] for _ in range(3)] == ["retry", "event", ""]
        with house.installation.database.write() as connection:
            service.change_user(connection, ada.subject, ada.user_id, active=False)
        assert all(block.startswith(":") for block in stream)


def test_head_of_a_stream_is_answered_at_once(house: House) -> None:
    ada = house.person()
    job = house.job(ada, state="running")
    assert ada.client().head(f"/jobs/{job}/events").status_code == 200
    assert ada.client().head("/events").status_code == 200


def test_many_clients_cost_one_look_and_none_costs_none(house: House) -> None:
    job = house.job(house.person(), state="running")
    looks: list[str] = []
    sa.event.listen(
        house.installation.database.reader,
        "before_cursor_execute",
        lambda *given: looks.append(given[2]) if "FROM jobs" in given[2] else None,
    )

    async def scenario() -> None:
        feed = JobFeed(house.installation.database)
        task = asyncio.create_task(feed.run())
        await asyncio.sleep(0.05)
        assert looks == []
        task.cancel()
        with feed.subscribe(job) as one, feed.subscribe() as two, feed.subscribe("a" * 24) as other:
            await feed.look()
            assert len(looks) == 1 + 1  # the unfinished, and the unknown job that somebody watches
            assert [row.id for row in await one.take(1)] == [row.id for row in await two.take(1)] == [job]
            assert await other.take(0.01) == []
            await feed.look()
            assert await one.take(0.01) == []

    asyncio.run(scenario())


def test_a_job_that_begins_and_ends_between_two_looks_is_told_once(any_house: House) -> None:
    ada = any_house.person()
    any_house.job(ada, state="succeeded")

    async def scenario() -> tuple[list[str], list[Any], str]:
        feed = JobFeed(any_house.installation.database)
        feed._since = new_id()  # the first one is older than what is told
        with feed.subscribe() as subscription:
            await feed.look()
            assert await subscription.take(0.01) == []
            quick = any_house.job(ada, state="succeeded")
            await feed.look()
            told = [row.id for row in await subscription.take(1)]
            await feed.look()
            return told, await subscription.take(0.01), quick

    told, again, quick = asyncio.run(scenario())
    assert told == [quick]
    assert again == []


def test_a_slow_client_gets_the_newest_state_alone(house: House) -> None:
    job = house.job(house.person(), state="running")

    async def scenario() -> list[int]:
        feed = JobFeed(house.installation.database)
        with feed.subscribe(job) as subscription:
            for done in range(5):
                await asyncio.to_thread(change, house, job, done=done)
                await feed.look()
            return [row.done for row in await subscription.take(1)]

    assert asyncio.run(scenario()) == [4]


def test_streams_of_two_clients_run_side_by_side(house: House) -> None:
    ada = house.person()
    job = house.job(ada, state="running")
    told: list[str] = []

    def listen() -> None:
        with ada.client() as client:
            told.extend(one["state"] for one in jobs_in(blocks(client.get(f"/jobs/{job}/events"))))

    listeners = [threading.Thread(target=listen) for _ in range(4)]
    for listener in listeners:
        listener.start()
    change(house, job, state="succeeded")
    for listener in listeners:
        listener.join(30)
    assert told.count("succeeded") == 4
