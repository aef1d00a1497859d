"""Modality and VOI tables, windows and what is shown, against pydicom's processing and the standard's formulas."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut, apply_windowing
from pydicom.sequence import Sequence

from tests.support.dicom import make_dataset, make_dicom
from triptych.dicom.luts import apply_window, automatic_window, to_display, value_dtype, windows_of
from triptych.dicom.picture import DicomPicture

RAMP = np.arange(-200, 200, dtype=np.int16).reshape(20, 20)


def picture(pixels: np.ndarray[Any, Any], **tags: Any) -> DicomPicture:
    return DicomPicture(make_dicom(pixels, **tags), max_pixels=10_000_000)


def lut_item(first: int, table: list[int], bits: int = 16) -> Dataset:
    entry = Dataset()
    entry.add_new("LUTDescriptor", "US", [len(table) % 65536, first % 65536, bits])
    entry.add_new("LUTData", "US", table)
    entry.ModalityLUTType = "HU"
    return entry


@pytest.mark.parametrize(
    ("dtype", "bits", "rescale", "expected"),
    [
        ("uint16", 12, (1.0, -1024.0), "int16"),
        ("uint16", 16, (1.0, -1024.0), "int32"),
        ("int16", 16, (1.0, 0.0), "int16"),
        ("uint8", 8, (1.0, 0.0), "uint8"),
        ("uint8", 8, (1.0, 1.0), "int16"),
        ("uint32", 32, (1.0, -1.0), "float64"),
        ("uint16", 16, (0.5, 0.0), "float32"),
        ("uint16", 16, (1.0, 0.5), "float32"),
        ("int32", 32, (2.0, 0.0), "float64"),
        ("float32", 32, (2.0, 0.0), "float32"),
        ("uint16", 12, None, "uint16"),
    ],
)
def test_integers_stay_integers_when_nothing_is_lost(
    dtype: str, bits: int, rescale: tuple[float, float] | None, expected: str
) -> None:
    assert value_dtype(dtype, bits, rescale) == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32])
@pytest.mark.parametrize(
    ("slope", "intercept"), [(1, 0), (1, -1024), (1, 7), (2, 0), (0.25, -3.5), (-1, 100)]
)
def test_rescaled_values_are_pydicoms(dtype: Any, slope: float, intercept: float) -> None:
    info = np.iinfo(dtype)
    pixels = np.array([[info.min, info.min + 1, 0], [1, info.max - 1, info.max]], dtype)
    found = picture(pixels, RescaleSlope=slope, RescaleIntercept=intercept)
    values = found.values(found.frame())
    expected = apply_modality_lut(
        pixels, make_dataset(pixels, RescaleSlope=slope, RescaleIntercept=intercept)
    )
    np.testing.assert_allclose(values.astype(np.float64), expected, rtol=1e-6)
    if slope == 1:
        np.testing.assert_array_equal(values.astype(np.float64), expected)


def test_a_modality_lut_goes_before_the_rescale() -> None:
    entry = lut_item(-3, [7, 8, 9, 1000])
    pixels = np.array([[-5, -3, -2], [-1, 0, 4]], np.int16)
    tags = {"ModalityLUTSequence": Sequence([entry]), "RescaleSlope": 3, "RescaleIntercept": 1}
    found = picture(pixels, **tags)
    assert found.facts.rescale is None
    np.testing.assert_array_equal(found.values(found.frame()), [[7, 7, 8], [9, 1000, 1000]])


def test_a_table_of_65536_entries_says_0_in_its_descriptor() -> None:
    table = [(value * 7) % 65536 for value in range(65536)]
    pixels = np.array([[0, 1, 65535]], np.uint16)
    entry = lut_item(0, table)
    entry.add_new("LUTData", "OW", np.array(table, "<u2").tobytes())
    found = picture(pixels, ModalityLUTSequence=Sequence([entry]))
    np.testing.assert_array_equal(found.values(found.frame()), [[0, 7, table[-1]]])


@pytest.mark.parametrize("descriptor", [[], [4, 0], [4, 0, 99], [4, 0, 0]])
def test_a_table_that_makes_no_sense_is_left_aside(descriptor: list[int]) -> None:
    entry = lut_item(0, [1, 2, 3, 4])
    entry.add_new("LUTDescriptor", "US", descriptor)
    pixels = np.array([[0, 1]], np.uint8)
    found = picture(pixels, ModalityLUTSequence=Sequence([entry]), RescaleIntercept=5, RescaleSlope=1)
    np.testing.assert_array_equal(found.values(found.frame()), [[5, 6]])


def windows(**tags: Any) -> list[tuple[str, float, float]]:
    return windows_of(make_dataset(**tags))


def test_a_linear_window_ends_where_the_standard_says() -> None:
    assert windows(WindowCenter=2048, WindowWidth=4096) == [("", 0, 4095)]
    assert windows(WindowCenter=2048, WindowWidth=1) == [("", 2047.5, 2047.5)]


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_exact_windows_have_their_whole_width(function: str) -> None:
    assert windows(WindowCenter=10, WindowWidth=0.5, VOILUTFunction=function) == [("", 9.75, 10.25)]


def test_windows_may_be_several_decimal_named_or_unfinished() -> None:
    tags = {"WindowCenter": ["1906.5", "40", "7"], "WindowWidth": ["101", "400"]}
    names = ["BONE", "SOFT"]
    expected = [("BONE", 1856.0, 1956.0), ("SOFT", -160.0, 239.0)]
    assert windows(**tags, WindowCenterWidthExplanation=names) == expected
    assert [low for _, low, _ in windows(**tags)] == [1856.0, -160.0]


@pytest.mark.parametrize(
    ("center", "width"),
    [("", ""), ("40", ""), ("40", "0"), ("40", "-3"), ("40", "0.5"), ("nan", "3"), ("1e999", "3")],
)
def test_windows_that_make_no_sense_are_left_out(center: str, width: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = make_dataset()
        dataset.add_new("WindowCenter", "DS", center)
        dataset.add_new("WindowWidth", "DS", width)
    assert windows_of(dataset) == []


@pytest.mark.parametrize("width", [2, 50, 255, 1000])
@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT"])
def test_a_window_shows_what_pydicoms_does(width: int, function: str) -> None:
    # Bits stored of 8 make pydicom's output range 0 to 255.
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    tags = {"WindowCenter": 100, "WindowWidth": width, "VOILUTFunction": function}
    expected = apply_windowing(pixels, make_dataset(pixels, **tags))
    found = picture(pixels, **tags)
    shown = to_display(found.values(found.frame()), found.facts)
    assert np.abs(shown - expected).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32])
def test_the_table_for_large_pictures_shows_what_small_ones_get(dtype: Any) -> None:
    pixels = np.random.default_rng(3).integers(0, 120, (400, 400)).astype(dtype)
    np.testing.assert_array_equal(
        apply_window(pixels, (10.5, 99))[:50], apply_window(pixels[:50], (10.5, 99))
    )


def test_a_window_of_no_width_is_a_threshold() -> None:
    np.testing.assert_array_equal(apply_window(np.array([1.0, 2.0, 2.1]), (2.0, 2.0)), [0, 0, 255])


def test_what_is_no_number_is_shown_black() -> None:
    values = np.array([[np.nan, np.inf], [-np.inf, 0.5]], np.float32)
    shown = apply_window(values, (0.0, 1.0))
    assert (shown[0, 0], shown[1, 0], shown[1, 1]) == (0, 0, 128)


def test_a_voi_lut_shows_what_pydicoms_does() -> None:
    pixels = np.arange(100, dtype=np.uint8).reshape(10, 10)
    tags = {"VOILUTSequence": Sequence([lut_item(10, list(range(0, 240, 3)), 8)])}
    found = picture(pixels, **tags)
    lut = found.voi_lut
    assert lut is not None
    shown = to_display(found.values(found.frame()), found.facts, lut)
    np.testing.assert_array_equal(shown, apply_voi_lut(pixels, make_dataset(pixels, **tags)))


def test_the_automatic_window_is_of_percentiles() -> None:
    values = np.arange(1001.0)
    values[-1] = 1e9
    assert automatic_window(values) == (5.0, 995.0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.full((9, 9), 3, np.int16), (2.5, 3.5)),
        (np.full((9, 9), np.nan, np.float32), (0.0, 1.0)),
        (np.array([[1, np.nan], [np.inf, 2]], np.float64), (1.0, 2.0)),
        (np.zeros((0, 4), np.uint8), (0.0, 1.0)),
        (np.r_[np.zeros(9999), 7.0], (0.0, 7.0)),
    ],
)
def test_the_automatic_window_of_odd_pictures(
    values: np.ndarray[Any, Any], expected: tuple[float, float]
) -> None:
    assert automatic_window(values) == expected


def test_monochrome1_is_shown_inverted_and_stored_as_it_is() -> None:
    pixels = np.array([[0, 255]], np.uint8)
    for tags in ({"PhotometricInterpretation": "MONOCHROME1"}, {"PresentationLUTShape": "INVERSE"}):
        found = picture(pixels, WindowCenter=128, WindowWidth=256, **tags)
        assert found.facts.inverted
        np.testing.assert_array_equal(found.frame(), pixels)
        np.testing.assert_array_equal(to_display(found.values(found.frame()), found.facts), [[255, 0]])


def test_a_mask_of_one_bit_is_shown_black_and_white() -> None:
    packed = np.packbits(np.array([0, 1, 0, 0, 0, 0, 0, 0], np.uint8), bitorder="little").tobytes()
    found = picture(
        np.zeros((2, 4), np.uint8), PixelData=packed + b"\0", BitsAllocated=1, BitsStored=1, HighBit=0
    )
    shown = to_display(found.frame(), found.facts)
    assert shown.tolist() == [[0, 255, 0, 0], [0, 0, 0, 0]]


def test_colours_of_16_bits_are_shown_in_8() -> None:
    pixels = np.array([[[0, 65535, 32768]]], np.uint16)
    found = picture(pixels)
    assert to_display(found.values(found.frame()), found.facts).tolist() == [[[0, 255, 128]]]
