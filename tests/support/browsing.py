"""A real server with a browser before it, as people have them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from tests.support.processes import Programs, Server, eventually
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Request

EMAIL = "ada@example.org"
PASSWORD = "correct horse battery"
ADMINISTRATOR = {"TRIPTYCH_ADMIN_EMAIL": EMAIL, "TRIPTYCH_ADMIN_PASSWORD": PASSWORD}
# WebGL without a graphics card; a container has no rights for Chromium's own sandbox.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",
    "--font-render-hinting=none",
)
JOB_SECONDS = 120.0
NOTHING_BUSY = "document.querySelectorAll('[aria-busy=true]').length === 0"


def chromium_program() -> str | None:
    """Where Chromium is; None where it is not installed."""
    # Without windows to draw it takes a quarter less time than the whole browser.
    installed = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    return os.environ.get("TRIPTYCH_TEST_CHROMIUM") or next(filter(None, installed), None)


def until_true(page: Page, expression: str, seconds: float = 20.0) -> None:
    """Wait until an expression is true in the page; Playwright's own waiting needs `eval`, which the pages forbid."""
    eventually(lambda: bool(page.evaluate(expression)), seconds)


@dataclass
class Studio:
    """A server of its own on a fresh home, with its first administrator."""

    programs: Programs
    server: Server

    @classmethod
    def begin(cls, home: Path, **settings: str) -> Studio:
        """Start a server, with settings as environment variables; `end` it."""
        programs = Programs(home, environment=ADMINISTRATOR | settings)
        try:
            return cls(programs, programs.serve())
        except BaseException:
            programs.end()
            raise

    @property
    def address(self) -> str:
        """Where the pages are, without a slash at the end."""
        return self.server.connection.address.rstrip("/")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    def add(
        self, source: Path, *, name: str | None = None, keep: bool = True, wait: bool = True, **options: str
    ) -> dict[str, Any]:
        """Onboard a file or folder of this machine; what `show` shows once its job has ended."""
        begun = self.server.connection.post(
            "/datasets",
            {
                "source": {"kind": "path", "path": str(source)},
                "name": name,
                "keep_succeeded": keep,
                "options": options,
            },
        )
        shown: dict[str, Any] = begun["dataset"]
        if wait:
            self.wait(begun["job"]["id"])
            shown = self.show(shown["name"])
        return shown

    def wait(self, job: str) -> dict[str, Any]:
        """Wait until a job has ended; its document."""
        document: dict[str, Any] = {}

        def ended() -> bool:
            document.update(self.server.connection.get(f"/jobs/{job}"))
            return document["state"] in ("succeeded", "failed", "cancelled")

        eventually(ended, JOB_SECONDS, 0.1)
        return document

    def show(self, name: str) -> dict[str, Any]:
        """What `show` shows."""
        document: dict[str, Any] = self.server.connection.get(dataset_path(name))
        return document

    def kill(self) -> int:
        """End the server by SIGKILL; the port that it had, for `restart`."""
        port = self.port
        self.server.kill()
        return port

    def restart(self, port: int = 0) -> None:
        """Start the server again on the same home."""
        self.server = self.programs.serve(port)

    def end(self) -> None:
        """No process is left."""
        self.server.connection.close()
        self.programs.end()


@dataclass
class Watched:
    """A page, and what it did that it must not do."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("console", lambda message: self._say(message.type, message.text))
        self.page.on("request", self._ask)

    def _say(self, kind: str, text: str) -> None:
        # Refusals of the server are told by the browser, too; pages show them, and tests of pages see to it.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.faults.append(text)

    def _ask(self, request: Request) -> None:
        if not request.url.startswith((self.address, "blob:", "data:")):
            self.outside.append(request.url)

    def check(self) -> None:
        """AssertionError when the page had faults, broke the policy, or asked another server."""
        assert not self.faults, "\n".join(self.faults)
        assert not self.outside, f"requests to others: {self.outside}"


def signed_in(browser: Browser, studio: Studio, **options: Any) -> BrowserContext:
    """A context with the session of the first administrator; `options` are those of Playwright's new_context."""
    answer = httpx.post(
        f"{studio.address}/api/v1/session",
        json={"email": EMAIL, "password": PASSWORD},
        headers={"X-Triptych": "1"},
    )
    answer.raise_for_status()
    context = browser.new_context(
        **{"base_url": studio.address, "viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}
        | options
    )
    context.add_cookies(
        [{"name": name, "value": value, "url": studio.address} for name, value in answer.cookies.items()]
    )
    return context
