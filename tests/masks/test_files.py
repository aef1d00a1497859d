"""Masks from picture files: classes, objects, one class; and files that are no masks of their picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from triptych.core.labels import MaskReading
from triptych.core.source import MemberError
from triptych.masks.files import ObjectsFile, read_masks
from triptych.masks.runs import decode

CLASSES, INSTANCES, BINARY = MaskReading.CLASSES, MaskReading.INSTANCES, MaskReading.BINARY
VALUES = np.array([[0, 1, 1, 3], [0, 1, 2, 3], [0, 0, 2, 255]], np.uint8)


def png(samples: np.ndarray, mode: str | None = None) -> bytes:
    target = io.BytesIO()
    image = Image.fromarray(samples)
    if mode == "P":
        image = image.convert("L")
        image.putpalette([value for index in range(256) for value in (index, 255 - index, 7)])
    image.save(target, "PNG")
    return target.getvalue()


def masks_of(
    data: bytes, reading: MaskReading, size: tuple[int, int] = (4, 3), *, class_id: int | None = None
) -> dict[object, np.ndarray]:
    read = read_masks(data, reading, 5, size=size, class_id=class_id)
    assert all(label.item == 5 for label in read.labels)
    return {
        (label.shape.instance if reading is INSTANCES else label.class_id): decode(label.shape)
        for label in read.labels
        if label.shape is not None
    }


@pytest.mark.parametrize("mode", ["L", "P"])
def test_every_value_but_zero_is_a_class(mode: str) -> None:
    found = masks_of(png(VALUES, mode), CLASSES)
    assert set(found) == {1, 2, 3, 255}
    for value, mask in found.items():
        assert np.array_equal(mask, value == VALUES)
    assert read_masks(png(VALUES, mode), CLASSES, 0, size=(4, 3)).classes[3] == ("class 3", None)


def test_16_bit_values_are_objects_of_one_class() -> None:
    values = VALUES.astype(np.uint16) * 257
    read = read_masks(png(values), INSTANCES, 0, size=(4, 3), class_id=0)
    assert {label.class_id for label in read.labels} == {0}
    found = masks_of(png(values), INSTANCES, class_id=0)
    assert set(found) == {257, 514, 771, 65535}
    assert np.array_equal(found[514], values == 514)


def test_any_value_is_the_one_class() -> None:
    found = masks_of(png(VALUES), BINARY, class_id=9)
    assert np.array_equal(found[9], VALUES != 0)
    one_bit = io.BytesIO()
    Image.fromarray(VALUES > 1).save(one_bit, "PNG")
    assert np.array_equal(masks_of(one_bit.getvalue(), BINARY, class_id=9)[9], VALUES > 1)
    assert read_masks(png(VALUES * 0), BINARY, 0, size=(4, 3), class_id=9).labels == []


def test_colours_are_classes_of_their_own() -> None:
    colors = np.zeros((3, 4, 3), np.uint8)
    colors[0, 1], colors[2, 3] = (255, 0, 16), (1, 2, 3)
    read = read_masks(png(colors), CLASSES, 0, size=(4, 3))
    assert read.classes == {0xFF0010: ("#ff0010", "#ff0010"), 0x010203: ("#010203", "#010203")}
    gray = np.repeat(VALUES[..., None], 3, axis=2)
    assert set(masks_of(png(gray), CLASSES)) == {1, 2, 3, 255}


@pytest.mark.parametrize(
    ("data", "size", "code"),
    [
        (b"", (4, 3), "mask_unreadable"),
        (b"no picture", (4, 3), "mask_unreadable"),
        (png(VALUES)[:50], (4, 3), "mask_unreadable"),
        (png(VALUES), (3, 4), "mask_size_differs"),
        (png(np.arange(40_000, dtype=np.uint16).reshape(200, 200)), (200, 200), "mask_too_many_values"),
    ],
)
def test_what_cannot_be_used(data: bytes, size: tuple[int, int], code: str) -> None:
    with pytest.raises(MemberError) as caught:
        read_masks(data, CLASSES, 0, size=size)
    assert caught.value.code == code


def test_a_mask_that_declares_too_much_is_not_decoded() -> None:
    with pytest.raises(MemberError) as caught:
        read_masks(png(VALUES), CLASSES, 0, size=(4, 3), max_pixels=11)
    assert caught.value.code == "mask_unreadable"


@pytest.mark.parametrize("reading", [CLASSES, INSTANCES])
@pytest.mark.parametrize("mode", ["L", "P"])
def test_values_that_are_to_be_ignored_are_background(reading: MaskReading, mode: str) -> None:
    read = read_masks(png(VALUES, mode), reading, 0, size=(4, 3), class_id=0, ignore=(255, 2))
    assert sum(label.value or 0 for label in read.labels) == np.isin(VALUES, (1, 3)).sum()
    assert {255, 2}.isdisjoint(read.classes)


def test_a_mask_of_ignored_values_alone_is_empty() -> None:
    assert read_masks(png(VALUES // 255 * 255), CLASSES, 0, size=(4, 3), ignore=(255,)).labels == []


def test_objects_of_a_second_file_have_the_classes_of_the_first() -> None:
    classes = np.array([[1, 1, 2, 2], [1, 1, 0, 3]], np.uint8)
    objects = np.array([[7, 7, 7, 1], [7, 9, 9, 0]], np.uint8)
    beside = ObjectsFile(png(objects), (5, 4))
    read = read_masks(png(classes), CLASSES, 2, size=(4, 2), objects=beside)
    found = {(label.class_id, label.shape.instance): label.value for label in read.labels if label.shape}
    # The value 3 is beyond the two classes, and no object; 9 on the background is nothing.
    assert found == {(5, 7): 3, (5, 9): 1, (4, 7): 1, (4, 1): 1, (6, None): 1}
    assert read.classes[6] == ("class 3", None)
    plain = read_masks(png(classes), CLASSES, 2, size=(4, 2), objects=beside._replace(numbered=False))
    assert [label.shape.instance for label in plain.labels if label.shape] == [None] * 5
    alone = read_masks(png(classes), CLASSES, 2, size=(4, 2), objects=ObjectsFile(None, (5, 4)))
    assert [(label.class_id, label.value) for label in alone.labels] == [(5, 4), (4, 2), (6, 1)]


def test_a_second_file_of_another_size_or_of_noise_is_refused() -> None:
    classes = png(np.ones((200, 200), np.uint8))
    with pytest.raises(MemberError) as refused:
        read_masks(classes, CLASSES, 0, size=(200, 200), objects=ObjectsFile(png(VALUES)))
    assert refused.value.code == "mask_size_differs"
    noise = png(np.arange(40_000, dtype=np.uint16).reshape(200, 200))
    with pytest.raises(MemberError) as refused:
        read_masks(classes, CLASSES, 0, size=(200, 200), objects=ObjectsFile(noise))
    assert refused.value.code == "mask_too_many_values"
