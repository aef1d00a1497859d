"""The application: every route, the doors, and what goes on beside the requests."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from triptych.api.access_rules import Rule, check_rules
from triptych.api.callers import Desk
from triptych.api.compression import Compressed
from triptych.api.dependencies import Access, guarded
from triptych.api.errors import declared_answers, error_schemas, install_handlers
from triptych.api.events import JobFeed
from triptych.api.health import Readiness
from triptych.api.metrics import RequestMetrics
from triptych.api.middleware import Doorkeeper, Observed, OnDemand, SecurityHeaders
from triptych.api.parts import API, PARTS, Part
from triptych.api.upload_rows import sweep_uploads
from triptych.core.errors import TriptychError
from triptych.datasets.disposal import collect, purge_expired
from triptych.people.passwords import Passwords
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Scope

    from triptych.installation import Installation

_log = logging.getLogger("triptych.api")

NOTE_SECONDS = 30.0
SWEEP_SECONDS = 3600.0


def create_app(
    installation: Installation, *, passwords: Passwords | None = None, on_demand: bool = False
) -> FastAPI:
    """The application of an installation. `passwords` sets what a password costs to verify.

    With `on_demand` a part is loaded by the first request for one of its paths. RuntimeError when a route has no
    rule, then too.
    """
    metrics = RequestMetrics(installation.database)
    app: _Application = _Application(
        title="Triptych",
        version=version("triptych"),
        description="Image datasets: brought in, checked, measured, searched, split and shared.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses=declared_answers(),
        redirect_slashes=False,
        middleware=[
            Middleware(Observed, template_of=lambda scope: app.template_of(scope), metrics=metrics),
            Middleware(SecurityHeaders),
            Middleware(Compressed),
            Middleware(Doorkeeper),
            *([Middleware(OnDemand, load=lambda path: app.load(path))] if on_demand else []),
        ],
    )
    app.state.desk = Desk(installation, passwords or Passwords())
    app.state.metrics = metrics
    app.state.readiness = Readiness(installation)
    app.state.feed = JobFeed(installation.database)
    install_handlers(app)
    if not on_demand:
        app.load()
    return app


class _Application(FastAPI):
    """Knows which of its parts are loaded; their routes are in the order of the parts."""

    def __init__(self, **described: Any) -> None:
        super().__init__(**described)
        self._loaded: dict[int, list[BaseRoute]] = {}
        self._templates: dict[Any, str] = {}
        self._description = Route(f"{API}/openapi.json", guarded(Rule("anyone"), _openapi))

    def template_of(self, scope: Scope) -> str:
        """The template of the route that a request has found."""
        return self._templates.get(scope.get("endpoint"), "none")

    def load(self, path: str | None = None) -> None:
        """Load the parts that may answer a path; all when it is None. RuntimeError when a route has no rule."""
        loaded = dict(self._loaded)
        for number, part in enumerate(PARTS):
            if number not in loaded and (path is None or part.answers(path)):
                loaded[number] = self._routes_of(part)
        if path is not None and len(loaded) == len(self._loaded):
            return
        before = list(self.router.routes)
        self.router.routes[:] = [route for number in sorted(loaded) for route in loaded[number]]
        self.router.routes.append(self._description)
        try:
            rules = check_rules(self)
        except RuntimeError:
            self.router.routes[:] = before
            raise
        self._templates = {route.endpoint: route.path for route in rules}
        self._loaded = loaded

    def _routes_of(self, part: Part) -> list[BaseRoute]:
        begin = len(self.router.routes)
        for router in part.routers():
            self.include_router(router, prefix=API)
        self.router.routes.extend(part.routes())
        found = self.router.routes[begin:]
        del self.router.routes[begin:]
        return found

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with the error document that every operation refers to."""
        self.load()
        document = super().openapi()
        document.setdefault("components", {}).setdefault("schemas", {}).update(error_schemas())
        _declare_path_parameters(document)
        return document


def _declare_path_parameters(document: dict[str, Any]) -> None:
    """Doors take what a path names, not the functions behind them, so that FastAPI sees none of it."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            parameters = operation.setdefault("parameters", [])
            known = {each["name"] for each in parameters if each["in"] == "path"}
            parameters.extend(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in re.findall(r"{(\w+)}", path)
                if name not in known
            )


async def _openapi(request: Request, _: Access) -> Response:
    app: FastAPI = request.app
    return JSONResponse(app.openapi())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    installation = desk.installation
    folder = UploadFolder(installation.settings.home)

    def write_token_use() -> None:
        desk.token_use.write(installation.database)

    def sweep() -> None:
        swept = sweep_uploads(installation.database, folder)
        if swept:
            _log.info("%d expired uploads deleted", len(swept))
        expired = purge_expired(installation.database, installation.objects, installation.settings.trash_days)
        if expired:
            _log.info("%d datasets left the trash for good", len(expired))
        collected = collect(installation.database, installation.objects)
        if collected:
            _log.info("%d blobs that nothing refers to deleted", collected)

    tasks = [
        asyncio.create_task(_repeat(NOTE_SECONDS, write_token_use)),
        asyncio.create_task(_repeat(SWEEP_SECONDS, sweep)),
        asyncio.create_task(app.state.feed.run()),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await run_in_threadpool(_once, write_token_use)


async def _repeat(seconds: float, work: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await run_in_threadpool(_once, work)


def _once(work: Callable[[], None]) -> None:
    try:
        work()
    except TriptychError as error:
        _log.warning("%s: %s", error.code, error.message)
