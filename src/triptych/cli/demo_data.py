"""Sample data of the demonstration, drawn here: the same pictures to the last bit on every run.

Five archives in five layouts: `cells` (pictures and boxes), `shapes` (a folder for each class), `phantom` (16-bit
slices in studies and series), `scans` (DICOM with masks) and `valley` (GeoTIFF chips with land cover). Nothing in
them is of a person.
"""

from __future__ import annotations

import io
import math
import zipfile
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.random import Generator

Pixels: TypeAlias = NDArray[np.float64]
Files: TypeAlias = dict[str, bytes]

CELL_PICTURES, SHAPES_EACH, STUDIES, SLICES = 60, 18, 6, 9
SHAPES = ("circle", "square", "triangle", "star", "ring")
SEED = 20240221


def write_samples(folder: Path, report: Callable[[int, int], None]) -> list[Path]:
    """Draw the archives into a folder; their paths. `report(done, total)` counts archives."""
    makers = {"cells": cells, "shapes": shapes, "phantom": phantom, "scans": drawn_scans, "valley": valley}
    paths = []
    for number, (name, make) in enumerate(makers.items()):
        report(number, len(makers))
        path = folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for inside, data in make().items():
                archive.writestr(zipfile.ZipInfo(inside, (2024, 2, 21, 12, 0, 0)), data)
        paths.append(path)
    report(len(makers), len(makers))
    return paths


def cells() -> Files:
    """A blood film: `image/*.jpg` 480 × 360 and `label.csv` with boxes of three kinds of cell."""
    files: Files = {}
    rows = []
    for number in range(1, CELL_PICTURES + 1):
        random = np.random.default_rng([SEED, 1, number])
        name = f"film_{number:02d}.jpg"
        pixels, boxes = _blood_film(random)
        files[f"image/{name}"] = _encoded(pixels.round().clip(0, 255).astype(np.uint8), "JPEG")
        rows += [f"{name},{kind},{x},{y},{width},{height}" for kind, (x, y, width, height) in boxes]
    files["label.csv"] = ("\n".join(rows) + "\n").encode()
    return files


def shapes() -> Files:
    """`Classes/<shape>/*.png`: one coloured shape on a plain ground, 128 × 128."""
    files: Files = {}
    for kind in SHAPES:
        for number in range(1, SHAPES_EACH + 1):
            random = np.random.default_rng([SEED, 2, SHAPES.index(kind), number])
            files[f"Classes/{kind}/{kind}_{number:02d}.png"] = _encoded(_shape(kind, random), "PNG")
    return files


def phantom() -> Files:
    """`image/Study<n>/Series1/slice_<m>.png`: slices of 12 bits in 16, 160 × 160; half of the studies hold a
    bright sphere, which `label.csv` says slice by slice."""
    files: Files = {}
    rows = []
    for study in range(1, STUDIES + 1):
        random = np.random.default_rng([SEED, 3, study])
        volume, sphere = _head(random, with_sphere=study % 2 == 0)
        inside = [bool(each.any()) for each in sphere]
        for number, pixels in enumerate(volume, start=1):
            path = f"Study{study:02d}/Series1/slice_{number:02d}.png"
            files[f"image/{path}"] = _encoded(pixels, "PNG")
            rows += [
                f"{path},sphere,{int(inside[number - 1])}",
                f"{path},clear,{int(not inside[number - 1])}",
            ]
    files["label.csv"] = ("\n".join(rows) + "\n").encode()
    return files


def drawn_scans() -> Files:
    """DICOM series of heads, some with a sphere that is masked: see `demo_scans`."""
    from triptych.cli.demo_scans import scans  # pydicom takes long to import

    return scans(_head, lambda patient: np.random.default_rng([SEED, 4, patient]))


# --- a blood film -----------------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 480, 360


def valley() -> Files:
    """A river valley: GeoTIFF chips of six bands on two days, with their land cover."""
    from triptych.cli.demo_chips import chips

    return chips(lambda number: np.random.default_rng([SEED, 5, number]))


def _blood_film(random: Generator) -> tuple[Pixels, list[tuple[str, tuple[int, int, int, int]]]]:
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float64)
    light = 1 - 0.10 * (((x - 240) / 240) ** 2 + ((y - 180) / 180) ** 2)
    ground = np.array([238.0, 222.0, 214.0]) + random.normal(0, 4, 3)
    pixels = light[..., None] * ground
    boxes: list[tuple[str, tuple[int, int, int, int]]] = []
    taken: list[tuple[float, float, float]] = []
    kinds = ["white cell"] * int(random.integers(0, 3)) + ["red cell"] * int(random.integers(12, 26))
    kinds += ["platelet"] * int(random.integers(0, 5))
    for kind in kinds:
        radius = {"white cell": 38.0, "red cell": 23.0, "platelet": 7.0}[kind] * random.uniform(0.88, 1.12)
        place = _free_place(random, radius, taken)
        if place is None:
            continue
        taken.append((*place, radius))
        # Only the cell's own corner of the film is touched: a tenth of the time.
        reach = math.ceil(1.1 * radius) + 3
        rows = slice(max(0, int(place[1]) - reach), int(place[1]) + reach)
        columns = slice(max(0, int(place[0]) - reach), int(place[0]) + reach)
        {"white cell": _white_cell, "red cell": _red_cell, "platelet": _platelet}[kind](
            pixels[rows, columns], x[rows, columns] - place[0], y[rows, columns] - place[1], radius, random
        )
        left, top = max(0, math.floor(place[0] - radius)), max(0, math.floor(place[1] - radius))
        right, bottom = (
            min(_WIDTH, math.ceil(place[0] + radius)), min(_HEIGHT, math.ceil(place[1] + radius))
        )  # fmt: skip
        boxes.append((kind, (left, top, right - left, bottom - top)))
    pixels += random.normal(0, 2.2, pixels.shape)
    return pixels, boxes


def _free_place(
    random: Generator, radius: float, taken: list[tuple[float, float, float]]
) -> tuple[float, float] | None:
    for _ in range(60):
        x, y = random.uniform(8, _WIDTH - 8), random.uniform(8, _HEIGHT - 8)
        if all(
            math.hypot(x - other_x, y - other_y) > 0.86 * (radius + other)
            for other_x, other_y, other in taken
        ):
            return float(x), float(y)
    return None


def _blend(pixels: Pixels, alpha: Pixels, color: Pixels) -> None:
    pixels += alpha[..., None] * (color - pixels)


def _disc(x: Pixels, y: Pixels, radius: float, random: Generator, softness: float = 1.3) -> Pixels:
    """1 inside a slightly wavy disc, 0 outside, a soft edge between."""
    angle = np.arctan2(y, x)
    wave = (
        1
        + 0.035 * np.cos(2 * angle + random.uniform(0, 6.3))
        + 0.02 * np.cos(3 * angle + random.uniform(0, 6.3))
    )
    distance: Pixels = 0.96 * radius * wave - np.hypot(x, y)
    return (distance / softness + 0.5).clip(0, 1)


def _red_cell(pixels: Pixels, x: Pixels, y: Pixels, radius: float, random: Generator) -> None:
    disc = _disc(x, y, radius, random)
    hollow = np.exp(-(((np.hypot(x, y)) / (0.42 * radius)) ** 2))
    color = np.array([206.0, 126.0, 120.0]) + random.normal(0, 5, 3)
    _blend(pixels, disc * (0.86 - 0.55 * hollow), color)


def _white_cell(pixels: Pixels, x: Pixels, y: Pixels, radius: float, random: Generator) -> None:
    _blend(pixels, 0.75 * _disc(x, y, radius, random), np.array([196.0, 186.0, 214.0]))
    turn = random.uniform(0, 6.3)
    for lobe in range(int(random.integers(2, 5))):
        angle = turn + lobe * 1.25
        across, down = 0.36 * radius * math.cos(angle), 0.36 * radius * math.sin(angle)
        shade = np.array([104.0, 70.0, 148.0]) + random.normal(0, 5, 3)
        _blend(pixels, 0.9 * _disc(x - across, y - down, 0.42 * radius, random, 2.2), shade)


def _platelet(pixels: Pixels, x: Pixels, y: Pixels, radius: float, random: Generator) -> None:
    _blend(
        pixels, 0.8 * _disc(x, y, radius, random), np.array([150.0, 110.0, 170.0]) + random.normal(0, 6, 3)
    )


# --- shapes -----------------------------------------------------------------------------------------------

_INKS = ("#3A46C4", "#B4820F", "#1B7A4B", "#B3261E", "#894B66", "#0072B2")
_GROUNDS = ("#F6F6F8", "#ECEEFB", "#F4EFE4", "#E8F1EC")
_SIDE, _FINE = 128, 4


def _shape(kind: str, random: Generator) -> NDArray[np.uint8]:
    side = _SIDE * _FINE
    picture = Image.new("RGB", (side, side), _GROUNDS[int(random.integers(len(_GROUNDS)))])
    draw = ImageDraw.Draw(picture)
    ink = _INKS[int(random.integers(len(_INKS)))]
    radius = side * random.uniform(0.2, 0.36)
    x, y = (random.uniform(radius + 8, side - radius - 8) for _ in range(2))
    turn = random.uniform(0, 2 * math.pi)
    if kind in ("circle", "ring"):
        box = (x - radius, y - radius, x + radius, y + radius)
        filled = kind == "circle"
        draw.ellipse(box, fill=ink if filled else None, outline=ink, width=int(radius * 0.34))
    else:
        draw.polygon(list(_corners(kind, x, y, radius, turn)), fill=ink)
    return np.asarray(picture.reduce(_FINE))


def _corners(kind: str, x: float, y: float, radius: float, turn: float) -> Iterator[tuple[float, float]]:
    corners = {"triangle": 3, "square": 4, "star": 10}[kind]
    for corner in range(corners):
        reach = radius * (0.42 if kind == "star" and corner % 2 else 1)
        angle = turn + 2 * math.pi * corner / corners
        yield x + reach * math.cos(angle), y + reach * math.sin(angle)


# --- a phantom --------------------------------------------------------------------------------------------

_SLICE = 160


def _head(
    random: Generator, *, with_sphere: bool, slices: int = SLICES
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Nested ellipsoids of different densities, as a scanner would see them: 12 bits, with noise; and the sphere,
    both (z, y, x)."""
    z, y, x = np.meshgrid(
        np.linspace(-0.62, 0.62, slices),
        np.linspace(-1, 1, _SLICE),
        np.linspace(-1, 1, _SLICE),
        indexing="ij",
    )
    tilt = random.uniform(-0.25, 0.25)
    across, along = x * math.cos(tilt) - y * math.sin(tilt), x * math.sin(tilt) + y * math.cos(tilt)
    volume = np.full(x.shape, 30.0)
    skull = random.uniform(0.70, 0.78)
    for size, value in ((1.0, 2900.0), (0.91, 1180.0), (0.86, 1040.0)):
        volume[
            (across / (skull * size)) ** 2 + (along / (0.9 * size)) ** 2 + (z / (0.95 * size)) ** 2 < 1
        ] = value
    for side in (-1, 1):
        lobe = ((across - side * 0.2) / 0.13) ** 2 + ((along + 0.05) / 0.36) ** 2 + (z / 0.5) ** 2 < 1
        volume[lobe] = 990.0 + random.uniform(-15, 15)
    sphere = np.zeros(volume.shape, bool)
    if with_sphere:
        centre = random.uniform(-0.3, 0.3, 3)
        sphere = (across - centre[0]) ** 2 + (along - centre[1]) ** 2 + (z - centre[2]) ** 2 < 0.24**2
        volume[sphere] = 1420.0
    noisy = volume + random.normal(0, 14, volume.shape)
    return noisy.round().clip(0, 4095).astype(np.uint16), sphere


def _encoded(pixels: NDArray[Any], form: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(
        buffer, form, **({"quality": 92} if form == "JPEG" else {"compress_level": 6})
    )
    return buffer.getvalue()
