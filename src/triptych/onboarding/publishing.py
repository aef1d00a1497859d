"""The last steps of an import: decide, group, split, publish, index. One transaction makes the version visible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import State
from triptych.core.findings import EXAMPLES_KEPT, Finding, FindingLog, Severity
from triptych.datasets.duplicates import describe_groups, find_groups, read_fingerprints, store_groups
from triptych.datasets.footprint_groups import group_footprints
from triptych.datasets.item_ids import APART, place_of
from triptych.datasets.manifest import write_manifest
from triptych.datasets.publication import publish_version
from triptych.datasets.repository import insert_findings, note_indexed, update_dataset
from triptych.db.item_search import index_items, settle_index
from triptych.db.tables import items, kept_files, sources
from triptych.jobs.repository import batches, find
from triptych.onboarding.notes import describe_note
from triptych.onboarding.session import CHECK, Payload, installation_of, target_from
from triptych.people.events import record_end
from triptych.splits.service import assign_parts
from triptych.storage.blobs import register

if TYPE_CHECKING:
    from triptych.jobs.context import JobContext
    from triptych.onboarding.commit import Target

IMPORT = "import"
PUBLISH = "publish"
PUBLISHED, ASKED = 0, 1
INDEX = "index"
INDEX_BLOCK = 20_000 * APART


@dataclass(frozen=True, slots=True)
class Import:
    """What an import left behind: enough to publish it, also by another job and without its source."""

    job_id: str
    dataset_id: str
    dataset_name: str
    message: str
    target: Target
    summaries: tuple[dict[str, Any], ...]
    asked: bool

    @property
    def rejected(self) -> int:
        """Files that could not be imported."""
        return sum(noted["rejected"] for noted in self.summaries)


def read_import(context: JobContext, job_id: str) -> Import:
    """The import of a job, from what its batches noted."""
    with context.database.read() as connection:
        row = find(connection, job_id)
        assert row is not None
        payload = Payload.read(row.payload)
        noted = batches(connection, job_id, CHECK)[0]
        summaries = batches(connection, job_id, IMPORT)
        asked = ASKED in batches(connection, job_id, PUBLISH)
    target = target_from(noted, payload, installation_of(context).settings)
    ordered = tuple(summary for _, summary in sorted(summaries.items()))
    return Import(job_id, payload.dataset_id, payload.dataset_name, payload.message, target, ordered, asked)


def ask(context: JobContext, done: Import) -> None:
    """Leave the import for a decision: its findings and bins are there, nothing is published."""
    with context.database.write() as connection:
        _count_bins(connection, done)
        if not done.asked:
            insert_findings(connection, done.dataset_id, done.target.version, _note_findings(done))
            context.mark_batch(connection, PUBLISH, ASKED)
            record_end(
                connection,
                context,
                done.dataset_id,
                "needs_decision",
                name=done.dataset_name,
                rejected=done.rejected,
            )
        update_dataset(connection, done.dataset_id, state=State.NEEDS_DECISION)
    context.log(
        "warning", f"{done.rejected:,} files are rejected; keep what succeeded, or remove the dataset."
    )


def publish_import(context: JobContext, done: Import) -> None:
    """Make what was imported a version, in one transaction: groups, split, findings, counts, hash."""
    if PUBLISHED in context.done_batches(PUBLISH):
        return
    log = FindingLog()
    if not done.asked:
        log.extend(_note_findings(done))
    target = done.target
    manifest = write_manifest(context.database, installation_of(context).objects, target.source_id)
    with context.database.write() as connection:
        spare = register(connection, [manifest])
        _count_bins(connection, done)
        connection.execute(
            sa.update(sources).where(sources.c.id == target.source_id).values(manifest=manifest.digest)
        )
        prints = read_fingerprints(connection, done.dataset_id)
        groups = find_groups(prints)
        store_groups(connection, prints, groups)
        log.extend(describe_groups(prints, groups))
        log.extend(list(group_footprints(connection, done.dataset_id)))
        log.extend(list(assign_parts(connection, done.dataset_id, target.version)))
        insert_findings(connection, done.dataset_id, target.version, log.all())
        digest = publish_version(
            connection,
            done.dataset_id,
            target.version,
            author_id=context.user_id,
            message=done.message,
        )
        update_dataset(connection, done.dataset_id, state=State.READY)
        record_end(
            connection,
            context,
            done.dataset_id,
            "published",
            name=done.dataset_name,
            version=target.version,
            items=len(prints.ids),
            content_hash=digest.hex(),
        )
        context.mark_batch(connection, PUBLISH, PUBLISHED)
    installation_of(context).objects.delete(spare)
    context.log("info", f"Version {target.version} is published with {len(prints.ids):,} items.")


def _count_bins(connection: sa.Connection, done: Import) -> None:
    ignored = connection.execute(
        sa.select(sa.func.count()).where(
            kept_files.c.source_id == done.target.source_id, kept_files.c.bin == "ignored"
        )
    ).scalar_one()
    imported = sum(noted["imported"] for noted in done.summaries)
    connection.execute(
        sa.update(sources)
        .where(sources.c.id == done.target.source_id)
        .values(
            imported=imported,
            files=imported,
            ignored=ignored,
            rejected=done.rejected,
            bytes=sum(noted["bytes"] for noted in done.summaries),
        )
    )


def _note_findings(done: Import) -> list[Finding]:
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for noted in done.summaries:
        for code, (count, shown) in noted["tally"].items():
            counts[code] += count
            examples.setdefault(code, []).extend(shown)
    log = FindingLog()
    for code, count in counts.items():
        where = tuple(examples[code][:EXAMPLES_KEPT])
        if code.startswith("rejected:"):
            log.add(
                Finding(
                    Severity.ERROR,
                    "file_rejected",
                    "Files cannot be imported and are set aside, each with its reason.",
                    "Mend them and add them again; `triptych findings` and the log name every one.",
                    code.removeprefix("rejected:"),
                    count,
                    where,
                )
            )
        else:
            log.add(describe_note(code, count, where))
    return list(log.all())


def index_keys(context: JobContext, target: Target) -> None:
    """Put the keys of the imported items into the search index, in blocks marked done."""
    with context.database.read() as connection:
        last = place_of(
            connection.execute(
                sa.select(sa.func.max(items.c.id)).where(items.c.source_id == target.source_id)
            ).scalar_one()
        )[1]
    done = context.done_batches(INDEX)
    blocks = range(target.first_item, last + 1, INDEX_BLOCK)
    for number, start in enumerate(blocks):
        if number not in done:
            context.check_cancelled()
            end = min(start + INDEX_BLOCK - 1, last)
            with context.database.write() as connection:
                index_items(connection, start, end)
                if end == last:
                    settle_index(connection)
                note_indexed(connection, target.source_id, end, whole=end == last)
                context.mark_batch(connection, INDEX, number)
        context.progress(number + 1, len(blocks))
