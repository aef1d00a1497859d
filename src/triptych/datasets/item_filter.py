"""Which items are meant: what lists and facets are filtered by, and the version that they look at."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from triptych.db.tables import assignments, items


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What an item must be; None and False ask for nothing.

    `classes` are (set id, class id) pairs of which one must stand on the item; `size` is (width, height).
    """

    study: str | None = None
    series: str | None = None
    part: str | None = None
    search: str | None = None
    classes: tuple[tuple[int, int], ...] = ()
    size: tuple[int, int] | None = None
    bit_depth: int | None = None
    bands: str | None = None
    duplicates: bool = False
    flagged: bool = False

    @property
    def empty(self) -> bool:
        """Whether every item passes."""
        return self == ItemFilter()


@dataclass(frozen=True, slots=True)
class Scope:
    """A dataset at a version, and the split that its parts come from. `indexed`: its keys are in the index."""

    dataset_id: str
    version: int
    split_id: int | None
    indexed: bool


def holding(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition that an item belongs to the version."""
    return sa.and_(
        items.c.dataset_id == scope.dataset_id,
        items.c.since <= scope.version,
        items.c.until > scope.version,
    )


def assigned(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition that joins an item's assignment in the version's split."""
    return sa.and_(
        assignments.c.item_id == items.c.id,
        assignments.c.split_id == (scope.split_id if scope.split_id is not None else -1),
        assignments.c.since <= scope.version,
        assignments.c.until > scope.version,
    )
