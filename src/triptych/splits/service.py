"""Deal the items of a dataset to train, validation and test, and keep the assignment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.core.class_counts import ClassCounts
from triptych.core.dataset import OPEN_END, PARTS, Part
from triptych.core.labels import Task
from triptych.core.split import UNPLACED, leak_report
from triptych.datasets.class_matrix import class_matrix, sets_at
from triptych.datasets.contents_of_version import items_of
from triptych.datasets.leaks import belonging, placed_columns
from triptych.datasets.publication import current_split, lock_newest, publish_version
from triptych.datasets.repository import insert_findings
from triptych.db.session import insert_rows, insert_tuples
from triptych.db.tables import assignments, findings, splits
from triptych.splits.dealing import Items, deal
from triptych.splits.plan import SplitPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.core.findings import Finding

GIVEN = "given by the source"

SPLIT_FINDINGS = ("split_leaks", "split_left_out")
"""Codes of findings that a split makes, and that end with it."""

COARSE_FROM, COARSE_LEVELS = 10_000, 8
"""With more items than this, areas of classes are evened out in steps of an eighth of a picture."""

STRATIFIED_BEFORE = (Task.SINGLE_LABEL, Task.MULTI_LABEL, Task.DETECTION, Task.SEGMENTATION)


def assign_parts(
    connection: sa.Connection, dataset_id: str, version: int, plan: SplitPlan | None = None
) -> tuple[Finding, ...]:
    """Make the split of a version from its rows; findings tell what leaks.

    Without a plan the default one is made, and parts that the source itself brought are kept.
    """
    made = plan or SplitPlan()
    made.check()
    rows = items_of(connection, dataset_id, version, None)
    given = _given_parts(connection, dataset_id) if plan is None else {}
    together = belonging(connection, dataset_id, version, rows)
    fixed = np.array([PARTS.index(given[row.id]) if row.id in given else UNPLACED for row in rows], np.int8)
    classes = None if made.by == "time" else _classes(connection, dataset_id, version, together.ids)
    dealt = deal(connection, Items([row.key for row in rows], together, classes, fixed), made)
    columns = placed_columns(connection, dealt.parts, together)
    split_id = connection.execute(
        sa.insert(splits)
        .values(
            dataset_id=dataset_id,
            since=version,
            until=OPEN_END,
            name=made.name,
            plan={
                "type": "split",
                "version": 1,
                "ratios": list(made.ratios),
                "seed": made.seed,
                "by": made.by,
                **dealt.record,
                "leaks": leak_report(dealt.parts, columns),
                "made_at": time.time(),
            },
        )
        .returning(splits.c.id)
    ).scalar_one()
    names = [part.value for part in PARTS]
    insert_tuples(
        connection,
        assignments,
        ("split_id", "item_id", "since", "until", "part"),
        [
            (split_id, item, version, OPEN_END, names[part])
            for item, part in zip(together.ids.tolist(), dealt.parts.tolist(), strict=True)
            if part != UNPLACED
        ],
    )
    return dealt.findings


def _classes(
    connection: sa.Connection, dataset_id: str, version: int, ids: NDArray[np.int64]
) -> ClassCounts | None:
    """The classes to stratify by: those of the first set, classification before detection."""
    sets = sets_at(connection, dataset_id, version)
    ranked = [row for task in STRATIFIED_BEFORE for row in sets if row.task == task]
    if not ranked:
        return None
    matrix = class_matrix(connection, ranked[0].id, version, ids)
    if not matrix.shape[1]:
        return None
    counts = ClassCounts.of_matrix(matrix)
    areas = ranked[0].task == Task.SEGMENTATION and len(ids) > COARSE_FROM
    return counts.coarse(COARSE_LEVELS) if areas else counts


def keep_given_parts(
    connection: sa.Connection, dataset_id: str, version: int, given: Sequence[tuple[int, Part]]
) -> None:
    """Note parts (item, part) that a source brings; `assign_parts` keeps to them.

    They are assignments of a split that holds at no version, so that nothing else sees them.
    """
    split_id = connection.execute(
        sa.insert(splits)
        .values(
            dataset_id=dataset_id,
            since=version,
            until=version,
            name=GIVEN,
            plan={"type": "given-parts", "version": 1},
        )
        .returning(splits.c.id)
    ).scalar_one()
    insert_rows(
        connection,
        assignments,
        [
            {"split_id": split_id, "item_id": item_id, "since": version, "until": version, "part": part.value}
            for item_id, part in given
        ],
    )


def _given_parts(connection: sa.Connection, dataset_id: str) -> dict[int, Part]:
    rows = connection.execute(
        sa.select(assignments.c.item_id, assignments.c.part)
        .join(splits, splits.c.id == assignments.c.split_id)
        .where(splits.c.dataset_id == dataset_id, splits.c.name == GIVEN)
    )
    return {row.item_id: Part(row.part) for row in rows}


def resplit(
    connection: sa.Connection, dataset_id: str, plan: SplitPlan, *, author_id: str | None
) -> tuple[int, tuple[Finding, ...]]:
    """Make a new split of the current version and publish it as the next one; its number and what leaks.

    Conflict `dataset_not_ready` when nothing is published. The rows are locked by the caller's transaction.
    """
    row = lock_newest(connection, dataset_id)
    old, number = current_split(connection, dataset_id, row.version), row.version + 1
    for table, condition in (
        (splits, splits.c.id == old),
        (assignments, sa.and_(assignments.c.split_id == old, assignments.c.until == OPEN_END)),
        (
            findings,
            sa.and_(
                findings.c.dataset_id == dataset_id,
                findings.c.code.in_(SPLIT_FINDINGS),
                findings.c.until == OPEN_END,
            ),
        ),
    ):
        connection.execute(sa.update(table).where(condition).values(until=number))
    noticed = assign_parts(connection, dataset_id, number, plan)
    insert_findings(connection, dataset_id, number, noticed)
    publish_version(connection, dataset_id, number, author_id=author_id, message=f"Split {plan.name}")
    return number, noticed
