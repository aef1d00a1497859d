"""The contents of an earlier version as the newest one: rows that ended since come again, rows that came end.

A row holds for one range, so what comes again is a copy. Items get ids beside those that they had, and annotation
sets keep the time that orders them, so that the copies stand where the originals stood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.core.errors import NotFound
from triptych.datasets.changes import Change
from triptych.datasets.item_ids import ids_beside
from triptych.datasets.publication import publish_version
from triptych.datasets.repository import get_version, note_indexed
from triptych.datasets.row_ranges import blocks, copy_of, end_rows, holds_at
from triptych.datasets.version_differences import Span, count_changed, differs
from triptych.db.id_lists import among
from triptych.db.item_search import index_listed
from triptych.db.session import insert_rows
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    classes,
    findings,
    items,
    layers,
    sources,
    splits,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FRESH = items.alias("fresh")


def revert(connection: sa.Connection, newest: sa.Row[Any], target: int, *, author_id: str | None) -> Change:
    """Publish the contents of version `target` as the next version of a dataset that `lock_newest` has locked.

    NotFound `version_not_found`. Nothing is published when nothing is different.
    """
    if get_version(connection, newest.id, target) is None:
        raise NotFound(
            f"“{newest.name}” has no version {target}; the newest is {newest.version}.",
            code="version_not_found",
        )
    span = Span(newest.id, target, newest.version)
    if not differs(connection, span):
        return Change(newest.version, 0)
    changed = count_changed(connection, span)
    _revert_items(connection, span)
    _revert_splits(connection, span)
    _revert_sets(connection, span)
    _insert_copies(connection, span, findings, {}, span.own(findings), span.only_before(findings))
    _end(connection, span, findings, span.own(findings))
    message = f"Reverted to version {target}"
    publish_version(connection, newest.id, span.number, author_id=author_id, message=message, base=target)
    return Change(span.number, changed)


def _revert_items(connection: sa.Connection, span: Span) -> None:
    came = connection.scalars(
        sa.select(items.c.id).where(span.own(items), span.only_before(items)).order_by(items.c.id)
    ).all()
    for block in blocks(came):
        fresh = ids_beside(connection, block)
        held = {"since": span.number, "until": OPEN_END}
        rows = connection.execute(sa.select(items).where(among(connection, items.c.id, block)))
        insert_rows(connection, items, [{**row._mapping, **held, "id": fresh[row.id]} for row in rows])
        _index(connection, sorted(fresh.values()))
    _copy_on_items(connection, span, layers, {})
    _end(connection, span, layers, span.of(items, layers.c.item_id))
    _end(connection, span, items, span.own(items))


def _index(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Make the keys of items searchable whose sources are; the others are indexed with their source."""
    rows = connection.execute(
        sa.select(items.c.id, items.c.source_id, sources.c.indexed_to, sources.c.indexed)
        .join(sources, sources.c.id == items.c.source_id)
        .where(among(connection, items.c.id, ids))
        .order_by(items.c.id)
    ).all()
    index_listed(connection, [row.id for row in rows if row.indexed or row.id <= row.indexed_to])
    beyond = {row.source_id: row.id for row in rows if row.indexed and row.id > row.indexed_to}
    for source_id, last in beyond.items():
        note_indexed(connection, source_id, last, whole=True)


def _revert_splits(connection: sa.Connection, span: Span) -> None:
    held = _held(connection, span, splits, span.newest)
    fresh = _copy_named(connection, span, splits)
    for old in _held(connection, span, splits, span.target):
        _copy_on_items(connection, span, assignments, {"split_id": (old, fresh.get(old))})
    _end(connection, span, assignments, assignments.c.split_id.in_(held))
    _end(connection, span, splits, span.own(splits))


def _revert_sets(connection: sa.Connection, span: Span) -> None:
    held = _held(connection, span, annotation_sets, span.newest)
    fresh = _copy_named(connection, span, annotation_sets)
    for old in _held(connection, span, annotation_sets, span.target):
        new = fresh.get(old)
        whole = holds_at(classes, span.target) if new is not None else span.only_before(classes)
        named = {} if new is None else {"set_id": sa.literal(new)}
        _insert_copies(connection, span, classes, named, classes.c.set_id == old, whole)
        _copy_on_items(connection, span, annotation_rows, {"set_id": (old, new)})
    for table in (annotation_rows, classes):
        _end(connection, span, table, table.c.set_id.in_(held))
    _end(connection, span, annotation_sets, span.own(annotation_sets))


def _held(connection: sa.Connection, span: Span, table: sa.Table, version: int) -> list[int]:
    """Ids of the dataset's splits or sets that hold at a version."""
    return list(connection.scalars(sa.select(table.c.id).where(span.own(table), holds_at(table, version))))


def _end(connection: sa.Connection, span: Span, table: sa.Table, condition: sa.ColumnElement[bool]) -> None:
    end_rows(connection, table, span.number, condition, span.only_now(table))


def _copy_named(connection: sa.Connection, span: Span, table: sa.Table) -> dict[int, int]:
    """Copy the splits or sets that the earlier version alone has: new ids by old ones."""
    fresh = {}
    for old in connection.scalars(
        sa.select(table.c.id).where(span.own(table), span.only_before(table)).order_by(table.c.id)
    ).all():
        _insert_copies(connection, span, table, {}, table.c.id == old)
        newest = sa.select(sa.func.max(table.c.id)).where(span.own(table), table.c.since == span.number)
        fresh[old] = connection.execute(newest).scalar_one()
    return fresh


def _copy_on_items(
    connection: sa.Connection, span: Span, table: sa.Table, owner: dict[str, tuple[int, int | None]]
) -> None:
    """Copy rows that stand on items and hold at the earlier version: those that ended since, and those whose
    item or whose owner came again. `owner` is a column with its value at the earlier version, and its new value
    where the owner came again."""
    changed: dict[str, sa.ColumnElement[Any]] = {"item_id": sa.func.coalesce(FRESH.c.id, table.c.item_id)}
    conditions = [span.own(items), holds_at(table, span.target), holds_at(items, span.target)]
    again = [table.c.until <= span.newest, items.c.until <= span.newest]
    for name, (old, new) in owner.items():
        conditions.append(table.c[name] == old)
        if new is not None:
            changed[name] = sa.literal(new)
            again.append(sa.true())
    names, values = copy_of(table, span.number, **changed)
    same = sa.and_(
        FRESH.c.dataset_id == items.c.dataset_id, FRESH.c.key == items.c.key, FRESH.c.since == span.number
    )
    rows = (
        sa.select(*values)
        .select_from(table.join(items, items.c.id == table.c.item_id).outerjoin(FRESH, same))
        .where(*conditions, sa.or_(*again))
    )
    if "id" in table.c:
        rows = rows.order_by(table.c.item_id, table.c.id)
    connection.execute(sa.insert(table).from_select(names, rows))


def _insert_copies(
    connection: sa.Connection,
    span: Span,
    table: sa.Table,
    changed: Mapping[str, sa.ColumnElement[Any]],
    *conditions: sa.ColumnElement[bool],
) -> None:
    names, values = copy_of(table, span.number, **changed)
    connection.execute(sa.insert(table).from_select(names, sa.select(*values).where(*conditions)))
