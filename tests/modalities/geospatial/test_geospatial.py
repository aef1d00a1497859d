"""The geospatial modality: the laws of grids, tiles and patches, thumbnails and measurements."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.modalities.geospatial.rasters import ground, plain, tiff
from triptych.core.dataset import Modality
from triptych.core.errors import NotFound
from triptych.core.raster import Profile
from triptych.modalities.geospatial.geospatial import GEOSPATIAL
from triptych.modalities.geospatial.layer import open_raster


def test_rasters_are_accepted_and_volumes_are_not() -> None:
    assert GEOSPATIAL.name is Modality.GEOSPATIAL
    for axes, shape, dtype, accepted in (
        ("yx", (5, 5), "float64", True),
        ("cyx", (200, 5, 5), "int64", True),
        ("zyx", (5, 5, 5), "uint8", False),
        ("yx", (5, 5), "complex64", False),
    ):
        assert GEOSPATIAL.accepts(Profile(axes, shape, dtype, (), 8)) is accepted


def test_tiles_of_every_level_cover_the_raster_once() -> None:
    array = ground(1, (2, 1100, 700), "uint16")
    with open_raster(tiff(array)) as layer:
        grid = GEOSPATIAL.grid(layer.profile)
        assert (grid.tile, grid.levels) == (512, 3)
        for level in range(grid.levels):
            columns, rows = grid.shape(level)
            lines = [
                np.concatenate(
                    [GEOSPATIAL.tile(layer, level, column, row) for column in range(columns)], axis=2
                )
                for row in range(rows)
            ]
            assert np.array_equal(np.concatenate(lines, axis=1), layer.read(scale=2**level))
        assert np.array_equal(GEOSPATIAL.tile_of_bands(layer, [1], 0, 1, 2)[0], array[1, 1024:, 512:])


def test_outside_the_grid_and_the_bands_there_is_nothing() -> None:
    with open_raster(plain(ground(2, (600, 600)))) as layer:
        for level, column, row in ((0, 2, 0), (0, 0, -1), (2, 0, 0), (-1, 0, 0)):
            with pytest.raises(NotFound):
                GEOSPATIAL.tile(layer, level, column, row)
        with pytest.raises(NotFound, match="Band 1 does not exist"):
            GEOSPATIAL.tile_of_bands(layer, [0, 1], 0, 0, 0)


def test_patches_cover_every_pixel_once() -> None:
    with open_raster(plain(ground(3, (100, 70)))) as layer:
        covered = np.zeros((100, 70), int)
        for window in GEOSPATIAL.patches(layer.profile, 32):
            covered[window.top : window.bottom, window.left : window.right] += 1
    assert covered.min() == covered.max() == 1


def test_thumbnails_are_stretched_and_grey_where_nothing_was_measured() -> None:
    array = ground(4, (3, 300, 600), "float32")
    array[:, :, :200] = np.nan
    with open_raster(plain(array)) as layer:
        image = np.asarray(Image.open(io.BytesIO(GEOSPATIAL.thumbnail(layer, 160))))
    assert max(image.shape) <= 160
    assert np.abs(image[20, 10].astype(int) - 128).max() < 10
    assert image[:, 80:].std() > 20


def test_labels_have_thumbnails_in_the_colours_of_classes() -> None:
    array = np.zeros((40, 40), np.uint8)
    with open_raster(plain(array), labels=True) as layer:
        image = np.asarray(Image.open(io.BytesIO(GEOSPATIAL.thumbnail(layer, 160))))
    assert np.abs(image[20, 20].astype(int) - (0, 0x72, 0xB2)).max() < 6


def test_measuring_leaves_out_what_was_not_measured() -> None:
    array = ground(5, (2, 30, 30))
    array[:, :3] = -1
    with open_raster(plain(array, nodata=-1)) as layer:
        moments, histograms = GEOSPATIAL.measure(layer)
    assert moments[:, 0].tolist() == [810, 810]
    assert moments[0, 1] == pytest.approx(array[0, 3:].mean())
    assert [histogram.total for histogram in histograms] == [810, 810]
