"""DBOS in this process: runs the stages of jobs as the recorded steps of one workflow.

DBOS carries which stages are done, in a database file of its own or in the schema `dbos` of PostgreSQL; what
a job is and who owns it, our own tables say. It is imported when a process starts to work, not before.
"""

from __future__ import annotations

import fcntl
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from triptych.core.ids import new_id
from triptych.db.session import BUSY_MS
from triptych.jobs.context import StolenJob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APPLICATION_VERSION = "1"
"""Pinned: DBOS resumes only what the same version began, and a release must not strand running jobs."""
UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
QUEUE_POLL_SECONDS = 0.5
LISTENER_POLL_SECONDS = 0.1
POSTGRESQL_CONNECTIONS = 5

_runner: Callable[[str], None] | None = None
_workflow: Any = None


class Durable:
    """DBOS, started once in a process at a time. `run(job_id)` is called in a thread for each job that begins
    or goes on; within it, `stage` runs what was not run before."""

    def __init__(self, database_url: str, home: Path, worker_id: str, run: Callable[[str], None]) -> None:
        self._url = sa.make_url(database_url)
        self._home = home
        self._worker_id = worker_id
        self._run = run
        self._engine: sa.Engine | None = None
        self._launched = self._listens = False

    def launch(self) -> None:
        """Take this process's place; DBOS itself is started by the first job, for it takes its time and memory.

        Raises RuntimeError when another one has the place.
        """
        global _runner
        if _runner is not None:
            raise RuntimeError("jobs are worked on in this process already")
        _runner = self._run

    def close(self) -> None:
        """Stop DBOS; what still runs is not waited for."""
        global _runner
        _runner = None
        if not self._launched:
            return
        from dbos import DBOS

        self._launched = False
        if self._listens:
            DBOS.delete_queue(self._worker_id)
        DBOS.destroy()
        if self._engine is not None:
            self._engine.dispose()

    def _launch(self) -> None:
        _register()
        from dbos import DBOS

        with self._alone():
            DBOS(config=self._config())  # type: ignore[arg-type]
            DBOS.listen_queues([self._worker_id])
            DBOS.launch()
        self._launched = True

    def begin(self, job_id: str, attempt: int) -> None:
        """Run a job that this worker owns: begin it, or go on with what another worker has left.

        Called by one thread only, which runs no stage itself.
        """
        if not self._launched:
            self._launch()
        from dbos import DBOS, SetWorkflowID

        workflow_id = job_id if attempt == 1 else f"{job_id}:{attempt}"
        status = DBOS.get_workflow_status(workflow_id)
        if status is not None and status.status in UNFINISHED:
            # A queue that only this process listens to, for the job is already this worker's.
            if not self._listens:
                DBOS.register_queue(self._worker_id, polling_interval_sec=QUEUE_POLL_SECONDS)
                self._listens = True
            DBOS.resume_workflow(workflow_id, queue_name=self._worker_id)
            return
        if status is not None:  # finished for DBOS but not for us: our table is the truth
            workflow_id = f"{workflow_id}:{new_id()}"
        with SetWorkflowID(workflow_id):
            DBOS.start_workflow(_workflow, job_id)

    def stage(self, name: str, function: Callable[[], bool]) -> bool:
        """Run a stage, or give what it gave when it was run before; only within `run`."""
        from dbos import DBOS
        from dbos import error as dbos_errors

        try:
            return DBOS.run_step({"name": name}, function)
        except dbos_errors.DBOSWorkflowConflictIDError as error:
            # Left to DBOS, the thread would wait for the other worker to finish the job.
            raise StolenJob from error

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = {
            "name": "triptych",
            "executor_id": self._worker_id,
            "application_version": APPLICATION_VERSION,
            "serializer": _serializer(),
            "log_level": "WARNING",
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": LISTENER_POLL_SECONDS,
        }
        if self._url.get_backend_name() == "sqlite":
            path = self._home / "jobs.sqlite"
            self._engine = _sqlite_engine(path)
            return config | {
                "system_database_url": f"sqlite:///{path}",
                "system_database_engine": self._engine,
            }
        url = self._url.set(drivername="postgresql")
        return config | {
            "system_database_url": url.render_as_string(hide_password=False),
            "dbos_system_schema": "dbos",
            "sys_db_pool_size": POSTGRESQL_CONNECTIONS,
        }

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two processes that bring a new file to WAL at once: one is told that it is locked.
        with (self._home / "jobs.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _register() -> None:
    global _workflow
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # else DBOS writes to standard error
    if _workflow is not None:
        return
    from dbos import DBOS

    @DBOS.workflow(name="run_job")
    def run_job(job_id: str) -> None:
        if _runner is not None:
            _runner(job_id)

    _workflow = run_job


def _serializer() -> Any:
    from dbos import Serializer

    class JsonSerializer(Serializer):
        """JSON: what the database holds must never be run. Errors are stored as their names."""

        def serialize(self, data: Any) -> str:
            return json.dumps(data, default=lambda value: f"{type(value).__name__}: {value}")

        def deserialize(self, serialized_data: str) -> Any:
            return json.loads(serialized_data)

        def name(self) -> str:
            return "triptych_json"

    return JsonSerializer()


def _sqlite_engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine
