"""Small GeoTIFF files for tests, written by GDAL through rasterio: another program than the one that reads them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def geotiff(
    pixels: NDArray[Any],
    *,
    crs: str | None = "EPSG:32633",
    origin: tuple[float, float] = (500_000.0, 5_000_000.0),
    step: float = 10.0,
    nodata: float | None = None,
    descriptions: tuple[str, ...] = (),
    tags: dict[str, str] | None = None,
    band_tags: dict[str, str] | None = None,
    **profile: Any,
) -> bytes:
    """A GeoTIFF of pixels (band, y, x) or (y, x); `band_tags` go to every band."""
    from rasterio import Affine
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    bands = pixels if pixels.ndim == 3 else pixels[None]
    if crs is not None:
        profile = {"transform": Affine(step, 0, origin[0], 0, -step, origin[1]), "crs": crs} | profile
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="GTiff", width=bands.shape[2], height=bands.shape[1], count=len(bands), dtype=bands.dtype,
            nodata=nodata, **profile,
        ) as file:  # fmt: skip
            file.write(bands)
            if descriptions:
                file.descriptions = descriptions
            if tags:
                file.update_tags(**tags)
            for band in range(1, len(bands) + 1) if band_tags else ():
                file.update_tags(band, **(band_tags or {}))
        return bytes(memory.read())


def data(seed: int, *, bands: int = 4, size: int = 8, dtype: str = "uint16", **how: Any) -> bytes:
    """A chip of data."""
    pixels = np.random.default_rng(seed).integers(1, 200, (bands, size, size))
    return geotiff(pixels.astype(dtype), **how)


def mask(*values: int, size: int = 8, dtype: str = "uint8", **how: Any) -> bytes:
    """A label whose rows take the values in turn."""
    rows = np.resize(np.array(values), size)
    return geotiff(np.repeat(rows[:, None], size, axis=1).astype(dtype), **how)


def geotiff_pairs() -> dict[str, bytes]:
    """Two data sources and labels, dates in names, an orphan of each kind, a stem with a dot and a file beside."""
    colors = ("blue", "green", "red", "near infrared")
    files: dict[str, bytes] = {}
    for number, stem in enumerate(("a_20200101", "a_20200111", "b.v1.4_20200101")):
        files[f"{stem}_S2.tif"] = data(number, descriptions=colors)
        files[f"{stem}_S1.tif"] = data(number + 9, bands=2, dtype="float32", descriptions=("VV", "VH"))
        files[f"{stem}_mask.tif"] = mask(-1, 0, 3, dtype="int16")
    files["c_S2.tif"] = data(7, descriptions=colors)
    files["d_mask.tif"] = mask(0, 3, dtype="int16")
    return files | {"notes.txt": b"hello"}
