"""Waiting for a job, and hearing how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.client.connection import segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.client.connection import Connection

FINISHED = ("succeeded", "failed", "cancelled")

FIRST_PAUSE, LAST_PAUSE = 0.1, 1.0
"""Seconds between two questions: at first, and once the job has run for a while."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` in the stage; `total` and `seconds_left` None where unknown."""

    state: str
    stage: str
    done: int
    total: int | None
    seconds_left: float | None


def wait_for_job(connection: Connection, job_id: str, report: Callable[[Progress], None]) -> dict[str, Any]:
    """Ask until the job is finished, telling each answer; the job's last document."""
    pause = FIRST_PAUSE
    while True:
        job: dict[str, Any] = connection.get(f"/jobs/{segment(job_id)}")
        report(progress_of(job))
        if job["state"] in FINISHED:
            return job
        connection.pause(pause)
        pause = min(pause * 1.05, LAST_PAUSE)


def progress_of(job: dict[str, Any]) -> Progress:
    """The progress that a job's document states."""
    return Progress(
        job["state"], job.get("stage") or "", job.get("done") or 0, job.get("total"), job.get("seconds_left")
    )
