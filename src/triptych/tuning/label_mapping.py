"""How the ids of classes become the indices 0, 1, …, n - 1 that a loss over n classes takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.labels import LabelClass

NOT_LEARNT = -1
"""The value of a label pixel that is not learnt from, unless the dataset's own classes name another."""


@dataclass(frozen=True, slots=True)
class LabelMapping:
    """The classes that are learnt, by id, and what becomes of the values of the label rasters.

    `indices` gives the index of each learnt id. With `shifted` the loader subtracts 1 from every value
    (TerraTorch's reduce_zero_label). With `rewritten` the label files have to be rewritten by `table` first, since
    their ids have gaps or several of them are ignored. `missing` replaces label pixels without a value as they are
    read, before the shift; `ignored` is the value that the loss leaves out, after it.
    """

    learnt: tuple[LabelClass, ...]
    indices: dict[int, int]
    missing: int
    ignored: int
    shifted: bool = False
    rewritten: bool = False

    @property
    def count(self) -> int:
        """The number of classes that are learnt."""
        return len(self.learnt)

    def table(self, classes: Sequence[LabelClass]) -> dict[int, int]:
        """Value in a label file → value that the loss sees, for every class, those that are ignored included."""
        return {each.id: self.indices.get(each.id, self.ignored) for each in classes}


def map_labels(classes: Sequence[LabelClass]) -> LabelMapping:
    """The mapping of the classes of a set, in any order.

    Ids 0 to n - 1 stay. Ids 1 to n are shifted by the loader. All others, and more than one ignored id, need label
    files that are rewritten.
    """
    learnt = tuple(sorted((each for each in classes if not each.ignore), key=lambda each: each.id))
    left_out = [each.id for each in classes if each.ignore]
    ids = [each.id for each in learnt]
    indices = {each: index for index, each in enumerate(ids)}
    if len(left_out) < 2 and ids:
        alone = left_out[0] if left_out else None
        if ids == list(range(len(ids))):
            value = NOT_LEARNT if alone is None else alone
            return LabelMapping(learnt, indices, value, value)
        if ids == list(range(1, len(ids) + 1)):
            value = 0 if alone is None else alone
            return LabelMapping(learnt, indices, value, value - 1, shifted=True)
    return LabelMapping(learnt, indices, NOT_LEARNT, NOT_LEARNT, rewritten=True)
