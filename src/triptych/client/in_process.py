"""The application in this very process, spoken to as if it were a server: no socket, the same requests.

An ASGI application runs in an event loop of its own thread; requests come from ordinary blocking code. Bodies
stream both ways, a few pieces at a time, so that an export of any size passes through little memory.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import anyio
import httpx
from anyio.from_thread import start_blocking_portal

from triptych.core.errors import TriptychError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping
    from concurrent.futures import Future

    from anyio.from_thread import BlockingPortal

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

ADDRESS = "http://this-home"
"""The address that requests to the application carry."""

PIECES_AHEAD = 8


class InProcessTransport(httpx.BaseTransport):
    """Carries requests to an ASGI application. Its lifespan runs from here to `close`."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(start_blocking_portal())
        try:
            self._lifespan = _Lifespan(application, self._portal)
        except BaseException:
            self._stack.close()
            raise

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request; returns when the head of the answer is there."""
        exchange = _Exchange(self._application, self._portal, request, dict(self._lifespan.state))
        status, headers = exchange.head()
        return httpx.Response(status, headers=headers, stream=exchange)

    def close(self) -> None:
        """End the lifespan, then the event loop."""
        with self._stack:
            self._lifespan.end()


class _Lifespan:
    """Startup and shutdown of the application, as the ASGI specification has them."""

    def __init__(self, application: Application, portal: BlockingPortal) -> None:
        self._portal = portal
        self._application = application
        self._ending = portal.call(anyio.Event)
        self.state: dict[str, Any] = {}
        self._task: Future[Any]
        self._task, failure = portal.start_task(self._run)
        if failure:
            raise RuntimeError(f"the application did not start: {failure}")

    def end(self) -> None:
        self._portal.call(self._ending.set)
        self._task.result()

    async def _run(self, *, task_status: anyio.abc.TaskStatus[str]) -> None:
        told = False
        begun = False

        async def receive() -> Message:
            nonlocal begun
            if not begun:
                begun = True
                return {"type": "lifespan.startup"}
            await self._ending.wait()
            return {"type": "lifespan.shutdown"}

        async def send(message: Message) -> None:
            nonlocal told
            if not told and message["type"].startswith("lifespan.startup"):
                told = True
                failed = message["type"].endswith("failed")
                task_status.started((message.get("message") or "no reason given") if failed else "")

        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self.state}
        await self._application(scope, receive, send)
        if not told:
            task_status.started("it has no lifespan and ended")


class _Exchange(httpx.SyncByteStream):
    """One request and its answer: a task in the event loop, and a pipe from it."""

    def __init__(
        self,
        application: Application,
        portal: BlockingPortal,
        request: httpx.Request,
        state: dict[str, Any],
    ) -> None:
        self._application = application
        self._state = state
        self._portal = portal
        self._request = request
        self._body: Iterator[bytes] = iter(request.stream)  # type: ignore[arg-type]
        self._body_sent = False
        self._answered = False
        self._into, self._out_of = portal.call(self._pipe)
        self._closed = portal.call(anyio.Event)
        self._task: Future[None] = portal.start_task_soon(self._run)

    @staticmethod
    async def _pipe() -> Any:
        return anyio.create_memory_object_stream[Any](PIECES_AHEAD)

    def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Status and headers, as soon as the application sends them."""
        try:
            message = self._portal.call(self._out_of.receive)
        except anyio.EndOfStream:
            self._check_end()
            raise httpx.RemoteProtocolError("the application sent no answer") from None
        return message["status"], list(message.get("headers", ()))

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                piece = self._portal.call(self._out_of.receive)
            except anyio.EndOfStream:
                self._check_end()
                return
            if piece:
                yield piece

    def _check_end(self) -> None:
        """Raise what cut the answer short, as a broken connection unless it is an error of the product."""
        error = self._task.exception()
        # Starlette wraps what goes wrong after the head of an answer is sent.
        for cause in (error, error.__cause__ if error is not None else None):
            if isinstance(cause, TriptychError):
                raise cause
        if error is not None:
            raise httpx.RemoteProtocolError(f"the answer broke off: {error}") from error
        if not self._answered:
            raise httpx.RemoteProtocolError("the answer broke off before its end")

    def close(self) -> None:
        self._portal.call(self._closed.set)
        self._portal.call(self._out_of.close)
        if not self._task.done():
            self._task.cancel()

    async def _run(self) -> None:
        async with self._into:
            try:
                await self._application(self._scope(), self._receive, self._send)
            except anyio.BrokenResourceError:
                pass  # the caller closed the answer before its end
            except Exception:
                # Starlette answers a failure with a whole 500 and raises it again; half an answer is a failure.
                if not self._answered:
                    raise

    async def _receive(self) -> Message:
        if self._body_sent:
            await self._closed.wait()
            return {"type": "http.disconnect"}
        piece = await anyio.to_thread.run_sync(next, self._body, None)
        self._body_sent = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": not self._body_sent}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._into.send(message)
        elif message["type"] == "http.response.body":
            body = bytes(message.get("body", b""))
            if body:
                await self._into.send(body)
            if not message.get("more_body", False):
                self._answered = True
                await self._into.aclose()

    def _scope(self) -> dict[str, Any]:
        url = self._request.url
        raw_path = url.raw_path.partition(b"?")[0]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self._request.method,
            "scheme": url.scheme,
            "path": unquote(raw_path.decode("ascii")),
            "raw_path": raw_path,
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "client": ("127.0.0.1", 0),
            "server": (url.host, url.port or 80),
            "state": self._state,
        }
