"""Long JSON is compressed for those who take it, and nothing else is."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from triptych.api.compression import LEAST_BYTES, Compressed, takes_gzip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tests.support.house import House

LONG = {"items": [{"key": f"scan_{number:05d}.png"} for number in range(2_000)]}


async def _json(request: Request) -> Response:
    return JSONResponse(LONG if request.query_params.get("long") else {"short": True})


async def _picture(_: Request) -> Response:
    return Response(b"\0" * 100_000, media_type="image/jpeg")


async def _stream(_: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b'["' + b"a" * LEAST_BYTES
        yield b'"]'

    return StreamingResponse(parts(), media_type="application/json")


@pytest.fixture
def client() -> httpx.AsyncClient:
    routes = [Route("/json", _json), Route("/picture", _picture), Route("/stream", _stream)]
    app = Starlette(routes=routes, middleware=[Middleware(Compressed)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://triptych.test")


@pytest.mark.anyio
async def test_a_long_answer_is_compressed_and_says_so(client: httpx.AsyncClient) -> None:
    async with client, client.stream("GET", "/json?long=1") as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(raw)
    plain = json.dumps(LONG, separators=(",", ":")).encode()
    assert gzip.decompress(raw) == plain
    assert len(raw) < len(plain) / 5


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("/json", "gzip"),
        ("/json?long=1", "identity"),
        ("/json?long=1", "br"),
        ("/picture", "gzip"),
        ("/stream", "gzip"),
    ],
)
async def test_what_is_short_unwanted_streamed_or_no_json_stays(
    client: httpx.AsyncClient, path: str, accepted: str
) -> None:
    async with client:
        answer = await client.get(path, headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.content


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("deflate,gzip", True),
        ("", False),
        ("gzip;q=0", False),
        ("gzip;q=0.0, br", False),
        ("x-gzip-like", False),
    ],
)
def test_the_header_is_read_as_it_is_meant(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


def test_the_application_compresses_its_own_description(house: House) -> None:
    answer = house.client().get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["info"]["title"] == "Triptych"
