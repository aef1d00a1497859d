"""A process that works on jobs: its sign of life, the jobs it takes over, and the stages it runs."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.core.errors import Cancelled, InvalidInput, TriptychError, Unavailable
from triptych.core.ids import new_id
from triptych.jobs import repository
from triptych.jobs.context import JobContext, LeavesJob, StolenJob, WorkerStops
from triptych.jobs.durable import Durable
from triptych.jobs.liveness import Watch, host_identity, started_at
from triptych.jobs.runner import Runner, refusal
from triptych.jobs.view import CANCELLED, FAILED, SUCCEEDED, error_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triptych.db.session import Database
    from triptych.jobs.runner import Stage
    from triptych.settings import Settings

SLOTS = 4
"""Jobs that one process runs side by side; they share the pool of decoding processes."""
SILENT_BEATS = 3
"""Signs of life that must be missing before a worker is given up, however short the silence is set."""
GRACE_SECONDS = 10.0
"""How long a worker that shuts down waits for stages to notice."""
BEGIN_SECONDS = 30.0
ABNORMAL_ENDS = 3
DEATHS = 25
"""Workers that a job may outlive in a row without one more batch done."""
FORGET_SECONDS = 86_400.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0

logger = logging.getLogger("triptych.jobs")


@dataclass(eq=False, slots=True)
class _Run:
    """A job that this worker owns. `begun` once its thread is there."""

    context: JobContext
    runner: Runner
    since: float
    begun: bool = False
    finished: bool = False


class Worker:
    """Works on jobs from `launch` to `close`."""

    def __init__(
        self,
        database: Database,
        runners: Mapping[str, Runner],
        services: Callable[[], Any],
        *,
        home: Path,
        settings: Settings,
    ) -> None:
        self.id = f"{socket.gethostname()}-{os.getpid()}-{new_id()}"
        self._database = database
        self._runners = runners
        self._services = services
        self._settings = settings
        self._durable = Durable(database.url, home, self.id, self._execute)
        silence = max(settings.silence_seconds, SILENT_BEATS * settings.heartbeat_seconds)
        self._watch = Watch(host_identity(), silence)
        self._started_at = started_at()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._runs: dict[str, _Run] = {}
        self._abnormal: dict[str, int] = {}
        self._thread = threading.Thread(target=self._serve, name="triptych-worker", daemon=True)

    def launch(self) -> None:
        """Start to work."""
        self._durable.launch()
        try:
            self._beat()
            with self._database.write() as connection:
                repository.forget_silent_workers(connection, time.time() - FORGET_SECONDS)
        except BaseException:
            self._durable.close()
            raise
        self._thread.start()

    def close(self) -> None:
        """Stop to work: stages leave at their next check, and their jobs wait for another worker."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(GRACE_SECONDS)
        with self._changed:
            self._changed.wait_for(lambda: not any(run.begun for run in self._runs.values()), GRACE_SECONDS)
            left = list(self._runs.values())
        try:
            with self._database.write() as connection:
                for run in left:
                    repository.release(connection, run.context.job_id, self.id)
                repository.forget_worker(connection, self.id)
        except Unavailable as error:
            logger.warning("the worker leaves without a word: %s", error.code)
        self._durable.close()

    def wake(self) -> None:
        """Look for waiting jobs now."""
        self._wake.set()

    def pause(self, seconds: float) -> None:
        """Sleep, at most until a job has ended; for one thread at a time."""
        if self._ended.wait(seconds):
            self._ended.clear()

    # --- the thread that gives signs of life ---------------------------------------------------------------

    def _serve(self) -> None:
        due = 0.0
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= due:
                    due = time.monotonic() + self._settings.heartbeat_seconds
                    self._beat()
                    self._take_over()
                self._start_waiting()
            except Unavailable as error:
                logger.warning("no sign of life: %s", error.message)
            except Exception:
                # Without this thread the process would hold its jobs and never be missed.
                logger.exception("the worker's round failed")
            self._wake.wait(max(0.0, due - time.monotonic()))
            self._wake.clear()

    def _beat(self) -> None:
        with self._database.write() as connection:
            repository.beat(connection, self.id, self._watch.host, os.getpid(), self._started_at)

    def _take_over(self) -> None:
        self._watch.look()
        with self._database.read() as connection:
            own = repository.owned_by(connection, self.id)
            others = repository.owned_by_others(connection, self.id)
        for job_id in own:
            if job_id not in self._runs:  # left while the database did not answer
                with self._database.write() as connection:
                    repository.release(connection, job_id, self.id)
        for owned in others:
            if not self._watch.is_silent(owned):
                continue
            try:
                with self._database.write() as connection:
                    taken = repository.take_from_silent(connection, owned)
            except Unavailable as error:  # frozen within a transaction, it still holds the row
                logger.warning("job %s cannot be taken over yet: %s", owned.job_id, error.message)
                continue
            if taken:
                logger.warning("job %s is taken over from %s", owned.job_id, owned.worker_id)

    def _start_waiting(self) -> None:
        for run in list(self._runs.values()):
            if not run.begun and time.monotonic() - run.since > BEGIN_SECONDS:
                self._leave(run)
        with self._database.read() as connection:
            found = repository.waiting(connection, SLOTS)
        for job_id in found:
            if self._stopping.is_set() or len(self._runs) >= SLOTS:
                return
            # A thread may still be at a job that was taken away; as its owner again it would go unnoticed.
            if job_id not in self._runs:
                self._begin(job_id)

    def _begin(self, job_id: str) -> None:
        run = self._claim(job_id)
        if run is None:
            return
        try:
            self._durable.begin(job_id, run.context.attempt)
        except Exception:
            logger.exception("job %s did not begin", job_id)
            with suppress(LeavesJob):
                self._ends_abnormally(run)
            self._leave(run)

    def _claim(self, job_id: str) -> _Run | None:
        with self._database.write() as connection:
            row = repository.claim(connection, job_id, self.id)
            deaths = repository.deaths_without_progress(connection, job_id)
        if row is None:
            return None
        context = JobContext(
            self._database,
            row,
            self.id,
            self._services(),
            stopping=self._stopping,
            job_seconds=self._settings.job_seconds,
        )
        runner = self._runners.get(row.kind) or refusal(_unknown_kind(row.kind))
        if deaths >= DEATHS:
            runner = refusal(_deadly(deaths), runner)
        run = _Run(context, runner, time.monotonic())
        with self._changed:
            self._runs[job_id] = run
        return run

    # --- the threads that run jobs -------------------------------------------------------------------------

    def _execute(self, job_id: str) -> None:
        with self._changed:
            run = self._runs.get(job_id)
            if run is None or run.begun:
                return
            run.begun = True
        try:
            for number, stage in enumerate(run.runner.stages, 1):
                if self._durable.stage(f"{number} {stage.name}", partial(self._ends, run, stage)):
                    return
            self._finish(run, SUCCEEDED)
        except Exception:
            logger.exception("job %s ended outside of its stages", job_id)
            self._ends_abnormally(run)
            raise
        finally:
            self._leave(run)

    def _ends_abnormally(self, run: _Run) -> None:
        """What is no stage's fault is tried again, but not for ever."""
        job_id = run.context.job_id
        self._abnormal[job_id] = self._abnormal.get(job_id, 0) + 1
        if self._abnormal[job_id] >= ABNORMAL_ENDS:
            self._finish(run, FAILED, _bug_in_machinery())

    def _ends(self, run: _Run, stage: Stage) -> bool:
        """Run a stage; whether the job has ended with it, because it failed or was cancelled."""
        context = run.context
        try:
            context.enter_stage(stage.name)
            context.check_cancelled()
            stage.run(context)
            context.write()
        except Cancelled as error:
            self._finish(run, CANCELLED, error)
        except Exception as error:
            # What breaks while everything is being closed is not the job's failure.
            if self._stopping.is_set():
                raise WorkerStops from error
            known = error if isinstance(error, TriptychError) else _bug(context, error)
            self._finish(run, FAILED, known)
        else:
            return False
        return True

    def _finish(self, run: _Run, state: str, error: TriptychError | None = None) -> None:
        """End the job. While the database does not answer, try again, for nobody else can."""
        pause = FIRST_PAUSE
        told = False
        while True:
            try:
                self._confirm(run)
                if not told:
                    self._tell(run, state, error)
                    told = True
                self._write_end(run, state, error)
            except Unavailable as unavailable:
                logger.warning("job %s cannot be ended: %s", run.context.job_id, unavailable.message)
                if self._stopping.wait(pause):
                    raise WorkerStops from unavailable
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                run.finished = True
                return

    def _confirm(self, run: _Run) -> None:
        with self._database.read() as connection:
            if not repository.owns(connection, run.context.job_id, self.id):
                raise StolenJob

    def _tell(self, run: _Run, state: str, error: TriptychError | None) -> None:
        hook = {FAILED: run.runner.on_failure, CANCELLED: run.runner.on_cancel}.get(state)
        if hook is None or error is None:
            return
        try:
            hook(run.context, error)
        except Unavailable:
            raise
        except Exception as failure:
            _bug(run.context, failure)
            logger.exception("what follows a job's end failed")

    def _write_end(self, run: _Run, state: str, error: TriptychError | None) -> None:
        context = run.context
        context.write()
        document = None if error is None else error_document(error)
        lines = [] if error is None else [(time.time(), "error", f"{error.message} {error.hint}".strip())]
        with self._database.write() as connection:
            repository.insert_log(connection, context.job_id, lines)
            if not repository.finish(connection, context.job_id, self.id, state, document):
                raise StolenJob

    def _leave(self, run: _Run) -> None:
        """Let go of a job; one that is not finished waits for whoever takes it next."""
        job_id = run.context.job_id
        try:
            if not run.finished:
                if run.begun and run.runner.on_leave is not None:
                    run.runner.on_leave(run.context)
                with self._database.write() as connection:
                    repository.release(connection, job_id, self.id)
        except Exception:
            logger.exception("job %s was left without a word", job_id)
        finally:
            with self._changed:
                self._runs.pop(job_id, None)
                if run.finished:
                    self._abnormal.pop(job_id, None)
                self._changed.notify_all()
            self._ended.set()
            self._wake.set()


def _unknown_kind(kind: str) -> TriptychError:
    return InvalidInput(
        f"This release of Triptych knows no job of the kind {kind}.",
        code="unknown_job_kind",
        hint="Upgrade, then retry the job.",
    )


def _deadly(deaths: int) -> TriptychError:
    return TriptychError(
        f"The process that works on the job has ended {deaths} times without getting any further.",
        code="job_ends_its_worker",
        hint="Look at the server's log and at the memory of the machine, then retry the job.",
    )


def _bug(context: JobContext, error: Exception) -> TriptychError:
    """A fault of the program, as an error that people can report; the traceback goes to the job's log."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((frame for frame in reversed(frames) if _is_ours(frame.filename)), frames[-1])
    context.remember("error", "".join(traceback.format_exception(error)))
    return TriptychError(
        f"{type(error).__name__} in {place.name} ({Path(place.filename).name}:{place.lineno}), "
        f"in the stage “{context.stage}”.",
        code="bug",
        hint="This is a fault in Triptych. Report it with the job's log.",
    )


def _is_ours(filename: str) -> bool:
    package = str(Path(__file__).parents[1])
    return filename.startswith(package) or not filename.startswith((sys.prefix, sys.base_prefix))


def _bug_in_machinery() -> TriptychError:
    return TriptychError(
        "The job ended outside of its stages, several times.",
        code="bug",
        hint="This is a fault in Triptych. Report it with the server's log.",
    )
