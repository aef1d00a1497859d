"""Pictures that lie on the ground: a dataset whose items have footprints, written as an import writes them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from PIL import Image

from triptych.datasets.footprint_groups import group_footprints
from triptych.db.tables import datasets, footprints, items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.studio import Studio
    from triptych.core.findings import Finding

DAY = 86_400.0


@dataclass(frozen=True)
class Chip:
    """Where and when a chip was taken: the south-west corner and the side in degrees, days since 1970, the scene."""

    west: float | None
    south: float = 0.0
    side: float = 0.05
    day: float | None = None
    scene: str | None = None

    def row(self) -> dict[str, Any]:
        """The columns of its footprint."""
        bounds: dict[str, Any] = dict.fromkeys(("west", "south", "east", "north", "outline"))
        if self.west is not None:
            west, south, east, north = self.west, self.south, self.west + self.side, self.south + self.side
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            bounds = {"west": west, "south": south, "east": east, "north": north}
            bounds["outline"] = {"type": "Polygon", "coordinates": [ring]}
        return {**bounds, "time": None if self.day is None else self.day * DAY, "scene": self.scene}


def key_of(number: int) -> str:
    """The key of a chip."""
    return f"chip{number:04d}.png"


def add_chips(studio: Studio, folder: Path, name: str, chips: Sequence[Chip]) -> tuple[Finding, ...]:
    """A dataset of pictures of noise with the footprints of these chips; what is found of their ground."""
    source = folder / f"{name}.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for number in range(len(chips)):
            file = io.BytesIO()
            pixels = np.random.default_rng(number).integers(0, 256, (12, 12), np.uint8)
            Image.fromarray(pixels).save(file, "PNG")
            archive.writestr(key_of(number), file.getvalue())
    studio.add(source, name=name)
    with studio.installation.database.write() as connection:
        dataset_id = connection.execute(sa.select(datasets.c.id).where(datasets.c.name == name)).scalar_one()
        ids = connection.scalars(
            sa.select(items.c.id).where(items.c.dataset_id == dataset_id).order_by(items.c.id)
        ).all()
        rows = [
            {"place": item, "dataset_id": dataset_id, **chip.row()}
            for item, chip in zip(ids, chips, strict=True)
        ]
        connection.execute(sa.insert(footprints), rows)
        return group_footprints(connection, dataset_id)
