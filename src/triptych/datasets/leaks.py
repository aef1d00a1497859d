"""What belongs together in a version, and whether its split divides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.dataset import PARTS, Part
from triptych.core.ground import overlap_labels, shapes_of
from triptych.core.groups import codes, combine_groups, crossing, numbered
from triptych.core.split import LEAKS_HINT, UNPLACED, leak_finding
from triptych.datasets.contents_of_version import constant_items, items_of
from triptych.datasets.places import blank_rasters, outlines_of, places_of
from triptych.db.tables import splits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.core.findings import Finding
    from triptych.core.groups import Column
    from triptych.datasets.places import Places

KINDS = {
    "study": "same study",
    "patient": "same patient",
    "duplicates": "same picture",
    "near_duplicates": "nearly the same picture",
    "ground": "same ground",
    "scene": "same scene",
}
"""What can belong together, and how a finding calls it."""

MEANT = {"block": frozenset({"scene"}), "time": frozenset({"ground", "scene"})}
"""What a way of splitting divides by its nature: blocks lie within scenes, and times follow one another on the same
ground. It is reported, and is no error."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """What belongs together among the items (n,) of a version.

    `ids` are the items; `columns` has for each of KINDS that the dataset knows of one value an item (0, None or "":
    none); `whole` is the label of everything that belongs together; `places` is where and when.
    """

    dataset_id: str
    ids: NDArray[np.int64]
    columns: dict[str, Column]
    whole: NDArray[np.int64]
    places: Places


def belonging(
    connection: sa.Connection, dataset_id: str, version: int, rows: Sequence[sa.Row[Any]]
) -> Belonging:
    """What belongs together among the rows of `items_of`."""
    ids = np.fromiter((row.id for row in rows), np.int64, len(rows))
    equal = np.fromiter((row.duplicate_group for row in rows), np.int64, len(rows))
    # Blank pictures are alike without belonging together: they would bind half a dataset into one group.
    blank = constant_items(connection, dataset_id, version)
    blank |= blank_rasters(connection, dataset_id, version, equal)
    if blank:
        equal[np.isin(ids, np.fromiter(blank, np.int64, len(blank)))] = 0
    places = places_of(connection, dataset_id, ids)
    columns: dict[str, Column] = {
        "study": [row.study for row in rows],
        "duplicates": equal,
        "near_duplicates": np.fromiter((row.near_group for row in rows), np.int64, len(rows)),
    }
    subjects = [row.subject for row in rows]
    if any(subjects):
        columns["patient"] = subjects
    if places.placed.any():
        columns["ground"] = places.ground
    if any(places.scenes):
        columns["scene"] = places.scenes
    return Belonging(dataset_id, ids, columns, combine_groups(*columns.values()), places)


def leak_at(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None, reason: str
) -> Finding | None:
    """The finding that the version's split divides what belongs together; None when it does not."""
    rows = items_of(connection, dataset_id, version, split_id)
    together = belonging(connection, dataset_id, version, rows)
    return leaks_in(
        connection, parts_of(rows), together, reason, plan_of(connection, split_id).get("by", "group")
    )


def parts_of(rows: Sequence[sa.Row[Any]]) -> NDArray[np.int8]:
    """The part codes (n,) of the rows of `items_of`."""
    places = {part.value: place for place, part in enumerate(PARTS)}
    return np.array([places[Part(row.part)] if row.part else UNPLACED for row in rows], np.int8)


def plan_of(connection: sa.Connection, split_id: int | None) -> dict[str, Any]:
    """How a split was made; nothing where there is none."""
    plan = connection.execute(sa.select(splits.c.plan).where(splits.c.id == split_id)).scalar()
    return dict(plan or {})


def leaks_in(
    connection: sa.Connection, parts: NDArray[np.int8], together: Belonging, reason: str, by: str = "group"
) -> Finding | None:
    """The finding that parts (n,) of a split made `by` something divide what belongs together."""
    exact = placed_columns(connection, parts, together)
    told = {kind: column for kind, column in exact.items() if kind not in MEANT.get(by, ())}
    crossed = [KINDS[kind] for kind, column in told.items() if crossing(parts, column).any()]
    if not crossed:
        return None
    _, numbers = np.unique(combine_groups(*told.values()), return_inverse=True)
    column = np.where(parts >= 0, numbers.astype(np.int64) + 1, 0)
    return leak_finding(parts, column, reason, " or ".join(crossed), _hint(parts, together, by))


def placed_columns(
    connection: sa.Connection, parts: NDArray[np.int8], together: Belonging
) -> dict[str, NDArray[np.int64]]:
    """The columns of `together` for the items that are in a part; the others are in no group.

    Chips on the ground may be bound by a chain of others; where some of these are in no part, the overlaps of those
    that are left decide.
    """
    columns = {kind: np.where(parts >= 0, codes(column), 0) for kind, column in together.columns.items()}
    ground = columns.get("ground")
    if ground is None or (parts >= 0).all():
        return columns
    asked = np.flatnonzero(crossing(parts, ground))
    if len(asked):
        outlines = outlines_of(connection, together.dataset_id, together.ids[asked].tolist())
        again = numbered(overlap_labels(shapes_of(outlines)))
        ground[asked] = np.where(again > 0, again + ground.max(), 0)
    return columns


def _hint(parts: NDArray[np.int8], together: Belonging, by: str) -> str:
    """What to do about a leak: a split by what tells the items apart, where there is such a thing."""
    places = together.places
    ways = []
    if by != "time" and not np.isnan(places.times).any() and len(np.unique(places.times)) >= len(PARTS):
        ways.append("`triptych split NAME --by time` trains on the earliest and tests on the latest")
    if by != "block" and places.placed.all() and len(np.unique(places.boxes, axis=0)) >= len(PARTS):
        ways.append("`triptych split NAME --by block` keeps blocks of the ground whole")
    if not ways or not len(parts):
        return LEAKS_HINT
    return f"Results on validation and test will look better than they are. {'; '.join(ways)}."
