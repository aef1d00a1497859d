"""Small pictures of rasters: three bands or one, stretched to what most valid samples lie between.

Bands are stretched one by one from the 2nd to the 98th percentile, for their units differ; 8-bit colours are shown as
they are unless they are dark. Labels are shown in the colours that classes get, indexed pictures in their own.
What means nothing is grey.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from triptych.core.labels import palette_color
from triptych.modalities.geospatial.boxes import middles, thinned
from triptych.modalities.geospatial.facts import is_natural
from triptych.modalities.planar.thumbnail import CELL, DARK, GROUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.modalities.geospatial.facts import RasterFacts, Rgba
    from triptych.modalities.geospatial.validity import Validity

MOST_CLASSES = 64
"""A raster of one band with more different values is shown as measurements, not as labels."""

LOW, HIGH = 2.0, 98.0
"""Percentiles that are shown as black and white."""

_STRETCHED_AT_ONCE = 1 << 15
_LARGEST_NARROW = 1e37  # differences of larger numbers leave float32

_MOST_PLACES = 1 << 20  # numbers between the smallest and the largest class for which a table is made

_SIDE_OF_SAMPLE = 64
"""Every band is judged by about this many rows and columns; all of them where few are valid."""


class Preview:
    """What a thumbnail needs of a raster whose strips come one after another, from top to bottom.

    The bands at `places` are thinned by a power of two until the longer side has fewer than 1024 pixels; a raster of
    one band is kept unmixed as well, for it may hold labels.
    """

    def __init__(self, facts: RasterFacts, validity: Validity, places: tuple[int, ...]) -> None:
        self._validity = validity
        self._places = places
        self._natural = is_natural(facts, places)
        self._size = facts.height, facts.width
        self._scale = 1
        while max(self._size) >= 2 * CELL * self._scale:
            self._scale *= 2
        self._top = 0
        self._unmixed = facts.count == 1 and self._scale > 1
        self._waiting: tuple[list[NDArray[Any]], list[NDArray[np.bool_] | None]] | None = None
        self._bands: list[list[NDArray[Any]]] = [[] for _ in places]
        self._valid: list[list[NDArray[np.bool_] | None]] = [[] for _ in places]
        self._middles: list[NDArray[Any]] = []

    def add(self, samples: NDArray[Any], seen: NDArray[np.bool_] | None) -> None:
        """A strip (c, y, x) of all bands, and where the mask and the transparency let something be seen (y, x)."""
        bands = [samples[place] for place in self._places]
        valid = [self._validity.of_band(samples[place], place, seen) for place in self._places]
        if self._waiting is not None:
            kept, kept_valid = self._waiting
            valid = [
                _joined(a, b, first, second)
                for a, b, first, second in zip(kept_valid, valid, kept, bands, strict=True)
            ]
            bands = [np.concatenate((first, second)) for first, second in zip(kept, bands, strict=True)]
        rows = len(bands[0])
        last = self._top + rows == self._size[0]
        usable = rows if last else rows // self._scale * self._scale
        self._waiting = None
        if usable < rows:
            self._waiting = (
                [band[usable:].copy() for band in bands],
                [None if mask is None else mask[usable:].copy() for mask in valid],
            )
        if usable:
            self._thin([band[:usable] for band in bands], [m if m is None else m[:usable] for m in valid])
            self._top += usable

    def _thin(self, bands: list[NDArray[Any]], valid: list[NDArray[np.bool_] | None]) -> None:
        for index, (band, mask) in enumerate(zip(bands, valid, strict=True)):
            small, small_valid = thinned(band, mask, self._scale)
            self._bands[index].append(small)
            self._valid[index].append(small_valid)
        if self._unmixed:
            height, width = self._size
            rows = middles(self._top, self._top + len(bands[0]), self._scale, height) - self._top
            self._middles.append(bands[0][rows][:, middles(0, width, self._scale, width)])

    def image(self, values: Sequence[int] | None, palette: dict[int, Rgba] | None) -> Image.Image:
        """The picture as Pillow's L or RGB. `values` are the classes where the raster holds labels, `palette` the
        colours of an indexed picture."""
        bands = [np.concatenate(parts) if len(parts) > 1 else parts[0] for parts in self._bands]
        if palette or values:
            plain = np.concatenate(self._middles) if self._middles else bands[0]
            if palette:
                return indexed(plain, palette)
            return classes(plain, self._validity.of_band(plain, 0, None), values or ())
        valid = [_joined_all(masks, parts) for masks, parts in zip(self._valid, self._bands, strict=True)]
        shown: NDArray[np.bool_] | None = None
        for mask in valid:
            if mask is not None:
                shown = mask if shown is None else shown & mask
        return composed(bands, shown, natural=self._natural)


def composed(
    bands: Sequence[NDArray[Any]], valid: NDArray[np.bool_] | None, *, natural: bool = False
) -> Image.Image:
    """One band (y, x) as a grey picture or three as colours, stretched; grey where not all are `valid` (y, x).

    `natural`: the bands are red, green and blue as eyes see them, so 8 bits are shown as they are.
    """
    if valid is not None and valid.all():
        valid = None
    as_is = natural and bands[0].dtype == np.uint8 and not _is_dark(bands, valid)
    channels = []
    for band in bands:
        channel = band.copy() if as_is else stretched(band, valid)
        if valid is not None:
            np.putmask(channel, ~valid, GROUND)
        channels.append(Image.fromarray(channel))
    return channels[0] if len(channels) == 1 else Image.merge("RGB", channels)


def classes(plain: NDArray[Any], valid: NDArray[np.bool_] | None, values: Sequence[int]) -> Image.Image:
    """Labels (y, x) in the colours that classes get; `values` are those that occur, in rising order."""
    colors = [_rgb(palette_color(value)) for value in values]
    if plain.dtype == np.uint8:
        places, table = plain, [(GROUND,) * 3] * 256
        for value, color in zip(values, colors, strict=True):
            table[value] = color
        free = next(number for number in range(256) if number not in values)
    else:
        places, table, free = _places_of(plain, values), [*colors, (GROUND,) * 3], len(values)
    if valid is not None:
        places = np.where(valid, places, np.uint8(free))
    return _painted(places, table)


_QUALITIES = (80, 65, 50)
_STRIPS = 8
_LEAST_TO_GUESS = 256  # rows; less is encoded as fast as a strip of it
_HEAD = 620  # bytes of a JPEG's tables


def encode(image: Image.Image, limit: int) -> bytes:
    """A JPEG of quality 80, or of 65 or 50 where it would weigh more than `limit` bytes.

    A strip from the middle tells beforehand what the whole will weigh: rasters are full of noise, and encoding a
    picture three times takes as long as measuring it.
    """
    first = 0
    if image.height >= _LEAST_TO_GUESS:
        height = image.height // _STRIPS // 16 * 16
        top = (image.height - height) // 2
        strip = image.crop((0, top, image.width, top + height))
        share = _HEAD + (limit - _HEAD) * height / image.height
        while first < len(_QUALITIES) - 1 and len(_jpeg(strip, _QUALITIES[first])) > share:
            first += 1
    for quality in _QUALITIES[first:]:
        encoded = _jpeg(image, quality)
        if len(encoded) <= limit:
            break
    return encoded


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


def _places_of(plain: NDArray[Any], values: Sequence[int]) -> NDArray[np.uint8]:
    """Which of at most 255 values, in rising order, each sample is."""
    if plain.dtype.kind == "f":
        plain = np.nan_to_num(plain, nan=float(values[0]))
    low, span = values[0], values[-1] - values[0] + 1
    if span > _MOST_PLACES:
        found = np.searchsorted(np.array(values, np.int64), plain.astype(np.int64))
        return np.minimum(found, len(values) - 1).astype(np.uint8)
    table = np.zeros(span, np.uint8)
    table[np.array(values, np.int64) - low] = np.arange(len(values))
    return table.take(plain.astype(np.int64) - low, mode="clip")


def _painted(places: NDArray[np.uint8], colors: Sequence[tuple[int, int, int]]) -> Image.Image:
    """Places (y, x) in a list of at most 256 colours as RGB; Pillow looks them up forty times as fast as numpy."""
    height, width = places.shape
    image = Image.frombuffer("P", (width, height), np.ascontiguousarray(places), "raw", "P", 0, 1)
    image.putpalette([part for color in colors for part in color])
    return image.convert("RGB")


def indexed(plain: NDArray[Any], palette: dict[int, Rgba]) -> Image.Image:
    """An indexed picture (y, x) in its own colours; grey where they are transparent or missing."""
    table = np.full((max(256, max(palette) + 2), 3), GROUND, np.uint8)
    for value, (red, green, blue, alpha) in palette.items():
        if alpha and value >= 0:
            table[value] = red, green, blue
    if plain.dtype == np.uint8:
        return _painted(plain, [(red, green, blue) for red, green, blue in table[:256].tolist()])
    return Image.fromarray(table.take(np.clip(plain.astype(np.int64), 0, len(table) - 1), axis=0))


def stretched(band: NDArray[Any], valid: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    """A band (y, x) with its 2nd to 98th percentile spread over 1 to 255; one value throughout is middle grey."""
    low, high = shown_range(band, valid)
    if not low < high:
        return np.full(band.shape, GROUND, np.uint8)
    narrow = band.dtype.itemsize <= 4 and band.dtype.kind == "f" and abs(high) + abs(low) < _LARGEST_NARROW
    kind = np.float32 if narrow or band.dtype.itemsize <= 2 else np.float64
    shown = np.empty(band.shape, np.uint8)
    # A few rows at a time, so that what lies between stays in the processor's cache.
    rows = max(1, _STRETCHED_AT_ONCE // max(1, band.shape[1]))
    with np.errstate(invalid="ignore"):
        for top in range(0, len(band), rows):
            part = np.clip(band[top : top + rows].astype(kind), kind(low), kind(high))
            part -= kind(low)
            part *= kind(254 / (high - low))
            part += kind(1)
            if band.dtype.kind == "f":
                np.nan_to_num(part, copy=False)
            shown[top : top + rows] = part
    return shown


def shown_range(band: NDArray[Any], valid: NDArray[np.bool_] | None) -> tuple[float, float]:
    """The 2nd and the 98th percentile of a band, from a grid of its samples; (0, 0) where none is valid."""
    down, across = (max(1, size // _SIDE_OF_SAMPLE) for size in band.shape)
    some = band[::down, ::across]
    if valid is not None:
        some = some[valid[::down, ::across]]
        if some.size < _SIDE_OF_SAMPLE:
            some = band[valid]
    if not some.size:
        return 0.0, 0.0
    order = np.sort(some, axis=None)
    low, high = (float(order[round((order.size - 1) * q / 100)]) for q in (LOW, HIGH))
    if low == high:
        low, high = float(order[0]), float(order[-1])
    return low, high


def _is_dark(bands: Sequence[NDArray[Any]], valid: NDArray[np.bool_] | None) -> bool:
    return all(shown_range(band, valid)[1] < DARK for band in bands)


def _joined(
    first: NDArray[np.bool_] | None,
    second: NDArray[np.bool_] | None,
    above: NDArray[Any],
    below: NDArray[Any],
) -> NDArray[np.bool_] | None:
    return _joined_all([first, second], [above, below])


def _joined_all(
    masks: Sequence[NDArray[np.bool_] | None], parts: Sequence[NDArray[Any]]
) -> NDArray[np.bool_] | None:
    if all(mask is None for mask in masks):
        return None
    filled = [
        np.ones(part.shape, bool) if mask is None else mask for mask, part in zip(masks, parts, strict=True)
    ]
    return filled[0] if len(filled) == 1 else np.concatenate(filled)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
