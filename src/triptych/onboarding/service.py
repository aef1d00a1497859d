"""Begin an onboarding, and decide about one that was left for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Modality, State
from triptych.core.errors import Conflict, InvalidInput
from triptych.datasets.disposal import purge_dataset
from triptych.datasets.names import check_name, name_from_filename
from triptych.datasets.repository import check_name_free, get_dataset, insert_dataset, update_dataset
from triptych.db.tables import sources
from triptych.formats.registry import find_format
from triptych.onboarding.check import reader_options
from triptych.onboarding.session import Payload
from triptych.onboarding.upload_handover import hand_over
from triptych.people.events import record

if TYPE_CHECKING:
    from triptych.core.access import Subject
    from triptych.installation import Installation
    from triptych.onboarding.check import Wish
    from triptych.storage.sources import SourceRef

ONBOARDING = "onboarding"
KEEPING = "keeping"


@dataclass(frozen=True, slots=True)
class NewDataset:
    """What a person gives with a source; without a name the dataset is called as the archive."""

    name: str | None = None
    display_name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()


def begin(
    installation: Installation,
    subject: Subject,
    source: SourceRef,
    new: NewDataset,
    wish: Wish,
    *,
    keep_succeeded: bool,
) -> tuple[str, str]:
    """Make the dataset and its job, and start it: (dataset id, job id). Conflict `name_taken`."""
    name = check_name(new.name or name_from_filename(source.filename))
    check_wish(wish)
    assert subject.organization_id is not None
    assert subject.user_id is not None
    _free_name(installation, subject.organization_id, name)
    source = hand_over(installation, source)
    with installation.database.write() as connection:
        dataset_id = insert_dataset(
            connection,
            organization_id=subject.organization_id,
            owner_id=subject.user_id,
            name=name,
            display_name=new.display_name,
            description=new.description,
            tags=list(new.tags),
            modality=wish.modality or Modality.PLANAR.value,
        )
        payload = Payload(dataset_id, name, source, wish, keep_succeeded, f"Added {source.filename}")
        job_id = installation.jobs.submit(
            connection,
            kind=ONBOARDING,
            title=name,
            payload=payload.document(),
            organization_id=subject.organization_id,
            user_id=subject.user_id,
            dataset_id=dataset_id,
        )
        record(connection, subject, "created", "dataset", dataset_id, name=name, source=source.filename)
    installation.jobs.start(job_id)
    return dataset_id, job_id


def _free_name(installation: Installation, organization_id: str, name: str) -> None:
    """Conflict `name_taken`, before an upload is moved for nothing; inserting asks again.

    What failed, was cancelled or was discarded before it had a version makes room for the next try.
    """
    with installation.database.read() as connection:
        given_up = check_name_free(connection, organization_id, name)
    if given_up is not None:
        purge_dataset(installation.database, installation.objects, given_up)


def check_wish(wish: Wish) -> None:
    """InvalidInput (`unknown_modality`, `unknown_format`, `unknown_option`) for what does not exist.

    It is asked before there is a dataset, so that a slip of the pen does not leave a failed one with the name.
    """
    if wish.modality is not None and wish.modality not in set(Modality):
        raise InvalidInput(
            f"There is no modality “{wish.modality}”.",
            code="unknown_modality",
            hint=f"Take one of {', '.join(Modality)}.",
        )
    if wish.format is not None:
        find_format(wish.format)
    reader_options(wish.options)


def keep(installation: Installation, subject: Subject, dataset: sa.Row[Any]) -> str:
    """Accept what succeeded of a dataset that needs a decision: the job that publishes it.

    Conflict `nothing_to_decide` in every other state.
    """
    assert subject.organization_id is not None
    with installation.database.write() as connection:
        row = get_dataset(connection, dataset.id)
        if row is None or row.state != State.NEEDS_DECISION:
            raise Conflict(
                f"“{dataset.name}” does not wait for a decision.",
                code="nothing_to_decide",
                hint="Only a dataset of which files were rejected does.",
            )
        source = connection.execute(
            sa.select(sources.c.job_id)
            .where(sources.c.dataset_id == row.id)
            .order_by(sources.c.id.desc())
            .limit(1)
        ).one()
        update_dataset(connection, row.id, state=State.ONBOARDING)
        job_id = installation.jobs.submit(
            connection,
            kind=KEEPING,
            title=row.name,
            payload={"type": "keeping", "version": 1, "onboarding_job": source.job_id},
            organization_id=subject.organization_id,
            user_id=subject.user_id,
            dataset_id=row.id,
        )
        record(connection, subject, "kept", "dataset", row.id)
    installation.jobs.start(job_id)
    return job_id
