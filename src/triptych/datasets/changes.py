"""A version with fewer items. Runs in the caller's transaction, on a dataset that `lock_newest` has locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.core.errors import Conflict
from triptych.core.split import LEAKS_END
from triptych.datasets import duplicates
from triptych.datasets.finding_rows import has_finding, renew_findings
from triptych.datasets.leaks import leak_at
from triptych.datasets.publication import current_split, publish_version
from triptych.datasets.row_ranges import blocks, end_rows
from triptych.db.id_lists import among
from triptych.db.tables import annotation_rows, assignments, findings, items, layers, splits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.findings import Finding

LEAKS = ("split_leaks",)


@dataclass(frozen=True, slots=True)
class Change:
    """What a change came to: the newest version, how many items are different, and what was noticed newly.

    When nothing is different no version is published, and `version` is the one that was there.
    """

    version: int
    changed: int
    findings: tuple[Finding, ...] = ()


def remove_items(
    connection: sa.Connection, newest: sa.Row[Any], ids: Sequence[int], *, author_id: str | None
) -> Change:
    """Publish a version without these items, which belong to the newest one. Earlier versions keep them.

    Conflict `no_items_left` when no item would be left. Groups of duplicates keep their numbers; findings about
    duplicates and about leaks of the split are made anew where they say something else now.
    """
    if not ids:
        return Change(newest.version, 0)
    number = newest.version + 1
    copies = _end_items(connection, newest.id, ids, number)
    left = sa.select(items.c.id).where(items.c.dataset_id == newest.id, items.c.until == OPEN_END).limit(1)
    if connection.execute(left).first() is None:
        raise Conflict(
            "No item would be left in the dataset.",
            code="no_items_left",
            hint="Leave some items out of the choice, or put the whole dataset into the trash.",
        )
    noticed: tuple[Finding, ...] = ()
    if copies:
        found = duplicates.describe_again(connection, newest.id)
        noticed += renew_findings(connection, newest.id, number, duplicates.CODES, found)
    if has_finding(connection, newest.id, LEAKS):
        noticed += renew_leaks(connection, newest.id, number)
    message = f"Removed {len(ids):,} item{'' if len(ids) == 1 else 's'}"
    publish_version(connection, newest.id, number, author_id=author_id, message=message)
    return Change(number, len(ids), noticed)


def _end_items(connection: sa.Connection, dataset_id: str, ids: Sequence[int], number: int) -> int:
    """End items with everything that stands on them; how many of them were in a group of duplicates."""
    held = connection.scalars(
        sa.select(splits.c.id).where(splits.c.dataset_id == dataset_id, splits.c.until == OPEN_END)
    ).all()
    copies = 0
    for block in blocks(ids):
        chosen = among(connection, items.c.id, block)
        copies += connection.execute(
            sa.select(sa.func.count()).select_from(items).where(chosen, duplicates.grouped())
        ).scalar_one()
        end_rows(connection, items, number, chosen)
        for table in (layers, annotation_rows):
            end_rows(connection, table, number, among(connection, table.c.item_id, block))
        in_split = assignments.c.split_id.in_(held)
        end_rows(connection, assignments, number, in_split, among(connection, assignments.c.item_id, block))
    return copies


def renew_leaks(
    connection: sa.Connection, dataset_id: str, number: int, reason: str | None = None
) -> tuple[Finding, ...]:
    """Ask again what the split of version `number` divides; the finding when it is a new one.

    Without a reason the one stays that the finding gave before.
    """
    why = _known_reason(connection, dataset_id) if reason is None else reason
    leak = leak_at(connection, dataset_id, number, current_split(connection, dataset_id, number), why)
    return renew_findings(connection, dataset_id, number, LEAKS, [] if leak is None else [leak])


def _known_reason(connection: sa.Connection, dataset_id: str) -> str:
    message = connection.execute(
        sa.select(findings.c.message).where(
            findings.c.dataset_id == dataset_id, findings.c.until == OPEN_END, findings.c.code.in_(LEAKS)
        )
    ).scalar()
    return (message or "").partition(LEAKS_END)[2]
