"""Deal the items of a dataset to train, validation and test, and keep the assignment."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.class_counts import ClassCounts
from triptych.core.dataset import OPEN_END, PARTS, Part
from triptych.core.errors import InvalidInput
from triptych.core.groups import combine_groups
from triptych.core.labels import Task
from triptych.core.split import RATIOS, UNPLACED, leak_report, make_split
from triptych.datasets.class_matrix import class_matrix, sets_at
from triptych.datasets.contents_of_version import items_of
from triptych.datasets.leaks import belonging, leaks_in
from triptych.datasets.publication import current_split, lock_newest, publish_version
from triptych.datasets.repository import insert_findings
from triptych.db.session import insert_rows
from triptych.db.tables import assignments, findings, splits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.core.findings import Finding
    from triptych.core.split import SplitResult

BY = ("group", "study", "item")
"""What stays whole: everything that belongs together, studies alone, or nothing."""

GIVEN = "given by the source"

STRATIFIED_BEFORE = (Task.SINGLE_LABEL, Task.MULTI_LABEL, Task.DETECTION, Task.SEGMENTATION)


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """How a split is made."""

    name: str = "default"
    ratios: tuple[float, ...] = RATIOS
    seed: int = 0
    by: str = "group"

    def check(self) -> None:
        """InvalidInput (`bad_grouping`) for an unknown grouping."""
        if self.by not in BY:
            raise InvalidInput(
                f"There is no grouping “{self.by}”.",
                code="bad_grouping",
                hint=f"Take one of {', '.join(BY)}.",
            )


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
    result, report = _deal(connection, dataset_id, version, rows, made, given)
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
                "leaks": report,
                "made_at": time.time(),
            },
        )
        .returning(splits.c.id)
    ).scalar_one()
    insert_rows(
        connection,
        assignments,
        [
            {
                "split_id": split_id,
                "item_id": row.id,
                "since": version,
                "until": OPEN_END,
                "part": PARTS[part].value,
            }
            for row, part in zip(rows, result.parts.tolist(), strict=True)
        ],
    )
    return result.findings


def _deal(
    connection: sa.Connection,
    dataset_id: str,
    version: int,
    rows: Sequence[sa.Row[Any]],
    plan: SplitPlan,
    given: dict[int, Part],
) -> tuple[SplitResult, dict[str, int]]:
    together = belonging(connection, dataset_id, version, rows)
    if plan.by == "item":
        groups = np.arange(len(rows), dtype=np.int64)
    elif plan.by == "study":
        groups = combine_groups(together.studies)
    else:
        groups = together.whole
    fixed = np.array([PARTS.index(given[row.id]) if row.id in given else UNPLACED for row in rows], np.int8)
    result = make_split(
        [row.key for row in rows],
        groups,
        classes=_classes(connection, dataset_id, version, np.array([row.id for row in rows], np.int64)),
        ratios=plan.ratios,
        seed=plan.seed,
        fixed=fixed,
    )
    if not result.findings:
        # What was asked for divides groups on purpose; that it leaks is told all the same.
        leak = leaks_in(result.parts, together, f"The split was asked for by {plan.by}.")
        result = replace(result, findings=() if leak is None else (leak,))
    kinds: dict[str, Any] = {
        "study": together.studies,
        "duplicates": together.equal,
        "near_duplicates": together.near,
    }
    if any(together.subjects):
        kinds["patient"] = together.subjects
    return result, leak_report(result.parts, kinds)


def _classes(
    connection: sa.Connection, dataset_id: str, version: int, ids: NDArray[np.int64]
) -> ClassCounts | None:
    """The classes to stratify by: those of the first set, classification before detection."""
    sets = sets_at(connection, dataset_id, version)
    ranked = [row for task in STRATIFIED_BEFORE for row in sets if row.task == task]
    if not ranked:
        return None
    matrix = class_matrix(connection, ranked[0].id, version, ids)
    return ClassCounts.of_matrix(matrix) if matrix.shape[1] else None


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
                findings.c.code == "split_leaks",
                findings.c.until == OPEN_END,
            ),
        ),
    ):
        connection.execute(sa.update(table).where(condition).values(until=number))
    noticed = assign_parts(connection, dataset_id, number, plan)
    insert_findings(connection, dataset_id, number, noticed)
    publish_version(connection, dataset_id, number, author_id=author_id, message=f"Split {plan.name}")
    return number, noticed
