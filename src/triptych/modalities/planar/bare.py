"""A picture's file without what it says beside its pixels: no EXIF, no XMP, no comments, no thumbnails, no rest.

A small file stands for its own thumbnail, which people see who may not have the file itself. What changes how a
browser shows the pixels (gamma, profile, resolution) stays; the pixels are the same bytes as before.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from triptych.modalities.planar.header import SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Iterator

_PNG_KEPT = {
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
}  # fmt: skip


def bare_picture(data: bytes) -> bytes:
    """The file of a JPEG or PNG without what is not needed to show it; one that is neither stays as it is."""
    if data.startswith(SIGNATURES["PNG"]):
        return SIGNATURES["PNG"] + b"".join(_png_parts(data))
    if data.startswith(SIGNATURES["JPEG"]):
        return data[:2] + b"".join(_jpeg_parts(data))
    return data


def _png_parts(data: bytes) -> Iterator[bytes]:
    at = len(SIGNATURES["PNG"])
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in _PNG_KEPT:
            yield data[at : at + 12 + length]
        if kind == b"IEND":
            return
        at += 12 + length


_START_OF_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_BARE = {0x01, *range(0xD0, 0xD9)}


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF or data[at + 1] == 0xFF:
            at += 1  # libjpeg skips stray bytes, too
            continue
        marker = data[at + 1]
        if marker == _END:
            yield data[at : at + 2]
            return
        if marker in _BARE or marker == 0x00:
            yield data[at : at + 2]
            at += 2
            continue
        end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        yield _kept_segment(marker, data[at + 4 : end], data[at:end])
        at = end
        if marker == _START_OF_SCAN:
            end = _end_of_scan(data, at)
            yield data[at:end]
            at = end


def _kept_segment(marker: int, content: bytes, whole: bytes) -> bytes:
    if marker == 0xE0:
        # The picture in miniature that may follow is left out.
        return b"\xff\xe0\0\x10" + content[:12] + b"\0\0" if content.startswith(b"JFIF\0") else b""
    if marker == 0xE2:
        return whole if content.startswith(b"ICC_PROFILE\0") else b""
    if marker == 0xEE:
        return whole if content.startswith(b"Adobe") else b""
    return b"" if marker in range(0xE0, 0xF0) or marker == _COMMENT else whole


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands behind a scan's pixels, in which FF is followed by 00 or a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if at + 1 < len(data) and data[at + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return at
        at += 1
    return len(data)
