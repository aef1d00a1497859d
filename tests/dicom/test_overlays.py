"""Overlay planes, separate and in unused bits, against pydicom's own reading of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom import dcmread

from tests.support.dicom import BIG_ENDIAN, make_dataset, write_dicom
from triptych.dicom.picture import DicomPicture

RNG = np.random.default_rng(4)
PIXELS = RNG.integers(0, 4096, (3, 5, 7)).astype(np.uint16)


def add_overlay(
    dataset: pydicom.Dataset, group: int, plane: np.ndarray[Any, Any], *, vr: str = "OB", **elements: Any
) -> None:
    """Put a plane (y, x) or planes (z, y, x) into a group; `elements` as e0050=[1, 1] replace, add or remove."""
    data = np.packbits(plane.reshape(-1).astype(np.uint8), bitorder="little").tobytes()
    values: dict[str, Any] = {
        "e0010": ("US", plane.shape[-2]),
        "e0011": ("US", plane.shape[-1]),
        "e0040": ("CS", "G"),
        "e0050": ("SS", [1, 1]),
        "e0100": ("US", 1),
        "e0102": ("US", 0),
        "e3000": (vr, data + b"\0" * (len(data) % 2)),
    }
    for name, value in (values | elements).items():
        if value is not None:
            dataset.add_new(group << 16 | int(name[1:], 16), *value)


def picture(dataset: pydicom.Dataset, **options: Any) -> DicomPicture:
    dataset.PixelData = dataset.get("PixelData") or PIXELS.tobytes()
    dataset["PixelData"].VR = "OW"
    return DicomPicture(write_dicom(dataset, **options), max_pixels=1_000_000)


def test_a_file_without_overlays_has_none() -> None:
    assert picture(make_dataset(PIXELS)).overlays() == []


def test_separate_planes_come_with_their_place_and_name() -> None:
    plane = RNG.integers(0, 2, (4, 6))
    dataset = make_dataset(PIXELS)
    add_overlay(dataset, 0x6002, plane, e0050=("SS", [2, -3]), e1500=("LO", "Lesion"), e0040=("CS", "R"))
    add_overlay(dataset, 0x6000, 1 - plane, e0022=("LO", "Scale"))
    first, second = picture(dataset).overlays()
    assert (first.group, first.name, first.region, first.origin) == (0x6000, "Scale", False, (0, 0))
    assert (second.group, second.name, second.region, second.origin) == (0x6002, "Lesion", True, (1, -4))
    np.testing.assert_array_equal(second.bits, plane == 1)
    np.testing.assert_array_equal(first.bits, plane == 0)
    np.testing.assert_array_equal(second.bits, dataset.overlay_array(0x6002))


def test_planes_in_words_of_big_endian_files_come_back() -> None:
    plane = RNG.integers(0, 2, (4, 8))
    dataset = make_dataset(PIXELS, PixelData=PIXELS.astype(">u2").tobytes())
    add_overlay(dataset, 0x6000, plane, vr="OW")
    element = dataset[0x60003000]
    element.value = np.frombuffer(element.value, "<u2").byteswap().tobytes()
    (found,) = picture(dataset, syntax=BIG_ENDIAN).overlays()
    np.testing.assert_array_equal(found.bits, plane == 1)


def test_planes_of_several_frames_lie_on_the_frames_from_their_origin() -> None:
    planes = RNG.integers(0, 2, (2, 5, 7))
    dataset = make_dataset(PIXELS)
    add_overlay(dataset, 0x6000, planes, e0015=("IS", 2), e0051=("US", 2))
    found = picture(dataset)
    assert found.overlays(0) == []
    for index in (1, 2):
        np.testing.assert_array_equal(found.overlays(index)[0].bits, planes[index - 1] == 1)


def test_a_plane_in_unused_bits_is_found_and_does_not_reach_the_values() -> None:
    plane = RNG.integers(0, 2, PIXELS.shape).astype(np.uint16)
    mixed = PIXELS | plane << 13
    dataset = make_dataset(PIXELS, BitsStored=12, HighBit=11, PixelData=mixed.tobytes())
    add_overlay(dataset, 0x6000, plane[0], e0100=("US", 16), e0102=("US", 13), e3000=None)
    found = picture(dataset)
    for index in range(3):
        np.testing.assert_array_equal(found.frame(index), PIXELS[index])
        np.testing.assert_array_equal(found.overlays(index)[0].bits, plane[index] == 1)


@pytest.mark.parametrize(
    "elements",
    [
        {"e0010": ("US", 60_000), "e0011": ("US", 60_000)},
        {"e0010": ("US", 0)},
        {"e0010": None},
        {"e0010": ("US", 50)},
        {"e3000": None, "e0102": ("US", 99)},
        {"e3000": ("OB", b"")},
        {"e0015": ("IS", 3), "e0051": ("US", 900)},
        {"e0011": ("LO", "many")},
    ],
)
def test_planes_that_make_no_sense_are_left_out(elements: dict[str, Any]) -> None:
    dataset = make_dataset(PIXELS)
    add_overlay(dataset, 0x6000, np.ones((4, 6)), **elements)
    assert picture(dataset).overlays() == []


def test_an_origin_that_is_missing_is_the_first_pixel() -> None:
    dataset = make_dataset(PIXELS)
    add_overlay(dataset, 0x6000, np.ones((4, 6)), e0050=None)
    assert picture(dataset).overlays()[0].origin == (0, 0)


def test_pydicoms_example_has_the_plane_that_pydicom_finds() -> None:
    path = Path(pydicom.__file__).parent / "data" / "test_files" / "examples_overlay.dcm"
    (found,) = DicomPicture(path.read_bytes(), max_pixels=1_000_000).overlays()
    np.testing.assert_array_equal(found.bits, dcmread(path).overlay_array(0x6000) == 1)
    assert found.bits.any()
