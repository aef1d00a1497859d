"""How many annotations of each class the items have: a sparse table, kept as three columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """How many annotations of each class each item (or group) has, where there are any: three columns (m,).

    `row` is the item, `class_index` is 0..classes-1, `count` is positive; a pair occurs once.
    """

    row: Ints
    class_index: Ints
    count: Ints
    classes: int

    @classmethod
    def of_pairs(cls, rows: Ints, class_indexes: Ints, classes: int) -> ClassCounts:
        """From one pair for each annotation; equal pairs add up. ValueError for a class outside 0..classes-1."""
        if len(class_indexes) and not 0 <= class_indexes.min() <= class_indexes.max() < classes:
            raise ValueError(f"a class index lies outside 0..{classes - 1}")
        pair, count = np.unique(rows * max(classes, 1) + class_indexes, return_counts=True)
        return cls(pair // max(classes, 1), pair % max(classes, 1), count.astype(np.int64), classes)

    @classmethod
    def of_labels(cls, labels: Ints) -> ClassCounts:
        """From one class index for each item (n,); negative: no class."""
        rows = np.flatnonzero(labels >= 0)
        return cls.of_pairs(rows, labels[rows].astype(np.int64), int(labels.max(initial=-1)) + 1)

    @classmethod
    def of_matrix(cls, counts: NDArray[np.integer]) -> ClassCounts:
        """From counts (n, classes), multi-hot or more."""
        rows, class_indexes = np.nonzero(counts)
        values = counts[rows, class_indexes].astype(np.int64)
        return cls(rows, class_indexes, values, counts.shape[1])

    def coarse(self, levels: int) -> ClassCounts:
        """Counts in `levels` steps of the largest item, 1 at least: items that hold nearly the same become alike.

        Counts of pixels make every item its own kind; a split that evens out ten thousand of them does not need
        to tell 1,021 pixels from 1,022.
        """
        most = np.bincount(self.row, self.count).max(initial=1)
        steps = np.maximum(np.rint(self.count * (levels / most)), 1).astype(np.int64)
        return ClassCounts(self.row, self.class_index, steps, self.classes)

    def grouped(self, group: Ints) -> ClassCounts:
        """The same counts summed over groups; `group` (n,) gives each row's group, negative: left out."""
        rows = group[self.row]
        kept = rows >= 0
        pair, inverse = np.unique(
            rows[kept] * max(self.classes, 1) + self.class_index[kept], return_inverse=True
        )
        count = np.bincount(inverse, self.count[kept], len(pair)).astype(np.int64)
        return ClassCounts(pair // max(self.classes, 1), pair % max(self.classes, 1), count, self.classes)

    def by_part(self, parts: NDArray[np.int8]) -> Ints:
        """Counts (classes, 3) in each part; `parts` (n,) has part codes, negative: no part."""
        part = parts[self.row].astype(np.int64)
        kept = part >= 0
        cell = self.class_index[kept] * 3 + part[kept]
        return np.bincount(cell, self.count[kept], self.classes * 3).astype(np.int64).reshape(-1, 3)
