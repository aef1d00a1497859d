"""The laws of reading YOLO: fractions become pixels, parts come from folders and lists, nothing lost in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import flat_png
from triptych.core.dataset import Part
from triptych.core.labels import Kind, Task
from triptych.formats.base import Match, Refusal, view_of
from triptych.formats.registry import choose
from triptych.formats.yolo.reader import YoloReader

NAMES = b"names: [cat, dog]\n"


def source(rows: bytes | str, **more: bytes) -> dict[str, bytes]:
    """One picture of 40 by 20 pixels and its rows."""
    data = rows.encode() if isinstance(rows, str) else rows
    return {"data.yaml": NAMES, "images/a.png": flat_png(40, 20), "labels/a.txt": data} | more


def test_a_box_is_centre_and_size_in_fractions_of_the_picture() -> None:
    found = read(source("1 0.5 0.25 0.1 0.5\n"))
    # By hand: left 0.5 * 40 - 0.1 * 40 / 2, top 0.25 * 20 - 0.5 * 20 / 2.
    assert labels_of(found) == [("images/a.png", "dog", None, (18.0, 0.0, 4.0, 10.0))]
    assert (found.format, found.annotation_sets[0].name) == ("yolo", "detection")
    assert complaints(found) == set()


def test_an_outline_is_corners_in_fractions_of_the_picture() -> None:
    found = read(source("0 0.25 0.5 0.75 0.5 0.75 1 0.25 1\n"))
    (made,) = found.annotation_sets
    assert made.task is Task.SEGMENTATION
    (label,) = made.labels
    assert label.shape is not None
    assert label.shape.parts == ((10, 10, 30, 10, 30, 20, 10, 20),)
    assert label.value == 200.0


def test_an_empty_file_says_looked_at_and_nothing_there() -> None:
    found = read(source("0 0.5 0.5 0.1 0.1") | {"images/b.png": flat_png(2, 2), "labels/b.txt": b"\n"})
    assert [label.kind for label in found.annotation_sets[0].labels] == [Kind.BOX, Kind.NOTHING]
    assert complaints(found) == set()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("0 0.5 0.5 0.1", "shape_unreadable"),
        ("0 0.5 0.5 0.1 0.1 0.9", "shape_unreadable"),
        ("0 0.1 0.1 0.2 0.2 0.3 0.3 0.4", "shape_unreadable"),
        ("-1 0.5 0.5 0.1 0.1", "shape_unreadable"),
        ("1.5 0.5 0.5 0.1 0.1", "shape_unreadable"),
        ("cat 0.5 0.5 0.1 0.1", "shape_unreadable"),
        ("0 nan 0.5 0.1 0.1", "shape_unreadable"),
        ("0 1e400 0.5 0.1 0.1", "shape_unreadable"),
        ("0 120 80 30 40", "shape_unreadable"),
        ("0 0.5 0.5 -0.1 0.1", "box_negative_size"),
        ("0 0.5 0.5 0 0.1", "box_zero_size"),
        ("0 1.0 0.5 0.5 0.1", "fraction_outside"),
        ("0 -0.1 0.1 0.5 0.1 0.5 0.5", "fraction_outside"),
        ("7 0.5 0.5 0.1 0.1", "class_without_name"),
    ],
)
def test_what_does_not_fit_is_told_with_its_row(rows: str, code: str) -> None:
    found = read(source(f"0 0.5 0.5 0.1 0.1\n{rows}\n"))
    assert complaints(found) == {code}
    finding = next(finding for finding in found.findings if finding.code == code)
    assert finding.examples[0].startswith(("labels/a.txt row 2", "class 7"))


def test_key_points_are_told_and_their_boxes_kept() -> None:
    more = {"data.yaml": NAMES + b"kpt_shape: [1, 3]\n"}
    found = read(source("0 0.5 0.5 0.1 0.1 0.5 0.5 2\n") | more)
    assert "keypoints_not_read" in codes(found, "note")
    assert [label.kind for label in found.annotation_sets[0].labels] == [Kind.BOX]


@pytest.mark.parametrize(
    ("picture", "labels"),
    [
        ("images/train/x/a.png", "labels/train/x/a.txt"),
        ("train/images/a.png", "train/labels/a.txt"),
        ("train/a.png", "train/a.txt"),
        ("Train/A.PNG", "train/labels/a.txt"),
        ("a.png", "labels/a.txt"),
    ],
)
def test_label_files_lie_beside_pictures_or_where_labels_stands_for_images(picture: str, labels: str) -> None:
    files = {picture: flat_png(4, 4), labels: b"0 0.5 0.5 0.1 0.1\n", "classes.txt": b"cat\n"}
    found = read(files, "yolo")
    assert len(found.annotation_sets[0].labels) == 1
    assert "label_without_image" not in complaints(found)
    assert found.items[0].part is (Part.TRAIN if "train" in picture.lower() else None)


def test_parts_come_from_data_yaml_and_from_lists() -> None:
    names = NAMES + b"train: images/one\nval: images/two\n"
    files = {
        f"images/{folder}/{name}.png": flat_png(4, 4)
        for folder, name in (("one", "a"), ("two", "b"), ("x", "c"))
    }
    files |= {"data.yaml": names, "labels/one/a.txt": b"0 0.5 0.5 0.1 0.1\n"}
    files |= {"test.txt": b"./images/x/c.png\nimages/x/gone.png\n"}
    found = read(files)
    assert [item.part for item in found.items] == [Part.TRAIN, Part.VALIDATION, Part.TEST]
    assert complaints(found) == {"split_list_unmatched", "image_without_label"}
    assert places(found) == list(range(len(files)))


def test_a_picture_in_two_parts_is_told() -> None:
    files = source("0 0.5 0.5 0.1 0.1") | {"train.txt": b"images/a.png\n", "val.txt": b"images/a.png\n"}
    found = read(files)
    assert complaints(found) == {"part_conflict"}
    assert found.items[0].part is Part.TRAIN


def test_a_picture_whose_size_is_not_told_is_a_finding() -> None:
    found = read(source("0 0.5 0.5 0.1 0.1") | {"images/a.png": b"\x89PNG\r\n\x1a\n"})
    assert "picture_size_unknown" in complaints(found)


def test_a_file_of_names_decides_and_texts_alone_do_not() -> None:
    empty = {"images/a.png": flat_png(4, 4), "labels/a.txt": b""}
    assert isinstance(YoloReader().detect(view_of(MemoryRoot(empty | {"data.yaml": NAMES}))), Match)
    for text in (b"", b"a picture of a cell", b"12"):
        view = view_of(MemoryRoot({"images/a.png": flat_png(4, 4), "images/a.txt": text}))
        assert isinstance(YoloReader().detect(view), Refusal)
        assert choose(view)[0].name == "image_only"


def test_labels_can_be_left_out() -> None:
    found = read(source("0 0.5 0.5 0.1 0.1"), labels="ignore")
    assert found.annotation_sets == []
    assert {entry.code for entry in found.ignored} == {"labels_ignored"}


@given(st.text(max_size=100), st.text(max_size=60))
def test_any_text_is_read_or_left_out(rows: str, names: str) -> None:
    files = source("0 0.5 0.5 0.1 0.1\n" + rows) | {"data.yaml": NAMES + names.encode()}
    found = read(files, "yolo")
    assert len(found.items) == 1
    assert places(found) == [0, 1, 2]


def classified(*paths: str) -> dict[str, bytes]:
    """Pictures at these paths."""
    return {path: flat_png(4, 4, at) for at, path in enumerate(paths)}


def test_folders_of_classes_below_parts_are_a_single_label_set() -> None:
    found = read(classified("train/cat/1.png", "train/dog/2.png", "val/cat/1.png", "test/dog/3.png"))
    assert found.format == "yolo"
    (made,) = found.annotation_sets
    assert (made.task, [known.name for known in made.classes]) == (Task.SINGLE_LABEL, ["cat", "dog"])
    keys = {item.key: item.part for item in found.items}
    assert keys["val/cat/1.png"] is Part.VALIDATION
    assert {(found.items[label.item].key, label.class_id) for label in made.labels} == {
        ("train/cat/1.png", 0),
        ("train/dog/2.png", 1),
        ("val/cat/1.png", 0),
        ("test/dog/3.png", 1),
    }
    assert complaints(found) <= {"class_too_small"}


@pytest.mark.parametrize(
    "paths",
    [
        ("train/cat/1.png", "val/cat/2.png"),  # one class is none
        ("train/cat/1.png", "train/dog/2.png", "more/cat/3.png"),
        ("val/cat/1.png", "test/dog/2.png"),
        ("train/images/1.png", "val/images/2.png", "val/labels/3.png"),
        ("train/cat/1.png", "val/dog/2.png", "readme.png"),
        ("train/cat/x/1.png", "val/dog/x/2.png"),
    ],
)
def test_other_folders_are_no_classes_of_yolo(paths: tuple[str, ...]) -> None:
    assert read(classified(*paths)).format != "yolo"


def test_classes_in_folders_can_be_left_out() -> None:
    found = read(classified("train/cat/1.png", "val/dog/2.png"), "yolo", labels="ignore")
    assert found.annotation_sets == []
    assert len(found.items) == 2
