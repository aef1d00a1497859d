"""Splits by time: train is earliest, test latest, so that a model is judged on what came after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from triptych.core.errors import InvalidInput
from triptych.core.split import RATIOS, UNPLACED, checked_ratios, target_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """`parts` (n,) int8 are part codes; `begins` are the first times, in seconds since 1970, of all parts with items
    but the first; `left_out` counts items that lie in the gap before one of them and are in no part."""

    parts: NDArray[np.int8]
    begins: tuple[float, ...]
    left_out: int


def split_by_time(times: Floats, ratios: Sequence[float] = RATIOS, gap: float = 0.0) -> TimeSplit:
    """Deal items to parts by their times (n,), in seconds since 1970; equal times stay together.

    The two moments are chosen so that the sum of the squared differences from `target_counts` is least and no part
    with a ratio is empty. Items of a part that lie less than `gap` seconds before the next one begins are left out.
    InvalidInput: `bad_ratios`; `too_few_times` when there are fewer different times than parts; `gap_too_wide` when
    a part would be left without items.
    """
    share = checked_ratios(ratios)
    active = np.flatnonzero(share > 0)
    moments, of, numbers = np.unique(times, return_inverse=True, return_counts=True)
    if len(moments) < len(active):
        raise InvalidInput(
            f"The {len(times):,} items have {len(moments)} different times, and a split by time of {len(active)} "
            "parts needs at least as many.",
            code="too_few_times",
            hint="Split by block, by scene or by group instead.",
        )
    reached = np.cumsum(numbers)
    wanted = target_counts(len(times), share.tolist())[active].astype(np.float64)
    cuts = _cuts(reached.astype(np.float64), wanted)
    code = active[np.searchsorted(np.array(cuts, dtype=np.int64), np.arange(len(moments)), side="right")]
    parts = code[of].astype(np.int8)
    begins = tuple(float(moments[cut]) for cut in cuts)
    out = np.zeros(len(times), dtype=bool)
    for begin in begins:
        out |= (times < begin) & (times > begin - gap)
    parts[out] = UNPLACED
    if set(parts[~out].tolist()) != set(active.tolist()):
        raise InvalidInput(
            f"A gap of {gap / 86400:g} days leaves a part without items.",
            code="gap_too_wide",
            hint="Take a shorter gap; the items span "
            f"{(moments[-1] - moments[0]) / 86400:g} days at {len(moments):,} different times.",
        )
    return TimeSplit(parts, begins, int(out.sum()))


def _cuts(reached: Floats, wanted: Floats) -> list[int]:
    """The places among the moments at which each part but the first begins; `reached` (m,) counts items up to each.

    Of three parts, the best end of the second for an end of the first is one of the two moments beside the
    minimum of a parabola, so that m pairs are looked at and not m².
    """
    last = len(reached) - 1
    if len(wanted) == 1:
        return []
    if len(wanted) == 2:
        cost = (reached[:-1] - wanted[0]) ** 2
        return [int(np.argmin(cost)) + 1]
    first = np.arange(last - 1)
    best = (reached[first] + wanted[1] + reached[-1] - wanted[2]) / 2
    beside = np.searchsorted(reached, best)
    ends = np.stack([beside - 1, beside], axis=1).clip(first[:, None] + 1, last - 1)
    cost = (
        (reached[first] - wanted[0])[:, None] ** 2
        + (reached[ends] - reached[first][:, None] - wanted[1]) ** 2
        + (reached[-1] - reached[ends] - wanted[2]) ** 2
    )
    row, column = np.unravel_index(np.argmin(np.round(cost, 6)), cost.shape)
    return [int(row) + 1, int(ends[row, column]) + 1]
