"""Which samples were measured: finite, no value that means nothing, not masked, not transparent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.modalities.geospatial.facts import representable
from triptych.modalities.geospatial.reading import read_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from rasterio.io import DatasetReader
    from rasterio.windows import Window as RasterioWindow

    from triptych.modalities.geospatial.facts import RasterFacts


@dataclass(frozen=True, slots=True)
class Validity:
    """The rule of one raster. `missing` has for each band the values that mean nothing, NaN left out, which never
    counts; `mask`: the file brings a mask; `alpha` is the band of transparency, whose own samples all count."""

    missing: tuple[tuple[float | int, ...], ...]
    mask: bool
    alpha: int | None
    floating: bool

    @classmethod
    def of(cls, facts: RasterFacts, nodata: float | None = None) -> Validity:
        """The rule of a raster, with a value declared besides what the file says."""
        dtype = np.dtype(facts.dtype)
        declared = representable(nodata, dtype)
        missing = tuple(
            ()
            if place == facts.alpha
            else tuple(dict.fromkeys(v for v in (own, declared) if v is not None and v == v))
            for place, own in enumerate(facts.nodata)
        )
        return cls(missing, facts.mask, facts.alpha, dtype.kind == "f")

    @property
    def by_pixel(self) -> bool:
        """Whether a mask or transparency rules over all bands of a pixel."""
        return self.mask or self.alpha is not None

    def masked(
        self, dataset: DatasetReader, samples: NDArray[Any] | None, window: RasterioWindow | None
    ) -> NDArray[np.bool_] | None:
        """Where the mask and the transparency let something be seen (y, x); None where there are none.

        `samples` (c, y, x) are all bands of the window; where None, the band of transparency is read.
        """
        seen = read_mask(dataset, window) if self.mask else None
        if self.alpha is not None:
            own = dataset.read(self.alpha + 1, window=window) if samples is None else samples[self.alpha]
            clear = own != 0
            seen = clear if seen is None else seen & clear
        return seen

    def of_band(
        self, band: NDArray[Any], place: int, seen: NDArray[np.bool_] | None
    ) -> NDArray[np.bool_] | None:
        """Which samples (y, x) of the band at `place` count; None: all of them."""
        valid = None if place == self.alpha else seen
        if self.floating:
            finite = np.isfinite(band)
            valid = finite if valid is None else valid & finite
        for value in self.missing[place]:
            other = band != band.dtype.type(value)
            valid = other if valid is None else valid & other
        return valid

    def of_bands(
        self, samples: NDArray[Any], places: Sequence[int], seen: NDArray[np.bool_] | None
    ) -> NDArray[np.bool_] | None:
        """The same for samples (c, y, x) of the bands at `places`: (c, y, x), or None where all count."""
        parts = [self.of_band(band, place, seen) for band, place in zip(samples, places, strict=True)]
        if all(part is None for part in parts):
            return None
        whole = np.ones(samples.shape[1:], bool)
        return np.stack([whole if part is None else part for part in parts])
