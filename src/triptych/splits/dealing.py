"""Deal the items of a version to parts as a plan says: by groups, by regions of the ground, or by time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from triptych.core.blocks import automatic_size, block_numbers, centers
from triptych.core.by_time import split_by_time
from triptych.core.errors import InvalidInput
from triptych.core.findings import Finding, Severity
from triptych.core.ground import near, overlapping, shapes_of
from triptych.core.groups import combine_groups
from triptych.core.split import LARGEST_GROUP, UNPLACED, keeps_groups, make_split
from triptych.datasets.leaks import leaks_in
from triptych.datasets.places import outlines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from triptych.core.class_counts import ClassCounts
    from triptych.datasets.leaks import Belonging
    from triptych.splits.plan import SplitPlan

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

EVALUATION = (1, 2)
"""Part codes of validation and test."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """`parts` (n,) are part codes, -1 for an item in none; `record` is what the plan's document keeps of how it was
    done."""

    parts: NDArray[np.int8]
    findings: tuple[Finding, ...]
    record: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Items:
    """The items to deal (n,): their keys, what belongs together, their classes, and the parts that they keep."""

    keys: Sequence[str]
    together: Belonging
    classes: ClassCounts | None
    fixed: NDArray[np.int8]


def deal(connection: sa.Connection, items: Items, plan: SplitPlan) -> Dealt:
    """Parts for all items; InvalidInput where the plan does not go with the dataset."""
    if plan.by == "time":
        return _by_time(connection, items, plan)
    if plan.by in ("scene", "block"):
        return _by_region(connection, items, plan)
    groups = items.together.whole
    if plan.by == "item":
        groups = np.arange(len(items.keys), dtype=np.int64)
    elif plan.by == "study":
        groups = combine_groups(items.together.columns["study"])
    result = make_split(
        items.keys, groups, classes=items.classes, ratios=plan.ratios, seed=plan.seed, fixed=items.fixed
    )
    # What was asked for may divide groups on purpose; that it leaks is told all the same.
    reason = result.reason or ("" if plan.by == "group" else f"The split was asked for by {plan.by}.")
    return Dealt(result.parts, _leaks(connection, result.parts, items, reason, plan))


def _leaks(
    connection: sa.Connection, parts: NDArray[np.int8], items: Items, reason: str, plan: SplitPlan
) -> tuple[Finding, ...]:
    found = leaks_in(connection, parts, items.together, reason, plan.by)
    return () if found is None else (found,)


def _by_time(connection: sa.Connection, items: Items, plan: SplitPlan) -> Dealt:
    times = items.together.places.times
    known = ~np.isnan(times)
    if not known.all():
        raise InvalidInput(
            _lacking(items, known, "time"),
            code="times_unknown",
            hint="Split by block, scene or group, or remove the items that have none.",
        )
    made = split_by_time(times, plan.ratios, plan.time_gap)
    record: dict[str, Any] = {"begins": list(made.begins), "time_gap": plan.time_gap}
    findings = _leaks(connection, made.parts, items, "The split was asked for by time.", plan)
    if made.left_out:
        record["left_out"] = {"gap": made.left_out}
        why = (
            f"They were taken in the gap of {plan.time_gap / 86400:g} days before validation or test begins."
        )
        findings += (_left_out(made.left_out, why),)
    return Dealt(made.parts, findings, record)


def _by_region(connection: sa.Connection, items: Items, plan: SplitPlan) -> Dealt:
    """Regions (scenes or blocks) are dealt whole; then what overlaps or comes too near another part is left out."""
    units, record = _units(items, plan)
    result = make_split(items.keys, units, classes=items.classes, ratios=plan.ratios, seed=plan.seed)
    parts = result.parts.copy()
    over = _overlaps(connection, parts, items)
    parts[over] = UNPLACED
    close = _too_near(parts, items, plan.buffer) if plan.buffer else np.zeros_like(over)
    parts[close] = UNPLACED
    held = np.bincount(parts[parts >= 0], minlength=3)
    if ((held == 0) & (np.array(result.counts) > 0)).any():
        raise InvalidInput(
            f"Without what overlaps or lies within {plan.buffer:g} m of another part, a part would have no items.",
            code="buffer_too_wide",
            hint="Take a narrower buffer or larger blocks, or another seed.",
        )
    findings = _leaks(connection, parts, items, f"The split was asked for by {plan.by}.", plan)
    left = {"overlap": int(over.sum()), "buffer": int(close.sum())}
    if sum(left.values()):
        record["left_out"] = left
        findings += (_left_out(sum(left.values()), _why_left(left, plan.buffer)),)
    return Dealt(parts, findings, record)


def _units(items: Items, plan: SplitPlan) -> tuple[Ints, dict[str, Any]]:
    """The labels (n,) of the regions, and what is to be recorded of them."""
    places = items.together.places
    if (plan.by == "block" or plan.buffer) and not places.placed.all():
        raise InvalidInput(
            _lacking(items, places.placed, "place"),
            code="places_unknown",
            hint="Split by time, scene or group without a buffer, or remove the items that have none.",
        )
    if plan.by == "scene":
        known = np.array([bool(scene) for scene in places.scenes])
        if not known.all():
            raise InvalidInput(
                _lacking(items, known, "scene"),
                code="scenes_unknown",
                hint="Split by group, or add the source again with the option scene, which says how names tell it.",
            )
        units = combine_groups(places.scenes)
        record: dict[str, Any] = {"buffer": plan.buffer, "scenes": len(np.unique(units))}
    else:
        most = max(LARGEST_GROUP, *plan.ratios)
        size = plan.block_size or automatic_size(places.boxes, most)
        if size is None:
            _too_few(items, "No size of blocks parts the items well: most of them lie at one place.")
        units = block_numbers(centers(places.boxes), size)
        record = {"block_size": size, "buffer": plan.buffer, "blocks": len(np.unique(units))}
    if not keeps_groups(units, plan.ratios):
        _, held = np.unique(units, return_counts=True)
        what = f"{len(held)} {plan.by}{'s' if len(held) > 1 else ''}"
        _too_few(items, f"The {len(units):,} items lie in {what}, the largest with {held.max():,}.")
    return units, record


def _too_few(items: Items, what: str) -> NoReturn:
    times = items.together.places.times
    by_time = not np.isnan(times).any() and len(np.unique(times)) >= 3
    raise InvalidInput(
        f"{what} A split needs three at least, and none with more than 60 % of the items.",
        code="regions_too_few",
        hint=f"Split by {'time' if by_time else 'group'}, or by smaller blocks.",
    )


def _lacking(items: Items, known: Mask, what: str) -> str:
    unknown = np.flatnonzero(~known)
    first = items.keys[int(unknown[0])]
    return f"{len(unknown):,} of the {len(known):,} items have no {what}, “{first}” for one."


def _overlaps(connection: sa.Connection, parts: NDArray[np.int8], items: Items) -> Mask:
    """Items whose ground overlaps an item of a later part: of validation those over test, of train those over any."""
    ground = items.together.places.ground
    asked = np.flatnonzero(ground > 0)
    out = np.zeros(len(parts), dtype=bool)
    if not len(asked):
        return out
    shapes = shapes_of(
        outlines_of(connection, items.together.dataset_id, items.together.ids[asked].tolist()), share=False
    )
    part = parts[asked]
    gone = np.zeros(len(asked), dtype=bool)
    for code in (1, 0):
        own, later = part == code, (part > code) & ~gone
        of = shapes.item[own[shapes.item]]
        gone[of[overlapping(shapes.of(own), shapes.of(later))]] = True
    out[asked[gone]] = True
    return out


def _too_near(parts: NDArray[np.int8], items: Items, buffer: float) -> Mask:
    """Items of train that lie within the buffer of an item of validation or test."""
    boxes = items.together.places.boxes
    placed = items.together.places.placed
    train = np.flatnonzero((parts == 0) & placed)
    others = np.isin(parts, EVALUATION) & placed
    out = np.zeros(len(parts), dtype=bool)
    out[train[near(boxes[train], boxes[others], buffer)]] = True
    return out


def _why_left(left: dict[str, int], buffer: float) -> str:
    why = []
    if left["overlap"]:
        why.append(f"{left['overlap']:,} overlap an item of another part on the ground")
    if left["buffer"]:
        why.append(f"{left['buffer']:,} of train lie within {buffer:g} m of validation or test")
    return f"{'; '.join(why)}."


def _left_out(count: int, why: str) -> Finding:
    return Finding(
        Severity.NOTE,
        "split_left_out",
        f"{count:,} item{'s are' if count > 1 else ' is'} in no part of the split. {why}",
        "They stay in the dataset, and nothing is trained or judged on them. `triptych split NAME` deals all.",
        count=count,
    )
