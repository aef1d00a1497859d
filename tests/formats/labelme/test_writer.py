"""Exports as LabelMe, read as LabelMe reads them (labelme/label_file.py, labelme/utils/shape.py)."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

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
    ring,
    several,
    single,
    version,
)
from triptych.core.dataset import Part
from triptych.core.errors import InvalidInput
from triptych.core.labels import Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format
from triptych.masks.runs import mask_label


def document(files: dict[str, bytes], stem: str) -> Any:
    """A document of LabelMe."""
    return json.loads(files[f"image/{stem}.json"])


def test_boxes_are_rectangles() -> None:
    files = exported(version(boxes()), "labelme")
    found = document(files, "a")
    assert [(shape["shape_type"], shape["label"], shape["points"]) for shape in found["shapes"]] == [
        ("rectangle", "cell", [[2, 3], [12, 8]]),
        ("rectangle", CLASSES[1].name, [[0.5, 1.25], [7.625, 11.0]]),
    ]
    assert found["imagePath"] == "a.png"
    assert (found["imageData"], found["imageWidth"], found["imageHeight"]) == (None, 40, 30)
    assert document(files, "c")["shapes"] == []
    assert "image/ward/d.json" not in files
    assert "image/ward/d.png" in files


def test_polygons_points_and_lines_keep_their_points() -> None:
    files = exported(version(areas()), "labelme")
    first, *second = document(files, "a")["shapes"]
    assert first["shape_type"] == "polygon"
    assert tuple(np.ravel(first["points"])) == TRIANGLE
    assert first["group_id"] is None
    assert [shape["group_id"] for shape in second] == [7, 7]
    _, point, line = document(files, "b")["shapes"]
    assert (point["shape_type"], point["points"]) == ("point", [[3, 4]])
    assert (line["shape_type"], line["points"]) == ("line", [[3, 4], [8, 9]])


def test_a_mask_is_cut_out_and_placed_by_its_corners() -> None:
    shape = document(exported(version(areas()), "labelme"), "b")["shapes"][0]
    assert shape["shape_type"] == "mask"
    assert shape["group_id"] == 3
    (left, top), (right, bottom) = np.array(shape["points"]).astype(int)
    cut = np.array(Image.open(io.BytesIO(base64.b64decode(shape["mask"])))).astype(bool)
    whole = np.zeros(SIZE, bool)
    whole[top : bottom + 1, left : right + 1] = cut
    assert np.array_equal(whole, ring())


def test_classes_of_pictures_are_flags() -> None:
    assert document(exported(version(single()), "labelme"), "b")["flags"] == {CLASSES[1].name: True}
    files = exported(version(several()), "labelme")
    assert document(files, "a")["flags"] == {"cell": True, CLASSES[1].name: False}
    assert "absent_not_exported" not in lost(version(several()), "labelme")


def test_boxes_areas_and_classes_share_a_document() -> None:
    made = version(single(), boxes(), areas())
    found = document(exported(made, "labelme"), "a")
    assert found["flags"] == {"cell": True}
    assert [shape["shape_type"] for shape in found["shapes"]] == ["rectangle"] * 2 + ["polygon"] * 3
    # c.png has a class, and nothing to draw: triptych.json says that somebody looked for boxes, the document cannot.
    described = json.loads(exported(made, "labelme")["triptych.json"])["sets"]
    assert [entry["covered"] for entry in described] == [[[0, 3]], [[0, 3]], [[0, 3]]]


def test_a_picture_whose_labels_are_all_lost_has_no_document() -> None:
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, [mask_label(0, 0, np.zeros(SIZE, bool))]))
    files = exported(made, "labelme")
    assert "image/a.json" not in files
    assert json.loads(files["triptych.json"])["sets"][0]["covered"] == []


def test_what_is_lost_is_counted() -> None:
    parts = (Part.TRAIN, None, None, None)
    findings = find_format("labelme").load_writer().losses(version(areas(), boxes(), boxes("x"), parts=parts))
    counts = {finding.code: finding.count for finding in findings}
    assert counts["parts_become_labels"] == 1
    assert counts["set_not_exported"] == 1
    (alone,) = (finding for finding in findings if finding.code == "in_triptych_json_alone")
    assert "the split" in alone.message
    assert "weights" not in alone.message


def test_masks_without_a_form_are_told() -> None:
    labels = [mask_label(0, 0, np.zeros(SIZE, bool)), mask_label(1, 0, np.ones((3, 3), bool))]
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, labels))
    assert lost(made, "labelme")["mask_not_exported"] == 2


def test_a_document_never_lies_on_triptych_json_or_on_a_picture() -> None:
    made = version(boxes())
    for number, key in enumerate(("triptych.png", "a.json", "a.json/x.png", "a.png")):
        made.items[number] = made.items[number]._replace(key=key)
        made.contents[key] = bytes([number])
    files = find_format("labelme").load_writer().write(made)
    paths = [path for path, _ in files]
    assert len(paths) == len(set(paths))
    folders = {path.rsplit("/", 1)[0] for path in paths if "/" in path}
    assert not folders & set(paths)


def test_a_version_without_a_set_that_fits_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        next(iter(find_format("labelme").load_writer().write(version())))
    assert refused.value.code == "format_cannot_hold"
