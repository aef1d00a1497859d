"""Progress of jobs as server-sent events: one task looks at the rows four times a second, for all clients.

A stream carries `event: job` with the job's document, at first as it is and then whenever it changes, a
comment every fifteen seconds, and ends when its one job has ended. A client that is slow gets the newest state
and none of those between.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.access_things import may_see_job
from triptych.api.dependencies import Access, Door, database_of, guarded
from triptych.core.access import Action
from triptych.core.errors import TriptychError, Unavailable
from triptych.core.ids import first_id
from triptych.db.tables import jobs
from triptych.jobs.view import FINISHED, RUNNING, WAITING, describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from starlette.requests import Request

    from triptych.db.session import Database

_log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000
# A job may end sooner than it is first looked at; clocks of several servers may differ by as much.
YOUNG_SECONDS = 60.0
JUST_NOW_SECONDS = 5.0

Row = sa.Row[Any]


class Subscription:
    """What one client has not been sent yet: the newest row of each job that changed."""

    def __init__(self, job_id: str | None) -> None:
        self.job_id = job_id
        self.is_new = True
        self._rows: dict[str, Row] = {}
        self._changed = asyncio.Event()

    def offer(self, row: Row) -> None:
        """A job changed."""
        if self.job_id is None or row.id == self.job_id:
            self._rows[row.id] = row
            self._changed.set()

    async def take(self, seconds: float) -> list[Row]:
        """What changed since the last time; empty when nothing did for so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)
        self._changed.clear()
        rows, self._rows = self._rows, {}
        return list(rows.values())


class JobFeed:
    """Looks at the rows of unfinished jobs, of those that were unfinished a moment ago, and of young ones, which
    may have begun and ended between two looks; tells subscribers what changed. Without subscribers it does not
    look at all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: set[Subscription] = set()
        self._known: dict[str, Row] = {}
        self._since = first_id(time.time() - JUST_NOW_SECONDS)
        self._wanted = asyncio.Event()

    @contextmanager
    def subscribe(self, job_id: str | None = None) -> Iterator[Subscription]:
        """A subscription to one job, or to all."""
        subscription = Subscription(job_id)
        self._subscriptions.add(subscription)
        self._wanted.set()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def run(self) -> None:
        """Look and tell, until cancelled."""
        while True:
            if not self._subscriptions:
                self._known = {}
                self._wanted.clear()
                await self._wanted.wait()
                self._since = first_id(time.time() - JUST_NOW_SECONDS)
            try:
                await self.look()
            except Unavailable as error:
                _log.warning("progress cannot be read: %s", error.message)
                await asyncio.sleep(1.0)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read the rows once and tell what changed."""
        watched = {one.job_id for one in self._subscriptions if one.job_id is not None}
        self._since = max(self._since, first_id(time.time() - YOUNG_SECONDS))
        rows = await run_in_threadpool(self._read, watched | self._known.keys())
        subscriptions = tuple(self._subscriptions)
        for job_id, row in rows.items():
            changed = _progress(row) != _progress(self._known.get(job_id))
            for subscription in subscriptions:
                is_first = subscription.is_new and (
                    row.state not in FINISHED or job_id == subscription.job_id
                )
                if changed or is_first:
                    subscription.offer(row)
        for subscription in subscriptions:
            subscription.is_new = False
        # One that was seen to end is forgotten once it is not young; a retry brings it back as unfinished.
        self._known = {
            job_id: row for job_id, row in rows.items() if row.state not in FINISHED or job_id >= self._since
        }

    def _read(self, job_ids: set[str]) -> Mapping[str, Row]:
        unfinished = sa.or_(jobs.c.state.in_((WAITING, RUNNING)), jobs.c.id >= self._since)
        with self._database.read() as connection:
            rows = {row.id: row for row in connection.execute(sa.select(jobs).where(unfinished))}
            missing = job_ids - rows.keys()
            if missing:
                ended = sa.select(jobs).where(jobs.c.id.in_(missing))
                rows.update({row.id: row for row in connection.execute(ended)})
        return rows


def _progress(row: Row | None) -> tuple[Any, ...] | None:
    if row is None:
        return None
    return row.state, row.stage, row.done, row.total, row.attempt, row.cancel_requested, row.dataset_id


async def _job_events(request: Request, access: Access) -> Response:
    feed: JobFeed = request.app.state.feed
    if access.row.state in FINISHED and "last-event-id" in request.headers:
        return Response(status_code=204)  # tells a browser that came back to stay away
    return _stream(request, _of_one(feed, access.row, _check(request, JOB_RULE)))


async def _all_events(request: Request, access: Access) -> Response:
    feed: JobFeed = request.app.state.feed
    allowed: dict[str, bool] = {}

    def see(row: Row) -> bool:
        if row.id not in allowed:
            with database_of(request).read() as connection:
                allowed[row.id] = may_see_job(connection, access.subject, row)
        return allowed[row.id]

    return _stream(request, _of_all(feed, see, _check(request, ALL_RULE)))


async def _of_one(feed: JobFeed, first: Row, check: Callable[[], None]) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    with feed.subscribe(first.id) as subscription:
        row = first
        yield _event(row)
        while row.state not in FINISHED:
            changed = await subscription.take(HEARTBEAT_SECONDS)
            if not changed:
                if not await _still_allowed(check):
                    return
                yield ": still here\n\n"
            for newer in changed:
                if _progress(newer) != _progress(row):
                    row = newer
                    yield _event(row)


async def _of_all(feed: JobFeed, see: Callable[[Row], bool], check: Callable[[], None]) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    with feed.subscribe() as subscription:
        while True:
            changed = await subscription.take(HEARTBEAT_SECONDS)
            if not changed:
                if not await _still_allowed(check):
                    return
                yield ": still here\n\n"
            for row in changed:
                if await run_in_threadpool(see, row):
                    yield _event(row)


def _check(request: Request, rule: Rule) -> Callable[[], None]:
    door = Door(rule)

    def check() -> None:
        door(request)

    return check


async def _still_allowed(check: Callable[[], None]) -> bool:
    # A session that ended, or a role that was taken away, ends the stream too.
    try:
        await run_in_threadpool(check)
    except Unavailable:
        return True
    except TriptychError:
        return False
    return True


def _event(row: Row) -> str:
    document = json.dumps(asdict(describe(row)), ensure_ascii=False, separators=(",", ":"))
    return f"event: job\nid: {row.id}\ndata: {document}\n\n"


def _stream(request: Request, events: AsyncIterator[str]) -> Response:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=headers)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


JOB_RULE = Rule("may", Action.SEE, on="job")
ALL_RULE = Rule("signed_in")

ROUTES = [
    Route("/api/v1/jobs/{job}/events", guarded(JOB_RULE, _job_events), methods=["GET"]),
    Route("/api/v1/events", guarded(ALL_RULE, _all_events), methods=["GET"]),
]
