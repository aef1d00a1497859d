from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.statistics import band_statistics, class_weights, measure
from triptych.core.training import LayerNumbers, SetNumbers, training_document


def layer_of(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.generic]], bit_depth: int, names: list[str]
) -> LayerNumbers:
    moments, histograms = measure(pixels)
    bands = band_statistics(moments, histograms, names)
    height, width = pixels.shape[-2:]
    return LayerNumbers("image", bands, [(str(pixels.dtype), bit_depth)], [(width, height, 1)])


@pytest.mark.parametrize(
    ("dtype", "bit_depth", "low", "high"),
    [("uint8", 8, 0, 255), ("uint16", 12, 0, 4095), ("uint16", 16, 0, 65535), ("int16", 16, -32768, 32767)],
)
def test_numbers_are_those_of_the_pixels_natively_and_scaled_to_the_range_of_the_bit_depth(
    dtype: str, bit_depth: int, low: int, high: int
) -> None:
    pixels = np.random.default_rng(bit_depth).integers(low, high, (2, 30, 40), endpoint=True).astype(dtype)
    layer = training_document(1, [layer_of(pixels, bit_depth, ["a", "b"])], [])["layers"]["image"]
    exact = pixels.reshape(2, -1).astype(np.float64)
    scaled = (exact - low) / (high - low)
    assert layer["bands"] == ["a", "b"]
    assert layer["native"]["n"] == [1200, 1200]
    assert layer["scaled"]["range"] == [low, high]
    for numbers, values in ((layer["native"], exact), (layer["scaled"], scaled)):
        assert numbers["mean"] == pytest.approx(values.mean(axis=1), rel=1e-12)
        assert numbers["std"] == pytest.approx(values.std(axis=1), rel=1e-12)
        assert numbers["min"] == pytest.approx(values.min(axis=1))
        assert numbers["max"] == pytest.approx(values.max(axis=1))
        reach = 0 if bit_depth == 8 else np.ptp(values) / 128
        wanted = np.percentile(values, 95, axis=1)
        assert numbers["percentiles"]["95"] == pytest.approx(wanted, abs=reach + 1e-9)
    assert list(layer["native"]["percentiles"]) == ["1", "5", "25", "50", "75", "95", "99"]
    assert layer["native"]["exact"] is (bit_depth == 8)
    assert (layer["bit_depth"], layer["bit_depths"], layer["dtypes"]) == (bit_depth, [bit_depth], [dtype])


def test_floating_point_has_no_range_to_be_scaled_to() -> None:
    pixels = np.linspace(-3, 3, 100, dtype=np.float32).reshape(1, 10, 10)
    layer = training_document(1, [layer_of(pixels, 32, ["height"])], [])["layers"]["image"]
    assert layer["scaled"] is None
    assert layer["native"]["min"] == [-3.0]


def test_pictures_of_two_bit_depths_have_native_numbers_alone() -> None:
    one = layer_of(np.zeros((1, 2, 2), dtype=np.uint8), 8, ["gray"])
    mixed = LayerNumbers("image", one.bands, [("uint16", 16), ("uint8", 8), ("uint8", 8)], one.sizes)
    layer = training_document(2, [mixed], [])["layers"]["image"]
    assert layer["scaled"] is None
    assert (layer["bit_depth"], layer["bit_depths"]) == (None, [8, 16])
    assert layer["dtypes"] == ["uint16", "uint8"]


def test_a_band_without_values_has_none_in_place_of_numbers() -> None:
    pixels = np.zeros((1, 2, 2), dtype=np.uint8)
    moments, histograms = measure(pixels, np.zeros((2, 2), dtype=bool))
    bands = band_statistics(moments, histograms, ["gray"])
    layer = training_document(1, [LayerNumbers("image", bands, [("uint8", 8)], [])], [])["layers"]["image"]
    assert layer["native"]["mean"] == layer["scaled"]["mean"] == layer["scaled"]["std"] == [None]
    assert (layer["size"], layer["sizes"]) == (None, None)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(1, 4)), min_size=1, max_size=12)
)
def test_sizes_are_least_middle_and_greatest_over_all_pictures(rows: list[tuple[int, int, int]]) -> None:
    layer = training_document(0, [LayerNumbers("image", [], [], rows)], [])["layers"]["image"]
    every = np.array([(width, height) for width, height, times in rows for _ in range(times)])
    assert layer["sizes"] == {
        "min": every.min(axis=0).tolist(),
        "median": np.median(every, axis=0).tolist(),
        "max": every.max(axis=0).tolist(),
    }
    same = len({(width, height) for width, height, _ in rows}) == 1
    assert layer["size"] == (list(rows[0][:2]) if same else None)


def test_classes_carry_their_counts_and_the_three_conventions_of_weights() -> None:
    counts = {"RBC": 30, "WBC": 10, "none": 0}
    document = training_document(40, [], [SetNumbers("cells", "detection", counts, class_weights(counts))])
    entry = document["sets"]["cells"]
    assert (entry["task"], entry["counts"]) == ("detection", counts)
    assert entry["weights"]["inverse_frequency"] == {"RBC": 40 / 60, "WBC": 2.0, "none": None}
    assert {"median_frequency", "effective_number"} < set(entry["weights"])


def test_the_document_says_what_it_is_and_is_plain_json() -> None:
    layer = layer_of(np.arange(12, dtype=np.uint8).reshape(1, 3, 4), 8, ["gray"])
    document = training_document(
        1, [layer], [SetNumbers("s", "single_label", {"a": 1}, class_weights({"a": 1}))]
    )
    assert (document["type"], document["version"], document["part"], document["items"]) == (
        "training-parameters",
        1,
        "train",
        1,
    )
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["layers"]["image"]["size"] == [4, 3]


def test_an_empty_train_part_has_an_empty_document() -> None:
    layer = training_document(0, [LayerNumbers("image", [], [], [])], [])["layers"]["image"]
    assert (layer["bands"], layer["native"]["mean"], layer["scaled"], layer["sizes"]) == ([], [], None, None)
