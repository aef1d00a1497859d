"""What the newest version and an earlier one do not share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.datasets.publication import current_split
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    classes,
    findings,
    items,
    splits,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A dataset, an earlier version of it, and the newest one."""

    dataset_id: str
    target: int
    newest: int

    @property
    def number(self) -> int:
        """The version that comes next."""
        return self.newest + 1

    def only_before(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition that a row holds at the earlier version and not at the newest one."""
        return sa.and_(
            table.c.since <= self.target, table.c.until > self.target, table.c.until <= self.newest
        )

    def only_now(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition that a row holds at the newest version and not at the earlier one."""
        return sa.and_(table.c.since > self.target, table.c.since <= self.newest, table.c.until == OPEN_END)

    def own(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition that a row of a table that names datasets is of this one."""
        condition: sa.ColumnElement[bool] = table.c.dataset_id == self.dataset_id
        return condition

    def of(self, table: sa.Table, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """The condition that a column names a row of a table that names datasets, of this one."""
        return column.in_(sa.select(table.c.id).where(self.own(table)))


def differs(connection: sa.Connection, span: Span) -> bool:
    """Whether any row holds at one of the two versions alone."""
    looked: list[tuple[sa.Table, sa.ColumnElement[bool]]] = [
        *((table, span.own(table)) for table in (annotation_sets, splits, findings, items)),
        *((table, span.of(annotation_sets, table.c.set_id)) for table in (classes, annotation_rows)),
        (assignments, span.of(splits, assignments.c.split_id)),
    ]
    return any(
        connection.execute(
            sa.select(sa.literal(1))
            .select_from(table)
            .where(own, sa.or_(span.only_before(table), span.only_now(table)))
            .limit(1)
        ).first()
        for table, own in looked
    )


def count_changed(connection: sa.Connection, span: Span) -> int:
    """How many items came, left, are in another part or are labelled otherwise; by key, so that what came back
    under another number counts as the same."""
    keys = [
        _only(one, other)
        for facts in (_items, _parts, _labels)
        for one, other in _both_ways(facts(span, span.only_before, _split(connection, span, span.target)),
                                     facts(span, span.only_now, _split(connection, span, span.newest)))
    ]  # fmt: skip
    return connection.execute(sa.select(sa.func.count()).select_from(sa.union(*keys).subquery())).scalar_one()


def _split(connection: sa.Connection, span: Span, version: int) -> int:
    return current_split(connection, span.dataset_id, version) or -1


def _both_ways(one: Any, other: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (one, other), (other, one)


def _only(one: sa.Select[Any], other: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(sa.except_(one, other).subquery().c.key)


def _items(span: Span, holds: Any, _split_id: int) -> sa.Select[Any]:
    return sa.select(items.c.key, items.c.source_id, items.c.member).where(span.own(items), holds(items))


def _parts(_span: Span, holds: Any, split_id: int) -> sa.Select[Any]:
    return (
        sa.select(items.c.key, assignments.c.part)
        .join(items, items.c.id == assignments.c.item_id)
        .where(assignments.c.split_id == split_id, holds(assignments))
    )


def _labels(span: Span, holds: Any, _split_id: int) -> sa.Select[Any]:
    table = annotation_rows.c
    # A set is the same under another number or name while it has its time.
    return (
        sa.select(
            items.c.key,
            annotation_sets.c.created_at,
            *(table.kind, table.class_id, table.value, table.x, table.y, table.width, table.height),
        )
        .join(annotation_sets, annotation_sets.c.id == table.set_id)
        .join(items, items.c.id == table.item_id)
        .where(span.own(annotation_sets), holds(annotation_rows))
    )
