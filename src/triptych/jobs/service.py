"""Durable jobs: asked for in the caller's transaction, run by whichever worker is there, seen by everybody."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.db.tables import jobs
from triptych.jobs import repository
from triptych.jobs.view import WAITING, JobView, LogLine, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import sqlalchemy as sa

    from triptych.db.session import Database
    from triptych.jobs.runner import Runner
    from triptych.jobs.worker import Worker
    from triptych.settings import Settings

logger = logging.getLogger("triptych.jobs")

FIRST_LOOK, LAST_LOOK = 0.02, 0.25
LOG_PAGE = 1_000


class Jobs:
    """The jobs of an installation. A process that calls `launch` works on them; the others ask and look.

    `services` is what runners find in `context.services`, or a function that gives it.
    """

    def __init__(
        self,
        database: Database,
        runners: Mapping[str, Runner],
        services: object,
        *,
        home: Path,
        settings: Settings,
    ) -> None:
        self._database = database
        self._runners = runners
        self._services = services
        self._home = home
        self._settings = settings
        self._worker: Worker | None = None

    # --- asking --------------------------------------------------------------------------------------------

    def submit(
        self,
        connection: sa.Connection,
        *,
        kind: str,
        title: str,
        payload: dict[str, Any],
        organization_id: str,
        user_id: str | None = None,
        dataset_id: str | None = None,
    ) -> str:
        """Write the job in the caller's transaction; its id. Call `start` after the commit.

        `payload` is a JSON document. Raises InvalidInput (`unknown_job_kind`).
        """
        if kind not in self._runners:
            raise InvalidInput(f"There is no job of the kind {kind}.", code="unknown_job_kind")
        return repository.insert_job(
            connection,
            {
                "kind": kind,
                "title": title,
                "payload": payload,
                "organization_id": organization_id,
                "user_id": user_id,
                "dataset_id": dataset_id,
            },
        )

    def start(self, job_id: str) -> None:
        """Have a waiting job begun now if this process works; else it is left to the next look of a worker."""
        if self._worker is not None:
            logger.debug("job %s is asked for", job_id)
            self._worker.wake()

    def cancel(self, job_id: str, note: Callable[[sa.Connection], None] | None = None) -> JobView:
        """Ask for the job to stop; it does so between two batches. Raises Conflict (`job_finished`).

        `note` writes down who asked, in the transaction that asks.
        """
        with self._database.write() as connection:
            if not repository.request_cancel(connection, job_id):
                view = self._found(connection, job_id)
                raise Conflict(f"The job has {view.state} already.", code="job_finished")
            view = self._found(connection, job_id)
            if note is not None:
                note(connection)
        if view.state == WAITING:
            self.start(job_id)
        return self.get(job_id)

    def retry(self, job_id: str) -> JobView:
        """Another attempt of a failed or cancelled job; batches that are done stay done.

        Raises Conflict (`job_not_retriable`) for a job in another state.
        """
        with self._database.write() as connection:
            if not repository.restart(connection, job_id):
                view = self._found(connection, job_id)
                raise Conflict(
                    f"The job is {view.state}; only what failed or was cancelled can be retried.",
                    code="job_not_retriable",
                )
            line = (time.time(), "info", "Another attempt was asked for.")
            repository.insert_log(connection, job_id, [line])
        self.start(job_id)
        return self.get(job_id)

    # --- looking -------------------------------------------------------------------------------------------

    def get(self, job_id: str) -> JobView:
        """A job. Raises NotFound (`job_not_found`)."""
        with self._database.read() as connection:
            return self._found(connection, job_id)

    def list(
        self,
        *,
        organization_id: str | None = None,
        state: str | None = None,
        dataset_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[JobView, ...]:
        """Jobs, newest first; `after` is the id of the last one that was seen."""
        wanted = {"organization_id": organization_id, "state": state, "dataset_id": dataset_id}
        filters = [jobs.c[name] == value for name, value in wanted.items() if value is not None]
        with self._database.read() as connection:
            rows = repository.page(connection, filters, after, limit)
        now = time.time()
        return tuple(describe(row, now) for row in rows)

    def log(self, job_id: str, *, after: int = 0, limit: int = LOG_PAGE) -> tuple[LogLine, ...]:
        """Lines of the job's log, oldest first, that come after the line with the id."""
        with self._database.read() as connection:
            return tuple(repository.log_page(connection, job_id, after, limit))

    def whole_log(self, job_id: str) -> Iterator[LogLine]:
        """All lines of the job's log, page by page."""
        after = 0
        while page := self.log(job_id, after=after):
            yield from page
            after = page[-1].id

    def wait(self, job_id: str, timeout: float | None = None) -> JobView:
        """Wait until the job is finished; the job as it is then, or as it is after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = FIRST_LOOK
        while True:
            view = self.get(job_id)
            if view.finished or (deadline is not None and time.monotonic() >= deadline):
                return view
            time.sleep(pause)
            pause = min(1.5 * pause, LAST_LOOK)

    def pause(self, seconds: float) -> None:
        """Sleep, at most until a job of this process has ended."""
        if self._worker is None:
            time.sleep(seconds)
        else:
            self._worker.pause(seconds)

    def _found(self, connection: sa.Connection, job_id: str) -> JobView:
        row = repository.find(connection, job_id)
        if row is None:
            raise NotFound(f"There is no job {job_id}.", code="job_not_found")
        return describe(row)

    # --- working -------------------------------------------------------------------------------------------

    @property
    def works(self) -> bool:
        """Whether this process works on jobs."""
        return self._worker is not None

    def launch(self) -> None:
        """Work on jobs in this process until `close`; one installation in a process at a time."""
        if self._worker is not None:
            return
        from triptych.jobs.worker import Worker

        worker = Worker(
            self._database, self._runners, self._give_services, home=self._home, settings=self._settings
        )
        worker.launch()
        self._worker = worker

    def close(self) -> None:
        """Stop to work. Jobs that run are left to the next worker, which goes on where they stopped."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _give_services(self) -> Any:
        return self._services() if callable(self._services) else self._services
