"""Chips as values, for documents of a catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np

from triptych.cataloguing.addresses import Addresses
from triptych.cataloguing.chips import Chip, ChipLayer, ClassSet, Place
from triptych.cataloguing.stac_items import Catalogued
from triptych.core.dataset import Role
from triptych.core.recipe import Recipe
from triptych.datasets.raster_document import FileBand

ADDRESSES = Addresses("https://triptych.example")

RECIPE = Recipe.of(
    {
        "purpose": "Segmentation",
        "data_sources": [
            {
                "modality_tag": "S2L2A",
                "file_suffix": "_img.tif",
                "resolution": 10,
                "bands": [
                    {"index": 0, "band_name": "B04", "RGB_band": "R", "scaling_factor": 0.0001},
                    {"index": 1, "band_name": "B08", "wavelength": 832.8, "offset": -0.1},
                ],
            }
        ],
        "label_suffix": "_mask.tif",
        "label_layer": "mask",
    }
)

SETS = (ClassSet(7, "mask", "segmentation", "_mask.tif", {0: "land", 1: "water"}),)

CATALOGUED = Catalogued("harbour", "Harbour", "0" * 24, SETS, 1_795_250_000.0)

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.1], [13.0, 52.0]]],
}
PLACE = Place((13.0, 52.0, 13.1, 52.1), SQUARE, 1_500_000_000.5, "T33UUU")

DETAILS: dict[str, Any] = {
    "crs": "EPSG:32633",
    "transform": [10.0, 0.0, 500000.0, 0.0, -10.0, 5800000.0],
    "bounds": [500000.0, 5799360.0, 500640.0, 5800000.0],
    "resolution": [10.0, 10.0],
    "nodata": -9999,
    "area_or_point": "Area",
}


def moments(*rows: tuple[float, ...]) -> Any:
    """Moments of bands: n, mean, m2, min, max, invalid."""
    return np.array(rows, np.float64)


def layer(name: str = "S2L2A", role: Role = Role.IMAGE, **values: Any) -> ChipLayer:
    """A file of a chip."""
    source = RECIPE.source(name)
    bands: tuple[FileBand, ...] = (FileBand(0, name, name),)
    if source is not None:
        bands = (
            FileBand(0, "B04", "B04", "red", 664.6, "R", 0.0001),
            FileBand(1, "B08", "B08", "", 832.8, None, 1.0, -0.1),
        )
    found: dict[str, Any] = {
        "format": "GTIFF",
        "sha256": "ab" * 32,
        "bytes": 1000,
        "width": 64,
        "height": 32,
        "dtype": "int16" if source is not None else "uint8",
        "bit_depth": 16 if source is not None else 8,
        "bands": bands,
        "moments": moments(*[(2000.0, 100.0, 8000.0, 90.0, 110.0, 48.0)] * len(bands)),
        "details": DETAILS,
        "source": source,
    }
    return ChipLayer(name, role, **(found | values))


def chip(*layers: ChipLayer, **values: Any) -> Chip:
    """A chip with an image and a mask, in the train part."""
    found: dict[str, Any] = {
        "part": "train",
        "place": PLACE,
        "labels": {7: {0: 1500, 1: 548}},
    }
    given = layers or (layer(), layer("mask", Role.LABEL))
    return Chip(64, "a/chip 1", layers=given, **(found | values))
