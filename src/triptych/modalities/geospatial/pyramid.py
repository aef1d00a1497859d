"""Smaller copies of a large raster that brings none: a tiled TIFF whose first page has half the side, and so on.

Samples are in native type, each band apart, tiles of 512², compressed with zstd; integers after horizontal
differencing (TIFF 6.0, predictor 2). Levels hold means over what was measured, of full resolution and not of the
level before; rasters of labels hold the sample in the middle of each box. A box in which nothing was measured has
the `fill` of the document that the first page carries, or, where no value is free for that, 0 in a further band that
holds 1 elsewhere. Strips come one after another, so that memory does not grow with the raster beyond its levels
compressed.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import tifffile

from triptych.modalities.geospatial.boxes import box_sums, means_of, middles
from triptych.modalities.planar.header import TILE, scales_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.modalities.geospatial.facts import RasterFacts
    from triptych.modalities.geospatial.validity import Validity

DOCUMENT = {"type": "triptych-raster-pyramid", "version": 1}
MEDIA_TYPE = "image/tiff"
_ZSTD_LEVEL = 1
_BIG = 3_900_000_000  # bytes; classic TIFF addresses 4 GiB

Fill = float | int | None


def fill_of(facts: RasterFacts, validity: Validity) -> tuple[Fill, bool]:
    """The value of boxes without a measurement, and whether a further band must tell them."""
    values = {
        value for place, band in enumerate(validity.missing) if place != facts.alpha for value in band[:1]
    }
    if len(values) == 1 and all(band for place, band in enumerate(validity.missing) if place != facts.alpha):
        return values.pop(), False
    if np.dtype(facts.dtype).kind == "f":
        return float("nan"), False
    return None, validity.by_pixel or bool(values)


class PyramidWriter:
    """Levels of a raster whose strips come from top to bottom; `unmixed`: of labels."""

    def __init__(self, facts: RasterFacts, validity: Validity, *, unmixed: bool) -> None:
        self._facts = facts
        self._validity = validity
        self._unmixed = unmixed
        self._fill, self._more = (None, False) if unmixed else fill_of(facts, validity)
        self._planes = facts.count + self._more
        scales = scales_of(facts.width, facts.height)[1:]
        self._levels = [_Level(facts, scale, self._planes) for scale in scales]
        self._top = 0
        self._rows: tuple[NDArray[Any], NDArray[Any]] | None = None
        self._waiting: list[tuple[NDArray[Any], NDArray[Any]] | None] = [None] * len(scales)

    def add(self, samples: NDArray[Any], seen: NDArray[np.bool_] | None) -> None:
        """A strip (c, y, x) of all bands, and where the mask and the transparency let something be seen (y, x)."""
        if self._unmixed:
            self._add_middles(samples)
        else:
            valid = self._validity.of_bands(samples, range(self._facts.count), seen)
            self._pass_down(0, samples, valid)
        self._top += samples.shape[1]

    def _add_middles(self, samples: NDArray[Any]) -> None:
        height, width = self._facts.height, self._facts.width
        for level in self._levels:
            rows = middles(0, height, level.scale, height)
            here = rows[(rows >= self._top) & (rows < self._top + samples.shape[1])] - self._top
            if here.size:
                level.add(samples[:, here][:, :, middles(0, width, level.scale, width)])

    def _pass_down(self, index: int, sums: NDArray[Any], counted: NDArray[Any] | None) -> None:
        """Rows of sums, or of samples with the mask of the valid ones, on to the level of half their side."""
        if index == len(self._levels):
            return
        waiting = self._waiting[index]
        if waiting is not None:
            sums = np.concatenate((waiting[0], sums), axis=1)
            if counted is None:
                counted = np.ones(sums.shape, bool)
                counted[:, : waiting[1].shape[1]] = waiting[1]
            else:
                counted = np.concatenate((waiting[1], counted), axis=1)
        self._waiting[index] = None
        rows = sums.shape[1]
        level = self._levels[index]
        last = level.rows_before + rows == -(-self._facts.height // (level.scale // 2))
        usable = rows if last else rows // 2 * 2
        if usable < rows:
            kept = (
                np.ones((sums.shape[0], rows - usable, sums.shape[2]), bool)
                if counted is None
                else counted[:, usable:]
            )
            self._waiting[index] = sums[:, usable:].copy(), kept.copy()
        if not usable:
            return
        level.rows_before += usable
        halved, numbers = _halved(sums[:, :usable], None if counted is None else counted[:, :usable])
        level.add(self._finished(halved, numbers))
        self._pass_down(index + 1, halved, numbers)

    def _finished(self, sums: NDArray[Any], counted: NDArray[np.int64]) -> NDArray[Any]:
        dtype = np.dtype(self._facts.dtype)
        means = means_of(sums, counted, dtype)
        if self._fill is not None:
            means[counted == 0] = dtype.type(self._fill)
        if self._more:
            clear = counted if self._facts.alpha is None else np.delete(counted, self._facts.alpha, axis=0)
            means = np.concatenate((means, (clear.min(axis=0) > 0)[np.newaxis].astype(dtype)))
        return means

    def finish(self) -> bytes:
        """The file."""
        facts = self._facts
        fill = self._fill
        described = "nan" if isinstance(fill, float) and np.isnan(fill) else fill
        description = json.dumps(
            {
                **DOCUMENT,
                "method": "middle" if self._unmixed else "mean",
                "bands": facts.count,
                "width": facts.width,
                "height": facts.height,
                "fill": described,
                "valid_band": self._more,
            }
        )
        dtype = np.dtype(facts.dtype)
        target = io.BytesIO()
        size = facts.width * facts.height * self._planes * dtype.itemsize
        with tifffile.TiffWriter(target, bigtiff=size > _BIG) as writer:
            for number, level in enumerate(self._levels):
                writer.write(
                    level.encoded(),
                    shape=(self._planes, level.height, level.width)
                    if self._planes > 1
                    else (level.height, level.width),
                    dtype=dtype,
                    tile=(TILE, TILE),
                    photometric="minisblack",
                    planarconfig="separate" if self._planes > 1 else None,
                    compression="zstd",
                    predictor=2 if dtype.kind in "iu" else None,
                    subfiletype=1 if number else 0,
                    description=description if not number else None,
                    metadata=None,
                    software=False,
                    maxworkers=1,
                )
        return target.getvalue()


class _Level:
    """The tiles of one level, compressed as soon as a row of them is complete."""

    def __init__(self, facts: RasterFacts, scale: int, planes: int) -> None:
        self.scale = scale
        self.height, self.width = -(-facts.height // scale), -(-facts.width // scale)
        self.rows_before = 0
        self._planes = planes
        self._dtype = np.dtype(facts.dtype)
        self._rows: list[NDArray[Any]] = []
        self._tiles: list[list[bytes]] = [[] for _ in range(planes)]
        self._done = 0

    def add(self, rows: NDArray[Any]) -> None:
        """Rows (planes, y, x) that come next."""
        self._rows.append(rows)
        while sum(part.shape[1] for part in self._rows) >= TILE:
            joined = np.concatenate(self._rows, axis=1) if len(self._rows) > 1 else self._rows[0]
            self._cut(joined[:, :TILE])
            self._rows = [joined[:, TILE:]]

    def encoded(self) -> Iterator[bytes]:
        """All tiles in the order of the file: plane by plane, rows from the top."""
        rest = np.concatenate(self._rows, axis=1) if self._rows else None
        if rest is not None and rest.shape[1]:
            self._cut(rest)
            self._rows = []
        for plane in self._tiles:
            yield from plane

    def _cut(self, rows: NDArray[Any]) -> None:
        for plane in range(self._planes):
            for left in range(0, self.width, TILE):
                tile = np.zeros((TILE, TILE), self._dtype)
                part = rows[plane, :, left : left + TILE]
                tile[: part.shape[0], : part.shape[1]] = part
                plain = imagecodecs.delta_encode(tile, axis=-1) if self._dtype.kind in "iu" else tile
                packed = imagecodecs.zstd_encode(np.asarray(plain).tobytes(), level=_ZSTD_LEVEL)
                self._tiles[plane].append(bytes(packed))


def _halved(sums: NDArray[Any], counted: NDArray[Any] | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Sums and numbers over boxes of 2 × 2; `counted` is a mask for samples, numbers for sums."""
    if counted is None or counted.dtype == bool:
        return box_sums(sums, counted, 2)
    # Sums stay in their type: those of integers are exact.
    return box_sums(sums, None, 2, sums.dtype)[0], box_sums(counted, None, 2, counted.dtype)[0]
