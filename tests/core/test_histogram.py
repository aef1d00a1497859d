"""Histograms: exact where values are few, mergeable in any order, never more than 256 bins."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.histogram import (
    BINS,
    EMPTY,
    Histogram,
    histogram_of,
    merge,
    merge_packed_histograms,
    pack_counts,
    pack_histograms,
    percentiles,
    unpack_histograms,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

QS = (0, 1, 5, 25, 50, 75, 95, 99, 100)

INTEGERS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64")


def integer_arrays() -> st.SearchStrategy[NDArray[Any]]:
    def of(name: str) -> st.SearchStrategy[NDArray[Any]]:
        info = np.iinfo(name)
        numbers = st.integers(int(info.min), int(info.max)) | st.integers(0, 100)
        return st.lists(numbers, max_size=40).map(lambda values: np.array(values, name))

    return st.sampled_from(INTEGERS).flatmap(of)


def float_arrays() -> st.SearchStrategy[NDArray[Any]]:
    numbers = st.floats(allow_nan=True, allow_infinity=True, width=64)
    return st.lists(numbers, max_size=40).map(lambda values: np.array(values, np.float64))


def bin_of(value: float | int, shift: int) -> int:
    """The independent definition of a bin, in exact numbers."""
    return math.floor(Fraction(value) / Fraction(2) ** shift)


@given(integer_arrays() | float_arrays())
def test_every_value_is_counted_in_the_bin_that_covers_it(values: NDArray[Any]) -> None:
    histogram = histogram_of(values)
    counted = [v for v in values.tolist() if math.isfinite(v)]
    assert histogram.total == len(counted)
    assert histogram.counts.size <= BINS
    expected = np.zeros(histogram.counts.size, np.int64)
    for value in counted:
        expected[bin_of(value, histogram.shift) - histogram.first] += 1
    assert histogram.counts.tolist() == expected.tolist()


@given(st.lists(integer_arrays() | float_arrays(), max_size=5))
def test_merging_does_not_depend_on_order_or_grouping(arrays: list[NDArray[Any]]) -> None:
    parts = [histogram_of(values) for values in arrays]
    whole = merge(parts)
    for order in itertools.islice(itertools.permutations(parts), 6):
        assert merge(order) == whole
        grown = EMPTY
        for part in order:
            grown = merge([grown, part])
        assert grown == whole
    assert merge([merge(parts[:2]), merge(parts[2:])]) == whole
    assert whole.total == sum(part.total for part in parts)
    assert whole.counts.size <= BINS


@given(st.sampled_from(INTEGERS[:4]), st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_the_merge_of_parts_is_the_histogram_of_the_whole(name: str, seed: int, cut: int) -> None:
    info = np.iinfo(name)
    values = np.random.default_rng(seed).integers(info.min, info.max, 60, dtype=name, endpoint=True)
    assert merge([histogram_of(values[:cut]), histogram_of(values[cut:])]) == histogram_of(values)


@given(float_arrays(), st.integers(0, 40))
def test_the_merge_of_parts_is_the_histogram_of_the_whole_for_floats(
    values: NDArray[np.float64], cut: int
) -> None:
    assert merge([histogram_of(values[:cut]), histogram_of(values[cut:])]) == histogram_of(values)


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60))
def test_percentiles_of_bytes_are_those_of_numpy(values: list[int]) -> None:
    array = np.array(values, np.uint8)
    found, exact = percentiles(histogram_of(array), QS)
    assert exact
    assert found == pytest.approx(np.percentile(array, QS).tolist(), abs=1e-9)


def test_percentiles_of_wide_data_are_off_by_at_most_a_bin_and_say_so() -> None:
    values = np.random.default_rng(3).integers(0, 65536, 20_000, dtype=np.uint16)
    histogram = histogram_of(values)
    found, exact = percentiles(histogram, QS)
    assert not exact
    assert np.abs(np.array(found) - np.percentile(values, QS)).max() <= 2**histogram.shift


def test_floats_are_never_called_exact() -> None:
    assert not percentiles(histogram_of(np.array([0.25, 255.75])), QS)[1]


def test_eight_bit_data_keeps_every_value_apart() -> None:
    histogram = histogram_of(np.arange(256, dtype=np.uint8))
    assert (histogram.first, histogram.shift, histogram.counts.tolist()) == (0, 0, [1] * 256)


def test_twelve_bits_in_sixteen_are_stored_in_bins_of_sixteen() -> None:
    histogram = histogram_of(np.arange(4096, dtype=np.uint16))
    assert (histogram.first, histogram.shift, histogram.counts.tolist()) == (0, 4, [16] * 256)


def test_nothing_gives_no_bins_and_no_percentiles() -> None:
    assert histogram_of(np.array([math.nan, math.inf])) == EMPTY
    assert merge([]) == EMPTY
    assert all(math.isnan(value) for value in percentiles(EMPTY, QS)[0])


def test_a_constant_has_one_bin() -> None:
    for values in (
        np.zeros(5),
        np.full(5, -1e300),
        np.full(3, 2**64 - 1, np.uint64),
        np.full(2, 7, np.int32),
    ):
        assert histogram_of(values).counts.tolist() == [values.size]


@given(st.lists(integer_arrays() | float_arrays(), min_size=1, max_size=4))
def test_packing_loses_nothing(arrays: list[NDArray[Any]]) -> None:
    histograms = tuple(histogram_of(values) for values in arrays)
    assert unpack_histograms(pack_histograms(histograms)) == histograms


@given(st.lists(st.integers(0, 2**40), min_size=256, max_size=256), st.integers(0, 3))
def test_packing_keeps_counts_of_any_size(counts: list[int], thin: int) -> None:
    array = np.array([counts, counts[::-1]], np.int64) >> (thin * 10)
    kept = unpack_histograms(pack_counts(array))
    for row, histogram in zip(array, kept, strict=True):
        full = np.zeros(256, np.int64)
        full[histogram.first : histogram.first + histogram.counts.size] = histogram.counts
        assert full.tolist() == row.tolist()


def test_counts_of_small_pictures_take_a_byte_each() -> None:
    counts = np.full((3, 256), 4, np.int64)
    counts[0, 0] = 1000
    assert len(pack_counts(counts)) < 3 * 256 + 32


def test_packed_rows_merge_as_their_histograms_do() -> None:
    rng = np.random.default_rng(5)
    items = [
        tuple(histogram_of(rng.integers(0, top, 500, dtype=np.uint16)) for _ in range(3))
        for top in (3, 256, 256, 4096, 65536)
    ]
    merged = merge_packed_histograms([pack_histograms(bands) for bands in items])
    assert merged == tuple(merge(band) for band in zip(*items, strict=True))


@given(st.lists(st.tuples(integer_arrays() | float_arrays(), integer_arrays() | float_arrays()), min_size=1))
def test_packed_rows_of_any_values_merge_as_their_histograms_do(
    pairs: list[tuple[NDArray[Any], NDArray[Any]]],
) -> None:
    items = [tuple(histogram_of(values) for values in pair) for pair in pairs]
    merged = merge_packed_histograms([pack_histograms(bands) for bands in items])
    assert merged == tuple(merge(band) for band in zip(*items, strict=True))


def test_packed_rows_with_single_high_counts_merge_as_their_histograms_do() -> None:
    rng = np.random.default_rng(6)
    items = []
    for low in (-5_000, 300, 301, 2**40):
        values = np.concatenate([np.full(100_000, low), rng.integers(low, low + 90, 100)])
        items.append((histogram_of(values), histogram_of(values * 0.37)))
    merged = merge_packed_histograms([pack_histograms(bands) for bands in items])
    assert merged == tuple(merge(band) for band in zip(*items, strict=True))


def test_bytes_of_an_unknown_version_are_refused() -> None:
    packed = bytearray(pack_histograms([histogram_of(np.arange(3))]))
    packed[0] = 99
    with pytest.raises(ValueError, match="version 99"):
        unpack_histograms(bytes(packed))


def test_histograms_differ_when_anything_differs() -> None:
    one = Histogram(1, 0, np.array([1, 2]))
    assert one != Histogram(1, 0, np.array([1, 3]))
    assert one != Histogram(2, 0, np.array([1, 2]))
    assert one != Histogram(1, 0, np.array([1, 2]), whole=False)
    assert one != "histogram"
