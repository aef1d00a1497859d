"""Tables of values, and from modality values to what is shown in 256 steps.

The chain is PS3.3's: modality LUT or rescale (C.11.1), VOI LUT or window (C.11.2), inversion of MONOCHROME1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.dicom.values import item, numbers, text, texts, value_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from triptych.dicom.picture import PictureFacts

Window = tuple[float, float]

SAMPLED = 1_000_000
"""Values that percentiles are taken of, at most; of more, every n-th."""


@dataclass(frozen=True, slots=True, eq=False)
class Lut:
    """A lookup table (PS3.3, C.11.1.1.1): `table` for the values from `first` on, of `bits` each."""

    first: int
    table: NDArray[Any]
    bits: int

    def apply(self, values: NDArray[Any]) -> NDArray[Any]:
        """The table's entries for values of any shape; values beyond its ends get the first or last entry.

        Fractions are rounded; what is no number gets the first entry.
        """
        if values.dtype.kind == "f":
            values = np.rint(np.nan_to_num(values, nan=self.first)).clip(-(2**40), 2**40)
        indices = values.astype(np.int64) - self.first
        return self.table[np.clip(indices, 0, len(self.table) - 1)]

    @property
    def range(self) -> Window:
        """The values between which the table goes from its least to its greatest entry: its nearest window."""
        low, high = int(self.table.min()), int(self.table.max())
        rising = np.flatnonzero((self.table > low) & (self.table < high))
        ends = (int(rising[0]), int(rising[-1])) if rising.size else (0, len(self.table) - 1)
        return float(self.first + ends[0]), float(self.first + max(ends[1], ends[0] + 1))


def lut_of(entry: Dataset | None, *, signed: bool, big_endian: bool = False) -> Lut | None:
    """The table in an item of a modality or VOI LUT sequence; None when it has none that makes sense.

    `signed`: whether the values that go in can be negative, which tells how to read the first of them.
    """
    if entry is None:
        return None
    descriptor = numbers(entry, "LUTDescriptor")
    if len(descriptor) != 3:
        return None
    length, first, bits = (int(each) for each in descriptor)
    length = length % 2**16 or 2**16
    first = (first + 2**15) % 2**16 - 2**15 if signed else first % 2**16
    data = value_of(entry, "LUTData")
    if isinstance(data, bytes):
        wide = len(data) >= 2 * length
        table = np.frombuffer(data[: len(data) // 2 * 2], ">u2" if big_endian else "<u2") if wide else None
        table = np.frombuffer(data, np.uint8) if table is None else table
    else:
        try:
            table = np.asarray(data if isinstance(data, list) else list(data or ()), np.int64) % 2**16
        except (TypeError, ValueError, OverflowError):
            return None
    table = table[:length].astype(np.uint16)
    if not len(table) or not 1 <= bits <= 16:
        return None
    return Lut(first, table, bits)


def voi_lut(dataset: Dataset, *, signed: bool, big_endian: bool = False) -> Lut | None:
    """The first VOI LUT of a dataset, or None."""
    return lut_of(item(dataset, "VOILUTSequence"), signed=signed, big_endian=big_endian)


def windows_of(dataset: Dataset) -> list[tuple[str, float, float]]:
    """The windows of a dataset: name, and the values that become black and white; pairs that make no sense are left.

    PS3.3, C.11.2.1.2.1 for LINEAR (a width of at least 1), C.11.2.1.3 for LINEAR_EXACT and SIGMOID, whose curve
    has 12 % and 88 % at these ends.
    """
    centers, widths = (_floats(dataset, keyword) for keyword in ("WindowCenter", "WindowWidth"))
    names = texts(dataset, "WindowCenterWidthExplanation")
    exact = text(dataset, "VOILUTFunction") in ("LINEAR_EXACT", "SIGMOID")
    found = []
    for index, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if center is None or width is None or width <= 0 or (width < 1 and not exact):
            continue
        middle, half = (center, width / 2) if exact else (center - 0.5, (width - 1) / 2)
        found.append((names[index] if index < len(names) else "", middle - half, middle + half))
    return found


def _floats(dataset: Dataset, keyword: str) -> list[float | None]:
    found: list[float | None] = []
    for each in texts(dataset, keyword):
        try:
            number = float(each)
        except ValueError:
            number = np.nan
        found.append(number if np.isfinite(number) else None)
    return found


def value_dtype(dtype: str, bits_stored: int, rescale: tuple[float, float] | None) -> str:
    """The type of modality values: an integer one when the slope is 1 and the intercept whole, else a float.

    float32 holds every sample of up to 16 bits before scaling; wider ones become float64.
    """
    if rescale is None or dtype.startswith("float"):
        return dtype
    slope, intercept = rescale
    if slope != 1 or intercept != int(intercept) or abs(intercept) >= 2**31:
        return "float64" if dtype.endswith("32") else "float32"
    if intercept == 0:
        return dtype
    low, high = (
        (-(2 ** (bits_stored - 1)), 2 ** (bits_stored - 1)) if dtype[0] == "i" else (0, 2**bits_stored)
    )
    reach = low + int(intercept), high - 1 + int(intercept)
    for candidate in ("uint8", "int16", "uint16", "int32", "uint32"):
        info = np.iinfo(candidate)
        if info.min <= reach[0] and reach[1] <= info.max:
            return candidate
    return "float64"


def rescaled(samples: NDArray[Any], rescale: tuple[float, float] | None, dtype: str) -> NDArray[Any]:
    """Samples × slope + intercept in `dtype` (see `value_dtype`); the samples themselves where nothing changes."""
    if rescale is None or (rescale == (1.0, 0.0) and samples.dtype == np.dtype(dtype)):
        return samples
    slope, intercept = rescale
    if np.dtype(dtype).kind in "iu":
        # Modulo 2ⁿ the sum is right in the type that holds it, whatever the parts.
        shift = np.array(int(intercept)).astype(dtype)
        shifted: NDArray[Any] = samples.astype(dtype) + shift
        return shifted
    values: NDArray[Any] = samples.astype(dtype)
    values *= slope
    values += intercept
    return values


def automatic_window(values: NDArray[Any]) -> Window:
    """The 0.5th and the 99.5th percentile of finite values; their ends, or half a step around, where these agree."""
    flat = values.reshape(-1)[:: max(1, values.size // SAMPLED)]
    if flat.dtype.kind == "f":
        flat = flat[np.isfinite(flat)]
    if not flat.size:
        return 0.0, 1.0
    low, high = (float(each) for each in np.percentile(flat, (0.5, 99.5), method="nearest"))
    if low >= high:
        low, high = float(flat.min()), float(flat.max())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def apply_window(values: NDArray[Any], window: Window) -> NDArray[np.uint8]:
    """0 up to the window's low end, 255 from its high end on, linear between (PS3.3, C.11.2.1.2.1); NaN is 0."""
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2 and values.size > 2**17:
        unsigned = np.dtype(f"u{values.dtype.itemsize}")
        every = np.arange(2 ** (8 * values.dtype.itemsize)).astype(unsigned).view(values.dtype)
        return np.take(_windowed(every, window), values.view(unsigned))
    return _windowed(values, window)


def _windowed(values: NDArray[Any], window: Window) -> NDArray[np.uint8]:
    low, high = window
    if not low < high:
        return np.where(values > low, np.uint8(255), np.uint8(0))
    wide = values.dtype.itemsize > 2
    with np.errstate(over="ignore", invalid="ignore"):
        shown: Any = values.astype(np.float64 if wide else np.float32)
        shown -= low
        shown *= 255 / (high - low)
        np.nan_to_num(shown, copy=False, nan=0.0)
        np.clip(shown, 0, 255, out=shown)
    shown += 0.5
    levels: NDArray[np.uint8] = shown.astype(np.uint8)
    return levels


def to_display(
    values: NDArray[Any], facts: PictureFacts, window: Window | Lut | None = None
) -> NDArray[np.uint8]:
    """Modality values as they are shown: (y, x) grey levels, or (y, x, 3) colours, inverted for MONOCHROME1.

    `window` is (low, high) in modality values, or a VOI LUT; without it the first of the header's windows, else
    the automatic one. Colours are brought to 8 bits and have no window.
    """
    if values.ndim == 3:
        return _to_8_bits(values, facts.bit_depth)
    if isinstance(window, Lut):
        found = window.apply(values)
        shown = _to_8_bits(found, window.bits)
    else:
        shown = apply_window(values, window or _window_of(values, facts))
    return np.invert(shown) if facts.inverted else shown


def _window_of(values: NDArray[Any], facts: PictureFacts) -> Window:
    if facts.windows:
        return facts.windows[0][1:]
    return (0.0, 1.0) if facts.bit_depth == 1 else automatic_window(values)


def _to_8_bits(values: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    if bits == 8 and values.dtype == np.uint8:
        return values
    return apply_window(values, (0.0, float(2**bits - 1)))
