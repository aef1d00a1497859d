"""The header of a GeoTIFF, from the first bytes of the file alone.

Libraries open whole files; a pre-scan has the beginning of one, and must know how much more it needs. Layout: TIFF
6.0 and BigTIFF; GeoKeys, scales and tie points: OGC GeoTIFF 1.1 (19-008r4); GDAL_METADATA and GDAL_NODATA: GDAL's
GTiff driver. No pixel is decoded and no list of tiles is read, however long it is.
"""

from __future__ import annotations

import html
import math
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triptych.formats.geotiff_pairs.geokeys import crs_of, is_point, transform_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BANDS = 4_096
"""Bands beyond which a header is no raster of measurements."""

METADATA = 1024 * 1024
"""Bytes of GDAL_METADATA that are looked at."""

METRES_OF_DEGREE = 111_319.49
"""Along the equator of WGS 84: 2 pi 6,378,137 / 360."""

_ENTRIES = 1_000
_IMAGES = 64
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_CODES = {
    1: "B",
    3: "H",
    4: "I",
    6: "b",
    8: "h",
    9: "i",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}

SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
SAMPLES, ROWS, PLANAR, DATE, COLORS, TILE_WIDTH, TILE_HEIGHT = 277, 278, 284, 306, 320, 322, 323
EXTRA, FORMAT, SCALE, TIEPOINTS, MATRIX = 338, 339, 33550, 33922, 34264
KEYS, KEY_DOUBLES, KEY_TEXTS, GDAL_METADATA, GDAL_NODATA = 34735, 34736, 34737, 42112, 42113

_NUMBERS = {SUBFILE: 1, WIDTH: 1, HEIGHT: 1, BITS: MOST_BANDS, COMPRESSION: 1, PHOTOMETRIC: 1, SAMPLES: 1,
            ROWS: 1, PLANAR: 1, TILE_WIDTH: 1, TILE_HEIGHT: 1, EXTRA: MOST_BANDS, FORMAT: MOST_BANDS,
            SCALE: 3, TIEPOINTS: 6 * 1000, MATRIX: 16, KEYS: 4 * 1000, KEY_DOUBLES: 1000}  # fmt: skip
_TEXTS = {DATE: 40, KEY_TEXTS: 20_000, GDAL_METADATA: METADATA, GDAL_NODATA: 100}

COMPRESSIONS = {1: "", 2: "ccittrle", 3: "ccittfax3", 4: "ccittfax4", 5: "lzw", 6: "jpeg", 7: "jpeg", 8: "deflate",
                32773: "packbits", 32946: "deflate", 34712: "jpeg2000", 34887: "lerc", 34925: "lzma", 50000: "zstd",
                50001: "webp", 50002: "jxl", 52546: "jxl"}  # fmt: skip

_ITEM = re.compile(r"<Item\b([^>]{0,400})>(.*?)</Item>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([A-Za-z_]+)\s*=\s*["']([^"']*)["']""")
_TIME_NAMES = ("datetime", "acquisition_datetime", "acquisitiondatetime", "acquisition_date", "sensing_time",
               "product_start_time", "start_time", "date_acquired", "acquisition_time", "date", "time")  # fmt: skip
_WAVELENGTH = (
    "wavelength",
    "wavelengths",
    "central_wavelength_um",
    "center_wavelength",
    "central_wavelength",
)


class MoreNeeded(Exception):
    """The header goes on beyond the bytes that were given; those from `start` to `length` would do."""

    def __init__(self, start: int, length: int) -> None:
        super().__init__(f"bytes {start} to {length} of the file are needed")
        self.start = start
        self.length = length


@dataclass(frozen=True, slots=True)
class RasterHeader:
    """What a header says. Sizes in pixels, `block` as (height, width).

    `dtype` is numpy's name, or "" for samples that no array has (complex integers, floats of 24 bits); samples of
    fewer than 8 `bits` count as uint8. `descriptions`, `scales`, `offsets` and `wavelengths` (nm) have one entry for
    each band. `crs` is "EPSG:32633", else a name, "" where there is none. `transform` is (a, b, c, d, e, f): x = a
    column + b row + c, y = d column + e row + f, from the top left corner of the top left pixel, in units of the CRS;
    `unit` is one of these in metres, None for degrees. `resolution` is the size of a pixel (x, y) in these units.
    `time` is the text of the file. `overviews` are factors by which images beside the first are smaller, as far
    as they lie in the bytes that were looked at. `complete`: nothing was left out for lack of bytes.
    """

    width: int
    height: int
    bands: int
    dtype: str
    bits: int = 8
    descriptions: tuple[str, ...] = ()
    nodata: float | None = None
    crs: str = ""
    transform: tuple[float, float, float, float, float, float] | None = None
    resolution: tuple[float, float] | None = None
    unit: float | None = None
    compression: str = ""
    block: tuple[int, int] = (0, 0)
    overviews: tuple[int, ...] = ()
    time: str | None = None
    wavelengths: tuple[float | None, ...] = ()
    scales: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()
    rgb: bool = False
    palette: bool = False
    has_points: bool = False
    images: int = 1
    complete: bool = True

    @property
    def metres(self) -> float | None:
        """The size of a pixel in metres, across; of degrees at the latitude of the first row."""
        if self.resolution is None or self.transform is None:
            return None
        if self.unit is not None:
            return self.resolution[0] * self.unit
        if not self.crs or abs(self.transform[5]) > 90:
            return None
        return self.resolution[0] * METRES_OF_DEGREE * math.cos(math.radians(self.transform[5]))

    @property
    def is_geographic(self) -> bool:
        """Whether a coordinate system or ground control points say where it lies."""
        return bool(self.crs) or self.has_points


class _Image(NamedTuple):
    """One directory: numbers and texts by tag, where the next one lies, and whether all of it was there."""

    numbers: dict[int, tuple[float, ...]]
    texts: dict[int, str]
    following: int
    complete: bool

    def number(self, tag: int, absent: int) -> int:
        found = self.numbers.get(tag)
        return int(found[0]) if found else absent


class _Bytes:
    """The bytes of a file that are there, in its byte order."""

    def __init__(self, head: bytes, size: int, pieces: Sequence[tuple[int, bytes]]) -> None:
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = head[2:4] in (b"+\0", b"\0+")
        self._pieces = ((0, head), *pieces)
        self.size = size

    def take(self, start: int, length: int) -> bytes:
        """Bytes of the file. ValueError beyond its end, MoreNeeded beyond what is there."""
        if start < 0 or start + length > self.size:
            raise ValueError("its directory lies beyond the end of the file")
        for place, piece in self._pieces:
            if place <= start and start + length <= place + len(piece):
                return piece[start - place : start - place + length]
        raise MoreNeeded(start, start + length)

    def numbers(self, code: str, start: int, count: int = 1) -> tuple[float, ...]:
        """Numbers of a struct code."""
        form = f"{self.order}{count}{code}"
        return struct.unpack(form, self.take(start, struct.calcsize(form)))

    def number(self, code: str, start: int) -> int:
        """One whole number."""
        return int(self.numbers(code, start)[0])


def is_tiff(head: bytes) -> bool:
    """Whether the first four bytes are those of a TIFF or a BigTIFF."""
    return head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_header(
    head: bytes, size: int, *, pieces: Sequence[tuple[int, bytes]] = (), partly: bool = False
) -> RasterHeader | None:
    """The header in the first bytes of a file of `size` bytes; None for what is no TIFF, or a broken one.

    `pieces` are bytes from elsewhere in it, each with where it begins. Raises MoreNeeded where it goes on beyond
    these; with `partly`, texts that lie there are left out, and only a directory out of reach raises.
    """
    if not is_tiff(head):
        return None
    source = _Bytes(head, max(size, len(head)), pieces)
    try:
        start = source.number("Q", 8) if source.big else source.number("I", 4)
        first = _image(source, start, partly=partly)
        return _header(first, _others(source, first, start))
    except (ValueError, OverflowError, struct.error):
        return None


def _image(source: _Bytes, start: int, *, partly: bool, only: tuple[int, ...] = ()) -> _Image:
    counter, step, pointer, inline = ("Q", 20, 8, 8) if source.big else ("H", 12, 2, 4)
    count = source.number(counter, start)
    if not 0 < count <= _ENTRIES:
        raise ValueError("its directory has no plausible number of entries")
    after = start + pointer + count * step
    following = (
        source.number("Q" if source.big else "I", after) if after + 8 <= source.size or not source.big else 0
    )
    found = _Image({}, {}, following, True)
    missing: list[tuple[int, int]] = []
    for entry in range(start + pointer, after, step):
        tag, kind = (int(value) for value in source.numbers("H", entry, 2))
        if (tag not in _NUMBERS and tag not in _TEXTS) or (only and tag not in only) or kind not in _SIZES:
            continue
        length = source.number("Q" if source.big else "I", entry + 4)
        place = entry + (12 if source.big else 8)
        if length * _SIZES[kind] > inline:
            place = source.number("Q" if source.big else "I", place)
        try:
            _value(source, found, tag, kind, place, length)
        except MoreNeeded as more:
            missing.append((more.start, more.length))
    if missing and not (partly and {WIDTH, HEIGHT} <= found.numbers.keys()):
        raise MoreNeeded(min(missing)[0], max(length for _, length in missing))
    return found._replace(complete=not missing)


def _value(source: _Bytes, image: _Image, tag: int, kind: int, place: int, length: int) -> None:
    if tag in _TEXTS:
        if kind in (1, 2, 7) and length <= _TEXTS[tag]:
            image.texts[tag] = source.take(place, length).split(b"\0")[0].decode("utf-8", "replace")
        return
    code = _CODES.get(kind)
    if code is not None:
        image.numbers[tag] = source.numbers(code, place, min(length, _NUMBERS[tag]))


def _others(source: _Bytes, first: _Image, start: int) -> list[_Image]:
    """Further images as far as their directories lie in the bytes that are there."""
    found: list[_Image] = []
    seen = {0, start}
    place = first.following
    while place not in seen and len(found) < _IMAGES:
        seen.add(place)
        try:
            image = _image(source, place, partly=True, only=(SUBFILE, WIDTH, HEIGHT))
        except (MoreNeeded, ValueError, struct.error):
            break
        found.append(image)
        place = image.following
    return found


def _header(image: _Image, others: list[_Image]) -> RasterHeader | None:
    width, height = image.number(WIDTH, 0), image.number(HEIGHT, 0)
    bands = image.number(SAMPLES, 1)
    if width < 1 or height < 1 or not 1 <= bands <= MOST_BANDS:
        return None
    bits = image.number(BITS, 1)
    items = _items(image.texts.get(GDAL_METADATA, ""))
    transform = transform_of(
        image.numbers.get(MATRIX, ()), image.numbers.get(SCALE, ()), image.numbers.get(TIEPOINTS, ()),
        point=is_point(image.numbers.get(KEYS, ())),
    )  # fmt: skip
    resolution = None
    if transform is not None:
        a, b, _, d, e, _ = transform
        resolution = (math.hypot(a, d), math.hypot(b, e))
    smaller = [other for other in others if other.number(SUBFILE, 0) & 1 and not other.number(SUBFILE, 0) & 4]
    return RasterHeader(
        width, height, bands, _dtype(bits, image.number(FORMAT, 1)), bits,
        descriptions=tuple(items.get((band, "description"), "").strip()[:200] for band in range(bands)),
        nodata=number_of(image.texts.get(GDAL_NODATA, "")),
        crs=crs_of(
            image.numbers.get(KEYS, ()), image.numbers.get(KEY_DOUBLES, ()), image.texts.get(KEY_TEXTS, "")
        ),
        transform=transform,
        resolution=resolution,
        unit=unit_of(image.numbers.get(KEYS, ())),
        compression=COMPRESSIONS.get(image.number(COMPRESSION, 1), f"code {image.number(COMPRESSION, 1)}"),
        block=(image.number(TILE_HEIGHT, min(height, image.number(ROWS, height))), image.number(TILE_WIDTH, width)),
        overviews=tuple(
            round(width / other.number(WIDTH, width)) for other in smaller if other.number(WIDTH, 0) > 0
        ),
        time=_time(items, image.texts.get(DATE, "")),
        wavelengths=_wavelengths(items, bands),
        scales=_reals(items, "scale", bands, 1.0),
        offsets=_reals(items, "offset", bands, 0.0),
        rgb=image.number(PHOTOMETRIC, 1) in (2, 6),
        palette=image.number(PHOTOMETRIC, 1) == 3,
        has_points=transform is None and len(image.numbers.get(TIEPOINTS, ())) > 6,
        images=1 + sum(not other.number(SUBFILE, 0) & 5 for other in others),
        complete=image.complete,
    )  # fmt: skip


def _dtype(bits: int, kind: int) -> str:
    if kind == 3:
        return {16: "float16", 32: "float32", 64: "float64"}.get(bits, "")
    if kind == 6:
        return {64: "complex64", 128: "complex128"}.get(bits, "")
    if kind == 5 or bits not in (*range(1, 17), 32, 64):
        return ""
    size = next(size for size in (8, 16, 32, 64) if bits <= size)
    return f"{'int' if kind == 2 else 'uint'}{size}"


def _items(text: str) -> dict[tuple[int | None, str], str]:
    """What GDAL_METADATA says: texts by band (from 0, None for the whole) and role or name in lower case."""
    found: dict[tuple[int | None, str], str] = {}
    for match in _ITEM.finditer(text):
        told = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(match.group(1))}
        sample = told.get("sample", "")
        band = int(sample) if sample.isascii() and sample.isdigit() and len(sample) < 6 else None
        # GDAL escapes texts before it writes them as XML, which escapes them again.
        value = html.unescape(html.unescape(match.group(2)))
        found.setdefault((band, told.get("name", "").lower()), value)
        if told.get("role"):
            found[band, told["role"].lower()] = value
    return found


def _time(items: dict[tuple[int | None, str], str], tag: str) -> str | None:
    for name in _TIME_NAMES:
        if text := items.get((None, name), "").strip():
            return text[:40]
    return tag.strip()[:40] or None


def _wavelengths(items: dict[tuple[int | None, str], str], bands: int) -> tuple[float | None, ...]:
    found: list[float | None] = []
    for band in range(bands):
        value = None
        for name in _WAVELENGTH:
            value = number_of(items.get((band, name), "").split(" ")[0])
            if value is not None and math.isfinite(value) and value > 0:
                # Wavelengths of light are 0.2 to 20 micrometres, which are 200 to 20,000 nanometres.
                value = round(value * 1000, 3) if value < 100 else value
                break
        found.append(value)
    return tuple(found)


def _reals(
    items: dict[tuple[int | None, str], str], role: str, bands: int, absent: float
) -> tuple[float, ...]:
    found = [number_of(items.get((band, role), "")) for band in range(bands)]
    if all(value is None for value in found):
        return ()
    return tuple(absent if value is None or not math.isfinite(value) else value for value in found)


def number_of(text: str) -> float | None:
    """The number of a text, NaN where it says so; None when it is none."""
    try:
        return float(text.strip().replace("_", "x"))
    except ValueError:
        return None
