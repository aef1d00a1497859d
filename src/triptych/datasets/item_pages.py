"""Pages of items with their labels. Keyset pages: the cost is that of what is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.datasets.contents_of_version import shape_text, told_by_name
from triptych.datasets.item_filter import ItemFilter, Scope, assigned, holding
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
    connection: sa.Connection,
    scope: Scope,
    wanted: ItemFilter,
    after: int,
    limit: int,
    *,
    whole_shapes: bool = False,
) -> tuple[list[dict[str, Any]], int | None]:
    """Up to `limit` items behind the id `after`, and the id to go on behind; None at the end."""
    ids = next(walk_ids(connection, scope, wanted, after, limit + 1), [])
    shown = ids[:limit]
    documents = item_documents(connection, scope, shown, whole_shapes=whole_shapes)
    return documents, (shown[-1] if len(ids) > limit else None)


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


def layer_of_key(connection: sa.Connection, scope: Scope, key: str) -> sa.Row[Any]:
    """The picture of the item with a key: a row of layers. NotFound `item_not_found`."""
    row = connection.execute(
        sa.select(layers)
        .join(items, items.c.id == layers.c.item_id)
        .where(
            holding(scope),
            items.c.key == key,
            layers.c.role == "image",
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
        .limit(1)
    ).first()
    if row is None:
        raise no_such_item(key)
    return row


def no_such_item(key: str) -> NotFound:
    """The error that a version has no item of that key."""
    return NotFound(
        f"The version has no item “{key}”.",
        code="item_not_found",
        hint="Check the key; another version may have it.",
    )


LISTED_SHAPE = 2_000
"""Characters of a shape that lists tell; larger ones are drawn there as the box around them."""


def item_documents(
    connection: sa.Connection, scope: Scope, ids: Sequence[int], *, whole_shapes: bool = False
) -> list[dict[str, Any]]:
    """Documents of items, labels included, in the order given; large shapes only where they are asked for."""
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
    labels = _labels(connection, scope, ids, None if whole_shapes else LISTED_SHAPE)
    files = _files(connection, scope, ids)
    documents = {row.id: _item(row, labels.get(row.id, []), files.get(row.id, [])) for row in rows}
    return [documents[item] for item in ids if item in documents]


def _files(connection: sa.Connection, scope: Scope, ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for row in connection.execute(
        sa.select(layers.c.item_id, layers.c.name, layers.c.role, layers.c.sha256)
        .where(
            layers.c.item_id.in_(ids),
            told_by_name(),
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
        .order_by(layers.c.item_id, layers.c.name)
    ):
        entry = {"layer": row.name, "role": row.role, "sha256": bytes(row.sha256).hex()}
        found.setdefault(row.item_id, []).append(entry)
    return found


def _item(row: sa.Row[Any], labels: list[dict[str, Any]], files: list[dict[str, str]]) -> dict[str, Any]:
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
        "files": files,
        "labels": labels,
        "duplicate_group": row.duplicate_group or None,
        "near_group": row.near_group or None,
        "subject": row.subject,
        "flagged": row.flagged,
        "severity": gravest(row.notes.split()),
    }


def _labels(
    connection: sa.Connection, scope: Scope, ids: Sequence[int], longest: int | None
) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(_labels_of(scope, ids, longest)):
        shape = {} if row.shape is None else json.loads(row.shape)
        found.setdefault(row.item_id, []).append(
            {
                "set": row.set_name,
                "task": row.task,
                "kind": row.kind,
                "class_id": row.class_id,
                "class": row.class_name,
                "color": row.color,
                "value": row.value,
                "box": None if row.x is None else [row.x, row.y, row.width, row.height],
                "parts": shape.get("parts"),
                "mask": {"size": shape["size"], "counts": shape["counts"]} if "size" in shape else None,
                "frame": shape.get("frame"),
                "instance": shape.get("instance"),
            }
        )
    return found


def _labels_of(scope: Scope, ids: Sequence[int], longest: int | None) -> sa.Select[Any]:
    shape = shape_text()
    if longest is not None:
        shape = sa.case((sa.func.length(shape) <= longest, shape))
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
            shape.label("shape"),
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
