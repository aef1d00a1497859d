"""Tiles of the map over 100 chips of six bands, through the application in this process: made anew, and held."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import morecantile
import numpy as np
from rasterio.warp import transform

from benchmarks.homes import SQLITE, make_dataset, open_home
from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, Figures, row
from tests.support.chips import Chip, tiff
from tests.support.published_chips import publish
from triptych.api.map_routes import TILES

if TYPE_CHECKING:
    import httpx

    from benchmarks.homes import Bench

NAME = "chips"
ACROSS, SIDE, METRES = 10, 512, 10.0
WEST, NORTH = 500_000.0, 5_800_000.0
SYSTEM = "EPSG:32633"
BANDS = ("B02", "B03", "B04", "B08", "B11", "B12")
RED_GREEN_BLUE = {"B04": "R", "B03": "G", "B02": "B"}
RECIPE = {
    "purpose": "Segmentation",
    "label_suffix": "_mask.tif",
    "label_layer": "mask",
    "data_sources": [
        {
            "modality_tag": "S2L2A",
            "file_suffix": "_img.tif",
            "bands": [
                {"index": index, "band_name": name, "RGB_band": RED_GREEN_BLUE.get(name)}
                for index, name in enumerate(BANDS)
            ],
        }
    ],
}
SCREEN = (4, 3)
ANEW_MS, HELD_MS = 60, 5


@dataclass(frozen=True, slots=True)
class Question:
    """What tiles of a zoom show."""

    what: str
    zoom: int
    query: dict[str, str]


QUESTIONS = (
    Question("natural colours, in a chip", 14, {}),
    Question("natural colours, where chips meet", 12, {}),
    Question("natural colours, about 12 chips", 11, {}),
    Question("thumbnails, about 40 chips", 10, {}),
    Question("one band in a colour map", 14, {"bands": "B08", "colormap": "viridis"}),
    Question("an index of two bands", 14, {"expression": "(B08-B04)/(B08+B04)", "colormap": "rdylgn"}),
    Question("an index of two bands, where chips meet", 12, {"expression": "(B08-B04)/(B08+B04)"}),
    Question("classes", 14, {"label": "1"}),
    Question("classes, where chips meet", 12, {"label": "1"}),
    Question("outlines", 9, {"outlines": "1"}),
)


def main() -> None:
    """Print the table."""
    print(
        f"wall and CPU: the median of the tiles of a screen, {SCREEN[0]} × {SCREEN[1]} at most, one after another; "
        f"chips of {len(BANDS)} × int16 {SIDE}²"
    )
    with open_home(SQLITE, "") as bench:
        fill(bench)
        bench.client.get(
            _path(14, *_tiles(14)[0])
        ).raise_for_status()  # libraries are loaded by the first one
        print(HEADER)
        for question in QUESTIONS:
            ask(bench.client, question)


def fill(bench: Bench) -> None:
    """A published dataset of chips side by side, with masks."""
    generator = np.random.default_rng(4)
    with bench.database.write() as connection:
        dataset_id = make_dataset(connection, NAME, modality="geospatial", format="geotiff_pairs")
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    made = []
    for number in range(ACROSS * ACROSS):
        down, right = divmod(number, ACROSS)
        hills = 300 * np.sin(x / 40 + number) * np.cos(y / 55 - number) + 900
        noise = generator.normal(0, 60, (len(BANDS), SIDE, SIDE))
        samples = (hills + noise + 150 * np.arange(len(BANDS)).reshape(-1, 1, 1)).clip(1, 9_999)
        samples[:, : SIDE // 50] = -9_999
        classes = np.digitize(hills, (750, 1_000, 1_150)).astype(np.uint8)
        how = {
            "origin": (WEST + right * SIDE * METRES, NORTH - down * SIDE * METRES),
            "tiled": True,
            "blockxsize": 256,
            "blockysize": 256,
        }
        image = tiff(samples.astype(np.int16), nodata=-9_999, descriptions=BANDS, **how)  # type: ignore[arg-type]
        mask = tiff(classes[np.newaxis], **how)  # type: ignore[arg-type]
        pixels = dict(enumerate(np.bincount(classes.reshape(-1), minlength=4).tolist()))
        layers = {"S2L2A": ("image", image), "mask": ("label", mask)}
        made.append(Chip(f"chip {number:03}", layers, "train", 1.5e9, None, pixels))
    colors = {0: "#000000", 1: "#0072B2", 2: "#009E73", 3: "#E69F00"}
    publish(bench.installation, dataset_id, made, recipe=RECIPE, classes=colors)


def ask(client: httpx.Client, question: Question) -> None:
    """Print the lines of one question: tiles that nobody has asked for, then the same ones again."""
    paths = [_path(question.zoom, *place) for place in _tiles(question.zoom)]
    TILES.keep("all", bytes(10**9))  # more than is held: nothing is left
    for held in (False, True):
        walls: list[float] = []
        spent: list[float] = []
        sizes: list[int] = []

        def call(walls: list[float] = walls, spent: list[float] = spent, sizes: list[int] = sizes) -> None:
            for path in paths:
                start, cpu = time.perf_counter(), time.process_time()
                answer = client.get(path, params=question.query)
                walls.append(time.perf_counter() - start)
                spent.append(time.process_time() - cpu)
                answer.raise_for_status()
                sizes.append(len(answer.content))

        peak = measure(call).peak
        figures = Figures(statistics.median(walls), statistics.median(spent), peak)
        limit = HELD_MS if held else ANEW_MS
        told = f"CPU at most {limit} ms: {figures.cpu * 1000:.1f}, worst {max(spent) * 1000:.1f}, "
        told += f"{statistics.mean(sizes) / 1000:.1f} KB"
        what = f"  again: {question.what}" if held else f"z{question.zoom}: {question.what}"
        print(row(what, figures, told, missed=figures.cpu * 1000 > limit), flush=True)


def _path(zoom: int, x: int, y: int) -> str:
    return f"/datasets/{NAME}/map/WebMercatorQuad/{zoom}/{x}/{y}.png"


def _tiles(zoom: int) -> list[tuple[int, int]]:
    """The tiles in the middle of all chips, row by row; fewer where a zoom has fewer."""
    grid = morecantile.tms.get("WebMercatorQuad")
    ends = np.array((0.02, 0.98)) * ACROSS * SIDE * METRES
    longitudes, latitudes = transform(SYSTEM, "EPSG:4326", (WEST + ends).tolist(), (NORTH - ends).tolist())
    first, last = (grid.tile(x, y, zoom) for x, y in zip(longitudes, latitudes, strict=True))
    across = _middle(first.x, last.x + 1, SCREEN[0])
    down = _middle(first.y, last.y + 1, SCREEN[1])
    return [(x, y) for y in down for x in across]


def _middle(start: int, stop: int, most: int) -> range:
    spare = max(0, stop - start - most) // 2
    return range(start + spare, min(stop, start + spare + most))


if __name__ == "__main__":
    main()
