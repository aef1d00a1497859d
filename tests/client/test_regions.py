"""Areas as the library gives them: masks, class maps, frames; and pictures with frames and a rescale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import triptych
from tests.support import pictures
from tests.support.dicom import make_dicom
from tests.support.studio import open_studio
from triptych.client.samples import AnnotationSet, LabelRow, Regions
from triptych.core.labels import Kind, LabelClass, Shape, Task
from triptych.masks.runs import encode

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = Shape(parts=((1.0, 1.0, 4.0, 1.0, 4.0, 3.0, 1.0, 3.0),))
SET = AnnotationSet(
    "areas", Task.SEGMENTATION, (LabelClass(0, "a", "#000000"), LabelClass(3, "b", "#000000"))
)


def row(class_id: int | None, shape: Shape | None, kind: Kind = Kind.POLYGON) -> LabelRow:
    return LabelRow("areas", kind.value, class_id, 1.0, None, shape)


def test_areas_are_masks_and_a_map_of_classes() -> None:
    drawn = np.zeros((5, 6), bool)
    drawn[2:5, 3:6] = True
    found = SET.labels_of([row(0, SQUARE), row(3, encode(drawn), Kind.MASK)], (5, 6))
    assert isinstance(found, Regions)
    assert (len(found), found.names) == (2, ("a", "b"))
    square = np.zeros((5, 6), bool)
    square[1:3, 1:4] = True
    assert np.array_equal(found.mask(0), square)
    assert np.array_equal(found.mask(1), drawn)
    expected = np.full((5, 6), -1)
    expected[square], expected[drawn] = 0, 3
    assert np.array_equal(found.class_map(), expected)


def test_areas_of_one_frame_and_of_none() -> None:
    on_two = Shape(parts=SQUARE.parts, frame=2)
    found = SET.labels_of([row(0, on_two)], (5, 6))
    assert isinstance(found, Regions)
    assert (found.class_map(frame=1) == -1).all()
    assert (found.class_map(frame=2) == 0).sum() == 6
    nothing = SET.labels_of([row(None, None, Kind.NOTHING)], (5, 6))
    assert isinstance(nothing, Regions)
    assert len(nothing) == 0
    assert SET.labels_of([], (5, 6)) is None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    frames = np.arange(4 * 17 * 18, dtype=np.int16).reshape(4, 17, 18)
    source = {
        "scan/one": make_dicom(frames[0], RescaleSlope="2", RescaleIntercept="-1000", SOPInstanceUID="1.1"),
        "scan/many": make_dicom(frames, SOPInstanceUID="1.2", SeriesInstanceUID="1.9"),
    }
    with open_studio(folder) as studio:
        studio.add(pictures.archive(folder / "scans.zip", dict(source)))
    return folder


def test_samples_are_those_of_the_file_and_values_are_rescaled(home: Path) -> None:
    dataset = triptych.load("scans", home=home)
    by_key = {sample.key: sample for sample in dataset}
    one, many = by_key["one"], by_key["many"]
    assert one.image.dtype == np.int16
    assert one.rescale == (2.0, -1000.0)
    assert np.array_equal(one.values(), one.image * 2.0 - 1000.0)
    assert many.image.shape == (4, 17, 18)
    assert np.array_equal(many.image.ravel(), np.arange(4 * 17 * 18))
    assert np.array_equal(many.values(), many.image.astype(np.float32))
    assert one.group == many.group
    dataset.close()
