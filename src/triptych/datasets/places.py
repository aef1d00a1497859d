"""Where and when the items of a version were taken, as columns in the order of the items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.statistics import unpack_moments
from triptych.datasets.item_ids import APART
from triptych.db.id_lists import among
from triptych.db.tables import contents, footprints, items, layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.core.groups import Column

_N, _LOW, _HIGH = 0, 3, 4


@dataclass(frozen=True, slots=True)
class Places:
    """Per item (n,): `boxes` (n, 4) west, south, east, north in degrees of WGS 84 (west > east across the
    antimeridian), NaN where the place is not known; `times` in seconds since 1970, NaN where not known; `scenes`
    None where not known; `ground` the number of the group of chips that overlap, 0 for one that is alone."""

    boxes: NDArray[np.float64]
    times: NDArray[np.float64]
    scenes: list[str | None]
    ground: NDArray[np.int64]

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Which items have a place."""
        known: NDArray[np.bool_] = ~np.isnan(self.boxes.sum(axis=1))
        return known


def places_of(connection: sa.Connection, dataset_id: str, ids: NDArray[np.int64]) -> Places:
    """The places of items, which come in the order of ids."""
    rows = connection.execute(
        sa.select(
            footprints.c.place,
            footprints.c.ground_group,
            footprints.c.west,
            footprints.c.south,
            footprints.c.east,
            footprints.c.north,
            footprints.c.time,
            footprints.c.scene,
        )
        .where(footprints.c.dataset_id == dataset_id)
        .order_by(footprints.c.place)
    ).all()
    boxes = np.full((len(ids), 4), np.nan)
    times = np.full(len(ids), np.nan)
    ground = np.zeros(len(ids), dtype=np.int64)
    scenes: list[str | None] = [None] * len(ids)
    if rows and len(ids):
        known, groups, *numbers, named = (list(column) for column in zip(*rows, strict=True))
        place = np.array(known, dtype=np.int64)
        wanted = ids // APART * APART
        at = np.searchsorted(place, wanted).clip(max=len(place) - 1)
        there = np.flatnonzero(place[at] == wanted)
        of = at[there]
        boxes[there] = np.array(numbers[:4], dtype=np.float64).T[of]
        times[there] = np.array(numbers[4], dtype=np.float64)[of]
        ground[there] = np.array(groups, dtype=np.int64)[of]
        for item, source in zip(there.tolist(), of.tolist(), strict=True):
            scenes[item] = named[source]
    return Places(boxes, times, scenes, ground)


def outlines_of(connection: sa.Connection, dataset_id: str, ids: Sequence[int]) -> list[str | None]:
    """The outlines of items as GeoJSON texts, in their order."""
    places = [int(item) // APART * APART for item in ids]
    found: dict[int, str] = {}
    for start in range(0, len(places), 10_000):
        rows: Any = connection.execute(
            sa.select(footprints.c.place, outline_text()).where(
                footprints.c.dataset_id == dataset_id,
                among(connection, footprints.c.place, places[start : start + 10_000]),
            )
        )
        found |= {place: text for place, text in rows if text}
    return [found.get(place) for place in places]


def outline_text() -> sa.ColumnElement[str | None]:
    """An outline as its text: thousands are compared at once, and are parsed all together."""
    return sa.cast(footprints.c.outline, sa.Text)


def blank_rasters(connection: sa.Connection, dataset_id: str, version: int, numbers: Column) -> set[int]:
    """Ids of items in a group of duplicates whose raster has one value in every band, or no value at all.

    Rasters have no perceptual hash that would tell; a chip without any data is like every other one.
    """
    if not np.any(np.asarray(numbers)):
        return set()
    rows = connection.execute(
        sa.select(items.c.id, contents.c.moments)
        .join(layers, layers.c.item_id == items.c.id)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            items.c.duplicate_group > 0,
            layers.c.role == "image",
            layers.c.since <= version,
            layers.c.until > version,
            contents.c.format == "GTIFF",
        )
    )
    return {item for item, packed in rows if _is_blank(unpack_moments(bytes(packed)))}


def _is_blank(moments: NDArray[np.float64]) -> bool:
    empty = moments[:, _N] == 0
    return bool((empty | (moments[:, _LOW] == moments[:, _HIGH])).all())
