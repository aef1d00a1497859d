"""Sizes of pictures from their first bytes, where a label file gives fractions or outlines."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import JpegImagePlugin
from PIL.Image import Exif

from triptych.core.source import MemberError

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

HEAD_BYTES = 64 * 1024
"""Bytes of a picture that are looked at."""

FIRST_BYTES = 4096
"""Bytes that are enough for most PNG files."""

LARGEST_SIDE = 100_000
"""Pixels on a side beyond which a size is taken for a lie."""

LARGEST_AREA = 2**31
_ORIENTATION = 0x0112


def picture_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a JPEG or PNG as it is seen, from its first bytes (64 KB do).

    EXIF orientations from 5 on exchange the sides (Exif 2.32, 4.6.4 A). None when the bytes do not say.
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    return None


def _png(head: bytes) -> tuple[int, int] | None:
    if len(head) < 33 or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    at = 33
    while at + 8 <= len(head):
        length, kind = struct.unpack(">I4s", head[at : at + 8])
        if kind == b"eXIf":
            return _turned(width, height, head[at + 8 : at + 8 + length])
        if kind == b"IDAT":
            break
        at += 12 + length
    return _plausible(width, height)


def _jpeg(head: bytes) -> tuple[int, int] | None:
    try:
        # The class itself, not Image.open: that warns of large pictures, and a warning is not for one thread.
        with JpegImagePlugin.JpegImageFile(BytesIO(head)) as picture:
            width, height = picture.size
            return _turned(width, height, picture.info.get("exif", b""))
    except Exception:  # noqa: BLE001 - a damaged head raises nearly anything, and says no size
        return None


def _turned(width: int, height: int, data: bytes) -> tuple[int, int] | None:
    exif = Exif()
    try:
        exif.load(data if data.startswith(b"Exif") else b"Exif\0\0" + data if data else b"")
        orientation = exif.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - damaged EXIF is taken as upright, as when the picture is decoded
        orientation = 1
    turned = isinstance(orientation, int) and 5 <= orientation <= 8
    return _plausible(height, width) if turned else _plausible(width, height)


def _plausible(width: int, height: int) -> tuple[int, int] | None:
    fits = 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= LARGEST_AREA
    return (width, height) if fits else None


def plausible(width: int, height: int) -> bool:
    """Whether a picture can have this size."""
    return _plausible(width, height) is not None


class Sizes:
    """Sizes of members of a source as (height, width), each looked up once and only when asked for.

    A view that bounds headers gets no more than those: `sampled` are the members that were asked for beyond.
    """

    def __init__(self, view: SourceView) -> None:
        self._view = view
        self._known: dict[int, tuple[int, int] | None] = {}
        self._last: tuple[int, int] | None = None
        self.sampled: set[int] = set()

    def of(self, member: int) -> tuple[int, int] | None:
        """Height and width of a member, None when its first bytes do not say, or are not to be read."""
        most = self._view.most_headers
        if member not in self._known:
            if most is not None and len(self._known) >= most:
                self.sampled.add(member)
                return None
            found = self._look(member)
            self._known[member] = None if found is None else (found[1], found[0])
            self._last = self._known[member] or self._last
        return self._known[member]

    def supposed(self, member: int) -> tuple[int, int] | None:
        """The same, and the size of another member for one that is not to be read."""
        found = self.of(member)
        return self._last if found is None and member in self.sampled else found

    def _look(self, member: int) -> tuple[int, int] | None:
        try:
            head = self._view.head(member, FIRST_BYTES)
            found = picture_size(head)
            if len(head) < FIRST_BYTES or (found is not None and b"IDAT" in head):
                return found
            return picture_size(self._view.head(member, HEAD_BYTES))
        except MemberError:
            return None
