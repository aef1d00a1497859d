"""Waiting for a job at a terminal: progress, and Ctrl+C cancels the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triptych.cli.progress import progress
from triptych.core.errors import Cancelled

if TYPE_CHECKING:
    from triptych.cli.output import Output
    from triptych.client.connection import Connection


def wait(output: Output, connection: Connection, job: dict[str, Any]) -> dict[str, Any]:
    """Wait until a job is finished; its document. Raises the reason when it did not succeed."""
    from triptych.client.connection import segment
    from triptych.client.errors import error_from_document
    from triptych.client.jobs import wait_for_job

    with progress(output) as report:
        try:
            ended = wait_for_job(
                connection, job["id"], lambda at: report(at.stage, at.done, at.total, at.seconds_left)
            )
        except KeyboardInterrupt:
            output.say("Cancelling; a second Ctrl+C leaves at once.")
            connection.post(f"/jobs/{segment(job['id'])}/cancel")
            ended = wait_for_job(connection, job["id"], lambda at: report("Cancelling", at.done, at.total))
    if ended["state"] == "failed":
        raise error_from_document(ended.get("error") or {})
    if ended["state"] == "cancelled":
        raise Cancelled("The job was cancelled.", hint="Give the same command again to start anew.")
    return ended
