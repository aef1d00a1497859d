"""What a stage gets to work with: the job, the database, progress, log, and the marks of its batches."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from triptych.core.errors import Cancelled, TooLarge
from triptych.jobs import repository

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.db.session import Database

WRITE_SECONDS = 0.25
"""Progress and log lines are written at most this often."""
LOOK_SECONDS = 0.2
"""The job's row is looked at, for a cancellation or another owner, at most this often."""
ESTIMATE_AFTER = 3.0


class LeavesJob(BaseException):
    """This process stops working on a job that is not finished. No `Exception`: stages must not catch it."""


class StolenJob(LeavesJob):
    """Another worker took the job over, because this one was silent for too long."""


class WorkerStops(LeavesJob):
    """The worker shuts down; another one goes on with the job."""


class JobContext:
    """One run of one job in this process. Used by the thread that runs the job's stages."""

    def __init__(
        self,
        database: Database,
        row: sa.Row[Any],
        worker_id: str,
        services: Any,
        *,
        stopping: threading.Event,
        job_seconds: float,
    ) -> None:
        self.database = database
        self.services = services
        self.job_id: str = row.id
        self.kind: str = row.kind
        self.payload: dict[str, Any] = row.payload
        self.organization_id: str = row.organization_id
        self.user_id: str | None = row.user_id
        self.dataset_id: str | None = row.dataset_id
        self.attempt: int = row.attempt
        self.worker_id = worker_id
        self.stage: str = row.stage
        self._stopping = stopping
        self._deadline: float = row.started_at + job_seconds
        self._job_seconds = job_seconds
        self._lock = threading.Lock()
        self._lines: list[tuple[float, str, str]] = []
        self._progress: tuple[int, int | None] | None = None
        self._written = self._looked = 0.0
        self._stage_started = time.time()
        self._done_before: int | None = None

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the stage is. Cheap: written four times a second, the last value always.

        Not within a transaction of one's own, for it opens another. Raises StolenJob.
        """
        if self._done_before is None:
            self._done_before = done
        with self._lock:
            self._progress = (done, total)
        self._write_if_due()

    def log(self, level: str, text: str) -> None:
        """Add a line to the job's log; `level` is info, warning or error. As cheap as `progress`, as careful."""
        self.remember(level, text)
        self._write_if_due()

    def remember(self, level: str, text: str) -> None:
        """As `log`, but nothing is written now."""
        with self._lock:
            self._lines.append((time.time(), level, text))

    def check_cancelled(self) -> None:
        """Between batches: raises Cancelled when somebody asked for it, TooLarge (`job_too_long`) beyond the
        job's seconds, and LeavesJob when this process must not go on."""
        if self._stopping.is_set():
            raise WorkerStops
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        self._write_if_due()
        with self.database.read() as connection:
            row = repository.find(connection, self.job_id)
        if row is None or row.worker_id != self.worker_id:
            raise StolenJob
        if row.cancel_requested:
            raise Cancelled("The job was cancelled.", hint="Retry it to go on where it stopped.")
        if time.time() > self._deadline:
            raise TooLarge(
                f"The job took longer than {self._job_seconds:,.0f} seconds.",
                code="job_too_long",
                hint="Raise the setting job_seconds, then retry the job: it goes on where it stopped.",
            )

    def done_batches(self, stage: str) -> dict[int, Any]:
        """Numbers and results of the stage's batches that are done, also those of earlier runs."""
        with self.database.read() as connection:
            return repository.batches(connection, self.job_id, stage)

    def mark_batch(self, connection: sa.Connection, stage: str, batch: int, result: Any = None) -> None:
        """Note in the caller's transaction that a batch is done; `result` is JSON. Raises StolenJob."""
        self.fence(connection)
        repository.insert_batch(connection, self.job_id, stage, batch, result)

    def forget_batches(self, connection: sa.Connection, *stages: str) -> None:
        """Note in the caller's transaction that what these stages did is undone. Raises StolenJob."""
        self.fence(connection)
        repository.delete_batches(connection, self.job_id, stages)

    def fence(self, connection: sa.Connection) -> None:
        """Raise StolenJob, and so undo the caller's transaction, unless this process still owns the job."""
        if not repository.owns(connection, self.job_id, self.worker_id):
            raise StolenJob

    def set_result(self, result: dict[str, Any]) -> None:
        """What the job came to, a JSON document; the last call counts. Raises StolenJob."""
        self._update({"result": result})

    def enter_stage(self, name: str) -> None:
        """A stage begins, or goes on when it is the one that an earlier run stopped in."""
        now = self._stage_started = time.time()
        self._done_before = None
        values: dict[str, Any] = {"stage": name, "stage_started_at": now}
        if name != self.stage:
            values |= {"done": 0, "total": None}
        self.stage = name
        self._update(values)

    def write(self) -> None:
        """Write what waits: progress and log lines. Raises StolenJob."""
        with self._lock:
            progress, lines = self._progress, len(self._lines)
        self._written = time.monotonic()
        values: dict[str, Any] = {}
        if progress is not None:
            values = {
                "done": progress[0],
                "total": progress[1],
                "stage_started_at": self._virtual_start(progress[0]),
            }
        self._update(values, lines)
        with self._lock:
            if self._progress is progress:
                self._progress = None

    def _write_if_due(self) -> None:
        if time.monotonic() - self._written >= WRITE_SECONDS and (self._lines or self._progress):
            self.write()

    def _update(self, values: dict[str, Any], lines: int = 0) -> None:
        with self.database.write() as connection:
            if values and not repository.update_owned(connection, self.job_id, self.worker_id, values):
                raise StolenJob
            repository.insert_log(connection, self.job_id, self._lines[:lines])
        with self._lock:
            del self._lines[:lines]

    def _virtual_start(self, done: int) -> float:
        """When the stage would have begun if all of it had gone at this run's rate.

        Readers divide `done` by the time since then; what an earlier run did must not count as this one's.
        """
        before = self._done_before or 0
        if not before:
            return self._stage_started
        now = time.time()
        elapsed = now - self._stage_started
        if done <= before or elapsed < ESTIMATE_AFTER:
            return now
        return now - elapsed * done / (done - before)
