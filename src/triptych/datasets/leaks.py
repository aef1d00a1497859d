"""What belongs together in a version, and whether its split divides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.dataset import PARTS, Part
from triptych.core.groups import combine_groups
from triptych.core.split import UNPLACED, leak_finding
from triptych.datasets.contents_of_version import constant_items, items_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from triptych.core.findings import Finding


@dataclass(frozen=True, slots=True)
class Belonging:
    """Per item (n,): its study, the person it is of (None: not known), the numbers of its groups of duplicates and
    near duplicates (0: none), and the label of everything that belongs together."""

    studies: list[str]
    subjects: list[str | None]
    equal: NDArray[np.int64]
    near: NDArray[np.int64]
    whole: NDArray[np.int64]


def belonging(
    connection: sa.Connection, dataset_id: str, version: int, rows: Sequence[sa.Row[Any]]
) -> Belonging:
    """What belongs together among the rows of `items_of`."""
    studies = [row.study for row in rows]
    equal = np.array([row.duplicate_group for row in rows], np.int64)
    # Blank pictures are alike without belonging together: they would bind half a dataset into one group.
    constant = constant_items(connection, dataset_id, version)
    equal[[index for index, row in enumerate(rows) if row.id in constant]] = 0
    near = np.array([row.near_group for row in rows], np.int64)
    subjects = [row.subject for row in rows]
    return Belonging(studies, subjects, equal, near, combine_groups(studies, subjects, equal, near))


def leak_at(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None, reason: str
) -> Finding | None:
    """The finding that the version's split divides what belongs together; None when it does not."""
    rows = items_of(connection, dataset_id, version, split_id)
    places = {part.value: place for place, part in enumerate(PARTS)}
    parts = np.array([places[Part(row.part)] if row.part else UNPLACED for row in rows], np.int8)
    return leaks_in(parts, belonging(connection, dataset_id, version, rows), reason)


def leaks_in(parts: NDArray[np.int8], together: Belonging, reason: str) -> Finding | None:
    """The finding that parts (n,) divide what belongs together."""
    _, numbers = np.unique(together.whole, return_inverse=True)
    return leak_finding(parts, numbers.astype(np.int64) + 1, reason)
