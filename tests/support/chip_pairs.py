"""Pairs of GeoTIFF chips and masks as an upload brings them, and recipes that read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.support.chips import scene, tiff

if TYPE_CHECKING:
    from numpy.typing import NDArray

Files = dict[str, bytes | str]
SIZE = 32


def ground(number: int) -> tuple[float, float]:
    """Corners of chips that do not touch each other."""
    return 500_000.0 + 1_000 * number, 5_800_000.0


def classes_of(number: int) -> NDArray[np.int16]:
    """A mask (1, y, x) with the classes -1, 0 and 1."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    return np.where(y < 3, -1, (x + number) // 16 % 2)[None].astype(np.int16)


def pair(number: int, *, suffix: str = "_img.tif", bands: int = 4) -> Files:
    chip = scene(number, bands=bands, size=SIZE)
    return {
        f"tile.{number}{suffix}": tiff(chip, origin=ground(number), nodata=-9999),
        f"tile.{number}_mask.tif": tiff(classes_of(number), origin=ground(number)),
    }


def pairs(count: int = 6) -> Files:
    files: Files = {}
    for number in range(count):
        files |= pair(number)
    return files


def recipe(bands: list[dict[str, Any]], **changes: Any) -> str:
    """The option that reads the pairs with these bands."""
    document = {
        "purpose": "Segmentation",
        "data_sources": [{"modality_tag": "S2", "file_suffix": "_img.tif", "bands": bands, **changes}],
        "label_suffix": "_mask.tif",
        "label_layer": "mask",
        "label_categories": [
            {"id": "-1", "name": "Ignore", "color": "#000000", "opacity": "0", "ignore": True},
            {"id": "0", "name": "Land", "color": "#888888"},
            {"id": "1", "name": "Water", "color": "#3366cc"},
        ],
    }
    return json.dumps(document)
