"""The laws of exports in formats of others: triptych.json gives names, ids of classes, keys and parts back."""

from __future__ import annotations

import json

from tests.formats.reading import read
from tests.formats.samples import flat_png
from triptych.core.dataset import Part
from triptych.core.labels import LabelClass, Task
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump

CLASSES = (LabelClass(4, "cat", "#010203", 0.5, 2.0), LabelClass(0, "dog", "#040506"))


def source(format_name: str, *described: SidecarSet, part: Part | None = None) -> dict[str, bytes]:
    """Two pictures in COCO's form with boxes and outlines, and what an export says of them."""
    items = (
        SidecarItem("images/train/1.png", "first", "S", None, None, part),
        SidecarItem("images/train/2.png", "second", "S", None, None, None),
    )
    square = {"bbox": [1, 1, 2, 2], "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]]}
    rows = [{"image_id": 1, "category_id": 1} | square, {"image_id": 2, "category_id": 9} | square]
    document = {
        "images": [{"id": at, "file_name": f"train/{at}.png", "width": 9, "height": 9} for at in (1, 2)],
        "annotations": rows,
        "categories": [{"id": 1, "name": "cat"}, {"id": 9, "name": "cow"}],
    }
    return {
        "images/train/1.png": flat_png(9, 9, 1),
        "images/train/2.png": flat_png(9, 9, 2),
        "annotations/instances_train.json": json.dumps(document).encode(),
        "triptych.json": dump(Sidecar(format_name, "birds", 1, "planar", items, described)),
    }


def test_a_set_gets_its_name_and_classes_back_and_what_was_derived_is_left_out() -> None:
    found = read(source("coco", SidecarSet("my areas", Task.SEGMENTATION, CLASSES)))
    (made,) = found.annotation_sets
    assert (made.name, made.task) == ("my areas", Task.SEGMENTATION)
    assert made.classes[:2] == list(CLASSES)
    assert [(entry.id, entry.name) for entry in made.classes[2:]] == [(5, "cow")]
    assert [label.class_id for label in made.labels] == [4, 5]
    assert [item.key for item in found.items] == ["first", "second"]


def test_what_another_format_wrote_says_nothing_of_the_sets() -> None:
    found = read(source("parquet-like", SidecarSet("my areas", Task.SEGMENTATION, CLASSES)))
    assert [made.name for made in found.annotation_sets] == [
        "instances_train_detection", "instances_train_segmentation"
    ]  # fmt: skip


def test_two_sets_of_one_task_are_told_apart_by_name_alone() -> None:
    pair = [
        SidecarSet(name, Task.SEGMENTATION, CLASSES) for name in ("instances_train_segmentation", "other")
    ]
    found = read(source("coco", *pair))
    (made,) = found.annotation_sets
    assert made.classes[0] == CLASSES[0]
    strangers = [SidecarSet(name, Task.SEGMENTATION, CLASSES) for name in ("x", "y")]
    (kept,) = read(source("coco", *strangers)).annotation_sets
    assert [entry.id for entry in kept.classes] == [1, 9]


def test_an_item_that_is_listed_without_a_part_has_none() -> None:
    described = SidecarSet("my areas", Task.SEGMENTATION, CLASSES)
    found = read(source("coco", described, part=Part.TEST))
    assert [item.part for item in found.items] == [Part.TEST, None]
