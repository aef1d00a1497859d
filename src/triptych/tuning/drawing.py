"""Outlines on chips as rasters of labels, drawn when a training asks for them: each on the grid of its chip.

The pixels are those that the classes are counted by. Where areas overlap the later one counts.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.dataset import Part
from triptych.core.labels import AREAS, LabelClass, Shape, Task
from triptych.core.recipe import Purpose
from triptych.datasets.class_matrix import classes_at, sets_at
from triptych.datasets.contents_of_version import shape_text
from triptych.datasets.publication import current_split
from triptych.db.tables import annotation_rows, assignments, contents, items, layers
from triptych.masks import polygons, runs
from triptych.modalities.planar.examined import CODE_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from triptych.core.recipe import Recipe
    from triptych.db.session import Database

BACKGROUND = LabelClass(0, "Background", "#000000", 0.0)
"""What no area covers, where no class has the number 0; else it is left out of the training."""

TYPES = ("uint8", "int16", "uint16", "int32")


def drawn_set(connection: sa.Connection, dataset_id: str, version: int, recipe: Recipe) -> int | None:
    """The set whose outlines become the labels of a training: the first one for segmentation, where a dataset of that
    purpose has no rasters of labels."""
    if recipe.purpose is not Purpose.SEGMENTATION or recipe.label_suffix:
        return None
    rows = sets_at(connection, dataset_id, version)
    found = [row.id for row in rows if row.task == Task.SEGMENTATION.value and not row.layer]
    return found[0] if found else None


def suffix_of(connection: sa.Connection, dataset_id: str, version: int, set_id: int) -> str:
    """The suffix of the rasters that are drawn: the name of their set."""
    name = next(row.name for row in sets_at(connection, dataset_id, version) if row.id == set_id)
    return f"_{re.sub(r'[^A-Za-z0-9-]+', '_', name).strip('_') or 'label'}.tif"


def rest_of(classes: Sequence[LabelClass]) -> LabelClass:
    """What pixels are that no area covers."""
    numbers = {each.id for each in classes}
    if BACKGROUND.id not in numbers:
        return BACKGROUND
    return LabelClass(min({-1, *(number - 1 for number in numbers)}), "Outside", "#000000", 0.0, None, True)


def drawn_classes(connection: sa.Connection, set_id: int, version: int) -> tuple[LabelClass, ...]:
    """The classes of a set and what no area covers, by id."""
    own = _own_classes(connection, set_id, version)
    return tuple(sorted([*own, rest_of(own)], key=lambda each: each.id))


def _own_classes(connection: sa.Connection, set_id: int, version: int) -> list[LabelClass]:
    return [
        LabelClass(row.class_id, row.name, row.color, row.opacity, row.weight, row.ignore)
        for row in classes_at(connection, set_id, version)
    ]


def train_pixels(connection: sa.Connection, dataset_id: str, version: int, set_id: int) -> int:
    """The pixels of all chips of the train part that somebody looked at."""
    seen = sa.select(annotation_rows.c.item_id).where(
        annotation_rows.c.set_id == set_id,
        annotation_rows.c.since <= version,
        annotation_rows.c.until > version,
    )
    total = connection.scalar(
        sa.select(sa.func.sum(items.c.width * items.c.height))
        .join(assignments, assignments.c.item_id == items.c.id)
        .where(
            assignments.c.split_id == current_split(connection, dataset_id, version),
            assignments.c.part == Part.TRAIN.value,
            assignments.c.since <= version,
            assignments.c.until > version,
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            items.c.id.in_(seen),
        )
    )
    return int(total or 0)


def labelled(connection: sa.Connection, set_id: int, version: int, ids: Sequence[int]) -> set[int]:
    """The chips that somebody looked at, of those with the ids."""
    return set(connection.scalars(sa.select(annotation_rows.c.item_id).where(*_of(set_id, version, ids))))


def draw(database: Database, set_id: int, version: int, ids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """A GeoTIFF of one band for each of the chips that somebody looked at, by its id."""
    with database.read() as connection:
        own = _own_classes(connection, set_id, version)
        chips = list(connection.execute(_chips(version, ids)))
        found: dict[int, list[tuple[int, Shape]]] = {
            item: [] for item in labelled(connection, set_id, version, ids)
        }
        shapes = sa.select(
            annotation_rows.c.item_id,
            annotation_rows.c.class_id,
            annotation_rows.c.kind,
            shape_text().label("shape"),
        ).where(*_of(set_id, version, ids))
        for row in connection.execute(shapes.order_by(annotation_rows.c.id)):
            if row.kind in AREAS and row.shape is not None and row.class_id is not None:
                found[row.item_id].append((row.class_id, Shape.of(json.loads(row.shape))))
    rest = rest_of(own)
    dtype = _type_of([rest.id, *(each.id for each in own)])
    for chip in chips:
        if chip.id in found:
            pixels = _pixels(found[chip.id], (chip.height, chip.width), rest.id, dtype)
            yield chip.id, _encoded(pixels, chip.details or {})


def _of(set_id: int, version: int, ids: Sequence[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        annotation_rows.c.set_id == set_id,
        annotation_rows.c.item_id.in_(ids),
        annotation_rows.c.since <= version,
        annotation_rows.c.until > version,
    )


def _chips(version: int, ids: Sequence[int]) -> sa.Select[Any]:
    """Size of the chips, and what the leading file says of its ground."""
    return (
        sa.select(items.c.id, items.c.width, items.c.height, contents.c.details)
        .join(layers, layers.c.item_id == items.c.id)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(
            items.c.id.in_(ids),
            layers.c.role == "image",
            layers.c.since <= version,
            layers.c.until > version,
            contents.c.code_version == CODE_VERSION,
        )
        .order_by(items.c.id)
    )


def _type_of(numbers: Sequence[int]) -> str:
    for name in TYPES[:-1]:
        limits = np.iinfo(name)
        if limits.min <= min(numbers) and max(numbers) <= limits.max:
            return name
    return TYPES[-1]


def _pixels(
    shapes: Sequence[tuple[int, Shape]], size: tuple[int, int], rest: int, dtype: str
) -> NDArray[Any]:
    found = np.full(size, rest, dtype)
    for number, shape in shapes:
        inside = runs.decode(shape) if shape.counts is not None else polygons.filled(shape.parts, size)
        found[inside] = number
    return found


def _encoded(pixels: NDArray[Any], details: dict[str, Any]) -> bytes:
    from rasterio.io import MemoryFile  # slow to import, and needed for files alone
    from rasterio.transform import Affine

    height, width = pixels.shape
    place: dict[str, Any] = {"crs": details["crs"]} if details.get("crs") else {}
    if details.get("transform"):
        place["transform"] = Affine(*details["transform"])
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            count=1,
            height=height,
            width=width,
            dtype=pixels.dtype.name,
            compress="deflate",
            **place,
        ) as target:
            target.write(pixels, 1)
        return bytes(memory.read())
