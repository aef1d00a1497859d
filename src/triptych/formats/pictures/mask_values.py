"""Which values pictures of masks hold: a few of them are decoded, within bounds, to tell how masks are meant."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import PngImagePlugin

from triptych.core.source import MemberError

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

LOOKED_INTO = 200
"""Masks of a source that are decoded."""

PIXELS = 32 * 1024 * 1024
"""Pixels of one mask beyond which it is not decoded for this."""

ALL_PIXELS = 1024 * 1024 * 1024
_BYTES = 32 * 1024 * 1024
_KEPT = 4096
"""Different values of one mask that are told apart."""


def png_header(head: bytes) -> tuple[int, int, int, int] | None:
    """Width, height, bits and colour type of a PNG (PNG specification, 11.2.1 IHDR); None for anything else."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR" or len(head) < 26:
        return None
    width, height, bits, kind = struct.unpack(">IIBB", head[16:26])
    return width, height, bits, kind


def values_of_masks(view: SourceView, members: list[int]) -> dict[int, set[int]]:
    """The values of at most 200 PNG masks of one band, evenly chosen, by member; colours are packed as 0xRRGGBB.

    Masks that are damaged, too large or no PNG are left out; of a mask at most 4,096 values are told.
    """
    found: dict[int, set[int]] = {}
    left = ALL_PIXELS
    for member in members[:: max(1, -(-len(members) // LOOKED_INTO))]:
        try:
            header = png_header(view.head(member, 64))
            if header is None or header[0] * header[1] > min(PIXELS, left):
                continue
            left -= header[0] * header[1]
            values = _values(view.read(member, _BYTES))
        except MemberError:
            continue
        if values is not None:
            found[member] = values
    return found


def _values(data: bytes) -> set[int] | None:
    pixels = decode_png(data, PIXELS)
    if pixels is None:
        return None
    return set(np.unique(pixels)[:_KEPT].tolist())


def decode_png(data: bytes, most: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]] | None:
    """The values (y, x) of a PNG of at most so many pixels: indices of a palette, grey values, or 0xRRGGBB.

    None when it is damaged, larger, or no PNG.
    """
    header = png_header(data[:64])
    if header is None or not 0 < header[0] * header[1] <= most:
        return None
    try:
        # The class itself, not Image.open: that warns of large pictures, and a warning is not for one thread.
        with PngImagePlugin.PngImageFile(BytesIO(data)) as picture:
            pixels = np.asarray(picture)
    except Exception:  # noqa: BLE001 - a damaged picture raises nearly anything, and has no values
        return None
    if pixels.ndim == 3:
        colors = pixels[..., :3] if pixels.shape[2] > 2 else pixels[..., :1]
        weights = 256 ** np.arange(colors.shape[2])[::-1]
        return colors.astype(np.int64) @ weights.astype(np.int64)
    return pixels.astype(np.int64)
