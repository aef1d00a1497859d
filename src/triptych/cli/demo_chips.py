"""The chips of the demonstration: a drawn river valley in six bands on two days, with its land cover."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

ROWS, COLUMNS, SIDE = 4, 6, 96
"""Chips in the valley, and pixels along each."""

METRES = 10
DAYS = ("20240612", "20240815")
EAST, NORTH = 464_000, 5_082_000
"""The upper left corner in UTM zone 33N, in metres."""

NODATA = -9999
IMAGE, LABEL = "_S2L2A.tif", "_LULC.tif"

BANDS = (
    ("B02", "B", 492.4, "Blue"),
    ("B03", "G", 559.8, "Green"),
    ("B04", "R", 664.6, "Red"),
    ("B08", None, 832.8, "Near infrared"),
    ("B11", None, 1613.7, "Short-wave infrared 1"),
    ("B12", None, 2202.4, "Short-wave infrared 2"),
)

CLASSES = (
    (0, "Unlabelled", "#000000", True),
    (1, "Water", "#0072B2", False),
    (2, "Forest", "#009E73", False),
    (3, "Cropland", "#E69F00", False),
    (4, "Built-up", "#D55E00", False),
)

# Reflectance × 10,000 in the order of BANDS, in June; water, forest, young and ripe crops, roofs.
SPECTRA = {
    1: (520, 560, 380, 180, 90, 60),
    2: (250, 450, 260, 3100, 1500, 700),
    3: (420, 760, 520, 3900, 2100, 1150),
    4: (1150, 1250, 1350, 1900, 2300, 2100),
}
RIPE = (780, 1150, 1500, 2600, 3200, 2300)


def chips(random_of: Callable[[int], Generator]) -> dict[str, bytes]:
    """`valley_r1c1_20240612_S2L2A.tif`, … with `_LULC.tif` beside them, and `recipe.json`."""
    files = {"recipe.json": json.dumps(_recipe()).encode()}
    cover, ripe = _land(random_of(0))
    for number, day in enumerate(DAYS):
        scene = _scene(
            cover, ripe if number else np.zeros_like(ripe), random_of(1 + number), clouds=number == 1
        )
        for row in range(ROWS):
            for column in range(COLUMNS):
                window = np.s_[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]
                stem = f"valley_r{row + 1}c{column + 1}_{day}"
                corner = EAST + column * SIDE * METRES, NORTH - row * SIDE * METRES
                files[f"{stem}{IMAGE}"] = _tiff(scene[:, *window], corner, NODATA)
                files[f"{stem}{LABEL}"] = _tiff(cover[window][None], corner, None)
    return files


def _recipe() -> dict[str, Any]:
    bands = [
        {
            "index": index,
            "band_name": name,
            "RGB_band": color,
            "scaling_factor": 0.0001,
            "description": description,
            "wavelength": wavelength,
        }
        for index, (name, color, wavelength, description) in enumerate(BANDS)
    ]
    return {
        "type": "geospatial-recipe",
        "version": 1,
        "purpose": "Segmentation",
        "data_sources": [
            {
                "modality_tag": "S2L2A",
                "file_suffix": IMAGE,
                "connector": "sentinelhub",
                "collection": "s2_l2a",
                "resolution": METRES,
                "bands": bands,
            }
        ],
        "label_suffix": LABEL,
        "label_layer": "LULC",
        "label_categories": [
            {"id": number, "name": name, "color": color, "opacity": 0.7, "ignore": ignore}
            for number, name, color, ignore in CLASSES
        ],
    }


def _smooth(random: Generator, cell: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Noise (y, x) from -1 to 1 whose hills are about `cell` pixels wide."""
    height, width = shape
    coarse = random.uniform(-1, 1, (height // cell + 2, width // cell + 2)).astype(np.float32)
    drawn = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(drawn, np.float64)


def _land(random: Generator) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The class of each pixel (y, x), and how ripe the crops are in August, 0 to 1."""
    shape = ROWS * SIDE, COLUMNS * SIDE
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    forest = _smooth(random, 90, shape) + 0.35 * _smooth(random, 22, shape)
    cover = np.where(forest > 0.12, 2, 3).astype(np.uint8)
    fields = (x // 37).astype(int) * 131 + ((y + 12 * np.sin(x / 60)) // 29).astype(int) * 17
    ripe = ((fields * 2654435761 % 97) / 97 > 0.45).astype(np.float64)
    town = np.hypot(x - 0.66 * shape[1], (y - 0.3 * shape[0]) * 1.3) + 14 * _smooth(random, 14, shape)
    streets = ((x + y * 0.2) % 13 < 8) & ((y - x * 0.2) % 11 < 7)
    cover[(town < 58) & streets] = 4
    bend = 0.55 * shape[0] + 62 * np.sin(x / 92) + 18 * np.sin(x / 37 + 1)
    cover[np.abs(y - bend) < 9 + 3 * np.sin(x / 51)] = 1
    lake = np.hypot(x - 0.17 * shape[1], (y - 0.24 * shape[0]) * 1.5)
    cover[lake + 9 * _smooth(random, 25, shape) < 34] = 1
    # What the people who drew the labels left out.
    cover[(x > 0.9 * shape[1]) & (y > 0.86 * shape[0])] = 0
    return cover, ripe


def _scene(
    cover: NDArray[np.uint8], ripe: NDArray[np.float64], random: Generator, *, clouds: bool
) -> NDArray[np.int16]:
    """Samples (band, y, x); NODATA where the clouds of that day are cut out."""
    drawn = np.zeros((len(BANDS), *cover.shape))
    shown = np.where(cover == 0, 3, cover)
    for number, spectrum in SPECTRA.items():
        drawn[:, shown == number] = np.array(spectrum, np.float64)[:, None]
    crops = shown == 3
    drawn[:, crops] += (np.array(RIPE) - np.array(SPECTRA[3]))[:, None] * ripe[crops]
    light = 1 + 0.12 * _smooth(random, 60, cover.shape) + 0.05 * random.standard_normal(cover.shape)
    samples = (drawn * light).clip(1, 9_999).round().astype(np.int16)
    if clouds:
        samples[:, _smooth(random, 70, cover.shape) > 0.62] = NODATA
    return samples


def _tiff(samples: NDArray[Any], corner: tuple[int, int], nodata: int | None) -> bytes:
    from rasterio.io import MemoryFile
    from rasterio.transform import Affine

    bands, height, width = samples.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            count=bands,
            height=height,
            width=width,
            dtype=samples.dtype.name,
            crs="EPSG:32633",
            transform=Affine(METRES, 0, corner[0], 0, -METRES, corner[1]),
            nodata=nodata,
            compress="deflate",
            predictor=2,
        ) as dataset:
            dataset.write(samples)
            if bands == len(BANDS):
                dataset.descriptions = tuple(name for name, *_ in BANDS)
        return bytes(memory.read())
