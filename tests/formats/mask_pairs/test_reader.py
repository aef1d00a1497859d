"""The laws of masks beside pictures: pairs by names, the reading a guess that is told, nothing lost in silence."""

from __future__ import annotations

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes, complaints, places, read
from tests.formats.samples import flat_png, sized_png
from triptych.core.errors import InvalidInput
from triptych.core.labels import MaskReading, Task
from triptych.formats.base import ReaderOptions, Refusal, view_of
from triptych.formats.mask_pairs.reader import MaskPairsReader
from triptych.formats.registry import choose

JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


def mask(*values: int) -> bytes:
    return sized_png(8, 8, bytes(values).ljust(64, b"\0"))


@pytest.mark.parametrize(
    ("picture", "masked"),
    [
        ("a.png", "a_mask.png"),
        ("a.jpg", "a-mask.png"),
        ("a.png", "mask_a.png"),
        ("x/a.png", "x/a_seg.png"),
        ("a.png", "a_label.png"),
        ("a.png", "A_Mask_1.PNG"),
        ("images/a.png", "masks/a.png"),
        ("image/a.png", "mask/a.png"),
        ("images/train/a.png", "labels/train/a.png"),
        ("images/a.jpg", "masks/a_mask.png"),
        ("train/images/a.png", "train/masks/a.png"),
        ("a.png", "masks/a.png"),
    ],
)
def test_masks_belong_to_pictures_by_their_names(picture: str, masked: str) -> None:
    found = read({picture: flat_png(8, 8, 9), masked: mask(0, 1)})
    assert found.format == "mask_pairs"
    assert len(found.items) == 1
    (made,) = found.annotation_sets
    assert (made.task, made.masks[0].member, made.masks[0].item) == (Task.SEGMENTATION, 1, 0)
    assert places(found) == [0, 1]


@pytest.mark.parametrize(
    "names",
    [("a.png", "b.png"), ("label.png", "mask.png"), ("a_mask.png", "b_mask.png"), ("masks/a.png", "masks/b.png"),
     ("images/a.png", "masks/b.png"), ("Classes/a/1.png", "Classes/a/1_mask.png"), ("a.png", "a_masked.png")],
)  # fmt: skip
def test_names_that_are_no_pairs_change_nothing(names: tuple[str, str]) -> None:
    view = view_of(MemoryRoot({name: mask(at) for at, name in enumerate(names)}))
    assert isinstance(MaskPairsReader().detect(view), Refusal)
    assert choose(view)[0].name != "mask_pairs"


@pytest.mark.parametrize(
    ("masks", "reading"),
    [
        ([mask(0, 255), mask()], MaskReading.BINARY),
        ([mask(0, 1)], MaskReading.BINARY),
        ([mask(1, 2), mask(5)], MaskReading.CLASSES),
        ([mask(*range(60)), mask(*range(60, 64))], MaskReading.CLASSES),
        ([mask(*range(64)), mask(*range(64, 128))], MaskReading.INSTANCES),
        ([sized_png(8, 8, bytes(128), bits=16)], MaskReading.INSTANCES),
        ([sized_png(8, 8, bytes(8), bits=1)], MaskReading.BINARY),
    ],
)
def test_the_reading_is_a_guess_by_values_that_is_told(masks: list[bytes], reading: MaskReading) -> None:
    files = {f"images/{at}.png": flat_png(8, 8, at + 1) for at in range(len(masks))}
    found = read(files | {f"masks/{at}.png": data for at, data in enumerate(masks)})
    (made,) = found.annotation_sets
    assert {each.reading for each in made.masks} == {reading}
    assert {each.class_id for each in made.masks} == {None if reading is MaskReading.CLASSES else 0}
    assert len(made.classes) == (0 if reading is MaskReading.CLASSES else 1)
    assert complaints(found) == {"mask_reading_guessed"}


@pytest.mark.parametrize("wanted", ["classes", "instances", "binary"])
def test_an_option_decides_and_nothing_is_guessed(wanted: str) -> None:
    files = {"a.png": flat_png(8, 8, 9), "a_mask.png": mask(1, 2)}
    options = ReaderOptions.of({"masks": wanted})
    found = read(files, masks=options.masks)
    assert found.annotation_sets[0].masks[0].reading == wanted
    assert complaints(found) == set()


def test_an_option_that_is_unknown_is_wrong_usage() -> None:
    for wrong in ("guess", "yes", ""):
        with pytest.raises(InvalidInput) as error:
            ReaderOptions.of({"masks": wrong})
        assert "masks=classes" in error.value.hint


def test_names_say_that_values_are_objects() -> None:
    found = read({"a.png": flat_png(8, 8, 9), "a_instances.png": mask(1, 2)})
    assert found.annotation_sets[0].masks[0].reading is MaskReading.INSTANCES
    assert [entry.name for entry in found.annotation_sets[0].classes] == ["object"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(flat_png(3, 3), "mask_size_differs"), (b"x", "mask_unreadable"), (JPEG, "mask_unreadable")],
)
def test_a_mask_that_does_not_fit_is_left_out_and_told(data: bytes, code: str) -> None:
    files = {
        "a.png": flat_png(8, 8, 9),
        "a_mask.png": mask(1),
        "b.png": flat_png(8, 8, 8),
        "b_mask.png": data,
    }
    found = read(files)
    assert code in complaints(found)
    assert "image_without_mask" in codes(found, "note")
    assert [entry.code for entry in found.ignored] == [code]
    assert places(found) == [0, 1, 2, 3]


def test_a_mask_of_no_picture_is_told() -> None:
    files = {"images/a.png": flat_png(8, 8, 9), "masks/a.png": mask(1), "masks/b.png": mask(1)}
    found = read(files)
    assert "mask_without_image" in complaints(found)
    assert [entry.member for entry in found.ignored] == [2]


def test_two_ways_of_calling_masks_are_two_sets() -> None:
    files = {"a.png": flat_png(8, 8, 9), "a_mask.png": mask(1), "a_instances.png": mask(1, 2)}
    found = read(files)
    assert [made.name for made in found.annotation_sets] == ["segmentation_instances", "segmentation_mask"]


def test_labels_can_be_left_out() -> None:
    found = read({"a.png": flat_png(8, 8, 9), "a_mask.png": mask(1)}, labels="ignore")
    assert found.annotation_sets == []
    assert [entry.code for entry in found.ignored] == ["labels_ignored"]


def test_a_label_file_beside_goes_first() -> None:
    files = {"image/a.png": flat_png(8, 8, 9), "image/a_mask.png": mask(1), "label.csv": b"a.png,x\n"}
    assert choose(view_of(MemoryRoot(files)))[0].name == "image_label"
