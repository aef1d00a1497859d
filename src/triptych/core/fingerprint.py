"""Duplicates: equal digests, and perceptual hashes of 64 bits that differ in few bits.

Near pairs are found exactly, by pigeonhole: two hashes that differ in at most d bits agree in at least one of
d + 1 bands of bits. Equal hashes are collapsed first; a bucket that stays large is banded again by its
remaining bits; a bucket whose members are already joined is left alone. So time and memory stay bounded
for skewed data too: many equal hashes, or many that differ in few bits.

Nearness does not carry over: a may be near b and b near c with a far from c, yet all three are one group,
since a split must not divide any of the pairs. On slices of a scan or on flat pictures such chains can
swallow much of a dataset; `triptych.core.groups.summarize_groups` tells how large the largest group is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from triptych.core.groups import join, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_DISTANCE = 4
"""Re-encoding, resizing and brightness move a perceptual hash by at most this many of its 64 bits."""

_LARGEST_DISTANCE = 8
_SMALL_BUCKET = 256
_PAIRS_HELD = 1 << 20
_NEIGHBOURS = 3


def equal_groups(digests: NDArray[np.uint8]) -> NDArray[np.int64]:
    """A column (n,) for digests (n, bytes): 0 for one that is alone, else 1..k in order of the first item."""
    rows = np.ascontiguousarray(digests)
    if not rows.size:
        return np.zeros(len(rows), dtype=np.int64)
    whole = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, inverse = np.unique(whole, return_inverse=True)
    return numbered(inverse.astype(np.int64))


def near_groups(
    hashes: NDArray[np.uint64], valid: NDArray[np.bool_], distance: int = NEAR_DISTANCE
) -> NDArray[np.int64]:
    """A column (n,) of groups of near duplicates: 0 for an item near to none, else 1..k by first item.

    `hashes` (n,) are perceptual hashes; where `valid` (n,) is false there is none (a constant picture) and the
    item is in no group. Groups are closed under nearness, see the module's caution.
    """
    labels = np.arange(len(hashes), dtype=np.int64)
    join(labels, near_pairs(hashes, valid, distance))
    return numbered(labels)


def near_pairs(
    hashes: NDArray[np.uint64], valid: NDArray[np.bool_], distance: int = NEAR_DISTANCE
) -> NDArray[np.int64]:
    """Pairs (m, 2) of items whose hashes differ in at most `distance` bits: a spanning set, not all of them.

    Every pair returned is that near, and a chain of them joins two items exactly when a chain of near items
    does; m is at most n - 1. ValueError for a distance above 8: bands would be too narrow to tell hashes apart.
    """
    if not 0 <= distance <= _LARGEST_DISTANCE:
        raise ValueError(f"a distance of {distance} bits is not from 0 to {_LARGEST_DISTANCE}")
    items = np.flatnonzero(valid)
    distinct, first, inverse = np.unique(hashes[items], return_index=True, return_inverse=True)
    equal = np.stack([items[first][inverse], items], axis=1)
    equal = equal[equal[:, 0] != equal[:, 1]]
    search = _Search(distinct, distance)
    search.run()
    return np.concatenate([equal, items[first][search.spanning()]])


@dataclass(slots=True)
class _Search:
    """Joins distinct hashes (n,) that are near; holds at most about a million pairs at a time."""

    hashes: NDArray[np.uint64]
    distance: int
    labels: NDArray[np.int64] = field(init=False)
    _kept: list[NDArray[np.int64]] = field(default_factory=list)
    _held: list[NDArray[np.int64]] = field(default_factory=list)
    _held_pairs: int = 0

    def __post_init__(self) -> None:
        self.labels = np.arange(len(self.hashes), dtype=np.int64)

    def spanning(self) -> NDArray[np.int64]:
        """The pairs (m, 2) of positions that joined something, after `run`."""
        return np.concatenate([np.empty((0, 2), dtype=np.int64), *self._kept])

    def run(self) -> None:
        everyone = np.arange(len(self.hashes), dtype=np.int64)
        if not len(everyone):
            return
        if len(everyone) > _SMALL_BUCKET:
            self._join_neighbours(everyone)
        self._search(everyone, np.zeros(len(everyone), dtype=np.int64))
        self._flush()

    def _join_neighbours(self, members: NDArray[np.int64]) -> None:
        # Hashes that share many leading bits lie side by side when sorted. Where hashes crowd, this joins
        # most of them at almost no cost, and their buckets need not be searched.
        for band in _bands(~np.uint64(0), self.distance + 1):
            order = members[np.lexsort((self.hashes, self.hashes & band))]
            for step in range(1, _NEIGHBOURS + 1):
                self._check(order[:-step], order[step:])
        self._flush()

    def _search(self, members: NDArray[np.int64], bucket: NDArray[np.int64]) -> None:
        """Join all near pairs that lie in one bucket; `bucket` numbers the members' buckets, in any order."""
        members, start, size = self._open(members, bucket)
        small = size <= _SMALL_BUCKET
        taken = np.repeat(small, size)
        self._compare(members[taken], size[small])
        members, size = members[~taken], size[~small]
        if not len(members):
            return
        bucket = np.repeat(np.arange(len(size)), size)
        hashes = self.hashes[members]
        start = np.cumsum(size) - size
        varying = np.bitwise_or.reduce(hashes ^ hashes[start][bucket])
        for band in _bands(varying, self.distance + 1):
            value = hashes & band
            order = np.lexsort((value, bucket))
            value, in_bucket = value[order], bucket[order]
            new = (value[1:] != value[:-1]) | (in_bucket[1:] != in_bucket[:-1])
            self._search(members[order], np.concatenate([[0], np.cumsum(new)]))

    def _open(
        self, members: NDArray[np.int64], bucket: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Members of the buckets in which somebody may still be joined, bucket by bucket; starts and sizes."""
        self._flush()
        start = np.flatnonzero(np.concatenate([[True], bucket[1:] != bucket[:-1]]))
        size = np.diff(np.append(start, len(bucket)))
        labels = self.labels[members]
        apart = np.minimum.reduceat(labels, start) != np.maximum.reduceat(labels, start)
        return members[np.repeat(apart, size)], start[apart], size[apart]

    def _compare(self, members: NDArray[np.int64], size: NDArray[np.int64]) -> None:
        """Compare inside buckets that lie one after the other, each pair whose labels may still differ."""
        if not len(members):
            return
        # The largest group's members go to the end of their bucket and are not compared among themselves.
        _, group, count = np.unique(self.labels[members], return_inverse=True, return_counts=True)
        largest = group == np.argmax(count)
        order = np.lexsort((largest, np.repeat(np.arange(len(size)), size)))
        members, largest = members[order], largest[order]
        ends = np.repeat(np.cumsum(size), size)
        at = np.flatnonzero(~largest)
        step = 1
        while True:
            at = at[at + step < ends[at]]
            if not len(at):
                return
            self._check(members[at], members[at + step])
            step += 1

    def _check(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        near = np.bitwise_count(self.hashes[left] ^ self.hashes[right]) <= self.distance
        if not near.any():
            return
        self._held.append(np.stack([left[near], right[near]], axis=1))
        self._held_pairs += len(self._held[-1])
        if self._held_pairs > _PAIRS_HELD:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            pairs = np.concatenate(self._held)
            self._kept.append(pairs[join(self.labels, pairs)])
            self._held, self._held_pairs = [], 0


def _bands(varying: np.uint64, count: int) -> list[np.uint64]:
    """The set bits of `varying`, dealt in order into `count` masks of nearly equal size."""
    bits = [bit for bit in range(64) if int(varying) >> bit & 1]
    bounds = [len(bits) * index // count for index in range(count + 1)]
    return [np.uint64(sum(1 << bit for bit in bits[low:high])) for low, high in pairwise(bounds)]
