"""The application in this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from triptych.client.in_process import ADDRESS, InProcessTransport
from triptych.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from tests.cli.fake_api import FakeServer
    from triptych.client.connection import Connection


def test_the_lifespan_runs_once_around_all_requests(server: FakeServer) -> None:
    with httpx.Client(transport=InProcessTransport(server.application()), base_url=ADDRESS) as client:
        assert server.lifespan == ["up"]
        for _ in range(3):
            assert client.get("/api/v1/datasets").json()["items"] == []
        assert client.get("/api/v1/state").json()["greeting"] == "hello"
        assert server.lifespan == ["up"]
    assert server.lifespan == ["up", "down"]


def test_a_lifespan_that_fails_is_told_and_leaves_no_thread() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("no database")

    before = threading.active_count()
    with pytest.raises(RuntimeError):
        InProcessTransport(broken)
    assert threading.active_count() == before


def test_an_encoded_slash_stays_in_the_raw_path(connection: Connection) -> None:
    response = connection.request("GET", "/state?x=a%2Fb")
    assert response.json()["raw"] == "/api/v1/state"


def test_a_body_streams_up_in_pieces(server: FakeServer) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    with httpx.Client(transport=InProcessTransport(server.application()), base_url=ADDRESS) as client:
        assert client.post("/api/v1/echo", content=pieces()).json() == {"pieces": 40, "bytes": 400_000}


def test_an_endless_answer_can_be_left(connection: Connection) -> None:
    with connection.stream("/endless") as response:
        pieces = response.iter_bytes()
        assert sum(len(next(pieces)) for _ in range(100)) > 6_000_000
    assert connection.get("/datasets")["items"] == []


def test_half_an_answer_is_a_failure_and_not_a_short_answer(connection: Connection) -> None:
    with pytest.raises(Unavailable, match="went away"), connection.stream("/half") as response:
        response.read()


def test_many_threads_ask_at_once(connection: Connection) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(len(connection.get("/datasets/x/items", limit=7)["items"]))
        )
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [7] * 12


@pytest.mark.parametrize("pieces", [0, 1])
def test_an_answer_that_stops_before_its_end_is_a_failure(pieces: int) -> None:
    async def stopping(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for stage in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{stage}.complete"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(pieces):
                await send({"type": "http.response.body", "body": b"x", "more_body": True})

    with (
        httpx.Client(transport=InProcessTransport(stopping), base_url=ADDRESS) as client,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        client.get("/export")
