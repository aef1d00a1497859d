"""GeoTIFF chips: 300 pairs from a zip to a dataset that is ready, beside decoding alone; a pre-scan by address."""

from __future__ import annotations

import functools
import http.server
import json
import math
import os
import sys
import tempfile
import threading
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from benchmarks.measuring import HEADER, call, row, run

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAIRS, BANDS, SIDE = 300, 6, 512
PROCESSES = 2
NODATA = -9999
SMALL_CHIPS, SMALL_SIDE = 10_000, 64


def pair(random: np.random.Generator, number: int, side: int) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Samples (6, y, x) with 2 % of nodata in every fifth chip's wedge, and classes (y, x)."""
    y, x = np.mgrid[0:side, 0:side]
    hills = 300 * np.sin(x / 40 + number) * np.cos(y / 55 - number) + 900
    samples = np.stack([hills + 150 * band + random.normal(0, 60, (side, side)) for band in range(BANDS)])
    chip = samples.clip(1, 9_999).astype(np.int16)
    if number % 5 == 0:
        chip[:, (x + y) < side * math.sqrt(0.2)] = NODATA
    return chip, np.digitize(hills, (750, 1_000, 1_150)).astype(np.uint8)


def encoded(samples: NDArray[Any], number: int, nodata: int | None) -> bytes:
    """A tiled, deflated GeoTIFF on a grid of chips that touch and do not overlap."""
    bands, height, width = samples.shape
    corner = 400_000 + (number % 100) * width * 10, 5_000_000 - (number // 100) * height * 10
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256} if width >= 256 else {}
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            count=bands,
            height=height,
            width=width,
            dtype=samples.dtype.name,
            crs="EPSG:32633",
            transform=Affine(10, 0, corner[0], 0, -10, corner[1]),
            nodata=nodata,
            compress="deflate",
            predictor=2,
            **options,
        ) as dataset:
            dataset.write(samples)
        return bytes(memory.read())


def make_pairs(path: Path) -> None:
    """A stored zip of 300 pairs."""
    random = np.random.default_rng(11)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for number in range(PAIRS):
            chip, classes = pair(random, number, SIDE)
            file.writestr(f"chip_{number:04d}_img.tif", encoded(chip, number, NODATA))
            file.writestr(f"chip_{number:04d}_mask.tif", encoded(classes[None], number, None))


def make_many(path: Path) -> None:
    """A stored zip of 10,000 small chips with masks: ten different ones under many names."""
    random = np.random.default_rng(12)
    made = []
    for number in range(10):
        chip, classes = pair(random, number, SMALL_SIDE)
        made.append((encoded(chip, number, NODATA), encoded(classes[None], number, None)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for number in range(SMALL_CHIPS):
            chip_file, mask = made[number % 10]
            file.writestr(f"chip_{number:05d}_img.tif", chip_file)
            file.writestr(f"chip_{number:05d}_mask.tif", mask)


def decode_share(path: str, first: int) -> int:
    """Read and decode every second file of a zip; how many there were."""
    count = 0
    with zipfile.ZipFile(path) as file:
        for name in file.namelist()[first::PROCESSES]:
            with MemoryFile(file.read(name)) as memory, memory.open() as dataset:
                dataset.read()
            count += 1
    return count


def decode_alone(path: Path) -> None:
    """Decoding alone by two processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(decode_share, [str(path)] * PROCESSES, range(PROCESSES)))


def reference(path: Path) -> list[tuple[int, float, float]]:
    """n, mean and standard deviation of each band over all valid samples, in float64, in two passes."""
    sums, counts, squares = np.zeros(BANDS), np.zeros(BANDS), np.zeros(BANDS)
    for passing in range(2):
        means = sums / np.maximum(counts, 1)
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                if not name.endswith("_img.tif"):
                    continue
                with MemoryFile(file.read(name)) as memory, memory.open() as dataset:
                    chip = dataset.read().astype(np.float64)
                for band in range(BANDS):
                    values = chip[band][chip[band] != NODATA]
                    if passing:
                        squares[band] += np.square(values - means[band]).sum()
                    else:
                        sums[band] += values.sum()
                        counts[band] += values.size
    return [
        (int(n), float(total / n), math.sqrt(square / n))
        for n, total, square in zip(counts, sums, squares, strict=True)
    ]


def check_statistics(triptych: str, home: str, expected: list[tuple[int, float, float]]) -> float:
    """The greatest relative difference of means and deviations from the reference; counts are equal."""
    import subprocess

    told = subprocess.run(
        [triptych, "stats", "pairs", "--home", home, "--json"], capture_output=True, check=True
    ).stdout
    layers = json.loads(told)
    bands = next(value for value in layers.values() if isinstance(value, dict) and "all" in value)["all"][
        "bands"
    ]
    worst = 0.0
    for band, (n, mean, std) in zip(bands, expected, strict=True):
        assert band["n"] == n, (band["n"], n)
        worst = max(worst, abs(band["mean"] / mean - 1), abs(band["std"] / std - 1))
    return worst


class CountingHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with ranges over connections that stay open, as web servers do, and counts what it sends."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    sent = 0

    def do_GET(self) -> None:
        """A whole file, or the range that is asked for."""
        file = Path(self.translate_path(self.path))
        size = file.stat().st_size
        start, stop = 0, size
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes="):
            first, _, last = wanted[6:].partition("-")
            start = int(first) if first else size - int(last)
            stop = min(size, int(last) + 1) if first and last else size
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(stop - start))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", '"1"')
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{size}")
        self.end_headers()
        with file.open("rb") as opened:
            opened.seek(start)
            self.wfile.write(opened.read(stop - start))
        type(self).sent += stop - start

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def prescan_by_address(triptych: str, base: Path) -> None:
    """10,000 chips behind an address: the time of a pre-scan, and the share of the bytes that it reads."""
    path = base / "many.zip"
    make_many(path)
    handler = functools.partial(CountingHandler, directory=str(base))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/many.zip"
        os.environ["TRIPTYCH_PRIVATE_NETWORKS"] = "1"
        figures = run([triptych, "prescan", address, "--home", str(base / "home address"), "--json"])
        server.shutdown()
    share = CountingHandler.sent / path.stat().st_size
    bar = f"≤ 3 s, < 2 % of the bytes: {share:.2%}"
    missed = figures.wall > 3 or share >= 0.02
    print(row(f"pre-scan of {SMALL_CHIPS:,} chips by address", figures, bar, missed=missed))


def main() -> None:
    """Print the table."""
    triptych = str(Path(sys.executable).parent / "triptych")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        source, home = base / "pairs.zip", str(base / "home")
        make_pairs(source)
        print(HEADER)
        decode_alone(source)
        alone = call(lambda: decode_alone(source))
        print(row(f"decoding alone, {PAIRS} pairs of {BANDS} × int16 {SIDE}²", alone, ""))
        figures = run([triptych, "add", str(source), "--home", home])
        bar = f"≤ 3 × decoding alone ({3 * alone.wall:.1f} s): {figures.wall / alone.wall:.2f} ×"
        print(row(f"{PAIRS} pairs → ready", figures, bar, missed=figures.wall > 3 * alone.wall))
        worst = check_statistics(triptych, home, reference(source))
        missed = "  MISSED" if worst > 1e-6 else ""
        print(f"  statistics beside a float64 reference: {worst:.1e} off at most (bar 1e-6){missed}")
        source.unlink()
        prescan_by_address(triptych, base)


if __name__ == "__main__":
    main()
