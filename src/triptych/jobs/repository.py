"""The rows of jobs. Whoever works on a job owns its row by `worker_id`; every write of a worker asks for that.

A worker that was frozen, and whose job another one took over meanwhile, finds its writes refused.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.ids import new_id
from triptych.db.tables import job_batches, job_log, jobs, workers
from triptych.jobs.view import CANCELLED, FAILED, RUNNING, WAITING, LogLine

if TYPE_CHECKING:
    from collections.abc import Sequence

TAKEN_OVER = ""
"""The stage under which each take-over is noted, with the number of batches that were done by then."""
SILENT = "Its worker fell silent; another one takes the job over."
LOCK_MS = 1_000


class Owned(NamedTuple):
    """A running job, its worker, and that worker's row where there is one."""

    job_id: str
    worker_id: str | None
    host: str | None
    pid: int | None
    worker_started_at: float | None
    beat_at: float | None


def insert_job(connection: sa.Connection, values: dict[str, Any]) -> str:
    """A new job that waits; its id."""
    job_id = new_id()
    connection.execute(sa.insert(jobs).values(id=job_id, state=WAITING, created_at=time.time(), **values))
    return job_id


def find(connection: sa.Connection, job_id: str) -> sa.Row[Any] | None:
    """The row of a job."""
    return connection.execute(sa.select(jobs).where(jobs.c.id == job_id)).one_or_none()


def page(
    connection: sa.Connection, filters: Sequence[sa.ColumnElement[bool]], after: str | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Rows, newest first, that come after the id."""
    statement = sa.select(jobs).where(*filters).order_by(jobs.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(jobs.c.id < after)
    return connection.execute(statement).all()


def waiting(connection: sa.Connection, limit: int) -> list[str]:
    """Jobs that nobody works on, oldest first."""
    statement = sa.select(jobs.c.id).where(jobs.c.state == WAITING).order_by(jobs.c.id).limit(limit)
    return list(connection.execute(statement).scalars())


def claim(connection: sa.Connection, job_id: str, worker_id: str) -> sa.Row[Any] | None:
    """Make a waiting job the worker's own; its row, or None when somebody else was faster."""
    now = time.time()
    taken = connection.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == WAITING)
        .values(
            state=RUNNING,
            worker_id=worker_id,
            started_at=sa.func.coalesce(jobs.c.started_at, now),
            error=sa.null(),
        )
    )
    return find(connection, job_id) if taken.rowcount else None


def release(connection: sa.Connection, job_id: str, worker_id: str) -> bool:
    """Let a running job wait again, if the worker still owns it."""
    return _update_owned(connection, job_id, worker_id, state=WAITING, worker_id=None)


def take_from_silent(connection: sa.Connection, owned: Owned) -> bool:
    """Let a silent worker's job wait again, unless that worker has given a sign of life since it was seen."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_MS}ms'"))
    beat = sa.select(workers.c.beat_at).where(workers.c.id == owned.worker_id).scalar_subquery()
    same = beat.is_(None) if owned.beat_at is None else beat == owned.beat_at
    taken = connection.execute(
        sa.update(jobs)
        .where(jobs.c.id == owned.job_id, jobs.c.state == RUNNING, _owner(owned.worker_id), same)
        .values(state=WAITING, worker_id=None)
    )
    if not taken.rowcount:
        return False
    deaths = batches(connection, owned.job_id, TAKEN_OVER)
    progress = _count_batches(connection, owned.job_id)
    insert_batch(connection, owned.job_id, TAKEN_OVER, len(deaths), progress)
    insert_log(connection, owned.job_id, [(time.time(), "warning", SILENT)])
    return True


def deaths_without_progress(connection: sa.Connection, job_id: str) -> int:
    """How many workers in a row were lost with this job since its last batch."""
    progress = _count_batches(connection, job_id)
    return sum(known == progress for known in batches(connection, job_id, TAKEN_OVER).values())


def _count_batches(connection: sa.Connection, job_id: str) -> int:
    statement = sa.select(sa.func.count()).select_from(job_batches)
    own = job_batches.c.job_id == job_id, job_batches.c.stage != TAKEN_OVER
    return connection.execute(statement.where(*own)).scalar_one()


def _owner(worker_id: str | None) -> sa.ColumnElement[bool]:
    return jobs.c.worker_id.is_(None) if worker_id is None else jobs.c.worker_id == worker_id


def _update_owned(connection: sa.Connection, job_id: str, owner: str, **values: Any) -> bool:
    done = connection.execute(
        sa.update(jobs).where(jobs.c.id == job_id, jobs.c.state == RUNNING, _owner(owner)).values(**values)
    )
    return bool(done.rowcount)


def update_owned(connection: sa.Connection, job_id: str, owner: str, values: dict[str, Any]) -> bool:
    """Change columns of a running job; False when the worker does not own it any more."""
    return _update_owned(connection, job_id, owner, **values)


def finish(
    connection: sa.Connection, job_id: str, owner: str, state: str, error: dict[str, Any] | None
) -> bool:
    """End a running job; False when the worker does not own it any more."""
    return _update_owned(
        connection, job_id, owner, state=state, error=error or sa.null(), finished_at=time.time()
    )


def owns(connection: sa.Connection, job_id: str, owner: str) -> bool:
    """Whether the worker owns the running job; on PostgreSQL nobody takes it before the transaction ends."""
    statement = sa.select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.state == RUNNING, _owner(owner))
    return connection.execute(statement.with_for_update(read=True)).one_or_none() is not None


def request_cancel(connection: sa.Connection, job_id: str) -> bool:
    """Ask whoever works on the job to stop; False when it is finished."""
    done = connection.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state.in_((WAITING, RUNNING)))
        .values(cancel_requested=True)
    )
    return bool(done.rowcount)


def restart(connection: sa.Connection, job_id: str) -> bool:
    """Let a failed or cancelled job wait for another attempt; False when it is neither."""
    done = connection.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state.in_((FAILED, CANCELLED)))
        .values(
            state=WAITING,
            attempt=jobs.c.attempt + 1,
            cancel_requested=False,
            worker_id=None,
            started_at=None,
            finished_at=None,
        )
    )
    if done.rowcount:
        lost = job_batches.c.job_id == job_id, job_batches.c.stage == TAKEN_OVER
        connection.execute(sa.delete(job_batches).where(*lost))
    return bool(done.rowcount)


def owned_by(connection: sa.Connection, worker_id: str) -> list[str]:
    """Running jobs of a worker."""
    statement = sa.select(jobs.c.id).where(jobs.c.state == RUNNING, jobs.c.worker_id == worker_id)
    return list(connection.execute(statement).scalars())


def owned_by_others(connection: sa.Connection, worker_id: str) -> list[Owned]:
    """Running jobs of other workers."""
    statement = (
        sa.select(jobs.c.id, jobs.c.worker_id, workers.c.host, workers.c.pid)
        .add_columns(workers.c.started_at, workers.c.beat_at)
        .select_from(jobs.outerjoin(workers, workers.c.id == jobs.c.worker_id))
        .where(jobs.c.state == RUNNING, sa.func.coalesce(jobs.c.worker_id, "") != worker_id)
    )
    return [Owned(*row) for row in connection.execute(statement)]


def beat(connection: sa.Connection, worker_id: str, host: str, pid: int, started_at: float) -> None:
    """A sign of life."""
    now = time.time()
    known = connection.execute(sa.update(workers).where(workers.c.id == worker_id).values(beat_at=now))
    if not known.rowcount:
        connection.execute(
            sa.insert(workers).values(id=worker_id, host=host, pid=pid, started_at=started_at, beat_at=now)
        )


def forget_worker(connection: sa.Connection, worker_id: str) -> None:
    """Remove a worker that ends."""
    connection.execute(sa.delete(workers).where(workers.c.id == worker_id))


def forget_silent_workers(connection: sa.Connection, before: float) -> None:
    """Remove workers without a sign of life since then that own no job."""
    owners = sa.select(jobs.c.worker_id).where(jobs.c.state == RUNNING, jobs.c.worker_id.is_not(None))
    connection.execute(sa.delete(workers).where(workers.c.beat_at < before, workers.c.id.not_in(owners)))


def batches(connection: sa.Connection, job_id: str, stage: str) -> dict[int, Any]:
    """The batches of a stage that are done, with their results."""
    statement = sa.select(job_batches.c.batch, job_batches.c.result)
    rows = connection.execute(statement.where(job_batches.c.job_id == job_id, job_batches.c.stage == stage))
    return {row.batch: row.result for row in rows}


def insert_batch(connection: sa.Connection, job_id: str, stage: str, batch: int, result: Any) -> None:
    """Note that a batch is done."""
    connection.execute(sa.insert(job_batches).values(job_id=job_id, stage=stage, batch=batch, result=result))


def delete_batches(connection: sa.Connection, job_id: str, stages: Sequence[str]) -> None:
    """Forget that batches of these stages are done."""
    connection.execute(
        sa.delete(job_batches).where(job_batches.c.job_id == job_id, job_batches.c.stage.in_(stages))
    )


def insert_log(connection: sa.Connection, job_id: str, lines: Sequence[tuple[float, str, str]]) -> None:
    """Append lines (time, level, text) to a job's log."""
    if lines:
        rows = [{"job_id": job_id, "at": at, "level": level, "text": text} for at, level, text in lines]
        connection.execute(sa.insert(job_log), rows)


def log_page(connection: sa.Connection, job_id: str, after: int, limit: int) -> list[LogLine]:
    """Lines of a job's log after the one with the id, oldest first."""
    statement = (
        sa.select(job_log.c.id, job_log.c.at, job_log.c.level, job_log.c.text)
        .where(job_log.c.job_id == job_id, job_log.c.id > after)
        .order_by(job_log.c.id)
        .limit(limit)
    )
    return [LogLine(*row) for row in connection.execute(statement)]
