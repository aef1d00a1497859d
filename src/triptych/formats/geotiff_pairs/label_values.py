"""Which values labels hold: a sample of them is decoded, within bounds, to propose classes and to find odd ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.source import MemberError
from triptych.core.value_counts import MOST_VALUES
from triptych.formats.geotiff_pairs.heads import MOST_LABELS, evenly
from triptych.formats.pictures.mask_values import decode_png, png_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.heads import Heads

PIXELS = 32 * 1024 * 1024
"""Pixels of one label beyond which it is not decoded for this."""

ALL_PIXELS = 256 * 1024 * 1024
FILE_BYTES = 64 * 1024 * 1024
LOOK_BYTES = 2_000_000
"""Bytes of labels that are read when a source is only looked at, at least; else one part in SHARE of it."""

COLORS = (2, 6)
"""Types of PNG that have red, green and blue (PNG, 11.2.2)."""

SHARE = 200
IMPORT_BYTES = 512 * 1024 * 1024


@dataclass(slots=True)
class LabelValues:
    """What the labels that were decoded hold. `counts` are pixels by whole number; `held` are the values by member.

    Members with NaN, with numbers that are not whole, and with more values than classes have stand in lists of their
    own; `broken` could not be decoded, with the reason.
    """

    counts: Counter[int] = field(default_factory=Counter)
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    nan: list[int] = field(default_factory=list)
    fractions: list[int] = field(default_factory=list)
    many: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)

    @property
    def looked(self) -> int:
        """How many labels were decoded."""
        return len(self.held)


def values_of_labels(view: SourceView, heads: Heads, members: Sequence[int]) -> LabelValues:
    """The values of at most 200 labels, evenly spread; those that are too large are left out."""
    found = LabelValues()
    looks = view.most_headers is not None
    whole = sum(member.stored for member in view.members)
    left_bytes = max(LOOK_BYTES, whole // SHARE) if looks else IMPORT_BYTES
    left_pixels = ALL_PIXELS
    for member in evenly(members, MOST_LABELS):
        header = heads.of(member)
        if header is None or not header.dtype or header.dtype.startswith("complex"):
            continue
        pixels = header.width * header.height * header.bands
        size = view.members[member].size
        if pixels > min(PIXELS, left_pixels) or view.members[member].stored > left_bytes or size > FILE_BYTES:
            continue
        left_pixels -= pixels
        left_bytes -= view.members[member].stored
        try:
            data = view.read(member, FILE_BYTES)
        except MemberError as error:
            found.broken[member] = error.reason
            continue
        band = decode_label(data)
        if band is None:
            found.broken[member] = "Its pixels cannot be decoded."
        else:
            _count(found, member, band)
    return found


def decode_label(data: bytes) -> NDArray[Any] | None:
    """The first band (y, x) of a TIFF or a PNG of at most PIXELS samples, None when it is damaged or larger."""
    if data.startswith(b"\x89PNG"):
        told, found = png_header(data[:64]), decode_png(data, PIXELS)
        # Of colours the first band counts, which is the highest byte of 0xRRGGBB.
        return found >> 16 if found is not None and told is not None and told[3] in COLORS else found
    from tifffile import TiffFile  # slow to import, and only needed where labels are rasters

    try:
        with TiffFile(BytesIO(data)) as file:
            page = file.pages[0]
            if int(np.prod(page.shape)) > PIXELS:
                return None
            pixels = page.asarray(maxworkers=1)
            axes = page.axes
    except Exception:  # noqa: BLE001 - a damaged file raises nearly anything, and has no values
        return None
    if "S" in axes:
        pixels = pixels.take(0, axis=axes.index("S"))
    return pixels if pixels.ndim == 2 else None


def _count(found: LabelValues, member: int, band: NDArray[Any]) -> None:
    if band.dtype.kind == "f":
        finite = np.isfinite(band)
        if not finite.all():
            found.nan.append(member)
        numbers = band[finite]
        whole = numbers == np.floor(numbers)
        if not whole.all() or (numbers.size and float(np.abs(numbers).max()) > 2**53):
            found.fractions.append(member)
            found.held[member] = frozenset()
            return
        band = numbers.astype(np.int64)
    values, counts = _unique(band)
    if len(values) > MOST_VALUES:
        found.many.append(member)
        found.held[member] = frozenset()
        return
    numbers_held = values.tolist()
    found.held[member] = frozenset(numbers_held)
    found.counts.update(dict(zip(numbers_held, counts.tolist(), strict=True)))


def _unique(band: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Values in rising order and how often each occurs; counting bins is twenty times as fast as sorting."""
    if band.size and band.dtype.itemsize <= 2:
        flat = band.ravel().astype(np.int64)
        least = int(flat.min())
        bins = np.bincount(flat - least)
        values = np.flatnonzero(bins)
        return values + least, bins[values]
    values, counts = np.unique(band, return_counts=True)
    return values.astype(np.int64), counts.astype(np.int64)
