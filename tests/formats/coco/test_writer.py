"""Exports as COCO, read by the COCO API itself."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pycocotools.coco import COCO

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
from tests.formats.memory_root import zip_root
from tests.formats.memory_source import MemorySource
from tests.formats.reading import read
from triptych.core.dataset import PARTS, Modality, Part
from triptych.core.errors import InvalidInput
from triptych.core.labels import Box, Kind, Label, LabelClass, Shape, Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format
from triptych.masks import runs
from triptych.masks.polygons import filled

if TYPE_CHECKING:
    from pathlib import Path


def opened(data: bytes, folder: Path) -> Any:
    """A document as the COCO API opens it."""
    path = folder / "document.json"
    path.write_bytes(data)
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def mask_of(coco: Any, annotation: dict[str, Any]) -> Any:
    """What the COCO API says that an annotation covers (y, x)."""
    form = coco.annToRLE(annotation)
    counts = form["counts"] if isinstance(form["counts"], str) else form["counts"].decode()
    return runs.decode(Shape(size=(form["size"][0], form["size"][1]), counts=counts))


def test_boxes_are_what_the_coco_api_reads(tmp_path: Path) -> None:
    files = exported(version(boxes()), "coco")
    coco = opened(files["annotations/instances.json"], tmp_path)
    assert [image["file_name"] for image in coco.loadImgs(coco.getImgIds())] == [
        "a.png",
        "b.png",
        "c.png",
    ]
    assert all(f"images/{image['file_name']}" in files for image in coco.dataset["images"])
    found = [
        (a["image_id"], a["category_id"], a["bbox"], a["area"], a["iscrowd"]) for a in coco.anns.values()
    ]
    assert found == [
        (1, 1, [2, 3, 10, 5], 50, 0),
        (1, 2, [0.5, 1.25, 7.125, 9.75], 7.125 * 9.75, 0),
        (2, 2, [35, -4, 10, 10], 100, 0),
        (2, 1, [50, 50, 3, 3], 9, 0),
    ]
    assert [(c["id"], c["name"]) for c in coco.loadCats(coco.getCatIds())] == [
        (1, "cell"),
        (2, CLASSES[1].name),
    ]
    assert coco.dataset["categories"][0]["color"] == [0x00, 0x72, 0xB2]
    assert coco.getAnnIds(imgIds=[3]) == []
    assert "images/ward/d.png" in files


def test_areas_cover_the_same_pixels(tmp_path: Path) -> None:
    made = version(areas())
    coco = opened(exported(made, "coco")["annotations/instances.json"], tmp_path)
    first, second, mask = coco.anns.values()
    drawn = [label for label in made.sets[0].labels if label.kind in (Kind.POLYGON, Kind.MASK)]
    assert np.array_equal(mask_of(coco, first), filled([TRIANGLE], SIZE))
    assert len(second["segmentation"]) == 2
    assert np.array_equal(mask_of(coco, mask), ring())
    for annotation, label in zip((first, second, mask), drawn, strict=True):
        assert annotation["area"] == label.value == mask_of(coco, annotation).sum()
        assert annotation["bbox"] == list(label.box or ())
        assert annotation["iscrowd"] == 0


def test_parts_have_a_document_each(tmp_path: Path) -> None:
    parts = (Part.TRAIN, Part.VALIDATION, Part.TEST, None)
    files = exported(version(boxes(), parts=parts), "coco")
    documents = [path for path in files if path.startswith("annotations/")]
    assert documents == [f"annotations/instances{end}.json" for end in ("_train", "_val", "_test", "")]
    held = [[image["id"] for image in opened(files[path], tmp_path).dataset["images"]] for path in documents]
    assert held == [[1], [2], [3], []]
    validation = opened(files[documents[1]], tmp_path)
    assert [a["image_id"] for a in validation.anns.values()] == [2, 2]


def test_several_sets_have_a_document_each() -> None:
    files = exported(version(boxes("first"), areas("First"), boxes("x/y")), "coco")
    assert [path for path in files if path.startswith("annotations/")] == [
        "annotations/first.json",
        "annotations/First_2.json",
        "annotations/x_y.json",
    ]


@pytest.mark.parametrize(
    ("made", "expected"), [(single(), [(1, 1), (2, 2), (3, 2)]), (several(), [(1, 1), (2, 1), (2, 2)])]
)
def test_classes_of_pictures_have_no_bbox(
    made: ExportSet, expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    coco = opened(exported(version(made), "coco")["annotations/image_labels.json"], tmp_path)
    assert [(a["image_id"], a["category_id"]) for a in coco.anns.values()] == expected
    assert not any("bbox" in a for a in coco.anns.values())
    assert "note" in coco.dataset["info"]
    assert coco.getImgIds(catIds=[2]) == [number for number, known in expected if known == 2]


def test_documents_of_sets_and_parts_never_share_a_name() -> None:
    made = version(boxes("x"), boxes("x_train"), parts=(Part.TRAIN, None, None, None))
    paths = [path for path, _ in find_format("coco").load_writer().write(made)]
    assert len([path for path in paths if path.startswith("annotations/")]) == 4
    assert len(paths) == len(set(paths))


def test_ids_stay_where_none_is_zero(tmp_path: Path) -> None:
    known = [LabelClass(3, "x", "#000000"), LabelClass(9, "y", "#000000")]
    made = version(ExportSet("s", Task.DETECTION, known, [Label(0, Kind.BOX, 9, None, Box(1, 1, 1, 1))]))
    coco = opened(exported(made, "coco")["annotations/instances.json"], tmp_path)
    assert coco.getCatIds() == [3, 9]
    assert coco.anns[1]["category_id"] == 9
    assert "classes_renumbered" not in lost(made, "coco")


def test_what_is_lost_is_counted() -> None:
    assert lost(version(areas()), "coco") == {
        "points_not_exported": 2,
        "classes_renumbered": 2,
        "in_triptych_json_alone": 1,
    }
    assert lost(version(several()), "coco")["absent_not_exported"] == 1
    assert lost(version(boxes(), ExportSet("h", Task.REGRESSION, [], [])), "coco")["set_not_exported"] == 1


def test_planes_and_numbers_of_objects_are_keys_of_our_own() -> None:
    labels = [Label(0, Kind.BOX, 0, None, Box(1, 1, 1, 1), Shape(frame=frame)) for frame in (0, 1, 2)]
    made = version(ExportSet("s", Task.DETECTION, CLASSES, labels))
    rows = json.loads(exported(made, "coco")["annotations/instances.json"])["annotations"]
    assert [row["frame"] for row in rows] == [0, 1, 2]
    assert not any("instance" in row for row in rows)
    rows = json.loads(exported(version(areas()), "coco")["annotations/instances.json"])["annotations"]
    assert [row.get("instance") for row in rows] == [None, 7, 3]


def test_a_picture_whose_labels_are_all_lost_is_not_listed() -> None:
    point = Label(1, Kind.POINT, 0, None, Box(3.0, 4.0, 0.0, 0.0), Shape(((3.0, 4.0),)))
    made = version(ExportSet("s", Task.SEGMENTATION, CLASSES, [point, Label(2, Kind.NOTHING)]))
    listed = json.loads(exported(made, "coco")["annotations/instances.json"])["images"]
    assert [image["file_name"] for image in listed] == ["c.png"]


def test_pictures_that_are_dicom_are_written_and_told() -> None:
    made = version(boxes())
    made.items[0] = made.items[0]._replace(key="scan", format="dicom")
    made.contents["scan"] = made.contents["a.png"]
    assert exported(made, "coco")["images/scan.dcm"] == made.contents["scan"]
    counts = lost(made, "coco")
    assert (counts["pictures_are_dicom"], counts["names_changed"]) == (1, 1)


def test_a_version_without_a_set_that_fits_is_refused() -> None:
    for sets in ((), (ExportSet("h", Task.REGRESSION, [], []),)):
        with pytest.raises(InvalidInput) as refused:
            next(iter(find_format("coco").load_writer().write(version(*sets))))
        assert refused.value.code == "format_cannot_hold"


def test_real_boxes_are_what_the_coco_api_reads(real_data: Path, tmp_path: Path) -> None:
    root = zip_root(real_data / "images" / "blood_cells__image_label6.zip")
    inventory = read(root)
    (found,) = inventory.annotation_sets
    made = MemorySource("blood", 1, Modality.PLANAR)
    for item in inventory.items:
        made.add(item.key, root.read(root.members[item.member]), part=PARTS[len(made.items) % 3])
    made.items = [item._replace(width=640, height=480, format="jpeg") for item in made.items]
    made.sets = [ExportSet(found.name, found.task, found.classes, found.labels)]
    files = exported(made, "coco")
    boxes_read: list[list[float]] = []
    for part in ("train", "val", "test"):
        coco = opened(files[f"annotations/instances_{part}.json"], tmp_path)
        boxes_read += [annotation["bbox"] for annotation in coco.anns.values()]
    assert sorted(boxes_read) == sorted(list(label.box) for label in found.labels if label.box)
    assert len(boxes_read) == 4888
