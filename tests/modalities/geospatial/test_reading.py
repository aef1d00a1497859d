"""What is refused, before anything large is held in memory, and what is read to the last bit."""

from __future__ import annotations

import io
import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest
import tifffile
from rasterio.io import MemoryFile

from tests.modalities.geospatial.rasters import UTM, ground, plain, tiff
from triptych.core.source import MemberError
from triptych.modalities.geospatial import reading
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.geospatial.layer import open_raster
from triptych.modalities.planar.examined import PlanarLimits


def refusal(data: bytes, limits: PlanarLimits | None = None) -> MemberError:
    with pytest.raises(MemberError) as refused:
        examine_raster(data, limits)
    assert refused.value.reason.endswith(".")
    assert refused.value.hint
    return refused.value


def sparse(side: int) -> bytes:
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=side,
            height=side,
            count=1,
            dtype="uint8",
            crs="EPSG:32633",
            transform=UTM,
            SPARSE_OK=True,
            tiled=True,
            blockxsize=8192,
            blockysize=8192,
            compress="deflate",
        ):
            pass
        return bytes(memory.read())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n", "not_a_raster"),
        (b"II*\0", "damaged"),
        (b"II*\0\x08\0\0\0", "damaged"),
        (b"MM\0*\xff\xff\xff\xff", "damaged"),
        (b"II+\0\x08\0\0\0" + b"\0" * 8, "damaged"),
        (b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 200, "damaged"),
    ],
)
def test_what_is_no_tiff_or_a_broken_one_is_told_so(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_sparse_raster_of_100000_pixels_a_side_is_refused_without_being_held() -> None:
    data = sparse(100_000)
    assert len(data) < 100_000
    tracemalloc.start()
    try:
        assert refusal(data).code == "too_many_pixels"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_few_pixels_in_very_many_bands_are_refused_as_too_many() -> None:
    array = np.zeros((100, 10, 10), np.uint8)
    assert refusal(plain(array), PlanarLimits(max_pixels=100)).code == "too_many_pixels"


def test_more_bands_than_a_recipe_can_name_are_refused() -> None:
    assert refusal(plain(np.zeros((4097, 1, 1), np.uint8))).code == "too_many_bands"


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_samples_are_refused_by_name(dtype: str) -> None:
    error = refusal(plain(np.ones((4, 4), dtype)))
    assert (error.code, dtype in error.reason) == ("unsupported_samples", True)


def test_a_block_that_is_too_large_to_be_decoded_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BLOCK_BYTES", 1000)
    assert refusal(plain(ground(0, (64, 64)), blockysize=64, compress="deflate")).code == "block_too_large"


@pytest.mark.parametrize(
    "options", [{}, {"compress": "deflate"}, {"tiled": True, "blockxsize": 64, "blockysize": 64}]
)
def test_a_raster_cut_short_is_damaged_and_says_so(options: dict[str, Any]) -> None:
    data = tiff(ground(1, (3, 200, 200)), **options)
    codes = {refusal(data[: len(data) * share // 10]).code for share in (1, 5, 9)}
    assert codes == {"damaged"}


def test_a_damaged_block_is_told_and_not_read_as_zeros() -> None:
    data = bytearray(
        tiff(ground(2, (200, 200)), compress="deflate", tiled=True, blockxsize=64, blockysize=64)
    )
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        start, length = file.pages[0].dataoffsets[5], file.pages[0].databytecounts[5]
    data[start + 4 : start + length - 4] = b"\xaa" * (length - 8)
    assert refusal(bytes(data)).code == "damaged"


def test_offsets_far_beyond_the_file_are_damage() -> None:
    data = bytearray(plain(np.zeros((8, 8), np.uint8)))
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        where = file.pages.first.tags["StripOffsets"].valueoffset
    data[where : where + 4] = struct.pack("<I", 0x7FFFFFF0)
    assert refusal(bytes(data)).code == "damaged"


COMPRESSIONS: list[dict[str, Any]] = [
    {},
    {"compress": "deflate"},
    {"compress": "deflate", "predictor": 2},
    {"compress": "lzw", "predictor": 2},
    {"compress": "zstd", "predictor": 2},
    {"compress": "lerc"},
    {"compress": "lerc_zstd", "MAX_Z_ERROR": 0},
    {"compress": "packbits"},
    {"compress": "lzma"},
    {"compress": "deflate", "interleave": "band"},
    {"compress": "deflate", "interleave": "pixel", "tiled": True, "blockxsize": 64, "blockysize": 32},
    {"compress": "lzw", "interleave": "band", "tiled": True, "blockxsize": 16, "blockysize": 16},
    {"BIGTIFF": "YES", "compress": "deflate"},
    {"ENDIANNESS": "BIG"},
    {"ENDIANNESS": "BIG", "compress": "deflate", "predictor": 2},
]


@pytest.mark.parametrize(
    "options", COMPRESSIONS, ids=lambda options: " ".join(map(str, options.values())) or "none"
)
@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
def test_every_way_to_store_samples_gives_the_same_samples_and_hash(
    options: dict[str, Any], dtype: str
) -> None:
    if "lerc" in options.get("compress", "") and dtype == "int8":
        options = {"compress": "zstd"}  # GDAL writes no LERC of int8
    array = ground(3, (3, 90, 110), dtype)
    data = tiff(array, **options)
    with open_raster(data) as layer:
        read = layer.read()
    assert read.dtype == array.dtype
    assert np.array_equal(read, array)
    assert examine_raster(data).pixel_hash == examine_raster(tiff(array)).pixel_hash


def test_floats_after_the_predictor_for_floats_are_the_same() -> None:
    array = ground(4, (2, 70, 50), "float32")
    with open_raster(tiff(array, compress="deflate", predictor=3)) as layer:
        assert np.array_equal(layer.read(), array)


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_64_bit_integers_keep_every_bit(dtype: str) -> None:
    limits = np.iinfo(dtype)
    array = np.array([[limits.min, limits.max, 1], [2, 3, limits.max - 1]], dtype)
    with open_raster(plain(array)) as layer:
        assert np.array_equal(layer.read(), array)


def test_half_floats_are_read_as_floats() -> None:
    array = np.array([[0.5, 1.25], [-3, 60000]], np.float16)
    data = io.BytesIO()
    tifffile.imwrite(data, array)
    with open_raster(data.getvalue()) as layer:
        assert layer.profile.dtype == "float32"
        assert np.array_equal(layer.read(), array.astype(np.float32))


def test_one_bit_samples_are_zeros_and_ones() -> None:
    array = (np.indices((20, 30)).sum(axis=0) % 3 == 0).astype(np.uint8)
    data = plain(array, NBITS=1)
    with open_raster(data) as layer:
        assert np.array_equal(layer.read(), array)
        assert layer.profile.bit_depth == 1
    assert examine_raster(data).bit_depth == 1


def test_jpeg_inside_a_tiff_is_as_another_reader_has_it() -> None:
    array = ground(5, (3, 64, 64), "uint8")
    data = tiff(array, compress="jpeg", interleave="pixel", photometric="ycbcr")
    other = tifffile.imread(io.BytesIO(data))
    with open_raster(data) as layer:
        assert np.abs(np.moveaxis(layer.read(), 0, 2).astype(int) - other.astype(int)).max() <= 2


def test_neighbouring_files_are_not_looked_at(tmp_path: Any) -> None:
    array = np.ones((8, 8), np.uint8)
    file = tmp_path / "a.tif"
    data = plain(array)
    file.write_bytes(data)
    (tmp_path / "a.tfw").write_text("10\n0\n0\n-10\n500000\n5000000\n")
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:32633</SRS></PAMDataset>")
    with open_raster(path=(str(file), 0, len(data))) as layer:
        frame = layer.profile.frame
    assert getattr(frame, "crs", None) == ""
    assert getattr(frame, "transform", 0) is None


def test_an_environment_within_another_changes_nothing_and_the_outer_one_ends() -> None:
    from rasterio.env import getenv, hasenv

    environment = reading.environment

    assert not hasenv()
    with environment():
        options = getenv()
        assert options["GDAL_DISABLE_READDIR_ON_OPEN"] == "EMPTY_DIR"
        with environment():
            assert getenv() == options
        assert getenv() == options
        with pytest.raises(RuntimeError, match="within"), environment():
            raise RuntimeError("within")
        assert getenv() == options
    assert not hasenv()
    with environment():
        assert getenv() == options
