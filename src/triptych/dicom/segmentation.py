"""DICOM segmentations as masks on the pictures that they refer to (PS3.3, A.51 and C.8.20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.core.source import MemberError
from triptych.dicom.picture import DicomPicture
from triptych.dicom.reading import read_dataset
from triptych.masks.runs import mask_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from triptych.core.labels import Label
    from triptych.masks.files import Classes
    from triptych.masks.targets import Position, Target

NEAR_MM = 0.01
"""Two positions that are this near are one."""

MOST_SEGMENTS = 20_000


class SegmentationRead(NamedTuple):
    """Masks by item, classes by segment number, and how many frames found no picture, or one of another size."""

    labels: list[Label]
    classes: Classes
    lost: int
    other_size: int


def read_segmentation(
    data: bytes, targets: Mapping[str, Target], *, max_pixels: int = 300_000_000
) -> SegmentationRead:
    """The masks of a DICOM SEG: binary, fractional (from one half on) or a map of labels.

    `targets` are pictures by SOP instance UID. A frame belongs to the picture that its derivation names, else to
    the one at its place in space. Frames without a pixel in them give nothing: they say that there is nothing.
    MemberError as `DicomPicture`, and `header_error` for segments that make no sense.
    """
    picture = DicomPicture(data, max_pixels=max_pixels)
    dataset = read_dataset(data, header_only=True).dataset
    classes = _classes(dataset)
    by_place = _places(targets)
    kind = str(dataset.get("SegmentationType", "BINARY")).strip()
    half = float(dataset.get("MaximumFractionalValue", 255) or 255) / 2 if kind == "FRACTIONAL" else 0.0
    labels: list[Label] = []
    lost = other_size = 0
    for index in range(picture.facts.frames):
        group = _frame_group(dataset, index)
        target, source_frame = _target(group, dataset, targets, by_place)
        if target is None:
            lost += 1
            continue
        if (target.width, target.height) != (picture.facts.width, picture.facts.height):
            other_size += 1
            continue
        samples = picture.frame(index)
        if kind == "LABELMAP":
            labels += _map_labels(target.item, samples, classes, source_frame)
            continue
        mask = samples >= half if half else samples != 0
        if mask.any():
            number = _segment_number(group, dataset)
            if number not in classes:
                raise _nonsense(f"frame {index + 1} names the segment {number}, which is not described")
            labels.append(mask_label(target.item, number, mask, frame=source_frame))
    return SegmentationRead(labels, classes, lost, other_size)


def _map_labels(item: int, samples: NDArray[Any], classes: Classes, source_frame: int | None) -> list[Label]:
    return [
        mask_label(item, int(value), samples == value, frame=source_frame)
        for value in np.unique(samples).tolist()
        if value and int(value) in classes
    ]


def segment_classes(data: bytes) -> Classes:
    """The classes that a segmentation describes; MemberError for a file that cannot be read."""
    return _classes(read_dataset(data, header_only=True).dataset)


def _classes(dataset: Dataset) -> Classes:
    classes: Classes = {}
    for segment in _sequence(dataset, "SegmentSequence")[:MOST_SEGMENTS]:
        number = segment.get("SegmentNumber")
        if isinstance(number, int) and 0 <= number < 2**31:
            name = str(segment.get("SegmentLabel", "") or "").strip()[:1000] or f"segment {number}"
            classes[number] = (name, _color(segment))
    if not classes:
        raise _nonsense("it describes no segment")
    return _told_apart(classes)


def _told_apart(classes: Classes) -> Classes:
    """Segments of one name get their number behind it: a set's classes have different names."""
    names = [name for name, _ in classes.values()]
    return {
        number: (name if names.count(name) == 1 else f"{name} ({number})", color)
        for number, (name, color) in classes.items()
    }


def _color(segment: Dataset) -> str | None:
    """RecommendedDisplayCIELabValue as #rrggbb (PS3.3, C.10.7.1.1: L* 0 to 100 as 0 to 65535, a* and b* as -128 to
    127)."""
    lab = segment.get("RecommendedDisplayCIELabValue")
    try:
        light, a, b = (float(value) for value in lab)
    except (TypeError, ValueError):
        return None
    return _rgb(light / 65535 * 100, a / 65535 * 255 - 128, b / 65535 * 255 - 128)


def _rgb(light: float, a: float, b: float) -> str:
    """CIE L*a*b* as sRGB. The standard means the white point D50; highdicom, dcmqi and Slicer take D65."""
    fy = (light + 16) / 116
    points = np.array([fy + a / 500, fy, fy - b / 200])
    linear = np.where(points**3 > 216 / 24389, points**3, (116 * points - 16) / (24389 / 27))
    to_rgb = np.array(
        [
            [3.2404542, -1.5371385, -0.4985314],
            [-0.9692660, 1.8760108, 0.0415560],
            [0.0556434, -0.2040259, 1.0572252],
        ]
    )
    rgb = np.clip(to_rgb @ (linear * np.array([0.95047, 1.0, 1.08883])), 0, 1)
    encoded = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(encoded * 255).astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _frame_group(dataset: Dataset, index: int) -> Dataset | None:
    groups = _sequence(dataset, "PerFrameFunctionalGroupsSequence")
    return groups[index] if index < len(groups) else None


def _segment_number(group: Dataset | None, dataset: Dataset) -> int:
    for place in (group, *_sequence(dataset, "SharedFunctionalGroupsSequence")[:1]):
        for item in _sequence(place, "SegmentIdentificationSequence")[:1]:
            number = item.get("ReferencedSegmentNumber")
            if isinstance(number, int):
                return number
    raise _nonsense("a frame names no segment")


def _target(
    group: Dataset | None,
    dataset: Dataset,
    targets: Mapping[str, Target],
    by_place: Mapping[tuple[int, int, int], Target],
) -> tuple[Target | None, int | None]:
    shared = _sequence(dataset, "SharedFunctionalGroupsSequence")[:1]
    for place in (group, *shared):
        for derivation in _sequence(place, "DerivationImageSequence"):
            for source in _sequence(derivation, "SourceImageSequence"):
                target = targets.get(str(source.get("ReferencedSOPInstanceUID", "")))
                if target is not None:
                    return target, _source_frame(source)
    for place in (group, *shared):
        for item in _sequence(place, "PlanePositionSequence")[:1]:
            found = _position(item.get("ImagePositionPatient"))
            if found is not None:
                return _at(found, by_place), None
    return None, None


def _source_frame(source: Dataset) -> int | None:
    """The plane of a picture with several; None for one that has but one."""
    number = source.get("ReferencedFrameNumber")
    if isinstance(number, int) and number >= 1:
        return number - 1
    return None


def _position(value: Any) -> Position | None:
    try:
        x, y, z = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    return x, y, z


def _places(targets: Mapping[str, Target]) -> dict[tuple[int, int, int], Target]:
    return {_cell(target.position): target for target in targets.values() if target.position is not None}


def _cell(position: Position) -> tuple[int, int, int]:
    x, y, z = (round(number / NEAR_MM) for number in position)
    return x, y, z


def _at(position: Position, by_place: Mapping[tuple[int, int, int], Target]) -> Target | None:
    x, y, z = _cell(position)
    steps = (0, -1, 1)
    return next(
        (
            found
            for dx in steps
            for dy in steps
            for dz in steps
            if (found := by_place.get((x + dx, y + dy, z + dz))) is not None
        ),
        None,
    )


def _sequence(dataset: Dataset | None, keyword: str) -> Sequence[Dataset]:
    value = None if dataset is None else dataset.get(keyword)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else []


def _nonsense(what: str) -> MemberError:
    return MemberError(
        "header_error",
        f"The segmentation cannot be used: {what}.",
        "Export it again from the program that made it.",
    )
