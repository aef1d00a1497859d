"""Exports as YOLO, read by its formula and by a YAML parser."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.drawn_source import (
    CLASSES,
    HEIGHT,
    SIZE,
    TRIANGLE,
    WIDTH,
    areas,
    boxes,
    exported,
    lost,
    ring,
    several,
    single,
    version,
)
from triptych.core.dataset import Part
from triptych.core.errors import InvalidInput
from triptych.core.labels import Box, Kind, Label, LabelClass, Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format
from triptych.formats.yolo.writer import quoted
from triptych.masks.polygons import filled
from triptych.masks.runs import mask_label

PARTS = (Part.TRAIN, Part.VALIDATION, Part.TEST, None)


def rows(data: bytes) -> list[tuple[int, list[float]]]:
    """Classes and fractions of a label file."""
    found = [line.split(" ") for line in data.decode("ascii").splitlines()]
    return [(int(row[0]), [float(value) for value in row[1:]]) for row in found]


def box_of(values: list[float]) -> list[float]:
    """Left, top, width and height in pixels of a centre and a size in fractions."""
    across, down, wide, high = values
    return [(across - wide / 2) * WIDTH, (down - high / 2) * HEIGHT, wide * WIDTH, high * HEIGHT]


def test_boxes_come_back_by_the_formula() -> None:
    files = exported(version(boxes()), "yolo")
    found = rows(files["labels/a.txt"])
    assert [number for number, _ in found] == [0, 1]
    assert box_of(found[0][1]) == pytest.approx([2, 3, 10, 5], abs=1e-9)
    assert box_of(found[1][1]) == pytest.approx([0.5, 1.25, 7.125, 9.75], abs=1e-9)
    ((number, values),) = rows(files["labels/b.txt"])
    assert number == 1
    assert box_of(values) == pytest.approx([35, 0, 5, 6], abs=1e-9)
    assert files["labels/c.txt"] == b""
    assert "labels/ward/d.txt" not in files
    assert "images/ward/d.png" in files


@given(st.integers(1, 65_535), st.integers(0, 65_535), st.integers(1, 65_535))
def test_whole_pixels_come_back_in_pictures_of_any_size(width: int, left: int, wide: int) -> None:
    left = left % width
    wide = min(wide, width - left)
    made = version(
        ExportSet("s", Task.DETECTION, CLASSES, [Label(0, Kind.BOX, 0, None, Box(left, 0, wide, 1))])
    )
    made.items[0] = made.items[0]._replace(width=width)
    ((_, values),) = rows(exported(made, "yolo")["labels/a.txt"])
    assert all(0 <= value <= 1 for value in values)
    assert (values[0] - values[2] / 2) * width == pytest.approx(left, abs=1e-6)
    assert values[2] * width == pytest.approx(wide, abs=1e-6)


def test_the_yaml_names_classes_and_parts() -> None:
    document = yaml.safe_load(exported(version(boxes(), parts=PARTS), "yolo")["data.yaml"])
    assert document == {
        "train": "images/train",
        "val": "images/val",
        "test": "images/test",
        "nc": 2,
        "names": {0: "cell", 1: CLASSES[1].name},
    }
    document = yaml.safe_load(exported(version(boxes()), "yolo")["data.yaml"])
    assert (document["train"], document["val"]) == ("images", "images")
    assert lost(version(boxes()), "yolo")["export_without_split"] == 4


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_what_a_yaml_parser_reads(text: str) -> None:
    assert yaml.safe_load(f"names:\n  0: {quoted(text)}\n") == {"names": {0: text}}


def test_pictures_lie_in_their_parts() -> None:
    files = exported(version(boxes(), parts=PARTS), "yolo")
    assert {path for path in files if path.startswith("images/")} == {
        "images/train/a.png",
        "images/val/b.png",
        "images/test/c.png",
        "images/unassigned/ward/d.png",
    }
    assert {path for path in files if path.startswith("labels/")} == {
        "labels/train/a.txt",
        "labels/val/b.txt",
        "labels/test/c.txt",
    }
    assert lost(version(boxes(), parts=PARTS), "yolo")["unassigned_not_listed"] == 1


def test_a_folder_images_in_a_key_does_not_lead_astray() -> None:
    made = version(boxes())
    data = made.contents["a.png"]
    made.items[0] = made.items[0]._replace(key="x/images/a.png")
    made.contents["x/images/a.png"] = data
    files = exported(made, "yolo")
    (path,) = (path for path in files if path.endswith("/a.png"))
    # As ultralytics.data.utils.img2label_paths does it.
    label = "/labels/".join(f"/{path}".rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt"
    assert label[1:] in files


def test_pictures_that_differ_in_their_ending_alone_get_names_of_their_own() -> None:
    made = version(boxes())
    for number, key in enumerate(("a.png", "a.jpg", "A.jpeg", "a_2.png")):
        made.items[number] = made.items[number]._replace(key=key)
        made.contents[key] = bytes([number])
    files = exported(made, "yolo")
    stems = [path.rsplit(".", 1)[0].lower() for path in files if path.startswith("images/")]
    assert len(set(stems)) == 4
    assert lost(made, "yolo")["names_changed"] == 2


def test_polygons_are_fractions_of_their_corners() -> None:
    found = rows(exported(version(areas()), "yolo")["labels/a.txt"])
    assert [number for number, _ in found] == [0, 1, 1]
    corners = np.array(found[0][1]).reshape(-1, 2) * (WIDTH, HEIGHT)
    assert corners.ravel() == pytest.approx(TRIANGLE)


def test_masks_become_outlines_that_cover_the_same_without_holes() -> None:
    found = rows(exported(version(areas()), "yolo")["labels/b.txt"])
    parts = [
        tuple((np.array(values).reshape(-1, 2) * (WIDTH, HEIGHT)).round(6).ravel()) for _, values in found
    ]
    whole = ring()
    whole[7:10, 13:18] = True
    assert len(parts) == 2
    assert np.array_equal(filled(parts, SIZE), whole)


def test_what_is_lost_is_counted() -> None:
    counts = lost(version(boxes(), areas(), single(), parts=PARTS), "yolo")
    assert counts["set_not_exported"] == 2
    assert counts["areas_clipped"] == 1
    assert counts["outside_not_exported"] == 1
    counts = lost(version(areas()), "yolo")
    assert counts["holes_not_exported"] == 1
    assert counts["masks_become_polygons"] == 1
    assert counts["parts_become_labels"] == 2
    assert counts["points_not_exported"] == 2
    assert counts["object_numbers_not_exported"] == 2


def test_a_ragged_mask_is_left_out_and_told() -> None:
    speckle = np.indices((500, 500)).sum(axis=0) % 2 == 0
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, [mask_label(0, 0, speckle)]))
    made.items[0] = made.items[0]._replace(width=500, height=500)
    assert lost(made, "yolo")["mask_not_exported"] == 1
    assert "labels/a.txt" not in exported(made, "yolo")


def test_classes_of_pictures_are_folders() -> None:
    made = version(single(), parts=PARTS)
    files = exported(made, "yolo")
    assert {path for path in files if path.endswith(".png")} == {
        "train/cell/a.png",
        f"val/{CLASSES[1].name}/b.png",
        f"test/{CLASSES[1].name}/c.png",
    }
    assert lost(made, "yolo")["item_not_exported"] == 1


def test_folders_of_classes_are_safe_and_unique() -> None:
    known = [LabelClass(0, "..", "#000000"), LabelClass(1, "a/b", "#000000"), LabelClass(2, "a_b", "#000000")]
    made = version(ExportSet("s", Task.SINGLE_LABEL, known, [Label(i, Kind.CLASS, i) for i in range(3)]))
    folders = [path.split("/")[1] for path in exported(made, "yolo") if path.endswith(".png")]
    assert folders[1:] == ["a_b", "a_b_2"]
    assert not {"", ".", ".."} & set(folders)
    assert lost(made, "yolo")["class_name_changed"] == 3


def test_a_version_without_a_set_that_fits_is_refused() -> None:
    made = version(several())
    assert lost(made, "yolo")["set_not_exported"] == 1
    with pytest.raises(InvalidInput) as refused:
        next(iter(find_format("yolo").load_writer().write(made)))
    assert refused.value.code == "format_cannot_hold"
