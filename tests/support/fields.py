"""A small landscape for pages: neighbouring chips on two days with classes, and a stack of three years."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from tests.support.chips import scene, tiff

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 64
DAYS = ("20240612", "20240815")
COLUMNS = ("a", "b", "c")
SCALE = 0.0001
NODATA = -9999
CORNER = 464_000.0, 5_082_000.0
"""Of the first chip, in UTM zone 33N; pixels are 10 m wide."""

BANDS = (("B02", "B", 492.4), ("B03", "G", 559.8), ("B04", "R", 664.6), ("B08", None, 832.8))
CLASSES = (
    (0, "Unlabelled", "#000000", True),
    (1, "Water", "#0072B2", False),
    (2, "Forest", "#009E73", False),
)
YEARS = ("1985", "1990", "1995")


def key(column: str, day: str) -> str:
    """What a chip is called."""
    return f"field_{column}_{day}"


def samples(column: str, day: str) -> NDArray[np.int16]:
    """Samples (4, y, x) of a chip; on the second day the lower right corner was not measured."""
    seed = 2 * COLUMNS.index(column) + DAYS.index(day)
    made: NDArray[np.int16] = scene(seed, bands=len(BANDS), size=SIDE)
    if day == DAYS[1]:
        made[:, -8:, -8:] = NODATA
    return made


def classes() -> NDArray[np.uint8]:
    """The label (y, x) of every chip: nothing in the first rows, then water at the left and forest at the right."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    return np.where(y < 6, 0, np.where(x < SIDE // 2, 1, 2)).astype(np.uint8)


def pairs() -> dict[str, bytes | str]:
    """Six chips with labels and their recipe: three neighbours on two days."""
    files: dict[str, bytes | str] = {"recipe.json": json.dumps(_recipe())}
    for place, column in enumerate(COLUMNS):
        origin = CORNER[0] + place * SIDE * 10, CORNER[1]
        for day in DAYS:
            files[f"{key(column, day)}_S2.tif"] = tiff(samples(column, day), origin=origin, nodata=NODATA)
            files[f"{key(column, day)}_LULC.tif"] = tiff(classes()[None], origin=origin)
    return files


def stack(number: int) -> NDArray[np.uint8]:
    """Samples (date · band, y, x) of three years with three bands each."""
    made: NDArray[np.uint8] = np.clip(scene(number, bands=9, size=SIDE) // 20, 1, 255).astype(np.uint8)
    return made


def stacks(count: int = 2) -> dict[str, bytes | str]:
    """Chips with their years in one file, side by side and without labels."""
    names = [f"{year}_b{band}" for year in YEARS for band in (1, 2, 3)]
    return {
        f"tile_{number}_stack.tif": tiff(
            stack(number), origin=(CORNER[0] + number * SIDE * 10, CORNER[1]), descriptions=names, nodata=0
        )
        for number in range(count)
    }


def _recipe() -> dict[str, object]:
    bands = [
        {
            "index": index,
            "band_name": name,
            "RGB_band": color,
            "scaling_factor": SCALE,
            "wavelength": wavelength,
        }
        for index, (name, color, wavelength) in enumerate(BANDS)
    ]
    return {
        "type": "geospatial-recipe",
        "version": 1,
        "purpose": "Segmentation",
        "data_sources": [{"modality_tag": "S2", "file_suffix": "_S2.tif", "bands": bands}],
        "label_suffix": "_LULC.tif",
        "label_layer": "LULC",
        "label_categories": [
            {"id": number, "name": name, "color": color, "ignore": ignore}
            for number, name, color, ignore in CLASSES
        ],
    }
