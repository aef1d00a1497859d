"""Begin to add labels to a dataset that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.annotations.sets import check_set_name
from triptych.core.errors import Conflict
from triptych.onboarding.label_source import check_options
from triptych.onboarding.upload_handover import hand_over
from triptych.storage.sources import SourceRef

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.core.access import Subject
    from triptych.installation import Installation

ANNOTATE = "annotate"


@dataclass(frozen=True, slots=True)
class AnnotatePayload:
    """What a job was asked to do; stored with the job as a document. `name` is None for that of the file."""

    dataset_id: str
    source: SourceRef
    name: str | None
    options: tuple[tuple[str, str], ...]

    def document(self) -> dict[str, Any]:
        """As stored with the job."""
        return {
            "type": "annotate",
            "version": 1,
            "dataset_id": self.dataset_id,
            "source": self.source.to_document(),
            "name": self.name,
            "options": dict(self.options),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> AnnotatePayload:
        """From what is stored with the job."""
        return cls(
            document["dataset_id"],
            SourceRef.from_document(document["source"]),
            document["name"],
            tuple(sorted(document["options"].items())),
        )


def begin_annotating(
    installation: Installation,
    subject: Subject,
    dataset: sa.Row[Any],
    source: SourceRef,
    name: str | None,
    options: tuple[tuple[str, str], ...],
) -> str:
    """Make the job that adds the labels of a source, and start it; its id.

    Conflict `dataset_not_ready` when nothing is published; InvalidInput `bad_set_name`, `unknown_option`.
    """
    assert subject.organization_id is not None
    check_options(options)
    wanted = None if name is None else check_set_name(name)
    if dataset.version == 0:
        raise Conflict(
            f"“{dataset.name}” has no published version yet.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    payload = AnnotatePayload(dataset.id, hand_over(installation, source), wanted, options)
    with installation.database.write() as connection:
        job_id = installation.jobs.submit(
            connection,
            kind=ANNOTATE,
            title=dataset.name,
            payload=payload.document(),
            organization_id=subject.organization_id,
            user_id=subject.user_id,
            dataset_id=dataset.id,
        )
    installation.jobs.start(job_id)
    return job_id
