"""Statistics of rasters against two passes in float64; what counts and what does not; what is noticed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from blake3 import blake3
from PIL import Image
from rasterio.enums import ColorInterp

from tests.modalities.geospatial.rasters import ground, plain, reference, tiff
from triptych.core.labels import palette_color
from triptych.core.statistics import unpack_histograms, unpack_moments
from triptych.core.value_counts import unpack_value_counts
from triptych.modalities.geospatial import examine as module
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.planar.thumbnail import GROUND

if TYPE_CHECKING:
    from triptych.modalities.planar.examined import Examined

DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def figures(examined: Examined) -> list[tuple[float, ...]]:
    """n, mean, std, min, max, invalid of each band."""
    return [
        (n, mean, (m2 / n) ** 0.5 if n else 0.0, low, high, invalid)
        for n, mean, m2, low, high, invalid in unpack_moments(examined.moments).tolist()
    ]


def codes(examined: Examined) -> set[str]:
    return {code for code, _ in examined.notes}


def picture(examined: Examined, side: int = 512) -> Image.Image:
    data = examined.thumbnails[side]
    assert data is not None
    return Image.open(io.BytesIO(data))


def assert_like_reference(
    data: bytes, array: np.ndarray[Any, Any], valid: np.ndarray[Any, Any], **how: Any
) -> None:
    bands = array[np.newaxis] if array.ndim == 2 else array
    rules = valid if valid.ndim == 3 else np.broadcast_to(valid, bands.shape)
    found = figures(examine_raster(data, **how))
    assert len(found) == len(bands)
    for band, rule, (n, mean, std, low, high, invalid) in zip(bands, rules, found, strict=True):
        expected = reference(band, rule)
        assert (n, low, high) == (expected[0], expected[3], expected[4])
        assert mean == pytest.approx(expected[1], rel=1e-9)
        assert std == pytest.approx(expected[2], rel=1e-9)
        assert n + invalid == band.size


@pytest.mark.parametrize("dtype", DTYPES)
def test_figures_equal_two_passes_in_float64(dtype: str) -> None:
    array = ground(1, (3, 120, 130), dtype)
    assert_like_reference(tiff(array, compress="deflate"), array, np.ones(array.shape, bool))


def test_sums_that_overflow_16_bits_are_right() -> None:
    array = np.full((300, 300), 32_000, np.int16)
    array[::2] = -32_000
    array[0, 0] = 32_767
    assert_like_reference(plain(array), array, np.ones(array.shape, bool))


@pytest.mark.parametrize("dtype", ["int16", "uint16", "float32", "int32"])
def test_the_nodata_tag_is_left_out(dtype: str) -> None:
    array = ground(2, (2, 64, 64), dtype)
    value = 7 if dtype == "uint16" else -9999
    array[:, 10:20, 30:50] = value
    array[0, 0, 0] = value
    data = tiff(array, nodata=value)
    assert_like_reference(data, array, array != np.array(value, dtype))
    assert codes(examine_raster(data)) == set()


def test_nan_as_nodata_and_nan_without_a_tag_both_count_as_invalid_and_one_is_noted() -> None:
    array = ground(3, (64, 64), "float32")
    array[5:9] = np.nan
    array[20, 20] = np.inf
    tagged, untagged = tiff(array, nodata=float("nan")), tiff(array)
    for data in (tagged, untagged):
        assert_like_reference(data, array, np.isfinite(array))
    assert "values_not_finite" not in codes(examine_raster(tagged))
    assert ("values_not_finite", "257 samples") in examine_raster(untagged).notes


def test_a_declared_value_counts_besides_the_tag_of_the_file() -> None:
    array = ground(4, (64, 64), "int16")
    array[:4], array[4:9] = -9999, 0
    data = tiff(array, nodata=-9999)
    assert_like_reference(data, array, (array != -9999) & (array != 0), nodata=0.0)
    assert_like_reference(data, array, array != -9999, nodata=0.5)  # no sample can have it


def test_each_band_has_its_own_value_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from triptych.modalities.geospatial.facts import RasterFacts, facts_of

    def differing(dataset: Any) -> RasterFacts:
        import dataclasses

        return dataclasses.replace(facts_of(dataset), nodata=(1, 2), declared=(1.0, 2.0))

    monkeypatch.setattr(module, "facts_of", differing)
    array = np.stack([np.arange(16, dtype=np.uint8).reshape(4, 4)] * 2)
    found = examine_raster(plain(array))
    assert [row[0] for row in figures(found)] == [15, 15]
    assert [row[1] for row in figures(found)] == [pytest.approx(119 / 15), pytest.approx(118 / 15)]
    assert "nodata_by_band" in codes(found)


def test_a_tag_that_no_sample_can_have_leaves_nothing_out_and_is_noted() -> None:
    array = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for text, noted in ((b"1.5\0", True), (b"-99\0", False), (b"nan\0", False)):  # GDAL hides the latter two
        data = bytearray(plain(array, nodata=200))
        at = data.index(b"200\0")
        data[at : at + 4] = text
        found = examine_raster(bytes(data))
        assert figures(found)[0][0] == 256
        assert ("nodata_outside_range" in codes(found)) is noted


def test_the_mask_of_the_file_is_left_out_of_all_bands() -> None:
    array = ground(5, (3, 80, 60), "uint16")
    mask = np.ones((80, 60), bool)
    mask[10:30, 5:40] = False
    assert_like_reference(tiff(array, mask=mask), array, mask)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_what_is_transparent_is_left_out_and_the_transparency_itself_counts_whole(dtype: str) -> None:
    array = ground(6, (4, 50, 40), dtype)
    array[3] = np.iinfo(dtype).max
    array[3, :25] = 0
    colors = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
    valid = np.ones(array.shape, bool)
    valid[:3] = array[3] != 0
    data = tiff(array, colors=colors, photometric="rgb", alpha="yes")
    assert_like_reference(data, array, valid)
    details = examine_raster(data).details
    assert details is not None
    assert details["alpha"] is True
    assert details["colors"] == ["red", "green", "blue", "alpha"]


def test_a_raster_without_any_valid_sample_is_noted_and_has_a_grey_thumbnail() -> None:
    array = np.full((3, 40, 40), np.nan, np.float32)
    found = examine_raster(tiff(array, nodata=float("nan")))
    assert codes(found) == {"raster_empty"}
    assert [row[0] for row in figures(found)] == [0, 0, 0]
    assert np.asarray(picture(found)).tolist() == np.full((40, 40, 3), GROUND).tolist()


def test_empty_and_constant_bands_are_named() -> None:
    array = ground(7, (3, 30, 30), "int16")
    array[1], array[2] = -1, 5
    found = examine_raster(tiff(array, nodata=-1, descriptions=["B02", "B 03", "B02"]))
    assert found.bands == "B02 B_03 B02_2"
    assert ("band_empty", "B_03") in found.notes
    assert ("band_constant", "B02_2") in found.notes


def test_strips_of_a_large_raster_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    array = ground(8, (3, 700, 300), "int16")
    array[:, 100:333, 40:90] = -9999
    layouts: list[dict[str, Any]] = [{"tiled": True, "blockxsize": 128, "blockysize": 128}, {"blockysize": 7}]
    for options in layouts:
        data = tiff(array, nodata=-9999, compress="deflate", **options)
        whole = examine_raster(data)
        monkeypatch.setattr(module, "STRIP", 150_000)
        parts = examine_raster(data)
        monkeypatch.undo()
        assert np.allclose(unpack_moments(parts.moments), unpack_moments(whole.moments), rtol=1e-12)
        assert unpack_histograms(parts.histograms) == unpack_histograms(whole.histograms)
        assert parts.pixel_hash == whole.pixel_hash
        assert parts.thumbnails == whole.thumbnails


def test_strips_of_a_large_raster_of_labels_count_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for dtype in ("uint8", "int32", "float32"):
        array = (ground(9, (2000, 300), "int16") // 300).astype(dtype)
        data = plain(array, compress="deflate")
        whole = examine_raster(data)
        monkeypatch.setattr(module, "STRIP", 100_000)
        parts = examine_raster(data)
        monkeypatch.undo()
        assert parts.value_counts == whole.value_counts is not None
        assert parts.thumbnails == whole.thumbnails


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "float32", "float64"])
def test_values_of_labels_count_valid_and_invalid_alike(dtype: str) -> None:
    array = np.array([[-1, -1, 0], [1, 1, 1]], dtype)
    found = examine_raster(plain(array, nodata=-1))
    assert found.value_counts is not None
    assert unpack_value_counts(found.value_counts) == {-1: 2, 0: 1, 1: 3}
    assert figures(found)[0][0] == 4


def test_class_ids_up_to_65535_are_counted() -> None:
    array = np.array([[0, 65_535], [65_535, 40_000]], np.uint16)
    packed = examine_raster(plain(array)).value_counts
    assert packed is not None
    assert unpack_value_counts(packed) == {0: 1, 40_000: 1, 65_535: 2}


def test_nan_is_no_value_and_fractions_are_no_classes() -> None:
    whole = np.array([[np.nan, 1], [2, 2]], np.float32)
    packed = examine_raster(plain(whole)).value_counts
    assert packed is not None
    assert unpack_value_counts(packed) == {1: 1, 2: 2}
    for array in (np.array([[0.5, 1]], np.float32), np.array([[np.inf, 1]], np.float32)):
        assert examine_raster(plain(array)).value_counts is None


def test_more_different_values_than_classes_can_be_are_not_counted() -> None:
    array = np.arange(300 * 300, dtype=np.int32).reshape(300, 300)
    assert examine_raster(plain(array)).value_counts is None
    assert examine_raster(plain(ground(1, (2, 8, 8), "uint8"))).value_counts is None


def test_the_pixel_hash_is_of_the_samples_band_by_band() -> None:
    array = ground(10, (2, 9, 11), "int16")
    start = blake3(b"triptych raster 1 int16 9 11 2\n")
    for band in array:
        start.update(blake3(band.astype("<i2").tobytes()).digest())
    assert examine_raster(tiff(array)).pixel_hash == start.digest()
    assert examine_raster(plain(array, nodata=3)).pixel_hash == start.digest()
    assert examine_raster(plain(array[::-1])).pixel_hash != start.digest()
    assert examine_raster(plain(array.astype(np.int32))).pixel_hash != start.digest()


def test_hundreds_of_bands_are_measured_each() -> None:
    array = ground(11, (300, 12, 10), "uint16")
    found = examine_raster(plain(array))
    assert_like_reference(plain(array), array, np.ones(array.shape, bool))
    assert len(unpack_histograms(found.histograms)) == 300
    assert found.bands.split(" ")[298:] == ["299", "300"]


# --- thumbnails -------------------------------------------------------------------------------------------


def test_thumbnails_show_the_bands_that_are_asked_for_in_that_order() -> None:
    array = np.zeros((4, 100, 100), np.int16)
    array[3, :, 50:] = 1000  # bright in the right half
    right = np.asarray(picture(examine_raster(plain(array), rgb=(3, 0, 1))))[50, 75]
    assert right[0] > 200
    assert abs(int(right[1]) - GROUND) < 12
    assert abs(int(right[2]) - GROUND) < 12
    assert picture(examine_raster(plain(array), rgb=(3,))).mode == "L"


def test_a_thumbnail_is_never_nearly_black_however_small_the_values_or_far_the_outliers() -> None:
    array = ground(12, (3, 200, 200), "int16")
    array[:, 0, 0] = 32_000
    array[:, 40:60] = -9999
    levels = np.asarray(picture(examine_raster(tiff(array, nodata=-9999))).convert("L"))
    assert 70 < levels.mean() < 190
    reflectance = ground(13, (1, 64, 64), "float32")[0] / 1e7
    reflectance[3, 3] = 1e30
    assert 60 < np.asarray(picture(examine_raster(tiff(reflectance)))).mean() < 200


def test_eight_bit_natural_colors_are_shown_as_they_are() -> None:
    array = np.stack([np.full((64, 64), level, np.uint8) for level in (180, 90, 40)])
    array[:, :32] //= 2
    colors = [ColorInterp.red, ColorInterp.green, ColorInterp.blue]
    shown = np.asarray(picture(examine_raster(tiff(array, colors=colors, photometric="rgb"))))
    assert np.abs(shown[60, 30].astype(int) - (180, 90, 40)).max() <= 4


def test_labels_are_shown_in_the_colours_of_classes_and_what_means_nothing_in_grey() -> None:
    array = np.zeros((60, 60), np.int16)
    array[:, 20:40], array[:, 40:] = 3, -1
    shown = np.asarray(picture(examine_raster(plain(array, nodata=-1))))
    for column, color in ((10, palette_color(0)), (30, palette_color(3))):
        expected = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(shown[30, column].astype(int) - expected).max() <= 6
    assert np.abs(shown[30, 50].astype(int) - GROUND).max() <= 6


def test_a_picture_with_a_table_of_colours_is_shown_by_it() -> None:
    array = (np.indices((40, 40))[1] // 20).astype(np.uint8)
    found = examine_raster(plain(array, colormap={0: (200, 20, 30, 255), 1: (10, 200, 20, 255)}))
    shown = np.asarray(picture(found)).astype(int)
    assert np.abs(shown[20, 5] - (200, 20, 30)).max() <= 8
    assert np.abs(shown[20, 35] - (10, 200, 20)).max() <= 8
    assert "colormap" in codes(found)
    assert found.details is not None
    assert found.details["colormap"]["0"] == "#c8141eff"


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (3, 5, 1100), (2, 1500, 40)])
def test_thumbnails_fit_their_side_whatever_the_shape(shape: tuple[int, ...]) -> None:
    found = examine_raster(plain(ground(14, shape, "float32")))
    for side in (160, 512):
        assert max(picture(found, side).size) <= side
    assert max(picture(found, 160).size) >= min(120, max(shape[-2:]))


def test_wavelengths_and_names_choose_the_colours() -> None:
    array = ground(15, (5, 20, 20), "uint16")
    from triptych.modalities.geospatial.facts import facts_of, rgb_places
    from triptych.modalities.geospatial.reading import opened

    with opened(plain(array, descriptions=["B02", "B03", "B04", "B08", "B11"])) as dataset:
        assert rgb_places(facts_of(dataset)) == (2, 1, 0)
    with opened(plain(array)) as dataset:
        assert rgb_places(facts_of(dataset)) == (0, 1, 2)


# --- details ----------------------------------------------------------------------------------------------


def test_details_tell_the_place_and_the_form_of_the_file() -> None:
    array = ground(16, (2, 100, 200), "int16")
    data = tiff(
        array,
        nodata=-9999,
        compress="deflate",
        tiled=True,
        blockxsize=64,
        blockysize=32,
        descriptions=["VV", ""],
        tags={"TIFFTAG_DATETIME": "2016:07:30 10:20:30", "AREA_OR_POINT": "Area"},
    )
    found = examine_raster(data)
    details = found.details
    assert details is not None
    assert (found.format, found.bands, found.width, found.height) == ("GTIFF", "VV 2", 200, 100)
    assert details["crs"] == "EPSG:32633"
    assert details["transform"] == [10, 0, 500_000, 0, -10, 5_000_000]
    assert details["bounds"] == [500_000, 4_999_000, 502_000, 5_000_000]
    assert details["resolution"] == [10, 10]
    assert details["nodata"] == -9999
    assert details["descriptions"] == ["VV", ""]
    assert details["time"] == "2016-07-30T10:20:30+00:00"
    assert (details["compression"], details["block"]) == ("DEFLATE", [32, 64])
    assert details["footprint"]["west"] == pytest.approx(15.0)
    assert details["wavelengths"] == [None, None]
    assert found.notes == ()


def test_a_raster_without_a_place_is_noted_and_has_none() -> None:
    found = examine_raster(plain(ground(17, (20, 20))))
    assert found.details is not None
    assert (found.details["crs"], found.details["transform"], found.details["footprint"]) == ("", None, None)
    assert "georeference_missing" in codes(found)


def test_a_second_image_in_the_file_is_noted() -> None:
    import tifffile

    target = io.BytesIO()
    with tifffile.TiffWriter(target) as writer:
        for level in (1, 2, 3):
            writer.write(np.full((16, 16), level, np.uint8))
    found = examine_raster(target.getvalue())
    assert ("several_images", "3 images") in found.notes
    assert figures(found)[0][1] == 1
