"""Which items are meant: what lists and facets are filtered by, and the version that they look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db.tables import assignments, items

if TYPE_CHECKING:
    from triptych.datasets.item_tags import TagWish


class Copies(StrEnum):
    """Whether an item has others like it: of equal pixels, of nearly the same look, or neither."""

    EXACT = "exact"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What an item must be: one of the values of every field that has some; empty fields ask for nothing.

    `modalities` and `body_parts` are values of those DICOM tags, `tags` what else every item must have of them.
    `classes` are (set id, class id) pairs that stand on the item, `sizes` are (width, height) in pixels, `bands`
    names joined by blanks, `findings` codes of findings that the item has of its own. `flagged` asks for any
    finding of its own, `search` for a text in the key.
    """

    studies: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    search: str | None = None
    classes: tuple[tuple[int, int], ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    bit_depths: tuple[int, ...] = ()
    bands: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    duplicates: tuple[Copies, ...] = ()
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    tags: tuple[TagWish, ...] = ()
    flagged: bool = False

    @property
    def empty(self) -> bool:
        """Whether every item passes."""
        return self == ItemFilter()

    def without(self, field: str) -> ItemFilter:
        """The same with nothing asked of one field."""
        nothing: Any = ()
        return replace(self, **{field: nothing})


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
