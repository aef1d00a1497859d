"""DICOM: headers read and grouped; 1,000 CT slices from a zip to a dataset that is ready, beside decoding alone."""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import imagecodecs
import numpy as np

from benchmarks.measuring import HEADER, call, row, run
from tests.support.dicom import EXPLICIT, make_dicom
from triptych.dicom.instance import read_instance
from triptych.dicom.picture import DicomPicture
from triptych.dicom.series import group

SLICES = 1_000
PROCESSES = 2
LOSSLESS = "1.2.840.10008.1.2.4.70"
HEAD_BYTES = 16 * 1024


def make_series(path: Path, syntax: str, count: int = SLICES) -> None:
    """A stored zip of CT slices of 512², 12 bits in 16, ten series of four patients, no two alike."""
    random = np.random.default_rng(3)
    y, x = np.mgrid[-1:1:512j, -1:1:512j]
    body = np.where(x**2 + y**2 < 0.7, 1040, 24)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for index in range(count):
            wave = 60 * np.sin(7 * x + index / 9) * np.cos(5 * y - index / 7)
            pixels = np.clip(body + wave + random.normal(0, 12, body.shape), 0, 4095).astype(np.uint16)
            frames = (
                [bytes(imagecodecs.ljpeg_encode(pixels, bitspersample=12))] if syntax == LOSSLESS else None
            )
            series, number = divmod(index, count // 10)
            file.writestr(
                f"scan/IM{(index * 7919) % count:05}",
                make_dicom(
                    pixels,
                    syntax=syntax,
                    frames=frames,
                    BitsStored=12,
                    HighBit=11,
                    PatientID=f"P{series % 4}",
                    StudyInstanceUID=f"1.2.9.{series % 4}",
                    SeriesInstanceUID=f"1.2.9.{series % 4}.{series}",
                    SOPInstanceUID=f"1.2.9.9.{index}",
                    InstanceNumber=number,
                    ImagePositionPatient=[0, 0, 1.25 * number],
                    ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
                    PixelSpacing=[0.7, 0.7],
                    RescaleSlope=1,
                    RescaleIntercept=-1024,
                    WindowCenter=40,
                    WindowWidth=400,
                ),
            )


def decode_share(path: str, first: int) -> int:
    """Read and decode every second slice of a zip; how many there were."""
    count = 0
    with zipfile.ZipFile(path) as file:
        for name in file.namelist()[first::PROCESSES]:
            DicomPicture(file.read(name), max_pixels=300_000_000).frame(0)
            count += 1
    return count


def decode_alone(path: Path) -> None:
    """Decoding alone by two processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(decode_share, [str(path)] * PROCESSES, range(PROCESSES)))


def headers_a_second(path: Path) -> float:
    """Files whose headers are read and grouped in a second, on one core."""
    with zipfile.ZipFile(path) as file:
        heads = []
        for name in file.namelist():
            with file.open(name) as member:
                heads.append((name, member.read(HEAD_BYTES)))
    start = time.perf_counter()
    grouping = group(
        [(name, read_instance(head, whole=False)) for name, head in heads], lambda one, other: one == other
    )
    taken = time.perf_counter() - start
    assert sum(place is not None for place in grouping.places) == len(heads)
    return len(heads) / taken


def main() -> None:
    """Print the tables."""
    triptych = str(Path(sys.executable).parent / "triptych")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for title, syntax in (("uncompressed", EXPLICIT), ("JPEG lossless", LOSSLESS)):
            source = base / f"{title}.zip"
            make_series(source, syntax)
            if syntax == EXPLICIT:
                rate = max(headers_a_second(source) for _ in range(3))
                missed = "  MISSED" if rate < 500 else ""
                print(f"headers read and grouped, one core: {rate:,.0f} files/s (bar ≥ 500){missed}")
                print(HEADER)
            decode_alone(source)
            alone = call(lambda source=source: decode_alone(source))  # type: ignore[misc]
            print(row(f"decoding alone, {SLICES:,} slices of 512², {title}", alone, ""))
            home = str(base / f"home {title}")
            figures = run([triptych, "add", str(source), "--home", home])
            bar = f"≤ 3.5 × decoding alone ({3.5 * alone.wall:.1f} s): {figures.wall / alone.wall:.2f} ×"
            print(
                row(
                    f"{SLICES:,} CT slices, {title} → ready",
                    figures,
                    bar,
                    missed=figures.wall > 3.5 * alone.wall,
                )
            )
            source.unlink()


if __name__ == "__main__":
    main()
