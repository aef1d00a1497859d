"""Chips in Python: what a training loop gets of them, from a home and from a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.support import pictures
from tests.support.chip_pairs import SIZE, classes_of, pairs, recipe
from tests.support.chips import scene
from triptych.client.loading import load
from triptych.client.samples import ClassRaster

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def test_samples_hold_what_the_recipe_uses(plain_studio: Studio, tmp_path: Path) -> None:
    bands = [
        {"index": 3, "band_name": "B08", "scaling_factor": 0.5, "offset": 1},
        {"index": 1, "band_name": "B03"},
    ]
    plain_studio.add(pictures.archive(tmp_path / "py.zip", pairs(3)), recipe=recipe(bands, nodata=1000))
    data = load("py", home=plain_studio.installation.settings.home)
    sample = data[1]
    chip = scene(1, size=SIZE)
    assert np.array_equal(sample.image, np.moveaxis(chip[[3, 1]], 0, -1))
    assert list(sample.layers) == ["S2", "mask"]
    assert np.array_equal(sample.measured["S2"], sample.image != 1000)
    values = sample.values()
    measured = sample.measured["S2"][..., 0]
    assert np.array_equal(values[..., 0][measured], chip[3][measured].astype(np.float32) * 0.5 + 1)
    assert isinstance(sample.label, ClassRaster)
    assert np.array_equal(sample.label.class_map(), classes_of(1)[0])
    assert set(np.unique(sample.label.index_map())) == {-1, 0, 1}
    assert np.array_equal(sample.label.index_map() >= 0, classes_of(1)[0] >= 0)


def test_patches_come_from_the_grid_of_the_chip(plain_studio: Studio, tmp_path: Path) -> None:
    plain_studio.add(pictures.archive(tmp_path / "cut.zip", pairs(2)))
    data = load("cut", home=plain_studio.installation.settings.home)
    half = SIZE // 2
    found = data.patches(half)
    assert len(found) == 8
    assert np.array_equal(found[7].image, data[1].image[half:, half:])
    assert isinstance(found[7].label, ClassRaster)
    assert np.array_equal(found[7].label.class_map(), classes_of(1)[0][half:, half:])
