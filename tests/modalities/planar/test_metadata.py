"""What a file says of itself is read, bounded, and told apart: what may be of a person, and what is of the device."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from triptych.modalities.planar import exif_tags, metadata
from triptych.modalities.planar.exif_tags import exif_entries
from triptych.modalities.planar.metadata import ENTRIES, TEXT_BYTES, Entry, read_metadata

PICTURE = Image.new("RGB", (20, 10))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    exif[0x0112] = 6
    exif[0x013B] = "Jane Doe"
    exif[0x9C9B] = "Tïtle".encode("utf-16-le")
    camera = exif.get_ifd(0x8769)
    camera[0x829A] = 0.008
    camera[0x9003] = "2026:01:01 10:00:00"
    camera[0x9286] = b"ASCII\0\0\0seen by J"
    camera[0x927C] = bytes(range(80))
    camera[0xA431] = "SER123"
    camera[0xA430] = "The Owner"
    place = exif.get_ifd(0x8825)
    place[1] = "N"
    place[2] = (48.0, 8.0, 30.5)
    return exif


def _saved(kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    PICTURE.save(target, kind, **options)
    return target.getvalue()


def _values(entries: list[Entry]) -> dict[str, str]:
    return {entry.name: entry.value for entry in entries}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exif_is_told_by_name_and_what_may_be_of_a_person_is_marked(kind: str) -> None:
    entries = [entry for entry in read_metadata(_saved(kind, exif=_exif())) if entry.group in ("EXIF", "GPS")]
    assert _values(entries) == {
        "Make": "Canon",
        "Orientation": "6",
        "Artist": "Jane Doe",
        "XPTitle": "Tïtle",
        "ExposureTime": "1/125",
        "DateTimeOriginal": "2026:01:01 10:00:00",
        "UserComment": "seen by J",
        "MakerNote": "80 bytes",
        "BodySerialNumber": "SER123",
        "CameraOwnerName": "The Owner",
        "GPSLatitudeRef": "N",
        "GPSLatitude": "48, 8, 30.5",
    }
    assert {entry.name for entry in entries if not entry.personal} == {"Make", "Orientation", "ExposureTime"}


def test_a_jpeg_tells_how_it_is_stored_and_its_comment() -> None:
    entries = read_metadata(_saved("JPEG", comment="from\nthe ward", progressive=True, subsampling="4:2:0"))
    values = _values(entries)
    assert values["Compression"] == "JPEG, progressive"
    assert values["Colour sampling"] == "4:2:0"
    assert [entry for entry in entries if entry.personal] == [Entry("Text", "Comment", "from the ward", True)]


def test_a_png_tells_how_it_is_stored_and_its_texts() -> None:
    texts = PngInfo()
    texts.add_text("Author", "J")
    texts.add_text("Software", "a program", zip=True)
    texts.add_itxt("Title", "Ä", "de", "Titel", zip=True)
    entries = read_metadata(_saved("PNG", pnginfo=texts, dpi=(72, 72)))
    assert _values(entries) == {
        "Compression": "PNG, deflate",
        "Stored as": "RGB, 8 bits",
        "Author": "J",
        "Software": "a program",
        "Title": "Ä",
        "Pixels per metre": "2835 × 2835",
    }
    assert {entry.name for entry in entries if entry.personal} == {"Author", "Title"}


def test_texts_are_shown_short_on_one_line_and_without_control_characters() -> None:
    texts = PngInfo()
    texts.add_text("Title", "a\n b\x1b[31m\u0000" + "x" * 3000)
    (value,) = (entry.value for entry in read_metadata(_saved("PNG", pnginfo=texts)) if entry.name == "Title")
    assert value.startswith("a b�[31m�xxx")
    assert len(value) == 501
    assert value.endswith("…")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def test_a_text_that_inflates_without_end_is_read_as_far_as_it_is_shown() -> None:
    stream = zlib.compress(b"y" * 50_000_000)
    assert len(metadata._inflated(stream)) == TEXT_BYTES
    entries = read_metadata(_saved("PNG")[:33] + _chunk(b"zTXt", b"Title\0\0" + stream))
    assert entries[-1] == Entry("Text", "Title", "y" * 500 + "…", True)


def test_more_texts_than_are_told_are_left_out() -> None:
    start = _saved("PNG")
    many = b"".join(_chunk(b"tEXt", b"Name%d\0text" % number) for number in range(2 * ENTRIES))
    assert len(read_metadata(start[:33] + many)) == ENTRIES


def _tiff(entries: list[tuple[int, int, int, bytes]], *, order: str = "<", then: bytes = b"") -> bytes:
    """A TIFF block with one directory; each entry is tag, type, count and the four bytes of its value."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    listed = b"".join(struct.pack(order + "HHI", *entry[:3]) + entry[3] for entry in entries)
    return head + struct.pack(order + "H", len(entries)) + listed + b"\0\0\0\0" + then


HOSTILE = {
    "empty": b"",
    "only the head": b"II*\0",
    "a directory beyond the end": b"II*\0\xff\xff\xff\xff",
    "more entries than bytes": b"II*\0\x08\0\0\0\xff\xff",
    "a value beyond the end": _tiff([(0x010F, 2, 100, b"\xff\xff\xff\xff")]),
    "four thousand million values": _tiff([(0x010F, 12, 0xFFFFFFFF, b"\0\0\0\0")]),
    "an unknown type": _tiff([(0x010F, 99, 1, b"\0\0\0\0")]),
    "a directory in itself": _tiff(
        [(0x8769, 4, 1, struct.pack("<I", 8)), (0x8825, 4, 1, struct.pack("<I", 8))]
    ),
    "a directory that is a text": _tiff([(0x8769, 2, 4, b"abcd")]),
    "a directory that is nothing": _tiff([(0x8769, 4, 0, b"\0\0\0\0")]),
    "divided by zero": _tiff([(0x829A, 5, 1, struct.pack("<I", 26))], then=bytes(8)),
    "not a number": _tiff([(0x829A, 11, 1, struct.pack("<f", float("nan")))]),
    "infinite": _tiff([(0x829A, 11, 1, struct.pack("<f", float("inf")))]),
    "half a letter": _tiff([(0x9C9B, 1, 3, b"a\0\xd8\0")]),
    "bytes that are no text": _tiff([(0x010F, 2, 4, b"\xff\xfe\x00\xd8")]),
    "a tag nobody knows": _tiff([(0xFEDC, 3, 1, b"\1\0\0\0")], order=">"),
}


@pytest.mark.parametrize("block", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_exif_is_read_as_far_as_it_makes_sense(block: bytes) -> None:
    for group, name, value, _ in exif_entries(block):
        assert group in ("EXIF", "GPS")
        assert name
        assert value.isprintable()
    jpeg = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 8) + b"Exif\0\0" + block
    assert all(entry.value.isprintable() for entry in read_metadata(jpeg))


def test_a_tag_that_nobody_knows_is_personal() -> None:
    assert exif_entries(HOSTILE["a tag nobody knows"]) == [("EXIF", "Tag 0xfedc", "256", True)]


def test_many_entries_that_name_the_same_bytes_cost_little() -> None:
    many = [(0x4000 + number, 2, 60_000, struct.pack("<I", 8)) for number in range(4_000)]
    found = exif_entries(_tiff(many))
    assert len(found) == exif_tags.ENTRIES
    assert sum(len(entry.value) for entry in found) < 100_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_no_cut_and_no_flipped_byte_is_an_error(kind: str) -> None:
    texts = {"pnginfo": PngInfo()} if kind == "PNG" else {"comment": "text"}
    if isinstance(found := texts.get("pnginfo"), PngInfo):
        found.add_text("Title", "text", zip=True)
    data = _saved(kind, exif=_exif(), **texts)
    chance = random.Random(3)
    for cut in range(0, len(data), 3):
        read_metadata(data[:cut])
    for _ in range(2_000):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            changed[chance.randrange(2, min(len(data), 900))] = chance.randrange(256)
        for entry in read_metadata(bytes(changed)):
            assert entry.value.isprintable()
            assert entry.name.isprintable()


def test_what_is_no_picture_says_nothing() -> None:
    assert read_metadata(b"") == read_metadata(b"PK\3\4" + bytes(100)) == []
