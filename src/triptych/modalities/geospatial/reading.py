"""Opening TIFF files as rasters: by GDAL's GTiff driver alone, without neighbours, without a network, within limits.

What a file declares is compared with the limits before a pixel is decoded, so that a file of a few kilobytes that
claims 100,000 × 100,000 pixels costs nothing.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.session import DummySession

from triptych.core.recipe import MOST_BANDS
from triptych.core.source import MemberError
from triptych.modalities.planar.decode import MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.windows import Window as RasterioWindow

CACHE = 64_000_000
"""Bytes of decoded blocks that GDAL keeps."""

MOST_BLOCK_BYTES = 1_000_000_000
"""Bytes that one block (a strip or a tile) may have decoded: it is decoded as a whole."""

SAMPLES_PER_PIXEL = 64
"""A raster may have this many bands at the largest number of pixels, and more where it is smaller."""

TIFF_MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How classic TIFF and BigTIFF begin, in both orders of bytes (TIFF 6.0, section 2; libtiff's BigTIFF design)."""

# Side-car files, a listing of the folder and an index beside the file would be the ways to other files.
OPTIONS: dict[str, Any] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_CACHEMAX": CACHE,
    "GDAL_NUM_THREADS": "1",
    "GTIFF_IGNORE_READ_ERRORS": "NO",
}

_KINDS = "uif"


class _Entered(threading.local):
    within = False


_entered = _Entered()


@contextmanager
def environment() -> Iterator[None]:
    """GDAL as this package wants it, for the calling thread. Within another one it costs nothing: who reads many
    files enters it around all of them."""
    if _entered.within:
        yield
        return
    with rasterio.Env(DummySession(), **OPTIONS):
        _entered.within = True
        try:
            yield
        finally:
            _entered.within = False


@contextmanager
def opened(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Iterator[DatasetReader]:
    """The bytes of a TIFF as a dataset of GDAL; MemberError as `check` and `open_named`."""
    check_mark(data[:4])
    with environment(), MemoryFile(data) as memory:
        dataset = _opened(lambda: memory.open(driver="GTiff"))
        try:
            check(dataset, max_pixels)
            yield dataset
        finally:
            dataset.close()


def check_mark(start: bytes) -> None:
    """MemberError `empty_file` or `not_a_raster` for what does not begin as TIFF files do."""
    if not start:
        raise MemberError("empty_file", "The file has no bytes.", "Copy the file again from its origin.")
    if not start.startswith(TIFF_MARKS):
        raise MemberError(
            "not_a_raster",
            "The file does not begin as a TIFF does.",
            "Convert it to GeoTIFF, or rename it so that its ending tells what it is.",
        )


def open_named(name: str, **options: Any) -> DatasetReader:
    """A dataset by GDAL's name for it; MemberError `damaged` when the directory cannot be read."""
    return _opened(lambda: rasterio.open(name, driver="GTiff", **options))


def _opened(opening: Callable[[], DatasetReader]) -> DatasetReader:
    try:
        with warnings.catch_warnings():
            # A raster without a place is one of many things that are noted; it is no surprise.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return opening()
    except (RasterioError, ValueError, TypeError, OverflowError) as error:
        raise MemberError(
            "damaged",
            "The file begins as a TIFF, but its directory cannot be read.",
            "Copy it again from its origin: it is cut short or damaged.",
        ) from error


def check(dataset: DatasetReader, max_pixels: int = MAX_PIXELS) -> None:
    """MemberError `too_many_pixels`, `too_many_bands`, `block_too_large` or `unsupported_samples` for a raster that
    is not read; nothing is decoded."""
    width, height, count = dataset.width, dataset.height, dataset.count
    if width * height > max_pixels or width * height * count > max_pixels * SAMPLES_PER_PIXEL:
        raise MemberError(
            "too_many_pixels",
            f"The raster declares {width} × {height} pixels in {count} bands; the limit is {max_pixels} pixels, "
            f"{SAMPLES_PER_PIXEL} times that in all bands.",
            "Cut it into chips, or raise the setting picture_pixels.",
        )
    if count > MOST_BANDS:
        raise MemberError(
            "too_many_bands",
            f"The raster has {count} bands; the limit is {MOST_BANDS}.",
            "Write the bands that matter into a file of their own.",
        )
    kinds = set(dataset.dtypes)
    names = ", ".join(sorted(kinds))
    if not count or not all(_is_real(kind) for kind in kinds) or len(kinds) > 1:
        raise MemberError(
            "unsupported_samples",
            f"The samples are of the type {names or 'unknown'}; whole and real numbers are read.",
            "Write magnitude and phase, or real and imaginary parts, as bands of their own.",
        )
    rows, columns = dataset.block_shapes[0]
    together = count if is_interleaved(dataset) else 1
    if rows * columns * together * np.dtype(dataset.dtypes[0]).itemsize > MOST_BLOCK_BYTES:
        raise MemberError(
            "block_too_large",
            f"The raster is stored in pieces of {columns} × {rows} pixels, each too large to be decoded at once.",
            "Write it again in tiles: gdal_translate -co TILED=YES in.tif out.tif.",
        )


def is_interleaved(dataset: DatasetReader) -> bool:
    """Whether a block holds all bands of its pixels."""
    return str(dataset.tags(ns="IMAGE_STRUCTURE").get("INTERLEAVE", "")) == "PIXEL"


def read_samples(
    dataset: DatasetReader, window: RasterioWindow | None = None, bands: list[int] | None = None
) -> NDArray[Any]:
    """Samples (c, y, x) of the named bands (from 1; all where None) in native dtype; MemberError `damaged`."""
    try:
        samples: NDArray[Any] = dataset.read(bands, window=window)
    except (RasterioError, ValueError) as error:
        raise _damaged(dataset, window) from error
    return samples


def read_mask(dataset: DatasetReader, window: RasterioWindow | None = None) -> NDArray[np.bool_]:
    """Where the file's mask says that something was measured (y, x); MemberError `damaged`."""
    try:
        mask: NDArray[np.uint8] = dataset.read_masks(1, window=window)
    except (RasterioError, ValueError) as error:
        raise _damaged(dataset, window) from error
    seen: NDArray[np.bool_] = mask != 0
    return seen


def _damaged(dataset: DatasetReader, window: RasterioWindow | None) -> MemberError:
    rows = "" if window is None else f" in rows {window.row_off} to {window.row_off + window.height - 1}"
    return MemberError(
        "damaged",
        f"The pixels of the raster ({dataset.width} × {dataset.height}) cannot be decoded{rows}.",
        "Copy it again from its origin: it is cut short or damaged.",
    )


def _is_real(kind: str) -> bool:
    try:
        return np.dtype(kind).kind in _KINDS
    except TypeError:
        return False
