"""The laws of reading COCO: boxes and areas as the COCO API has them, nothing lost in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import flat_png, png
from triptych.core.dataset import Part
from triptych.core.labels import Kind, Task
from triptych.formats.base import Refusal, view_of
from triptych.formats.coco.reader import CocoReader
from triptych.formats.registry import choose

CATEGORIES = [{"id": 3, "name": "cell"}, {"id": 1, "name": "nucleus"}]


def image(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "file_name": name, "width": 30, "height": 20} | more


def document(
    images: list[Any], annotations: list[Any], categories: list[Any] | None = None, **more: Any
) -> bytes:
    listed = CATEGORIES if categories is None else categories
    return json.dumps({"images": images, "annotations": annotations, "categories": listed} | more).encode()


def source(data: bytes, *names: str, file: str = "annotations/instances.json") -> dict[str, bytes]:
    files = {
        name: flat_png(30, 20, shade) for shade, name in enumerate(names or ("images/a.png", "images/b.png"))
    }
    return files | {file: data}


def box(item: int, *numbers: float, **more: Any) -> dict[str, Any]:
    return {"id": 1, "image_id": item, "category_id": 3, "bbox": list(numbers)} | more


def test_numbers_of_categories_stay_and_an_image_without_annotations_was_looked_at() -> None:
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], [box(1, 1, 2, 3.5, 4)])))
    (made,) = found.annotation_sets
    assert (found.format, made.name, made.task) == ("coco", "instances", Task.DETECTION)
    assert [(entry.id, entry.name) for entry in made.classes] == [(1, "nucleus"), (3, "cell")]
    assert labels_of(found) == [
        ("images/a.png", "cell", None, (1, 2, 3.5, 4)),
        ("images/b.png", None, None, None),
    ]
    assert made.labels[1].kind is Kind.NOTHING
    assert complaints(found) == set()
    assert places(found) == [0, 1, 2]


def test_outlines_and_run_lengths_cover_what_the_coco_api_says() -> None:
    outline = [[2, 3, 12, 3, 12, 9, 2, 9], [20, 10, 28, 10, 24, 18]]
    counts = {"size": [20, 30], "counts": [5, 7, 588]}
    packed = {"size": [20, 30], "counts": coco.frPyObjects(counts, 20, 30)["counts"].decode()}
    rows = [
        {"image_id": 1, "category_id": 3, "segmentation": form, "area": 70}
        for form in (outline, counts, packed)
    ]
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], rows)))
    (made,) = found.annotation_sets
    assert made.task is Task.SEGMENTATION
    merged = float(coco.area(coco.merge(coco.frPyObjects(outline, 20, 30))))
    assert [(label.kind, label.value) for label in made.labels] == [
        (Kind.POLYGON, merged), (Kind.MASK, 7.0), (Kind.MASK, 7.0), (Kind.NOTHING, None)
    ]  # fmt: skip
    assert complaints(found) == {"area_differs"}


def test_files_of_parts_become_one_set_and_the_split() -> None:
    files = source(
        document([image(1, "a.png")], [box(1, 1, 1, 2, 2)]), file="annotations/instances_train2017.json"
    )
    files |= {"annotations/instances_val2017.json": document([image(1, "b.png")], [box(1, 3, 3, 2, 2)])}
    found = read(files)
    assert [made.name for made in found.annotation_sets] == ["instances"]
    assert [item.part for item in found.items] == [Part.TRAIN, Part.VALIDATION]
    assert [label.item for label in found.annotation_sets[0].labels] == [0, 1]


def test_a_file_without_a_part_joins_those_with_one() -> None:
    files = source(
        document([image(1, "a.png")], [box(1, 1, 1, 2, 2)]), file="annotations/instances_train.json"
    )
    files |= {"annotations/instances.json": document([image(1, "b.png")], [])}
    found = read(files)
    assert [made.name for made in found.annotation_sets] == ["instances"]
    assert [item.part for item in found.items] == [Part.TRAIN, None]


def test_files_of_other_categories_stay_apart() -> None:
    files = source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2)]), file="cells_train.json")
    files |= {"cells_val.json": document([image(1, "b.png")], [], [{"id": 9, "name": "other"}])}
    found = read(files)
    assert sorted(made.name for made in found.annotation_sets) == ["cells_train", "cells_val"]


def test_one_name_in_two_folders_is_told_apart_by_the_part() -> None:
    names = ("train/a.png", "val/a.png")
    found = read(
        source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2)]), *names, file="instances_val.json")
    )
    assert [label.item for label in found.annotation_sets[0].labels] == [1]
    found = read(source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2)]), *names))
    assert "match_ambiguous" in complaints(found)


def test_colours_of_categories_are_kept() -> None:
    listed = [{"id": 1, "name": "a", "color": [1, 2, 255]}, {"id": 2, "name": "b", "color": [1, 2, 256]}]
    found = read(source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2, category_id=1)], listed)))
    colors = [entry.color for entry in found.annotation_sets[0].classes]
    assert colors[0] == "#0102FF"
    assert colors[1] != "#0102FF"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([box(9, 1, 1, 2, 2)], "annotation_without_image"),
        ([box(1, 1, 1, 2, 2, category_id=8)], "class_without_name"),
        ([box(1, 1, 1, 2, 2, category_id="x")], "shape_unreadable"),
        ([box(1, 1, 1, 2, 2, category_id=-1)], "shape_unreadable"),
        ([box(1, 1, 1, -2, 2)], "box_negative_size"),
        ([box(1, 1, 1)], "shape_unreadable"),
        ([{"image_id": 1, "category_id": 3}], "shape_unreadable"),
        ([{"image_id": 1, "category_id": 3, "bbox": []}], "shape_unreadable"),
        (
            [{"image_id": 1, "category_id": 3, "segmentation": {"size": [5, 5], "counts": [25]}}],
            "mask_size_differs",
        ),
        ([{"image_id": 1, "category_id": 3, "segmentation": [[1, 2]]}], "shape_unreadable"),
        ([7, None, []], "shape_unreadable"),
        ([{"image_id": [], "category_id": 3}], "annotation_without_image"),
        ([{"image_id": {}, "category_id": 3}], "annotation_without_image"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(rows: list[Any], code: str) -> None:
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], [box(2, 1, 1, 2, 2), *rows])))
    assert code in complaints(found)
    assert any(label.item == 1 and label.kind is Kind.BOX for label in found.annotation_sets[0].labels)
    finding = next(finding for finding in found.findings if finding.code == code)
    assert finding.subject in ("", "annotations/instances.json")
    assert finding.examples


def test_names_that_come_twice_stay_apart() -> None:
    listed = [{"id": at, "name": name} for at, name in ((1, "a"), (2, "a (3)"), (3, "a"), (3, "b"))]
    found = read(source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2)], listed)))
    names = [entry.name for entry in found.annotation_sets[0].classes]
    assert names == ["a", "a (3)", "a (3, 2)"]
    finding = next(finding for finding in found.findings if finding.code == "class_listed_twice")
    assert finding.count == 2


@pytest.mark.parametrize(
    ("rows", "task", "value"),
    [([(1, 3), (2, 3), (1, 3)], Task.SINGLE_LABEL, None), ([(1, 3), (1, 9)], Task.MULTI_LABEL, 1.0)],
)
def test_categories_of_whole_images_are_classes(
    rows: list[tuple[int, int]], task: Task, value: float | None
) -> None:
    listed = [{"id": 3, "name": "cat"}, {"id": 9, "name": "dog"}]
    annotations = [{"image_id": at, "category_id": known} for at, known in rows]
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], annotations, listed)))
    (made,) = found.annotation_sets
    assert (made.name, made.task, [known.id for known in made.classes]) == ("instances", task, [3, 9])
    kinds = [(label.item, label.kind, label.class_id, label.value) for label in made.labels]
    expected = [(at - 1, Kind.CLASS, known, value) for at, known in dict.fromkeys(rows)]
    nothing = [(1, Kind.NOTHING, None, None)] if all(at == 1 for at, _ in rows) else []
    assert kinds == expected + nothing
    assert complaints(found) <= {"class_too_small"}


def test_keys_of_our_own_mean_nothing_in_files_of_others() -> None:
    row = box(1, 1, 1, 2, 2, instance=4, frame=2)
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], [row])))
    assert found.annotation_sets[0].labels[0].shape is None


def test_captions_and_key_points_are_told_and_their_boxes_kept() -> None:
    rows = [
        {"image_id": 1, "caption": "a cell"},
        box(1, 1, 1, 2, 2, keypoints=[1, 1, 2], num_keypoints=1),
        box(1, 1, 1, 2, 2, iscrowd=1),
    ]
    found = read(source(document([image(1, "a.png"), image(2, "b.png")], rows)))
    assert {"coco_not_read", "crowd_kept"} <= codes(found, "note")
    assert sum(label.kind is Kind.BOX for label in found.annotation_sets[0].labels) == 2


def test_images_that_are_not_there_are_told() -> None:
    found = read(
        source(
            document([image(1, "gone.png"), image(2, "/mnt/data/b.png"), {"id": 3}, 4], [box(1, 1, 1, 2, 2)])
        )
    )
    assert {
        "label_without_image",
        "matched_by_name",
        "image_without_label",
        "shape_unreadable",
    } <= complaints(found)
    assert [label.kind for label in found.annotation_sets[0].labels] == [Kind.NOTHING]


def test_sizes_come_from_the_picture_where_the_file_has_none() -> None:
    row = {"image_id": 1, "category_id": 3, "segmentation": [[0, 0, 90, 0, 90, 90, 0, 90]]}
    found = read(source(document([{"id": 1, "file_name": "a.png"}], [row])))
    assert found.annotation_sets[0].labels[0].value == 600.0


def test_a_broken_file_is_left_out_and_the_pictures_stay() -> None:
    data = document([image(1, "a.png")], [])
    found = read(source(data, file="a.json") | {"b.json": data[:-3]})
    assert "label_file_unreadable" in complaints(found)
    assert [(entry.member, entry.code) for entry in found.ignored] == [(3, "label_file_unreadable")]
    assert len(found.items) == 2


def test_labels_can_be_left_out() -> None:
    found = read(source(document([image(1, "a.png")], [box(1, 1, 1, 2, 2)])), labels="ignore")
    assert found.annotation_sets == []
    assert [entry.code for entry in found.ignored] == ["labels_ignored"]


@pytest.mark.parametrize(
    "data",
    [b"{}", b"[]", b'{"images": 3}', b'{"annotations": []}', b'["images", "annotations"]', b"\xff\xfe"],
)
def test_an_unrelated_json_changes_nothing(data: bytes) -> None:
    view = view_of(MemoryRoot({"image/a.png": png(1), "settings.json": data}))
    assert isinstance(CocoReader().detect(view), Refusal)
    assert choose(view)[0].name == "image_only"


KEYS = [
    "id", "file_name", "image_id", "category_id", "bbox", "segmentation", "size", "counts", "name", "width", "height",
    "area", "color", "iscrowd",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(["a.png", "", "x", 1, 2, 3, 10**40]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, VALUES, VALUES)
def test_any_lists_are_read_or_left_out(images: Any, annotations: Any, categories: Any) -> None:
    rows = {"images": [image(1, "a.png"), images], "annotations": [annotations], "categories": [categories]}
    text = json.dumps(rows)
    found = read(source(text.encode()), "coco")
    assert len(found.items) == 2
    assert places(found) == [0, 1, 2]
