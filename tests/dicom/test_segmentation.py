"""DICOM segmentations, written by highdicom and read here: binary, fractional, a map of labels; and hostile ones."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest

from tests.dicom.segmentations import COLUMNS, ROWS, SLICES, masks, slices, written
from tests.support.dicom import make_dicom
from triptych.core.source import MemberError
from triptych.dicom.segmentation import read_segmentation, segment_classes
from triptych.masks.runs import decode
from triptych.masks.targets import Target

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def targets(sources: list[Dataset], *, uids: bool = True) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for index, source in enumerate(sources):
        x, y, z = (float(number) for number in source.ImagePositionPatient)
        name = str(source.SOPInstanceUID) if uids else f"9.{index}"
        found[name] = Target(100 + index, COLUMNS, ROWS, (x, y, z))
    return found


def drawn(data: bytes, where: dict[str, Target]) -> dict[tuple[int, int], np.ndarray]:
    read = read_segmentation(data, where)
    assert (read.lost, read.other_size) == (0, 0)
    return {
        (label.item - 100, label.class_id or 0): decode(label.shape) for label in read.labels if label.shape
    }


def check(found: dict[tuple[int, int], np.ndarray], expected: np.ndarray) -> None:
    wanted = {
        (index, segment + 1): expected[index, ..., segment].astype(bool)
        for index in range(SLICES)
        for segment in range(2)
        if expected[index, ..., segment].any()
    }
    assert found.keys() == wanted.keys()
    for place, mask in wanted.items():
        assert np.array_equal(found[place], mask), place


@pytest.mark.parametrize("omit", [True, False])
@pytest.mark.parametrize("uids", [True, False])
def test_binary_segments_lie_on_the_pictures_that_they_name_or_on_their_place(omit: bool, uids: bool) -> None:
    sources = slices()
    data = written(masks(), "BINARY", sources, omit_empty_frames=omit)
    where = targets(sources, uids=uids)
    if not uids:
        dataset = pydicom.dcmread(BytesIO(data))
        for group in dataset.PerFrameFunctionalGroupsSequence:
            del group.DerivationImageSequence
        target = BytesIO()
        dataset.save_as(target)
        data = target.getvalue()
    check(drawn(data, where), masks())


def test_the_order_of_the_sources_does_not_matter() -> None:
    sources = slices()
    order = [2, 0, 3, 1]
    data = written(masks()[order], "BINARY", [sources[index] for index in order])
    check(drawn(data, targets(sources)), masks())


def test_fractions_count_from_one_half_on() -> None:
    sources = slices()
    values = masks().astype(np.float32)
    values[values == 0] = 0.4
    values[1, 2, 3, 0] = 0.51
    data = written(values, "FRACTIONAL", sources)
    check(drawn(data, targets(sources)), masks())


def test_a_map_of_labels_tells_its_segments_apart() -> None:
    sources = slices()
    labels = np.zeros((SLICES, ROWS, COLUMNS), np.uint8)
    labels[1, 2:6, 3:9] = 1
    labels[2, 4:8, 5:12] = 2
    data = written(labels, "LABELMAP", sources)
    expected = np.stack([labels == 1, labels == 2], axis=-1)
    check(drawn(data, targets(sources)), expected)


def test_classes_have_the_names_and_colours_of_the_segments() -> None:
    classes = segment_classes(written(masks(), "BINARY", slices()))
    assert classes[1][0] == "Lung"
    assert classes[2] == ("Nodule", None)
    color = classes[1][1]
    assert color is not None
    # 16 bits of Lab do not hold every colour: one step of 255 beside is as near as it gets.
    assert all(abs(int(color[at : at + 2], 16) - wanted) <= 2 for at, wanted in ((1, 255), (3, 0), (5, 0)))


def test_frames_whose_picture_is_not_there_are_counted() -> None:
    sources = slices()
    data = written(masks(), "BINARY", sources)
    read = read_segmentation(data, targets(sources[:2]))
    assert (len(read.labels), read.lost) == (1, 2)
    small = {uid: target._replace(width=9) for uid, target in targets(sources).items()}
    assert read_segmentation(data, small).other_size == 3


def test_a_segmentation_that_makes_no_sense_is_one_error() -> None:
    data = make_dicom(np.zeros((2, 4, 4), np.uint8), SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4")
    with pytest.raises(MemberError) as caught:
        read_segmentation(data, {})
    assert caught.value.code == "header_error"


def test_a_segment_that_is_not_described_is_one_error() -> None:
    sources = slices()
    dataset = pydicom.dcmread(BytesIO(written(masks(), "BINARY", sources)))
    del dataset.SegmentSequence[1]
    target = BytesIO()
    dataset.save_as(target)
    with pytest.raises(MemberError) as caught:
        read_segmentation(target.getvalue(), targets(sources))
    assert caught.value.code == "header_error"
