"""PNG (W3C Recommendation, third edition): the chunks, and the pixels by libpng in imagecodecs.

libpng checks the checksum of every chunk that matters and is 1.5 times as fast as Pillow's own reader, which
also cuts 16-bit colour down to 8. Only the chunks that make pixels are handed to it: texts and profiles, which
may inflate without end, are never inflated by the decoder. Gamma, chromaticities and profiles change no value.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import imagecodecs

from triptych.core.source import MemberError
from triptych.modalities.planar.exif import read_exif
from triptych.modalities.planar.header import GRAY, GRAY_ALPHA, RGB, RGBA, SIGNATURES, Header
from triptych.modalities.planar.icc import is_srgb, profile_name
from triptych.modalities.planar.jpeg import truncated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.modalities.planar.notes import Note

_GRAY, _RGB, _PALETTE, _GRAY_ALPHA, _RGBA = 0, 2, 3, 4, 6
_BANDS = {_GRAY: GRAY, _RGB: RGB, _PALETTE: RGB, _GRAY_ALPHA: GRAY_ALPHA, _RGBA: RGBA}
_DEPTHS = {_GRAY: (1, 2, 4, 8, 16), _PALETTE: (1, 2, 4, 8)}
_PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
# Small chunks that libpng may see: skipping them is not worth a copy of the pixel data.
_HARMLESS = _PIXEL_CHUNKS | {b"pHYs", b"tIME", b"sRGB", b"gAMA", b"cHRM", b"bKGD"}
_CHUNK = struct.Struct(">I4s")
_INFLATING = {b"zTXt", b"iTXt", b"iCCP"}

METADATA_LIMIT = 64 << 20
"""Bytes to which all compressed texts and profiles of a picture together may inflate; Pillow's limit too."""

_DEFLATE_MOST = 1032  # no deflate stream inflates more: RFC 1951's longest match, 258 bytes, in 2 bits


@dataclass(slots=True)
class Facts:
    """What the chunks said so far; `kept` are the ranges of bytes that make pixels."""

    width: int = 0
    height: int = 0
    depth: int = 0
    color: int = 0
    transparent: bool = False
    ended: bool = False
    foreign: bool = False
    pixels_seen: bool = False
    orientation: int = 1
    spacing: tuple[float, float] | None = None
    exif_spacing: tuple[float, float] | None = None
    kept: list[tuple[int, int]] = field(default_factory=list)
    inflating: list[tuple[bytes, int, int]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def decode(data: bytes, header: Header, facts: Facts) -> NDArray[Any]:
    """The pixels as stored, in native depth: (y, x) or (y, x, c), uint8 or uint16, C order.

    Palettes are expanded; gray of 1, 2 and 4 bits has the values 0 to 1, 3 and 15. MemberError `truncated` or
    `damaged`; MemoryError where they do not fit.
    """
    try:
        array: NDArray[Any] = imagecodecs.png_decode(_only_pixels(data, facts))
    except imagecodecs.PngError as error:
        if "too small" in str(error):
            raise truncated() from None
        raise _damaged(str(error)) from None
    shape = (header.height, header.width, len(header.bands))
    if array.shape != (shape if shape[2] > 1 else shape[:2]) or array.dtype != header.dtype:
        raise _damaged(f"decodes to {array.shape} {array.dtype}")
    if header.bit_depth < 8:
        # libpng spreads 1, 2 and 4 bits over 0 to 255: by 255, 85 and 17.
        array //= 255 // (2**header.bit_depth - 1)
    return array


def read(data: bytes, *, whole: bool = True) -> tuple[Header, Facts]:
    """The header of a PNG and where its pixels lie; MemberError `truncated`, `damaged` or `metadata_bomb`.

    Not `whole`: from the first 33 bytes alone, for data that is only the beginning of a file; a palette's
    transparency and the orientation are then not known yet.
    """
    facts = Facts()
    reached = 8
    for kind, start, end in _chunks(data):
        _take(facts, kind, data, start, end)
        if not facts.width:
            raise _damaged("it does not begin with IHDR")
        if not whole:
            return _header(facts), facts
        reached = end + 4
        if kind in _PIXEL_CHUNKS or (kind == b"tRNS" and facts.color == _PALETTE):
            _keep(facts.kept, start - 8, reached)
        elif kind not in _HARMLESS:
            facts.foreign = True
        if facts.ended:
            break
    _take_end(facts, len(data) - reached)
    if facts.inflating:
        _inflate(facts, data)
    return _header(facts), facts


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of the content of every chunk; 4 bytes of checksum follow each."""
    at, size = 8, len(data)
    while at + 8 <= size:
        length, kind = _CHUNK.unpack_from(data, at)
        if not kind.isalpha():
            raise _damaged("a chunk has no name")
        if at + 12 + length > size:
            raise truncated()
        yield kind, at + 8, at + 8 + length
        at += 12 + length


def _take_end(facts: Facts, left: int) -> None:
    if not facts.pixels_seen:
        raise _damaged("it has no pixels") if facts.ended else truncated()
    if not facts.ended:
        facts.notes.append(("end_missing", ""))
    elif left:
        facts.notes.append(("bytes_after_picture", f"{left} bytes"))


def _keep(kept: list[tuple[int, int]], at: int, end: int) -> None:
    if kept and kept[-1][1] == at:
        kept[-1] = kept[-1][0], end
    else:
        kept.append((at, end))


def _take(facts: Facts, kind: bytes, data: bytes, start: int, end: int) -> None:
    if kind == b"IDAT":
        facts.pixels_seen = True
    elif kind == b"IHDR":
        _take_size(facts, data[start:end])
    elif kind == b"IEND":
        facts.ended = True
    elif kind == b"tRNS":
        facts.transparent = True
    elif kind == b"pHYs" and end - start == 9:
        x, y, unit = struct.unpack_from(">IIB", data, start)
        if unit == 1 and x and y:  # pixels per metre
            facts.spacing = 1000 / y, 1000 / x
    elif kind == b"eXIf":
        exif = read_exif(data[start:end])
        if exif is None:
            facts.notes.append(("exif_damaged", ""))
            return
        facts.orientation, facts.exif_spacing = exif
    elif kind == b"acTL" and end - start == 8:
        facts.notes.append(("animation", f"{struct.unpack_from('>I', data, start)[0]} frames"))
    elif kind in _INFLATING:
        facts.inflating.append((kind, start, end))


def _take_size(facts: Facts, chunk: bytes) -> None:
    if len(chunk) != 13:
        raise _damaged("its header is cut")
    facts.width, facts.height, facts.depth, facts.color = struct.unpack_from(">IIBB", chunk)
    if facts.color not in _BANDS or facts.depth not in _DEPTHS.get(facts.color, (8, 16)):
        raise _damaged(f"colour type {facts.color} with {facts.depth} bits does not exist")
    if not (0 < facts.width < 2**31 and 0 < facts.height < 2**31):
        raise _damaged("its header declares no pixels")


def _header(facts: Facts) -> Header:
    bands = RGBA if facts.color == _PALETTE and facts.transparent else _BANDS[facts.color]
    notes = facts.notes
    if facts.orientation != 1:
        notes.append(("exif_orientation", str(facts.orientation)))
    if facts.transparent and facts.color != _PALETTE:
        notes.append(("transparent_color", ""))
    if facts.depth > 8:
        notes.append(("more_than_8_bits", str(facts.depth)))
    return Header(
        "PNG",
        facts.width,
        facts.height,
        bands,
        8 if facts.color == _PALETTE else facts.depth,
        facts.orientation,
        facts.spacing or facts.exif_spacing,
        tuple(notes),
    )


def _only_pixels(data: bytes, facts: Facts) -> bytes:
    # A colour that counts as transparent would come back as a band of its own.
    if facts.ended and not facts.foreign and (facts.color == _PALETTE or not facts.transparent):
        return data
    view = memoryview(data)
    parts: list[bytes | memoryview] = [SIGNATURES["PNG"], *(view[at:end] for at, end in facts.kept)]
    if not facts.ended:
        parts.append(b"\0\0\0\0IEND\xaeB`\x82")
    return b"".join(parts)


def _inflate(facts: Facts, data: bytes) -> None:
    """Refuse a picture whose texts and profiles inflate beyond the limit; note a profile that is not sRGB."""
    compressed = sum(end - start for _, start, end in facts.inflating)
    allowed = METADATA_LIMIT
    for kind, start, end in facts.inflating:
        if kind != b"iCCP" and compressed * _DEFLATE_MOST <= METADATA_LIMIT:
            continue
        stream = _compressed_part(kind, data[start:end])
        beginning, size = _inflated(stream, allowed)
        allowed -= size
        if allowed < 0:
            raise MemberError(
                "metadata_bomb",
                f"Texts or profiles in the picture inflate beyond {METADATA_LIMIT >> 20} MB.",
                "Save the picture again without its metadata.",
            )
        if kind == b"iCCP" and not is_srgb(beginning):
            facts.notes.append(("icc_profile", profile_name(beginning)))


def _compressed_part(kind: bytes, chunk: bytes) -> bytes:
    # iCCP and zTXt: name, 0, method, stream. iTXt: keyword, 0, flag, method, language, 0, translation, 0, text.
    _, _, rest = chunk.partition(b"\0")
    if kind != b"iTXt":
        return rest[1:]
    if rest[:1] != b"\x01":
        return b""
    return rest[2:].partition(b"\0")[2].partition(b"\0")[2]


def _inflated(stream: bytes, allowed: int) -> tuple[bytes, int]:
    """The first MB of what a zlib stream holds and its size, counted no further than just beyond `allowed`."""
    inflater = zlib.decompressobj()
    try:
        block = beginning = inflater.decompress(stream, 1 << 20)
        size = len(block)
        while block and not inflater.eof and size <= allowed:
            block = inflater.decompress(inflater.unconsumed_tail, 1 << 20)
            size += len(block)
    except zlib.error:
        return b"", 0
    return beginning, size


def _damaged(detail: str) -> MemberError:
    return MemberError(
        "damaged",
        f"The PNG data is damaged: {detail}.",
        "Copy the file again from its origin, or save it anew.",
    )
