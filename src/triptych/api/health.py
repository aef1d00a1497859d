"""Whether the process is up, and whether the installation is ready; and what Prometheus reads."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, guarded
from triptych.api.metrics import MEDIA_TYPE, RequestMetrics
from triptych.core.access import Action
from triptych.core.errors import TriptychError
from triptych.db import migrate

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from triptych.installation import Installation

_log = logging.getLogger(__name__)

SECONDS_KEPT = 1.0


async def _healthz(_: Request, __: Access) -> Response:
    return JSONResponse({"status": "ok"})


class Readiness:
    """The last look at the parts of an installation; anybody may ask, so it is taken anew once in a while."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._parts: dict[str, str | None] = {}

    def parts(self) -> dict[str, str | None]:
        """Each part with the reason why it is not ready, None where it is."""
        with self._lock:
            if time.monotonic() - self._looked_at > SECONDS_KEPT:
                self._parts = check_parts(self._installation)
                self._looked_at = time.monotonic()
            return dict(self._parts)


async def _readyz(request: Request, _: Access) -> Response:
    readiness: Readiness = request.app.state.readiness
    parts = await run_in_threadpool(readiness.parts)
    ready = all(reason is None for reason in parts.values())
    document = {
        "status": "ready" if ready else "not ready",
        "parts": {name: {"ok": reason is None, "reason": reason} for name, reason in parts.items()},
    }
    return JSONResponse(document, status_code=200 if ready else 503)


async def _metrics(request: Request, _: Access) -> Response:
    metrics: RequestMetrics = request.app.state.metrics
    return Response(await run_in_threadpool(metrics.text), media_type=MEDIA_TYPE)


def check_parts(installation: Installation) -> dict[str, str | None]:
    """Each part of the installation with the reason why it is not ready, None where it is.

    The reasons hold no addresses and no paths: anybody may read them; the log has the rest.
    """
    return {
        "database": _reason(lambda: _check_database(installation), "The database does not answer."),
        "migrations": _reason(
            lambda: _check_migrations(installation), "The database is not at the schema of this release."
        ),
        "storage": _reason(installation.objects.check, "The storage cannot be written."),
        "staging": _reason(lambda: _check_staging(installation), "The home cannot be written."),
    }


def _check_database(installation: Installation) -> None:
    with installation.database.read() as connection:
        connection.execute(sa.text("SELECT 1"))


def _check_migrations(installation: Installation) -> None:
    at = migrate.current(installation.database)
    if at != migrate.HEAD:
        raise ValueError(f"at {at}, not at {migrate.HEAD}")


def _check_staging(installation: Installation) -> None:
    with tempfile.TemporaryFile(dir=installation.staging) as file:
        file.write(b"ready?")


def _reason(check: Callable[[], None], sentence: str) -> str | None:
    try:
        check()
    except (TriptychError, OSError, ValueError, sa.exc.SQLAlchemyError) as error:
        _log.warning("%s %s", sentence, error)
        return sentence
    return None


ROUTES = [
    Route("/healthz", guarded(Rule("anyone"), _healthz), methods=["GET"]),
    Route("/readyz", guarded(Rule("anyone"), _readyz), methods=["GET"]),
    Route("/metrics", guarded(Rule("near", Action.ADMINISTER), _metrics), methods=["GET"]),
]
