"""The pixels of one DICOM object: its facts from the header, and its frames, decoded one at a time.

Frames have stored values as pydicom's `pixel_array` has them, with palettes applied: YBR is turned to RGB, unused
bits are gone, MONOCHROME1 is not inverted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataelem import RawDataElement
from pydicom.pixels.processing import convert_color_space

from triptych.core.source import MemberError
from triptych.dicom.codestream import damaged
from triptych.dicom.decoders import Decoded, decode_frame, extend_sign, syntax_of
from triptych.dicom.display import frame_time_of, inverted, rescale_of, spacing_of, unit_of, windows_on
from triptych.dicom.fragments import Frames
from triptych.dicom.guard import quiet
from triptych.dicom.layout import PALETTE, layout_of
from triptych.dicom.luts import lut_of, rescaled, value_dtype, voi_lut
from triptych.dicom.native import frame_bits, is_subsampled, native_frame
from triptych.dicom.overlays import Overlay, has_embedded, overlays_of
from triptych.dicom.palette import palette_of
from triptych.dicom.reading import read_pixels
from triptych.dicom.values import functional_groups, item

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from triptych.dicom.luts import Lut

GRAY = ("gray",)
RGB = ("red", "green", "blue")

OK_FORCED = "ok_forced"
OK_PADDED = "ok_padded"

_STRIP = 2_000_000
_UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of the pixels from the header.

    `dtype` is that of `DicomPicture.frame`: uint8, int8, uint16, int16, uint32, int32, float32 or float64;
    `bit_depth` is BitsStored, or the palette's. `photometric` is the file's. `rescale` is (slope, intercept) or
    None; `unit` is "HU" and the like, or "". `windows` have a name and (low, high) in modality values. `spacing`
    is (y, x) in mm, `frame_time` in ms. These are frame 0's where frames differ. `notes` are `ok_forced` (no proper
    file header) and `ok_padded` (too little data, the rest is zeros).
    """

    width: int
    height: int
    frames: int
    bands: tuple[str, ...]
    dtype: str
    bit_depth: int
    photometric: str
    transfer_syntax: str
    transfer_syntax_name: str
    rescale: tuple[float, float] | None
    unit: str
    windows: tuple[tuple[str, float, float], ...]
    inverted: bool
    spacing: tuple[float, float] | None
    frame_time: float | None
    notes: tuple[str, ...]


class DicomPicture:
    """One object with pixels. Holds the file's bytes; nothing is decoded before `frame` is called.

    MemberError: `not_dicom`, `no_pixels`, `unsupported_syntax`, `header_error`, `too_many_pixels`, `truncated`
    when there is no pixel data at all behind the header, `not_enough_memory`.
    """

    def __init__(self, data: bytes, *, max_pixels: int) -> None:
        opened, pixels = read_pixels(data)
        if pixels is None:
            raise _without_pixels(opened.dataset)
        self.dataset: Dataset = opened.dataset
        self._pixels = pixels
        self._max_pixels = max_pixels
        self._syntax = syntax_of(opened.syntax)
        self._layout = layout = layout_of(self.dataset, pixels, max_pixels=max_pixels)
        if not pixels.data:
            raise MemberError(
                "truncated", "The file ends before its pixel data.", "Copy it again from its origin."
            )
        self._subsampled = is_subsampled(layout, pixels)
        self._frames = self._encapsulated()
        big = pixels.big_endian
        palette = layout.photometric == PALETTE
        self._palette = palette_of(self.dataset, signed=layout.signed, big_endian=big) if palette else None
        self._modality_lut = lut_of(
            item(self.dataset, "ModalityLUTSequence"), signed=layout.signed, big_endian=big
        )
        self.facts = self._facts(opened.syntax, forced=opened.forced)

    def frame(self, index: int = 0) -> NDArray[Any]:
        """The stored values of a frame: (y, x), or (y, x, 3) for colours; C order, native byte order.

        May be a view of the file's bytes that cannot be written to. MemberError: `decode_error`,
        `not_enough_memory`. IndexError for a frame that the header does not have.
        """
        layout = self._layout
        if not 0 <= index < layout.frames:
            raise IndexError(f"frame {index} of {layout.frames}")
        decoded = self._decode(index)
        samples = decoded.samples
        if not decoded.exact and not layout.is_float and layout.bits_stored < samples.dtype.itemsize * 8:
            samples = extend_sign(samples, layout.bits_stored)
        if self._palette is not None:
            samples = self._palette.apply(samples)
        elif decoded.ybr:
            samples = _to_rgb(samples)
        return np.ascontiguousarray(samples)

    def values(self, samples: NDArray[Any], index: int = 0) -> NDArray[Any]:
        """Modality values (PS3.3, C.11.1) of a frame's samples, same shape; colours have none and stay.

        Integers stay integers when the slope is 1 and the intercept whole; else they become float32, or float64
        for 32-bit samples. `index` matters where each frame has a rescale of its own.
        """
        if len(self.facts.bands) > 1:
            return samples
        if self._modality_lut is not None:
            return self._modality_lut.apply(samples)
        rescale = self.facts.rescale if index == 0 else rescale_of(self.dataset, index)
        return rescaled(samples, rescale, value_dtype(self._layout.dtype, self._layout.bits_stored, rescale))

    @property
    def voi_lut(self) -> Lut | None:
        """The table from modality values to shown ones, for `luts.to_display`, where the file has one."""
        found = voi_lut(self.dataset, signed=self._layout.signed, big_endian=self._pixels.big_endian)
        for group in functional_groups(self.dataset, "FrameVOILUTSequence"):
            found = found or voi_lut(group, signed=self._layout.signed)
        return found

    def overlays(self, index: int = 0) -> list[Overlay]:
        """The overlay planes on a frame; MemberError `decode_error` where one lies in bits of damaged pixels."""
        quiet()
        embedded = self._layout.samples == 1 and not self._layout.is_float and has_embedded(self.dataset)
        return overlays_of(
            self.dataset,
            index,
            self._decode(index).samples if embedded else None,
            max_pixels=self._max_pixels,
            big_endian=self._pixels.big_endian,
        )

    def _encapsulated(self) -> Frames | None:
        if self._syntax.decode is None:
            if self._pixels.undefined:
                raise MemberError(
                    "header_error",
                    "The pixel data is cut into fragments, but the transfer syntax is an uncompressed one.",
                    "Export the file again from its origin.",
                )
            return None
        return Frames(self._pixels.data, self.dataset, self._layout.frames)

    def _decode(self, index: int) -> Decoded:
        quiet()
        if self._frames is None:
            return native_frame(self._layout, self._pixels, index, subsampled=self._subsampled)
        if index >= self._frames.found:
            return Decoded(np.zeros(self._layout.shape, self._layout.dtype), False, exact=True)
        return decode_frame(self._syntax, self._frames[index], self._layout)

    def _padded(self) -> bool:
        layout = self._layout
        if self._frames is not None:
            return self._frames.found < layout.frames
        bits = frame_bits(layout, subsampled=self._subsampled) * layout.frames
        return len(self._pixels.data) * 8 < bits

    def _facts(self, syntax: str, *, forced: bool) -> PictureFacts:
        layout, dataset, palette = self._layout, self.dataset, self._palette
        color = layout.samples == 3 or palette is not None
        rescale = None if color or self._modality_lut is not None else rescale_of(dataset, 0)
        notes = ((OK_FORCED,) if forced else ()) + ((OK_PADDED,) if self._padded() else ())
        return PictureFacts(
            width=layout.columns,
            height=layout.rows,
            frames=layout.frames,
            bands=RGB if color else GRAY,
            dtype=layout.dtype if palette is None else str(palette.table.dtype),
            bit_depth=layout.bits_stored if palette is None else palette.bits,
            photometric=layout.photometric,
            transfer_syntax=syntax,
            transfer_syntax_name=self._syntax.name,
            rescale=rescale,
            unit="" if color else unit_of(dataset),
            windows=() if color else windows_on(dataset),
            inverted=not color and inverted(dataset),
            spacing=spacing_of(dataset),
            frame_time=frame_time_of(dataset),
            notes=notes,
        )


def _without_pixels(dataset: Dataset) -> MemberError:
    """Why there are none: they are cut off, the elements derail before them, or the object is no picture."""
    last = -1
    for tag, element in zip(dataset.keys(), dataset.values(), strict=True):
        if isinstance(element, RawDataElement):
            there = len(element.value or b"")
            if element.length != _UNDEFINED and there < element.length:
                return MemberError(
                    "truncated", "The file ends within its header.", "Copy it again from its origin."
                )
        if tag < last:
            return MemberError(
                "header_error",
                "The elements of the DICOM header are out of order, and no pixel data follows them.",
                "Export or copy the file again from its origin.",
            )
        last = tag
    return MemberError(
        "no_pixels",
        "The DICOM object has no pixel data, as reports, plans and directories have none.",
        "Nothing has to be done; it is no picture.",
    )


def _to_rgb(samples: NDArray[Any]) -> NDArray[Any]:
    """YBR_FULL of 8 bits to RGB (PS3.3, C.7.6.3.1.2), in strips: the conversion takes twelve bytes per pixel."""
    if samples.dtype != np.uint8:
        raise damaged("YBR colours of more than 8 bits are not converted to RGB.")
    rgb = np.empty_like(samples)
    rows = max(1, _STRIP // (samples.shape[1] * 3))
    for top in range(0, len(samples), rows):
        rgb[top : top + rows] = convert_color_space(samples[top : top + rows], "YBR_FULL", "RGB")
    return rgb
