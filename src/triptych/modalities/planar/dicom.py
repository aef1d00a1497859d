"""DICOM among the pictures: its frames as planes, measured one by one, shown through the window it asks for.

Samples are those that the file stores (as pydicom's `pixel_array` has them); rescale and windows go beside them,
so that values in Hounsfield units are made where they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from blake3 import blake3

from triptych.core.histogram import merge as merge_histograms
from triptych.core.histogram import pack_histograms
from triptych.core.statistics import measure, merge_moments, pack_moments
from triptych.dicom.luts import to_display
from triptych.dicom.picture import DicomPicture
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.decode import MAX_PIXELS, Decoded
from triptych.modalities.planar.examined import Examined
from triptych.modalities.planar.header import Header
from triptych.modalities.planar.perceptual import perceptual_hash
from triptych.modalities.planar.pyramid import write_pyramid
from triptych.modalities.planar.thumbnail import BYTES, CELL, GRID, encode, fit, preview, shown_range_of
from triptych.modalities.planar.window import clipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram
    from triptych.core.raster import Profile, Window
    from triptych.dicom.picture import PictureFacts
    from triptych.modalities.planar.examined import PlanarLimits
    from triptych.modalities.planar.notes import Note
    from triptych.modalities.planar.thumbnail import Range

FORMAT = "DICOM"
DOCUMENT = {"type": "picture-details", "version": 1}
PYRAMID_TYPES = ("uint8", "uint16")


def header_of(facts: PictureFacts) -> Header:
    """The facts of a DICOM picture as all pictures have them."""
    return Header(
        FORMAT,
        facts.width,
        facts.height,
        facts.bands,
        facts.bit_depth,
        spacing=facts.spacing,
        notes=notes_of(facts),
        sample=facts.dtype,
        frames=facts.frames,
    )


def notes_of(facts: PictureFacts) -> tuple[Note, ...]:
    """What was noticed about the file, as for all pictures."""
    return tuple((code, "") for code in facts.notes)


def details_of(picture: DicomPicture) -> dict[str, Any]:
    """What the file says of its pixels besides: a document for the database and the viewer.

    `windows` are in values after the rescale, value = slope × sample + intercept. A VOI LUT is told as the window
    that is nearest to it, behind those of the file.
    """
    facts = picture.facts
    lut = picture.voi_lut if len(facts.bands) == 1 else None
    windows = [_window(picture, *window) for window in facts.windows]
    if lut is not None:
        low, high = lut.range
        windows.append(
            {"name": "VOI LUT", "low": low, "high": high, "width": high - low, "center": (low + high) / 2}
        )
    return {
        **DOCUMENT,
        "spacing": facts.spacing,
        "rescale": facts.rescale,
        "unit": facts.unit,
        "windows": windows,
        "inverted": facts.inverted,
        "photometric": facts.photometric,
        "transfer_syntax": f"{facts.transfer_syntax_name} ({facts.transfer_syntax})",
        "frame_time": facts.frame_time,
        "overlays": any(int(tag) >> 24 == 0x60 for tag in picture.dataset.keys()),  # noqa: SIM118
    }


def _window(picture: DicomPicture, name: str, low: float, high: float) -> dict[str, Any]:
    # LINEAR ends one step before its width does, the exact forms do not (PS3.3, C.11.2.1.2 and C.11.2.1.3).
    exact = str(picture.dataset.get("VOILUTFunction", "")).strip() in ("LINEAR_EXACT", "SIGMOID")
    step = 0 if exact else 1
    center = (low + high + step) / 2
    return {"name": name, "low": low, "high": high, "width": high - low + step, "center": center}


def examine_dicom(data: bytes, limits: PlanarLimits) -> Examined:
    """Decode every frame once and measure it; MemberError as `DicomPicture`.

    Thumbnails and the perceptual hash are of the frame in the middle; moments and histograms of all.
    """
    picture = DicomPicture(data, max_pixels=limits.max_pixels)
    facts = picture.facts
    header = header_of(facts)
    pixels = _PixelHash(header)
    moments: list[NDArray[np.float64]] = []
    histograms: list[tuple[Histogram, ...]] = []
    middle = facts.frames // 2
    shown: Decoded | None = None
    for index in range(facts.frames):
        frame = picture.frame(index)
        pixels.update(frame)
        measured, counted = measure(frame if frame.ndim == 2 else np.moveaxis(frame, 2, 0))
        moments.append(measured)
        histograms.append(counted)
        if index == middle:
            shown = Decoded(header, frame)
    assert shown is not None
    merged = merge_moments(np.stack(moments))
    lut = picture.voi_lut if len(facts.bands) == 1 else None
    if lut is None or facts.windows:
        small = preview(shown, window_of(facts, histograms[middle]))
    else:
        values = picture.values(shown.interleaved(), middle)
        small = preview(Decoded(_shown_header(header), to_display(values, facts, lut)), None)
    return Examined(
        bytes=len(data),
        format=FORMAT,
        width=facts.width,
        height=facts.height,
        bands=" ".join(facts.bands),
        dtype=facts.dtype,
        bit_depth=facts.bit_depth,
        orientation=1,
        pixel_hash=pixels.digest(),
        perceptual_hash=None if np.all(merged[:, 3] == merged[:, 4]) else perceptual_hash(fit(small, GRID)),
        moments=pack_moments(merged),
        histograms=pack_histograms([merge_histograms(band) for band in zip(*histograms, strict=True)]),
        notes=notes_of(facts),
        thumbnails={side: encode(fit(small, side), BYTES[side]) for side in (GRID, CELL)},
        pyramid=_pyramid(shown, limits),
        frames=facts.frames,
        details=details_of(picture),
    )


def _shown_header(header: Header) -> Header:
    """The header of what is shown of a picture: 8 bits of gray."""
    return Header(FORMAT, header.width, header.height, header.bands, 8)


def _pyramid(shown: Decoded, limits: PlanarLimits) -> bytes | None:
    large = shown.width * shown.height > limits.pyramid_pixels
    if not large or shown.header.frames > 1 or shown.dtype not in PYRAMID_TYPES:
        return None
    return write_pyramid(shown)


def window_of(facts: PictureFacts, histograms: tuple[Histogram, ...]) -> Range | None:
    """The samples that are shown as black and white: the file's first window, else what most samples lie between;
    exchanged where the file asks for the inverse. None for 8-bit colours, which are shown as they are."""
    if len(facts.bands) > 1 and facts.dtype == "uint8":
        return None
    if facts.windows and len(facts.bands) == 1:
        slope, intercept = facts.rescale or (1.0, 0.0)
        _, low, high = facts.windows[0]
        shown = ((low - intercept) / slope, (high - intercept) / slope) if slope else (low, high)
    elif all(histogram.counts.size for histogram in histograms):
        shown = shown_range_of(histograms, facts.bands)
    else:
        shown = 0.0, 1.0  # no finite sample at all
    low, high = shown if shown[0] != shown[1] else (shown[0], shown[0] + 1)
    return (high, low) if facts.inverted else (low, high)


class _PixelHash:
    """`measure.pixel_hash` over frames: that of a picture of one frame is the same in any file format."""

    def __init__(self, header: Header) -> None:
        frames = f"{header.frames} " if header.frames > 1 else ""
        size = f"{frames}{header.height} {header.width}"
        names = " ".join(header.bands)
        self._hasher = blake3(
            f"triptych pixels 1 {header.dtype} {header.bit_depth} {size} {names}\n".encode()
        )

    def update(self, frame: NDArray[Any]) -> None:
        """Add a frame (y, x) or (y, x, c)."""
        little = np.ascontiguousarray(frame, frame.dtype.newbyteorder("<"))
        self._hasher.update(little.reshape(-1).view(np.uint8).data)

    def digest(self) -> bytes:
        """The 32 bytes."""
        return self._hasher.digest()


class DicomLayer:
    """An OpenLayer over the bytes of one DICOM file; keeps the frames that were read last, up to a limit."""

    def __init__(self, data: bytes, *, max_pixels: int = MAX_PIXELS, kept_bytes: int = 64_000_000) -> None:
        """Reads the header; MemberError as `DicomPicture`."""
        self._picture = DicomPicture(data, max_pixels=max_pixels)
        self._profile = header_of(self._picture.facts).profile
        self.rescale = self._picture.facts.rescale
        self._kept_bytes = kept_bytes
        self._kept: dict[int, NDArray[Any]] = {}

    @property
    def profile(self) -> Profile:
        """Axes yx, cyx, zyx or czyx, native dtype."""
        return self._profile

    def read(self, window: Window | None = None, scale: int = 1, plane: int | None = None) -> NDArray[Any]:
        """The window of one frame (`plane`), or of all of them, in canonical axes, averaged over boxes of `scale`.

        MemberError where a frame cannot be decoded; IndexError for a plane that is not there.
        """
        window = clipped(window, self._profile.size("y"), self._profile.size("x"))
        frames = self._profile.size("z")
        if plane is not None or frames == 1:
            return _bands_first(self._window(plane or 0, window, scale))
        stack = [_bands_first(self._window(index, window, scale)) for index in range(frames)]
        return np.stack(stack, axis=stack[0].ndim - 2)

    def _window(self, index: int, window: Window, scale: int) -> NDArray[Any]:
        frame = self._frame(index)
        return box_mean(frame[window.top : window.bottom, window.left : window.right], scale)

    def _frame(self, index: int) -> NDArray[Any]:
        if not 0 <= index < self._profile.size("z"):
            raise IndexError(f"there is no plane {index}")
        frame = self._kept.pop(index, None)
        if frame is None:
            frame = self._picture.frame(index)
        self._kept[index] = frame
        while len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > self._kept_bytes:
            self._kept.pop(next(iter(self._kept)))
        return frame


class OverlayMask(NamedTuple):
    """An overlay plane as a mask (y, x) of the size of its picture; `region` tells a region of interest from
    graphics."""

    name: str
    region: bool
    mask: NDArray[np.bool_]


def overlay_masks(data: bytes, frame: int, *, max_pixels: int = MAX_PIXELS) -> list[OverlayMask]:
    """The overlay planes on a frame of a DICOM file (PS3.3, C.9.2); what lies beyond the picture is cut off.

    MemberError as `DicomPicture`; IndexError for a frame that is not there.
    """
    picture = DicomPicture(data, max_pixels=max_pixels)
    facts = picture.facts
    if not 0 <= frame < facts.frames:
        raise IndexError(f"there is no frame {frame}")
    found = []
    for overlay in picture.overlays(frame):
        mask = np.zeros((facts.height, facts.width), bool)
        top, left = overlay.origin
        rows, columns = overlay.bits.shape
        upper, lower = max(0, top), min(facts.height, top + rows)
        west, east = max(0, left), min(facts.width, left + columns)
        if upper < lower and west < east:
            mask[upper:lower, west:east] = overlay.bits[upper - top : lower - top, west - left : east - left]
        found.append(OverlayMask(overlay.name or f"Overlay {overlay.group:04X}", overlay.region, mask))
    return found


def _bands_first(samples: NDArray[Any]) -> NDArray[Any]:
    return samples if samples.ndim == 2 else np.moveaxis(samples, 2, 0)
