"""Which items are meant: the filters of lists and facets, as one walk over ids in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.labels import Kind
from triptych.db.item_search import key_contains
from triptych.db.tables import annotation_rows, assignments, items

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def walk_ids(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, block: int
) -> Iterator[list[int]]:
    """Ids of the items that pass, in order, in blocks of at most `block`, beginning behind `after`.

    The walk is driven by the index of the rarest thing asked for, so that a page costs what it shows.
    """
    last = after
    while True:
        statement = _statement(connection, scope, wanted, last).limit(block)
        rows: list[int] = list(connection.execute(statement).scalars())
        if not rows:
            return
        yield list(dict.fromkeys(rows))
        last = rows[-1]
        if len(rows) < block:
            return


def _statement(connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int) -> sa.Select[int]:
    conditions = [holding(scope), items.c.id > after, *_plain(wanted)]
    if wanted.search:
        conditions.append(key_contains(connection, wanted.search, indexed=scope.indexed))
    if wanted.part is not None:
        part = sa.and_(assigned(scope), assignments.c.part == wanted.part)
        if not wanted.classes:
            # The bound stands on both tables: PostgreSQL else reads the assignments from their start.
            return (
                sa.select(assignments.c.item_id)
                .join(items, part)
                .where(assignments.c.item_id > after, *conditions)
                .order_by(assignments.c.item_id)
            )
        conditions.append(sa.exists().where(part))
    if wanted.classes:
        return (
            sa.select(annotation_rows.c.item_id)
            .join(items, items.c.id == annotation_rows.c.item_id)
            .where(
                annotation_rows.c.item_id > after,
                sa.or_(*(_on_class(pair) for pair in wanted.classes)),
                annotation_rows.c.since <= scope.version,
                annotation_rows.c.until > scope.version,
                annotation_rows.c.kind != Kind.NOTHING.value,
                sa.or_(annotation_rows.c.value.is_(None), annotation_rows.c.value > 0),
                *conditions,
            )
            .group_by(annotation_rows.c.item_id)
            .order_by(annotation_rows.c.item_id)
        )
    return sa.select(items.c.id).where(*conditions).order_by(items.c.id)


def _on_class(pair: tuple[int, int]) -> sa.ColumnElement[bool]:
    return sa.and_(annotation_rows.c.set_id == pair[0], annotation_rows.c.class_id == pair[1])


def _plain(wanted: ItemFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.study is not None:
        yield items.c.study == wanted.study
    if wanted.series is not None:
        yield items.c.series == wanted.series
    if wanted.size is not None:
        yield sa.and_(items.c.width == wanted.size[0], items.c.height == wanted.size[1])
    if wanted.bit_depth is not None:
        yield items.c.bit_depth == wanted.bit_depth
    if wanted.bands is not None:
        yield items.c.bands == wanted.bands
    if wanted.duplicates:
        yield sa.or_(items.c.duplicate_group > 0, items.c.near_group > 0)
    if wanted.flagged:
        yield items.c.flagged
