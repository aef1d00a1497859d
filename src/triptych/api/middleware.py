"""What every request passes, as plain ASGI: a number, the log, measurements, headers, and the doorkeeper."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from triptych.api.access_rules import SLASH
from triptych.api.documents import is_text
from triptych.api.errors import BadRequest, answer, answer_to_bug
from triptych.core.errors import InvalidInput, NotAllowed, TooLarge, TriptychError
from triptych.people.sessions import cookie_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from triptych.api.metrics import RequestMetrics

_log = logging.getLogger("triptych.access")

JSON_BYTES = 1 << 20
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
UPLOAD_TYPE = "application/offset+octet-stream"
CLIENT_CLOSED = 499

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|NaN|Infinity")

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


class Observed:
    """Gives each request a number, logs and measures it, and turns what nobody planned into a 500.

    The log names the template of the route, never the address itself: addresses and queries hold names.
    """

    def __init__(self, app: ASGIApp, template_of: Callable[[Scope], str], metrics: RequestMetrics) -> None:
        self._app = app
        self._template_of = template_of
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        status = 0
        begun = time.perf_counter()

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        except ClientDisconnect:
            status = status or CLIENT_CLOSED
        except Exception as error:  # noqa: BLE001  the last place where a fault can become an answer
            response = answer_to_bug(error)
            if not status:
                await response(scope, receive, numbered)
        seconds = time.perf_counter() - begun
        route = self._template_of(scope)
        self._metrics.count(scope["method"], route, status, seconds)
        _log.info("%s %s %d %.1f ms %s", scope["method"], route, status, seconds * 1000, request_id)


class SecurityHeaders:
    """Headers that keep a browser from guessing, framing, leaking and caching, where a route set none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, guarded)


class OnDemand:
    """Has `load` make ready what a path needs, before a route is looked for; stands behind the doorkeeper, which
    says where a path's segments end."""

    def __init__(self, app: ASGIApp, load: Callable[[str], None]) -> None:
        self._app = app
        self._load = load

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._load(scope["path"])
        await self._app(scope, receive, send)


class Doorkeeper:
    """Turns away what no route should see: forged requests, bodies too large, text that is no text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                raise BadRequest("The address holds the character NUL.", code="nul_in_address")
            scope = _with_slashes_kept(scope)
            if scope["method"] not in SAFE_METHODS:
                _check_origin(scope, headers)
                if headers.get("content-type", "").partition(";")[0].strip().lower() != UPLOAD_TYPE:
                    receive = await _checked_body(headers, receive)
        except TriptychError as error:
            await answer(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _with_slashes_kept(scope: Scope) -> Scope:
    """The scope with `SLASH` for each slash that the client encoded: names may hold slashes, and the router
    must not take them for the end of a segment. The door of the route puts them back."""
    raw = scope.get("raw_path") or b""
    if b"%2f" not in raw.lower():
        return scope
    segments = raw.decode("ascii", "replace").split("/")
    return {**scope, "path": "/".join(unquote(segment).replace("/", SLASH) for segment in segments)}


def _check_origin(scope: Scope, headers: Headers) -> None:
    """NotAllowed for a changing request that another site may have made in a browser's name.

    A bearer token or the local secret cannot be sent by another site, so such requests pass.
    """
    if "authorization" in headers or "x-triptych-local" in headers:
        return
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    foreign = site not in ("same-origin", "none") if site is not None else False
    if not foreign and origin is not None:
        foreign = _place(origin) != _place(f"{scope['scheme']}://{headers.get('host', '')}")
    if foreign:
        raise NotAllowed(
            "The request comes from a page of another site.",
            code="foreign_origin",
            hint="Open Triptych at its own address; a proxy in front of it has to pass the header Host on.",
        )
    if f"{cookie_name(scope['scheme'])}=" in headers.get("cookie", "") and headers.get("x-triptych") != "1":
        raise NotAllowed(
            "A changing request with a session needs the header X-Triptych.",
            code="header_missing",
            hint="Send X-Triptych: 1, or use an API token instead of a session.",
        )


def _place(address: str) -> tuple[str | None, int | None]:
    # The scheme is left out: behind a proxy that ends TLS the server sees http where the browser saw https.
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None, -1
    return parts.hostname, None if port in (80, 443) else port


async def _checked_body(headers: Headers, receive: Receive) -> Receive:
    """The whole body, at most `JSON_BYTES`, its JSON without NUL, half surrogates, NaN and infinity."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > JSON_BYTES:
        raise _body_too_large()
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > JSON_BYTES:
            raise _body_too_large()
        if not message.get("more_body", False):
            break
    body = b"".join(parts)
    _check_json(body)
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _check_json(body: bytes) -> None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.", code="not_json", hint="Send one JSON document.") from None
    if _SUSPICIOUS.search(body) is None:
        return
    try:
        document = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        document = None
    except json.JSONDecodeError:
        return  # the route's own parser says where
    if not all(is_text(text) for text in _texts(document)):
        raise InvalidInput(
            "The body holds a text with NUL or with half of a surrogate pair.",
            code="not_text",
            hint="Send Unicode text without U+0000 and without lone surrogates.",
        )


def _no_number(name: str) -> None:
    raise InvalidInput(
        f"The body holds {name}, which is not a number in JSON.",
        code="not_a_number",
        hint="Send null instead.",
    )


def _texts(document: object) -> list[str]:
    found: list[str] = []
    open_values = [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            open_values.extend(value)
        elif isinstance(value, dict):
            open_values.extend(value.keys())
            open_values.extend(value.values())
    return found


def _body_too_large() -> TooLarge:
    return TooLarge(
        f"The body of the request has more than {JSON_BYTES} bytes.",
        code="body_too_large",
        hint="Files go to /api/v1/uploads, in pieces.",
    )
