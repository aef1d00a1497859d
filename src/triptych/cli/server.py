"""The server process: listens, writes down that it serves this home, ends gracefully."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from triptych.api.app import create_app
from triptych.assembly import open_installation
from triptych.client.home_server import HomeServer, announce, running_server, withdraw
from triptych.core.errors import Conflict, InvalidInput, Unavailable
from triptych.people.service import ensure_first_start
from triptych.people.sessions import SIGN_IN_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from triptych.cli.output import Output
    from triptych.installation import Installation
    from triptych.settings import Settings

GRACE_SECONDS = 10
"""Seconds that requests under way have to end once the server was told to stop."""

BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and with which certificate. `or_any_port`: take a free port when this one is taken."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    or_any_port: bool = False


def run_server(
    settings: Settings, listening: Listening, output: Output, shown: dict[str, Any] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT. `shown` is added to the document that --json prints.

    Raises Conflict `already_serving` and `port_taken`.
    """
    require_no_server(settings.home)
    _log_to_standard_error(settings, output)
    with _stopping() as stop, _listen(listening) as listener, open_installation(settings, work=True) as home:
        address = _address(listening, listener)

        def ready() -> None:
            # 0.0.0.0 and :: name no machine; the local command line talks to the loopback.
            local = _address(listening, listener, local=True)
            announce(settings.home, HomeServer(local, os.getpid(), home.local_secret))
            _print_address(output, address, _first_sign_in(home, address), shown or {})

        config = uvicorn.Config(
            create_app(home),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.key,
            server_header=False,
        )
        try:
            stop.serving = True
            _Server(config, ready).run(sockets=[listener])
        finally:
            withdraw(settings.home, os.getpid())


def require_no_server(home: Path) -> None:
    """Conflict (`already_serving`) when a server runs on the home."""
    other = running_server(home)
    if other is not None:
        raise Conflict(
            f"A server runs on {home} already, at {other.address} (process {other.pid}).",
            code="already_serving",
            hint="Use that one, or stop it first.",
        )


def run_worker(settings: Settings, output: Output) -> None:
    """Run jobs until SIGTERM or SIGINT."""
    _log_to_standard_error(settings, output)
    with _stopping() as stop, open_installation(settings, work=True):
        if output.as_json:
            output.document({"working": True, "pid": os.getpid(), "workers": settings.worker_count})
            output.flush()
        output.say(f"Working with {settings.worker_count} processes. Ctrl+C stops.")
        stop.serving = True
        stop.asked.wait()


def _log_to_standard_error(settings: Settings, output: Output) -> None:
    """What the server notes, a line each; every request only with TRIPTYCH_LOG_LEVEL=DEBUG."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("triptych")
    logger.handlers = [handler]
    logger.setLevel(max(level, logging.WARNING) if output.quiet else level)
    logging.getLogger("triptych.access").setLevel(level if level <= logging.DEBUG else logging.WARNING)


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


class _Stop:
    """Whether somebody asked the process to end, and whether it is past its start."""

    def __init__(self) -> None:
        self.serving = False
        self.asked = threading.Event()

    def __call__(self, number: int, frame: object) -> None:
        self.asked.set()
        if not self.serving:
            raise SystemExit(0)


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """SIGTERM and SIGINT end the block in order. uvicorn raises them again after its own end, when the
    default action would end the process before the home is closed."""
    stop = _Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@contextmanager
def _listen(listening: Listening) -> Iterator[socket.socket]:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            listening.host, listening.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise InvalidInput(
            f"{listening.host!r} is no address of this machine: {error.strerror}.",
            code="bad_host",
            hint="Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every network it is in.",
        ) from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            _bind(listener, place, or_any_port=listening.or_any_port)
            listener.listen(BACKLOG)
        except PermissionError as error:
            raise Unavailable(
                f"Port {listening.port} may not be taken by this user.",
                code="port_not_allowed",
                hint="Ports below 1024 belong to the system; choose another with --port.",
            ) from error
        except OSError as error:
            raise Conflict(
                f"{listening.host}:{listening.port} cannot be listened on: {error.strerror}.",
                code="port_taken",
                hint="Another program has the port; choose one with --port, or 0 for any that is free.",
            ) from error
        yield listener


def _bind(listener: socket.socket, place: tuple[Any, ...], *, or_any_port: bool) -> None:
    try:
        listener.bind(place)
    except OSError as error:
        if error.errno != errno.EADDRINUSE or not or_any_port:
            raise
        listener.bind((place[0], 0, *place[2:]))


def _address(listening: Listening, listener: socket.socket, *, local: bool = False) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if local or host == "0.0.0.0" else "::1"
    scheme = "https" if listening.certificate else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _first_sign_in(home: Installation, address: str) -> str | None:
    """The whole address of the first administrator's one-time link; None once that person has signed in."""
    secret = ensure_first_start(home.database, home.settings).sign_in_link
    return None if secret is None else f"{address}{SIGN_IN_PATH}{secret}"


def _print_address(output: Output, address: str, link: str | None, shown: dict[str, Any]) -> None:
    if output.as_json:
        output.document({"address": address, "pid": os.getpid(), "sign_in_link": link, **shown})
    else:
        output.show(f"Triptych serves at {address}")
        if link:
            output.show(f"Sign in for the first time (works once): {link}")
    output.flush()
    output.say("Ctrl+C stops it.")
