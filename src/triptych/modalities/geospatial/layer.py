"""Open layers over a raster: any bands of any window, thinned, with what of it was measured.

Small copies are read where a window is thinned: those of the file itself, or of the pyramid beside it. One thread
at a time reads a layer; several layers may lie over the same file.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from rasterio.errors import RasterioDeprecationWarning
from rasterio.io import FilePath, MemoryFile
from rasterio.windows import Window as RasterioWindow

from triptych.core.raster import GeoFrame, Profile, Window
from triptych.modalities.geospatial.boxes import middles, thinned
from triptych.modalities.geospatial.details import place_of
from triptych.modalities.geospatial.facts import facts_of
from triptych.modalities.geospatial.pyramid_layer import RasterPyramid
from triptych.modalities.geospatial.reading import (
    check,
    check_mark,
    environment,
    open_named,
    read_samples,
)
from triptych.modalities.geospatial.validity import Validity
from triptych.modalities.planar.decode import MAX_PIXELS
from triptych.modalities.planar.header import scales_of
from triptych.modalities.planar.window import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from rasterio.io import DatasetReader

    from triptych.modalities.geospatial.facts import RasterFacts

PathPart = tuple[str, int, int]
"""A file, where the raster begins in it, and how many bytes it has."""


HELD_PIXELS = 1 << 20
"""Pixels of a raster that is held as a whole where it is thinned."""

HELD_READINGS = 4
"""Choices of bands and scales that are held."""


class RasterLayer:
    """An OpenLayer over a GeoTIFF. Close it when it is no longer needed, or use it in a `with`.

    `labels`: thinning takes the sample in the middle of each box instead of the mean of what was measured; so it is
    for pictures with a table of colours in any case. `nodata` is a value that means nothing was measured, besides
    what the file declares.
    """

    def __init__(
        self,
        name: str,
        stack: ExitStack,
        pyramid: RasterPyramid | None = None,
        *,
        labels: bool = False,
        nodata: float | None = None,
        max_pixels: int = MAX_PIXELS,
    ) -> None:
        """`name` is GDAL's for the file; what `stack` holds is closed with the layer. MemberError as
        `reading.open_named` and `reading.check`."""
        self._name = name
        self._stack = stack
        with environment():
            self._dataset: DatasetReader = stack.enter_context(open_named(name))
            check(self._dataset, max_pixels)
            self.facts: RasterFacts = facts_of(self._dataset)
            crs, transform, _ = place_of(self._dataset)
        facts = self.facts
        self.labels = labels or facts.palette is not None
        self._validity = Validity.of(facts, nodata)
        fits = pyramid is not None and pyramid.serves(facts, self._validity, unmixed=self.labels)
        self._pyramid = pyramid if fits else None
        self._smaller: dict[int, DatasetReader] = {}
        self._held: dict[tuple[int, ...], tuple[NDArray[Any], NDArray[np.bool_] | None]] = {}
        self._profile = Profile(
            axes="yx" if facts.count == 1 else "cyx",
            shape=(facts.height, facts.width)
            if facts.count == 1
            else (facts.count, facts.height, facts.width),
            dtype=facts.dtype,
            bands=facts.bands,
            bit_depth=facts.bit_depth,
            frame=GeoFrame(crs, transform),
            scales=scales_of(facts.width, facts.height),
        )

    @property
    def profile(self) -> Profile:
        """Axes yx or cyx, native dtype, the place in a GeoFrame."""
        return self._profile

    @property
    def validity(self) -> Validity:
        """Which samples count."""
        return self._validity

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """All bands of the window: (y, x) of a raster of one band, else (c, y, x). `plane` is not used."""
        samples = self.read_bands(range(self.facts.count), window, scale)
        return samples[0] if self.facts.count == 1 else samples

    def read_bands(self, bands: Sequence[int], window: Window | None = None, scale: int = 1) -> NDArray[Any]:
        """Samples (c, y, x) of the bands at these places, from 0, in this order and in native dtype.

        ceil(size / scale) pixels along y and x; not to be written to. A box in which nothing was measured has some
        value that `valid` says no to. MemberError `damaged` where pixels cannot be decoded, IndexError for a band
        that is not there.
        """
        return self.read_measured(bands, window, scale)[0]

    def valid(
        self, window: Window | None = None, scale: int = 1, bands: Sequence[int] | None = None
    ) -> NDArray[np.bool_]:
        """Where (y, x) each of the named bands (all where None) holds something that was measured; thinned, where
        the box holds any of it."""
        places = range(self.facts.count) if bands is None else bands
        samples, measured = self.read_measured(places, window, scale)
        if measured is None:
            return np.ones(samples.shape[1:], bool)
        everywhere: NDArray[np.bool_] = np.logical_and.reduce(measured)
        return everywhere

    def read_measured(
        self, bands: Sequence[int], window: Window | None = None, scale: int = 1
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """`read_bands`, and where (c, y, x) the samples were measured; None: everywhere."""
        places = list(bands)
        if not places or not all(0 <= place < self.facts.count for place in places):
            raise IndexError(f"bands {places} of a raster with {self.facts.count}")
        window = clipped(window, self.facts.height, self.facts.width)
        if self._is_held(window, scale):
            return self._from_held(places, window, scale)
        return self._read_thinned(places, window, scale)

    def _is_held(self, window: Window, scale: int) -> bool:
        """Whether the raster is thinned as a whole and held: it is small, and the rest of it is often asked for."""
        height, width = self.facts.height, self.facts.width
        starts = window.top % scale == 0 and window.left % scale == 0
        ends = window.bottom in (height, window.bottom // scale * scale)
        ends = ends and window.right in (width, window.right // scale * scale)
        return scale > 1 and height * width <= HELD_PIXELS and starts and ends

    def _from_held(
        self, places: list[int], window: Window, scale: int
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        key = (*places, scale)
        held = self._held.get(key)
        if held is None:
            whole = Window(0, 0, self.facts.height, self.facts.width)
            held = self._read_thinned(places, whole, scale)
            for array in held:
                if array is not None:
                    array.flags.writeable = False
            while len(self._held) >= HELD_READINGS:
                self._held.pop(next(iter(self._held)))
            self._held[key] = held
        part = (
            slice(None),
            slice(window.top // scale, -(-window.bottom // scale)),
            slice(window.left // scale, -(-window.right // scale)),
        )
        samples, valid = held
        return samples[part], None if valid is None else valid[part]

    def _read_thinned(
        self, places: list[int], window: Window, scale: int
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        factor, copies = self._level(window, scale)
        if factor > 1 and copies is None:
            assert self._pyramid is not None
            samples, valid = self._pyramid.read(places, window, factor)
        else:
            samples, valid = self._read(copies, places, window, factor)
        if scale > factor:
            return self._thin(samples, valid, scale // factor)
        return samples, valid

    def _read(
        self, copies: int | None, places: list[int], window: Window, factor: int
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        with environment():
            dataset = self._dataset if copies is None else self._copy(copies)
            part = RasterioWindow.from_slices(
                (window.top // factor, min(-(-window.bottom // factor), dataset.height)),
                (window.left // factor, min(-(-window.right // factor), dataset.width)),
            )
            samples = read_samples(dataset, part, [place + 1 for place in places])
            seen = self._validity.masked(dataset, None, part)
        return samples, self._validity.of_bands(samples, places, seen)

    def _thin(
        self, samples: NDArray[Any], valid: NDArray[np.bool_] | None, scale: int
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        height, width = samples.shape[1:]
        if self.labels:
            rows, columns = middles(0, height, scale, height), middles(0, width, scale, width)
            kept = samples[:, rows][:, :, columns]
            return kept, None if valid is None else valid[:, rows][:, :, columns]
        pairs = [
            thinned(band, None if valid is None else valid[index], scale)
            for index, band in enumerate(samples)
        ]
        means = np.stack([mean for mean, _ in pairs])
        if all(mask is None for _, mask in pairs):
            return means, None
        shape = means.shape[1:]
        return means, np.stack([np.ones(shape, bool) if mask is None else mask for _, mask in pairs])

    def _level(self, window: Window, scale: int) -> tuple[int, int | None]:
        """The factor of the smallest copy that serves, and its place among the file's own copies."""
        height, width = self.facts.height, self.facts.width
        own = {factor: place for place, factor in enumerate(self.facts.overviews)}
        factors = set(own) | (set(self._pyramid.factors) if self._pyramid else set())
        for factor in sorted(factors, reverse=True):
            starts = window.top % factor == 0 and window.left % factor == 0
            ends = (window.bottom % factor == 0 or window.bottom == height) and (
                window.right % factor == 0 or window.right == width
            )
            if factor > 1 and scale % factor == 0 and starts and ends:
                return factor, own.get(factor)
        return 1, None

    def _copy(self, place: int) -> DatasetReader:
        dataset = self._smaller.get(place)
        if dataset is None:
            dataset = self._stack.enter_context(open_named(self._name, overview_level=place))
            self._smaller[place] = dataset
        return dataset

    def close(self) -> None:
        """Let go of the file."""
        self._stack.close()

    def __enter__(self) -> RasterLayer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_raster(
    data: bytes | None = None,
    *,
    path: PathPart | None = None,
    file: BinaryIO | None = None,
    pyramid: bytes | BinaryIO | None = None,
    labels: bool = False,
    nodata: float | None = None,
) -> RasterLayer:
    """A layer over a GeoTIFF: its bytes, a part of a local file, or an open file that is read by ranges.

    Exactly one of `data`, `path` and `file` is given; `file` stays the caller's, and open as long as the layer.
    MemberError as `RasterLayer`.
    """
    stack = ExitStack()
    try:
        with environment():
            name = _name(stack, data, path, file)
        smaller = None if pyramid is None else RasterPyramid(pyramid)
        return RasterLayer(name, stack, smaller, labels=labels, nodata=nodata)
    except BaseException:
        stack.close()
        raise


def _name(stack: ExitStack, data: bytes | None, path: PathPart | None, file: BinaryIO | None) -> str:
    if sum(given is not None for given in (data, path, file)) != 1:
        raise ValueError("exactly one of data, path and file is to be given")
    if data is not None:
        check_mark(data[:4])
        return str(stack.enter_context(MemoryFile(data)).name)
    if path is not None:
        name, start, length = path
        with open(name, "rb") as opened:  # noqa: PTH123
            opened.seek(start)
            check_mark(opened.read(4))
        return f"/vsisubfile/{start}_{length},{name}"
    assert file is not None
    file.seek(0)
    check_mark(file.read(4))
    file.seek(0)
    with warnings.catch_warnings():
        # The opener that is to replace it belongs to the context of one thread; layers are kept and change threads.
        warnings.simplefilter("ignore", RasterioDeprecationWarning)
        return str(stack.enter_context(FilePath(file)).name)
