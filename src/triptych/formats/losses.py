"""What an export cannot hold, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.findings import EXAMPLES_KEPT, Finding, FindingLog, Severity
from triptych.core.labels import Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.formats.base import ExportItem, ExportSet

LABEL_TASKS = frozenset({Task.SINGLE_LABEL, Task.MULTI_LABEL, Task.DETECTION, Task.SEGMENTATION})
"""Tasks whose labels are values; those of regression are pictures."""

HELD_ELSEWHERE = "Export as parquet or image_label to have them all."


def sets_left_out(sets: Iterable[ExportSet], why: str) -> list[Finding]:
    """One finding that names the annotation sets that are not exported."""
    names = [entry.name for entry in sets]
    if not names:
        return []
    return [
        Finding(
            Severity.ERROR,
            "set_not_exported",
            f"Annotation sets are left out: {why}.",
            "Export as parquet or image_label as well.",
            "",
            len(names),
            tuple(names[:EXAMPLES_KEPT]),
        )
    ]


def items_left_out(keys: list[str], why: str) -> list[Finding]:
    """One finding that names the items that are not exported."""
    if not keys:
        return []
    return [
        Finding(
            Severity.ERROR,
            "item_not_exported",
            f"Items are left out: {why}.",
            HELD_ELSEWHERE,
            "",
            len(keys),
            tuple(keys[:EXAMPLES_KEPT]),
        )
    ]


class Losses:
    """What one export loses, noted while its labels are written. `title` is the format's name for people."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._log = FindingLog()

    def findings(self) -> list[Finding]:
        """One finding for each kind of loss, counted."""
        return list(self._log.all())

    def extend(self, findings: list[Finding]) -> None:
        """Add findings that others made."""
        self._log.extend(findings)

    def point(self, key: str) -> None:
        """A point or a line."""
        self._log.error(
            "points_not_exported",
            f"Points and lines are left out: {self._title} holds areas alone.",
            "Export as labelme, parquet or image_label as well.",
            key,
        )

    def frame(self, key: str) -> None:
        """A label on a plane after the first."""
        self._log.error(
            "frames_not_exported",
            f"Labels on planes after the first are left out: {self._title} knows one plane of a picture.",
            HELD_ELSEWHERE,
            key,
        )

    def outside(self, key: str) -> None:
        """An area of which nothing lies in the picture."""
        self._log.error(
            "outside_not_exported",
            f"Labels that lie wholly outside their picture are left out: {self._title} has no place for them.",
            "Correct them, or export as coco, parquet or image_label as well.",
            key,
        )

    def clipped(self, key: str) -> None:
        """An area that leaves the picture."""
        self._log.warn(
            "areas_clipped",
            f"Labels that leave their picture are cut at its border: {self._title} has fractions of 0 to 1.",
            "Correct them, or export as coco, parquet or image_label as well.",
            key,
        )

    def outlined(self, key: str, holes: int) -> None:
        """A mask that becomes polygons."""
        self._log.note(
            "masks_become_polygons",
            f"Masks become polygons along the edges of their pixels: {self._title} has no masks.",
            "Export as coco, labelme, voc, parquet or image_label to have them as masks.",
            key,
        )
        if holes:
            self._log.warn(
                "holes_not_exported",
                f"Holes in masks are filled: a polygon of {self._title} has none.",
                "Export as coco, labelme, voc, parquet or image_label to keep them.",
                f"{key}: {holes}",
                count=holes,
            )

    def no_mask(self, key: str, why: str) -> None:
        """A mask that cannot be written."""
        self._log.error(
            "mask_not_exported",
            "Masks are left out that have no usable form here; the examples say why.",
            "Export as coco, parquet or image_label to have them.",
            f"{key}: {why}",
        )

    def parted(self, key: str, parts: int) -> None:
        """An area of several parts that become labels of their own."""
        self._log.warn(
            "parts_become_labels",
            f"Areas of several parts become one label for each part: a label of {self._title} has one outline.",
            "Export as coco, parquet or image_label to keep them together.",
            f"{key}: {parts}",
        )

    def overlapped(self, key: str, pixels: int) -> None:
        """Pixels that belong to several labels."""
        self._log.warn(
            "overlaps_not_exported",
            f"Pixels that belong to several labels have the last one alone: {self._title} has one value for each.",
            "Export as coco, parquet or image_label to keep them all. The count is of pixels.",
            f"{key}: {pixels} pixels",
            count=pixels,
        )

    def object_beyond(self, key: str, objects: int, most: int) -> None:
        """Objects for which a picture of indices has no values left."""
        self._log.error(
            "objects_not_exported",
            f"Objects beyond the first {most} of a picture have no number: {self._title} has one byte for them. "
            "Their class is written.",
            "Export as coco, parquet or image_label to keep them apart.",
            f"{key}: {objects}",
            count=objects,
        )

    def class_beyond(self, names: list[str], most: int) -> None:
        """Classes for which a picture of indices has no values left."""
        self._log.error(
            "classes_not_exported",
            f"Areas of classes beyond the first {most} are left out: {self._title} has one byte for the class.",
            "Export as coco, parquet or image_label to have them all.",
            *names[:EXAMPLES_KEPT],
            count=len(names),
        )

    def class_renamed(self, name: str, written: str) -> None:
        """A class whose name the format cannot write."""
        self._log.warn(
            "class_name_changed",
            f"Names of classes have characters that {self._title} cannot hold, and are written with others.",
            "Rename the classes, or export as parquet or image_label.",
            f"{name[:100]!r} as {written[:100]!r}",
        )

    def renumbered(self, names: list[str], how: str) -> None:
        """Classes that get other ids."""
        self._log.note(
            "classes_renumbered",
            f"Classes have other ids in the export: {how}.",
            "triptych.json has their ids.",
            *names[:EXAMPLES_KEPT],
            count=len(names),
        )

    def absent(self, key: str) -> None:
        """A class of which a label says that it is not there."""
        self._log.warn(
            "absent_not_exported",
            f"Labels that say that a class is absent are left out: {self._title} lists what is there.",
            "Export as labelme, voc, parquet or image_label to keep them.",
            key,
        )

    def number(self, key: str) -> None:
        """A label that had the number of its object."""
        self._log.note(
            "object_numbers_not_exported",
            f"Numbers of objects are left out: {self._title} has none. Each label is an object.",
            HELD_ELSEWHERE,
            key,
        )

    def rounded(self, key: str) -> None:
        """A label whose coordinates do not come back to the last bit."""
        self._log.note(
            "coordinates_rounded",
            f"Coordinates are reckoned into those of {self._title}, and come back to a millionth of a pixel.",
            "Export as coco, parquet or image_label to have them to the last bit.",
            key,
        )

    def drawn(self, key: str) -> None:
        """A polygon that becomes pixels."""
        self._log.note(
            "polygons_become_masks",
            f"Polygons become the pixels that they cover: {self._title} has no corners of areas.",
            "Export as coco, labelme, yolo, parquet or image_label to keep their corners.",
            key,
        )

    def no_split(self, count: int) -> None:
        """The format wants a split, and there is none."""
        self._log.warn(
            "export_without_split",
            f"The version has no split: {self._title} trains and validates on the same pictures.",
            "Make a split, and export again.",
            count=count,
        )

    def unassigned(self, keys: list[str]) -> None:
        """Items that are in no part."""
        self._log.warn(
            "unassigned_not_listed",
            f"Pictures in no part of the split are written, but no list of {self._title} names them.",
            "Move them into a part, and export again.",
            *keys[:EXAMPLES_KEPT],
            count=len(keys),
        )

    def pictures(self, items: Iterable[ExportItem], names: Iterable[str]) -> None:
        """What pictures lose: the name, and being read elsewhere; `names` are those in the export."""
        for item, name in zip(items, names, strict=True):
            if item.format == "dicom":
                self._log.note(
                    "pictures_are_dicom",
                    f"Pictures are DICOM, unchanged. Most programs that read {self._title} open JPEG and PNG alone.",
                    "Convert them for such a program.",
                    item.key,
                )
            if name != item.key:
                self._log.note(
                    "names_changed",
                    f"Pictures have other names than their keys: {self._title} needs names that are safe, and "
                    "unique without their ending.",
                    "triptych.json has the keys.",
                    f"{item.key[-120:]} as {name[-120:]}",
                )

    def in_sidecar_alone(self, what: list[str]) -> None:
        """What triptych.json holds in place of the format."""
        if what:
            self._log.note(
                "in_triptych_json_alone",
                f"{self._title} has no place for some of it, which is in triptych.json alone: {', '.join(what)}.",
                "Keep triptych.json beside the rest.",
                count=len(what),
            )
