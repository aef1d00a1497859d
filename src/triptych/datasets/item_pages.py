"""Pages of items with their labels, and facets. Keyset pages: the cost is that of what is shown."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import PARTS
from triptych.core.errors import NotFound
from triptych.core.labels import Kind
from triptych.datasets.item_filter import ItemFilter, Scope, assigned
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
    from collections.abc import Mapping, Sequence

FACET_SECONDS = 0.08
"""Time that counting facets under a filter may take; then the counts are lower bounds and say so."""

FACET_BLOCK = 2_000


def scope_of(connection: sa.Connection, dataset: sa.Row[Any], version: int) -> Scope:
    """The scope of a dataset at a version."""
    return Scope(
        dataset.id, version, current_split(connection, dataset.id, version), _indexed(connection, dataset.id)
    )


def _indexed(connection: sa.Connection, dataset_id: str) -> bool:
    """Whether the keys of every source are in the search index."""
    missing = sa.exists().where(sources.c.dataset_id == dataset_id, sa.not_(sources.c.indexed))
    return not connection.execute(sa.select(missing)).scalar()


def class_pairs(connection: sa.Connection, scope: Scope, text: str) -> tuple[tuple[int, int], ...]:
    """The classes that `SET:CLASS` or `CLASS` names; NotFound `class_not_found` when there is none."""
    rows = connection.execute(
        sa.select(annotation_sets.c.id, classes.c.class_id)
        .join(classes, classes.c.set_id == annotation_sets.c.id)
        .where(
            annotation_sets.c.dataset_id == scope.dataset_id,
            annotation_sets.c.since <= scope.version,
            annotation_sets.c.until > scope.version,
            classes.c.since <= scope.version,
            classes.c.until > scope.version,
            sa.or_(classes.c.name == text, annotation_sets.c.name + ":" + classes.c.name == text),
        )
    ).all()
    if not rows:
        raise NotFound(
            f"No annotation set has a class called “{text}”.",
            code="class_not_found",
            hint="`triptych show` lists the classes of every set.",
        )
    return tuple((row[0], row[1]) for row in rows)


def item_page(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, after: int, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Up to `limit` items behind the id `after`, and the id to go on behind; None at the end."""
    ids = next(walk_ids(connection, scope, wanted, after, limit + 1), [])
    shown = ids[:limit]
    return item_documents(connection, scope, shown), (shown[-1] if len(ids) > limit else None)


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
    }


def _labels(connection: sa.Connection, scope: Scope, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    rows = connection.execute(
        sa.select(
            annotation_rows.c.item_id,
            annotation_sets.c.name.label("set_name"),
            annotation_sets.c.task,
            annotation_rows.c.kind,
            annotation_rows.c.class_id,
            classes.c.name.label("class_name"),
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
        .order_by(annotation_rows.c.item_id, annotation_rows.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(
            {
                "set": row.set_name,
                "task": row.task,
                "kind": row.kind,
                "class_id": row.class_id,
                "class": row.class_name,
                "value": row.value,
                "box": [row.x, row.y, row.width, row.height] if row.kind == Kind.BOX else None,
            }
        )
    return found


def facets(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, counts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Facets with counts: read from the version without a filter, counted for a limited time with one."""
    if wanted.empty:
        stored = {"part": list(counts["split"].items()), **counts["facets"]}
        return [_facet(name, values, exact=True) for name, values in stored.items()]
    tallies: dict[str, Counter[str]] = {
        name: Counter() for name in ("part", "size", "bit_depth", "bands", "findings", "duplicates")
    }
    tallies |= {f"class:{entry['name']}": Counter() for entry in counts["sets"]}
    class_names = {
        (entry["id"], each["id"]): (entry["name"], each["name"])
        for entry in counts["sets"]
        for each in entry["classes"]
    }
    last = time.monotonic()
    until = last + FACET_SECONDS
    exact = True
    for block in walk_ids(connection, scope, wanted, 0, FACET_BLOCK):
        _tally(connection, scope, block, class_names, tallies)
        now = time.monotonic()
        if now + (now - last) > until:  # the next block would end too late
            exact = len(block) < FACET_BLOCK
            break
        last = now
    return [_facet(name, tally.most_common(), exact=exact) for name, tally in tallies.items()]


def _facet(name: str, values: Sequence[Any], *, exact: bool) -> dict[str, Any]:
    return {
        "name": name,
        "values": [{"value": str(value), "count": count, "exact": exact} for value, count in values],
    }


def _tally(
    connection: sa.Connection,
    scope: Scope,
    ids: Sequence[int],
    class_names: Mapping[tuple[int, int], tuple[str, str]],
    tallies: dict[str, Counter[str]],
) -> None:
    equal, near = items.c.duplicate_group > 0, items.c.near_group > 0
    kinds = (assignments.c.part, items.c.width, items.c.height, items.c.bit_depth, items.c.bands)
    rows = connection.execute(
        # Numbered, since PostgreSQL takes two parameters of the same value for two different expressions.
        sa.select(*kinds, items.c.flagged, equal.label("equal"), near.label("near"), sa.func.count())
        .outerjoin(assignments, assigned(scope))
        .where(among(connection, items.c.id, ids))
        .group_by(*(sa.literal_column(str(number)) for number in range(1, 9)))
    )
    for part, width, height, bit_depth, bands, flagged, has_equal, has_near, count in rows:
        if part in PARTS:
            tallies["part"][part] += count
        tallies["size"][f"{width}×{height}"] += count
        tallies["bit_depth"][str(bit_depth)] += count
        tallies["bands"][bands] += count
        tallies["findings"][str(flagged)] += count
        if has_equal:
            tallies["duplicates"]["exact"] += count
        if has_near:
            tallies["duplicates"]["near"] += count
    rows = connection.execute(
        sa.select(
            annotation_rows.c.set_id,
            annotation_rows.c.class_id,
            sa.func.count(annotation_rows.c.item_id.distinct()),
        )
        .where(
            among(connection, annotation_rows.c.item_id, ids),
            annotation_rows.c.class_id.is_not(None),
            annotation_rows.c.since <= scope.version,
            annotation_rows.c.until > scope.version,
            sa.or_(annotation_rows.c.value.is_(None), annotation_rows.c.value > 0),
        )
        .group_by(annotation_rows.c.set_id, annotation_rows.c.class_id)
    )
    for set_id, class_id, count in rows:
        if (set_id, class_id) in class_names:
            set_name, class_name = class_names[set_id, class_id]
            tallies[f"class:{set_name}"][class_name] += count
