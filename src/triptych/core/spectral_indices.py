"""Indices that are known by a name, as expressions over the bands that a raster has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.band_math import name_in_expression

if TYPE_CHECKING:
    from collections.abc import Sequence


class SpectralBand(NamedTuple):
    """What tells which part of the spectrum a band is: its name, its centre in nanometres where it is known, and
    its role R, G or B in the picture."""

    name: str
    wavelength: float | None = None
    color: str | None = None


class Index(NamedTuple):
    """An index: `name` is its short form, `expression` stands for the bands of one raster."""

    name: str
    title: str
    expression: str


# Lower and upper end and the usual centre, in nanometres: the ranges of Landsat's and Sentinel-2's bands.
_RANGES = {
    "blue": (450, 520, 490),
    "green": (520, 600, 560),
    "red": (630, 690, 665),
    "nir": (760, 900, 842),
    "swir1": (1550, 1750, 1610),
    "swir2": (2080, 2350, 2200),
}

_WORDS = {
    "blue": ("blue",),
    "green": ("green",),
    "red": ("red",),
    "nir": ("nir", "nirbroad", "nir08", "nirnarrow", "nearinfrared", "nir1"),
    "swir1": ("swir1", "swir16"),
    "swir2": ("swir2", "swir22"),
}

_COLORS = {"R": "red", "G": "green", "B": "blue"}

# Rouse 1974; McFeeters 1996; Zha 2003; García and Caselles 1991; Huete 2002; Huete 1988. The last two hold for
# reflectances from 0 to 1 alone.
_FORMULAS = (
    ("NDVI", "Vegetation (NDVI)", "({nir} - {red}) / ({nir} + {red})", False),
    ("NDWI", "Water (NDWI)", "({green} - {nir}) / ({green} + {nir})", False),
    ("NDBI", "Built-up (NDBI)", "({swir1} - {nir}) / ({swir1} + {nir})", False),
    ("NBR", "Burned (NBR)", "({nir} - {swir2}) / ({nir} + {swir2})", False),
    ("EVI", "Vegetation, enhanced (EVI)", "2.5 * ({nir} - {red}) / ({nir} + 6 * {red} - 7.5 * {blue} + 1)", True),
    ("SAVI", "Vegetation, soil-adjusted (SAVI)", "1.5 * ({nir} - {red}) / ({nir} + {red} + 0.5)", True),
)  # fmt: skip


def indices_for(bands: Sequence[SpectralBand], *, reflectance: bool) -> tuple[Index, ...]:
    """The indices that the bands allow. `reflectance`: their values are reflectances from 0 to 1."""
    roles = {role: name_in_expression(band.name) for role, band in spectral_roles(bands).items()}
    found = []
    for name, title, formula, of_reflectance in _FORMULAS:
        needed = set(re.findall(r"{(\w+)}", formula))
        if needed <= roles.keys() and (reflectance or not of_reflectance):
            found.append(Index(name, title, formula.format(**roles)))
    return tuple(found)


def spectral_roles(bands: Sequence[SpectralBand]) -> dict[str, SpectralBand]:
    """Which band is blue, green, red, nir, swir1 and swir2: by the wavelength nearest to the usual centre, else
    by its role in the picture, else by its name. Those that there are not are left out."""
    found: dict[str, SpectralBand] = {}
    for role, (low, high, centre) in _RANGES.items():
        within = [band for band in bands if band.wavelength is not None and low <= band.wavelength <= high]
        named = [band for band in bands if band.wavelength is None and _is_called(band, role)]
        if within:
            found[role] = min(within, key=lambda band: abs((band.wavelength or 0) - centre))
        elif named:
            found[role] = named[0]
    return found


def _is_called(band: SpectralBand, role: str) -> bool:
    if band.color is not None:
        return _COLORS.get(band.color) == role
    return re.sub(r"[^a-z0-9]", "", band.name.lower()) in _WORDS[role]
