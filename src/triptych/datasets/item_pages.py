"""Pages of items with their labels. Keyset pages: the cost is that of what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.labels import Kind
from triptych.datasets.item_filter import ItemFilter, Scope, assigned
from triptych.datasets.item_findings import gravest
from triptych.datasets.item_walk import walk_ids
from triptych.datasets.publication import current_split
from triptych.db.id_lists import among
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    classes,
    items,
    layers,
    sources,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def scope_of(connection: sa.Connection, dataset: sa.Row[Any], version: int) -> Scope:
    """The scope of a dataset at a version."""
    return Scope(
        dataset.id, version, current_split(connection, dataset.id, version), _indexed(connection, dataset.id)
    )


def _indexed(connection: sa.Connection, dataset_id: str) -> bool:
    """Whether the keys of every source are in the search index."""
    missing = sa.exists().where(sources.c.dataset_id == dataset_id, sa.not_(sources.c.indexed))
    return not connection.execute(sa.select(missing)).scalar()


def item_page(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Up to `limit` items behind the id `after`, and the id to go on behind; None at the end."""
    ids = next(walk_ids(connection, scope, wanted, after, limit + 1), [])
    shown = ids[:limit]
    return item_documents(connection, scope, shown), (shown[-1] if len(ids) > limit else None)


def key_page(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, limit: int
) -> tuple[list[str], int | None]:
    """The keys of up to `limit` items behind the id `after`, and the id to go on behind; None at the end."""
    ids = next(walk_ids(connection, scope, wanted, after, limit + 1), [])
    shown = ids[:limit]
    rows = connection.execute(
        sa.select(items.c.id, items.c.key).where(among(connection, items.c.id, shown)).order_by(items.c.id)
    )
    return [row.key for row in rows], (shown[-1] if len(ids) > limit else None)


def item_documents(connection: sa.Connection, scope: Scope, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Documents of items, labels included, in the order given."""
    if not ids:
        return []
    rows = connection.execute(
        sa.select(items, layers.c.sha256, assignments.c.part)
        .join(layers, layers.c.item_id == items.c.id)
        .outerjoin(assignments, assigned(scope))
        .where(
            items.c.id.in_(ids),
            layers.c.role == "image",
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
    )
    labels = _labels(connection, scope, ids)
    documents = {row.id: _item(row, labels.get(row.id, [])) for row in rows}
    return [documents[item] for item in ids if item in documents]


def _item(row: sa.Row[Any], labels: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "study": row.study,
        "series": row.series,
        "position": row.position,
        "part": row.part,
        "width": row.width,
        "height": row.height,
        "bit_depth": row.bit_depth,
        "bands": row.bands.split(),
        "bytes": row.bytes,
        "sha256": bytes(row.sha256).hex(),
        "labels": labels,
        "duplicate_group": row.duplicate_group or None,
        "near_group": row.near_group or None,
        "flagged": row.flagged,
        "severity": gravest(row.notes.split()),
    }


def _labels(connection: sa.Connection, scope: Scope, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(_labels_of(scope, ids)):
        found.setdefault(row.item_id, []).append(
            {
                "set": row.set_name,
                "task": row.task,
                "kind": row.kind,
                "class_id": row.class_id,
                "class": row.class_name,
                "color": row.color,
                "value": row.value,
                "box": [row.x, row.y, row.width, row.height] if row.kind == Kind.BOX else None,
                "points": None,
            }
        )
    return found


def _labels_of(scope: Scope, ids: Sequence[int]) -> sa.Select[Any]:
    return (
        sa.select(
            annotation_rows.c.item_id,
            annotation_sets.c.name.label("set_name"),
            annotation_sets.c.task,
            annotation_rows.c.kind,
            annotation_rows.c.class_id,
            classes.c.name.label("class_name"),
            classes.c.color,
            annotation_rows.c.value,
            annotation_rows.c.x,
            annotation_rows.c.y,
            annotation_rows.c.width,
            annotation_rows.c.height,
        )
        .join(annotation_sets, annotation_sets.c.id == annotation_rows.c.set_id)
        .outerjoin(
            classes,
            sa.and_(
                classes.c.set_id == annotation_rows.c.set_id,
                classes.c.class_id == annotation_rows.c.class_id,
                classes.c.since <= scope.version,
                classes.c.until > scope.version,
            ),
        )
        .where(
            annotation_rows.c.item_id.in_(ids),
            annotation_rows.c.since <= scope.version,
            annotation_rows.c.until > scope.version,
        )
        .order_by(
            annotation_rows.c.item_id,
            annotation_sets.c.created_at,
            annotation_sets.c.id,
            annotation_rows.c.id,
        )
    )
