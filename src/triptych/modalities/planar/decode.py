"""From the bytes of one JPEG or PNG to its upright pixels in native depth, decoded once.

Inside, samples are interleaved (y, x, c), as files, Pillow and hashes have them; `Decoded.pixels` shows the
same memory in canonical axes (c, y, x), or (y, x) for one band. Large pictures are handed out in strips, so
that no second copy of them is ever made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from triptych.core.source import MemberError
from triptych.modalities.planar import jpeg, png
from triptych.modalities.planar.header import PILLOW_MODES, Header, check_pixels, format_of, is_dicom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.modalities.planar.notes import Note

MAX_PIXELS = 300_000_000

STRIP_SAMPLES = 6_000_000
"""Samples that are converted at a time; a picture with fewer is converted as a whole and once."""


def read_header(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Header:
    """The header of a whole file, no pixel decoded. MemberError as `decode`, as far as headers show it."""
    header = png.read(data)[0] if format_of(data) == "PNG" else jpeg.read_header(data)
    check_pixels(header, max_pixels)
    return header


def probe(head: bytes) -> Header | None:
    """The header from the first bytes of a file; None when they do not reach far enough (64 KB mostly do).

    What lies further back is not known yet: trailing bytes, a palette's transparency, a PNG's orientation.
    DICOM is judged when it is read, since what is needed may lie anywhere in its header: None.
    MemberError when it is no JPEG, PNG or DICOM, or the header makes no sense.
    """
    if is_dicom(head):
        return None
    name = format_of(head)
    try:
        return png.read(head, whole=False)[0] if name == "PNG" else jpeg.read_header(head, whole=False)
    except MemberError as error:
        if error.code == "truncated":
            return None
        raise


def decode(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode a picture, upright and in native depth.

    MemberError: `empty_file`, `not_a_picture`, `unsupported_format`, `truncated`, `damaged`,
    `too_many_pixels` (before anything is decoded), `metadata_bomb`, `not_enough_memory`.
    """
    is_png = format_of(data) == "PNG"
    if is_png:
        header, facts = png.read(data)
    else:
        header = jpeg.read_header(data)
    check_pixels(header, max_pixels)
    try:
        stored = png.decode(data, header, facts) if is_png else jpeg.decode(data, header)
        return Decoded(header, _turn(stored, header.orientation))
    except MemoryError:
        raise MemberError(
            "not_enough_memory",
            f"{header.width} × {header.height} pixels of {len(header.bands)} × {header.bit_depth} bits do not "
            "fit in the memory that a decoding process may use.",
            "Cut the picture into parts, or raise the setting worker_memory.",
        ) from None


class Decoded:
    """One decoded picture. `width` and `height` are as seen; bands, dtype and bit depth as stored."""

    __slots__ = ("_array", "_image", "header", "height", "width")

    def __init__(self, header: Header, pixels: Image.Image | NDArray[Any]) -> None:
        self.header = header
        self.width, self.height = header.upright_size
        self._image = None if isinstance(pixels, np.ndarray) else pixels
        self._array = pixels if isinstance(pixels, np.ndarray) else None

    @property
    def format(self) -> str:
        """JPEG or PNG."""
        return self.header.format

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands: gray; gray alpha; red green blue; … alpha; cyan magenta yellow black."""
        return self.header.bands

    @property
    def dtype(self) -> str:
        """uint8 or uint16."""
        return self.header.dtype

    @property
    def bit_depth(self) -> int:
        """Bits per sample, 1 to 16."""
        return self.header.bit_depth

    @property
    def orientation(self) -> int:
        """EXIF's orientation of the stored pixels, 1 to 8; it is applied already."""
        return self.header.orientation

    @property
    def spacing(self) -> tuple[float, float] | None:
        """(y, x) in millimetres of the upright picture, None where the file gives no unit."""
        return self.header.upright_spacing

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noticed about the file: (code, detail)."""
        return self.header.notes

    @property
    def pixels(self) -> NDArray[Any]:
        """The samples in canonical axes: (y, x) for one band, else (c, y, x); a view, not to be written to."""
        array = self.interleaved()
        return array if array.ndim == 2 else np.moveaxis(array, 2, 0)

    @property
    def in_strips(self) -> bool:
        """Whether the picture is so large that it should be worked on in strips."""
        return self.width * self.height * len(self.bands) > STRIP_SAMPLES

    def interleaved(self) -> NDArray[Any]:
        """The samples (y, x) or (y, x, c), C order; for 8-bit JPEG a copy, kept unless it is large."""
        if self._array is not None:
            return self._array
        assert self._image is not None
        array = self._from_image(self._image)
        if not self.in_strips:
            self._array = array
        return array

    def image(self) -> Image.Image:
        """An 8-bit picture as Pillow has it; ValueError for more than 8 bits."""
        if self._image is not None:
            return self._image
        assert self._array is not None
        image = self.image_of(self._array)
        if not self.in_strips:
            self._image = image
        return image

    @property
    def held_as_image(self) -> bool:
        """Whether `image` costs nothing."""
        return self._image is not None

    def window(self, top: int, left: int, bottom: int, right: int) -> NDArray[Any]:
        """A rectangle of the samples, interleaved; a copy at most as large as itself."""
        if self._array is not None:
            return self._array[top:bottom, left:right]
        assert self._image is not None
        return self._from_image(self._image.crop((left, top, right, bottom)))

    def strips(self, multiple: int = 1) -> Iterator[NDArray[Any]]:
        """The samples from top to bottom, interleaved and C-contiguous, in strips of a multiple of rows."""
        if not self.in_strips:
            yield self.interleaved()
            return
        samples = self.width * len(self.bands) * multiple
        rows = max(1, STRIP_SAMPLES // samples) * multiple
        for top in range(0, self.height, rows):
            yield self.window(top, 0, min(top + rows, self.height), self.width)

    def image_strips(self, multiple: int = 1) -> Iterator[Image.Image]:
        """The same for Pillow, 8-bit pictures only."""
        if self._image is not None or not self.in_strips:
            yield self.image()
            return
        for strip in self.strips(multiple):
            yield self.image_of(strip)

    def image_of(self, array: NDArray[Any]) -> Image.Image:
        """Samples (y, x) or (y, x, c) of this picture's bands in 8 bits, as Pillow has them; ValueError beyond."""
        if array.dtype != np.uint8:
            raise ValueError("more than 8 bits do not fit Pillow's modes")
        mode = PILLOW_MODES[self.bands]
        size = (array.shape[1], array.shape[0])
        return Image.frombuffer(mode, size, np.ascontiguousarray(array), "raw", mode, 0, 1)

    def _from_image(self, image: Image.Image) -> NDArray[Any]:
        shape = (image.height, image.width, len(self.bands))
        flat = np.frombuffer(image.tobytes(), np.uint8)
        return flat.reshape(shape if shape[2] > 1 else shape[:2])


# EXIF's eight orientations: what brings the stored picture upright.
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(stored: Image.Image | NDArray[Any], orientation: int) -> Image.Image | NDArray[Any]:
    if orientation == 1:
        return stored
    if not isinstance(stored, np.ndarray):
        return stored.transpose(_TRANSPOSE[orientation])
    if orientation >= 5:
        stored = stored.swapaxes(0, 1)
    # After exchanging the axes, 6 is mirrored along x, 8 along y, 7 along both.
    if orientation in (3, 4, 7, 8):
        stored = stored[::-1]
    if orientation in (2, 3, 6, 7):
        stored = stored[:, ::-1]
    return np.ascontiguousarray(stored)
