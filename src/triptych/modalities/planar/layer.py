"""Open layers over a picture: its profile from the header, its pixels decoded when first read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.decode import MAX_PIXELS, Decoded, decode, read_header
from triptych.modalities.planar.header import is_dicom
from triptych.modalities.planar.pyramid import PyramidLayer
from triptych.modalities.planar.window import clipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.raster import OpenLayer, Profile, Window


class PictureLayer:
    """An OpenLayer over the bytes of one picture; keeps the decoded pixels as long as it lives."""

    def __init__(self, data: bytes | BinaryIO, *, max_pixels: int = MAX_PIXELS) -> None:
        """Reads the header; MemberError as `decode`. An open file is read to its end at once."""
        self._data: bytes = data if isinstance(data, bytes) else data.read()
        self._max_pixels = max_pixels
        self._header = read_header(self._data, max_pixels=max_pixels)
        self._decoded: Decoded | None = None

    @property
    def profile(self) -> Profile:
        """The upright picture's profile: axes yx or cyx, native dtype."""
        return self._header.profile

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """The window, upright and in canonical axes, averaged over boxes of `scale`: ceil(size / scale) pixels.

        The first read decodes the whole picture and raises MemberError where that fails.
        """
        decoded = self._decoded
        if decoded is None:
            decoded = self._decoded = decode(self._data, max_pixels=self._max_pixels)
            self._data = b""
        window = clipped(window, decoded.height, decoded.width)
        samples = box_mean(decoded.window(window.top, window.left, window.bottom, window.right), scale)
        return samples if samples.ndim == 2 else np.moveaxis(samples, 2, 0)


def open_picture(data: bytes | BinaryIO, pyramid: bytes | BinaryIO | None = None) -> OpenLayer:
    """A layer over a picture, through its pyramid where there is one: then the picture is not decoded."""
    if pyramid is None:
        whole = data if isinstance(data, bytes) else data.read()
        if not is_dicom(whole):
            return PictureLayer(whole)
        from triptych.modalities.planar.dicom import DicomLayer  # most installations see none

        return DicomLayer(whole)
    return PyramidLayer(io.BytesIO(pyramid) if isinstance(pyramid, bytes) else pyramid)
