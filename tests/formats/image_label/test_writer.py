"""Areas as rows of the original's label file, and the file of shapes that keeps what rows cannot hold."""

from __future__ import annotations

import base64
import csv
import io
import json
import zlib

import numpy as np
import pytest

from tests.formats.drawn_source import CLASSES, SIZE, TRIANGLE, areas, boxes, exported, ring, version
from tests.formats.memory_root import MemoryRoot
from tests.formats.memory_source import content_of_inventory, content_of_source
from tests.formats.reading import complaints, places, read
from triptych.core.labels import Box, Kind, Label, Shape, Task
from triptych.formats.base import ExportSet, ReaderOptions, view_of
from triptych.formats.pictures.tables import TableReader
from triptych.formats.shape_rows import read_lines
from triptych.masks.polygons import filled
from triptych.masks.runs import mask_label


def test_areas_are_rows_of_five_cells_as_the_original_has_them() -> None:
    files = exported(version(areas()), "image_label")
    rows = list(csv.reader(io.StringIO(files["label.csv"].decode())))
    assert [row[:4] for row in rows] == [
        ["a.png", "cell", "40", "30"],
        ["a.png", CLASSES[1].name, "40", "30"],
        ["b.png", "cell", "40", "30"],
        ["c.png"],
    ]
    masks = [zlib.decompress(base64.b64decode(row[4])) for row in rows[:3]]
    assert all(set(mask) <= {0, 1} for mask in masks)
    found = [np.frombuffer(mask, np.uint8).reshape(SIZE).astype(bool) for mask in masks]
    assert np.array_equal(found[0], filled([TRIANGLE], SIZE))
    assert np.array_equal(found[2], ring())


def test_areas_of_one_class_become_one_mask() -> None:
    left, right = np.zeros(SIZE, bool), np.zeros(SIZE, bool)
    left[:, :10], right[:, 5:20] = True, True
    labels = [mask_label(0, 0, left, instance=1), mask_label(0, 0, right, instance=2)]
    files = exported(version(ExportSet("s", Task.SEGMENTATION, CLASSES, labels)), "image_label")
    ((*_, cell),) = csv.reader(io.StringIO(files["label.csv"].decode()))
    union = np.frombuffer(zlib.decompress(base64.b64decode(cell)), np.uint8).reshape(SIZE)
    assert np.array_equal(union, left | right)


def test_areas_come_back_as_they_were() -> None:
    made = version(areas(), boxes())
    files = exported(made, "image_label")
    assert {"areas.csv", "areas.shapes.jsonl", "boxes.csv"} <= files.keys()
    assert "boxes.shapes.jsonl" not in files
    root = MemoryRoot(files)
    inventory = read(root)
    assert content_of_inventory(inventory, root) == content_of_source(made)
    assert complaints(inventory) == set()
    assert places(inventory) == list(range(len(files)))


def test_boxes_on_planes_come_back_as_they_were() -> None:
    labels = [Label(0, Kind.BOX, 0, None, Box(1, 2, 3, 4), Shape(frame=frame)) for frame in (0, 5)]
    made = version(ExportSet("s", Task.DETECTION, CLASSES, labels))
    files = exported(made, "image_label")
    assert files["label.csv"] == b"a.png,cell,1,2,3,4\n" * 2
    assert read(files).annotation_sets[0].labels == labels


@pytest.mark.parametrize("data", [None, b"", b"{}\n", b"[[[\n", b"\xfe\n", b'{"path":1}\n', b"[" * 100_000])
def test_a_file_of_shapes_that_is_not_as_it_was_is_told_and_the_csv_is_read(data: bytes | None) -> None:
    labels = [Label(0, Kind.BOX, 0, None, Box(1, 2, 3, 4), Shape(frame=1))]
    files = exported(version(ExportSet("s", Task.DETECTION, CLASSES, labels)), "image_label")
    if data is None:
        del files["label.shapes.jsonl"]
    else:
        files["label.shapes.jsonl"] = data
    inventory = read(files)
    assert complaints(inventory) == {"shapes_unusable"}
    assert [label.box for label in inventory.annotation_sets[0].labels] == [Box(1, 2, 3, 4)]
    assert places(inventory) == list(range(len(files)))


def test_a_label_file_that_was_edited_counts_more_than_the_shapes_beside_it() -> None:
    labels = [Label(0, Kind.BOX, 0, None, Box(1, 2, 3, 4), Shape(frame=1))]
    files = exported(version(ExportSet("s", Task.DETECTION, CLASSES, labels)), "image_label")
    files["label.csv"] = b"a.png,cell,5,6,7,8\n"
    inventory = read(files)
    assert [label.box for label in inventory.annotation_sets[0].labels] == [Box(5, 6, 7, 8)]
    assert "sidecar_labels_changed" in complaints(inventory)
    assert places(inventory) == list(range(len(files)))


def test_a_file_of_shapes_is_never_read_as_a_label_file() -> None:
    files = exported(version(areas(), boxes()), "image_label")
    view = view_of(MemoryRoot(files))
    items = read(files).items
    members = [member for member in view.kept if view.paths[member].endswith((".csv", ".jsonl"))]
    tables = TableReader(view, items, ReaderOptions()).read(members)
    assert [made.name for made in tables.sets] == ["areas", "boxes"]
    assert sorted(tables.label_files) == members
    assert tables.findings == []


GOOD = {"path": "a", "kind": "polygon", "class": "cell", "value": 9.0, "box": [0, 0, 3, 3],
        "shape": {"parts": [[0, 0, 3, 0, 3, 3]]}}  # fmt: skip


def test_a_line_is_a_label() -> None:
    (label,) = read_lines(json.dumps(GOOD).encode(), {"a": 4}, CLASSES)
    assert label == Label(
        4, Kind.POLYGON, 0, 9.0, Box(0, 0, 3, 3), Shape(parts=((0.0, 0.0, 3.0, 0.0, 3.0, 3.0),))
    )


@pytest.mark.parametrize(
    "change",
    [
        {"path": "b"},
        {"path": None},
        {"kind": "blob"},
        {"kind": "mask"},
        {"kind": "line", "shape": {"parts": [[0, 0, 1, 1], [2, 2, 3, 3]]}},
        {"kind": "nothing"},
        {"class": "other"},
        {"value": "9"},
        {"value": True},
        {"box": [0, 0, 3]},
        {"box": None},
        {"box": [0, 0, 3, 10**400]},
        {"shape": None},
        {"shape": []},
        {"shape": {"parts": []}},
        {"shape": {"parts": [[0, 0, 1, 1]]}},
        {"shape": {"parts": [[0, 0, 3, 0, 3, 1e9]]}},
        {"shape": {"parts": [[0, 0, 3, 0, 3]]}},
        {"shape": {"parts": [["0", 0, 3, 0, 3, 3]]}},
        {"shape": {"parts": 7}},
        {"kind": "mask", "shape": {"size": [2, 2], "counts": "04"}, "value": 3.0},
        {"kind": "mask", "shape": {"size": [2, 2], "counts": "05"}, "value": 4.0},
        {"kind": "mask", "shape": {"size": [2, -2], "counts": "04"}},
        {"kind": "mask", "shape": {"size": [2**20, 2**20], "counts": "04"}},
        {"kind": "mask", "shape": {"size": [2], "counts": "04"}},
        {"kind": "mask", "shape": {"size": [2, 2], "counts": 4}},
        {"shape": {**GOOD["shape"], "instance": 1.5}},  # type: ignore[dict-item]
        {"shape": {**GOOD["shape"], "frame": -1}},  # type: ignore[dict-item]
    ],
)
def test_a_line_that_is_no_label_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_lines(json.dumps({**GOOD, **change}).encode(), {"a": 0}, CLASSES)
