"""What the header of a picture says, before a pixel is decoded; and what a file is that is none of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.raster import PixelFrame, Profile
from triptych.core.source import MemberError

if TYPE_CHECKING:
    from triptych.modalities.planar.notes import Note

GRAY = ("gray",)
GRAY_ALPHA = ("gray", "alpha")
RGB = ("red", "green", "blue")
RGBA = ("red", "green", "blue", "alpha")
CMYK = ("cyan", "magenta", "yellow", "black")

PILLOW_MODES = {GRAY: "L", GRAY_ALPHA: "LA", RGB: "RGB", RGBA: "RGBA", CMYK: "CMYK"}
"""How Pillow calls 8-bit pictures of these bands."""

SIGNATURES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Header:
    """A picture's header. `width` and `height` are as stored; `orientation` is EXIF's 1 to 8.

    `bit_depth` is bits per sample (1 to 16), `dtype` the numpy type that holds them (uint8, uint16).
    `spacing` is (y, x) in millimetres as stored, or None where the file gives no unit. DICOM has other types
    (`sample`), more bits and any number of `frames`, which are the planes of the picture.
    """

    format: str
    width: int
    height: int
    bands: tuple[str, ...]
    bit_depth: int
    orientation: int = 1
    spacing: tuple[float, float] | None = None
    notes: tuple[Note, ...] = ()
    sample: str = ""
    frames: int = 1

    @property
    def dtype(self) -> str:
        """The numpy type of a sample."""
        return self.sample or ("uint8" if self.bit_depth <= 8 else "uint16")

    @property
    def turned(self) -> bool:
        """Whether the upright picture has width and height exchanged."""
        return self.orientation >= 5

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as seen, with the orientation applied."""
        return (self.height, self.width) if self.turned else (self.width, self.height)

    @property
    def upright_spacing(self) -> tuple[float, float] | None:
        """(y, x) in millimetres as seen, None where the file gives no unit."""
        if self.spacing is not None and self.turned:
            return self.spacing[1], self.spacing[0]
        return self.spacing

    @property
    def profile(self) -> Profile:
        """The upright picture's profile: axes (y, x) or (c, y, x), with z where there are several frames; scales
        down to one tile."""
        width, height = self.upright_size
        sizes = {"c": len(self.bands), "z": self.frames}
        axes = [axis for axis, size in sizes.items() if size > 1]
        return Profile(
            axes="".join([*axes, "yx"]),
            shape=(*(sizes[axis] for axis in axes), height, width),
            dtype=self.dtype,
            bands=self.bands,
            bit_depth=self.bit_depth,
            frame=PixelFrame(self.upright_spacing),
            scales=scales_of(width, height),
        )


TILE = 512
"""Pixels along the side of a tile, of pyramids and of what is served: one request reads one stored tile."""


def scales_of(width: int, height: int) -> tuple[int, ...]:
    """1, 2, 4, … until the whole picture fits one tile."""
    scales = [1]
    while max(width, height) > TILE * scales[-1]:
        scales.append(scales[-1] * 2)
    return tuple(scales)


def check_pixels(header: Header, max_pixels: int) -> None:
    """MemberError `too_many_pixels` when the header declares more than `max_pixels`."""
    frames = f" in {header.frames} frames" if header.frames > 1 else ""
    if header.width * header.height > max_pixels:
        raise MemberError(
            "too_many_pixels",
            f"The picture declares {header.width} × {header.height} pixels{frames}; the limit is {max_pixels}.",
            "Cut the picture into parts, or raise the setting picture_pixels.",
        )


def is_dicom(data: bytes | memoryview) -> bool:
    """Whether a file is DICOM by its first bytes, with or without a preamble; JPEG and PNG are not."""
    start = bytes(data[:1024])
    if not start or start.startswith(tuple(SIGNATURES.values())):
        return False
    from triptych.dicom.reading import (
        looks_like_dicom,
    )  # pydicom takes long to import, and most files need none

    return looks_like_dicom(start)


def format_of(data: bytes | memoryview) -> str:
    """ "JPEG" or "PNG"; MemberError `empty_file`, `unsupported_format` or `not_a_picture` for all else."""
    start = bytes(data[:512])
    for name, signature in SIGNATURES.items():
        if start.startswith(signature):
            return name
    if not start:
        raise MemberError("empty_file", "The file has no bytes.", "Copy the file again from its origin.")
    name = _name_of(start)
    if name in _PICTURES:
        raise MemberError(
            "unsupported_format",
            f"The file is a {name} picture; planar pictures are JPEG, PNG or DICOM.",
            "Convert it to PNG, which keeps every bit of up to 16 per sample.",
        )
    if start.startswith((b"\x89PN", b"\xff\xd8")):
        raise MemberError("damaged", "The file's first bytes are damaged.", "Copy it again from its origin.")
    raise MemberError(
        "not_a_picture",
        f"The file is {name}, not a picture." if name else "The file does not begin as any picture does.",
        "Remove it, or rename it so that its ending tells what it is.",
    )


_PICTURES = {
    "BMP", "GIF", "TIFF", "WebP", "JPEG 2000", "JPEG XL", "JPEG XR", "AVIF", "HEIC", "ICO", "PNM", "OpenEXR",
    "Photoshop", "SVG", "DICOM", "JPEG-LS", "QOI", "MNG",
}  # fmt: skip

# Where a format's signature stands, from the formats' own documents and the file(1) database.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"BM", "BMP"),
    (0, b"GIF8", "GIF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (8, b"WEBP", "WebP"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"II\xbc", "JPEG XR"),
    (4, b"ftypavi", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (0, b"\0\0\x01\0", "ICO"),
    (0, b"v/1\x01", "OpenEXR"),
    (0, b"8BPS", "Photoshop"),
    (0, b"qoif", "QOI"),
    (0, b"\x8aMNG", "MNG"),
    (128, b"DICM", "DICOM"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a zip archive (or an office document)"),
    (0, b"\x1f\x8b", "gzip-compressed data"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (4, b"ftyp", "a film"),
    (0, b"\x1aE\xdf\xa3", "a film"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (344, b"n+1\0", "a NIfTI volume"),
    (0, b"<!DOCTYPE html", "a web page"),
    (0, b"<html", "a web page"),
)


def _name_of(start: bytes) -> str:
    for offset, magic, name in _MAGIC:
        if start[offset : offset + len(magic)] == magic:
            return name
    if start[:1] == b"P" and start[1:2] in b"1234567fF" and start[2:3].isspace():
        return "PNM"
    if b"<svg" in start:
        return "SVG"
    if not start.strip(b"\0"):
        return "full of zero bytes"
    # Control characters other than white space do not occur in text of any encoding that keeps ASCII.
    return "" if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start) else "text"
