"""What the split of a version divides, kind by kind, and by what else it could be split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.blocks import automatic_size, block_numbers, centers
from triptych.core.dataset import PARTS
from triptych.core.ground import overlapping, shapes_of, touching
from triptych.core.split import LARGEST_GROUP, kind_leaks
from triptych.datasets.contents_of_version import items_of
from triptych.datasets.leaks import MEANT, belonging, parts_of, placed_columns, plan_of
from triptych.datasets.places import outlines_of
from triptych.datasets.publication import current_split

if TYPE_CHECKING:
    import sqlalchemy as sa
    from numpy.typing import NDArray

    from triptych.datasets.leaks import Belonging
    from triptych.datasets.places import Places

NEIGHBOURS_UP_TO = 50_000
"""Chips whose edges are compared; of more it would take seconds."""

DONE = ("block_size", "buffer", "blocks", "scenes", "begins", "time_gap", "left_out")
"""What a plan's document records of how a split was made, besides what was asked."""


def split_report(connection: sa.Connection, dataset_id: str, version: int) -> dict[str, Any]:
    """The document of what the version's split divides (`SplitReport`)."""
    split_id = current_split(connection, dataset_id, version)
    rows = items_of(connection, dataset_id, version, split_id)
    parts = parts_of(rows)
    together = belonging(connection, dataset_id, version, rows)
    plan = plan_of(connection, split_id)
    by = plan.get("by", "group")
    meant = MEANT.get(by, frozenset())
    counted = {
        kind: kind_leaks(parts, column)
        for kind, column in placed_columns(connection, parts, together).items()
    }
    return {
        "by": by,
        "made": {name: plan[name] for name in DONE if plan.get(name) is not None},
        "unassigned": int((parts < 0).sum()),
        "kinds": [
            {"kind": kind, "meant": kind in meant, **leaks._asdict()} for kind, leaks in counted.items()
        ],
        "neighbours": _neighbours(connection, parts, together),
        "offers": offers(together.places),
    }


def _neighbours(connection: sa.Connection, parts: NDArray[np.int8], together: Belonging) -> int | None:
    """How many items of validation and test touch one of train on the ground without overlapping it."""
    judged = np.flatnonzero((parts > 0) & together.places.placed)
    train = np.flatnonzero((parts == 0) & together.places.placed)
    if len(judged) + len(train) > NEIGHBOURS_UP_TO:
        return None
    if not len(judged) or not len(train):
        return 0
    asked = np.concatenate([judged, train])
    outlines = outlines_of(connection, together.dataset_id, together.ids[asked].tolist())
    own = shapes_of(outlines[: len(judged)], share=False)
    others = shapes_of(outlines[len(judged) :]).polygons
    near = touching(own.polygons, others)
    near &= ~overlapping(own.polygons, others)
    return len(np.unique(own.item[near]))


def offers(places: Places) -> list[dict[str, Any]]:
    """The ways to split by place, time or scene that go with these items."""
    least = len(PARTS)
    found: list[dict[str, Any]] = []
    if places.placed.any() and places.placed.all():
        size = automatic_size(places.boxes, LARGEST_GROUP)
        if size is not None:
            number = len(np.unique(block_numbers(centers(places.boxes), size)))
            found.append({"by": "block", "regions": number, "block_size": size})
    if len(places.times) and not np.isnan(places.times).any():
        times = np.unique(places.times)
        if len(times) >= least:
            found.append({"by": "time", "regions": len(times), "first": times[0], "last": times[-1]})
    if places.scenes and all(places.scenes):
        _, held = np.unique(np.array(places.scenes, dtype=str), return_counts=True)
        if len(held) >= least and held.max() <= LARGEST_GROUP * len(places.scenes):
            found.append({"by": "scene", "regions": len(held)})
    return found
