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

from triptych.api import (
    annotation_routes,
    change_routes,
    dataset_routes,
    events,
    health,
    item_detail_routes,
    item_routes,
    job_routes,
    maintenance_routes,
    notification_routes,
    onboarding_routes,
    people_routes,
    pixels,
    root_routes,
    session_routes,
    storage_routes,
    tag_routes,
    template_routes,
    upload_checks,
    uploads,
    web_pages,
)
from triptych.api.access_rules import Rule, check_rules, rules_of
from triptych.api.callers import Desk
from triptych.api.compression import Compressed
from triptych.api.dependencies import Access, guarded
from triptych.api.errors import declared_answers, error_schemas, install_handlers
from triptych.api.events import JobFeed
from triptych.api.health import Readiness
from triptych.api.metrics import RequestMetrics
from triptych.api.middleware import Doorkeeper, Observed, SecurityHeaders
from triptych.api.upload_rows import sweep_uploads
from triptych.core.errors import TriptychError
from triptych.datasets.disposal import collect, purge_expired
from triptych.people.passwords import Passwords
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Scope

    from triptych.installation import Installation

_log = logging.getLogger("triptych.api")

NOTE_SECONDS = 30.0
SWEEP_SECONDS = 3600.0

ROUTERS: list[APIRouter] = [
    session_routes.router,
    people_routes.router,
    job_routes.router,
    onboarding_routes.router,
    dataset_routes.router,
    dataset_routes.facet_router,
    item_routes.router,
    item_detail_routes.router,
    tag_routes.router,
    change_routes.router,
    annotation_routes.router,
    maintenance_routes.router,
    notification_routes.router,
    root_routes.router,
    storage_routes.router,
    template_routes.router,
    upload_checks.router,
]
"""Routers of FastAPI; every noun adds its own here."""

PLAIN_ROUTES: list[BaseRoute] = [
    *health.ROUTES,
    *web_pages.ROUTES,
    *uploads.ROUTES,
    *upload_checks.ROUTES,
    *events.ROUTES,
    *pixels.ROUTES,
]
"""Plain Starlette routes, for what streams or has to be fast."""


def create_app(installation: Installation, *, passwords: Passwords | None = None) -> FastAPI:
    """The application of an installation. `passwords` sets what a password costs to verify.

    RuntimeError when a route has no rule.
    """
    metrics = RequestMetrics(installation.database)
    templates: dict[Any, str] = {}

    def template_of(scope: Scope) -> str:
        return templates.get(scope.get("endpoint"), "none")

    app = _Application(
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
            Middleware(Observed, template_of=template_of, metrics=metrics),
            Middleware(SecurityHeaders),
            Middleware(Compressed),
            Middleware(Doorkeeper),
        ],
    )
    app.state.desk = Desk(installation, passwords or Passwords())
    app.state.metrics = metrics
    app.state.readiness = Readiness(installation)
    app.state.feed = JobFeed(installation.database)
    install_handlers(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.router.routes.extend(PLAIN_ROUTES)
    app.router.routes.append(Route("/api/v1/openapi.json", guarded(Rule("anyone"), _openapi)))
    check_rules(app)
    templates.update({route.endpoint: route.path for route in rules_of(app)})
    return app


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with the error document that every operation refers to."""
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
