"""Dealing whole groups into parts: first the right number of items in each, then classes as even as possible.

Groups of the same size and the same class counts are one *kind*; which of them goes where is decided at the
end, by their seeded order. So the work grows with the number of kinds, and 200,000 single items of ten classes
are ten kinds. Steps: deal each kind in proportion, rounded down; deal what is left one by one, rarest class
first, large before small, to the part that misses it most; then exchange groups until no move or swap brings
the counts nearer to their targets, and no exchange of equally large groups evens out the classes. A few thousand
groups are dealt in several orders, and the best result counts; up to ten are dealt in every way.

Unevenness is the sum over classes and parts of (count - share)² / total, shares as `class_shares` gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.class_counts import ClassCounts

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

ALL_WAYS = 10
"""Up to this many groups, every way to deal them is looked at."""

_TRIES = 16
_TRIED_GROUPS = 20_000
_EXCHANGES = 1000
_EXCHANGE_WORK = 3_000_000


@dataclass(frozen=True, slots=True)
class Targets:
    """What is aimed for, and what is there: `items` (3,) and `shares` (classes, 3) are wanted, `items_there`
    and `shares_there` are placed already; `active` are the parts that may receive groups."""

    items: Ints
    shares: Floats
    items_there: Ints
    shares_there: Ints
    active: tuple[int, ...]


def class_shares(totals: Ints, groups: Ints, ratios: Floats) -> Floats:
    """Wanted counts (classes, 3): total × ratio, but at least one in each part where a class has enough groups.

    `totals` (classes,) counts annotations, `groups` (classes,) the groups that have any.
    """
    shares = totals[:, None] * ratios
    enough = groups >= np.count_nonzero(ratios)
    raised = np.where((ratios > 0) & enough[:, None], np.maximum(shares, 1.0), shares)
    raised[:, np.argmax(ratios)] -= (raised - shares).sum(axis=1)
    return raised


def place_groups(
    sizes: Ints, order: NDArray[np.uint64], classes: ClassCounts, aim: Targets
) -> NDArray[np.int8]:
    """Part codes (groups,) for groups of `sizes` items, none of which is divided.

    `order` (groups,) are distinct numbers that break every tie; `classes` counts by group. The result does not
    depend on the order in which the groups are given.
    """
    if len(aim.active) == 1 or not len(sizes):
        return np.full(len(sizes), aim.active[0], dtype=np.int8)
    if len(sizes) <= ALL_WAYS:
        return _best_of_all(sizes, order, classes, aim)
    tries = 1 if sizes.max() == 1 else min(max(_TRIED_GROUPS // len(sizes), 1), _TRIES)
    best: tuple[int, float, int] | None = None
    for number in range(tries):
        deal = _Deal(sizes, _mixed(order + np.uint64(number)), classes, aim)
        deal.run()
        quality = (deal.distance(), round(deal.unevenness(), 9), number)
        if best is None or quality < best:
            best, parts = quality, deal.parts()
    return parts


def _best_of_all(
    sizes: Ints, order: NDArray[np.uint64], classes: ClassCounts, aim: Targets
) -> NDArray[np.int8]:
    sequence = np.argsort(order)
    ways = np.stack(np.meshgrid(*[aim.active] * len(sizes), indexing="ij"), axis=-1).reshape(-1, len(sizes))
    counts = np.stack([(ways == part) @ sizes[sequence] for part in range(3)], axis=1) + aim.items_there
    empty = (counts[:, list(aim.active)] == 0).sum(axis=1)
    distance = ((counts - aim.items) ** 2).sum(axis=1)
    best = np.flatnonzero(empty == empty.min())
    best = best[distance[best] == distance[best].min()]
    result = np.empty(len(sizes), dtype=np.int8)
    unevenness = np.zeros(len(best))
    weights = 1 / np.maximum(aim.shares.sum(axis=1), 1)[:, None]
    for index, way in enumerate(best):
        result[sequence] = ways[way]
        counted = classes.by_part(result) + aim.shares_there
        unevenness[index] = np.round(((counted - aim.shares) ** 2 * weights).sum(), 9)
    result[sequence] = ways[best[np.argmin(unevenness)]]
    return result


class _Deal:
    """The dealing of many groups, kind by kind. `placed` (kinds, 3) counts groups of each kind in each part."""

    def __init__(self, sizes: Ints, order: NDArray[np.uint64], classes: ClassCounts, aim: Targets) -> None:
        self.aim = aim
        _, first, kind, number = np.unique(
            _kinds(sizes, classes), return_index=True, return_inverse=True, return_counts=True
        )
        self.number = number.astype(np.int64)
        self.size = sizes[first]
        self.sequence = np.lexsort((order, kind))
        self.order = order[self.sequence]
        sample = np.full(len(sizes), -1, dtype=np.int64)
        sample[first] = np.arange(len(first))
        self.classes = classes.grouped(sample)
        self.weight = 1 / np.maximum(aim.shares.sum(axis=1), 1)
        self.placed = np.zeros((len(first), 3), dtype=np.int64)
        self.excess = (aim.items_there - aim.items).astype(np.int64)
        self.class_excess = aim.shares_there - aim.shares
        count = self.classes.count.astype(np.float64)
        self._own = self._by_kind(count**2 * self.weight[self.classes.class_index])

    def run(self) -> None:
        """All steps."""
        self.deal_in_proportion()
        self.deal_the_rest()
        self.fill_empty_parts()
        self.approach_targets()
        self.even_out_classes()

    def distance(self) -> int:
        """How far the numbers of items are from their targets: the sum of squares."""
        return int((self.excess**2).sum())

    def unevenness(self) -> float:
        """How far the classes are from their shares."""
        return float((self.class_excess**2 * self.weight[:, None]).sum())

    def parts(self) -> NDArray[np.int8]:
        """Part codes (groups,): the first groups of each kind to train, then validation, then test."""
        result = np.empty(len(self.sequence), dtype=np.int8)
        codes = np.tile(np.arange(3, dtype=np.int8), len(self.placed))
        result[self.sequence] = np.repeat(codes, self.placed.ravel())
        return result

    def _by_kind(self, values: Floats) -> Floats:
        return np.bincount(self.classes.row, values, len(self.number)).astype(np.float64)

    def _put(self, kinds: Ints, part: int, numbers: Ints) -> None:
        """Count groups of some kinds into a part; negative numbers take them out."""
        np.add.at(self.placed[:, part], kinds, numbers)
        self.excess[part] += (self.size[kinds] * numbers).sum()
        change = np.zeros(len(self.number))
        np.add.at(change, kinds, numbers)
        moved = self.classes.count * change[self.classes.row]
        self.class_excess[:, part] += np.bincount(self.classes.class_index, moved, self.classes.classes)

    def _move(self, kind: int, source: int, target: int) -> None:
        one = np.array([kind])
        self._put(one, source, np.array([-1]))
        self._put(one, target, np.array([1]))

    def deal_in_proportion(self) -> None:
        """The bulk of each kind: in proportion, rounded down, when nothing is placed yet."""
        if self.aim.items_there.any():
            return
        share = self.aim.items / self.aim.items.sum()
        for part in self.aim.active:
            numbers = np.floor(self.number * share[part] + 1e-9).astype(np.int64)
            self._put(np.arange(len(numbers)), part, numbers)

    def deal_the_rest(self) -> None:
        """What is left, one by one: large before small, rarest class first, else in the seeded order."""
        kinds = np.repeat(np.arange(len(self.number)), self.number)
        rank = np.arange(len(kinds)) - np.repeat(np.cumsum(self.number) - self.number, self.number)
        left = rank >= np.repeat(self.placed.sum(axis=1), self.number)
        kinds, order = kinds[left], self.order[left]
        rarity = np.zeros(len(self.number))
        np.maximum.at(rarity, self.classes.row, self.weight[self.classes.class_index])
        magnitude = np.floor(np.log2(self.size))
        kinds = kinds[np.lexsort((order, -rarity[kinds], -magnitude[kinds]))]
        chosen = np.array(self._choose(kinds), dtype=np.int64)
        for part in self.aim.active:
            taken = kinds[chosen == part]
            self._put(taken, part, np.ones(len(taken), dtype=np.int64))

    def _choose(self, kinds: Ints) -> list[int]:
        """A part for each, in turn: the one that keeps what was dealt so far nearest to the wanted shares.

        Items count as one more class, the last column. `due` is how many of each class each part is short of,
        measured by what was dealt and not by what is still to come: else a class that is almost dealt out
        would be pushed about by those that are not.
        """
        total = float(self.aim.items.sum())
        needed = np.maximum(-np.vstack([self.class_excess, self.excess]), 0)
        needed[:, [part for part in range(3) if part not in self.aim.active]] = 0
        share = (needed / np.maximum(needed.sum(axis=1), 1e-9)[:, None]).tolist()
        due = [[0.0 if part in self.aim.active else -np.inf for part in range(3)] for _ in share]
        weight = [*self.weight.tolist(), 1 / total]
        cells = self._cells()
        chosen: list[int] = []
        for kind in kinds.tolist():
            a = b = c = 0.0
            for column, count in cells[kind]:
                owed, part_of = due[column], share[column]
                owed[0] += count * part_of[0]
                owed[1] += count * part_of[1]
                owed[2] += count * part_of[2]
                value = count * weight[column]
                a += value * owed[0]
                b += value * owed[1]
                c += value * owed[2]
            part = (0 if a >= c else 2) if a >= b else (1 if b >= c else 2)
            chosen.append(part)
            for column, count in cells[kind]:
                due[column][part] -= count
        return chosen

    def _cells(self) -> list[list[tuple[int, int]]]:
        """For each kind its classes with counts, and last its items."""
        cells: list[list[tuple[int, int]]] = [[] for _ in range(len(self.number))]
        rows, columns = self.classes.row.tolist(), self.classes.class_index.tolist()
        for row, column, count in zip(rows, columns, self.classes.count.tolist(), strict=True):
            cells[row].append((column, count))
        for cell, size in zip(cells, self.size.tolist(), strict=True):
            cell.append((self.classes.classes, size))
        return cells

    def fill_empty_parts(self) -> None:
        """The smallest group that can be spared goes to a part without items."""
        for empty in self.aim.active:
            if self.excess[empty] + self.aim.items[empty] > 0:
                continue
            donors = [part for part in self.aim.active if part != empty and self._can_spare(part)]
            if donors:
                donor = max(donors, key=lambda part: (int(self.excess[part] + self.aim.items[part]), -part))
                here = np.flatnonzero(self.placed[:, donor])
                self._move(int(here[np.argmin(self.size[here])]), donor, empty)

    def _can_spare(self, part: int) -> bool:
        return bool(self.placed[:, part].sum() + (self.aim.items_there[part] > 0) >= 2)

    def _costs(self, source: int, target: int) -> Floats:
        """By how much moving one group of each kind changes the unevenness; infinite where there is none."""
        gap = self.weight * (self.class_excess[:, target] - self.class_excess[:, source])
        cost = 2 * (self._own + self._by_kind(self.classes.count * gap[self.classes.class_index]))
        return np.where(self.placed[:, source] > 0, cost, np.inf)

    def approach_targets(self) -> None:
        """Moves and swaps, the best first, until none brings the numbers of items nearer to the targets."""
        sizes, of_size = np.unique(self.size, return_inverse=True)
        for _ in range(_EXCHANGES):
            options = [
                option
                for source, target in permutations(self.aim.active, 2)
                if self.excess[source] - self.excess[target] > 1
                and (option := self._best_exchange(source, target, sizes, of_size)) is not None
            ]
            if not options:
                return
            _, _, source, target, there, back = min(options)
            self._move(there, source, target)
            if back >= 0:
                self._move(back, target, source)

    def _best_exchange(
        self, source: int, target: int, sizes: Ints, of_size: Ints
    ) -> tuple[int, float, int, int, int, int] | None:
        """The move, or swap, that shifts the best number of items: (-gain, cost, parts, kind, kind or -1)."""
        there, back = self._costs(source, target), self._costs(target, source)
        there_by_size, back_by_size = np.full(len(sizes), np.inf), np.full(len(sizes) + 1, np.inf)
        np.minimum.at(there_by_size, of_size, there)
        np.minimum.at(back_by_size, of_size, back)
        back_by_size[-1] = 0.0 if self._can_spare(source) else np.inf  # a move: nothing comes back
        shift = sizes[:, None] - np.append(sizes, 0)[None, :]
        gain = shift * (self.excess[source] - self.excess[target] - shift)
        cost = there_by_size[:, None] + back_by_size[None, :]
        gain = np.where(np.isfinite(cost), gain, 0)
        if gain.max() <= 0:
            return None
        cost = np.where(gain == gain.max(), cost, np.inf)
        first, second = np.unravel_index(np.argmin(cost), cost.shape)
        kind = int(np.argmin(np.where(of_size == first, there, np.inf)))
        other = int(np.argmin(np.where(of_size == second, back, np.inf))) if second < len(sizes) else -1
        return -int(gain.max()), float(cost[first, second]), source, target, kind, other

    def even_out_classes(self) -> None:
        """Exchanges of equally large groups round two or three parts, while they lessen the unevenness."""
        if not self.classes.classes:
            return
        sizes, of_size = np.unique(self.size, return_inverse=True)
        active = self.aim.active
        rounds = [
            cycle for length in (2, 3) for cycle in permutations(active, length) if cycle[0] == min(cycle)
        ]
        work = len(self.number) + len(self.classes.row)
        for _ in range(min(_EXCHANGES, max(10, _EXCHANGE_WORK // work))):
            costs = {arc: self._costs(*arc) for arc in permutations(active, 2)}
            lowest = {arc: np.full(len(sizes), np.inf) for arc in costs}
            for arc, cost in costs.items():
                np.minimum.at(lowest[arc], of_size, cost)
            found: list[tuple[float, int, tuple[int, ...]]] = []
            for cycle in rounds:
                total = np.sum([lowest[arc] for arc in _arcs(cycle)], axis=0)
                found.append((float(total.min()), int(np.argmin(total)), cycle))
            cost_of_best, size, cycle = min(found)
            if cost_of_best > -1e-9:
                return
            for arc in _arcs(cycle):
                self._move(int(np.argmin(np.where(of_size == size, costs[arc], np.inf))), *arc)


def _arcs(cycle: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))


def _kinds(sizes: Ints, classes: ClassCounts) -> NDArray[np.uint64]:
    """A number for each group, equal for equal sizes and class counts: a sum of 64-bit pseudo-random factors."""
    factor = _mixed(np.arange(1, classes.classes + 2, dtype=np.uint64))
    kind: NDArray[np.uint64] = sizes.astype(np.uint64) * factor[-1]
    np.add.at(kind, classes.row, classes.count.astype(np.uint64) * factor[classes.class_index])
    return kind


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014): consecutive numbers in, well spread numbers out."""
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return spread
