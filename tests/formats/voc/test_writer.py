"""Exports as Pascal VOC, read by the devkit's rules: an XML parser, lists of words, and Pillow for the rasters."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from tests.formats.drawn_source import (
    CLASSES,
    SIZE,
    TRIANGLE,
    areas,
    boxes,
    exported,
    lost,
    picture,
    ring,
    several,
    single,
    version,
)
from tests.formats.memory_source import MemorySource
from triptych.core.dataset import Modality, Part
from triptych.core.errors import InvalidInput
from triptych.core.labels import Box, Kind, Label, LabelClass, Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format
from triptych.masks.polygons import filled, polygon_label
from triptych.masks.runs import mask_label

PARTS = (Part.TRAIN, Part.VALIDATION, Part.TEST, None)


def objects(data: bytes) -> list[tuple[str, tuple[float, ...]]]:
    """Names, and left, top, width, height of the objects, as the devkit counts pixels."""
    found: list[tuple[str, tuple[float, ...]]] = []
    for entry in ElementTree.fromstring(data).iter("object"):
        low_x, low_y, high_x, high_y = (
            float(entry.findtext(f"bndbox/{name}", "")) for name in ("xmin", "ymin", "xmax", "ymax")
        )
        found.append(
            (entry.findtext("name", ""), (low_x - 1, low_y - 1, high_x - low_x + 1, high_y - low_y + 1))
        )
    return found


def opened(data: bytes) -> Image.Image:
    """A raster, still with its indices."""
    image = Image.open(io.BytesIO(data))
    assert image.mode == "P"
    return image


def test_boxes_come_back_by_the_devkit() -> None:
    files = exported(version(boxes()), "voc")
    assert objects(files["Annotations/a.xml"]) == [
        ("cell", (2, 3, 10, 5)),
        (CLASSES[1].name, (0.5, 1.25, 7.125, 9.75)),
    ]
    assert objects(files["Annotations/b.xml"]) == [
        (CLASSES[1].name, (35, -4, 10, 10)),
        ("cell", (50, 50, 3, 3)),
    ]
    assert objects(files["Annotations/c.xml"]) == []
    assert "Annotations/ward_d.xml" not in files


def test_a_document_describes_its_picture() -> None:
    files = exported(version(boxes(), areas()), "voc")
    root = ElementTree.fromstring(files["Annotations/a.xml"])
    assert [root.findtext(f"size/{name}") for name in ("width", "height", "depth")] == ["40", "30", "3"]
    assert (root.findtext("folder"), root.findtext("filename")) == ("JPEGImages", "a.png")
    assert root.findtext("segmented") == "1"
    assert b"<xmin>3</xmin>" in files["Annotations/a.xml"]
    assert b"<xmin>1.5</xmin>" in files["Annotations/a.xml"]
    assert "JPEGImages/a.png" in files
    assert "JPEGImages/ward_d.png" in files


def test_lists_hold_the_parts() -> None:
    files = exported(version(boxes(), parts=PARTS), "voc")
    lists = {
        path.rsplit("/", 1)[1]: data.decode().split() for path, data in files.items() if "ImageSets" in path
    }
    assert lists == {"train.txt": ["a"], "val.txt": ["b"], "test.txt": ["c"], "trainval.txt": ["a", "b"]}
    assert lost(version(boxes(), parts=PARTS), "voc")["unassigned_not_listed"] == 1
    whole = exported(version(boxes()), "voc")
    assert whole["ImageSets/Main/trainval.txt"].decode().split() == ["a", "b", "c", "ward_d"]


def test_names_in_lists_have_no_spaces() -> None:
    made = MemorySource("m", 1, Modality.PLANAR)
    for number, key in enumerate(("a b.png", "a_b.png", "a/b.jpg", "x\u3000y.png")):
        made.add(key, picture(number))
    made.sets = [boxes()]
    files = exported(made, "voc")
    words = files["ImageSets/Main/trainval.txt"].decode().split()
    assert len(set(words)) == 4
    assert {path.split("/")[1].rsplit(".", 1)[0] for path in files if path.startswith("JPEG")} == set(words)


def test_rasters_hold_classes_and_objects_under_the_devkits_colors() -> None:
    files = exported(version(areas()), "voc")
    image = opened(files["SegmentationClass/a.png"])
    first = filled([TRIANGLE], SIZE)
    second = filled([TRIANGLE, (20, 20, 30, 20, 30, 28, 20, 28)], SIZE)
    assert np.array_equal(np.array(image), np.where(second, 2, np.where(first, 1, 0)))
    # The first colours of VOClabelcolormap.m: black, dark red, dark green; 255 is the border's.
    colors = np.array(image.getpalette()).reshape(-1, 3)
    assert colors[[0, 1, 2, 20, 255]].tolist() == [
        [0, 0, 0],
        [128, 0, 0],
        [0, 128, 0],
        [0, 64, 128],
        [224, 224, 192],
    ]
    assert np.array_equal(np.array(opened(files["SegmentationObject/b.png"])), ring() * 3)
    assert files["labelmap.txt"].decode().splitlines()[1:] == [
        "background:0,0,0::",
        "cell:128,0,0::",
        f"{CLASSES[1].name}:0,128,0::",
    ]
    assert files["ImageSets/Segmentation/trainval.txt"].decode().split() == ["a", "b", "c"]
    assert not np.array(opened(files["SegmentationClass/c.png"])).any()
    counts = lost(version(areas()), "voc")
    assert counts["overlaps_not_exported"] == first.sum()
    assert counts["points_not_exported"] == 2


def test_objects_of_one_class_are_kept_apart() -> None:
    squares = [(x, 0.0, x + 3.0, 0.0, x + 3.0, 3.0, x, 3.0) for x in (0.0, 5.0, 10.0)]
    made = version(
        ExportSet("s", Task.SEGMENTATION, CLASSES, [polygon_label(0, 0, [part], SIZE) for part in squares])
    )
    files = exported(made, "voc")
    assert set(np.unique(np.array(opened(files["SegmentationObject/a.png"])))) == {0, 1, 2, 3}
    assert set(np.unique(np.array(opened(files["SegmentationClass/a.png"])))) == {0, 1}
    assert "overlaps_not_exported" not in lost(made, "voc")


def test_what_a_byte_cannot_hold_is_told() -> None:
    pixels = np.zeros((300, *SIZE), bool)
    for number in range(300):
        pixels[number, number // 40, number % 40] = True
    known = [LabelClass(number, f"c{number}", "#000000") for number in range(300)]
    many = [mask_label(0, number, pixels[number]) for number in range(300)]
    made = version(ExportSet("s", Task.SEGMENTATION, known, many))
    assert lost(made, "voc")["classes_not_exported"] == 46
    assert np.array(opened(exported(made, "voc")["SegmentationClass/a.png"])).max() == 254
    one = version(
        ExportSet("s", Task.SEGMENTATION, known[:1], [label._replace(class_id=0) for label in many])
    )
    assert lost(one, "voc")["objects_not_exported"] == 46
    files = exported(one, "voc")
    assert np.count_nonzero(np.array(opened(files["SegmentationClass/a.png"]))) == 300
    assert np.count_nonzero(np.array(opened(files["SegmentationObject/a.png"]))) == 254


def test_a_mask_of_another_size_is_left_out_and_told() -> None:
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, [mask_label(0, 0, np.ones((5, 5), bool))]))
    assert lost(made, "voc")["mask_not_exported"] == 1
    assert "SegmentationClass/a.png" not in exported(made, "voc")


def test_classes_of_pictures_are_lists_of_signs() -> None:
    files = exported(version(single(), parts=PARTS), "voc")
    assert files["ImageSets/Main/cell_trainval.txt"] == b"a  1\nb -1\n"
    files = exported(version(several()), "voc")
    second = f"ImageSets/Main/{CLASSES[1].name}_trainval.txt"
    assert files["ImageSets/Main/cell_trainval.txt"] == b"a  1\nb  1\n"
    assert files[second] == b"a -1\nb  1\n"
    assert "absent_not_exported" not in lost(version(several()), "voc")


def test_pictures_in_no_part_have_lists_of_their_own() -> None:
    files = exported(version(single(), parts=(Part.TRAIN, None, Part.VALIDATION, None)), "voc")
    assert files["ImageSets/Main/cell_unassigned.txt"] == b"b -1\n"
    assert "ImageSets/Main/unassigned.txt" not in files


def test_objects_keep_their_numbers_where_a_byte_holds_them() -> None:
    places = [np.zeros(SIZE, bool) for _ in range(5)]
    for number, mask in enumerate(places):
        mask[number] = True
    numbers = (9, None, 9, 300, 1)
    labels = [mask_label(0, 0, mask, instance=at) for mask, at in zip(places, numbers, strict=True)]
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, labels))
    values = np.array(opened(exported(made, "voc")["SegmentationObject/a.png"]))
    assert [int(values[row, 0]) for row in range(5)] == [9, 2, 3, 4, 1]
    assert lost(made, "voc")["object_numbers_changed"] == 3


def test_a_mask_of_nothing_is_told() -> None:
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, [mask_label(0, 0, np.zeros(SIZE, bool))]))
    assert lost(made, "voc")["mask_not_exported"] == 1
    assert "SegmentationClass/a.png" not in exported(made, "voc")


@pytest.mark.parametrize("name", ["a\x00b", "\x1b", "\ufffe", "a\rb"])
def test_names_that_xml_cannot_hold_are_changed_and_told(name: str) -> None:
    known = [LabelClass(0, name, "#000000"), LabelClass(1, "a_b", "#000000")]
    labels = [Label(0, Kind.BOX, number, None, Box(0, 0, 1, 1)) for number in (0, 1)]
    made = version(ExportSet("s", Task.DETECTION, known, labels))
    names = [found for found, _ in objects(exported(made, "voc")["Annotations/a.xml"])]
    assert len(set(names)) == 2
    assert lost(made, "voc")["class_name_changed"] >= 1


def test_a_version_without_a_set_that_fits_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        next(iter(find_format("voc").load_writer().write(version())))
    assert refused.value.code == "format_cannot_hold"


def test_only_the_first_set_of_a_kind_is_written() -> None:
    made = version(boxes("one"), boxes("two"), areas("three"), single("four"), several("five"))
    findings = find_format("voc").load_writer().losses(made)
    (left,) = (finding for finding in findings if finding.code == "set_not_exported")
    assert left.examples == ("two", "five")
