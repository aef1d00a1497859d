"""Bring a source from an address onto the machine that works on its job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from triptych.storage.containers.refusals import source_changed
from triptych.storage.download import download
from triptych.storage.sources import SourceLimits, SourceRef

if TYPE_CHECKING:
    from triptych.jobs.context import JobContext
    from triptych.settings import Settings

FETCH = "fetch"


def local_source(context: JobContext, source: SourceRef, settings: Settings, staging: Path) -> SourceRef:
    """Where the source lies on this machine, downloaded when it is not here yet; others stay as they are.

    A worker on another machine that takes the job over downloads anew. Refused `source_changed` when what it
    gets is not what the job began with.
    """
    if source.kind != "http":
        return source
    noted = context.done_batches(FETCH).get(0)
    known = None if noted is None else SourceRef.from_document(noted)
    if known is not None and Path(known.address).is_file():
        return known

    def progress(done: int, total: int | None) -> None:
        context.check_cancelled()
        context.progress(done, total)

    local = download(
        source,
        staging / "download",
        progress,
        SourceLimits(source_bytes=settings.upload_bytes),
        private_networks=settings.private_networks,
    )
    if known is not None and (known.size, known.etag) != (local.size, local.etag):
        raise source_changed(source.filename)
    if known is None:
        with context.database.write() as connection:
            context.mark_batch(connection, FETCH, 0, local.to_document())
    return local
