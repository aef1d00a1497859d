"""Tiled pyramids of large pictures: lossless, in native depth, with every level the box mean of full resolution.

A pyramid is a TIFF (or BigTIFF) of tiles of 512², one page per level, compressed with zstd after horizontal
differencing (TIFF 6.0, predictor 2), readable by any TIFF reader that knows zstd. The first page's description
is a JSON document with what the picture is. The same pixels give the same bytes.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import tifffile

from triptych.core.raster import PixelFrame, Profile
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.header import TILE, scales_of
from triptych.modalities.planar.window import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.core.raster import Window
    from triptych.modalities.planar.decode import Decoded

MEDIA_TYPE = "image/tiff"
_DOCUMENT = {"type": "triptych-pyramid", "version": 1}
_ZSTD_LEVEL = 1  # level 3 takes twice as long for 4 % less
_BIG = 3_900_000_000  # bytes; classic TIFF addresses 4 GiB


def write_pyramid(decoded: Decoded) -> bytes:
    """The pyramid of a decoded picture; memory beyond it is the pyramid, a strip and the level being written."""
    bands = len(decoded.bands)
    size = decoded.width * decoded.height * bands * np.dtype(decoded.dtype).itemsize
    target = io.BytesIO()
    description = json.dumps(
        {
            **_DOCUMENT,
            "bands": decoded.bands,
            "bit_depth": decoded.bit_depth,
            "spacing": decoded.spacing,
            "format": decoded.format,
        }
    )
    with tifffile.TiffWriter(target, bigtiff=size * 1.4 > _BIG) as writer:
        for scale in scales_of(decoded.width, decoded.height):
            height, width = -(-decoded.height // scale), -(-decoded.width // scale)
            writer.write(
                _tiles(decoded, scale),
                shape=(height, width, bands) if bands > 1 else (height, width),
                dtype=decoded.dtype,
                tile=(TILE, TILE),
                photometric="rgb" if decoded.bands[0] == "red" else "minisblack",
                planarconfig="contig" if bands > 1 else None,
                extrasamples=("unassalpha",) if decoded.bands[-1] == "alpha" else None,
                compression="zstd",
                compressionargs={"level": _ZSTD_LEVEL},
                predictor=True,
                subfiletype=0 if scale == 1 else 1,
                description=description if scale == 1 else None,
                metadata=None,
                software=False,
                maxworkers=1,
            )
    return target.getvalue()


def _tiles(decoded: Decoded, scale: int) -> Iterator[NDArray[Any]]:
    waiting: list[NDArray[Any]] = []
    for strip in decoded.strips(scale):
        waiting.append(box_mean(strip, scale))
        while sum(len(rows) for rows in waiting) >= TILE:
            joined = np.concatenate(waiting)
            yield from _cut(joined[:TILE])
            waiting = [joined[TILE:]]
    rest = np.concatenate(waiting)
    if len(rest):
        yield from _cut(rest)


def _cut(rows: NDArray[Any]) -> Iterator[NDArray[Any]]:
    for left in range(0, rows.shape[1], TILE):
        yield np.ascontiguousarray(rows[:, left : left + TILE])


class PyramidLayer:
    """An OpenLayer over a pyramid: reads the tiles that a window touches, at the level that fits the scale.

    Windows that begin and end on multiples of the scale (or at the picture's edge) get exactly what averaging
    full resolution gives; others are averaged from the coarsest level on whose pixels they lie.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Opens a seekable file, which stays the caller's; ValueError when it is no pyramid of ours."""
        self._file = file
        self._pages: list[Any] = list(tifffile.TiffFile(file).pages)
        first = self._pages[0]
        document = json.loads(first.description or "{}")
        if {key: document.get(key) for key in _DOCUMENT} != _DOCUMENT:
            raise ValueError("not a pyramid of this version")
        bands = tuple(document["bands"])
        height, width = first.shape[:2]
        spacing = document["spacing"]
        self._profile = Profile(
            axes="yx" if len(bands) == 1 else "cyx",
            shape=(height, width) if len(bands) == 1 else (len(bands), height, width),
            dtype=str(first.dtype),
            bands=bands,
            bit_depth=document["bit_depth"],
            frame=PixelFrame(tuple(spacing) if spacing else None),
            scales=tuple(2**level for level in range(len(self._pages))),
        )

    @property
    def profile(self) -> Profile:
        """The upright picture's profile."""
        return self._profile

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """The window in canonical axes, averaged over boxes of `scale`: ceil(size / scale) pixels."""
        height, width = self._profile.size("y"), self._profile.size("x")
        window = clipped(window, height, width)
        level = self._level(window, scale, height, width)
        factor = 2**level
        page = self._pages[level]
        top, left = window.top // factor, window.left // factor
        bottom, right = -(-window.bottom // factor), -(-window.right // factor)
        samples = box_mean(self._samples(page, top, left, bottom, right), scale // factor)
        return samples if samples.ndim == 2 else np.moveaxis(samples, 2, 0)

    def _level(self, window: Window, scale: int, height: int, width: int) -> int:
        for level in range(len(self._pages) - 1, 0, -1):
            factor = 2**level
            starts = window.top % factor == 0 and window.left % factor == 0
            ends = (window.bottom % factor == 0 or window.bottom == height) and (
                window.right % factor == 0 or window.right == width
            )
            if scale % factor == 0 and starts and ends:
                return level
        return 0

    def _samples(self, page: Any, top: int, left: int, bottom: int, right: int) -> NDArray[Any]:
        out = np.empty((bottom - top, right - left, *page.shape[2:]), page.dtype)
        columns = -(-page.shape[1] // TILE)
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(left // TILE, -(-right // TILE)):
                tile = self._tile(page, row * columns + column)
                y, x = row * TILE, column * TILE
                upper, lower = max(top, y), min(bottom, y + TILE)
                west, east = max(left, x), min(right, x + TILE)
                part = tile[upper - y : lower - y, west - x : east - x]
                out[upper - top : lower - top, west - left : east - left] = part
        return out

    def _tile(self, page: Any, index: int) -> NDArray[Any]:
        self._file.seek(page.dataoffsets[index])
        decoded, _, _ = page.decode(self._file.read(page.databytecounts[index]), index)
        tile: NDArray[Any] = decoded[0]
        return tile if len(page.shape) == 3 else tile[..., 0]
