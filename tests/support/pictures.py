"""Small pictures and archives of them, the same every time."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def pixels(seed: int, *, width: int = 64, height: int = 48, bands: int = 3) -> NDArray[np.uint8]:
    """A smooth picture with a few blots, (height, width, bands) or (height, width); another seed, another look."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (6, 8, bands), np.uint8)
    image = Image.fromarray(small if bands > 1 else small[:, :, 0])
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def jpeg(seed: int, *, width: int = 64, height: int = 48, bands: int = 3) -> bytes:
    """A JPEG."""
    return _encoded(Image.fromarray(pixels(seed, width=width, height=height, bands=bands)), "JPEG")


def png(seed: int, *, width: int = 64, height: int = 48, bands: int = 3) -> bytes:
    """A PNG of 8 bits."""
    return _encoded(Image.fromarray(pixels(seed, width=width, height=height, bands=bands)), "PNG")


def png16(seed: int, *, width: int = 64, height: int = 48) -> bytes:
    """A grey PNG of 16 bits."""
    values = pixels(seed, width=width, height=height, bands=1).astype(np.uint16) * 257
    return _encoded(Image.fromarray(values), "PNG")


def _encoded(image: Image.Image, format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def archive(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """Write a zip with these members; its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return path


def detection_zip(path: Path, *, count: int = 12) -> Path:
    """`image/` and a `label.csv` of six columns: two boxes of two classes on each picture."""
    members: dict[str, bytes | str] = {f"image/cell_{index:03}.jpg": jpeg(index) for index in range(count)}
    rows = [
        f"cell_{index:03}.jpg,{name},{4 + index % 3},{5 * place},{10 + place},12.5"
        for index in range(count)
        for place, name in enumerate(("RBC", "WBC"))
    ]
    members["label.csv"] = "\n".join(rows) + "\n"
    return archive(path, members)


def classes_zip(path: Path, *, classes: tuple[str, ...] = ("cat", "dog"), each: int = 6) -> Path:
    """`Classes/<class>/…`, the same file names in every class."""
    return archive(
        path,
        {
            f"Classes/{name}/img{index}.png": png(100 * number + index)
            for number, name in enumerate(classes)
            for index in range(each)
        },
    )


def series_zip(path: Path, *, studies: int = 5, slices: int = 4) -> Path:
    """`image/<Study>/Series<N>/<file>` in 16 bits, with a one-hot `label.csv` of three columns."""
    members: dict[str, bytes | str] = {}
    rows = []
    for study in range(studies):
        for place in range(slices):
            key = f"Patient{study}/Series1/IM{place:04}.png"
            members[f"image/{key}"] = png16(1000 * study + place)
            rows += [f"{key},CT,{int(study % 2 == 0)}", f"{key},MR,{int(study % 2 == 1)}"]
    members["label.csv"] = "\n".join(rows) + "\n"
    return archive(path, members)
