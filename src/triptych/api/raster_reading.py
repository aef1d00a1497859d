"""Rasters read for pictures: which layer some bytes are, its bands, and windows of it with what was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.api.open_layers import RASTER, OpenLayers, Reading
from triptych.api.raster_wishes import places_of
from triptych.core.dataset import Role
from triptych.core.errors import InvalidInput
from triptych.datasets.raster_document import FileBand, file_bands, rgb_of, source_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from triptych.api.raster_wishes import Shown
    from triptych.core.raster import OpenLayer, Window
    from triptych.core.recipe import DataSource, Recipe

LAYERS = OpenLayers()
"""Layers that this process has open, for tiles, pictures and maps alike."""

MOST_BANDS = 4
"""Bands of a raster that a tile holds unless some are asked for."""

MOST_ASKED = 16
"""Bands that a tile holds at most."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A layer that is shown: its row with the content's, its data source in the recipe, and its bands."""

    row: sa.Row[Any]
    source: DataSource | None
    bands: Sequence[FileBand]

    @classmethod
    def of(cls, row: sa.Row[Any], recipe: Recipe | None) -> Raster:
        """The raster of a row of layers."""
        source = source_named(recipe, row.name)
        return cls(row, source, file_bands(row, source))

    @property
    def digest(self) -> bytes:
        """The hash of its bytes."""
        return bytes(self.row.sha256)

    @property
    def is_label(self) -> bool:
        """Whether its values are classes."""
        return bool(self.row.role == Role.LABEL.value)

    @property
    def rgb(self) -> list[int]:
        """Places of red, green and blue, or one place in grey."""
        return rgb_of(self.row, self.source)

    @property
    def reading(self) -> Reading:
        """How it is read; pictures by their colours, or as classes."""
        if self.row.format != RASTER:
            return Reading(self.is_label)
        nodata = None if self.source is None else self.source.nodata
        # NaN is never a measurement, so that it needs no declaration, and would be no key.
        return Reading(self.is_label, None if nodata is None or math.isnan(nodata) else nodata)


def samples_of(
    layer: OpenLayer, places: Sequence[int], window: Window | None, scale: int, *, labels: bool
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Samples (c, y, x) of bands, and where they were measured (c, y, x); None: everywhere.

    A mask that is a picture has one band, whatever colours it is stored in.
    """
    read = getattr(layer, "read_measured", None)
    if read is not None:
        found: tuple[NDArray[Any], NDArray[np.bool_] | None] = read(places, window, scale)
        return found
    samples = layer.read(window, scale)
    samples = samples[np.newaxis] if samples.ndim == 2 else samples
    return samples[[0] * len(places) if labels else list(places)], None


def values_of(
    shown: Shown,
    bands: Sequence[FileBand],
    samples: NDArray[Any],
    measured: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What is shown as values (k, y, x), scaled and offset, and where (y, x) all of it is known."""
    values: NDArray[np.float64] = np.empty(samples.shape, np.float64)
    for index, place in enumerate(shown.places):
        np.multiply(samples[index], bands[place].scale, out=values[index], dtype=np.float64)
        values[index] += bands[place].offset
    if measured is not None:
        values[~measured] = math.nan
    if shown.expression is not None:
        at = {place: values[index] for index, place in enumerate(shown.places)}
        values = (
            shown.expression.evaluate(at).reshape(-1, *samples.shape[1:]) if at else _constant(shown, samples)
        )
    valid: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(values), axis=0)
    return values, valid


def _constant(shown: Shown, samples: NDArray[Any]) -> NDArray[np.float64]:
    assert shown.expression is not None
    return np.broadcast_to(shown.expression.evaluate({}), (1, *samples.shape[1:])).copy()


def tile_bands(raster: Raster, text: str | None) -> list[int]:
    """The places of the bands that a tile is asked to hold; all of them where they are few and none is named.
    InvalidInput `bands_needed`, `bad_bands`."""
    count = len(raster.bands)
    if not text:
        if count <= MOST_BANDS:
            return list(range(count))
        raise InvalidInput(
            f"The raster has {count} bands; a tile holds those that are named.",
            code="bands_needed",
            hint="Give places in the file, counted from 0, with commas: bands=3,2,1.",
        )
    places = places_of(text, [band.name for band in raster.bands])
    if len(places) > MOST_ASKED:
        raise InvalidInput(
            f"{len(places)} bands are asked for; a tile holds {MOST_ASKED} at most.",
            code="bad_bands",
            hint="Ask for the others with another tile.",
        )
    return list(places)
