"""What is known of a picture once it was decoded, whatever its format; and the limits on decoding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from triptych.modalities.planar.decode import MAX_PIXELS

if TYPE_CHECKING:
    from triptych.modalities.planar.notes import Note

CODE_VERSION = 1
"""Goes up with every change of what `examine` finds, so that measurements of two versions are never mixed."""


@dataclass(frozen=True, slots=True)
class PlanarLimits:
    """`max_pixels`: refused above. `pyramid_pixels`: a tiled pyramid is written above."""

    max_pixels: int = MAX_PIXELS
    pyramid_pixels: int = 16_000_000


Bytes = bytes  # Examined has a field of that name


class Examined(NamedTuple):
    """What is known of a picture once it was decoded. `width` and `height` are as seen.

    `pixel_hash` is of the upright pixels (see `pixel_hash`). `bands` are joined by blanks.
    `perceptual_hash` is None for constant pictures. `moments` and `histograms` are packed as core.statistics
    does. `thumbnails` has JPEGs by side, None where the file can be shown itself. `pyramid` is a tiled TIFF, or
    None for pictures that need none. `details` is what else a file says of its pixels.
    `value_counts` are those of a raster of one band, packed as `core.value_counts` does.
    """

    bytes: int
    format: str
    width: int
    height: int
    bands: str
    dtype: str
    bit_depth: int
    orientation: int
    pixel_hash: Bytes
    perceptual_hash: int | None
    moments: Bytes
    histograms: Bytes
    notes: tuple[Note, ...]
    thumbnails: dict[int, Bytes | None]
    pyramid: Bytes | None
    frames: int = 1
    details: dict[str, Any] | None = None
    value_counts: Bytes | None = None
