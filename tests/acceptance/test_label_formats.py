"""What is exported to COCO, YOLO, VOC and LabelMe and added again is the same dataset, less what was reported."""

from __future__ import annotations

import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.formats.drawn_source import HEIGHT, SIZE, WIDTH, picture
from tests.formats.memory_source import MemorySource
from triptych.client.connection import dataset_path
from triptych.core.dataset import Modality, Part
from triptych.core.errors import TriptychError
from triptych.core.labels import Box, Kind, Label, LabelClass, Shape, Task
from triptych.formats.base import ExportSet
from triptych.formats.contours import outlines as outlines_of
from triptych.formats.registry import find_format
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tests.support.studio import Studio

CLASSES = [LabelClass(3, "nucleus, red", "#123456", 0.5, 2.0), LabelClass(1, "a <b> & c", "#E69F00")]
KEYS = ("a.png", "b.png", "c.png", "ward 1/d.png", "e.png")
PARTS = (Part.TRAIN, Part.VALIDATION, Part.TEST, Part.TRAIN, None)
SQUARE = (2.0, 3.0, 12.0, 3.0, 12.0, 8.0, 2.0, 8.0)
OTHER = (20.0, 10.0, 30.0, 10.0, 30.0, 25.0, 20.0, 25.0)


def area(part: tuple[float, ...]) -> NDArray[np.bool_]:
    """The pixels of a polygon."""
    return polygons.filled([part], SIZE)


def _boxes() -> ExportSet:
    """Whole boxes; nothing on the third picture, the fourth and the fifth were not looked at."""
    labels = [
        Label(0, Kind.BOX, 3, None, Box(2.0, 3.0, 10.0, 5.0)),
        Label(0, Kind.BOX, 1, None, Box(20.0, 3.0, 8.0, 16.0)),
        Label(1, Kind.BOX, 1, None, Box(0.0, 0.0, 40.0, 30.0)),
        Label(2, Kind.NOTHING),
    ]
    return ExportSet("my boxes", Task.DETECTION, CLASSES, labels)


def _edges(*, cut: bool = False) -> ExportSet:
    """Boxes over the border, one of which lies outside alone on its picture."""
    labels = [Label(0, Kind.BOX, 3, None, Box(35.0, 20.0, 5.0, 10.0) if cut else Box(35.0, 20.0, 10.0, 20.0))]
    labels += [] if cut else [Label(1, Kind.BOX, 1, None, Box(50.0, 50.0, 3.0, 3.0))]
    return ExportSet("edges", Task.DETECTION, CLASSES, labels)


def _no_boxes() -> ExportSet:
    return ExportSet("none found", Task.DETECTION, CLASSES, [Label(0, Kind.NOTHING), Label(3, Kind.NOTHING)])


def _outlines() -> ExportSet:
    labels = [
        polygons.polygon_label(0, 3, [SQUARE], SIZE),
        polygons.polygon_label(1, 1, [OTHER], SIZE),
        Label(3, Kind.NOTHING),
    ]
    return ExportSet("outlines", Task.SEGMENTATION, CLASSES, labels)


def _outlines_as_masks() -> ExportSet:
    labels = [
        runs.mask_label(0, 3, area(SQUARE)),
        runs.mask_label(1, 1, area(OTHER)),
        Label(3, Kind.NOTHING),
    ]
    return ExportSet("outlines", Task.SEGMENTATION, CLASSES, labels)


def _parts() -> ExportSet:
    labels = [polygons.polygon_label(0, 3, [SQUARE, OTHER], SIZE), Label(1, Kind.NOTHING)]
    return ExportSet("parts", Task.SEGMENTATION, CLASSES, labels)


def _single_parts(*instances: int | None) -> ExportSet:
    labels = [
        polygons.polygon_label(0, 3, [part], SIZE, instance=number)
        for part, number in zip((SQUARE, OTHER), instances, strict=True)
    ]
    return ExportSet("parts", Task.SEGMENTATION, CLASSES, [*labels, Label(1, Kind.NOTHING)])


def _objects(first: int | None = 7, second: int | None = 2) -> ExportSet:
    """Masks with numbers of objects, unless told; two of one class on one picture."""
    labels = [
        runs.mask_label(0, 3, area(SQUARE), instance=first),
        runs.mask_label(0, 3, area(OTHER), instance=second),
        runs.mask_label(1, 1, area(OTHER), instance=first),
        Label(2, Kind.NOTHING),
    ]
    return ExportSet("objects", Task.SEGMENTATION, CLASSES, labels)


def _objects_as_outlines() -> ExportSet:
    labels = [
        polygons.polygon_label(item, known, outlines_of(area(part))[0], SIZE)
        for item, known, part in ((0, 3, SQUARE), (0, 3, OTHER), (1, 1, OTHER))
    ]
    return ExportSet("objects", Task.SEGMENTATION, CLASSES, [*labels, Label(2, Kind.NOTHING)])


def _ring(*, filled: bool = False) -> ExportSet:
    """A mask with a hole; as an outline it has none."""
    mask = area(OTHER)
    if not filled:
        mask[15:18, 23:26] = False
    whole = polygons.polygon_label(0, 3, outlines_of(mask)[0], SIZE)
    return ExportSet("ring", Task.SEGMENTATION, CLASSES, [whole if filled else runs.mask_label(0, 3, mask)])


def _overlapping(*, drawn: bool = False) -> ExportSet:
    """Two masks of which the one whose class comes later lies on the other."""
    below = area(OTHER)
    above = below.copy()
    above[:20] = False
    if drawn:
        below &= ~above
    labels = [runs.mask_label(0, 1, below, instance=1), runs.mask_label(0, 3, above, instance=2)]
    return ExportSet("overlapping", Task.SEGMENTATION, CLASSES, labels)


def _square() -> ExportSet:
    return ExportSet("points", Task.SEGMENTATION, CLASSES, [runs.mask_label(0, 3, area(SQUARE))])


def _planes() -> ExportSet:
    labels = [
        Label(0, Kind.BOX, 3, None, Box(2.0, 3.0, 10.0, 5.0), Shape(frame=0)),
        Label(0, Kind.BOX, 1, None, Box(2.0, 3.0, 10.0, 5.0), Shape(frame=2)),
    ]
    return ExportSet("planes", Task.DETECTION, CLASSES, labels)


def _first_plane() -> ExportSet:
    labels = [Label(0, Kind.BOX, 3, None, Box(2.0, 3.0, 10.0, 5.0))]
    return ExportSet("planes", Task.DETECTION, CLASSES, labels)


def _points(*, kept: bool = True) -> ExportSet:
    """Points and lines, alone on the second picture."""
    labels = [polygons.polygon_label(0, 3, [SQUARE], SIZE)]
    if kept:
        labels += [
            Label(0, Kind.LINE, 1, None, Box(3.0, 4.0, 5.0, 5.0), Shape(((3.0, 4.0, 8.0, 9.0),))),
            Label(1, Kind.POINT, 1, None, Box(3.0, 4.0, 0.0, 0.0), Shape(((3.0, 4.0),))),
        ]
    return ExportSet("points", Task.SEGMENTATION, CLASSES, labels)


def _kinds() -> ExportSet:
    labels = [
        Label(0, Kind.CLASS, 3),
        Label(1, Kind.CLASS, 1),
        Label(2, Kind.NOTHING),
        Label(4, Kind.CLASS, 1),
    ]
    return ExportSet("kinds", Task.SINGLE_LABEL, CLASSES, labels)


def _every_kind() -> ExportSet:
    labels = [Label(item, Kind.CLASS, 3 if item % 2 else 1) for item in range(len(KEYS))]
    return ExportSet("every kind", Task.SINGLE_LABEL, CLASSES, labels)


def _signs(*, absent: bool = True) -> ExportSet:
    labels = [Label(0, Kind.CLASS, 3, 1.0), Label(4, Kind.CLASS, 3, 1.0), Label(4, Kind.CLASS, 1, 1.0)]
    if absent:
        labels += [Label(0, Kind.CLASS, 1, 0.0), Label(1, Kind.CLASS, 1, 0.0)]
    labels += [Label(2, Kind.NOTHING)] if absent else [Label(2, Kind.NOTHING), Label(1, Kind.NOTHING)]
    return ExportSet("signs", Task.MULTI_LABEL, CLASSES, labels)


def _one_each() -> ExportSet:
    """Multi-label, though no picture has two."""
    labels = [Label(0, Kind.CLASS, 3, 1.0), Label(1, Kind.CLASS, 1, 1.0), Label(3, Kind.NOTHING)]
    return ExportSet("one each", Task.MULTI_LABEL, CLASSES, labels)


SAMPLES: dict[str, Callable[[], list[ExportSet]]] = {
    "boxes": lambda: [_boxes()],
    "no boxes": lambda: [_no_boxes()],
    "edges": lambda: [_edges()],
    "edges cut": lambda: [_edges(cut=True)],
    "ring": lambda: [_ring()],
    "ring filled": lambda: [_ring(filled=True)],
    "overlapping": lambda: [_overlapping()],
    "overlapping drawn": lambda: [_overlapping(drawn=True)],
    "square": lambda: [_square()],
    "outlines": lambda: [_outlines()],
    "outlines as masks": lambda: [_outlines_as_masks()],
    "parts": lambda: [_parts()],
    "parts alone": lambda: [_single_parts(None, None)],
    "parts as a group": lambda: [_single_parts(0, 0)],
    "objects": lambda: [_objects()],
    "objects without numbers": lambda: [_objects(None, None)],
    "some objects with numbers": lambda: [_objects(None, 2)],
    "some objects numbered": lambda: [_objects(1, 2)],
    "objects as outlines": lambda: [_objects_as_outlines()],
    "planes": lambda: [_planes()],
    "first plane": lambda: [_first_plane()],
    "points": lambda: [_points()],
    "without points": lambda: [_points(kept=False)],
    "kinds": lambda: [_kinds()],
    "every kind": lambda: [_every_kind()],
    "signs": lambda: [_signs()],
    "signs that are there": lambda: [_signs(absent=False)],
    "one each": lambda: [_one_each()],
    "three": lambda: [_boxes(), _objects(), _kinds()],
    "drawn": lambda: [_boxes(), _outlines()],
    "boxes twice": lambda: [_boxes(), _no_boxes()],
}

SAME = [
    *(
        ("coco", sample)
        for sample in (
            "boxes", "edges", "no boxes", "outlines", "parts", "objects", "some objects with numbers", "planes",
            "kinds", "ring", "overlapping", "signs that are there", "one each", "three", "boxes twice",
        )
    ),
    *(("yolo", sample) for sample in ("boxes", "no boxes", "outlines", "every kind")),
    *(
        ("voc", sample)
        for sample in (
            "boxes", "edges", "no boxes", "objects", "objects without numbers", "kinds", "signs", "one each", "three",
        )
    ),
    *(
        ("labelme", sample)
        for sample in (
            "boxes", "edges", "no boxes", "outlines", "objects", "points", "kinds", "ring", "overlapping",
            "signs", "one each", "three", "drawn",
        )
    ),
]  # fmt: skip

LOSSES = [
    ("coco", "signs", "signs that are there", {"absent_not_exported"}),
    ("coco", "points", "without points", {"points_not_exported"}),
    ("yolo", "parts", "parts alone", {"parts_become_labels"}),
    ("yolo", "edges", "edges cut", {"areas_clipped", "outside_not_exported"}),
    ("yolo", "ring", "ring filled", {"masks_become_polygons", "holes_not_exported"}),
    ("yolo", "objects", "objects as outlines", {"masks_become_polygons", "object_numbers_not_exported"}),
    ("yolo", "points", "without points", {"points_not_exported"}),
    ("yolo", "drawn", "boxes", {"set_not_exported"}),
    ("yolo", "planes", "first plane", {"frames_not_exported", "plane_numbers_not_exported"}),
    ("voc", "outlines", "outlines as masks", {"polygons_become_masks"}),
    ("voc", "some objects with numbers", "some objects numbered", {"object_numbers_changed"}),
    ("voc", "overlapping", "overlapping drawn", {"overlaps_not_exported"}),
    ("voc", "points", "square", {"points_not_exported", "polygons_become_masks"}),
    ("voc", "planes", "first plane", {"frames_not_exported", "plane_numbers_not_exported"}),
    ("voc", "boxes twice", "boxes", {"set_not_exported"}),
    ("labelme", "parts", "parts as a group", {"parts_become_labels"}),
    ("labelme", "planes", "first plane", {"frames_not_exported", "plane_numbers_not_exported"}),
]

TOLD_OF_THE_FILES = {
    "classes_renumbered", "class_name_changed", "coordinates_rounded", "in_triptych_json_alone", "names_changed",
    "unassigned_not_listed",
}  # fmt: skip
"""What other programs meet, and triptych.json gives back."""


def version(sample: str) -> MemorySource:
    """Five pictures, of which one is in no part, and the sets of a sample."""
    made = MemorySource(sample, 1, Modality.PLANAR)
    for number, (key, part) in enumerate(zip(KEYS, PARTS, strict=True)):
        made.add(key, picture(number), part=part)
    made.items = [item._replace(width=WIDTH, height=HEIGHT, bands=3, format="png") for item in made.items]
    order = sorted(range(len(KEYS)), key=lambda at: KEYS[at])
    made.items = [made.items[at] for at in order]
    place = {at: index for index, at in enumerate(order)}
    for entry in SAMPLES[sample]():
        labels = [label._replace(item=place[label.item]) for label in entry.labels]
        made.sets.append(entry._replace(labels=labels))
    return made


@pytest.fixture(scope="module")
def added(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """`added("boxes")`: the sample as a dataset, brought in as image_label when it is first asked for."""
    folder = tmp_path_factory.mktemp("samples")

    def bring(sample: str) -> dict[str, Any]:
        path = folder / f"{sample.replace(' ', '_')}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in find_format("image_label").load_writer().write(version(sample)):
                archive.writestr(name, data)
        shown = studio.add(path)
        assert shown["counts"]["items"] == len(KEYS)
        return shown

    return cache(bring)


def exported(studio: Studio, first: dict[str, Any], format: str, folder: Path) -> tuple[set[str], Path]:
    """The codes of what the export says, and the archive."""
    name = first["name"]
    checked = studio.connection.get(dataset_path(name, "export", "check"), format=format)
    path = folder / f"{name}-{format}-again.zip"
    path.write_bytes(studio.connection.content(dataset_path(name, "export"), format=format, container="zip"))
    return {finding["code"] for finding in checked["findings"]}, path


def sets_of(shown: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Name, task, pictures and classes of the sets, in their order."""
    return [
        (entry["name"], entry["task"], entry["items"], entry["classes"]) for entry in shown["annotation_sets"]
    ]


@pytest.mark.parametrize(("format", "sample"), SAME)
def test_labels_come_back_as_they_went_out(
    studio: Studio, added: Callable[[str], dict[str, Any]], tmp_path: Path, format: str, sample: str
) -> None:
    first = added(sample)
    told, path = exported(studio, first, format, tmp_path)
    again = studio.add(path, name=f"{format}-{first['name']}-same")
    assert again["format"] == format
    assert sets_of(again) == sets_of(first)
    assert again["split"] == first["split"]
    assert again["content_hash"] == first["content_hash"]
    assert told <= TOLD_OF_THE_FILES


@pytest.mark.parametrize(("format", "sample", "left", "codes"), LOSSES)
def test_what_is_reported_is_lost_and_nothing_else(
    studio: Studio,
    added: Callable[[str], dict[str, Any]],
    tmp_path: Path,
    format: str,
    sample: str,
    left: str,
    codes: set[str],
) -> None:
    first, expected = added(sample), added(left)
    told, path = exported(studio, first, format, tmp_path)
    assert told - TOLD_OF_THE_FILES == codes
    again = studio.add(path, name=f"{format}-{first['name']}-less")
    assert sets_of(again) == sets_of(expected)
    assert again["content_hash"] == expected["content_hash"]
    assert again["content_hash"] != first["content_hash"]


def test_what_yolo_has_no_form_for_is_refused(studio: Studio, added: Callable[[str], dict[str, Any]]) -> None:
    path = dataset_path(added("signs")["name"], "export")
    checked = studio.connection.get(f"{path}/check", format="yolo")
    assert {finding["code"] for finding in checked["findings"]} >= {"set_not_exported"}
    with pytest.raises(TriptychError) as refused:
        studio.connection.content(path, format="yolo", container="zip")
    assert refused.value.code == "format_cannot_hold"


def test_pictures_without_one_class_are_reported_and_left_out_of_folders(
    studio: Studio, added: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    first = added("kinds")
    told, path = exported(studio, first, "yolo", tmp_path)
    assert "item_not_exported" in told
    again = studio.add(path, name="yolo-kinds-less")
    assert again["counts"]["items"] == 3
    assert [(entry["name"], entry["task"], entry["items"]) for entry in again["annotation_sets"]] == [
        ("kinds", "single_label", 3)
    ]
