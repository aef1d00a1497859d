"""The layers of a chip as arrays: bands as the recipe uses them, and where there is a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.client.samples import ClassRaster, Target
from triptych.core.dataset import Role
from triptych.core.errors import TriptychError
from triptych.core.labels import Kind, Task
from triptych.core.source import MemberError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from triptych.client.samples import AnnotationSet, LayerRow, Record
    from triptych.core.recipe import DataSource, Recipe

TIFF_MARKS = (b"II", b"MM")


class Raster(NamedTuple):
    """Values (height, width) or (height, width, bands), and booleans of the same shape: measured or not."""

    values: NDArray[Any]
    measured: NDArray[np.bool_]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.values.nbytes + self.measured.nbytes


def decoded_raster(data: bytes, key: str, source: DataSource | None, *, labels: bool) -> Raster:
    """A layer in the bands that the recipe uses, all of them where it says nothing; TriptychError."""
    try:
        found = (
            _raster(data, source, labels=labels) if data[:2] in TIFF_MARKS else _picture(data, labels=labels)
        )
    except MemberError as error:
        raise TriptychError(
            f"{key} cannot be decoded: {error.reason}", code=error.code, hint=error.hint
        ) from error
    for array in found:
        # One array may be handed out many times: whoever wants to change it makes a copy.
        array.flags.writeable = False
    return found


def _raster(data: bytes, source: DataSource | None, *, labels: bool) -> Raster:
    from triptych.modalities.geospatial.layer import open_raster  # rasterio takes long to import

    nodata = None if source is None else source.nodata
    with open_raster(data, labels=labels, nodata=nodata) as layer:
        bands = range(layer.profile.size("c"))
        used = [place for place, _, _ in source.placed()] if source is not None else list(bands)
        values, measured = layer.read_measured(used)
    return Raster(_last(values), _last(np.ones(values.shape, np.bool_) if measured is None else measured))


def _last(bands: NDArray[Any]) -> NDArray[Any]:
    # Inside, bands come first; arrays of pictures in Python have them last.
    return np.ascontiguousarray(bands[0] if len(bands) == 1 else np.moveaxis(bands, 0, -1))


def _picture(data: bytes, *, labels: bool) -> Raster:
    from triptych.modalities.planar.classes import class_values
    from triptych.modalities.planar.layer import open_picture

    if labels:
        classes = np.ascontiguousarray(class_values(data))
        return Raster(classes, np.ones(classes.shape, np.bool_))
    layer = open_picture(data)
    pixels = layer.read()
    values = np.ascontiguousarray(np.moveaxis(pixels, 0, -1) if "c" in layer.profile.axes else pixels)
    return Raster(values, np.ones(values.shape, np.bool_))


def chip_layers(
    record: Record, recipe: Recipe | None, read: Callable[[LayerRow], Raster]
) -> dict[str, Raster]:
    """Every layer of a chip by name, the one that leads first."""
    ordered = sorted(record.layers, key=lambda layer: (layer.role != Role.IMAGE, layer.name))
    return {layer.name: read(layer) for layer in ordered}


def scalings_of(recipe: Recipe | None) -> dict[str, Sequence[tuple[float, float]]]:
    """Scale and offset of each band that is used, by data source."""
    sources = () if recipe is None else recipe.sources
    return {source.name: [(band.scale, band.offset) for _, _, band in source.placed()] for source in sources}


def raster_label(
    entry: AnnotationSet, record: Record, layers: dict[str, Raster]
) -> ClassRaster | Target | None:
    """What a set whose labels are a layer says of a chip; None where the chip has no such layer."""
    raster = layers.get(entry.layer)
    if raster is None or not any(row.set == entry.name for row in record.labels):
        return None
    if entry.task is Task.SEGMENTATION:
        if all(row.kind == Kind.NOTHING for row in record.labels if row.set == entry.name):
            return None
        return ClassRaster(
            raster.values,
            {known.id: known.name for known in entry.classes},
            frozenset(known.id for known in entry.classes if known.ignore),
        )
    return Target(np.where(raster.measured, raster.values, np.nan).astype(np.float32))
