"""Long JSON answers in gzip, for those who take it: a page of labelled items is a tenth as long."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 4_000
"""What is shorter fits into a few packets as it is."""

LEVEL = 1
"""The fastest: 170 kB in a millisecond, to a tenth; level 6 takes three times as long for a twelfth."""

_TAKES_GZIP = re.compile(r"(?:^|[\s,])(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?(?:,|\s|$))[0-9.]+\s*)?(?:,|$)")


class Compressed:
    """Compresses answers of JSON that are whole in one piece; streams, pictures and archives stay as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not takes_gzip(Headers(scope=scope).get("accept-encoding", "")):
            await self._app(scope, receive, send)
            return
        held: Message | None = None

        async def compressing(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_json(message):
                held = message
                return
            if held is not None:
                start, held = held, None
                message = _compressed(start, message)
                await send(start)
            await send(message)

        await self._app(scope, receive, compressing)


def takes_gzip(accepted: str) -> bool:
    """Whether a header Accept-Encoding allows gzip (RFC 9110, 12.5.3); one that says nothing does not."""
    return _TAKES_GZIP.search(accepted.lower()) is not None


def _is_json(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return kind == "application/json" and "content-encoding" not in headers


def _compressed(start: Message, body: Message) -> Message:
    """The body in gzip, and its headers told so; both as they were where that is of no use."""
    headers = MutableHeaders(raw=start["headers"])
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    plain: bytes = body.get("body", b"")
    if body.get("more_body", False) or len(plain) < LEAST_BYTES:
        return body
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    packed = packer.compress(plain) + packer.flush()
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    start["headers"] = headers.raw
    return {**body, "body": packed}
