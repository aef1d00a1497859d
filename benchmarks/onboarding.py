"""From a zip to a dataset that is ready: 5,000 JPEG of 512², and 60,000 PNG of 32²; beside decoding alone."""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measuring import HEADER, call, row, run

JPEGS = 5_000
PNGS = 60_000
PROCESSES = 2


def make_jpegs(path: Path, count: int = JPEGS) -> None:
    """A stored zip of JPEGs of 512² with the weight of photographs (about 43 KB each), no two alike."""
    random = np.random.default_rng(1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        rows = []
        for index in range(count):
            name = f"{index:05}.jpg"
            file.writestr(f"image/{name}", _jpeg(random))
            rows.append(f"{name},class{index % 10}\n")
        file.writestr("label.csv", "".join(rows))


def _jpeg(random: np.random.Generator) -> bytes:
    coarse = Image.fromarray(random.integers(0, 256, (12, 12, 3), np.uint8)).resize(
        (512, 512), Image.Resampling.BICUBIC
    )
    grain = random.normal(0, 7, (512, 512, 1))
    noisy = np.clip(np.asarray(coarse, np.float32) + grain, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def make_pngs(path: Path, count: int = PNGS) -> None:
    """A stored zip of class folders with PNGs of 32², no two alike."""
    random = np.random.default_rng(2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for index in range(count):
            small = random.integers(0, 256, (4, 4, 3), np.uint8)
            buffer = io.BytesIO()
            Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC).save(
                buffer, "PNG", compress_level=1
            )
            file.writestr(f"Classes/class{index % 10}/{index:05}.png", buffer.getvalue())


def decode_share(path: str, first: int) -> int:
    """Read and decode every second picture of a zip; how many there were."""
    count = 0
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if not name.endswith(".csv")]
        for name in names[first::PROCESSES]:
            Image.open(io.BytesIO(file.read(name))).load()
            count += 1
    return count


def decode_alone(path: Path) -> None:
    """Decoding alone by two processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(decode_share, [str(path)] * PROCESSES, range(PROCESSES)))


def main() -> None:
    """Print the table."""
    triptych = str(Path(sys.executable).parent / "triptych")
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        make_jpegs(base / "jpegs.zip")
        decode_alone(base / "jpegs.zip")
        alone = call(lambda: decode_alone(base / "jpegs.zip"))
        print(row(f"decoding alone, {JPEGS:,} JPEG of 512², two processes", alone, ""))

        figures = run([triptych, "add", str(base / "jpegs.zip"), "--home", str(base / "home1")])
        bar = (
            f"≤ 3.5 × decoding alone ({3.5 * alone.wall:.1f} s), < 500 MB: {figures.wall / alone.wall:.2f} ×"
        )
        missed = figures.wall > 3.5 * alone.wall
        print(row(f"zip of {JPEGS:,} JPEG of 512² → ready", figures, bar, missed=missed))
        (base / "jpegs.zip").unlink()
        make_pngs(base / "pngs.zip")
        figures = run([triptych, "add", str(base / "pngs.zip"), "--home", str(base / "home2")])
        print(row(f"zip of {PNGS:,} PNG of 32² → ready", figures, "≤ 30 s"))


if __name__ == "__main__":
    main()
