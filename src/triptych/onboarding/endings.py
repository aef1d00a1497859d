"""What follows a job that ended badly: the state of its dataset, what is cleared away, who is told."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from triptych.core.dataset import State
from triptych.core.errors import Cancelled, Refused
from triptych.datasets.disposal import purge_dataset
from triptych.datasets.repository import get_dataset, update_dataset
from triptych.onboarding.publishing import PUBLISH, PUBLISHED
from triptych.onboarding.session import Payload, close_source, installation_of, staging_of
from triptych.onboarding.upload_handover import release
from triptych.people.events import record_end

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.core.errors import TriptychError
    from triptych.jobs.context import JobContext


def keeping_ended_badly(context: JobContext, error: TriptychError) -> None:
    """After a failed decision the dataset waits for one again, unless its version is there already."""
    if context.dataset_id is not None and PUBLISHED not in context.done_batches(PUBLISH):
        with context.database.write() as connection:
            context.fence(connection)
            update_dataset(connection, context.dataset_id, state=State.NEEDS_DECISION)
            dataset = get_dataset(connection, context.dataset_id)
            if dataset is not None:
                note_failure(connection, context, dataset.id, dataset.name, error)


def ended_badly(context: JobContext, error: TriptychError) -> None:
    """After a failure or a cancellation: what was refused leaves nothing, the rest can be retried."""
    close_source(context.job_id)
    payload = Payload.read(context.payload)

    def note(connection: sa.Connection) -> None:
        note_failure(connection, context, payload.dataset_id, payload.dataset_name, error)

    if isinstance(error, Refused):
        purge_dataset(context.database, installation_of(context).objects, payload.dataset_id, note)
        release(installation_of(context), payload.source)
        shutil.rmtree(staging_of(context), ignore_errors=True)
        return
    if PUBLISHED in context.done_batches(PUBLISH):
        return
    state = State.CANCELLED if isinstance(error, Cancelled) else State.FAILED
    with context.database.write() as connection:
        context.fence(connection)
        update_dataset(connection, payload.dataset_id, state=state)
        note(connection)


def note_failure(
    connection: sa.Connection, context: JobContext, dataset_id: str, name: str, error: TriptychError
) -> None:
    """Record that a job failed. Who cancels one knows it; whom else that concerns is told when it is asked for."""
    if not isinstance(error, Cancelled):
        told = {"code": error.code, "message": error.message, "hint": error.hint}
        record_end(connection, context, dataset_id, "failed", name=name, **told)
