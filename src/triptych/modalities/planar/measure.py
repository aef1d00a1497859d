"""Everything that is ever measured of one picture, from its bytes, in one decode.

What takes time for a JPEG of 512² (see benchmarks/decode_and_measure.py): decoding about half, the pixel
hash a fifth, the histogram a tenth. Moments come from the histogram; both thumbnails and the perceptual hash
from one chain of reductions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from blake3 import blake3

from triptych.core.histogram import pack_counts, pack_histograms
from triptych.core.statistics import measure, moments_of_bytes, pack_moments
from triptych.modalities.planar.decode import Decoded, decode
from triptych.modalities.planar.examined import Examined, PlanarLimits
from triptych.modalities.planar.header import is_dicom
from triptych.modalities.planar.perceptual import perceptual_hash
from triptych.modalities.planar.pyramid import write_pyramid
from triptych.modalities.planar.thumbnail import (
    BYTES,
    CELL,
    GRID,
    encode,
    fit,
    preview,
    shown_range,
    shown_range_of,
    stands_for_itself,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.modalities.planar.thumbnail import Range


def examine(data: bytes, limits: PlanarLimits | None = None) -> Examined:
    """Decode a picture once and measure it; MemberError as `decode` and `DicomPicture`."""
    limits = limits or PlanarLimits()
    if is_dicom(data):
        from triptych.modalities.planar.dicom import (
            examine_dicom,
        )  # half the time that a decoding process starts in

        return examine_dicom(data, limits)
    decoded = decode(data, max_pixels=limits.max_pixels)
    moments, histograms, shown = measured(decoded)
    small = preview(decoded, shown)
    thumbnails: dict[int, bytes | None] = {}
    grid = fit(small, GRID)
    for side, image in ((GRID, grid), (CELL, small)):
        itself = shown is None and stands_for_itself(decoded, len(data), side)
        thumbnails[side] = None if itself else encode(image, BYTES[side])
    return Examined(
        bytes=len(data),
        format=decoded.format,
        width=decoded.width,
        height=decoded.height,
        bands=" ".join(decoded.bands),
        dtype=decoded.dtype,
        bit_depth=decoded.bit_depth,
        orientation=decoded.orientation,
        pixel_hash=pixel_hash(decoded),
        perceptual_hash=None if _constant(moments) else perceptual_hash(grid),
        moments=pack_moments(moments),
        histograms=histograms,
        notes=decoded.notes,
        thumbnails=thumbnails,
        pyramid=write_pyramid(decoded) if decoded.width * decoded.height > limits.pyramid_pixels else None,
    )


def pixel_hash(decoded: Decoded) -> bytes:
    """BLAKE3 over what the upright picture is, then its samples: equal for equal pixels in any file format.

    First the line "triptych pixels 1 <dtype> <bit depth> <height> <width> <bands>\\n" in ASCII, then the
    samples (y, x, band), little-endian. BLAKE3 takes 0.13 ns a byte where SHA-256 takes 0.57 with the
    processor's own instructions and BLAKE2b 1.0: a sixth of all the work on a JPEG of 512².
    """
    names = " ".join(decoded.bands)
    size = f"{decoded.height} {decoded.width}"
    hasher = blake3(f"triptych pixels 1 {decoded.dtype} {decoded.bit_depth} {size} {names}\n".encode())
    for strip in decoded.strips():
        little = np.asarray(strip, strip.dtype.newbyteorder("<"))
        hasher.update(little.reshape(-1).view(np.uint8).data)
    return hasher.digest()


def channel_counts(decoded: Decoded) -> NDArray[np.int64]:
    """How often every value occurs in every band of an 8-bit picture: (bands, 256)."""
    if decoded.width * decoded.height <= 4096 and not decoded.held_as_image:
        # Pillow returns its counts as a list of numbers, which costs more than counting so few pixels.
        samples = decoded.interleaved().reshape(-1, len(decoded.bands))
        offset = samples + np.arange(0, 256 * len(decoded.bands), 256)
        return np.bincount(offset.reshape(-1), minlength=256 * len(decoded.bands)).reshape(-1, 256)
    counts = np.zeros((len(decoded.bands), 256), np.int64)
    for strip in decoded.image_strips():
        counts += np.array(strip.histogram(), np.int64)[: counts.size].reshape(-1, 256)
    return counts


def measured(decoded: Decoded) -> tuple[NDArray[np.float64], bytes, Range | None]:
    """Moments (bands, 6), packed histograms, and the range of values that a thumbnail should show."""
    if decoded.dtype == "uint8":
        counts = channel_counts(decoded)
        return moments_of_bytes(counts), pack_counts(counts), shown_range(decoded, counts)
    moments, histograms = measure(decoded.pixels)
    return moments, pack_histograms(histograms), shown_range_of(histograms, decoded.bands)


def _constant(moments: NDArray[np.float64]) -> bool:
    return bool(np.all(moments[:, 3] == moments[:, 4]))
