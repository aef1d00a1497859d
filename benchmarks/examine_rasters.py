"""What looking at one GeoTIFF chip costs beside decoding it alone, stage by stage: CPU milliseconds per chip.

For every chip the best of several rounds counts, so that other work on the machine matters little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.io import MemoryFile

from benchmarks.chips import NODATA, encoded, pair
from benchmarks.in_process import cost, measure
from benchmarks.measuring import HEADER, row
from triptych.modalities.geospatial.details import details_of
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.geospatial.facts import facts_of, rgb_places
from triptych.modalities.geospatial.measuring import Measuring
from triptych.modalities.geospatial.preview import Preview, encode
from triptych.modalities.geospatial.reading import environment, opened, read_samples
from triptych.modalities.geospatial.validity import Validity
from triptych.modalities.planar.thumbnail import BYTES, CELL, GRID, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHIPS = 12
SIDE = 512
BAR = 2.0
"""Times decoding alone that a pair of the benchmark `chips` may take; its bar of 3 holds all else, too."""


def main() -> None:
    """Print a table of stages per kind of chip, then what a large scene needs."""
    random = np.random.default_rng(11)
    pairs = [pair(random, number, SIDE) for number in range(CHIPS)]
    radar = [(image[:2] / 100).astype(np.float32) for image, _ in pairs[: CHIPS // 2]]
    heights = [image[0].astype(np.float32)[np.newaxis] for image, _ in pairs[: CHIPS // 2]]
    kinds = [
        ("6 × int16, deflate", [encoded(image, n, NODATA) for n, (image, _) in enumerate(pairs)]),
        (
            "classes in uint8, deflate",
            [encoded(mask[np.newaxis], n, None) for n, (_, mask) in enumerate(pairs)],
        ),
        ("2 × float32, deflate", [encoded(each, n, NODATA // 100) for n, each in enumerate(radar)]),
        ("1 × float32, deflate", [encoded(each, n, NODATA) for n, each in enumerate(heights)]),
    ]
    alone = whole = 0.0
    with environment():
        for number, (name, files) in enumerate(kinds):
            decoding, examining = stages(name, files)
            if number < 2:
                alone, whole = alone + decoding, whole + examining
    told = "" if whole <= BAR * alone else "  MISSED"
    print(
        f"\na pair of the first two: {whole:.1f} ms, {whole / alone:.2f} × decoding (bar {BAR:.0f} ×){told}\n"
    )
    print(HEADER)
    large = scene()
    figures = measure(lambda: examine_raster(large))
    print(
        row(
            "6 × int16, 5,000²: examine, pyramid included", figures, f"its file has {len(large) / 1e6:.0f} MB"
        )
    )


def stages(name: str, files: list[bytes]) -> tuple[float, float]:
    """Print the table of one kind of chip; milliseconds of decoding alone and of all of it."""
    size = sum(map(len, files)) / len(files) / 1000
    print(f"\n{name}, {SIDE}², {size:.0f} KB on average")
    print(f"{'stage':<42}{'ms':>8}{'× decoding':>12}")
    alone = cost(decoded, files)
    print(f"{'rasterio: open and read':<42}{alone:>8.3f}{1:>12.2f}")
    before = alone
    for stage, work in (
        ("+ facts, place, footprint", told),
        ("+ moments, histograms, counts, hash", measured),
        ("+ thumbnails of 160 and 512 px", shown),
    ):
        total = cost(work, files)
        print(f"{stage:<42}{total - before:>8.3f}{(total - before) / alone:>12.2f}")
        before = total
    whole = cost(examine_raster, files)
    print(f"{'examine_raster: all of it':<42}{whole:>8.3f}{whole / alone:>12.2f}")
    return alone, whole


def decoded(data: bytes) -> None:
    """What anybody does to have the samples."""
    with MemoryFile(data) as memory, memory.open() as dataset:
        dataset.read()


def told(data: bytes) -> None:
    """Decode, and read what the file says of itself."""
    with opened(data) as dataset:
        details_of(dataset, facts_of(dataset))
        read_samples(dataset)


def measured(data: bytes) -> tuple[Measuring, Preview]:
    """The same, measured and hashed."""
    with opened(data) as dataset:
        facts = facts_of(dataset)
        details_of(dataset, facts)
        validity = Validity.of(facts)
        samples = read_samples(dataset)
        seen = validity.masked(dataset, samples, None)
        measuring, preview = Measuring(facts, validity), Preview(facts, validity, rgb_places(facts))
        measuring.add(samples, seen)
        measuring.pixel_hash()
        preview.add(samples, seen)
        return measuring, preview


def shown(data: bytes) -> None:
    """The same, with thumbnails."""
    measuring, preview = measured(data)
    counts = measuring.value_counts()
    few: Any = None if counts is None or counts[0].size > 64 else counts[0].tolist()
    image = preview.image(few, None)
    for side in (GRID, CELL):
        encode(fit(image, side), BYTES[side])


def scene() -> bytes:
    """A scene of 5,000 × 5,000 pixels in six bands, 300 MB decoded."""
    small, _ = pair(np.random.default_rng(3), 1, 500)
    large: NDArray[np.int16] = np.tile(small, (1, 10, 10))
    return encoded(large, 0, NODATA)


if __name__ == "__main__":
    main()
