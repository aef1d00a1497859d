"""A published dataset of GeoTIFF chips: what `tests.support.chips` stores, counted and measured by publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from tests.support.chips import Chip, scene, store, tiff
from triptych.datasets.publication import publish_version
from triptych.db import tables

if TYPE_CHECKING:
    from triptych.installation import Installation

CLASSES = {-1: "#FFFFFF", 0: "#000000", 1: "#0000FF"}
PARTS = ("train", "train", "train", "validation", "test")


def mask(seed: int, size: int = 64) -> Any:
    """Classes 0 and 1, and a corner of -1, (1, size, size)."""
    values = (np.indices((size, size)).sum(axis=0) > 60 + seed).astype(np.int16)
    values[:4, :4] = -1
    return values[np.newaxis]


def chips(count: int = 5) -> list[Chip]:
    """Chips with two data sources and a mask, side by side; the last lies nowhere and has no time."""
    made = []
    for number in range(count):
        nowhere = number == count - 1
        place: dict[str, Any] = (
            {"crs": None} if nowhere else {"origin": (500_000.0 + 640 * number, 5_800_000.0)}
        )
        values = mask(number)
        made.append(
            Chip(
                f"a/chip {number}",
                {
                    "S2L2A": ("image", tiff(scene(number), nodata=-9999, **place)),
                    "S1": ("source", tiff(scene(number, bands=1, dtype="float32"), **place)),
                    "mask": ("label", tiff(values, **place)),
                },
                PARTS[number % len(PARTS)],
                None if nowhere else 1_500_000_000.0 + 86_400 * number,
                None if nowhere else f"scene {number // 2}",
                {int(value): int(n) for value, n in zip(*np.unique(values, return_counts=True), strict=True)},
            )
        )
    return made


def publish(installation: Installation, dataset_id: str, given: list[Chip], **options: Any) -> None:
    """Store the chips and publish version 1."""
    store(installation, dataset_id, given, **{"classes": CLASSES, **options})
    with installation.database.write() as connection:
        connection.execute(sa.delete(tables.versions).where(tables.versions.c.dataset_id == dataset_id))
        plan = {"ratios": [0.6, 0.2, 0.2], "seed": 0, "by": "group"}
        own = tables.splits.c.dataset_id == dataset_id
        connection.execute(sa.update(tables.splits).where(own).values(plan=plan))
        publish_version(connection, dataset_id, 1, author_id=None, message="first")
