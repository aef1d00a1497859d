"""JPEG (ISO 10918-1): the markers before the first scan, and the pixels by libjpeg-turbo.

Pillow decodes 8 bits per sample, as everybody else does; imagecodecs (also libjpeg-turbo) decodes what has
more, which Pillow refuses. The pixels of ordinary files are those of `numpy.asarray(PIL.Image.open(file))`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import imagecodecs
from PIL import Image

from triptych.core.source import MemberError
from triptych.modalities.planar.exif import read_exif
from triptych.modalities.planar.header import CMYK, GRAY, PILLOW_MODES, RGB, Header
from triptych.modalities.planar.icc import is_srgb, profile_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.modalities.planar.notes import Note

_BANDS = {1: GRAY, 3: RGB, 4: CMYK}
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
# Hierarchical files (SOF5 to 7, 13 to 15) and lossless arithmetic ones (SOF11) have no decoder in libjpeg-turbo.
_WITHOUT_DECODER = {0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF}
_PROFILE_MOST = 4 << 20  # bytes of a colour profile that are looked at; its name stands near the beginning
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"
_BARE = {0x01, *range(0xD0, 0xD9)}  # TEM, RST0 to RST7, SOI: markers without a segment


def truncated() -> MemberError:
    """The refusal of a picture of which the end is missing."""
    return MemberError(
        "truncated",
        "The picture ends before its last row.",
        "Copy the file again from its origin; a part of it was lost on the way.",
    )


def read_header(data: bytes, *, whole: bool = True) -> Header:
    """The header of a JPEG; MemberError `truncated`, `damaged` or `unsupported_format`.

    Not `whole`: stops at the frame's size, for data that is only the beginning of a file.
    """
    facts = _Facts()
    for marker, start, end in _segments(data):
        if marker in _FRAMES:
            facts.take_frame(marker, data[start:end])
            if not whole:
                break
        elif marker == 0xE0 and data[start : start + 5] == b"JFIF\0" and end - start >= 12:
            facts.take_jfif(data[start:end])
        elif marker == 0xE1 and data[start : start + 6] == b"Exif\0\0" and not facts.exif_seen:
            facts.take_exif(data[start + 6 : end])
        elif marker == 0xE2 and data[start : start + 12] == b"ICC_PROFILE\0":
            if len(facts.profile) < _PROFILE_MOST:
                facts.profile += data[start + 14 : end]
        elif marker == 0xE2 and data[start : start + 4] == b"MPF\0":
            facts.notes.append(("several_pictures", ""))
    if facts.frame is None:
        raise truncated()
    return facts.header(data, whole=whole)


def decode(data: bytes, header: Header) -> Image.Image | NDArray[Any]:
    """The pixels as stored: a Pillow image for 8 bits, an array (y, x) or (y, x, c) of uint16 beyond.

    MemberError `truncated` or `damaged`; MemoryError where they do not fit.
    """
    if header.bit_depth == 8:
        mode = PILLOW_MODES[header.bands]
        # Pillow's own reader takes CMYK as Adobe stores it, inverted.
        raw = "CMYK;I" if mode == "CMYK" else mode
        try:
            return Image.frombytes(mode, (header.width, header.height), data, "jpeg", raw, "")
        except ValueError as error:
            if "not enough" in str(error):
                raise truncated() from None
            raise _damaged(str(error)) from None
    if data.rfind(_END) < 0:
        raise truncated()
    try:
        array: NDArray[Any] = imagecodecs.jpeg_decode(data)
    except (imagecodecs.Jpeg8Error, imagecodecs.LjpegError) as error:
        raise _damaged(str(error)) from None
    if array.shape[:2] != (header.height, header.width) or array.ndim != (2 if len(header.bands) == 1 else 3):
        raise _damaged(f"decodes to {array.shape}")
    return array if array.dtype == header.dtype else array.astype(header.dtype)


def _damaged(detail: str) -> MemberError:
    return MemberError(
        "damaged", f"The JPEG data is damaged: {detail}.", "Copy the file again, or save it anew as PNG."
    )


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of every segment's content before the first scan's pixels."""
    at, size = 2, len(data)
    while at + 4 <= size:
        if data[at] != 0xFF:
            # ISO 10918-1 wants a marker here; libjpeg skips stray bytes up to the next one, and so does this.
            at = data.find(b"\xff", at)
            if at < 0:
                return
            continue
        marker = data[at + 1]
        if marker in (0xFF, 0x00) or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xD9:
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > size:
            return
        yield marker, at + 4, end
        if marker == _START_OF_SCAN:
            return
        at = end


class _Facts:
    """What the segments said so far."""

    def __init__(self) -> None:
        self.frame: tuple[int, int, int, tuple[str, ...]] | None = None
        self.orientation = 1
        self.exif_seen = False
        self.exif_spacing: tuple[float, float] | None = None
        self.jfif_spacing: tuple[float, float] | None = None
        self.profile = b""
        self.notes: list[Note] = []

    def take_frame(self, marker: int, frame: bytes) -> None:
        if len(frame) < 6:
            raise _damaged("its frame header is cut")
        bits, height, width, components = struct.unpack_from(">BHHB", frame)
        if marker in _WITHOUT_DECODER:
            raise MemberError(
                "unsupported_format",
                f"The file is a hierarchical or lossless arithmetic JPEG (SOF{marker - 0xC0}).",
                "Convert it to PNG with the program that made it.",
            )
        if components not in _BANDS or not 2 <= bits <= 16:
            raise MemberError(
                "unsupported_format",
                f"The JPEG has {components} components of {bits} bits.",
                "Convert it to PNG with one or three components.",
            )
        if not width or not height:
            raise _damaged("its frame header declares no pixels")
        self.frame = bits, height, width, _BANDS[components]

    def take_jfif(self, segment: bytes) -> None:
        unit, x, y = struct.unpack_from(">BHH", segment, 7)
        if unit in (1, 2) and x and y:
            millimetres = 25.4 if unit == 1 else 10.0
            self.jfif_spacing = millimetres / y, millimetres / x

    def take_exif(self, block: bytes) -> None:
        self.exif_seen = True
        exif = read_exif(block)
        if exif is None:
            self.notes.append(("exif_damaged", ""))
            return
        self.orientation, self.exif_spacing = exif
        if exif.orientation != 1:
            self.notes.append(("exif_orientation", str(exif.orientation)))

    def header(self, data: bytes, *, whole: bool) -> Header:
        assert self.frame is not None
        bits, height, width, bands = self.frame
        notes = self.notes
        if self.profile and not is_srgb(self.profile):
            notes.append(("icc_profile", profile_name(self.profile)))
        if bands == CMYK:
            notes.append(("ink_colors", ""))
        if bits > 8:
            notes.append(("more_than_8_bits", str(bits)))
        if whole and not data.endswith(_END) and ("several_pictures", "") not in notes:
            end = data.rfind(_END)
            if end > 0:
                notes.append(("bytes_after_picture", f"{len(data) - end - 2} bytes"))
        spacing = self.jfif_spacing or self.exif_spacing
        return Header("JPEG", width, height, bands, bits, self.orientation, spacing, tuple(notes))
