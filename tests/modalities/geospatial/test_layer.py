"""Windows, bands and scales of open layers against plain arrays; the file's own copies, pyramids, ranges of files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.modalities.geospatial.rasters import ground, plain, tiff
from triptych.core.raster import GeoFrame, Window
from triptych.core.source import MemberError
from triptych.modalities.geospatial import layer as module
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.geospatial.layer import open_raster
from triptych.modalities.planar.examined import PlanarLimits

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SMALL = PlanarLimits(pyramid_pixels=1000)
WINDOWS = [
    None,
    Window(0, 0, 512, 512),
    Window(512, 512, 1024, 700),
    Window(1, 3, 100, 77),
    Window(1024, 0, 1100, 700),
]


def box_means(
    array: NDArray[Any], valid: NDArray[np.bool_], scale: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Means of the valid samples of (y, x) in boxes, one by one."""
    height, width = array.shape
    shape = -(-height // scale), -(-width // scale)
    means, any_valid = np.zeros(shape), np.zeros(shape, bool)
    for row in range(shape[0]):
        for column in range(shape[1]):
            part = slice(row * scale, (row + 1) * scale), slice(column * scale, (column + 1) * scale)
            values = array[part][valid[part]]
            if values.size:
                means[row, column] = values.astype(np.float64).mean()
                any_valid[row, column] = True
    return means, any_valid


def cut(window: Window | None, array: NDArray[Any]) -> NDArray[Any]:
    return array if window is None else array[..., window.top : window.bottom, window.left : window.right]


def test_the_profile_tells_axes_names_and_place() -> None:
    with open_raster(tiff(ground(1, (3, 40, 50)), descriptions=["VV", "VH", ""])) as layer:
        profile = layer.profile
    assert (profile.axes, profile.shape, profile.bands) == ("cyx", (3, 40, 50), ("VV", "VH", "3"))
    assert profile.frame == GeoFrame("EPSG:32633", (10, 0, 500_000, 0, -10, 5_000_000))
    assert (profile.dtype, profile.bit_depth, profile.scales) == ("int16", 16, (1,))
    with open_raster(plain(ground(1, (1300, 10)))) as layer:
        assert (layer.profile.axes, layer.profile.scales, layer.profile.frame) == (
            "yx",
            (1, 2, 4),
            GeoFrame(),
        )


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("interleave", ["pixel", "band"])
def test_bands_of_windows_come_in_the_order_asked_for(window: Window | None, interleave: str) -> None:
    array = ground(2, (4, 1100, 700), "uint16")
    with open_raster(tiff(array, compress="deflate", interleave=interleave)) as layer:
        assert np.array_equal(layer.read(window), cut(window, array))
        assert np.array_equal(layer.read_bands([3, 0, 0], window), cut(window, array[[3, 0, 0]]))
        assert layer.valid(window).all()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_thinning_is_the_mean_of_what_was_measured(dtype: str, scale: int) -> None:
    array = ground(3, (61, 47), dtype)
    nodata = 0 if dtype == "uint8" else -99
    array[5:20, 7:31] = nodata
    with open_raster(tiff(array, nodata=nodata)) as layer:
        means, valid = layer.read(scale=scale), layer.valid(scale=scale)
    expected, any_valid = box_means(array, array != nodata, scale)
    assert np.array_equal(valid, any_valid)
    exact = np.floor(expected + 0.5) if np.dtype(dtype).kind in "iu" else expected
    assert means.dtype == dtype
    np.testing.assert_allclose(means[valid], exact[valid], rtol=1e-6 if dtype == "float32" else 1e-12)


def test_labels_are_thinned_to_the_sample_in_the_middle_of_each_box() -> None:
    array = (np.indices((50, 45)).sum(axis=0) % 7).astype(np.uint8)
    rows = np.minimum(np.arange(0, 50, 4) + 2, 49)
    columns = np.minimum(np.arange(0, 45, 4) + 2, 44)
    with open_raster(plain(array), labels=True) as layer:
        assert np.array_equal(layer.read(scale=4), array[rows][:, columns])
    with open_raster(plain(array, colormap={value: (value, 0, 0, 255) for value in range(7)})) as layer:
        assert np.array_equal(layer.read(scale=4), array[rows][:, columns])


def test_what_counts_follows_tag_mask_nan_and_declared_value() -> None:
    array = ground(4, (2, 30, 20), "float32")
    array[0, 3, 3], array[1, 4, 4], array[0, 5, 5] = np.nan, -9999, 12_345
    with open_raster(tiff(array, nodata=-9999), nodata=12_345.0) as layer:
        assert np.argwhere(~layer.valid(bands=[0])).tolist() == [[3, 3], [5, 5]]
        assert np.argwhere(~layer.valid(bands=[1])).tolist() == [[4, 4]]
        assert np.argwhere(~layer.valid()).tolist() == [[3, 3], [4, 4], [5, 5]]
    mask = np.ones((30, 20), bool)
    mask[7:9, 1:3] = False
    with open_raster(tiff(ground(4, (2, 30, 20)), mask=mask)) as layer:
        assert np.array_equal(layer.valid(), mask)
        assert np.array_equal(layer.valid(Window(6, 0, 12, 5)), mask[6:12, :5])


@pytest.mark.parametrize("how", ["data", "path", "file"])
def test_a_raster_is_read_from_bytes_a_part_of_a_file_or_an_open_file(how: str, tmp_path: Path) -> None:
    array = ground(5, (2, 300, 200))
    data = tiff(array, compress="deflate", tiled=True, blockxsize=64, blockysize=64, overviews=[2, 4])
    path = tmp_path / "pack, of others"
    path.write_bytes(b"before" + data + b"after")
    given: dict[str, Any] = {
        "data": {"data": data},
        "path": {"path": (str(path), 6, len(data))},
        "file": {"file": io.BytesIO(data)},
    }
    chosen = given[how]
    with open_raster(**chosen) as layer:
        assert np.array_equal(layer.read(Window(10, 20, 90, 130)), array[:, 10:90, 20:130])
        assert layer.read(scale=4).shape == (2, 75, 50)
        assert np.array_equal(layer.read(), array)


def test_an_open_file_is_read_by_ranges_not_whole() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            Counting.taken += len(found)
            return found

    noise = np.random.default_rng(6).integers(0, 255, (2, 2048, 2048), np.uint8)
    data = tiff(noise, compress="deflate", tiled=True, blockxsize=256, blockysize=256)
    with open_raster(file=Counting(data)) as layer:
        layer.read(Window(256, 256, 512, 512))
    assert Counting.taken < len(data) / 10


def test_the_files_own_copies_are_read_where_a_window_is_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    array = ground(7, (2, 1100, 900), "int16")
    data = tiff(array, tiled=True, blockxsize=256, blockysize=256, overviews=[2, 4])
    assert examine_raster(data, SMALL).pyramid is None
    sizes: list[tuple[int, int]] = []
    original: Any = vars(module)["read_samples"]

    def watched(dataset: Any, *rest: Any) -> Any:
        sizes.append(dataset.shape)
        return original(dataset, *rest)

    monkeypatch.setattr(module, "read_samples", watched)
    with open_raster(data) as layer:
        layer.read(scale=4)
        layer.read(Window(0, 0, 512, 512), 2)
        layer.read(Window(1, 0, 512, 512), 2)
        assert layer.read(scale=8).shape == (2, 138, 113)
    assert sizes == [(275, 225), (550, 450), (1100, 900), (275, 225)]


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint32", "float32", "float64", "int64"])
@pytest.mark.parametrize("missing", ["nothing", "tag", "mask"])
def test_a_pyramid_reads_as_full_size_does(dtype: str, missing: str) -> None:
    array = ground(8, (3, 1301, 713), dtype)
    mask = np.ones((1301, 713), bool)
    mask[100:777, 33:400] = False
    ways: dict[str, dict[str, Any]] = {"nothing": {}, "tag": {"nodata": 3}, "mask": {"mask": mask}}
    how = ways[missing]
    if missing == "tag":
        array[:, ~mask] = 3
    data = tiff(array, compress="deflate", **how)
    pyramid = examine_raster(data, SMALL).pyramid
    assert pyramid is not None
    with open_raster(data) as full, open_raster(data, pyramid=pyramid) as thin:
        thin.close()
        thin = open_raster(data, pyramid=pyramid)
        for scale in (1, 2, 4, 8):
            for window in (None, Window(0, 0, 512, 512), Window(1024, 512, 1301, 713), Window(8, 16, 40, 48)):
                for places in ([0, 1, 2], [2]):
                    expected, valid = full.read_measured(places, window, scale)
                    samples, measured = thin.read_measured(places, window, scale)
                    rule = np.ones(expected.shape, bool) if valid is None else valid
                    assert np.array_equal(
                        rule, np.ones(samples.shape, bool) if measured is None else measured
                    )
                    assert samples.dtype == expected.dtype
                    if scale in full.profile.scales:
                        np.testing.assert_allclose(samples[rule], expected[rule], rtol=1e-6)
        thin.close()


@pytest.mark.parametrize("labels", [False, True])
def test_a_small_raster_is_read_once_for_all_its_thinned_windows(
    labels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = ground(12, (3, 301, 218), "int16")
    array[:, 90:170, 33:77] = -99
    data = tiff(array, nodata=-99)
    windows = [
        None,
        Window(0, 0, 64, 64),
        Window(64, 8, 301, 104),
        Window(8, 120, 160, 218),
        Window(3, 0, 50, 9),
    ]
    with open_raster(data, labels=labels) as layer:
        expected = {
            (window, scale): layer._read_thinned([2, 0], window or Window(0, 0, 301, 218), scale)
            for window in windows
            for scale in (2, 4, 8)
        }
        reads: list[object] = []
        original: Any = vars(module)["read_samples"]

        def watched(*given: Any) -> Any:
            reads.append(given)
            return original(*given)

        monkeypatch.setattr(module, "read_samples", watched)
        for (window, scale), (samples, measured) in expected.items():
            found, valid = layer.read_measured([2, 0], window, scale)
            assert np.array_equal(found, samples)
            everywhere = np.ones(samples.shape, bool)
            assert np.array_equal(
                everywhere if valid is None else valid, everywhere if measured is None else measured
            )
    assert len(reads) == 3 + 3, "once for each scale, and the window that lies askew"


def test_choices_of_bands_that_are_held_are_few() -> None:
    with open_raster(plain(ground(13, (9, 40, 30)))) as layer:
        for band in range(9):
            thinned = layer.read_bands([band], scale=2)
            assert len(layer._held) <= module.HELD_READINGS
            with pytest.raises(ValueError, match="read-only"):
                thinned[0, 0, 0] = 1
        assert layer.read_bands([0]).flags.writeable


def test_a_pyramid_of_labels_holds_labels_alone() -> None:
    array = (np.indices((1200, 1100)).sum(axis=0) // 40 % 5).astype(np.int16)
    data = plain(array, compress="deflate")
    pyramid = examine_raster(data, SMALL).pyramid
    assert pyramid is not None
    with open_raster(data, labels=True) as full, open_raster(data, labels=True, pyramid=pyramid) as thin:
        for scale in (2, 4):
            assert np.array_equal(thin.read(scale=scale), full.read(scale=scale))
        assert thin._pyramid is not None
    with open_raster(data, pyramid=pyramid) as layer:  # as a picture: means, not the labels of the pyramid
        assert layer._pyramid is None


def test_a_pyramid_made_without_the_declared_value_is_not_used_with_it() -> None:
    array = ground(9, (700, 600), "int16")
    data = plain(array)
    pyramid = examine_raster(data, SMALL).pyramid
    assert pyramid is not None
    with open_raster(data, pyramid=pyramid, nodata=500.0) as layer:
        assert layer._pyramid is None
        assert layer.read(scale=2).shape == (350, 300)


def test_strips_of_any_height_make_the_same_pyramid(monkeypatch: pytest.MonkeyPatch) -> None:
    from triptych.modalities.geospatial import examine as module

    array = ground(10, (2, 1201, 640), "float32")
    array[:, 400:600, 100:300] = np.nan
    data = plain(array, blockysize=1)
    whole = examine_raster(data, SMALL).pyramid
    for size in (8_000, 77_000, 600_000):
        monkeypatch.setattr(module, "STRIP", size)
        assert examine_raster(data, SMALL).pyramid == whole is not None


def test_what_is_no_raster_no_pyramid_or_no_band_is_told() -> None:
    data = plain(ground(11, (2, 8, 8)))
    with pytest.raises(MemberError, match="does not begin"):
        open_raster(b"GIF89a")
    with pytest.raises(MemberError, match="no bytes"):
        open_raster(file=io.BytesIO())
    with pytest.raises(ValueError, match="not a pyramid"):
        open_raster(data, pyramid=b"II*\0")
    with pytest.raises(ValueError, match="not a pyramid"):
        open_raster(data, pyramid=data)
    with pytest.raises(ValueError, match="exactly one"):
        open_raster()
    with open_raster(data) as layer, pytest.raises(IndexError, match="bands"):
        layer.read_bands([2])
