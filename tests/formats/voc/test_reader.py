"""The laws of reading Pascal VOC: corners count from 1, masks keep their numbers, nothing lost in silence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import flat_png
from triptych.core.dataset import Part
from triptych.core.labels import Kind, MaskReading, Task
from triptych.formats.base import Refusal, view_of
from triptych.formats.registry import choose
from triptych.formats.voc.reader import VOC_NAMES, VocReader


def entry(name: str, *corners: object, more: str = "") -> str:
    keys = ("xmin", "ymin", "xmax", "ymax")
    box = "".join(f"<{key}>{value}</{key}>" for key, value in zip(keys, corners, strict=True))
    return f"<object><name>{name}</name>{more}<bndbox>{box}</bndbox></object>"


def source(*objects: str, file: str = "a.png", **more: bytes) -> dict[str, bytes]:
    data = f"<annotation><filename>{file}</filename>{''.join(objects)}</annotation>".encode()
    return {"Annotations/a.xml": data, "JPEGImages/a.png": flat_png(30, 20)} | more


def test_a_box_of_all_pixels_is_the_whole_picture() -> None:
    found = read(source(entry("dog", 1, 1, 30, 20), entry("cat", 5.5, 2, 7.5, 2)))
    assert found.format == "voc"
    assert labels_of(found) == [
        ("JPEGImages/a.png", "dog", None, (0, 0, 30, 20)),
        ("JPEGImages/a.png", "cat", None, (4.5, 1, 3, 1)),
    ]
    assert complaints(found) == set()


@pytest.mark.parametrize(
    ("objects", "code"),
    [
        (entry("dog", 5, 5, 2, 9), "box_negative_size"),
        (entry("dog", 5, 5, "x", 9), "shape_unreadable"),
        (entry("dog", 5, 5, "nan", 9), "shape_unreadable"),
        (entry(" ", 5, 5, 6, 9), "shape_unreadable"),
        ("<object><name>dog</name></object>", "shape_unreadable"),
        (entry("dog", 5, 5, "1e300", 9), "shape_unreadable"),
    ],
)
def test_what_does_not_fit_is_told_with_its_object(objects: str, code: str) -> None:
    found = read(source(entry("dog", 1, 1, 2, 2), objects))
    assert complaints(found) == {code}
    finding = next(finding for finding in found.findings if finding.code == code)
    assert finding.examples[0].startswith("Annotations/a.xml object 2")
    assert len(found.annotation_sets[0].labels) == 1


def test_marks_of_objects_are_counted() -> None:
    found = read(source(entry("dog", 1, 1, 2, 2, more="<difficult>1</difficult><truncated>0</truncated>")))
    finding = next(finding for finding in found.findings if finding.code == "object_flags_not_kept")
    assert finding.examples == ("difficult: 1",)


@pytest.mark.parametrize("path", ["a.xml", "JPEGImages/a.xml", "annotations/a.xml", "other/a.xml"])
def test_files_belong_to_pictures_by_their_names(path: str) -> None:
    files = source(entry("dog", 1, 1, 2, 2), file="wrong.jpg")
    files[path] = files.pop("Annotations/a.xml")
    found = read(files)
    assert len(found.annotation_sets[0].labels) == 1
    assert ("matched_by_name" in complaints(found)) is (path in ("a.xml", "other/a.xml"))


def test_a_file_about_no_picture_is_told() -> None:
    files = source(entry("dog", 1, 1, 2, 2)) | {
        "Annotations/b.xml": b"<annotation><filename>b.jpg</filename></annotation>"
    }
    found = read(files)
    assert [entry.code for entry in found.ignored] == ["label_without_image"]
    assert places(found) == [0, 1, 2]


@pytest.mark.parametrize(
    "data",
    [b"<annotation>", b'<!DOCTYPE a [<!ENTITY x "y">]><annotation>&x;</annotation>', b"<x><annotation/></x>"],
)
def test_a_broken_file_is_left_out(data: bytes) -> None:
    found = read(source(entry("dog", 1, 1, 2, 2)) | {"Annotations/b.xml": data})
    assert "label_file_unreadable" in complaints(found)
    assert places(found) == [0, 1, 2]


def test_an_unrelated_xml_changes_nothing() -> None:
    view = view_of(MemoryRoot({"image/a.png": flat_png(2, 2), "page.xml": b"<html><body/></html>"}))
    assert isinstance(VocReader().detect(view), Refusal)
    assert choose(view)[0].name == "image_only"


def test_lists_give_the_parts() -> None:
    files = source(entry("dog", 1, 1, 2, 2)) | {
        "JPEGImages/b.png": flat_png(3, 3),
        "ImageSets/Main/train.txt": b"a\n",
        "ImageSets/Main/test.txt": b"b 1\ngone\n",
        "ImageSets/Main/dog_train.txt": b"a 1\n",
    }
    found = read(files)
    assert [item.part for item in found.items] == [Part.TRAIN, Part.TEST]
    assert {"split_list_unmatched", "image_without_label"} == complaints(found)
    assert places(found) == list(range(len(files)))


def palette_png(values: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> bytes:
    picture = Image.fromarray(values, "P")
    picture.putpalette([value % 256 for value in range(768)])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def mask(*values: int) -> bytes:
    pixels = np.zeros((20, 30), np.uint8)
    pixels[0, : len(values)] = values
    return palette_png(pixels)


def test_masks_are_files_of_their_pictures_and_no_items() -> None:
    files = source() | {"SegmentationClass/a.png": mask(15, 255), "SegmentationObject/a.png": mask(1, 2)}
    found = read(files)
    assert [item.key for item in found.items] == ["JPEGImages/a.png"]
    _, classes, objects = found.annotation_sets
    assert (classes.task, classes.masks[0].reading, classes.masks[0].item) == (
        Task.SEGMENTATION,
        MaskReading.CLASSES,
        0,
    )
    assert [known.name for known in classes.classes] == [*VOC_NAMES]
    assert [known.id for known in classes.classes] == [*range(1, 21)]
    assert [made.masks[0].ignore for made in (classes, objects)] == [(255,), (255,)]
    assert (objects.masks[0].reading, objects.masks[0].class_id) == (MaskReading.INSTANCES, 0)
    assert "mask_ignored_value" in codes(found, "note")
    assert places(found) == [0, 1, 2, 3]


def test_masks_of_other_numbers_have_no_names_of_the_challenge() -> None:
    found = read(source() | {"SegmentationClass/a.png": mask(3, 21)})
    assert found.annotation_sets[1].classes == []


def test_a_label_map_names_numbers_and_colours() -> None:
    listed = b"# label:color_rgb:parts:actions\nbackground:0,0,0::\ncell:255,0,16::\nnucleus:0,x::\n"
    found = read(source() | {"SegmentationClass/a.png": mask(1, 2), "labelmap.txt": listed})
    assert [(known.id, known.name) for known in found.annotation_sets[1].classes] == [
        (1, "cell"),
        (2, "nucleus"),
    ]
    assert found.annotation_sets[1].classes[0].color == "#FF0010"
    assert places(found) == [0, 1, 2, 3]
    out = io.BytesIO()
    Image.new("RGB", (30, 20), (255, 0, 16)).save(out, "PNG")
    found = read(source() | {"SegmentationClass/a.png": out.getvalue(), "labelmap.txt": listed})
    assert [(known.id, known.name) for known in found.annotation_sets[1].classes] == [(0xFF0010, "cell")]


def test_masks_without_xml_are_read() -> None:
    files = source() | {"SegmentationClass/a.png": mask(3)}
    del files["Annotations/a.xml"]
    found = read(files)
    assert (found.format, [made.name for made in found.annotation_sets]) == ("voc", ["segmentation"])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (flat_png(3, 3), "a", "mask_size_differs"),
        (b"x", "a", "mask_unreadable"),
        (mask(1), "z", "mask_without_image"),
    ],
)
def test_a_mask_that_does_not_fit_is_left_out(data: bytes, name: str, code: str) -> None:
    found = read(source() | {f"SegmentationClass/{name}.png": data})
    assert code in complaints(found)
    assert [entry.code for entry in found.ignored] == [code]
    assert places(found) == [0, 1, 2]


def test_labels_can_be_left_out() -> None:
    found = read(source(entry("dog", 1, 1, 2, 2)) | {"SegmentationClass/a.png": mask(3)}, labels="ignore")
    assert found.annotation_sets == []
    assert [entry.code for entry in found.ignored] == ["labels_ignored", "labels_ignored"]


def test_a_file_without_objects_says_nothing_there() -> None:
    assert [label.kind for label in read(source()).annotation_sets[0].labels] == [Kind.NOTHING]


@given(st.text(max_size=80))
def test_any_text_is_read_or_left_out(text: str) -> None:
    files = source(entry("dog", 1, 1, 2, 2)) | {
        "Annotations/b.xml": f"<annotation>{text}</annotation>".encode("utf-8", "replace")
    }
    found = read(files, "voc")
    assert places(found) == [0, 1, 2]


def lists(**files: str) -> dict[str, bytes]:
    """Three pictures and lists of classes."""
    out = {f"JPEGImages/{name}.png": flat_png(4, 4, at) for at, name in enumerate("abc")}
    return out | {f"ImageSets/Main/{name}.txt": text.encode() for name, text in files.items()}


def test_lists_of_classes_are_a_multi_label_set() -> None:
    found = read(
        lists(cat_train="a  1\nb -1\n", dog_train="a -1\nb  0\n", cat_trainval="a  1\nb -1\n", train="a\nb\n")
    )
    assert found.format == "voc"
    (made,) = found.annotation_sets
    names = {known.id: known.name for known in made.classes}
    assert (made.task, list(names.values())) == (Task.MULTI_LABEL, ["cat", "dog"])
    assert [(label.item, names[label.class_id or 0], label.value) for label in made.labels] == [
        (0, "cat", 1.0),
        (0, "dog", 0.0),
        (1, "cat", 0.0),
    ]
    assert [item.part for item in found.items] == [Part.TRAIN, Part.TRAIN, None]
    assert "object_flags_not_kept" in codes(found, "note")
    assert places(found) == list(range(7))


def test_rows_of_lists_that_are_none_are_told() -> None:
    found = read(lists(cat_val="a 1\nb 7\nb\ngone -1\n\n"))
    assert {"shape_unreadable", "split_list_unmatched"} <= complaints(found)
    assert [(label.item, label.value) for label in found.annotation_sets[0].labels] == [(0, 1.0)]


def test_lists_without_signs_are_no_lists_of_classes() -> None:
    found = read(lists(cat_train="a\nb\n", train="a\n") | source())
    assert [made.task for made in found.annotation_sets] == [Task.DETECTION]


def test_lists_can_be_left_out() -> None:
    found = read(lists(cat_train="a 1\n"), labels="ignore")
    assert found.annotation_sets == []
    assert [entry.code for entry in found.ignored] == ["labels_ignored"]


def test_a_value_that_is_a_class_is_not_ignored() -> None:
    listed = "".join(f"c{number}:1,2,3::\n" for number in range(300)).encode()
    found = read(source() | {"SegmentationClass/a.png": mask(255), "labelmap.txt": listed})
    assert found.annotation_sets[1].masks[0].ignore == ()
    assert "mask_ignored_value" not in codes(found)


def test_in_masks_of_colours_the_colour_of_what_is_ignored_is() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), (0, 0, 255)).save(out, "PNG")
    found = read(source() | {"SegmentationClass/a.png": out.getvalue()})
    assert found.annotation_sets[1].masks[0].ignore == (0xE0E0C0,)
