"""Headers are those that GDAL reads, from as few bytes as hold them; broken ones say nothing and harm nothing."""

from __future__ import annotations

import io
import math
import random
import struct
import warnings
from typing import Any

import numpy as np
import pytest
import tifffile

from tests.formats.raster_sample import data, geotiff, mask
from triptych.formats.geotiff_pairs.header import MoreNeeded, RasterHeader, read_header

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

PIXELS = np.arange(3 * 40 * 50, dtype=np.int16).reshape(3, 40, 50)
WKT = (
    'PROJCS["Somewhere else",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",3],PARAMETER["central_meridian",17],PARAMETER["scale_factor",0.99],'
    'PARAMETER["false_easting",12],PARAMETER["false_northing",13],UNIT["metre",1]]'
)

FILES: dict[str, bytes] = {
    "plain": geotiff(PIXELS),
    "deflate": geotiff(PIXELS, compress="deflate", predictor=2),
    "zstd": geotiff(PIXELS.astype("float64"), compress="zstd", predictor=3),
    "lzw": geotiff(PIXELS.astype("uint32"), compress="lzw"),
    "packbits": geotiff(PIXELS.astype("int8"), compress="packbits"),
    "lerc": geotiff(PIXELS.astype("float32"), compress="lerc"),
    "jpeg": geotiff(np.zeros((3, 64, 64), np.uint8), compress="jpeg", photometric="ycbcr", tiled=True,
                    blockxsize=16, blockysize=16),
    "tiled": geotiff(PIXELS, tiled=True, blockxsize=32, blockysize=16, interleave="band"),
    "big": geotiff(PIXELS, BIGTIFF="YES", descriptions=("a", "b", "c"), nodata=-9999),
    "described": geotiff(PIXELS, descriptions=("VV", "", "near & far"), nodata=0),
    "nan": geotiff(PIXELS.astype("float32"), nodata=math.nan),
    "degrees": geotiff(PIXELS, crs="EPSG:4326", origin=(-1.5, 10.25), step=0.001),
    "none": geotiff(PIXELS, crs=None),
    "own system": geotiff(PIXELS, crs=WKT),
    "bit": mask(0, 1, nbits=1),
    "palette": geotiff(np.zeros((8, 8), np.uint8), photometric="palette"),
    "rgb": geotiff(np.zeros((3, 8, 8), np.uint8), photometric="rgb"),
    "wide": geotiff(np.zeros((300, 4, 4), np.uint8), descriptions=tuple(f"b{n}" for n in range(300))),
}  # fmt: skip


def whole(content: bytes) -> RasterHeader:
    found = read_header(content, len(content))
    assert found is not None
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_header_is_what_gdal_reads(name: str) -> None:
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    content = FILES[name]
    found = whole(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(content) as memory, memory.open() as file:
            assert (found.width, found.height, found.bands) == (file.width, file.height, file.count)
            assert found.dtype == file.dtypes[0]
            assert found.descriptions == tuple(text or "" for text in file.descriptions)
            assert repr(found.nodata) == repr(None if file.nodata is None else float(file.nodata))
            assert found.compression == (file.compression.value.lower() if file.compression else "")
            assert found.block == file.block_shapes[0]
            if file.crs is None:
                assert (found.crs, found.transform) == ("", None)
            else:
                assert found.transform == pytest.approx(tuple(file.transform)[:6])
                authority = file.crs.to_authority()
                assert found.crs == (":".join(authority) if authority else "Somewhere else")


def test_a_point_raster_begins_half_a_pixel_before_its_first_point() -> None:
    from rasterio.io import MemoryFile

    content = geotiff(PIXELS, tags={"AREA_OR_POINT": "Point"})
    with MemoryFile(content) as memory, memory.open() as file:
        assert whole(content).transform == pytest.approx(tuple(file.transform)[:6])


def test_a_rotated_raster_has_its_matrix_and_its_resolution() -> None:
    from rasterio import Affine

    turned = geotiff(PIXELS, transform=Affine(6, 8, 500_000, 8, -6, 5_000_000))
    found = whole(turned)
    assert found.transform == pytest.approx((6, 8, 500_000, 8, -6, 5_000_000))
    assert found.resolution == pytest.approx((10, 10))


def test_ground_control_points_are_a_place_without_a_transform() -> None:
    from rasterio.control import GroundControlPoint
    from rasterio.io import MemoryFile

    points = [
        GroundControlPoint(row, col, 10 + col / 100, 50 - row / 100)
        for row, col in ((0, 0), (0, 50), (40, 0))
    ]
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=50, height=40, count=1, dtype="uint8", gcps=points, crs="EPSG:4326"
        ):
            pass
        found = whole(bytes(memory.read()))
    assert (found.transform, found.has_points, found.is_geographic) == (None, True, True)


def test_metres_are_those_of_the_system_or_of_the_latitude() -> None:
    assert whole(FILES["plain"]).metres == 10
    assert whole(FILES["degrees"]).metres == pytest.approx(111.3195 * math.cos(math.radians(10.25)), rel=1e-4)
    assert whole(FILES["none"]).metres is None


def test_tags_say_the_time_the_wavelengths_the_scale_and_the_offset() -> None:
    content = geotiff(
        PIXELS, tags={"TIFFTAG_DATETIME": "2015:07:11 10:00:08", "SENSING_TIME": "2015-07-11T10:00:08Z"},
        band_tags={"wavelength": "0.6646 um", "scale": "0.5"},
    )  # fmt: skip
    found = whole(content)
    assert found.time == "2015-07-11T10:00:08Z"
    assert found.wavelengths == (664.6, 664.6, 664.6)
    assert (
        whole(geotiff(PIXELS, tags={"TIFFTAG_DATETIME": "2015:07:11 10:00:08"})).time == "2015:07:11 10:00:08"
    )
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(driver="GTiff", width=4, height=4, count=3, dtype="int16", crs="EPSG:32633") as file:
            file.scales, file.offsets = (0.1, 0.2, 0.3), (1.0, 2.0, 3.0)
        scaled = whole(bytes(memory.read()))
    assert (scaled.scales, scaled.offsets) == ((0.1, 0.2, 0.3), (1.0, 2.0, 3.0))


def test_the_other_byte_order_is_read(tmp_path: Any) -> None:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, PIXELS[0], byteorder=">", metadata=None)
    found = whole(buffer.getvalue())
    assert (found.width, found.height, found.dtype) == (50, 40, "int16")
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, PIXELS[0], byteorder=">", bigtiff=True, metadata=None)
    assert whole(buffer.getvalue()).width == 50


def test_several_images_and_overviews_are_told_apart() -> None:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(np.zeros((64, 64), np.uint8), metadata=None)
        writer.write(np.zeros((32, 32), np.uint8), subfiletype=1, metadata=None)
        writer.write(np.zeros((16, 16), np.uint8), subfiletype=1, metadata=None)
        writer.write(np.zeros((64, 64), np.uint8), metadata=None)
    found = whole(buffer.getvalue())
    assert (found.overviews, found.images) == ((2, 4), 2)


@pytest.mark.parametrize("name", ["plain", "big", "described", "wide", "deflate"])
def test_any_beginning_gives_the_header_or_asks_for_more(name: str) -> None:
    content = FILES[name]
    expected = repr(whole(content))
    asked = known = 0
    lengths = range(8, len(content), max(1, len(content) // 200))
    for length in lengths:
        try:
            known += repr(read_header(content[:length], len(content))) == expected
        except MoreNeeded as more:
            asked += length < more.length <= len(content)
    assert asked
    assert asked + known == len(lengths)


def test_what_was_asked_for_is_enough_in_few_steps() -> None:
    for content in FILES.values():
        head = content[:16]
        for _ in range(5):
            try:
                assert read_header(head, len(content)) is not None
                break
            except MoreNeeded as more:
                head = content[: more.length]
        else:
            pytest.fail("it asks without end")


def test_a_list_of_tiles_is_never_asked_for() -> None:
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(driver="GTiff", width=40_000, height=40_000, count=1, dtype="uint8", tiled=True,
                         blockxsize=256, blockysize=256, SPARSE_OK=True, crs="EPSG:32633"):  # fmt: skip
            pass
        content = bytes(memory.read())
    assert len(content) > 100_000
    found = read_header(content[:4096], len(content), partly=True)
    assert found is not None
    assert found.width == 40_000


def test_texts_out_of_reach_are_left_out_when_only_a_part_is_there() -> None:
    content = geotiff(np.zeros((300, 4, 4), np.uint8), descriptions=tuple("x" * 50 for _ in range(300)))
    for length in range(len(content) - 1, 0, -997):
        try:
            found = read_header(content[:length], len(content), partly=True)
        except MoreNeeded:
            break
        assert found is not None
        assert (found.width, found.bands, found.complete) == (4, 300, False)
    assert length < len(content) - 10_000


@pytest.mark.parametrize("name", ["plain", "big", "described"])
def test_damaged_headers_say_nothing_and_raise_nothing_else(name: str) -> None:
    content = FILES[name]
    generator = random.Random(3)
    asked: list[int] = []
    for _ in range(2_000):
        broken = bytearray(content[:1500])
        for _ in range(generator.randint(1, 6)):
            broken[generator.randrange(len(broken))] = generator.randrange(256)
        try:
            found = read_header(bytes(broken), len(content), partly=generator.random() < 0.5)
        except MoreNeeded as more:
            found = None
            asked.append(more.length)
        assert found is None or found.width > 0
    assert max(asked, default=0) <= len(content)


def test_what_is_no_tiff_and_what_loops_is_none_or_ends() -> None:
    assert read_header(b"", 0) is None
    assert read_header(b"\x89PNG", 4) is None
    assert read_header(b"II*\0", 4) is None
    entries = b"".join(
        struct.pack("<HHII", tag, 3, 1, value) for tag, value in ((256, 8), (257, 8), (258, 8), (277, 1))
    )
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 4) + entries + struct.pack("<I", 8)
    found = read_header(loop, len(loop))
    assert found is not None
    assert found.images == 1


def test_samples_that_no_array_has_are_told() -> None:
    assert whole(geotiff(PIXELS.astype("complex64"))).dtype == "complex64"
    assert whole(data(1, dtype="int16", bands=1)).dtype == "int16"


@pytest.mark.parametrize("name", ["plain", "big", "described", "wide", "deflate", "nan"])
def test_pieces_from_the_middle_of_a_file_are_enough_in_few_steps(name: str) -> None:
    content, pieces = FILES[name], list[tuple[int, bytes]]()
    for _ in range(6):
        try:
            assert repr(read_header(content[:16], len(content), pieces=pieces)) == repr(whole(content))
            break
        except MoreNeeded as more:
            pieces.append((more.start, content[more.start : more.length + 512]))
    else:
        pytest.fail("it asks without end")
