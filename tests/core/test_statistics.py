"""Measurements: those of numpy in float64, and a merge of parts is the measurement of the whole."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.histogram import histogram_of, pack_histograms
from triptych.core.statistics import (
    band_statistics,
    class_weights,
    count_values,
    measure,
    merge_moments,
    merge_packed,
    moments_of_counts,
    pack_moments,
    unpack_moments,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64", "bool")


def raster(name: str, seed: int = 0, shape: tuple[int, ...] = (3, 37, 41)) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    if name == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if name.startswith("float"):
        return (rng.normal(size=shape) * 1000).astype(name)
    info = np.iinfo(name)
    return rng.integers(info.min, info.max, shape, dtype=name, endpoint=True)


def by_numpy(values: NDArray[Any]) -> list[float]:
    wide = values.astype(np.float64).ravel()
    return [wide.size, wide.mean(), np.square(wide - wide.mean()).sum(), wide.min(), wide.max()]


@pytest.mark.parametrize("name", TYPES)
def test_moments_are_those_of_numpy_in_float64(name: str) -> None:
    array = raster(name)
    moments, histograms = measure(array)
    for band, row, histogram in zip(array, moments, histograms, strict=True):
        assert row[:5].tolist() == pytest.approx(by_numpy(band), rel=1e-9, abs=1e-9)
        assert row[5] == 0
        assert histogram == histogram_of(band)


def test_a_raster_without_bands_is_one_band() -> None:
    array = raster("uint16")[0]
    assert measure(array)[0].shape == (1, 6)


def test_moments_of_integers_are_exact_where_float64_sums_are_not() -> None:
    array = np.full((1, 1000, 1000), 65535, np.uint16)
    array[0, 0, 0] = 65534
    moments, _ = measure(array)
    n = array.size
    assert moments[0, 2] == (n - 1) / n
    assert moments[0, 1] == (65535 * n - 1) / n


@pytest.mark.parametrize("name", ["uint8", "int16", "float32"])
@pytest.mark.parametrize("per_band", [False, True])
def test_what_the_mask_excludes_is_invalid_and_not_measured(name: str, per_band: bool) -> None:
    array = raster(name)
    valid = np.random.default_rng(1).random(array.shape if per_band else array.shape[1:]) < 0.7
    moments, histograms = measure(array, valid)
    for index, band in enumerate(array):
        kept = band[valid[index] if per_band else valid]
        assert moments[index, :5].tolist() == pytest.approx(by_numpy(kept), rel=1e-9)
        assert moments[index, 5] == band.size - kept.size
        assert histograms[index] == histogram_of(kept)


def test_nan_and_infinity_are_invalid() -> None:
    array = np.array([[1.0, math.nan, 3.0, math.inf, -math.inf]], np.float32)
    moments, histograms = measure(array)
    assert moments[0].tolist() == [2, 2, 2, 1, 3, 3]
    assert histograms[0].total == 2


def test_nothing_valid_merges_as_if_it_were_not_there() -> None:
    nothing, histograms = measure(np.full((2, 4, 4), math.nan))
    something, _ = measure(raster("float64", shape=(2, 5, 5)))
    merged = merge_moments(np.stack([nothing, something]))
    assert merged[:, :5].tolist() == something[:, :5].tolist()
    assert merged[:, 5].tolist() == [16, 16]
    (document, _) = band_statistics(nothing, histograms, ("a", "b"))
    assert document["mean"] is None
    assert document["percentiles"]["50"] is None
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_a_large_raster_is_measured_in_chunks_to_the_same_result() -> None:
    array = raster("float64", shape=(1, 1500, 1000)) + 1e6
    moments, histograms = measure(array)
    assert moments[0, :5].tolist() == pytest.approx(by_numpy(array), rel=1e-9)
    assert histograms[0] == histogram_of(array)


@pytest.mark.parametrize("size", [1, 2, 3, 65_535, 131_073, 200_001])
def test_bytes_are_counted_in_pairs_to_the_last(size: int) -> None:
    generator = np.random.default_rng(size)
    band = generator.integers(3, 250, (1, size), np.uint8)
    band[0, -1] = 251
    low, counts = count_values(band)
    assert low == band.min()
    assert np.array_equal(counts, np.bincount(band[0])[low:])
    mask = generator.random(band.shape) < 0.5
    low, counts = count_values(band, mask)
    assert counts.sum() == mask.sum()
    assert not mask.any() or np.array_equal(counts, np.bincount(band[mask])[low:])


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "uint64"])
def test_wide_samples_are_summed_a_few_at_a_time_to_the_same_result(dtype: str) -> None:
    values = np.random.default_rng(3).normal(50_000, 900, (301, 331)).astype(dtype)
    (row,), (histogram,) = measure(values)
    wide = values.astype(np.float64)
    assert row[:2] == pytest.approx([wide.size, wide.mean()], rel=1e-13)
    assert np.sqrt(row[2] / row[0]) == pytest.approx(wide.std(), rel=1e-12)
    assert row[3:].tolist() == [wide.min(), wide.max(), 0]
    bins = np.floor(np.ldexp(wide, -histogram.shift)).astype(np.int64) - histogram.first
    assert np.array_equal(np.bincount(bins.reshape(-1)), histogram.counts)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_the_merge_of_parts_is_the_measurement_of_the_whole(seed: int, sizes: list[int]) -> None:
    parts = [raster("float64", seed + i, (2, size, 3)) + 1e5 * i for i, size in enumerate(sizes)]
    stack = np.stack([measure(part)[0] for part in parts])
    whole = measure(np.concatenate(parts, axis=1))[0]
    assert merge_moments(stack).ravel().tolist() == pytest.approx(whole.ravel().tolist(), rel=1e-9)
    shuffled = stack[np.random.default_rng(seed).permutation(len(stack))]
    assert merge_moments(shuffled).ravel().tolist() == pytest.approx(whole.ravel().tolist(), rel=1e-9)


def test_moments_of_counts_are_those_of_the_values() -> None:
    values = raster("int16")[0]
    counts = np.bincount(values.ravel().astype(int) + 32768, minlength=65536)
    assert moments_of_counts(counts, -32768).tolist() == measure(values)[0][0].tolist()


def test_packed_moments_come_back_to_the_last_bit() -> None:
    moments, _ = measure(raster("float32"))
    assert np.array_equal(unpack_moments(pack_moments(moments)), moments)
    with pytest.raises(ValueError, match="version"):
        unpack_moments(b"\x09" + pack_moments(moments)[1:])


def test_packed_rows_are_merged_per_group_of_bands() -> None:
    gray = [measure(raster("uint8", i, (1, 9, 9))) for i in range(3)]
    color = [measure(raster("uint8", i, (3, 9, 9))) for i in range(2)]
    rows = [("gray", gray[0]), ("rgb", color[0]), ("gray", gray[1]), ("rgb", color[1]), ("gray", gray[2])]
    merged = merge_packed(
        [name for name, _ in rows],
        [pack_moments(moments) for _, (moments, _) in rows],
        [pack_histograms(histograms) for _, (_, histograms) in rows],
    )
    assert list(merged) == ["gray", "rgb"]
    for name, items in (("gray", gray), ("rgb", color)):
        moments, histograms = merged[name]
        assert np.array_equal(moments, merge_moments(np.stack([m for m, _ in items])))
        assert [h.total for h in histograms] == moments[:, 0].tolist()


def test_statistics_of_a_band_are_those_of_numpy() -> None:
    array = raster("uint8")
    documents = band_statistics(*measure(array), ("red", "green", "blue"))
    for document, band, name in zip(documents, array, ("red", "green", "blue"), strict=True):
        assert document["name"] == name
        assert document["std"] == pytest.approx(band.std(dtype=np.float64), rel=1e-12)
        qs = [1, 5, 25, 50, 75, 95, 99]
        assert document["percentiles"].pop("exact") is True
        assert list(document["percentiles"]) == [str(q) for q in qs]
        assert list(document["percentiles"].values()) == pytest.approx(np.percentile(band, qs).tolist())
    assert json.loads(json.dumps(documents)) == documents


def test_percentiles_never_leave_the_range_of_the_values() -> None:
    array = np.array([[1000, 1001, 64000]], np.uint16)
    (document,) = band_statistics(*measure(array), ("gray",))
    assert document["percentiles"]["exact"] is False
    assert 1000 <= document["percentiles"]["1"] <= document["percentiles"]["99"] <= 64000


def test_class_weights_follow_three_conventions() -> None:
    weights = class_weights({"a": 10, "b": 30, "c": 0, "d": 20})
    assert weights["inverse_frequency"] == {"a": 2.0, "b": pytest.approx(2 / 3), "c": None, "d": 1.0}
    assert weights["median_frequency"] == {"a": 2.0, "b": pytest.approx(2 / 3), "c": None, "d": 1.0}
    effective = {k: 1e-4 / (1 - 0.9999**n) for k, n in (("a", 10), ("b", 30), ("d", 20))}
    scale = 3 / sum(effective.values())
    assert weights["effective_number"] == {
        **{k: pytest.approx(v * scale) for k, v in effective.items()},
        "c": None,
    }
    assert weights["empty"] == ["c"]


def test_class_weights_of_nothing_are_none_and_do_not_fail() -> None:
    assert class_weights({"a": 0})["inverse_frequency"] == {"a": None}
    assert class_weights({})["empty"] == []
