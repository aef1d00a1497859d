"""The laws of sizes: those of an independent reader, turned as EXIF says, from few bytes."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.formats.memory_root import MemoryRoot
from tests.formats.samples import flat_png
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.pictures.sizes import HEAD_BYTES, Sizes, picture_size
from triptych.formats.registry import choose


def picture(kind: str, orientation: int | None = None, padding: int = 0) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    if padding:
        exif[0x010E] = "x" * padding
    Image.new("RGB", (31, 17)).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [None, 1, 3, 5, 6, 7, 8])
def test_a_size_is_that_of_the_picture_as_it_is_seen(kind: str, orientation: int | None) -> None:
    data = picture(kind, orientation)
    with Image.open(io.BytesIO(data)) as opened:
        assert picture_size(data) == ImageOps.exif_transpose(opened).size


def test_the_first_64_kilobytes_are_enough_for_large_headers() -> None:
    data = picture("JPEG", 6, padding=50_000)
    assert picture_size(data[:HEAD_BYTES]) == (17, 31)
    assert picture_size(data[:4096]) is None


@pytest.mark.parametrize("sides", [(100_001, 1), (1, 100_001), (0, 5), (100_000, 100_000)])
def test_a_size_that_no_picture_has_is_none(sides: tuple[int, int]) -> None:
    header = struct.pack(">IIBBBBB", *sides, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header
    assert picture_size(data + struct.pack(">I", zlib.crc32(b"IHDR" + header))) is None


@given(st.one_of(st.binary(max_size=300), st.integers(0, 400).map(lambda cut: picture("JPEG", 6)[:cut])))
def test_any_bytes_have_a_size_or_none(head: bytes) -> None:
    for data in (head, b"\xff\xd8\xff" + head, b"\x89PNG\r\n\x1a\n" + head):
        size = picture_size(data)
        assert size is None or min(size) > 0


def test_sizes_are_looked_up_once_and_only_when_asked_for() -> None:
    root = MemoryRoot({"a.png": flat_png(3, 2), "b.jpg": picture("JPEG", 6, padding=9000), "c.png": b"x"})
    sizes = Sizes(view_of(root))
    before = root.heads_read
    assert (sizes.of(0), sizes.of(1), sizes.of(2)) == ((2, 3), (31, 17), None)
    read = root.heads_read
    assert read > before
    assert (sizes.of(0), sizes.of(1)) == ((2, 3), (31, 17))
    assert root.heads_read == read


def test_a_view_that_bounds_headers_gets_no_more() -> None:
    root = MemoryRoot({f"images/{at}.png": flat_png(at + 1, 2) for at in range(5)})
    sizes = Sizes(view_of(root, most_headers=2))
    before = root.heads_read
    assert [sizes.of(at) for at in range(5)] == [(2, 1), (2, 2), None, None, None]
    assert root.heads_read - before <= 4
    assert [sizes.supposed(at) for at in (0, 4)] == [(2, 1), (2, 2)]
    assert sizes.sampled == {2, 3, 4}


def test_a_check_with_few_headers_says_so() -> None:
    files = {f"images/{at}.png": flat_png(8, 8, at) for at in range(4)}
    files |= {f"labels/{at}.txt": b"0 0.5 0.5 0.5 0.5\n" for at in range(4)} | {"classes.txt": b"cat\n"}
    view = view_of(MemoryRoot(files), most_headers=1)
    found = choose(view)[0].load_reader().inventory(view, ReaderOptions())
    assert [finding.code for finding in found.findings] == ["sizes_sampled"]
    assert len(found.annotation_sets[0].labels) == 4
