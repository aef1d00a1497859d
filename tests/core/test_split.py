from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from triptych.core.class_counts import ClassCounts
from triptych.core.errors import InvalidInput
from triptych.core.findings import Severity
from triptych.core.split import RATIOS, SplitResult, leak_report, make_split, target_counts
from triptych.core.stratify import class_shares

Ints = NDArray[np.int64]


def keys_of(n: int) -> list[str]:
    return [f"image/{index}.png" for index in range(n)]


def as_ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def group_parts(result: SplitResult, groups: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for group, part in zip(groups, result.parts.tolist(), strict=True):
        found.setdefault(group, set()).add(part)
    return found


def keeps_groups_whole(groups: list[int]) -> bool:
    largest = max(groups.count(group) for group in groups)
    return len(set(groups)) >= 3 and largest * 10 <= len(groups) * 6


groupings = st.integers(1, 14).flatmap(
    lambda kinds: st.lists(st.integers(0, kinds - 1), min_size=3, max_size=60)
)
whole_groupings = groupings.filter(keeps_groups_whole)


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, [0, 0, 0]),
        (1, [1, 0, 0]),
        (2, [2, 0, 0]),
        (3, [1, 1, 1]),
        (4, [2, 1, 1]),
        (5, [3, 1, 1]),
        (7, [4, 2, 1]),
        (10, [6, 2, 2]),
        (364, [218, 73, 73]),
        (437, [262, 88, 87]),
        (2062, [1237, 413, 412]),
    ],
)
def test_targets_are_the_nearest_whole_numbers(n: int, expected: list[int]) -> None:
    assert target_counts(n).tolist() == expected


@given(st.integers(3, 10_000), st.sampled_from([RATIOS, (0.8, 0.1, 0.1), (0.98, 0.01, 0.01), (1 / 3,) * 3]))
def test_no_whole_numbers_without_an_empty_part_are_nearer_than_the_targets(
    n: int, ratios: tuple[float, float, float]
) -> None:
    targets = target_counts(n, ratios).tolist()
    assert sum(targets) == n
    assert min(targets) > 0

    def distance(counts: tuple[int, ...]) -> float:
        return sum((count - ratio * n) ** 2 for count, ratio in zip(counts, ratios, strict=True))

    for shifts in product((-2, -1, 0, 1, 2), repeat=3):
        other = tuple(count + shift for count, shift in zip(targets, shifts, strict=True))
        if sum(other) == n and min(other) > 0:
            assert distance(tuple(targets)) <= distance(other) + 1e-6


@given(st.integers(3, 300), st.integers(-(2**60), 2**60))
def test_single_items_meet_the_targets_exactly(n: int, seed: int) -> None:
    result = make_split(keys_of(n), np.arange(n), seed=seed)
    assert list(result.counts) == target_counts(n).tolist() == np.bincount(result.parts).tolist()
    assert (result.leaks, result.findings) == (0, ())


@given(st.lists(st.integers(-1, 5), min_size=3, max_size=300))
def test_single_items_meet_the_targets_exactly_with_classes_too(labels: list[int]) -> None:
    classes = ClassCounts.of_labels(as_ints(labels))
    result = make_split(keys_of(len(labels)), np.arange(len(labels)), classes=classes)
    assert list(result.counts) == target_counts(len(labels)).tolist()


@given(st.lists(st.integers(0, 6), min_size=7, max_size=40).filter(keeps_groups_whole), st.integers(0, 3))
@example([0] * 6 + [1] * 3 + [2], 0)
@example([0] * 5 + [1] * 4 + [2], 0)
def test_few_groups_are_dealt_as_near_to_the_targets_as_any_way_could(groups: list[int], seed: int) -> None:
    n = len(groups)
    sizes = [groups.count(group) for group in sorted(set(groups))]
    targets = target_counts(n).tolist()

    def distance(counts: list[int]) -> int:
        return sum((count - target) ** 2 for count, target in zip(counts, targets, strict=True))

    best = min(
        distance(counts)
        for way in product(range(3), repeat=len(sizes))
        if min(counts := np.bincount(way, sizes, 3).astype(int).tolist()) > 0
    )
    result = make_split(keys_of(n), as_ints(groups), seed=seed)
    assert distance(list(result.counts)) == best


@settings(max_examples=40)
@given(st.lists(st.integers(1, 12), min_size=30, max_size=120), st.integers(0, 99))
def test_many_groups_come_within_one_item_of_the_targets(sizes: list[int], seed: int) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    result = make_split(keys_of(len(groups)), groups, seed=seed)
    # One or two items: with nothing but groups of the same even size nobody could come nearer.
    reach = max(sizes) if len(set(sizes)) < 3 else 2
    assert np.abs(np.array(result.counts) - target_counts(len(groups))).max() <= reach


# --- groups -----------------------------------------------------------------------------------------------


@given(whole_groupings, st.integers(0, 99))
def test_a_group_is_never_divided(groups: list[int], seed: int) -> None:
    result = make_split(keys_of(len(groups)), as_ints(groups), seed=seed)
    assert all(len(parts) == 1 for parts in group_parts(result, groups).values())
    assert (result.leaks, result.findings) == (0, ())


@given(whole_groupings)
def test_no_part_is_empty_where_three_groups_can_be_kept_whole(groups: list[int]) -> None:
    assert min(make_split(keys_of(len(groups)), as_ints(groups)).counts) > 0


@given(groupings, st.lists(st.integers(-1, 2), min_size=60, max_size=60), st.integers(0, 9), st.data())
def test_the_result_does_not_depend_on_the_order_of_items_nor_on_the_numbers_of_groups(
    groups: list[int], labels: list[int], seed: int, data: st.DataObject
) -> None:
    n = len(groups)
    order = np.array(data.draw(st.permutations(range(n))))
    known = as_ints(labels[:n])
    rows = np.flatnonzero(known[order] >= 0)
    first = make_split(keys_of(n), as_ints(groups), classes=ClassCounts.of_labels(known), seed=seed)
    second = make_split(
        [keys_of(n)[index] for index in order],
        1000 - 7 * as_ints(groups)[order],
        classes=ClassCounts.of_pairs(rows, known[order][rows], int(known.max()) + 1),
        seed=seed,
    )
    assert first.parts[order].tolist() == second.parts.tolist()
    assert (first.leaks, first.findings) == (second.leaks, second.findings)


def test_the_order_of_thousands_of_groups_does_not_matter_either() -> None:
    generator = np.random.default_rng(4)
    groups, labels = generator.integers(0, 900, 3000), generator.integers(0, 12, 3000)
    order = generator.permutation(3000)
    first = make_split(keys_of(3000), groups, classes=ClassCounts.of_labels(labels))
    second = make_split(
        [keys_of(3000)[index] for index in order], groups[order], classes=ClassCounts.of_labels(labels[order])
    )
    assert first.parts[order].tolist() == second.parts.tolist()


@pytest.mark.parametrize("groups", [list(range(30)), [index // 3 for index in range(30)], [0] * 30])
def test_another_seed_gives_another_split_and_the_same_seed_the_same(groups: list[int]) -> None:
    splits = [make_split(keys_of(30), as_ints(groups), seed=seed).parts.tolist() for seed in (1, 2, 3, 1)]
    assert splits[0] == splits[3]
    assert splits[0] != splits[1] != splits[2]


def test_this_split_stays_the_same_in_every_release() -> None:
    groups = as_ints([0, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    result = make_split(keys_of(14), groups, classes=ClassCounts.of_labels(groups % 2), seed=7)
    assert "".join("TVE"[part] for part in result.parts.tolist()) == "TTVETTTTEEVVTT"


# --- what leaks -------------------------------------------------------------------------------------------


def test_one_study_is_dealt_item_by_item_and_the_leak_is_an_error() -> None:
    result = make_split(keys_of(10), np.zeros(10, dtype=np.int64))
    assert result.counts == (6, 2, 2)
    assert result.leaks == 1
    (finding,) = result.findings
    assert (finding.severity, finding.code, finding.count) == (Severity.ERROR, "split_leaks", 1)
    assert "only 1 group" in finding.message
    assert "at least three independent studies" in finding.hint


def test_two_groups_are_dealt_item_by_item() -> None:
    result = make_split(keys_of(20), np.arange(20) // 10)
    assert (result.counts, result.leaks) == ((12, 4, 4), 2)


def test_a_group_above_sixty_percent_is_dealt_item_by_item() -> None:
    result = make_split(keys_of(10), as_ints([0] * 7 + [1, 2, 3]))
    assert result.counts == (6, 2, 2)
    assert result.leaks == 1
    assert "One group holds 7 of the 10 items" in result.findings[0].message


def test_a_group_of_exactly_sixty_percent_is_kept_whole() -> None:
    result = make_split(keys_of(10), as_ints([0] * 6 + [1, 1, 2, 2]))
    assert (result.counts, result.leaks) == ((6, 2, 2), 0)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_items_are_all_in_train(n: int) -> None:
    result = make_split(keys_of(n), np.zeros(n, dtype=np.int64))
    assert (result.counts, result.leaks, result.findings) == ((n, 0, 0), 0, ())


def test_a_larger_train_part_keeps_larger_groups_whole() -> None:
    groups = as_ints([0] * 7 + [1, 2, 3])
    result = make_split(keys_of(10), groups, ratios=(0.8, 0.1, 0.1))
    assert (result.counts, result.leaks) == ((8, 1, 1), 0)


def test_the_report_counts_groups_of_each_kind_that_cross() -> None:
    parts = np.array([0, 1, 2, 0, 0, 1], dtype=np.int8)
    report = leak_report(
        parts,
        {
            "study": ["a", "a", "b", "b", "c", "d"],
            "duplicates": np.array([0, 0, 0, 1, 1, 0]),
            "near duplicates": np.array([1, 1, 1, 0, 0, 0]),
        },
    )
    assert report == {"study": 2, "duplicates": 0, "near duplicates": 1}


# --- parts given beforehand -------------------------------------------------------------------------------


@given(groupings, st.lists(st.integers(-1, 2), min_size=60, max_size=60), st.integers(0, 9))
def test_an_item_that_has_a_part_keeps_it_and_every_item_gets_one(
    groups: list[int], fixed: list[int], seed: int
) -> None:
    given_parts = np.array(fixed[: len(groups)], dtype=np.int8)
    before = given_parts.copy()
    result = make_split(keys_of(len(groups)), as_ints(groups), seed=seed, fixed=given_parts)
    assert (given_parts == before).all()
    kept = given_parts >= 0
    assert (result.parts[kept] == given_parts[kept]).all()
    assert set(result.parts.tolist()) <= {0, 1, 2}


@given(whole_groupings, st.lists(st.integers(-1, 2), min_size=60, max_size=60))
def test_a_group_that_has_a_part_is_joined_by_its_new_items(groups: list[int], wishes: list[int]) -> None:
    # Only whole groups have parts here: the first item of some groups decides for all of its placed items.
    fixed = [wishes[group] if index % 2 else -1 for index, group in enumerate(groups)]
    result = make_split(keys_of(len(groups)), as_ints(groups), fixed=np.array(fixed, dtype=np.int8))
    assert result.leaks == 0
    for group, parts in group_parts(result, groups).items():
        assert len(parts) == 1
        decided = {fixed[i] for i, other in enumerate(groups) if other == group and fixed[i] >= 0}
        assert not decided or decided == parts


@given(st.integers(3, 80), st.integers(1, 80))
def test_adding_items_moves_no_other_and_approaches_the_targets(old: int, new: int) -> None:
    first = make_split(keys_of(old), np.arange(old))
    fixed = np.concatenate([first.parts, np.full(new, -1, dtype=np.int8)])
    second = make_split(keys_of(old + new), np.arange(old + new), fixed=fixed)
    assert (second.parts[:old] == first.parts).all()
    assert list(second.counts) == target_counts(old + new).tolist() or new < 3


def test_parts_that_came_with_the_data_and_divide_a_group_are_reported() -> None:
    fixed = np.array([0, 0, 2, -1, -1, -1, -1, -1], dtype=np.int8)
    result = make_split(keys_of(8), as_ints([0, 0, 0, 0, 1, 2, 3, 4]), fixed=fixed)
    assert result.parts[3] == 0
    assert result.leaks == 1
    assert "already have divide" in result.findings[0].message


def test_new_items_of_a_divided_giant_are_spread_and_not_heaped_on_its_largest_part() -> None:
    first = make_split(keys_of(20), np.zeros(20, dtype=np.int64))
    fixed = np.concatenate([first.parts, np.full(20, -1, dtype=np.int8)])
    assert make_split(keys_of(40), np.zeros(40, dtype=np.int64), fixed=fixed).counts == (24, 8, 8)


# --- classes ----------------------------------------------------------------------------------------------


def ways_to_deal(total: int) -> Ints:
    """Every (train, validation, test) that adds up to the total."""
    ways = [(a, b, total - a - b) for a in range(total + 1) for b in range(total + 1 - a)]
    return np.array(ways, dtype=np.int64)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 2), min_size=11, max_size=28), st.integers(0, 9))
def test_no_way_to_deal_single_items_of_one_class_each_is_more_even(labels: list[int], seed: int) -> None:
    n = len(labels)
    result = make_split(keys_of(n), np.arange(n), classes=ClassCounts.of_labels(as_ints(labels)), seed=seed)
    totals = [labels.count(value) for value in range(3)]
    shares = class_shares(as_ints(totals), as_ints(totals), np.array(RATIOS))

    def unevenness(counts: Ints, label: int) -> NDArray[np.float64]:
        value: NDArray[np.float64] = ((counts - shares[label]) ** 2).sum(axis=-1) / max(totals[label], 1)
        return value

    first, second = ways_to_deal(totals[0])[:, None], ways_to_deal(totals[1])[None]
    third = target_counts(n) - first - second
    every = unevenness(first, 0) + unevenness(second, 1) + unevenness(third, 2)
    best = every[(third >= 0).all(axis=-1)].min()
    assert result.class_counts is not None
    counts = np.vstack([result.class_counts, np.zeros((3 - len(result.class_counts), 3), dtype=np.int64)])
    assert sum(unevenness(counts[label], label) for label in range(3)) == pytest.approx(best)


@given(st.lists(st.integers(30, 300), min_size=1, max_size=12), st.integers(0, 9))
def test_each_large_class_of_single_items_is_dealt_as_its_share_says(sizes: list[int], seed: int) -> None:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    result = make_split(
        keys_of(len(labels)), np.arange(len(labels)), seed=seed, classes=ClassCounts.of_labels(labels)
    )
    assert result.class_counts is not None
    assert result.class_counts.sum(axis=1).tolist() == sizes
    off = np.abs(result.class_counts - np.array(sizes)[:, None] * np.array(RATIOS)).max(axis=1)
    # What rounding leaves over goes where it weighs least: into the largest classes.
    assert (off < np.maximum(2.0, 0.02 * np.array(sizes))).all(), off


def test_a_rare_class_reaches_every_part() -> None:
    labels = as_ints([0] * 90 + [1] * 7 + [2] * 3)
    result = make_split(keys_of(100), np.arange(100), classes=ClassCounts.of_labels(labels))
    assert result.class_counts is not None
    assert result.class_counts[2].tolist() == [1, 1, 1]
    assert (result.class_counts > 0).all()
    assert result.counts == (60, 20, 20)


@pytest.mark.parametrize("per_class", [0.05, 0.3])
def test_classes_are_spread_evenly_over_groups_of_many_items_with_several_labels(per_class: float) -> None:
    generator = np.random.default_rng(11)
    groups = generator.integers(0, 400, 4000)
    matrix = (generator.random((4000, 8)) < per_class).astype(np.int64)
    result = make_split(keys_of(4000), groups, classes=ClassCounts.of_matrix(matrix))
    assert result.counts == (2400, 800, 800)
    assert result.class_counts is not None
    wanted = matrix.sum(axis=0)[:, None] * np.array(RATIOS)
    assert np.abs(result.class_counts / wanted - 1).max() < 0.05


def test_studies_of_one_class_each_are_balanced_by_class() -> None:
    groups = np.repeat(np.arange(20), 5)
    result = make_split(keys_of(100), groups, classes=ClassCounts.of_labels(groups // 10))
    assert result.class_counts is not None
    assert result.class_counts.tolist() == [[30, 10, 10], [30, 10, 10]]


def test_the_three_ways_to_give_classes_agree() -> None:
    labels = as_ints([0, 2, -1, 1, 2, 2, 0, 1, 2, 0, 1, 2])
    matrix = (labels[:, None] == np.arange(3)).astype(np.int64)
    rows = np.flatnonzero(labels >= 0)
    tables = [
        ClassCounts.of_labels(labels),
        ClassCounts.of_matrix(matrix),
        ClassCounts.of_pairs(rows[::-1], labels[rows][::-1], 3),
    ]
    results = [make_split(keys_of(12), np.arange(12) // 2, classes=table) for table in tables]
    assert len({result.parts.tobytes() for result in results}) == 1
    with pytest.raises(ValueError, match="class index"):
        ClassCounts.of_pairs(rows, labels[rows], 2)


# --- ratios -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratios", [(0.6, 0.2), (0.5, 0.2, 0.2), (1.2, -0.1, -0.1), (float("nan"), 0.5, 0.5)])
def test_ratios_that_describe_no_split_are_refused(ratios: tuple[float, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_split(keys_of(5), np.arange(5), ratios=ratios)
    assert caught.value.code == "bad_ratios"


@given(groupings, st.sampled_from([(0.8, 0.2, 0.0), (0.75, 0.0, 0.25), (1.0, 0.0, 0.0)]))
def test_a_part_without_a_ratio_stays_empty(groups: list[int], ratios: tuple[float, float, float]) -> None:
    counts = make_split(keys_of(len(groups)), as_ints(groups), ratios=ratios).counts
    assert [count > 0 for count in counts] == [ratio > 0 for ratio in ratios]


def test_keys_may_be_hashes() -> None:
    keys = [bytes([index]) * 32 for index in range(10)]
    assert make_split(keys, np.arange(10)).counts == (6, 2, 2)


def test_keys_that_do_not_fit_the_groups_are_an_error() -> None:
    with pytest.raises(ValueError, match="3 keys, 4 groups"):
        make_split(keys_of(3), np.arange(4))
