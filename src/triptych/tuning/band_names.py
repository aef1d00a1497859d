"""TerraTorch's names of bands, by which it takes the weights of a pretrained model that fit.

Names are those of its enumerations HLSBands, OpticalBands and SARBands; wavelengths are those of Sentinel-2A and of
Landsat 8's OLI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triptych.core.recipe import Band

SENTINEL_2 = {
    "B01": "COASTAL_AEROSOL", "B02": "BLUE", "B03": "GREEN", "B04": "RED", "B05": "RED_EDGE_1",
    "B06": "RED_EDGE_2", "B07": "RED_EDGE_3", "B08": "NIR_BROAD", "B8A": "NIR_NARROW", "B09": "WATER_VAPOR",
    "B10": "CIRRUS", "B11": "SWIR_1", "B12": "SWIR_2",
}  # fmt: skip

LANDSAT = {
    "B01": "COASTAL_AEROSOL", "B02": "BLUE", "B03": "GREEN", "B04": "RED", "B05": "NIR_NARROW", "B06": "SWIR_1",
    "B07": "SWIR_2", "B09": "CIRRUS", "B10": "THERMAL_INFRARED_1", "B11": "THERMAL_INFRARED_2",
}  # fmt: skip

WORDS = {
    "coastal": "COASTAL_AEROSOL", "coastalaerosol": "COASTAL_AEROSOL", "blue": "BLUE", "green": "GREEN",
    "red": "RED", "rededge1": "RED_EDGE_1", "rededge2": "RED_EDGE_2", "rededge3": "RED_EDGE_3",
    "nir": "NIR_BROAD", "nirbroad": "NIR_BROAD", "nirnarrow": "NIR_NARROW", "nir08": "NIR_NARROW",
    "nir09": "WATER_VAPOR", "watervapor": "WATER_VAPOR", "cirrus": "CIRRUS", "swir1": "SWIR_1", "swir16": "SWIR_1",
    "swir2": "SWIR_2", "swir22": "SWIR_2", "thermalinfrared1": "THERMAL_INFRARED_1",
    "thermalinfrared2": "THERMAL_INFRARED_2", "vv": "VV", "vh": "VH", "dem": "DEM",
}  # fmt: skip

_RANGES = (
    (433.0, 453.0, "COASTAL_AEROSOL"), (457.5, 523.0, "BLUE"), (530.0, 590.0, "GREEN"), (635.0, 680.0, "RED"),
    (695.0, 714.0, "RED_EDGE_1"), (730.0, 749.0, "RED_EDGE_2"), (768.0, 796.0, "RED_EDGE_3"),
    (800.0, 850.0, "NIR_BROAD"), (851.0, 880.0, "NIR_NARROW"), (932.0, 958.0, "WATER_VAPOR"),
    (1350.0, 1400.0, "CIRRUS"), (1560.0, 1680.0, "SWIR_1"), (2080.0, 2320.0, "SWIR_2"),
)  # fmt: skip


def terratorch_name(band: Band, tag: str) -> str:
    """TerraTorch's name for a band of a data source with a modality tag; the band's own name where it has none.

    The name decides, then the wavelength, in nanometres.
    """
    codes = LANDSAT if "L30" in tag.upper() or "LANDSAT" in tag.upper() else SENTINEL_2
    code = re.fullmatch(r"B0?(\d{1,2}A?)", band.name.upper())
    if code is not None and code[1].zfill(2) in {key.removeprefix("B") for key in codes}:
        return codes[f"B{code[1].zfill(2)}"]
    word = re.sub(r"[^a-z0-9]", "", band.name.lower())
    if word in WORDS:
        return WORDS[word]
    if band.wavelength is not None:
        for low, high, name in _RANGES:
            if low <= band.wavelength <= high:
                return name
    return band.name
