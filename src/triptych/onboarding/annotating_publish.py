"""The last stages of adding labels: write them in batches that nothing sees, then bring them in as a version."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.annotations.pending import PENDING, bring_in, drop_pending
from triptych.annotations.repository import boxes_outside, fitting, insert_labels
from triptych.annotations.sets import free_name
from triptych.core.errors import NotFound, Refused
from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.datasets.class_matrix import sets_at
from triptych.datasets.manifest import write_manifest
from triptych.datasets.publication import lock_newest, publish_version
from triptych.datasets.repository import get_dataset, insert_findings
from triptych.db.id_lists import among
from triptych.db.tables import annotation_rows, annotation_sets, datasets, items, kept_files, sources
from triptych.onboarding.annotating import AnnotatePayload
from triptych.onboarding.annotating_check import CHECK, drafts_of, forget_drafts
from triptych.onboarding.endings import note_failure
from triptych.onboarding.labels import misfit_finding, outside_finding
from triptych.onboarding.session import installation_of, staging_of
from triptych.onboarding.upload_handover import release
from triptych.people.events import record_end
from triptych.storage.blobs import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.core.errors import TriptychError
    from triptych.core.labels import DraftSet, Label
    from triptych.jobs.context import JobContext

LABELS, PUBLISH = "labels", "publish"
BATCH = 20_000
"""Labels that one transaction writes."""


def labels(context: JobContext) -> None:
    """Write the labels of each set in batches, each marked done in the transaction that writes it."""
    if context.done_batches(PUBLISH):
        return
    noted, done = context.done_batches(CHECK)[0], context.done_batches(LABELS)
    drafts = drafts_of(context, noted)
    total, written = sum(len(draft.labels) for draft in drafts), 0
    for number, (index, block) in enumerate(_batches(drafts)):
        if number not in done:
            context.check_cancelled()
            with context.database.write() as connection:
                _check_there(connection, context)
                result = {"set": index, **_write_batch(connection, noted["sets"][index], block)}
                context.mark_batch(connection, LABELS, number, result)
        written += len(block)
        context.progress(written, total)


def _batches(drafts: Sequence[DraftSet]) -> Iterator[tuple[int, list[Label]]]:
    """The labels in the order of the files, with the place of their set."""
    for index, draft in enumerate(drafts):
        for first in range(0, len(draft.labels), BATCH):
            yield index, draft.labels[first : first + BATCH]


def _check_there(connection: sa.Connection, context: JobContext) -> None:
    # Held until the rows are written: a dataset that is deleted meanwhile must not leave labels behind.
    own = sa.select(datasets.c.id).where(datasets.c.id == AnnotatePayload.read(context.payload).dataset_id)
    if connection.execute(own.with_for_update(read=True)).first() is None:
        raise NotFound("The dataset of this job is gone.", code="dataset_not_found")


def _write_batch(connection: sa.Connection, set_id: int, block: Sequence[Label]) -> dict[str, Any]:
    """Write labels; what publishing needs to know of them. A label's item is the id of an item."""
    placed = [(label.item, label) for label in block]
    rows = connection.execute(
        sa.select(items.c.id, items.c.key, items.c.width, items.c.height).where(
            among(connection, items.c.id, sorted({item for item, _ in placed}))
        )
    ).all()
    keys = {row.id: row.key for row in rows}
    sizes = {row.id: (row.width, row.height) for row in rows}
    placed, misfits = fitting(placed, sizes)
    outside = boxes_outside(placed, sizes)
    insert_labels(connection, set_id, PENDING, placed)
    over = dict.fromkeys(keys[item] for item, _ in outside)
    other = dict.fromkeys(keys[item] for item in misfits)
    return {
        "labels": len(placed),
        "outside": len(outside),
        "examples": list(over)[:EXAMPLES_KEPT],
        "misfits": len(misfits),
        "misfit_examples": list(other)[:EXAMPLES_KEPT],
    }


def publish(context: JobContext) -> None:
    """Bring the sets in as the next version, in one transaction."""
    if not context.done_batches(PUBLISH):
        _publish(context)
    context.set_result(context.done_batches(PUBLISH)[0])
    _clear(context)


def _publish(context: JobContext) -> None:
    dataset_id = AnnotatePayload.read(context.payload).dataset_id
    noted = context.done_batches(CHECK)[0]
    batches = [result for _, result in sorted(context.done_batches(LABELS).items())]
    objects = installation_of(context).objects
    manifest = write_manifest(context.database, objects, noted["source_id"])
    with context.database.write() as connection:
        newest = lock_newest(connection, dataset_id)
        number = newest.version + 1
        spare = register(connection, [manifest])
        names, found = _bring_in(connection, context, newest, noted["sets"], batches)
        _finish_source(connection, noted["source_id"], number, manifest.digest)
        known = [_finding(document) for document in noted["findings"]]
        insert_findings(connection, dataset_id, number, [*known, *found])
        message = f"Added annotation set{'' if len(names) == 1 else 's'} {', '.join(names)}"
        publish_version(connection, dataset_id, number, author_id=context.user_id, message=message)
        result = {"version": number, "sets": names, "labels": sum(each["labels"] for each in batches)}
        record_end(connection, context, dataset_id, "annotated", name=newest.name, **result)
        context.mark_batch(connection, PUBLISH, 0, result)
    objects.delete(spare)
    context.log("info", f"Version {number} is published with {result['labels']:,} new labels.")


def _bring_in(
    connection: sa.Connection,
    context: JobContext,
    newest: sa.Row[Any],
    set_ids: Sequence[int],
    batches: Sequence[dict[str, Any]],
) -> tuple[list[str], list[Finding]]:
    """Let the pending sets hold from the next version on: their names, and what was noticed."""
    given = AnnotatePayload.read(context.payload).name
    taken = {row.name for row in sets_at(connection, newest.id, newest.version)}
    names: list[str] = []
    found: list[Finding] = []
    for index, set_id in enumerate(set_ids):
        own = sa.select(annotation_sets.c.name).where(annotation_sets.c.id == set_id)
        name = free_name(given or connection.execute(own).scalar_one(), taken | set(names))
        names.append(name)
        lost = bring_in(connection, set_id, name, newest.version + 1)
        if lost:
            found.append(_lost_finding(name, lost))
        of_set = [each for each in batches if each["set"] == index]
        misfits = sum(each.get("misfits", 0) for each in of_set)
        if misfits:
            other = [key for each in of_set for key in each["misfit_examples"]]
            found.append(misfit_finding(name, misfits, tuple(other[:EXAMPLES_KEPT])))
        outside = sum(each["outside"] for each in of_set)
        if outside:
            examples = dict.fromkeys(key for each in of_set for key in each["examples"])
            found.append(outside_finding(name, outside, tuple(examples)[:EXAMPLES_KEPT]))
    left = sa.select(annotation_rows.c.id).where(annotation_rows.c.set_id.in_(set_ids)).limit(1)
    if connection.execute(left).first() is None:
        raise Refused(
            "The pictures that the labels stand on were removed meanwhile.",
            code="labels_unreadable",
            hint="Look at the newest version, then add the labels again.",
        )
    return names, found


def _lost_finding(name: str, count: int) -> Finding:
    return Finding(
        Severity.WARNING,
        "labels_of_removed",
        f"Labels of “{name}” stand on pictures that were removed while they were written; they are left out.",
        "Revert to the version before, then add the labels again, where they are wanted.",
        name,
        count,
    )


def _finding(document: dict[str, Any]) -> Finding:
    return Finding(
        **{
            **document,
            "severity": Severity(document["severity"]),
            "examples": tuple(document["examples"]),
        }
    )


def _finish_source(connection: sa.Connection, source_id: str, number: int, manifest: bytes) -> None:
    counted = connection.execute(
        sa.select(kept_files.c.bin, sa.func.count(), sa.func.sum(kept_files.c.bytes))
        .where(kept_files.c.source_id == source_id)
        .group_by(kept_files.c.bin)
    )
    bins = {row[0]: (row[1], int(row[2])) for row in counted}
    imported = bins.get("imported", (0, 0))
    connection.execute(
        sa.update(sources)
        .where(sources.c.id == source_id)
        .values(
            version=number,
            manifest=manifest,
            imported=imported[0],
            files=imported[0],
            bytes=imported[1],
            ignored=bins.get("ignored", (0, 0))[0],
        )
    )


def ended_badly(context: JobContext, error: TriptychError) -> None:
    """After a failure or a cancellation nothing of the job is left; a retry begins with the check."""
    if context.done_batches(PUBLISH):
        return
    noted = context.done_batches(CHECK).get(0)
    with context.database.write() as connection:
        dataset = get_dataset(connection, AnnotatePayload.read(context.payload).dataset_id)
        if dataset is not None:
            note_failure(connection, context, dataset.id, dataset.name, error)
        if noted is not None:
            context.forget_batches(connection, CHECK, LABELS)
            drop_pending(connection, noted["sets"])
            for table, column in ((kept_files, kept_files.c.source_id), (sources, sources.c.id)):
                connection.execute(sa.delete(table).where(column == noted["source_id"]))
    if isinstance(error, Refused):
        _clear(context)
    forget_drafts(context)


def _clear(context: JobContext) -> None:
    """Let go of the source: what was read of it is stored by its content."""
    forget_drafts(context)
    release(installation_of(context), AnnotatePayload.read(context.payload).source)
    shutil.rmtree(staging_of(context), ignore_errors=True)
