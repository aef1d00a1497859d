"""Frames of native (uncompressed) pixel data: bytes in, samples out (PS3.5, 8.1 and Annex D).

What the file has too little of is zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.dicom.decoders import YBR, Decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.dicom.layout import PixelLayout
    from triptych.dicom.reading import PixelElement


def frame_bits(layout: PixelLayout, *, subsampled: bool) -> int:
    """Bits of a frame in the file; frames of one bit follow each other without padding."""
    samples = layout.frame_samples
    return (samples // 3 * 2 if subsampled else samples) * layout.bits_allocated


def is_subsampled(layout: PixelLayout, pixels: PixelElement) -> bool:
    """Whether chroma is halved as YBR_FULL_422 says. Some writers say so of data that has all of it."""
    if not layout.subsampled or layout.bits_allocated != 8:
        return False
    return len(pixels.data) < layout.frame_samples * layout.frames


def native_frame(layout: PixelLayout, pixels: PixelElement, index: int, *, subsampled: bool) -> Decoded:
    """The samples of a frame, (y, x) or (y, x, 3), native byte order; may be read-only."""
    bits = frame_bits(layout, subsampled=subsampled)
    raw = _bytes_of(pixels, index * bits // 8, (index * bits + bits + 7) // 8, layout.bits_allocated)
    if layout.bits_allocated == 1:
        first = index * bits % 8
        samples = np.unpackbits(raw, bitorder="little")[first : first + layout.frame_samples]
        return Decoded(samples.reshape(layout.shape), False)
    if layout.bits_allocated == 12:
        return Decoded(_unpack_12(raw, index * bits % 8, layout).reshape(layout.shape), False)
    stored = layout.numpy_dtype().newbyteorder(">" if pixels.big_endian else "<")
    samples = raw.view(stored).astype(layout.dtype, copy=False)
    if subsampled:
        return Decoded(_whole_chroma(samples).reshape(layout.shape), True)
    if layout.planar and layout.samples == 3:
        planes = samples.reshape(3, layout.rows, layout.columns)
        samples = np.ascontiguousarray(np.moveaxis(planes, 0, 2))
    return Decoded(samples.reshape(layout.shape), layout.photometric in YBR)


def _bytes_of(pixels: PixelElement, begin: int, end: int, allocated: int) -> NDArray[np.uint8]:
    """Bytes of the pixel data from `begin` to `end`, zeros where the file has no more."""
    if pixels.big_endian and pixels.vr == "OW" and allocated == 8:
        # Words of two pixels each were written with their bytes exchanged; a frame may begin within one.
        first = begin - begin % 2
        words = _padded(pixels.data, first, end + end % 2)
        return words.view("<u2").byteswap().view(np.uint8)[begin - first : end - first]
    return _padded(pixels.data, begin, end)


def _padded(data: memoryview, begin: int, end: int) -> NDArray[np.uint8]:
    found = np.frombuffer(data[begin:end], np.uint8)
    if len(found) == end - begin:
        return found
    whole = np.zeros(end - begin, np.uint8)
    whole[: len(found)] = found
    return whole


def _unpack_12(raw: NDArray[np.uint8], shift: int, layout: PixelLayout) -> NDArray[Any]:
    """Two samples in three bytes, the first in the low bits (ACR-NEMA 300, as 16-bit words little endian)."""
    count = layout.frame_samples
    nibbles = np.empty(2 * len(raw), np.uint16)
    nibbles[0::2], nibbles[1::2] = raw & 15, raw >> 4
    first = shift // 4
    parts = nibbles[first : first + 3 * count].reshape(count, 3)
    samples = parts[:, 0] | parts[:, 1] << 4 | parts[:, 2] << 8
    return samples.view(layout.dtype) if layout.signed else samples


def _whole_chroma(samples: NDArray[Any]) -> NDArray[Any]:
    """Y1 Y2 Cb Cr of two pixels to Y1 Cb Cr Y2 Cb Cr (PS3.3, C.7.6.3.1.2)."""
    pairs = samples.reshape(-1, 4)
    whole = np.empty((len(pairs), 6), samples.dtype)
    whole[:, 0], whole[:, 3] = pairs[:, 0], pairs[:, 1]
    whole[:, 1] = whole[:, 4] = pairs[:, 2]
    whole[:, 2] = whole[:, 5] = pairs[:, 3]
    return whole.reshape(-1)
