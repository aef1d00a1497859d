"""Chips of a version with everything that a catalogue says of them, read a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Role
from triptych.core.statistics import unpack_moments
from triptych.datasets.class_matrix import classes_at, sets_at, weight_of_row
from triptych.datasets.item_filter import ItemFilter, Scope, assigned, holding
from triptych.datasets.item_ids import place_of
from triptych.datasets.item_walk import walk_ids
from triptych.datasets.raster_document import file_bands, source_named
from triptych.db.tables import annotation_rows, assignments, contents, footprints, items, layers, measures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from triptych.core.recipe import DataSource, Recipe
    from triptych.datasets.raster_document import FileBand

ROLES = (Role.IMAGE, Role.SOURCE, Role.LABEL, Role.TARGET)


@dataclass(frozen=True, slots=True)
class ChipLayer:
    """A file of a chip. `moments` (bands, 6) are those of its samples, as core.statistics has them; `details` what
    the file says of itself; `source` the recipe's data source, None for labels."""

    name: str
    role: Role
    format: str
    sha256: str
    bytes: int
    width: int
    height: int
    dtype: str
    bit_depth: int
    bands: Sequence[FileBand]
    moments: NDArray[np.float64]
    details: Mapping[str, Any]
    source: DataSource | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a chip was taken. `box` is west, south, east, north in degrees, with west > east across the
    antimeridian; None where that is not known. `time` is in seconds since 1970, UTC."""

    box: tuple[float, float, float, float] | None = None
    outline: Mapping[str, Any] | None = None
    time: float | None = None
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """An item. `labels` counts pixels, boxes or items of each class, by (set, class); a set that says nothing of the
    chip is not in it. The image is the first of `layers`."""

    id: int
    key: str
    part: str | None
    layers: Sequence[ChipLayer]
    place: Place
    labels: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassSet:
    """An annotation set as a catalogue tells it: classes are names by id, those that are ignored left out."""

    id: int
    name: str
    task: str
    source: str
    classes: Mapping[int, str]


def class_sets(connection: sa.Connection, dataset_id: str, version: int) -> tuple[ClassSet, ...]:
    """The annotation sets of a version, oldest first."""
    return tuple(
        ClassSet(
            row.id,
            row.name,
            row.task,
            row.source,
            {each.class_id: each.name for each in classes_at(connection, row.id, version) if not each.ignore},
        )
        for row in sets_at(connection, dataset_id, version)
    )


def chip_page(
    connection: sa.Connection, scope: Scope, recipe: Recipe, after: int, limit: int
) -> tuple[list[Chip], int | None]:
    """Up to `limit` chips behind the id `after`, and the id to go on behind; None at the end."""
    ids = next(walk_ids(connection, scope, ItemFilter(), after, limit + 1), [])
    return chips_of(connection, scope, recipe, ids[:limit]), (ids[limit - 1] if len(ids) > limit else None)


def chip_of_key(connection: sa.Connection, scope: Scope, recipe: Recipe, key: str) -> Chip | None:
    """The chip with a key; None where the version has none."""
    found = connection.scalar(sa.select(items.c.id).where(holding(scope), items.c.key == key).limit(1))
    return None if found is None else chips_of(connection, scope, recipe, [found])[0]


def chips_of(connection: sa.Connection, scope: Scope, recipe: Recipe, ids: Sequence[int]) -> list[Chip]:
    """The chips with these ids, at most some hundred, in their order."""
    rows = connection.execute(
        sa.select(items.c.id, items.c.key, assignments.c.part)
        .outerjoin(assignments, assigned(scope))
        .where(items.c.id.in_(ids), holding(scope))
    )
    chips = {row.id: row for row in rows}
    files = _layers(connection, scope, recipe, ids)
    places = _places(connection, ids)
    labels = _labels(connection, scope, ids)
    return [
        Chip(
            item,
            chips[item].key,
            chips[item].part,
            files.get(item, []),
            places.get(place_of(item)[0], Place()),
            labels.get(item, {}),
        )
        for item in ids
        if item in chips
    ]


def _layers(
    connection: sa.Connection, scope: Scope, recipe: Recipe, ids: Sequence[int]
) -> dict[int, list[ChipLayer]]:
    rows = connection.execute(
        sa.select(
            layers.c.item_id,
            layers.c.name,
            layers.c.role,
            contents,
            sa.func.coalesce(measures.c.moments, contents.c.moments).label("measured"),
        )
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .outerjoin(
            measures,
            sa.and_(
                layers.c.reading != sa.literal_column("''"),
                measures.c.sha256 == layers.c.sha256,
                measures.c.reading == layers.c.reading,
            ),
        )
        .where(layers.c.item_id.in_(ids), layers.c.since <= scope.version, layers.c.until > scope.version)
        .order_by(contents.c.code_version)
    )
    found: dict[int, dict[str, ChipLayer]] = {}
    for row in rows:
        found.setdefault(row.item_id, {})[row.name] = _layer(row, recipe)
    return {
        item: sorted(files.values(), key=lambda each: (ROLES.index(each.role), each.name))
        for item, files in found.items()
    }


def _layer(row: sa.Row[Any], recipe: Recipe) -> ChipLayer:
    source = source_named(recipe, row.name)
    return ChipLayer(
        name=row.name,
        role=Role(row.role),
        format=row.format,
        sha256=bytes(row.sha256).hex(),
        bytes=row.bytes,
        width=row.width,
        height=row.height,
        dtype=row.dtype,
        bit_depth=row.bit_depth,
        bands=file_bands(row, source),
        moments=unpack_moments(bytes(row.measured)),
        details=row.details or {},
        source=source,
    )


def _places(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Place]:
    rows = connection.execute(
        sa.select(footprints).where(footprints.c.place.in_([place_of(item)[0] for item in ids]))
    )
    return {
        row.place: Place(
            None if row.west is None else (row.west, row.south, row.east, row.north),
            row.outline,
            row.time,
            row.scene,
        )
        for row in rows
    }


def _labels(
    connection: sa.Connection, scope: Scope, ids: Sequence[int]
) -> dict[int, dict[int, dict[int, int]]]:
    table = annotation_rows.c
    rows = connection.execute(
        sa.select(table.item_id, table.set_id, table.class_id, sa.func.sum(weight_of_row()).label("count"))
        .where(table.item_id.in_(ids), table.since <= scope.version, table.until > scope.version)
        .group_by(table.item_id, table.set_id, table.class_id)
    )
    found: dict[int, dict[int, dict[int, int]]] = {}
    for item, set_id, class_id, count in rows:
        own = found.setdefault(item, {}).setdefault(set_id, {})
        if class_id is not None:
            own[class_id] = int(count or 0)
    return found
