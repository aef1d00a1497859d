from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.groups import (
    GroupSummary,
    codes,
    combine_groups,
    connected,
    crossing,
    join,
    numbered,
    star_pairs,
    summarize_groups,
)


def walk(n: int, pairs: list[tuple[int, int]]) -> list[int]:
    """Smallest member of each component, by following pairs one at a time."""
    labels = list(range(n))
    for _ in range(n):
        for a, b in pairs:
            labels[a] = labels[b] = min(labels[a], labels[b])
    return labels


graphs = st.integers(1, 24).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40)
    )
)


def as_pairs(pairs: list[tuple[int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@given(graphs)
def test_a_label_is_the_smallest_member_that_can_be_reached(graph: tuple[int, list[tuple[int, int]]]) -> None:
    n, pairs = graph
    assert connected(n, as_pairs(pairs)).tolist() == walk(n, pairs)


@given(graphs)
def test_the_pairs_that_were_needed_are_a_spanning_forest(graph: tuple[int, list[tuple[int, int]]]) -> None:
    n, pairs = graph
    labels = np.arange(n, dtype=np.int64)
    needed = join(labels, as_pairs(pairs))
    assert len(needed) == n - len(set(labels.tolist()))
    assert walk(n, [pairs[index] for index in needed.tolist()]) == labels.tolist()


@given(graphs, graphs)
def test_joining_twice_is_joining_all_at_once(
    first: tuple[int, list[tuple[int, int]]], second: tuple[int, list[tuple[int, int]]]
) -> None:
    n = max(first[0], second[0])
    labels = connected(n, as_pairs(first[1]))
    join(labels, as_pairs(second[1]))
    assert labels.tolist() == connected(n, as_pairs(first[1] + second[1])).tolist()


def test_a_long_chain_in_random_order_is_one_group() -> None:
    order = np.random.default_rng(1).permutation(50_000)
    assert not connected(50_000, np.stack([order[:-1], order[1:]], axis=1)).any()


def test_a_pair_that_names_no_item_is_an_error() -> None:
    for pair in ([0, 3], [-1, 0]):
        with pytest.raises(IndexError):
            connected(3, np.array([pair]))


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=25))
def test_items_that_share_a_value_in_any_column_are_together(rows: list[tuple[int, int, int]]) -> None:
    pairs = [
        (i, j)
        for i in range(len(rows))
        for j in range(i)
        if any(a == b != 0 for a, b in zip(rows[i], rows[j], strict=True))
    ]
    columns = np.array(rows, dtype=np.int64).T
    assert combine_groups(*columns).tolist() == walk(len(rows), pairs)


def test_texts_and_numbers_may_be_combined_and_absent_values_bind_nobody() -> None:
    labels = combine_groups(
        ["a", "b", "", None, "b", ""], np.array([0, 1, 0, 0, 0, 0]), [7, None, None, 7, 0, 0]
    )
    assert labels.tolist() == [0, 1, 2, 0, 1, 5]


def test_columns_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="lengths"):
        combine_groups([1, 2], [1])
    with pytest.raises(ValueError, match="lengths"):
        combine_groups()


def test_codes_number_texts_by_first_appearance_and_leave_integers_alone() -> None:
    assert codes(["x", None, "y", "x", ""]).tolist() == [1, 0, 2, 1, 0]
    assert codes(np.array([5, 0, 9], dtype=np.int32)).tolist() == [5, 0, 9]


def test_items_in_no_group_are_tied_to_nobody() -> None:
    assert star_pairs(np.array([0, 3, 0, 3, 2, 3])).tolist() == [[1, 3], [1, 5]]
    assert star_pairs([]).shape == (0, 2)


def test_numbers_follow_the_first_item_of_each_group_and_the_lonely_have_none() -> None:
    assert numbered(np.array([9, 4, 9, 1, 7, 4])).tolist() == [1, 2, 1, 0, 0, 2]


def test_a_summary_counts_groups_of_two_or_more() -> None:
    assert summarize_groups(np.array([0, 1, 1, 2, 3, 3, 3])) == GroupSummary(2, 5, 3)
    assert summarize_groups([]) == GroupSummary(0, 0, 0)


def test_a_group_crosses_when_it_has_items_in_two_parts() -> None:
    parts = np.array([0, 2, 1, 1, -1, 0, 1], dtype=np.int8)
    column = np.array([1, 1, 2, 2, 2, 0, 0])
    assert crossing(parts, column).tolist() == [True, True, False, False, False, False, False]
