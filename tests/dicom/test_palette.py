"""Palette colours, whole and in segments, against pydicom's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.processing import apply_color_lut

from tests.support.dicom import make_dataset, make_dicom, noise, open_picture, write_dicom
from tests.support.dicom import refused_picture as refused


def palette_tags(bits: int, first: int, entries: int) -> dict[str, Any]:
    tags: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for seed, color in enumerate(("Red", "Green", "Blue")):
        table = np.random.default_rng(seed).integers(0, 2**bits, entries).astype(f"<u{bits // 8}")
        tags[f"{color}PaletteColorLookupTableDescriptor"] = [entries % 65536, first, bits]
        tags[f"{color}PaletteColorLookupTableData"] = table.tobytes()
    return tags


@pytest.mark.parametrize(
    ("bits", "first", "entries"), [(8, 0, 256), (16, 0, 256), (16, 10, 200), (8, 3, 100)]
)
def test_palettes_are_applied_as_pydicom_applies_them(bits: int, first: int, entries: int) -> None:
    pixels = noise((20, 20), np.uint8)
    data = make_dicom(pixels, **palette_tags(bits, first, entries))
    picture = open_picture(data)
    expected = apply_color_lut(pixels, dcmread(BytesIO(data)))
    np.testing.assert_array_equal(picture.frame(), expected)
    assert (picture.facts.dtype, picture.facts.bit_depth) == (str(expected.dtype), bits)
    assert picture.facts.bands == ("red", "green", "blue")
    assert picture.values(picture.frame()).dtype == expected.dtype


def segmented(words: list[int]) -> dict[str, Any]:
    tags: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for color in ("Red", "Green", "Blue"):
        tags[f"{color}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        tags[f"Segmented{color}PaletteColorLookupTableData"] = np.array(words, "<u2").tobytes()
    return tags


def test_segmented_palettes_are_expanded_as_pydicom_expands_them() -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    words = [0, 3, 5, 90, 400, 1, 100, 40_000, 2, 2, 0, 0, 1, 50, 7]
    data = make_dicom(pixels, **segmented(words))
    expected = apply_color_lut(pixels, dcmread(BytesIO(data)))
    np.testing.assert_array_equal(open_picture(data).frame(), expected)


@pytest.mark.parametrize(
    "words",
    [[], [9, 1, 1], [0, 0] * 200_000, [2, 65535, 0, 0] * 40_000],
    ids=["none", "kind", "empty", "loops"],
)
def test_palettes_that_make_no_sense_are_refused_in_short_time(words: list[int]) -> None:
    pixels = np.zeros((4, 4), np.uint8)
    tags = segmented(words)
    for color in ("Red", "Green", "Blue"):
        tags.pop(f"Segmented{color}PaletteColorLookupTableData")
    dataset = make_dataset(pixels, PixelData=bytes(16), **tags)
    for element in (0x1221, 0x1222, 0x1223):
        dataset.add_new(0x00280000 | element, "OW", np.array(words, "<u2").tobytes())
    assert refused(write_dicom(dataset)).code == "header_error"
