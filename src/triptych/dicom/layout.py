"""How the pixels of an image lie in memory, as the image pixel module says (PS3.3, C.7.6.3), checked.

All of it is known before anything is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from triptych.core.source import MemberError
from triptych.dicom.values import integer, text, value_of

if TYPE_CHECKING:
    from typing import Any

    from pydicom.dataset import Dataset

    from triptych.dicom.reading import PixelElement

MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
PALETTE = "PALETTE COLOR"
COLORS = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")

_FLOATS = {"FloatPixelData": ("float32", 32), "DoubleFloatPixelData": ("float64", 64)}
_EXPORT_AGAIN = "Export the file again from its origin."


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """What the header says of the pixels. `dtype` holds a stored sample, native byte order.

    `bits_allocated` is 1, 8, 12 (packed, ACR-NEMA), 16 or 32; floats have 32 or 64. `photometric` is upper case.
    `planar`: all of one colour, then all of the next (planar configuration 1).
    """

    rows: int
    columns: int
    frames: int
    samples: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    photometric: str
    planar: bool
    dtype: str

    @property
    def subsampled(self) -> bool:
        """Whether native data has one chroma sample for two pixels (PS3.3, C.7.6.3.1.2)."""
        return self.photometric == "YBR_FULL_422"

    @property
    def frame_samples(self) -> int:
        """Samples of a decoded frame."""
        return self.rows * self.columns * self.samples

    @property
    def shape(self) -> tuple[int, ...]:
        """(y, x) or (y, x, 3) of a decoded frame."""
        plane = (self.rows, self.columns)
        return plane if self.samples == 1 else (*plane, self.samples)

    @property
    def is_float(self) -> bool:
        """Whether samples are floats."""
        return self.dtype.startswith("float")

    def numpy_dtype(self) -> np.dtype[Any]:
        """The type of a stored sample."""
        return np.dtype(self.dtype)


FILMS = 8
"""So many times the pixels of one picture may lie in the frames of one file: they are decoded one at a time."""


def layout_of(dataset: Dataset, pixels: PixelElement, *, max_pixels: int) -> PixelLayout:
    """The layout that a header declares.

    MemberError: `header_error` where something is missing or contradicts itself, `too_many_pixels` when
    rows × columns is above `max_pixels`, or all frames together are above eight times that.
    """
    rows, columns = (_size(dataset, keyword) for keyword in ("Rows", "Columns"))
    frames = _frames(dataset)
    if rows * columns > max_pixels or rows * columns * frames > FILMS * max_pixels:
        raise MemberError(
            "too_many_pixels",
            f"The header declares {frames} frames of {columns} × {rows} pixels; the limit is {max_pixels} pixels.",
            "Cut the object into parts, or raise the setting picture_pixels.",
        )
    photometric, samples = _photometric(dataset)
    dtype, allocated, stored, signed = _samples_of(dataset, pixels.keyword, samples)
    planar = integer(dataset, "PlanarConfiguration") == 1
    return PixelLayout(
        rows, columns, frames, samples, allocated, stored, signed, photometric, planar, dtype
    )  # fmt: skip


def _size(dataset: Dataset, keyword: str) -> int:
    size = integer(dataset, keyword)
    if size is None or not 0 < size < 2**16:
        found = "is missing" if value_of(dataset, keyword) is None else "is no number from 1 to 65535"
        raise MemberError("header_error", f"The object has pixel data, but {keyword} {found}.", _EXPORT_AGAIN)
    return size


def _frames(dataset: Dataset) -> int:
    """Number of frames; absent, empty and 0 mean one, as for single-frame objects."""
    if value_of(dataset, "NumberOfFrames") is None:
        return 1
    frames = integer(dataset, "NumberOfFrames")
    if frames is None or frames < 0:
        raise MemberError("header_error", "NumberOfFrames is no number.", _EXPORT_AGAIN)
    return max(1, frames)


def _photometric(dataset: Dataset) -> tuple[str, int]:
    photometric = text(dataset, "PhotometricInterpretation").upper()
    samples = integer(dataset, "SamplesPerPixel")
    if samples is None:
        # ACR-NEMA has neither; monochrome is all that it could hold.
        samples = 3 if photometric in COLORS else 1
    if not photometric:
        photometric = "RGB" if samples == 3 else "MONOCHROME2"
    known = (*MONOCHROME, PALETTE) if samples == 1 else COLORS if samples == 3 else ()
    if photometric not in known:
        raise MemberError(
            "header_error",
            f"{samples} samples per pixel with the photometric interpretation {photometric[:16]!r} is no "
            "combination that is shown.",
            "Convert the file to RGB or MONOCHROME2.",
        )
    return photometric, samples


def _samples_of(dataset: Dataset, keyword: str, samples: int) -> tuple[str, int, int, bool]:
    """dtype, bits allocated, bits stored, and whether samples are signed."""
    allocated = integer(dataset, "BitsAllocated")
    if keyword in _FLOATS:
        dtype, bits = _FLOATS[keyword]
        if allocated not in (None, bits):
            raise MemberError(
                "header_error",
                f"{keyword} with {allocated} bits allocated contradict each other.",
                _EXPORT_AGAIN,
            )
        return dtype, bits, bits, True
    if allocated is None:
        raise MemberError(
            "header_error", "The object has pixel data, but BitsAllocated is missing.", _EXPORT_AGAIN
        )
    stored = integer(dataset, "BitsStored")
    stored = allocated if stored is None else stored
    representation = integer(dataset, "PixelRepresentation") or 0
    possible = (1, 8, 12, 16, 32) if samples == 1 else (8, 16, 32)
    if allocated not in possible or not 1 <= stored <= allocated or representation not in (0, 1):
        raise MemberError(
            "header_error",
            f"{allocated} bits allocated, {stored} stored and the pixel representation {representation} contradict "
            "each other, or are none that DICOM has.",
            _EXPORT_AGAIN,
        )
    signed = representation == 1 and allocated > 1
    bits = 8 if allocated <= 8 else 16 if allocated <= 16 else 32
    return f"{'int' if signed else 'uint'}{bits}", allocated, stored, signed
