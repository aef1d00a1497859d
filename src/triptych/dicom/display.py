"""What the header says of how values are meant, shown and spaced, for plain and for enhanced objects.

Enhanced multi-frame objects keep these in functional groups (PS3.3, C.7.6.16.2); a frame's own go before shared ones,
and both after what stands in the dataset itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.dicom.luts import windows_of
from triptych.dicom.values import functional_groups, number, numbers, text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MAX_WINDOWS = 64


def rescale_of(dataset: Dataset, index: int = 0) -> tuple[float, float] | None:
    """(slope, intercept) for a frame (PS3.3, C.11.1.1.2), or None; a slope of 0 would leave nothing to see."""
    for place in (dataset, *functional_groups(dataset, "PixelValueTransformationSequence", index)):
        slope, intercept = number(place, "RescaleSlope"), number(place, "RescaleIntercept")
        if slope == 0 or (slope is None and intercept is None):
            continue
        return 1.0 if slope is None else slope, intercept or 0.0
    return None


def unit_of(dataset: Dataset) -> str:
    """The unit of modality values: RescaleType, "HU" for CT that says nothing, else "" ("US" is unspecified)."""
    for place in (dataset, *functional_groups(dataset, "PixelValueTransformationSequence")):
        named = text(place, "RescaleType")
        if named and named != "US":
            return named[:64]
    return "HU" if text(dataset, "Modality") == "CT" else ""


def windows_on(dataset: Dataset) -> tuple[tuple[str, float, float], ...]:
    """All windows of the first frame: (name, low, high) in modality values, without repetition."""
    found: dict[tuple[str, float, float], None] = {}
    for place in (dataset, *functional_groups(dataset, "FrameVOILUTSequence")):
        found.update(dict.fromkeys(windows_of(place)))
    return tuple(found)[:MAX_WINDOWS]


def inverted(dataset: Dataset) -> bool:
    """Whether the lowest value is shown white (PS3.3, C.7.6.3.1.2 and C.11.6); both marks together mean it once."""
    monochrome1 = text(dataset, "PhotometricInterpretation").upper() == "MONOCHROME1"
    return monochrome1 or text(dataset, "PresentationLUTShape") == "INVERSE"


def spacing_of(dataset: Dataset) -> tuple[float, float] | None:
    """(y, x) in mm between neighbouring pixels (PS3.3, 10.7.1.3), in the patient or at the detector."""
    places = [(dataset, "PixelSpacing")]
    places += [(group, "PixelSpacing") for group in functional_groups(dataset, "PixelMeasuresSequence")]
    places += [(dataset, keyword) for keyword in ("ImagerPixelSpacing", "NominalScannedPixelSpacing")]
    for place, keyword in places:
        found = numbers(place, keyword)
        if len(found) == 2 and min(found) > 0:
            return found[0], found[1]
    return None


def frame_time_of(dataset: Dataset) -> float | None:
    """Milliseconds from frame to frame (PS3.3, C.7.6.5), the mean of a vector, or None."""
    time = number(dataset, "FrameTime")
    if time is None:
        # The vector's first entry is 0: it is the time since the frame before.
        times = [each for each in numbers(dataset, "FrameTimeVector")[1:] if each > 0]
        time = sum(times) / len(times) if times else None
    if time is None:
        rates = (number(dataset, keyword) for keyword in ("RecommendedDisplayFrameRate", "CineRate"))
        time = next((1000 / rate for rate in rates if rate and rate > 0), None)
    return time if time is not None and time > 0 else None
