"""What a version holds, counted once when it is published: lists, pages and facets then read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.dataset import PARTS, Part, Role
from triptych.core.labels import Kind
from triptych.datasets.class_matrix import weight_of_row
from triptych.datasets.item_facets import count_facets
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    assignments,
    classes,
    contents,
    items,
    kept_files,
    layers,
    sources,
)
from triptych.modalities.planar.examined import CODE_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT = {"type": "version-counts", "version": 1}


def count_version(
    connection: sa.Connection,
    dataset_id: str,
    version: int,
    split_id: int | None,
    base: tuple[int, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The counts of a version as a document: items, studies, files, bytes, layers, sets, split and facets.

    `base` is the number and the counts of the version that this one was made from.
    """
    holds = _holding(dataset_id, version)
    total, size, studies = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(items.c.bytes), 0),
            sa.func.count(items.c.study.distinct()),
        ).where(holds)
    ).one()
    held = _layers(connection, dataset_id, version)
    beside = _beside(connection, dataset_id, version, base)
    sets = _sets(connection, dataset_id, version, split_id)
    return {
        **DOCUMENT,
        "items": total,
        "studies": studies,
        "files": sum(layer["items"] for layer in held) + beside["files"],
        "bytes": int(size) + beside["bytes"],
        "beside": beside,
        "layers": held,
        "sets": sets,
        "split_id": split_id,
        "split": _parts(connection, dataset_id, version, split_id),
        "facets": count_facets(connection, dataset_id, holds, studies=studies < total),
    }


def _beside(
    connection: sa.Connection, dataset_id: str, version: int, base: tuple[int, Mapping[str, Any]] | None
) -> dict[str, int]:
    """Imported files that are no items (label files), and their bytes: those of the base, and what is new."""
    known = None if base is None else base[1].get("beside")
    counted = sources.c.version == version
    if known is None:
        counted = sa.or_(counted, sources.c.version <= (version if base is None else base[0]))
    files, size = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(kept_files.c.bytes), 0))
        .join(sources, sources.c.id == kept_files.c.source_id)
        .where(
            sources.c.dataset_id == dataset_id,
            counted,
            kept_files.c.bin == "imported",
        )
    ).one()
    old = known or {"files": 0, "bytes": 0}
    return {"files": old["files"] + files, "bytes": old["bytes"] + int(size)}


def _holding(dataset_id: str, version: int) -> sa.ColumnElement[bool]:
    return sa.and_(items.c.dataset_id == dataset_id, items.c.since <= version, items.c.until > version)


def _parts(connection: sa.Connection, dataset_id: str, version: int, split_id: int | None) -> dict[str, int]:
    counts = dict.fromkeys((part.value for part in PARTS), 0)
    if split_id is None:
        return counts
    rows = connection.execute(
        sa.select(assignments.c.part, sa.func.count())
        .join(items, items.c.id == assignments.c.item_id)
        .where(
            assignments.c.split_id == split_id,
            assignments.c.since <= version,
            assignments.c.until > version,
            _holding(dataset_id, version),
        )
        .group_by(assignments.c.part)
    )
    return counts | {row[0]: row[1] for row in rows}


def _layers(connection: sa.Connection, dataset_id: str, version: int) -> list[dict[str, Any]]:
    of = LayerColumns()
    kinds = (layers.c.name, layers.c.role, layers.c.format, layers.c.dtype, of.bands, of.bit_depth)
    rows = connection.execute(
        sa.select(
            *kinds,
            sa.func.count().label("count"),
            sa.func.min(of.width).label("least_width"),
            sa.func.min(of.height).label("least_height"),
            sa.func.max(of.width).label("most_width"),
            sa.func.max(of.height).label("most_height"),
        )
        .join(items, items.c.id == layers.c.item_id)
        .outerjoin(contents, of.joined)
        .where(_holding(dataset_id, version), layers.c.since <= version, layers.c.until > version)
        .group_by(*kinds)
    ).all()
    documents = []
    # Data sources as they lead, then what is to be learnt.
    for name, role in sorted({(row.name, row.role) for row in rows}, key=_layer_order):
        own = [row for row in rows if (row.name, row.role) == (name, role)]
        documents.append(
            {
                "name": name,
                "role": role,
                "items": sum(row._mapping["count"] for row in own),
                "formats": sorted({row.format for row in own}),
                "dtypes": sorted({row.dtype for row in own}),
                "bands": [bands.split() for bands in sorted({row.bands for row in own})],
                "bit_depths": sorted({row.bit_depth for row in own}),
                "sizes": {
                    "min": [min(row.least_width for row in own), min(row.least_height for row in own)],
                    "max": [max(row.most_width for row in own), max(row.most_height for row in own)],
                },
            }
        )
    return documents


def _layer_order(layer: tuple[str, str]) -> tuple[int, str]:
    return [role.value for role in Role].index(layer[1]), layer[0]


class LayerColumns:
    """What is known of a layer: of the one that lists show by its item, of others by their content, which `joined`
    finds: joining the content of every picture would double the time."""

    def __init__(self) -> None:
        leads = layers.c.role == sa.literal_column(f"'{Role.IMAGE.value}'")
        self.joined = sa.and_(
            sa.not_(leads),
            contents.c.sha256 == layers.c.sha256,
            contents.c.code_version == CODE_VERSION,
        )

        def either(name: str) -> sa.ColumnElement[Any]:
            return sa.case((leads, items.c[name]), else_=contents.c[name]).label(name)

        self.width, self.height = either("width"), either("height")
        self.bands, self.bit_depth = either("bands"), either("bit_depth")


class TrainKinds(NamedTuple):
    """Of the train part of a layer: pairs (dtype, bit depth), and rows (width, height, pictures)."""

    kinds: list[tuple[str, int]]
    sizes: list[tuple[int, int, int]]


def train_kinds(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None
) -> dict[str, TrainKinds]:
    """Per layer what kinds and sizes of pictures the train part holds."""
    of = LayerColumns()
    grouping = (layers.c.name, layers.c.dtype, of.bit_depth, of.width, of.height)
    rows = connection.execute(
        sa.select(*grouping, sa.func.count())
        .select_from(assignments)
        .join(items, items.c.id == assignments.c.item_id)
        .join(layers, layers.c.item_id == items.c.id)
        .outerjoin(contents, of.joined)
        .where(
            assignments.c.split_id == (split_id if split_id is not None else -1),
            assignments.c.part == Part.TRAIN.value,
            assignments.c.since <= version,
            assignments.c.until > version,
            _holding(dataset_id, version),
            layers.c.since <= version,
            layers.c.until > version,
        )
        .group_by(*grouping)
        .order_by(*grouping)
    )
    found: dict[str, TrainKinds] = {}
    for name, dtype, bit_depth, width, height, count in rows:
        kinds = found.setdefault(name, TrainKinds([], []))
        kinds.kinds.append((dtype, bit_depth))
        kinds.sizes.append((width, height, count))
    return found


def _sets(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None
) -> list[dict[str, Any]]:
    rows = connection.execute(
        sa.select(annotation_sets)
        .where(
            annotation_sets.c.dataset_id == dataset_id,
            annotation_sets.c.since <= version,
            annotation_sets.c.until > version,
        )
        .order_by(annotation_sets.c.created_at, annotation_sets.c.id)
    ).all()
    return [_set(connection, row, version, split_id) for row in rows]


def _set(connection: sa.Connection, row: sa.Row[Any], version: int, split_id: int | None) -> dict[str, Any]:
    counted = _class_counts(connection, row.id, version, split_id)
    own = sa.and_(
        annotation_rows.c.set_id == row.id,
        annotation_rows.c.since <= version,
        annotation_rows.c.until > version,
    )
    having = {
        each[0]: each[1]
        for each in connection.execute(
            sa.select(annotation_rows.c.class_id, sa.func.count(annotation_rows.c.item_id.distinct()))
            .where(own, _present())
            .group_by(annotation_rows.c.class_id)
        )
    }
    covered = connection.execute(
        sa.select(sa.func.count(annotation_rows.c.item_id.distinct())).where(own)
    ).scalar_one()
    entries = connection.execute(
        sa.select(classes)
        .where(classes.c.set_id == row.id, classes.c.since <= version, classes.c.until > version)
        .order_by(classes.c.class_id)
    )
    return {
        "id": row.id,
        "name": row.name,
        "task": row.task,
        "origin": row.origin,
        "source": row.source,
        "layer": row.layer,
        "items": covered,
        "classes": [
            {
                "id": entry.class_id,
                "name": entry.name,
                "color": entry.color,
                "opacity": entry.opacity,
                "weight": entry.weight,
                "ignore": entry.ignore,
                "count": sum(counted.get(entry.class_id, {}).values()),
                "items": having.get(entry.class_id, 0),
                "parts": counted.get(entry.class_id, {}),
            }
            for entry in entries
        ],
    }


def _present() -> sa.ColumnElement[bool]:
    return sa.and_(
        annotation_rows.c.kind != Kind.NOTHING.value,
        sa.or_(annotation_rows.c.value.is_(None), annotation_rows.c.value > 0),
    )


def _class_counts(
    connection: sa.Connection, set_id: int, version: int, split_id: int | None
) -> dict[int, dict[str, int]]:
    """Per class and part ("" outside the split): boxes for detection, items for classification, pixels for
    segmentation."""
    # A literal, since PostgreSQL takes two parameters of the same value for two different expressions.
    part = sa.func.coalesce(assignments.c.part, sa.literal_column("''"))
    assigned = sa.and_(
        assignments.c.item_id == annotation_rows.c.item_id,
        assignments.c.split_id == (split_id if split_id is not None else -1),
        assignments.c.since <= version,
        assignments.c.until > version,
    )
    rows = connection.execute(
        sa.select(annotation_rows.c.class_id, part, sa.func.sum(weight_of_row()))
        .outerjoin(assignments, assigned)
        .where(
            annotation_rows.c.set_id == set_id,
            annotation_rows.c.since <= version,
            annotation_rows.c.until > version,
            _present(),
        )
        .group_by(annotation_rows.c.class_id, part)
    )
    counts: dict[int, dict[str, int]] = {}
    for class_id, name, count in rows:
        counts.setdefault(class_id, {})[name] = int(count)
    return counts
