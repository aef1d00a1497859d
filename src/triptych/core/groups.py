"""Groups of items: what belongs together, as integer columns, and their union.

Two conventions. A *column* holds one value for each item, and 0 (or None, or "" for texts) means "in no group".
*Labels* are the result of a union: every item has one, the position of the smallest member of its group, so
that 0 is an ordinary label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    Column = NDArray[np.integer] | Sequence[Hashable | None]


class GroupSummary(NamedTuple):
    """How many groups of two or more there are, how many items lie in them, and the size of the largest."""

    groups: int
    items: int
    largest: int


def codes(column: Column) -> NDArray[np.int64]:
    """A column as int64 (n,): 0 for "in no group", else the same number for equal values.

    Integers stay as they are; other values are numbered from 1 in the order of their first item.
    """
    if isinstance(column, np.ndarray):
        return column.astype(np.int64, copy=False)
    known: dict[Hashable, int] = {None: 0, "": 0, 0: 0}
    return np.fromiter((known.setdefault(value, len(known) - 2) for value in column), np.int64, len(column))


def connected(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Connected components of n items under `pairs` (m, 2): for each item the smallest member of its component.

    Takes O(log n) rounds of whole-array steps; IndexError when a pair names an item outside 0..n-1.
    """
    labels = np.arange(n, dtype=np.int64)
    join(labels, pairs)
    return labels


def join(labels: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Unite the groups of each pair (m, 2), in place, and return the positions of the pairs that were needed.

    `labels` (n,) must be labels as `connected` gives them. The pairs returned are a spanning forest of what was
    joined: as few as possible, one for each group that lost its own label.
    """
    if len(pairs) and pairs.min() < 0:
        raise IndexError(f"a pair names item {pairs.min()}")
    position = np.arange(len(pairs), dtype=np.int64)
    left, right = labels[pairs[:, 0]], labels[pairs[:, 1]]
    needed: list[NDArray[np.int64]] = []
    while True:
        apart = left != right
        position, left, right = position[apart], left[apart], right[apart]
        if not len(position):
            return np.concatenate(needed) if needed else position
        low, high = np.minimum(left, right), np.maximum(left, right)
        # Every root hooks onto its smallest neighbour below it; the edge that won is the one to keep.
        order = np.lexsort((low, high))
        high, low, position = high[order], low[order], position[order]
        first = np.ones(len(high), dtype=bool)
        first[1:] = high[1:] != high[:-1]
        labels[high[first]] = low[first]
        needed.append(position[first])
        while True:
            flatter = labels[labels]
            if np.array_equal(flatter, labels):
                break
            labels[:] = flatter
        left, right = labels[low], labels[high]


def star_pairs(column: Column) -> NDArray[np.int64]:
    """Pairs (m, 2) that tie every item of a group to the group's first item; items in no group have none."""
    values = codes(column)
    inside = np.flatnonzero(values)
    _, first, inverse = np.unique(values[inside], return_index=True, return_inverse=True)
    head = inside[first][inverse]
    others = head != inside
    return np.stack([head[others], inside[others]], axis=1)


def combine_groups(*columns: Column) -> NDArray[np.int64]:
    """Labels (n,) of the finest grouping in which items that share a value in any column are together.

    ValueError when there is no column, or when the columns differ in length.
    """
    lengths = {len(column) for column in columns}
    if len(lengths) != 1:
        raise ValueError(f"columns of lengths {sorted(lengths)} describe no common items")
    labels = np.arange(lengths.pop(), dtype=np.int64)
    for column in columns:
        join(labels, star_pairs(column))
    return labels


def numbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels (n,) as a column: 0 for an item that is alone, else 1..k in the order of the groups' first items."""
    _, first, inverse, size = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(size > 1)
    shared = shared[np.argsort(first[shared])]
    number = np.zeros(len(size), dtype=np.int64)
    number[shared] = np.arange(1, len(shared) + 1)
    return number[inverse]


def summarize_groups(column: Column) -> GroupSummary:
    """Counts of a column's groups of two or more."""
    values = codes(column)
    _, size = np.unique(values[values != 0], return_counts=True)
    size = size[size > 1]
    return GroupSummary(len(size), int(size.sum()), int(size.max(initial=0)))


def crossing(parts: NDArray[np.int8], column: Column) -> NDArray[np.bool_]:
    """For each item (n,) whether its group lies in two or more parts.

    `parts` (n,) holds part codes; negative ones (no part) and items in no group count nowhere.
    """
    values = codes(column)
    counted = np.flatnonzero((parts >= 0) & (values != 0))
    crosses = np.zeros(len(parts), dtype=bool)
    if len(counted):
        _, inverse = np.unique(values[counted], return_inverse=True)
        groups = int(inverse.max()) + 1
        low, high = np.full(groups, 127, dtype=np.int8), np.zeros(groups, dtype=np.int8)
        np.minimum.at(low, inverse, parts[counted])
        np.maximum.at(high, inverse, parts[counted])
        crosses[counted] = (low != high)[inverse]
    return crosses
