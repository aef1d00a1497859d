"""A job as people see it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.core.errors import TriptychError

WAITING = "waiting"
RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"
CANCELLED = "cancelled"
FINISHED = (SUCCEEDED, FAILED, CANCELLED)

ESTIMATE_AFTER = 3.0
"""Seconds of a stage before its rate says anything."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job. Times are seconds since 1970, UTC; `done` of `total` counts in the stage, `total` may be unknown.

    `state` is waiting, running, succeeded, failed or cancelled; `seconds_left` is an estimate for the stage,
    None while there is none; `error` is {code, message, hint, findings} after a failure or a cancellation.
    """

    id: str
    kind: str
    title: str
    state: str
    stage: str
    done: int
    total: int | None
    seconds_left: float | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    attempt: int
    cancel_requested: bool
    error: dict[str, Any] | None
    result: dict[str, Any] | None
    organization_id: str
    user_id: str | None
    dataset_id: str | None

    @property
    def finished(self) -> bool:
        """Whether nothing happens to it any more unless it is retried."""
        return self.state in FINISHED


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a job's log; `id` grows with time and is the cursor of pages."""

    id: int
    at: float
    level: str
    text: str


def describe(row: sa.Row[Any], now: float | None = None) -> JobView:
    """The view of a row of the table `jobs`."""
    return JobView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        state=row.state,
        stage=row.stage,
        done=row.done,
        total=row.total,
        seconds_left=_seconds_left(row, time.time() if now is None else now),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        attempt=row.attempt,
        cancel_requested=row.cancel_requested,
        error=row.error,
        result=row.result,
        organization_id=row.organization_id,
        user_id=row.user_id,
        dataset_id=row.dataset_id,
    )


def _seconds_left(row: sa.Row[Any], now: float) -> float | None:
    if row.state != RUNNING or not row.total or not row.done or row.stage_started_at is None:
        return None
    elapsed: float = now - row.stage_started_at
    if elapsed < ESTIMATE_AFTER:
        return None
    return float(max(0.0, (row.total - row.done) * elapsed / row.done))


def error_document(error: TriptychError) -> dict[str, Any]:
    """An error as it is stored with the job and sent to clients."""
    findings = [asdict(finding) for finding in error.findings]
    return {"code": error.code, "message": error.message, "hint": error.hint, "findings": findings}
