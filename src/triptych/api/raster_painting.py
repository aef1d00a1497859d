"""Samples of rasters as pictures: stretched, in a colour map, or in the colours of classes; as PNG, WebP or JPEG.

What is not valid is transparent, and black where a format knows no transparency.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from triptych.core.errors import InvalidInput
from triptych.core.labels import palette_color

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Rgba = NDArray[np.uint8]
    Limits = Sequence[tuple[float, float] | None]

Color = tuple[int, int, int, int]

MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}

MOST_TABLE = 1 << 16
"""Values, from the least to the most, that are looked up in a table; others are sorted first."""


def stretched(values: NDArray[Any], limits: Limits) -> NDArray[np.uint8]:
    """Values (c, y, x) as bytes: the lower limit of each band is 0, the upper 255; black without limits."""
    found = np.zeros(values.shape, np.uint8)
    for band, plane, limit in zip(values, found, limits, strict=True):
        if limit is None:
            continue
        low, high = limit
        scale = 255.0 / (high - low) if high > low else 0.0
        with np.errstate(all="ignore"):
            lifted = (band.astype(np.float32) - np.float32(low)) * np.float32(scale)
        if not scale:
            lifted = np.where(band >= high, np.float32(255), np.float32(0))
        np.copyto(plane, np.clip(np.nan_to_num(lifted, posinf=255, neginf=0), 0, 255), casting="unsafe")
    return found


def in_colors(shades: NDArray[np.uint8], valid: NDArray[np.bool_], colormap: str | None) -> Rgba:
    """Bytes (c, y, x) of one or three bands as a picture (y, x, 4); one band in a colour map, grey without."""
    if shades.shape[0] == 1:
        picture = np.asarray(color_table(colormap or "gray").take(shades[0], axis=0))
    else:
        picture = np.empty((*valid.shape, 4), np.uint8)
        picture[..., :3] = np.moveaxis(shades, 0, 2)
        picture[..., 3] = 255
    picture *= valid[..., np.newaxis]
    return picture


def in_classes(samples: NDArray[Any], colors: Mapping[int, Color]) -> Rgba:
    """Values (y, x) in the colours of classes as a picture (y, x, 4); what is no class is transparent."""
    if samples.dtype.kind in "iu" and samples.size and int(samples.max()) - int(samples.min()) < MOST_TABLE:
        low, high = int(samples.min()), int(samples.max())
        shades = np.zeros((high - low + 1, 4), np.uint8)
        for value in colors.keys() & set(range(low, high + 1)):
            shades[value - low] = colors[value]
        return np.asarray(shades.take(samples.astype(np.int64) - low, axis=0))
    table = np.zeros((len(colors) + 1, 4), np.uint8)  # the last one is of what is no class
    known = np.array(sorted(colors), np.float64)
    for place, value in enumerate(sorted(colors)):
        table[place] = colors[value]
    values, inverse = np.unique(samples, return_inverse=True)
    # Ids have 32 bits, so that a float64 holds each as it is.
    wanted = values.astype(np.float64)
    places = np.searchsorted(known, wanted)
    found = np.append(known, np.nan)[places] == wanted
    return np.asarray(table[np.where(found, places, len(colors))[inverse.reshape(samples.shape)]])


def class_color(color: str, opacity: float) -> Color:
    """A class's colour #RRGGBB with its opacity from 0 to 1, as bytes of red, green, blue and alpha."""
    number = int(color.lstrip("#")[:6].ljust(6, "0"), 16)
    return number >> 16, number >> 8 & 255, number & 255, round(255 * min(max(opacity, 0.0), 1.0))


def default_colors(values: Sequence[int]) -> dict[int, Color]:
    """Colours for values that no class names."""
    return {value: class_color(palette_color(value), 1.0) for value in values}


@lru_cache(maxsize=64)
def color_table(name: str) -> Rgba:
    """The colours (256, 4) of a colour map; InvalidInput `bad_colormap`."""
    if name.lower() in ("gray", "grey"):
        ramp = np.arange(256, dtype=np.uint8)
        return np.stack([ramp, ramp, ramp, np.full(256, 255, np.uint8)], axis=1)
    from rio_tiler.colormap import cmap  # takes long to import

    wanted = name.lower()
    known = cmap.list()
    if wanted not in known:
        raise InvalidInput(
            f"There is no colour map “{name[:40]}”.",
            code="bad_colormap",
            hint="Give one of gray, viridis, magma, inferno, plasma, cividis, turbo, terrain, rdylgn, …",
        )
    table = np.zeros((256, 4), np.uint8)
    colors: Any = cmap.get(wanted)
    for value in range(256):
        table[value] = colors.get(value, (0, 0, 0, 0))
    return table


def fitted(picture: Rgba, size: int, *, smooth: bool) -> Rgba:
    """A picture (y, x, 4) of at most `size` pixels along its longer side; never enlarged."""
    height, width = picture.shape[:2]
    longer = max(height, width)
    if longer <= size:
        return picture
    shape = max(1, round(width * size / longer)), max(1, round(height * size / longer))
    method = Image.Resampling.BOX if smooth else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(picture, "RGBA").resize(shape, method))


def encoded(picture: Rgba, kind: str) -> bytes:
    """A picture (y, x, 4) as a file of a kind in `MEDIA_TYPES`."""
    buffer = io.BytesIO()
    opaque = bool((picture[..., 3] == 255).all())
    if kind == "jpeg":
        shown = picture[..., :3] * (picture[..., 3:] / 255.0)
        Image.fromarray(shown.astype(np.uint8), "RGB").save(buffer, "JPEG", quality=85)
    elif kind == "webp":
        _image(picture, opaque).save(buffer, "WEBP", quality=80, method=0)
    else:
        import imagecodecs

        # One filter for all lines, for libpng takes twice as long to find the best of five for each; what is above
        # is as good as any, and best where pixels of a chip are repeated.
        plain = np.ascontiguousarray(picture[..., :3] if opaque else picture)
        return bytes(imagecodecs.png_encode(plain, level=1, filter=imagecodecs.PNG.FILTER.UP))
    return buffer.getvalue()


def _image(picture: Rgba, opaque: bool) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[..., :3]) if opaque else picture)
