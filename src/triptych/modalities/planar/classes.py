"""Masks that are PNG pictures, as the classes that they hold: indices of a palette, or grey values, never colours."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import PngImagePlugin

from triptych.core.raster import Profile
from triptych.core.source import MemberError
from triptych.modalities.planar.decode import MAX_PIXELS, decode, read_header
from triptych.modalities.planar.window import clipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.raster import Window

PNG = b"\x89PNG\r\n\x1a\n"


def class_values(data: bytes, *, max_pixels: int = MAX_PIXELS) -> NDArray[Any]:
    """The values (y, x) of a mask: indices of a palette, grey values of up to 16 bits, else the first band.

    MemberError as `decode`.
    """
    header = read_header(data, max_pixels=max_pixels)
    if not data.startswith(PNG):
        samples = decode(data, max_pixels=max_pixels).interleaved()
        return samples if samples.ndim == 2 else samples[..., 0]
    try:
        # The class itself, not Image.open: that warns of large pictures, and a warning is not for one thread.
        with PngImagePlugin.PngImageFile(BytesIO(data)) as picture:
            pixels = np.asarray(picture)
    except Exception as error:  # a damaged picture raises nearly anything
        raise MemberError("damaged", f"It cannot be decoded ({type(error).__name__}).") from error
    found = pixels if pixels.ndim == 2 else pixels[..., 0]
    if found.dtype == np.bool_:
        return found.astype(np.uint8)
    return found.astype(np.uint16) if header.profile.bit_depth > 8 else found


class ClassPicture:
    """An OpenLayer over a mask that is a picture; its values are never mixed."""

    def __init__(self, data: bytes, *, max_pixels: int = MAX_PIXELS) -> None:
        """Decodes it; MemberError as `class_values`."""
        self._values = class_values(data, max_pixels=max_pixels)
        scales = read_header(data, max_pixels=max_pixels).profile.scales
        dtype = self._values.dtype
        self._profile = Profile(
            "yx", self._values.shape, dtype.name, ("class",), dtype.itemsize * 8, scales=scales
        )

    @property
    def profile(self) -> Profile:
        """Axes yx, uint8 or uint16."""
        return self._profile

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """The window (y, x), every `scale`-th pixel of it."""
        height, width = self._values.shape
        window = clipped(window, height, width)
        return self._values[window.top : window.bottom : scale, window.left : window.right : scale]
