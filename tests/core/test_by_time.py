from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.by_time import split_by_time
from triptych.core.errors import InvalidInput
from triptych.core.split import UNPLACED, target_counts

DAY = 86_400.0

moments = st.lists(st.integers(0, 12), min_size=3, max_size=40).filter(lambda times: len(set(times)) >= 3)


@given(moments)
def test_train_is_earliest_and_equal_times_stay_together(times: list[int]) -> None:
    made = split_by_time(np.array(times, dtype=np.float64))
    order = [part for _, part in sorted(zip(times, made.parts.tolist(), strict=True))]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}
    by_time: dict[int, set[int]] = {}
    for time, part in zip(times, made.parts.tolist(), strict=True):
        by_time.setdefault(time, set()).add(part)
    assert all(len(parts) == 1 for parts in by_time.values())


@given(moments, st.sampled_from([(0.6, 0.2, 0.2), (0.8, 0.1, 0.1), (0.2, 0.4, 0.4)]))
def test_no_other_two_moments_come_nearer_to_the_shares(
    times: list[int], ratios: tuple[float, float, float]
) -> None:
    wanted = target_counts(len(times), ratios)

    def distance(first: float, second: float) -> float:
        at = np.array(times)
        counts = [(at < first).sum(), ((at >= first) & (at < second)).sum(), (at >= second).sum()]
        return float(((np.array(counts) - wanted) ** 2).sum())

    found = split_by_time(np.array(times, dtype=np.float64), ratios).begins
    every = combinations(sorted(set(times))[1:], 2)
    assert distance(*found) == min(distance(*pair) for pair in every)


def test_different_times_are_split_exactly() -> None:
    made = split_by_time(np.random.default_rng(3).permutation(100).astype(np.float64))
    assert np.bincount(made.parts).tolist() == [60, 20, 20]
    assert made.begins == (60.0, 80.0)


def test_the_order_of_items_does_not_matter() -> None:
    times = np.random.default_rng(3).integers(0, 20, 50).astype(np.float64)
    shuffled = np.random.default_rng(4).permutation(50)
    assert split_by_time(times[shuffled]).parts.tolist() == split_by_time(times).parts[shuffled].tolist()


def test_items_in_the_gap_are_in_no_part() -> None:
    times = np.arange(0.0, 100 * DAY, DAY)
    made = split_by_time(times, gap=5 * DAY)
    assert made.left_out == 8  # four days before each beginning: the fifth day lies exactly the gap away
    assert np.flatnonzero(made.parts == UNPLACED).tolist() == [56, 57, 58, 59, 76, 77, 78, 79]
    assert times[made.parts == 1].min() - times[made.parts == 0].max() >= 5 * DAY


def test_a_gap_that_empties_a_part_is_refused() -> None:
    with pytest.raises(InvalidInput, match="leaves a part without items") as caught:
        split_by_time(np.arange(0.0, 10 * DAY, DAY), gap=30 * DAY)
    assert caught.value.code == "gap_too_wide"


def test_fewer_times_than_parts_are_refused() -> None:
    with pytest.raises(InvalidInput, match="2 different times") as caught:
        split_by_time(np.array([1.0, 1.0, 2.0, 2.0]))
    assert caught.value.code == "too_few_times"


@pytest.mark.parametrize(
    ("ratios", "expected"), [((1.0, 0.0, 0.0), [0] * 10), ((0.8, 0.0, 0.2), [0] * 8 + [2] * 2)]
)
def test_parts_without_a_share_get_nothing(ratios: tuple[float, ...], expected: list[int]) -> None:
    assert split_by_time(np.arange(10.0), ratios).parts.tolist() == expected
