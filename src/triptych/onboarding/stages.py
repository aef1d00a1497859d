"""The stages of an onboarding: fetch, check, import, labels, publish, index. Each may run twice.

What is done is noted in the transaction that does it, so a job that is killed goes on where it stopped and ends
as it would have ended.
"""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Modality, State
from triptych.core.errors import NotFound, Refused, TooLarge
from triptych.core.findings import Finding, Severity
from triptych.core.ids import new_id
from triptych.datasets.item_ids import reserve_items
from triptych.datasets.manifest import write_listing
from triptych.datasets.recipes import keep_recipe
from triptych.datasets.repository import get_dataset, insert_findings, update_dataset
from triptych.db.session import insert_rows
from triptych.db.tables import datasets, kept_files, organizations, sources
from triptych.modalities.planar.examined import PlanarLimits
from triptych.onboarding.chips import lasting_findings
from triptych.onboarding.commit import BatchSummary, Forgotten, commit_batch
from triptych.onboarding.known_list import write_known
from triptych.onboarding.labels import write_labels
from triptych.onboarding.members import chunks, picture_members, set_aside
from triptych.onboarding.publishing import (
    IMPORT,
    PUBLISH,
    PUBLISHED,
    ask,
    index_keys,
    publish_import,
    read_import,
)
from triptych.onboarding.session import (
    CHECK,
    Payload,
    close_source,
    fetched_reference,
    installation_of,
    opened_source,
    staging_of,
    target_of,
)
from triptych.onboarding.upload_handover import release
from triptych.onboarding.worker import Chunk, ChunkResult, Kept, Measured, Unusable, examine_chunk
from triptych.storage.blobs import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.jobs.compute import Outcome
    from triptych.jobs.context import JobContext
    from triptych.onboarding.check import Checked
    from triptych.onboarding.commit import Target
    from triptych.onboarding.members import SetAside
    from triptych.onboarding.worker import Errand

KEPT_BYTES = 256_000_000
"""Files that are not pictures are kept up to this size; above it only their name and size are."""

EXAMPLES_TOLD = 100
NumberedBatch = tuple[int, "tuple[Errand, ...]"]

FAILURES = {
    "crashed": (
        "decoder_crashed",
        "The decoder crashed on this file.",
        "Save the picture anew, then add it again.",
    ),
    "out_of_memory": (
        "decoder_out_of_memory",
        "Decoding this file takes more memory than one process may have.",
        "Raise TRIPTYCH_WORKER_MEMORY, or save the picture smaller.",
    ),
    "timed_out": (
        "decoder_timed_out",
        "Decoding this file takes longer than one file may take.",
        "Raise TRIPTYCH_FILE_SECONDS, or save the picture anew.",
    ),
}


def fetch(context: JobContext) -> None:
    """Bring a source from an address onto this machine; nothing to do for the others."""
    if not _is_decided(context):
        fetched_reference(context, Payload.read(context.payload))


def check(context: JobContext) -> None:
    """Open the source, choose the format, note findings and every member that is not an item."""
    if _is_decided(context):
        return
    payload = Payload.read(context.payload)
    with context.database.write() as connection:
        context.fence(connection)
        update_dataset(connection, payload.dataset_id, state=State.ONBOARDING)
    checked = opened_source(context)
    if 0 in context.done_batches(CHECK):
        return
    inventory = checked.inventory
    _check_quota(context, sum(checked.root.members[member].size for member in picture_members(inventory)))
    unreadable = [row for row in set_aside(checked) if row.member is None]
    listing = write_listing(installation_of(context).objects, checked.root.members)
    with context.database.write() as connection:
        spare = register(connection, [listing])
        dataset = get_dataset(connection, payload.dataset_id)
        if dataset is None:
            raise NotFound(
                "The dataset of this job is gone: another one took its name.",
                code="dataset_not_found",
                hint="Add the source again.",
            )
        version = dataset.version + 1
        # The container tells a folder that was uploaded from an archive: both are files.
        reference = {**payload.source.to_document(), "container": checked.root.container}
        source_id = _insert_source(connection, context, reference, version, listing.digest)
        first = reserve_items(connection, len(inventory.items))
        insert_findings(connection, payload.dataset_id, version, lasting_findings(checked))
        if inventory.recipe is not None:
            keep_recipe(connection, payload.dataset_id, inventory.recipe)
        insert_rows(connection, kept_files, [_unread_row(source_id, row) for row in unreadable])
        update_dataset(
            connection, payload.dataset_id, format=inventory.format, modality=inventory.modality.value
        )
        noted = {
            "version": version,
            "source_id": source_id,
            "first_item": first,
            "items": len(inventory.items),
        }
        context.mark_batch(connection, CHECK, 0, noted)
    installation_of(context).objects.delete(spare)
    found = "chips" if inventory.modality is Modality.GEOSPATIAL else "pictures"
    context.log("info", f"Layout {inventory.format}: {len(inventory.items):,} {found} found.")
    for finding in checked.findings:
        context.log(finding.severity.value, f"{finding.message} ({finding.count:,} ×)")


def _unread_row(source_id: str, row: SetAside) -> dict[str, Any]:
    """The row of a member that the container itself set aside."""
    return {
        "source_id": source_id,
        "member": row.number,
        "path": row.path,
        "bytes": 0,
        "bin": row.bin,
        "code": row.code,
        "reason": row.reason,
        "hint": "",
        "sha256": None,
    }


def _is_decided(context: JobContext) -> bool:
    """Whether an earlier run came to the end of the import: its rows stand, and the source may be gone."""
    return bool(context.done_batches(PUBLISH))


def _insert_source(
    connection: sa.Connection, context: JobContext, reference: dict[str, Any], version: int, listing: bytes
) -> str:
    source_id = new_id()
    connection.execute(
        sa.insert(sources).values(
            id=source_id,
            dataset_id=context.dataset_id,
            job_id=context.job_id,
            reference=reference,
            filename=reference["filename"],
            uploader_id=context.user_id,
            created_at=time.time(),
            version=version,
            manifest=listing,
        )
    )
    return source_id


def _check_quota(context: JobContext, coming: int) -> None:
    settings = installation_of(context).settings
    with context.database.read() as connection:
        own = connection.execute(
            sa.select(organizations.c.quota_bytes).where(organizations.c.id == context.organization_id)
        ).scalar()
        quota = settings.quota_bytes if own is None else own
        if not quota:
            return
        used = connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(datasets.c.bytes), 0)).where(
                datasets.c.organization_id == context.organization_id
            )
        ).scalar_one()
    if used + coming > quota:
        raise TooLarge(
            f"The pictures have {coming:,} bytes; {max(0, quota - used):,} of the quota of {quota:,} are left.",
            code="quota_exceeded",
            hint="Remove datasets for good, or ask an administrator for a larger quota.",
        )


def import_pictures(context: JobContext) -> None:
    """Read, store, decode and measure every picture, in batches over all cores."""
    if _is_decided(context):
        return
    payload = Payload.read(context.payload)
    checked, target = opened_source(context), target_of(context, payload)
    done = context.done_batches(IMPORT)
    waiting = [(number, errands) for number, errands in enumerate(chunks(checked)) if number not in done]
    total = len(checked.inventory.items)
    finished = sum(result["dealt"] for result in done.values())
    context.progress(finished, total)

    def advance(files: int) -> None:
        nonlocal finished
        finished += files
        context.progress(finished, total)

    known = staging_of(context) / "known"
    if not known.exists():
        write_known(context.database, known)
    again = _import_batches(context, (checked, target), waiting, str(known), advance)
    if again:  # contents that were known when their list was written are deleted since
        _import_batches(context, (checked, target), again, "", advance)
    if not any(noted["items"] for noted in context.done_batches(IMPORT).values()):
        raise _nothing_left(context, target)


def _import_batches(
    context: JobContext,
    between: tuple[Checked, Target],
    waiting: list[NumberedBatch],
    known: str,
    advance: Callable[[int], None],
) -> list[NumberedBatch]:
    """Import batches; those that have to be read again because something in them is not known any more."""
    checked, target = between
    again = []
    aside = set_aside(checked)
    installation = installation_of(context)
    seconds = installation.settings.file_seconds
    results = installation.compute.map(
        examine_chunk,
        (_chunk(context, checked, errands, known) for _, errands in waiting),
        # A chunk over its time is only cut, so that its files are judged one by one.
        seconds=lambda chunk: seconds if len(chunk.items) == 1 else 4 * seconds,
        watch=context.check_cancelled,
    )
    with closing(results):
        for index, outcome in results:
            context.check_cancelled()
            result = _joined(outcome)
            try:
                with context.database.write() as connection:
                    spare = register(connection, result.places)
                    summary = commit_batch(connection, target, checked, aside, result)
                    context.mark_batch(connection, IMPORT, waiting[index][0], summary.document())
            except Forgotten:
                again.append(waiting[index])
                continue
            installation.objects.delete(spare)
            _log_rejections(context, summary)
            advance(summary.dealt)
    return again


def _joined(outcome: Outcome[ChunkResult]) -> ChunkResult:
    """One result of the pieces of a chunk; a file that ended its process is unusable for that reason."""
    outcomes = [entry for result in outcome.results for entry in result.outcomes]
    places = [place for result in outcome.results for place in result.places]
    for failed in outcome.failed:
        errand: Errand = failed.item
        code, reason, hint = FAILURES[failed.reason]
        outcomes.append(
            Unusable(errand.ordinal, None, code, reason, hint, errand.layer)
            if errand.picture
            else Kept(errand.ordinal, None)
        )
    return ChunkResult(tuple(sorted(outcomes, key=_order)), tuple(places))


def _order(outcome: Measured | Unusable | Kept) -> tuple[int, int]:
    return outcome.ordinal, 0 if isinstance(outcome, Kept) else outcome.layer


def _log_rejections(context: JobContext, summary: BatchSummary) -> None:
    for code, (_, examples) in summary.tally.items():
        if code.startswith("rejected:"):
            for example in examples:
                context.log("error", f"Rejected {example}")


def _nothing_left(context: JobContext, target: Target) -> Refused:
    with context.database.read() as connection:
        rows = connection.execute(
            sa.select(kept_files.c.path, kept_files.c.reason)
            .where(kept_files.c.source_id == target.source_id, kept_files.c.bin == "rejected")
            .order_by(kept_files.c.member)
        ).all()
    return Refused(
        f"None of the {len(rows):,} pictures can be imported, so the upload is refused.",
        code="nothing_to_import",
        hint="Mend the files, then add them again.",
        findings=[
            Finding(Severity.ERROR, "file_rejected", row.reason, "", row.path, 1, (row.path,))
            for row in rows[:EXAMPLES_TOLD]
        ],
    )


def _chunk(context: JobContext, checked: Checked, errands: tuple[Errand, ...], known: str) -> Chunk:
    installation = installation_of(context)
    settings = installation.settings
    return Chunk(
        source=checked.root.resolved,
        private_networks=settings.private_networks,
        storage_url=settings.storage_url,
        limits=PlanarLimits(max_pixels=settings.picture_pixels),
        file_bytes=settings.file_bytes,
        kept_bytes=KEPT_BYTES,
        known=known,
        items=errands,
    )


def labels(context: JobContext) -> None:
    """Write the annotation sets."""
    if _is_decided(context):
        return
    payload = Payload.read(context.payload)
    write_labels(context, opened_source(context), target_of(context, payload), payload.dataset_name)


def publish(context: JobContext) -> None:
    """Publish the version, or stop for a decision when files were rejected."""
    done = read_import(context, context.job_id)
    if done.rejected and not Payload.read(context.payload).keep_succeeded:
        ask(context, done)
        context.set_result({"state": State.NEEDS_DECISION.value, "rejected": done.rejected})
    else:
        publish_import(context, done)
        context.set_result({"state": State.READY.value, "version": done.target.version})
    close_source(context.job_id)
    release(installation_of(context), Payload.read(context.payload).source)
    shutil.rmtree(staging_of(context), ignore_errors=True)


def index(context: JobContext) -> None:
    """Make the keys of what was published searchable by any part of them."""
    if PUBLISHED in context.done_batches(PUBLISH):
        index_keys(context, read_import(context, context.job_id).target)


def publish_kept(context: JobContext) -> None:
    """Publish what succeeded of an import that was left for a decision."""
    done = read_import(context, context.payload["onboarding_job"])
    publish_import(context, done)
    context.set_result({"state": State.READY.value, "version": done.target.version})


def index_kept(context: JobContext) -> None:
    """Make the keys of what was kept searchable."""
    index_keys(context, read_import(context, context.payload["onboarding_job"]).target)
