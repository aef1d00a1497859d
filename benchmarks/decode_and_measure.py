"""What each stage of looking at a picture costs beside decoding it alone: CPU milliseconds per picture.

Each stage repeats what comes before it, on many different pictures; the difference is the stage. For every
picture the best of several rounds counts, so that other work on the machine matters little.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from benchmarks.in_process import cost, measure
from benchmarks.measuring import HEADER, row
from triptych.modalities.planar.decode import Decoded, decode
from triptych.modalities.planar.measure import examine, measured, pixel_hash
from triptych.modalities.planar.perceptual import perceptual_hash
from triptych.modalities.planar.thumbnail import BYTES, GRID, encode, fit, preview

PICTURES = 60


def main() -> None:
    """Print a table of stages per kind of picture, then what large pictures need."""
    kinds = [
        ("JPEG 512², RGB", [saved(landscape(i, 512), "JPEG", quality=92) for i in range(PICTURES)]),
        ("PNG 512², RGB", [saved(landscape(i, 512), "PNG") for i in range(PICTURES // 4)]),
        ("PNG 512², gray", [saved(landscape(i, 512).convert("L"), "PNG") for i in range(PICTURES // 4)]),
        ("PNG 512², gray, 16 bits", [saved(deep(i, 512), "PNG") for i in range(PICTURES // 4)]),
        ("PNG 32², RGB", [saved(landscape(i, 32), "PNG") for i in range(PICTURES * 10)]),
    ]
    for name, files in kinds:
        stages(name, files)
    print()
    print(HEADER)
    for what, side, bar in (("PNG 4097², RGB", 4097, "< 250 MB"), ("PNG 10000², RGB", 10_000, "< 1,200 MB")):
        data = saved(Image.new("RGB", (side, side), (90, 120, 40)), "PNG", compress_level=1)
        print(row(f"{what}: examine, pyramid included", measure(lambda d=data: examine(d)), bar))  # type: ignore[misc]


def stages(name: str, files: list[bytes]) -> None:
    """Print the table of one kind of picture."""
    size = sum(map(len, files)) / len(files) / 1000
    print(f"\n{name}, {size:.1f} KB on average")
    print(f"{'stage':<42}{'ms':>8}{'× decoding':>12}")
    alone = before = cost(opened, files)
    print(f"{'Pillow: open and load':<42}{alone:>8.3f}{1:>12.2f}")
    for stage, work in (
        ("decode, upright, native depth", decode),
        ("+ histogram, moments", lambda data: measured(decode(data))),
        ("+ pixel hash", lambda data: hashed(decode(data))),
        ("+ thumbnail, perceptual hash", lambda data: shown(decode(data))),
        ("examine: all of it, SHA-256 of the file", examine),
    ):
        total = cost(work, files)
        step = total - before if stage.startswith("+") else total
        print(f"{stage:<42}{step:>8.3f}{step / alone:>12.2f}")
        before = total


def opened(data: bytes) -> Image.Image:
    """What anybody does to have the pixels."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def hashed(decoded: Decoded) -> None:
    """Measure and hash."""
    measured(decoded)
    pixel_hash(decoded)


def shown(decoded: Decoded) -> None:
    """Measure, hash, thumbnail and perceptual hash."""
    _, _, values = measured(decoded)
    pixel_hash(decoded)
    small = fit(preview(decoded, values), GRID)
    encode(small, BYTES[GRID])
    perceptual_hash(small)


def landscape(seed: int, side: int) -> Image.Image:
    """Smooth shapes with some noise, as cameras give."""
    generator = np.random.default_rng(seed)
    coarse = Image.fromarray(generator.integers(0, 256, (9, 9, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC)).astype(np.int16)
    noise = generator.integers(-6, 7, smooth.shape, dtype=np.int16)
    return Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8))


def deep(seed: int, side: int) -> Image.Image:
    """A picture of 12 bits in 16, as scanners give."""
    gray = np.asarray(landscape(seed, side).convert("L")).astype(np.uint16)
    return Image.fromarray(
        gray * 16 + np.random.default_rng(seed).integers(0, 16, gray.shape, dtype=np.uint16)
    )


def saved(image: Image.Image, kind: str, **options: int) -> bytes:
    """The bytes of a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


if __name__ == "__main__":
    main()
