"""Reading the smaller copies that `pyramid` wrote: the tiles that a window touches, of the bands asked for."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import tifffile

from triptych.modalities.geospatial.pyramid import DOCUMENT, fill_of
from triptych.modalities.planar.header import TILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.raster import Window
    from triptych.modalities.geospatial.facts import RasterFacts
    from triptych.modalities.geospatial.validity import Validity


class RasterPyramid:
    """The levels of a raster with a side of a half, a quarter, … ."""

    def __init__(self, source: bytes | BinaryIO) -> None:
        """Opens a pyramid; an open file stays the caller's. ValueError when it is none of ours."""
        self._file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
        try:
            self._pages: list[Any] = list(tifffile.TiffFile(self._file).pages)
            self._document = json.loads(self._pages[0].description or "{}")
        except (tifffile.TiffFileError, struct.error, IndexError, ValueError) as error:
            raise ValueError("not a pyramid") from error
        if not isinstance(self._document, dict) or not DOCUMENT.items() <= self._document.items():
            raise ValueError("not a pyramid of this version")
        self.factors = tuple(2 ** (level + 1) for level in range(len(self._pages)))
        self._validity: Validity | None = None

    def serves(self, facts: RasterFacts, validity: Validity, *, unmixed: bool) -> bool:
        """Whether the levels are of this raster, thinned in this way, with this rule of what was measured."""
        document = self._document
        size = (document["width"], document["height"], document["bands"]) == (
            facts.width,
            facts.height,
            facts.count,
        )
        method = "middle" if unmixed else "mean"
        fill, more = (None, False) if unmixed else fill_of(facts, validity)
        described = "nan" if isinstance(fill, float) and np.isnan(fill) else fill
        same_rule = unmixed or (document["fill"], document["valid_band"]) == (described, more)
        if not size or document["method"] != method or not same_rule:
            return False
        # Where labels are thinned, what a mask hides is known at full size alone.
        if unmixed and validity.by_pixel:
            return False
        self._validity = validity
        return True

    def read(
        self, places: list[int], window: Window, factor: int
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Samples (c, y, x) of a window that lies on the level's pixels, and which were measured (None: all)."""
        assert self._validity is not None
        page = self._pages[self.factors.index(factor)]
        rows = window.top // factor, -(-window.bottom // factor)
        columns = window.left // factor, -(-window.right // factor)
        samples = np.stack([self._plane(page, place, rows, columns) for place in places])
        seen = None
        if self._document["valid_band"]:
            seen = self._plane(page, self._document["bands"], rows, columns) != 0
        return samples, self._validity.of_bands(samples, places, seen)

    def _plane(self, page: Any, place: int, rows: tuple[int, int], columns: tuple[int, int]) -> NDArray[Any]:
        height, width = page.shape[-2:]
        across, down = -(-width // TILE), -(-height // TILE)
        out = np.empty((rows[1] - rows[0], columns[1] - columns[0]), page.dtype)
        for row in range(rows[0] // TILE, -(-rows[1] // TILE)):
            for column in range(columns[0] // TILE, -(-columns[1] // TILE)):
                tile = self._tile(page, place * across * down + row * across + column)
                y, x = row * TILE, column * TILE
                upper, lower = max(rows[0], y), min(rows[1], y + TILE)
                west, east = max(columns[0], x), min(columns[1], x + TILE)
                out[upper - rows[0] : lower - rows[0], west - columns[0] : east - columns[0]] = tile[
                    upper - y : lower - y, west - x : east - x
                ]
        return out

    def _tile(self, page: Any, index: int) -> NDArray[Any]:
        self._file.seek(page.dataoffsets[index])
        decoded, _, _ = page.decode(self._file.read(page.databytecounts[index]), index)
        tile: NDArray[Any] = decoded[0, :, :, 0]
        return tile
