"""Small pictures for grids and cells: upright, 8 bits, brightened where eyes would see black, never enlarged.

One chain: what is at most 512 pixels along its longer side comes from the full picture, 160 from that.
Box reduction by whole factors costs a tenth of LANCZOS; a bilinear step follows only where the whole factor
would leave the picture below three quarters of the side that it may have.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from triptych.modalities.planar.boxes import box_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram
    from triptych.modalities.planar.decode import Decoded

GRID, CELL = 160, 512
BYTES = {GRID: 5_000, CELL: 60_000}
"""What a thumbnail should weigh at most; a picture that is lighter than this stands for itself."""

QUALITY = 80
_LOWER_QUALITIES = (65, 50)  # for pictures of noise, which would weigh three times as much

GROUND = 128
"""Gray under transparent pixels: neither the light nor the dark theme's background."""

DARK = 64
"""Below this lie 99 % of the samples of a picture that is shown brightened."""

Range = tuple[float, float]


def preview(decoded: Decoded, shown: Range | None) -> Image.Image:
    """The picture at most 512 pixels wide and high, as Pillow's L or RGB; the picture itself where it fits."""
    if decoded.dtype == "uint8":
        small = fit(_reduced(decoded, shown), CELL)
    else:
        small = fit(_reduced_16(decoded, shown or (0.0, 65535.0)), CELL)
    if small.mode == "CMYK":
        return small.convert("RGB")
    return _on_ground(small) if small.mode in ("LA", "RGBA") else small


def fit(image: Image.Image, side: int) -> Image.Image:
    """The image at most `side` pixels along its longer side; itself where it fits."""
    longer = max(image.size)
    if longer <= side:
        return image
    factor = -(-longer // side)
    if longer / factor >= 0.75 * side:
        return image.reduce(factor)
    if factor > 2:
        image = image.reduce(factor - 1)
    scale = side / longer if factor <= 2 else side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR)


def encode(image: Image.Image, limit: int) -> bytes:
    """A JPEG of quality 80, or of a lower one while it weighs more than `limit` bytes."""
    for quality in (QUALITY, *_LOWER_QUALITIES):
        target = io.BytesIO()
        image.save(target, "JPEG", quality=quality)
        if target.tell() <= limit:
            break
    return target.getvalue()


def stands_for_itself(decoded: Decoded, size: int, side: int) -> bool:
    """Whether a file of `size` bytes can be shown as it is where a thumbnail of `side` is wanted.

    It fits, is light, and every browser shows it upright and as we would: 8 bits, gray or RGB without alpha.
    """
    return (
        max(decoded.width, decoded.height) <= side
        and size <= BYTES[side]
        and decoded.bit_depth <= 8
        and decoded.orientation == 1
        and decoded.bands in (("gray",), ("red", "green", "blue"))
        and not any(code in ("transparent_color", "animation") for code, _ in decoded.notes)
    )


def shown_range(decoded: Decoded, counts: NDArray[np.int64]) -> Range | None:
    """The values that 8-bit thumbnails show as black and white, from counts (bands, 256); None: as they are.

    Fewer than 8 bits are spread over the whole range; a dark picture is brightened by one factor for all
    bands, so that its colours stay.
    """
    if decoded.bit_depth < 8:
        return 0.0, 2.0**decoded.bit_depth - 1
    if decoded.bands[0] == "cyan":
        return None
    total = decoded.width * decoded.height
    color = counts[: 3 if decoded.bands[0] == "red" else 1]
    if np.any(color[:, :DARK].sum(axis=1) < 0.99 * total):
        return None
    high = int(np.argmax(color.cumsum(axis=1) >= 0.995 * total, axis=1).max())
    return (0.0, float(high)) if high else None


def shown_range_of(histograms: tuple[Histogram, ...], bands: tuple[str, ...]) -> Range:
    """The same for more than 8 bits: the 0.5th and the 99.5th percentile of the colours."""
    ends = []
    for histogram, band in zip(histograms, bands, strict=True):
        if band != "alpha":
            cumulative = histogram.counts.cumsum()
            low, high = np.searchsorted(cumulative, (0.005 * cumulative[-1], 0.995 * cumulative[-1]))
            ends.append((histogram.first + low, histogram.first + high + 1))
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    scale = 2.0 ** histograms[0].shift
    return float(low * scale), float(high * scale - 1) if high * scale - 1 > low * scale else low * scale + 1


def _reduced(decoded: Decoded, shown: Range | None) -> Image.Image:
    table = _table(shown, decoded.bands) if shown else None
    factor = max(decoded.width, decoded.height) // CELL
    if factor <= 1 or not decoded.in_strips or decoded.held_as_image:
        image = decoded.image()
        return image.point(table) if table else image
    # Brightened before it is averaged: the means of zeros and ones would all be rounded to zero or one.
    strips = [
        (strip.point(table) if table else strip).reduce(factor) for strip in decoded.image_strips(factor)
    ]
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def _reduced_16(decoded: Decoded, shown: Range) -> Image.Image:
    factor = max(1, max(decoded.width, decoded.height) // CELL)
    small = np.concatenate([box_mean(strip, factor) for strip in decoded.strips(factor)])
    low, high = shown
    # In float32, whose 24 bits are enough for samples of 16: half the time of float64.
    kind = np.float32 if small.dtype.itemsize <= 2 else np.float64
    colors: NDArray[Any] = small.astype(kind)
    with np.errstate(over="ignore", invalid="ignore"):
        colors -= kind(low)
        colors *= kind(255 / (high - low))
    if small.dtype.kind == "f":
        np.nan_to_num(colors, copy=False, nan=0, posinf=255, neginf=0)
    np.clip(colors, 0, 255, out=colors)
    if decoded.bands[-1] == "alpha":
        colors[..., -1] = small[..., -1] / 257
    return decoded.image_of(np.rint(colors, out=colors).astype(np.uint8))


def _on_ground(image: Image.Image) -> Image.Image:
    color = image.convert("L" if image.mode == "LA" else "RGB")
    ground = Image.new(color.mode, color.size, GROUND if color.mode == "L" else (GROUND,) * 3)
    ground.paste(color, mask=image.getchannel("A"))
    return ground


def _table(shown: Range, bands: tuple[str, ...]) -> list[int]:
    low, high = shown
    color = [min(255, max(0, round((value - low) * 255 / (high - low)))) for value in range(256)]
    return [entry for band in bands for entry in (range(256) if band == "alpha" else color)]
