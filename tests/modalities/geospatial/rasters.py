"""GeoTIFF files for tests, written by rasterio and tifffile, not by the code under test."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTM = Affine(10, 0, 500_000, 0, -10, 5_000_000)


def tiff(
    array: NDArray[Any], *, crs: str | None = "EPSG:32633", transform: Affine | None = UTM, **options: Any
) -> bytes:
    """An array (y, x) or (c, y, x) as a GeoTIFF.

    `options` are those of GDAL's driver, and besides `mask` (y, x), `colors` (ColorInterp of each band),
    `descriptions`, `colormap` of the first band, `tags`, `overviews` (factors).
    """
    mask, colors = options.pop("mask", None), options.pop("colors", None)
    descriptions, colormap = options.pop("descriptions", ()), options.pop("colormap", None)
    tags, overviews = options.pop("tags", None), options.pop("overviews", ())
    bands = array[np.newaxis] if array.ndim == 2 else array
    with (
        warnings.catch_warnings(),
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        MemoryFile() as memory,
    ):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        place: dict[str, Any] = {} if transform is None else {"transform": transform}
        with memory.open(
            driver="GTiff",
            count=len(bands),
            height=bands.shape[1],
            width=bands.shape[2],
            dtype=bands.dtype.name,
            crs=crs,
            **place,
            **options,
        ) as dataset:
            dataset.write(bands)
            if mask is not None:
                dataset.write_mask(mask)
            if colors is not None:
                dataset.colorinterp = colors
            for number, text in enumerate(descriptions, 1):
                dataset.set_band_description(number, text)
            if colormap is not None:
                dataset.write_colormap(1, colormap)
            if tags:
                dataset.update_tags(**tags)
            if overviews:
                dataset.build_overviews(list(overviews))
        return bytes(memory.read())


def ground(seed: int, shape: tuple[int, ...], dtype: str = "int16") -> NDArray[Any]:
    """Values as sensors give them: a slope, some noise, different in every band."""
    generator = np.random.default_rng(seed)
    rows, columns = np.indices(shape[-2:])
    slope = rows * 3.0 + columns * 1.5
    noise = generator.normal(300, 40, shape)
    offsets = np.arange(shape[0]).reshape(-1, 1, 1) * 17.0 if len(shape) == 3 else 0.0
    values = slope + noise + offsets
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return cast("NDArray[Any]", values.astype(kind))
    limits = np.iinfo(kind)
    return cast("NDArray[Any]", np.clip(values, limits.min, limits.max).astype(kind))


def reference(band: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[int, float, float, float, float]:
    """n, mean, population's standard deviation, min and max of the valid samples, in float64 by two passes."""
    values = band[valid].astype(np.float64)
    mean = values.sum() / values.size
    return (
        values.size,
        mean,
        float(np.sqrt(((values - mean) ** 2).sum() / values.size)),
        values.min(),
        values.max(),
    )


def plain(array: NDArray[Any], **options: Any) -> bytes:
    """An array as a TIFF that tells no place."""
    return tiff(array, crs=None, transform=None, **options)
