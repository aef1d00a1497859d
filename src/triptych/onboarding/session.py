"""What the stages of one onboarding share: its payload, its target, and the opened source.

The source is opened once for a process and kept until the job ends there; a process that takes the job over
opens it anew and finds the same inventory, since opening depends on nothing but the source.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.onboarding.check import Checked, Wish, check_source
from triptych.onboarding.commit import SideLimits, Target
from triptych.onboarding.fetching import local_source
from triptych.storage.sources import SourceRef

if TYPE_CHECKING:
    from pathlib import Path

    from triptych.installation import Installation
    from triptych.jobs.context import JobContext
    from triptych.settings import Settings

CHECK = "check"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a job of onboarding was asked to do; stored with the job as a document."""

    dataset_id: str
    dataset_name: str
    source: SourceRef
    wish: Wish
    keep_succeeded: bool
    message: str

    def document(self) -> dict[str, Any]:
        """As stored with the job."""
        return {
            "type": "onboarding",
            "version": 1,
            "dataset_id": self.dataset_id,
            "dataset_name": self.dataset_name,
            "source": self.source.to_document(),
            "format": self.wish.format,
            "modality": self.wish.modality,
            "options": dict(self.wish.options),
            "keep_succeeded": self.keep_succeeded,
            "message": self.message,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Payload:
        """From what is stored with the job."""
        return cls(
            document["dataset_id"],
            document["dataset_name"],
            SourceRef.from_document(document["source"]),
            Wish(document["format"], document["modality"], tuple(sorted(document["options"].items()))),
            document["keep_succeeded"],
            document["message"],
        )


_lock = threading.Lock()
_opened: dict[str, tuple[ExitStack, Checked]] = {}


def installation_of(context: JobContext) -> Installation:
    """The installation that the job runs in."""
    services: Installation = context.services
    return services


def staging_of(context: JobContext) -> Path:
    """The job's own folder for temporary files; removed when the job ends."""
    folder = installation_of(context).settings.home / "staging" / "jobs" / context.job_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def opened_source(context: JobContext) -> Checked:
    """The job's opened source; opened on the first call in this process."""
    with _lock:
        held = _opened.get(context.job_id)
    if held is not None:
        return held[1]
    payload = Payload.read(context.payload)
    stack = ExitStack()
    checked = stack.enter_context(
        check_source(
            fetched_reference(context, payload),
            payload.wish,
            installation_of(context).settings,
            staging_of(context),
        )
    )
    with _lock:
        _opened[context.job_id] = (stack, checked)
    return checked


def close_source(job_id: str) -> None:
    """Let go of the job's opened source."""
    with _lock:
        held = _opened.pop(job_id, None)
    if held is not None:
        held[0].close()


def fetched_reference(context: JobContext, payload: Payload) -> SourceRef:
    """Where the source lies on this machine; a source at an address is downloaded when it is not here yet."""
    return local_source(context, payload.source, installation_of(context).settings, staging_of(context))


def target_of(context: JobContext, payload: Payload) -> Target:
    """Where the job writes, as its check stage noted it."""
    return target_from(context.done_batches(CHECK)[0], payload, installation_of(context).settings)


def target_from(noted: dict[str, Any], payload: Payload, settings: Settings) -> Target:
    """Where an import writes, from what its check stage noted."""
    return Target(
        payload.dataset_id,
        noted["version"],
        noted["source_id"],
        noted["first_item"],
        side_limits(settings, payload.wish),
    )


def side_limits(settings: Settings, wish: Wish) -> SideLimits:
    """The limits on width and height; `limits=original` makes them a reason to reject."""
    return SideLimits(settings.side_min, settings.side_max, wish.option("limits") == "original")
