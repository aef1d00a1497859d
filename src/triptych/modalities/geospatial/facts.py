"""What a GeoTIFF says of itself, before a pixel is decoded: bands, samples, values that mean nothing, its place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.enums import ColorInterp, MaskFlags

from triptych.modalities.geospatial.reading import is_interleaved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rasterio.io import DatasetReader

Rgba = tuple[int, int, int, int]

_COLORS = {ColorInterp.red: "R", ColorInterp.green: "G", ColorInterp.blue: "B"}


@dataclass(frozen=True, slots=True)
class RasterFacts:
    """A raster of `height` × `width` pixels. `bands` are unique names without blanks, in the order of the file.

    `dtype` is the numpy type of a sample, of which `bit_depth` bits carry values. `nodata` has, for each band, the
    declared value that means nothing was measured, None where there is none or where the type cannot hold it.
    `mask`: the file brings a mask of its own. `alpha` is the place of the band of transparency, or None. `colors`
    are the roles of the bands as GDAL names them, `palette` the colours of the values of an indexed picture.
    `block` is (rows, columns) of a strip or tile, `overviews` the factors by which the file holds smaller copies.
    `pages` is how many images the file holds.
    """

    width: int
    height: int
    bands: tuple[str, ...]
    dtype: str
    bit_depth: int
    nodata: tuple[float | int | None, ...]
    declared: tuple[float | int | None, ...]
    mask: bool
    alpha: int | None
    colors: tuple[str, ...]
    palette: dict[int, Rgba] | None
    descriptions: tuple[str, ...]
    wavelengths: tuple[float | None, ...]
    compression: str
    block: tuple[int, int]
    overviews: tuple[int, ...]
    interleaved: bool
    pages: int

    @property
    def count(self) -> int:
        """How many bands there are."""
        return len(self.bands)

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of pixels in all bands, decoded."""
        return self.width * self.count * np.dtype(self.dtype).itemsize


def facts_of(dataset: DatasetReader) -> RasterFacts:
    """The facts of an opened raster that passed `reading.check`."""
    structure = dataset.tags(ns="IMAGE_STRUCTURE")
    dtype = np.dtype(dataset.dtypes[0])
    bits = dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", "")
    depth = dtype.itemsize * 8
    descriptions = tuple((text or "").strip() for text in dataset.descriptions)
    colors = tuple(color.name for color in dataset.colorinterp)
    declared = tuple(dataset.nodatavals)
    return RasterFacts(
        width=dataset.width,
        height=dataset.height,
        bands=band_names(descriptions),
        dtype=dtype.name,
        bit_depth=min(depth, int(bits)) if bits.isdigit() and dtype.kind == "u" and int(bits) else depth,
        nodata=tuple(representable(value, dtype) for value in declared),
        declared=declared,
        mask=_has_mask(dataset),
        alpha=next((place for place, name in enumerate(colors) if name == "alpha"), None),
        colors=colors,
        palette=_palette(dataset),
        descriptions=descriptions,
        wavelengths=tuple(_wavelength(dataset.tags(index)) for index in dataset.indexes),
        compression=str(structure.get("COMPRESSION", "")),
        block=dataset.block_shapes[0],
        overviews=tuple(dataset.overviews(1)),
        interleaved=is_interleaved(dataset),
        pages=max(1, len(dataset.subdatasets)),
    )


def band_names(descriptions: Sequence[str]) -> tuple[str, ...]:
    """Names of bands by their descriptions: without blanks, each once; a band without one is called by its number,
    counted from 1."""
    names: list[str] = []
    taken: set[str] = set()
    for number, text in enumerate(descriptions, 1):
        stem = re.sub(r"[\s\0]+", "_", text.strip())[:100] or str(number)
        name, again = stem, 1
        while name in taken:
            again += 1
            name = f"{stem}_{again}"
        taken.add(name)
        names.append(name)
    return tuple(names)


def representable(value: float | None, dtype: np.dtype[Any]) -> float | int | None:
    """A declared value as the type of the samples holds it; None where no sample can have it."""
    if value is None:
        return None
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            held = float(dtype.type(value))
        return held if math.isnan(held) or math.isfinite(held) or math.isinf(value) else None
    if not math.isfinite(value) or value != int(value):
        return None
    limits = np.iinfo(dtype)
    return int(value) if limits.min <= int(value) <= limits.max else None


def rgb_places(facts: RasterFacts) -> tuple[int, ...]:
    """Which bands, from 0, a picture shows as red, green and blue, or the one that it shows in grey.

    By the roles that the file gives, else by wavelengths, else by names (red, B04, …), else the first three.
    """
    if facts.count == 1 or (facts.count == 2 and facts.alpha == 1):
        return (0,)
    for places in (_by_role(facts), _by_wavelength(facts), _by_name(facts)):
        if places:
            return places
    usable = [place for place in range(facts.count) if place != facts.alpha]
    return tuple(usable[:3]) if len(usable) >= 3 else (usable[0],)


def is_natural(facts: RasterFacts, places: tuple[int, ...]) -> bool:
    """Whether these bands are red, green and blue by the roles that the file gives."""
    return tuple(facts.colors[place] for place in places) == ("red", "green", "blue")


def _by_role(facts: RasterFacts) -> tuple[int, ...]:
    found = {role: place for place, role in reversed(list(enumerate(facts.colors)))}
    places = tuple(found[role] for role in ("red", "green", "blue") if role in found)
    return places if len(places) == 3 else ()


_VISIBLE = ((600.0, 700.0, 660.0), (520.0, 600.0, 560.0), (430.0, 520.0, 490.0))


def _by_wavelength(facts: RasterFacts) -> tuple[int, ...]:
    """In nanometres: the band nearest to the middle of red, green and blue light."""
    chosen = []
    for low, high, middle in _VISIBLE:
        near = [
            (abs(wave - middle), place)
            for place, wave in enumerate(facts.wavelengths)
            if wave is not None and low <= wave < high
        ]
        if not near:
            return ()
        chosen.append(min(near)[1])
    return tuple(chosen)


_NAMES = (
    {"red", "b04", "b4", "r", "sr_b4"},
    {"green", "b03", "b3", "g", "sr_b3"},
    {"blue", "b02", "b2", "b", "sr_b2"},
)  # Sentinel-2 and Landsat 8 number them alike


def _by_name(facts: RasterFacts) -> tuple[int, ...]:
    lowered = [name.lower() for name in facts.bands]
    places = [next((place for place, name in enumerate(lowered) if name in names), None) for names in _NAMES]
    return tuple(place for place in places if place is not None) if None not in places else ()


def _has_mask(dataset: DatasetReader) -> bool:
    return any(
        MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags for flags in dataset.mask_flag_enums
    )


def _palette(dataset: DatasetReader) -> dict[int, Rgba] | None:
    if dataset.count != 1 or dataset.colorinterp[0] != ColorInterp.palette:
        return None
    try:
        colors: dict[int, Rgba] = dataset.colormap(1)
    except ValueError:
        return None
    return colors


_MICROMETRES = re.compile(r"^\s*([0-9.]+(?:e-?\d+)?)\s*(nm|nanomet\w*|um|µm|microm\w*)?\s*$", re.IGNORECASE)


def _wavelength(tags: dict[str, str]) -> float | None:
    """The centre of a band in nanometres by its tags: CENTRAL_WAVELENGTH_UM (GDAL 3.10), wavelength (ENVI)."""
    for key, value in tags.items():
        name = key.lower()
        if name not in ("central_wavelength_um", "wavelength", "central_wavelength", "center_wavelength"):
            continue
        match = _MICROMETRES.match(value)
        if match is None:
            continue
        unit = (match[2] or tags.get("wavelength_units") or ("um" if name.endswith("_um") else "")).lower()
        try:
            number = float(match[1])
        except ValueError:
            continue
        if unit.startswith(("u", "µ", "micro")) or (not unit and number < 100):
            number *= 1000
        if 100 <= number <= 1_000_000:
            return round(number, 3)
    return None
