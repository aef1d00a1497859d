"""Splits that do not leak: a part for each item, groups kept whole, the same for the same content and seed.

How many items each part should get: `target_counts`. Groups are then dealt so that the sum of the squared
differences from these targets is least, no part that has a target being empty (`triptych.core.stratify`).
Where that cannot be kept to (fewer groups than parts, or one group larger than 60 % of the items and than the
largest part) items are dealt one by one, and what leaks is an error-level finding.

The order of groups comes from a seeded hash of each item's key, so the result depends neither on the order in
which items are given nor on how groups are numbered.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from triptych.core.class_counts import ClassCounts
from triptych.core.dataset import PARTS
from triptych.core.errors import InvalidInput
from triptych.core.findings import Finding, Severity
from triptych.core.groups import codes, crossing
from triptych.core.stratify import Targets, class_shares, place_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from triptych.core.groups import Column

RATIOS = (0.6, 0.2, 0.2)
LARGEST_GROUP = 0.6
LEAKS_END = " in more than one part. "
"""What stands before the reason in the message of a leak."""
LEAKS_WHAT = "same patient, study or near-identical pictures"
LEAKS_HINT = (
    "Results on validation and test will look better than they are. Add items from at least three independent "
    "studies, or split by what does keep apart."
)
PAIRS = ((0, 1), (0, 2), (1, 2))
"""Pairs of part codes."""
UNPLACED = -1
"""The part code of an item that has no part yet; the codes of the others index `PARTS`."""


@dataclass(frozen=True, slots=True)
class SplitResult:
    """`parts` (n,) int8 indexes PARTS; `leaks` counts groups that lie in more than one part; `counts` (3,) are
    items in each part; `class_counts` (classes, 3) annotations of each class in each, where classes were given;
    `reason` says why groups had to be divided, "" where there was no cause.
    """

    parts: NDArray[np.int8]
    leaks: int
    findings: tuple[Finding, ...]
    counts: tuple[int, int, int]
    class_counts: NDArray[np.int64] | None
    reason: str = ""


def target_counts(n: int, ratios: Sequence[float] = RATIOS) -> NDArray[np.int64]:
    """How many of n items each part should get (3,): the nearest whole numbers that add up to n.

    By largest remainder, ties to the earlier part: 364 gives 218, 73, 73. Then a part that has a ratio but no
    item takes one from the largest; with fewer items than such parts, all go to the first of them (train).
    """
    wanted = np.round(np.array(ratios, dtype=np.float64) / sum(ratios) * n, 9)
    used = np.flatnonzero(np.array(ratios) > 0)
    counts = np.floor(wanted).astype(np.int64)
    if n < len(used):
        counts[:] = 0
        counts[used[0]] = n
        return counts
    most = np.argsort(-np.round(wanted - counts, 9), kind="stable")
    counts[most[: n - int(counts.sum())]] += 1
    for part in used:
        if counts[part] == 0:
            counts[np.argmax(counts)] -= 1
            counts[part] = 1
    return counts


def make_split(
    keys: Sequence[str] | Sequence[bytes],
    groups: NDArray[np.int64],
    *,
    classes: ClassCounts | None = None,
    ratios: Sequence[float] = RATIOS,
    seed: int = 0,
    fixed: NDArray[np.int8] | None = None,
) -> SplitResult:
    """Deal n items to train, validation and test.

    `keys` (n) are stable and unique (the item's key, or its hash); `groups` (n,) are labels as
    `combine_groups` gives them, any numbers, 0 included; `classes` asks for stratification. Items whose
    `fixed` (n,) is a part code keep it, and their group's other items join the part that has most of it.
    InvalidInput (`bad_ratios`) when the ratios are not three numbers from 0 to 1 that add up to 1.
    """
    share = checked_ratios(ratios)
    n = len(keys)
    parts = np.full(n, UNPLACED, dtype=np.int8) if fixed is None else fixed.astype(np.int8)
    if len(groups) != n or len(parts) != n:
        raise ValueError(f"{n} keys, {len(groups)} groups and {len(parts)} fixed parts")
    labels, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    limit = max(LARGEST_GROUP, float(share.max())) * n + 1e-9
    divided = _join_placed(parts, group, len(labels), size > limit)
    free = parts == UNPLACED
    active = tuple(np.flatnonzero(share > 0).tolist())
    too_few = len(labels) < len(active) <= n
    largest = int(np.bincount(group[free], minlength=1).max())
    reason = _reason(len(labels), n, largest if largest > limit else 0, too_few and free.any(), divided)
    unit = np.arange(n, dtype=np.int64) if too_few or largest > limit else group.astype(np.int64)
    if n < len(active):
        parts[free] = active[0]
    elif free.any():
        table = classes or ClassCounts.of_labels(np.full(n, -1, dtype=np.int64))
        parts[free] = _deal(parts, unit, _order(keys, free, seed), table, share)
    return _result(parts, group + 1, classes, reason)


def leak_report(parts: NDArray[np.int8], groups_by_kind: Mapping[str, Column]) -> dict[str, int]:
    """For each kind of group ("study", "duplicates", ...) how many groups lie in more than one part.

    Columns (n,) hold 0, None or "" for items in no group.
    """
    report = {}
    for kind, column in groups_by_kind.items():
        values = codes(column)
        report[kind] = len(np.unique(values[crossing(parts, values)]))
    return report


class KindLeaks(NamedTuple):
    """Of one kind of group: how many groups have two or more items in parts, how many of these are divided, items of
    the divided ones, and for each pair of parts how many groups lie in both."""

    groups: int
    divided: int
    items: int
    between: dict[str, int]


def keeps_groups(groups: NDArray[np.int64], ratios: Sequence[float] = RATIOS) -> bool:
    """Whether `make_split` keeps such groups (n,) whole: there are enough of them, and none is too large."""
    share = checked_ratios(ratios)
    _, size = np.unique(groups, return_counts=True)
    enough = len(size) >= min(int((share > 0).sum()), len(groups))
    return bool(enough and size.max(initial=0) <= max(LARGEST_GROUP, float(share.max())) * len(groups) + 1e-9)


def kind_leaks(parts: NDArray[np.int8], column: Column) -> KindLeaks:
    """What a split divides of one kind of group; items in no part or no group count nowhere."""
    values = codes(column)
    counted = np.flatnonzero((parts >= 0) & (values != 0))
    _, number = np.unique(values[counted], return_inverse=True)
    groups = int(number.max(initial=-1)) + 1
    held = np.bincount(number * 3 + parts[counted], minlength=groups * 3).reshape(groups, 3)
    divided = (held > 0).sum(axis=1) > 1
    between = {
        f"{PARTS[low].value} and {PARTS[high].value}": int(((held[:, low] > 0) & (held[:, high] > 0)).sum())
        for low, high in PAIRS
    }
    return KindLeaks(int((held.sum(axis=1) > 1).sum()), int(divided.sum()), int(held[divided].sum()), between)


def leak_finding(
    parts: NDArray[np.int8],
    column: NDArray[np.int64],
    reason: str,
    what: str = LEAKS_WHAT,
    hint: str = LEAKS_HINT,
) -> Finding | None:
    """The error that groups lie in more than one part; `column` (n,) numbers them from 1, `reason` says why, `what`
    names what their items have in common."""
    crosses = crossing(parts, column)
    leaks = len(np.unique(column[crosses]))
    if not leaks:
        return None
    return Finding(
        Severity.ERROR,
        "split_leaks",
        f"{leaks} group{'s' if leaks > 1 else ''} with {int(crosses.sum())} items ({what}) "
        f"lie{'s' if leaks == 1 else ''}{LEAKS_END}{reason}".rstrip(),
        hint,
        count=leaks,
    )


def checked_ratios(ratios: Sequence[float]) -> NDArray[np.float64]:
    """The shares (3,) of the parts, which add up to 1; InvalidInput (`bad_ratios`)."""
    share: NDArray[np.float64] = np.array(ratios, dtype=np.float64)
    if share.shape != (3,) or not (share >= 0).all() or abs(share.sum() - 1) > 1e-6:
        raise InvalidInput(
            f"The ratios {', '.join(f'{ratio:g}' for ratio in ratios)} do not describe a split.",
            code="bad_ratios",
            hint="Give three numbers from 0 to 1 for train, validation and test that add up to 1.",
        )
    share /= share.sum()
    return share


def _join_placed(
    parts: NDArray[np.int8], group: NDArray[np.int64], groups: int, oversized: NDArray[np.bool_]
) -> int:
    """Give unplaced items of groups that have a part that part, in place; how many groups are divided already.

    A group that is divided and too large for one part has nothing left to protect: its items stay unplaced.
    """
    placed = parts != UNPLACED
    cells = group[placed] * 3 + parts[placed]
    held = np.bincount(cells, minlength=groups * 3).reshape(groups, 3)
    divided = (held > 0).sum(axis=1) > 1
    home = np.where(held.any(axis=1) & ~(divided & oversized), np.argmax(held, axis=1), UNPLACED)
    parts[~placed] = home[group[~placed]]
    return int(divided.sum())


def _order(keys: Sequence[str] | Sequence[bytes], chosen: NDArray[np.bool_], seed: int) -> NDArray[np.uint64]:
    """A seeded 64-bit hash of the keys of the chosen items."""
    start = struct.pack("<q", seed)
    taken = [keys[place] for place in np.flatnonzero(chosen).tolist()]
    raw = [key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass") for key in taken]
    # Most of the time of a plain split goes here, so the loop has nothing in it that is not needed.
    hashed = hashlib.blake2b
    digests = b"".join([hashed(start + key, digest_size=8).digest() for key in raw])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _deal(
    parts: NDArray[np.int8],
    unit: NDArray[np.int64],
    order: NDArray[np.uint64],
    classes: ClassCounts,
    share: NDArray[np.float64],
) -> NDArray[np.int8]:
    """Part codes for the unplaced items; `unit` (n,) numbers what must stay whole, `order` is theirs alone."""
    free = parts == UNPLACED
    _, member, size = np.unique(unit[free], return_inverse=True, return_counts=True)
    first = np.full(len(size), ~np.uint64(0))
    np.minimum.at(first, member, order)
    of_item = np.full(len(parts), -1, dtype=np.int64)
    of_item[free] = member
    by_unit = classes.grouped(np.unique(unit, return_inverse=True)[1].astype(np.int64))
    totals = np.bincount(by_unit.class_index, by_unit.count, classes.classes).astype(np.int64)
    having = np.bincount(by_unit.class_index, minlength=classes.classes)
    aim = Targets(
        items=target_counts(len(parts), share.tolist()),
        shares=class_shares(totals, having, share),
        items_there=np.bincount(parts[~free], minlength=3).astype(np.int64),
        shares_there=classes.by_part(parts),
        active=tuple(np.flatnonzero(share > 0).tolist()),
    )
    return place_groups(size.astype(np.int64), first, classes.grouped(of_item), aim)[member]


def _reason(groups: int, n: int, oversized: int, too_few: bool, divided: int) -> str:
    """Why groups are divided, as a sentence; "" when there is no cause for it."""
    if too_few:
        return f"The {n} items form only {groups} group{'s' if groups > 1 else ''}, so they are dealt one by one."
    if oversized:
        return f"One group holds {oversized} of the {n} items, so items are dealt one by one."
    if divided:
        return "The parts that items already have divide these groups."
    return ""


def _result(
    parts: NDArray[np.int8], column: NDArray[np.int64], classes: ClassCounts | None, reason: str
) -> SplitResult:
    """Count and report; `column` (n,) numbers the groups from 1."""
    found = leak_finding(parts, column, reason)
    leaks = 0 if found is None else found.count
    findings = () if found is None else (found,)
    counts = np.bincount(parts, minlength=len(PARTS)).tolist()
    return SplitResult(
        parts,
        leaks,
        findings,
        (counts[0], counts[1], counts[2]),
        None if classes is None else classes.by_part(parts),
        reason,
    )
