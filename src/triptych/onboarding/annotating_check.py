"""The first stages of adding labels: fetch the source, read its label files against the newest version.

The check notes which version that was, and keeps the label files. A run that goes on later reads the kept files
against the same version, so that it finds its batches where they were.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.annotations.pending import PENDING
from triptych.annotations.repository import insert_set
from triptych.annotations.stored_keys import StoredKeys
from triptych.core.errors import NotFound
from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.core.ids import new_id
from triptych.datasets.manifest import write_listing
from triptych.datasets.repository import get_dataset
from triptych.db.session import insert_rows
from triptych.db.tables import kept_files, sources
from triptych.formats.base import SIDECAR_NAME
from triptych.onboarding.annotating import AnnotatePayload
from triptych.onboarding.fetching import local_source
from triptych.onboarding.label_source import open_label_source, read_labels, read_tables, stored_view
from triptych.onboarding.members import set_aside
from triptych.onboarding.session import installation_of, staging_of
from triptych.storage.blobs import register
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.labels import DraftSet
    from triptych.jobs.context import JobContext
    from triptych.onboarding.label_source import LabelsRead
    from triptych.storage.packs import Place
    from triptych.storage.sources import SourceRef

CHECK = "check"

_read: dict[str, list[DraftSet]] = {}
"""The annotation sets of jobs that this process works on, by job."""


def fetch(context: JobContext) -> None:
    """Bring a source from an address onto this machine; nothing to do for the others."""
    if 0 not in context.done_batches(CHECK):
        _local(context, AnnotatePayload.read(context.payload))


def check(context: JobContext) -> None:
    """Read the label files; keep them, and make their annotation sets, which nothing sees yet."""
    if 0 in context.done_batches(CHECK):
        return
    payload = AnnotatePayload.read(context.payload)
    installation = installation_of(context)
    with context.database.read() as connection:
        version = found_dataset(connection, payload.dataset_id).version
    matcher = StoredKeys(context.database, payload.dataset_id, version)
    source, staging = _local(context, payload), staging_of(context)
    with open_label_source(source, payload.options, installation.settings, staging) as opened:
        read = read_labels(opened, payload.options, matcher)
        context.check_cancelled()
        digests, places = _keep_files(context, read)
    findings = [*read.checked.findings, *_unlisted(matcher, read)]
    paths = read.checked.view.paths
    noted: dict[str, Any] = {
        "version": version,
        "source_id": new_id(),
        "files": [[paths[member], digest.hex()] for member, digest in digests.items()],
        "findings": [asdict(finding) for finding in findings],
    }
    with context.database.write() as connection:
        found_dataset(connection, payload.dataset_id)
        spare = register(connection, places)
        noted["sets"] = [
            insert_set(connection, payload.dataset_id, PENDING, draft, name=draft.name, origin="import")
            for draft in read.tables.sets
        ]
        _insert_source(connection, context, noted["source_id"], places[-1].digest)
        insert_rows(connection, kept_files, _kept_rows(noted["source_id"], read, digests))
        context.mark_batch(connection, CHECK, 0, noted)
    installation.objects.delete(spare)
    for finding in findings:
        context.log(finding.severity.value, f"{finding.message} ({finding.count:,} ×)")
    _read[context.job_id] = read.tables.sets


def drafts_of(context: JobContext, noted: dict[str, Any]) -> list[DraftSet]:
    """The annotation sets of the job; read again from the kept files by a process that has not read them."""
    held = _read.get(context.job_id)
    if held is None:
        payload = AnnotatePayload.read(context.payload)
        matcher = StoredKeys(context.database, payload.dataset_id, noted["version"])
        view = stored_view(context.database, installation_of(context).objects, noted["files"])
        tables = [member for member in view.kept if view.paths[member] != SIDECAR_NAME]
        held = _read[context.job_id] = read_tables(view, tables, payload.options, matcher).sets
    return held


def forget_drafts(context: JobContext) -> None:
    """Let go of what this process has read."""
    _read.pop(context.job_id, None)


def found_dataset(connection: sa.Connection, dataset_id: str) -> sa.Row[Any]:
    """The row of the job's dataset; NotFound `dataset_not_found` when somebody has removed it."""
    row = get_dataset(connection, dataset_id)
    if row is None:
        raise NotFound("The dataset of this job is gone.", code="dataset_not_found")
    return row


def _local(context: JobContext, payload: AnnotatePayload) -> SourceRef:
    return local_source(context, payload.source, installation_of(context).settings, staging_of(context))


def _keep_files(context: JobContext, read: LabelsRead) -> tuple[dict[int, bytes], list[Place]]:
    """Store the label files and, last, the listing of the source: hashes by member, and where everything lies."""
    objects = installation_of(context).objects
    writer = BlobWriter(objects)
    view = read.checked.view
    digests = {member: writer.add(view.read(member)) for member in read.checked.inventory.label_files}
    return digests, [*writer.finish(), write_listing(objects, view.members)]


def _insert_source(connection: sa.Connection, context: JobContext, source_id: str, listing: bytes) -> None:
    payload = AnnotatePayload.read(context.payload)
    connection.execute(
        sa.insert(sources).values(
            id=source_id,
            dataset_id=payload.dataset_id,
            job_id=context.job_id,
            reference=payload.source.to_document(),
            filename=payload.source.filename,
            uploader_id=context.user_id,
            created_at=time.time(),
            version=PENDING,
            manifest=listing,
            indexed=True,  # it brings no items
        )
    )


def _kept_rows(source_id: str, read: LabelsRead, digests: dict[int, bytes]) -> list[dict[str, Any]]:
    """A row for each member: label files are kept, of the others it is noted what they were."""
    return [
        {
            "source_id": source_id,
            "member": row.number,
            "path": row.path,
            "bytes": 0 if row.member is None else row.member.size,
            "bin": row.bin,
            "code": row.code,
            "reason": row.reason,
            "hint": "",
            "sha256": digests.get(row.number),
        }
        for row in set_aside(read.checked)
    ]


def _unlisted(matcher: StoredKeys, read: LabelsRead) -> Iterator[Finding]:
    """The finding about items that no label file lists."""
    listed = read.tables.listed
    if not listed:  # files as Triptych writes them: what they leave out was left out before
        return
    missing, examples = 0, list[str]()
    for block in matcher.blocks():
        for item, key in block:
            if item not in listed:
                missing += 1
                if len(examples) < EXAMPLES_KEPT:
                    examples.append(key)
    if missing:
        subject = ", ".join(read.tables.read[:3])
        yield Finding(
            Severity.WARNING,
            "image_without_label",
            f"{subject} does not list these pictures; they are not part of its annotation.",
            "Nothing to do if they are meant to be without labels.",
            subject,
            missing,
            tuple(examples),
        )
