"""One raster of each data source is looked into before the import: means, deviations and small planes."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from tests.formats.memory_root import MemoryRoot
from tests.support.chip_pairs import pairs
from tests.support.chips import scene, tiff
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.geotiff_pairs.reader import GeotiffPairsReader
from triptych.formats.geotiff_pairs.sampled import decode_bands


def looked(files: dict[str, Any], most_headers: int | None = 8) -> list[dict[str, Any]]:
    """What is told of each data source."""
    view = view_of(MemoryRoot({name: bytes(data) for name, data in files.items()}), most_headers)
    facts = GeotiffPairsReader().inventory(view, ReaderOptions()).facts or {}
    json.dumps(facts, allow_nan=False)
    return [source["sample"] for source in facts["sources"]]


def planes_of(sample: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    flat = np.frombuffer(b64decode(sample["planes"]), np.uint8)
    return flat.reshape(-1, sample["height"], sample["width"])


def test_means_are_of_what_was_measured_and_planes_run_between_percentiles() -> None:
    chip = scene(1, bands=2, size=40)
    chip[:, :4] = -9999
    [sample] = looked(
        {"a_img.tif": tiff(chip, nodata=-9999), "a_mask.tif": tiff(np.ones((1, 40, 40), "uint8"))}
    )
    measured = chip[:, 4:].reshape(2, -1).astype(float)
    assert [band["mean"] for band in sample["bands"]] == pytest.approx(measured.mean(axis=1))
    assert [band["std"] for band in sample["bands"]] == pytest.approx(measured.std(axis=1))
    planes = planes_of(sample)
    assert planes.shape == (2, 40, 40)
    assert (planes[:, :4] == 0).all()
    assert (planes[:, 4:].min(), planes[:, 4:].max()) == (1, 255)
    darkest = np.unravel_index(np.argmin(chip[0, 4:]), chip[0, 4:].shape)
    assert planes[0, 4:][darkest] == 1


def test_large_rasters_are_thinned_and_many_bands_have_means_alone() -> None:
    chip = scene(2, bands=20, size=200)
    [sample] = looked({"a_img.tif": tiff(chip)})
    assert len(sample["bands"]) == 20
    assert planes_of(sample).shape == (16, 67, 67)


def test_bands_beside_each_other_and_one_after_another_are_read_alike() -> None:
    chip = scene(3, bands=3, size=16)
    for interleave in ("pixel", "band"):
        decoded = decode_bands(tiff(chip, interleave=interleave))
        assert decoded is not None
        np.testing.assert_array_equal(decoded, chip)


def test_nothing_is_told_of_what_is_empty_damaged_or_imported() -> None:
    blank = np.full((1, 16, 16), np.nan, "float32")
    [sample] = looked({"a_img.tif": tiff(blank)})
    assert sample["bands"] == [None]
    assert (planes_of(sample) == 0).all()
    whole = tiff(scene(4, size=64))
    [sample] = looked({"a_img.tif": whole[: len(whole) // 2]})
    assert sample is None
    assert looked(pairs(3), most_headers=None) == [None]
    assert decode_bands(b"II*\0 no raster") is None
    assert decode_bands(tiff(np.ones((1, 4, 4), "complex64"))) is None
