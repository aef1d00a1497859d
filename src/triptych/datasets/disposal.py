"""Into the trash, back, and gone: rows first, then the bytes that nothing refers to any more.

Deleting a dataset drops its rows. `collect` then removes contents, renditions and blobs that no row names; it
leaves alone what is younger than a grace time, because a running job writes blobs before the rows that name them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.dataset import State
from triptych.core.errors import Conflict
from triptych.datasets.repository import update_dataset
from triptych.db.id_lists import among
from triptych.db.item_search import forget_items
from triptych.db.layer_hashes import is_layer_among
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    blobs,
    classes,
    contents,
    datasets,
    dicom_files,
    findings,
    footprints,
    grants,
    items,
    jobs,
    kept_files,
    layers,
    measures,
    renditions,
    sources,
    splits,
    tag_runs,
    tunes,
)
from triptych.storage.blobs import forget, hold_alone, unnamed_objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from triptych.db.session import Database
    from triptych.storage.objects import Objects

GRACE_SECONDS = 86_400.0
BLOCK = 5_000
BUSY = (State.WAITING, State.ONBOARDING)


def trash(connection: sa.Connection, dataset: sa.Row[Any]) -> None:
    """Put a dataset into the trash. Conflict `dataset_busy` while a job works on it."""
    if dataset.state in BUSY:
        raise Conflict(
            f"“{dataset.name}” is being onboarded.",
            code="dataset_busy",
            hint="Cancel its job first: `triptych jobs` names it.",
        )
    if dataset.state == State.TRASHED:
        return
    update_dataset(
        connection,
        dataset.id,
        state=State.TRASHED,
        state_before_trash=dataset.state,
        trashed_at=time.time(),
    )


def restore(connection: sa.Connection, dataset: sa.Row[Any]) -> None:
    """Take a dataset out of the trash. Conflict `not_in_trash` when it is not there."""
    if dataset.state != State.TRASHED:
        raise Conflict(f"“{dataset.name}” is not in the trash.", code="not_in_trash")
    update_dataset(
        connection,
        dataset.id,
        state=dataset.state_before_trash or State.READY,
        state_before_trash=None,
        trashed_at=None,
    )


def purge_dataset(
    database: Database,
    objects: Objects,
    dataset_id: str,
    note: Callable[[sa.Connection], None] | None = None,
) -> None:
    """Delete a dataset with all its rows, and at once the bytes that only it used.

    `note` writes down why, in the transaction that deletes the rows.
    """
    with database.read() as connection:
        digests = _digests_of(connection, dataset_id)
    with database.write() as connection:
        _delete_rows(connection, dataset_id)
        if note is not None:
            note(connection)
    _collect_digests(database, objects, digests)


def purge_expired(database: Database, objects: Objects, trash_days: float) -> list[str]:
    """Delete what has been in the trash for longer than `trash_days`; the ids."""
    with database.read() as connection:
        expired = connection.execute(
            sa.select(datasets.c.id).where(
                datasets.c.state == State.TRASHED, datasets.c.trashed_at < time.time() - trash_days * 86_400
            )
        ).scalars()
        ids = list(expired)
    for dataset_id in ids:
        purge_dataset(database, objects, dataset_id)
    return ids


def collect(database: Database, objects: Objects, grace_seconds: float = GRACE_SECONDS) -> int:
    """Remove every blob that nothing has referred to for the grace time; how many there were."""
    before = time.time() - grace_seconds
    with database.read() as connection:
        old = connection.execute(sa.select(blobs.c.sha256).where(blobs.c.created_at < before)).scalars()
        candidates = {bytes(digest) for digest in old}
    removed = _collect_digests(database, objects, candidates)
    with database.read() as connection:
        stray = unnamed_objects(connection, objects, before)
    objects.delete(stray)
    objects.sweep(before)
    return removed


def _digests_of(connection: sa.Connection, dataset_id: str) -> set[bytes]:
    own_items = sa.select(items.c.id).where(items.c.dataset_id == dataset_id)
    own_sources = sa.select(sources.c.id).where(sources.c.dataset_id == dataset_id)
    found = set(
        connection.execute(sa.select(layers.c.sha256).where(layers.c.item_id.in_(own_items))).scalars()
    )
    found |= set(
        connection.execute(
            sa.select(kept_files.c.sha256).where(kept_files.c.source_id.in_(own_sources))
        ).scalars()
    )
    found |= set(
        connection.execute(sa.select(sources.c.manifest).where(sources.c.dataset_id == dataset_id)).scalars()
    )
    return {bytes(digest) for digest in found if digest is not None}


def _delete_rows(connection: sa.Connection, dataset_id: str) -> None:
    own_items = sa.select(items.c.id).where(items.c.dataset_id == dataset_id)
    own_sets = sa.select(annotation_sets.c.id).where(annotation_sets.c.dataset_id == dataset_id)
    own_splits = sa.select(splits.c.id).where(splits.c.dataset_id == dataset_id)
    own_sources = sa.select(sources.c.id).where(sources.c.dataset_id == dataset_id)
    _forget_keys(connection, dataset_id)
    for table, condition in (
        (annotation_rows, annotation_rows.c.set_id.in_(own_sets)),
        (classes, classes.c.set_id.in_(own_sets)),
        (annotation_sets, annotation_sets.c.dataset_id == dataset_id),
        (assignments, assignments.c.split_id.in_(own_splits)),
        (splits, splits.c.dataset_id == dataset_id),
        (layers, layers.c.item_id.in_(own_items)),
        (footprints, footprints.c.dataset_id == dataset_id),
        (items, items.c.dataset_id == dataset_id),
        (tag_runs, tag_runs.c.dataset_id == dataset_id),
        (tunes, tunes.c.dataset_id == dataset_id),
        (kept_files, kept_files.c.source_id.in_(own_sources)),
        (findings, findings.c.dataset_id == dataset_id),
        (grants, sa.and_(grants.c.thing_kind == "dataset", grants.c.thing_id == dataset_id)),
        (datasets, datasets.c.id == dataset_id),
    ):
        connection.execute(sa.delete(table).where(condition))
    connection.execute(sa.update(jobs).where(jobs.c.dataset_id == dataset_id).values(dataset_id=None))


def _forget_keys(connection: sa.Connection, dataset_id: str) -> None:
    """Take the keys out of the search index; only those that were put in, or it would be damaged."""
    rows = connection.execute(
        sa.select(sources.c.id, sources.c.indexed_to).where(sources.c.dataset_id == dataset_id)
    ).all()
    for source_id, last in rows:
        _forget_range(connection, source_id, 0, last)


def _forget_range(connection: sa.Connection, source_id: str, first: int, last: int) -> None:
    while True:
        rows = connection.execute(
            sa.select(items.c.id, items.c.key)
            .where(items.c.source_id == source_id, items.c.id >= first, items.c.id <= last)
            .order_by(items.c.id)
            .limit(BLOCK)
        ).all()
        forget_items(connection, [(row[0], row[1]) for row in rows])
        if len(rows) < BLOCK:
            return
        first = rows[-1][0] + 1


def _collect_digests(database: Database, objects: Objects, candidates: set[bytes]) -> int:
    ordered = sorted(candidates)
    emptied: list[str] = []
    removed = 0
    for first in range(0, len(ordered), BLOCK):
        with database.write() as connection:
            hold_alone(connection)
            block = ordered[first : first + BLOCK]
            referred = _referred(connection, block)
            dead = [digest for digest in block if digest not in referred]
            dead += _drop_contents(connection, dead)
            emptied += forget(connection, dead)
            removed += len(dead)
    objects.delete(emptied)
    return removed


def _referred(connection: sa.Connection, digests: list[bytes]) -> set[bytes]:
    others = (kept_files.c.sha256, sources.c.manifest, renditions.c.blob)
    named = [(column, among(connection, column, digests)) for column in others]
    named.append((layers.c.sha256, is_layer_among(connection, digests)))
    found: set[bytes] = set()
    for column, condition in named:
        rows = connection.execute(sa.select(column).where(condition).distinct())
        found |= {bytes(value) for value in rows.scalars()}
    return found


def _drop_contents(connection: sa.Connection, dead: list[bytes]) -> list[bytes]:
    """Drop measurements and renditions of dead contents; the blobs of renditions that nothing else names."""
    of_dead = among(connection, renditions.c.sha256, dead)
    freed = {
        bytes(value) for value in connection.execute(sa.select(renditions.c.blob).where(of_dead)).scalars()
    }
    connection.execute(sa.delete(renditions).where(of_dead))
    for table in (contents, dicom_files, measures):
        connection.execute(sa.delete(table).where(among(connection, table.c.sha256, dead)))
    alone = sorted(freed - set(dead))
    referred = _referred(connection, alone)
    return [digest for digest in alone if digest not in referred]
