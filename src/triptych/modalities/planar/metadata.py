"""What a picture's file says about itself beside its pixels, for people to read: never decoded, never trusted.

Only the beginning of a file is looked at, and every count in it is bounded: a directory of EXIF may name the same
bytes thousands of times, and a text of a PNG may inflate without end. What is damaged is left out in silence.
Everything that is not known to be technical (names, places, dates, serial numbers, comments) is personal.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from triptych.modalities.planar.exif_tags import exif_entries
from triptych.modalities.planar.header import SIGNATURES
from triptych.modalities.planar.icc import profile_name
from triptych.modalities.planar.metadata_text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 256 * 1024
"""Bytes from the beginning of a file that are looked at."""

TEXT_BYTES = 8 * 1024
"""Bytes of a text that are read, after inflating."""

ENTRIES = 300
"""Entries that are told of one file at most."""


class Entry(NamedTuple):
    """One thing that a file says. `personal`: shown to those alone who may edit."""

    group: str
    name: str
    value: str
    personal: bool


def read_metadata(head: bytes) -> list[Entry]:
    """What the beginning of a JPEG or PNG says; never an error, also for hostile bytes."""
    data = head[:HEAD_BYTES]
    entries: list[Entry] = []
    reader = (
        _png if data.startswith(SIGNATURES["PNG"]) else _jpeg if data.startswith(SIGNATURES["JPEG"]) else None
    )
    if reader is not None:
        for entry in reader(data):
            entries.append(entry)
            if len(entries) == ENTRIES:
                break
    return [entry for entry in entries if entry.name and entry.value]


# --- JPEG -------------------------------------------------------------------------------------------------

_PROCESSES = {
    0xC0: "baseline",
    0xC1: "extended sequential",
    0xC2: "progressive",
    0xC3: "lossless",
    0xC9: "extended sequential, arithmetic coding",
    0xCA: "progressive, arithmetic coding",
}
_BARE = {0x01, *range(0xD0, 0xD9)}
_START_OF_SCAN, _END = 0xDA, 0xD9


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, content) of the segments before the first scan that lie in the data."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _BARE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (_START_OF_SCAN, _END):
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + max(2, length)]
        at += 2 + max(2, length)


def _jpeg(data: bytes) -> Iterator[Entry]:
    seen = set()
    for marker, content in _segments(data):
        if marker in _PROCESSES and len(content) >= 6:
            yield Entry("File", "Compression", f"JPEG, {_PROCESSES[marker]}", False)
            yield from _sampling(content)
        elif marker == 0xE0 and content.startswith(b"JFIF\0") and len(content) >= 12:
            yield Entry("File", "JFIF version", f"{content[5]}.{content[6]:02}", False)
        elif marker == 0xE1 and content.startswith(b"Exif\0\0") and marker not in seen:
            seen.add(marker)
            for group, name, value, personal in exif_entries(content[6:]):
                yield Entry(group, name, value, personal)
        elif marker == 0xE2 and content.startswith(b"ICC_PROFILE\0") and marker not in seen:
            seen.add(marker)
            yield Entry("File", "Colour profile", readable(profile_name(content[14:])), False)
        elif marker == 0xFE:
            yield Entry("Text", "Comment", readable(_text(content[:TEXT_BYTES])), True)


def _sampling(content: bytes) -> Iterator[Entry]:
    """How much finer brightness is stored than colour, from a frame's header (ISO 10918-1, B.2.2)."""
    count = content[5]
    factors = [content[7 + 3 * index] for index in range(count) if 7 + 3 * index < len(content)]
    if count == 3 and len(factors) == 3:
        names = {(0x11, 0x11): "4:4:4", (0x21, 0x11): "4:2:2", (0x22, 0x11): "4:2:0", (0x12, 0x11): "4:4:0"}
        name = names.get((factors[0], factors[1]))
        if name is not None:
            yield Entry("File", "Colour sampling", name, False)


# --- PNG --------------------------------------------------------------------------------------------------

_COLORS = {0: "gray", 2: "RGB", 3: "palette", 4: "gray with alpha", 6: "RGB with alpha"}
_TECHNICAL_TEXTS = {"Software"}


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, content) of the chunks that lie in the data; the last one may be cut."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _png(data: bytes) -> Iterator[Entry]:
    for kind, content in _chunks(data):
        if kind == b"IHDR" and len(content) == 13:
            depth, color, _, _, interlaced = content[8:13]
            yield Entry("File", "Compression", "PNG, deflate" + (", interlaced" if interlaced else ""), False)
            yield Entry("File", "Stored as", f"{_COLORS.get(color, color)}, {depth} bits", False)
        elif kind == b"gAMA" and len(content) == 4:
            yield Entry("File", "Gamma", f"{int.from_bytes(content, 'big') / 100_000:g}", False)
        elif kind == b"pHYs" and len(content) == 9 and content[8] == 1:
            across, down = struct.unpack(">II", content[:8])
            yield Entry("File", "Pixels per metre", f"{across} × {down}", False)
        elif kind == b"iCCP":
            yield Entry("File", "Colour profile", readable(_text(content.partition(b"\0")[0])), False)
        elif kind == b"tIME" and len(content) == 7:
            year, *rest = struct.unpack(">HBBBBB", content)
            yield Entry("Text", "Last change", "{}-{:02}-{:02} {:02}:{:02}:{:02}".format(year, *rest), True)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            name, value = _png_text(kind, content)
            yield Entry("Text", readable(name), readable(value), name not in _TECHNICAL_TEXTS)
        elif kind == b"eXIf":
            for group, name, value, personal in exif_entries(content):
                yield Entry(group, name, value, personal)


def _png_text(kind: bytes, content: bytes) -> tuple[str, str]:
    """Name and text of a tEXt, zTXt or iTXt chunk (PNG, third edition, 11.3.3)."""
    keyword, _, rest = content.partition(b"\0")
    name = keyword[:80].decode("latin-1")
    if kind == b"tEXt":
        return name, rest[:TEXT_BYTES].decode("latin-1")
    if kind == b"zTXt":
        return name, _inflated(rest[1:]).decode("latin-1")
    packed = rest[:1] == b"\x01"
    text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return name, (_inflated(text) if packed else text[:TEXT_BYTES]).decode("utf-8", "replace")


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, TEXT_BYTES)
    except zlib.error:
        return b""


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
