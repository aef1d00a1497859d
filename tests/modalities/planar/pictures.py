"""Pictures for tests, made without the code under test: an asymmetrical scene, and a PNG writer of our own."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# 24 × 16 pixels, arithmetic coding, written by libjpeg-turbo 2.1 (Pillow cannot write it).
ARITHMETIC_JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8X"
    "GBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/yQAR"
    "CAAQABgDASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AOinbrwOtj1we8cfKW3vN6+rY7kipnz3jO3CEY41oNsZZVXjwjZT"
    "f+vslmectLWlhoV3j0/+zC7gZK/dmI5SwXHneXpmdIm0tYNXXZIjSF3qUP/Z"
)

MODES = {
    "L": "gray",
    "LA": "gray alpha",
    "RGB": "red green blue",
    "RGBA": "red green blue alpha",
    "CMYK": "cyan magenta yellow black",
}


def scene(mode: str = "RGB", width: int = 47, height: int = 31, seed: int = 0) -> Image.Image:
    """A picture in which every side, corner and band differs: ramps, a bright corner and some noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    bands = [
        x * 200 / width + 20,
        y * 150 / height + 60,
        (x + y) * 120 / (width + height) + 10,
        255 - x * 90 / width - y * 60 / height,
    ]
    noise = rng.integers(-4, 5, (height, width), dtype=np.int8)
    planes = np.stack([plane + np.roll(noise, band) for band, plane in enumerate(bands)], axis=-1)
    planes[: height // 4, : width // 5] = 240
    count = len(Image.new(mode, (1, 1)).getbands())
    array = planes[..., -count:] if mode in ("LA",) else planes[..., :count]
    array = np.clip(array, 0, 255).astype(np.uint8)
    return (
        Image.fromarray(array[..., 0] if count == 1 else array, mode=None)
        if mode in ("L", "RGB")
        else (Image.frombytes(mode, (width, height), array.tobytes()))
    )


def deep_scene(bands: int, width: int = 47, height: int = 31) -> NDArray[np.uint16]:
    """A scene of 16 bits per sample whose low bytes matter: (y, x) or (y, x, c)."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * 1301 + y * (17 + 911 * band) + 7 * band) % 65536 for band in range(bands)]
    array = np.stack(planes, axis=-1).astype(np.uint16)
    return array[..., 0] if bands == 1 else array


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """The bytes of a file that Pillow writes."""
    target = io.BytesIO()
    image.save(target, file_format, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """What Pillow reads, loaded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG_COLORS = {"gray": 0, "rgb": 2, "palette": 3, "gray alpha": 4, "rgba": 6}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png(
    array: NDArray[Any],
    color: str,
    depth: int,
    *,
    interlaced: bool = False,
    before: Iterable[tuple[bytes, bytes]] = (),
    after: Iterable[tuple[bytes, bytes]] = (),
    split: int = 1 << 30,
) -> bytes:
    """A PNG from samples (y, x) or (y, x, c), by the letter of the specification, filter 0 on every line."""
    samples = array.reshape(*array.shape[:2], -1)
    height, width = samples.shape[:2]
    if interlaced:
        raw = b"".join(_lines(samples[y::dy, x::dx], depth) for x, y, dx, dy in _PASSES)
    else:
        raw = _lines(samples, depth)
    packed = zlib.compress(raw)
    header = struct.pack(">IIBBBBB", width, height, depth, PNG_COLORS[color], 0, 0, int(interlaced))
    pixels = [packed[start : start + split] for start in range(0, len(packed), split)]
    chunks = [
        (b"IHDR", header), *before, *((b"IDAT", part) for part in pixels), *after, (b"IEND", b"")
    ]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in chunks)


def _lines(samples: NDArray[Any], depth: int) -> bytes:
    if not samples.size:
        return b""
    lines = []
    for line in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            packed = line.astype(">u2").tobytes()
        elif depth == 8:
            packed = line.astype(np.uint8).tobytes()
        else:
            bits = (line[:, np.newaxis] >> np.arange(depth - 1, -1, -1)) & 1
            packed = np.packbits(bits.astype(np.uint8).reshape(-1)).tobytes()
        lines.append(b"\0" + packed)
    return b"".join(lines)


def exif_of(orientation: int, **more: float) -> bytes:
    """An EXIF block with an orientation, and `resolution` with its `unit` (2 inch, 3 centimetre)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    if "resolution" in more:
        exif[0x011A] = exif[0x011B] = more["resolution"]
        exif[0x0128] = int(more["unit"])
    return exif.tobytes()
