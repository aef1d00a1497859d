"""The laws of reading LabelMe: the picture beside the file or inside it, nothing lost in silence."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.formats.memory_root import MemoryRoot, zip_root
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import flat_png
from triptych.core.errors import Refused
from triptych.core.labels import Kind, Task
from triptych.formats.base import Refusal, view_of
from triptych.formats.labelme.embedded import embedded_of
from triptych.formats.labelme.reader import LabelMeReader
from triptych.formats.registry import choose
from triptych.masks.runs import decode

PICTURE = flat_png(30, 20)


def shape(kind: str | None, *points: Any, label: Any = "cell", **more: Any) -> dict[str, Any]:
    found = {"label": label, "points": list(points), "group_id": None, "flags": {}}
    return found | ({} if kind is None else {"shape_type": kind}) | more


def document(*shapes: Any, name: Any = "a.png", data: Any = None, **more: Any) -> bytes:
    inside = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    written = {
        "version": "5.4.1",
        "flags": {},
        "shapes": list(shapes),
        "imagePath": name,
        "imageData": inside,
    }
    return json.dumps(written | more).encode()


def test_each_kind_of_shape_has_its_set() -> None:
    shapes = (
        shape("rectangle", [9, 7], [3, 2]),
        shape("polygon", [0, 0], [4, 0], [4, 3], label="edge", group_id=5),
        shape(None, [0, 0], [4, 0], [4, 3], label="edge"),
        shape("line", [0, 0], [4, 0], label="edge"),
        shape("linestrip", [0, 0], [4, 0], [4, 4], label="edge"),
        shape("point", [2, 1], label="edge"),
        shape("circle", [9, 9], [9, 5], label="ring"),
    )
    found = read({"a.json": document(*shapes), "a.png": PICTURE})
    by_name = {made.name: made for made in found.annotation_sets}
    assert {name: made.task for name, made in by_name.items()} == {
        "classification": Task.MULTI_LABEL, "detection": Task.DETECTION, "segmentation": Task.SEGMENTATION
    }  # fmt: skip
    assert labels_of(found, by_name["detection"]) == [("a.png", "cell", None, (3, 2, 6, 5))]
    assert [label.kind for label in by_name["segmentation"].labels] == [
        Kind.POLYGON, Kind.POLYGON, Kind.LINE, Kind.LINE, Kind.POINT, Kind.POLYGON
    ]  # fmt: skip
    first = by_name["segmentation"].labels[0].shape
    assert first is not None
    assert first.instance == 5
    assert {name for _, name, _, _ in labels_of(found, by_name["classification"])} == {"cell", "edge", "ring"}
    assert complaints(found) == {"lines_and_points"}
    assert "circle_as_polygon" in codes(found, "note")


def test_flags_that_are_true_are_classes_and_one_for_each_picture_is_single_label() -> None:
    found = read({"a.json": document(flags={"good": True, "bad": False}), "a.png": PICTURE})
    (made,) = found.annotation_sets
    assert (made.name, made.task) == ("classification", Task.SINGLE_LABEL)
    assert labels_of(found) == [("a.png", "good", None, None)]


def test_a_file_without_shapes_says_nothing_there() -> None:
    files = {"a.json": document(shape("rectangle", [0, 0], [2, 2])), "a.png": PICTURE}
    found = read(files | {"b.json": document(name="b.png"), "b.png": flat_png(3, 3)})
    for made in found.annotation_sets:
        assert [(label.item, label.kind) for label in made.labels if label.kind is Kind.NOTHING] == [
            (1, Kind.NOTHING)
        ]


@pytest.mark.parametrize(
    ("name", "picture", "file", "complaint"),
    [
        ("a.png", "a.png", "a.json", None),
        ("..\\img\\A.PNG", "img/a.png", "json/b.json", None),
        ("../img/a.png", "img/a.png", "json/b.json", None),
        ("C:\\Users\\me\\a.png", "x/a.png", "x/b.json", None),
        ("gone.png", "x/b.jpg", "x/b.json", None),
        (None, "b.png", "b.json", None),
        ("/data/a.png", "other/a.png", "b.json", "matched_by_name"),
    ],
)
def test_the_picture_is_found_from_the_file(
    name: Any, picture: str, file: str, complaint: str | None
) -> None:
    files = {
        file: document(shape("rectangle", [0, 0], [2, 2]), name=name),
        picture: PICTURE,
        "notes.txt": b"n",
    }
    found = read(files)
    assert [item.key for item in found.items] == [picture]
    assert not found.items[0].embedded
    assert complaints(found) - {complaint} == set()
    assert complaint is None or complaint in complaints(found)


def test_a_path_outside_the_source_finds_nothing_there() -> None:
    files = {
        "a.json": document(name="../../../etc/passwd"),
        "b.png": PICTURE,
        "b.json": document(name="b.png"),
    }
    found = read(files)
    assert complaints(found) == {"label_without_image"}
    assert places(found) == [0, 1, 2]


def test_a_picture_inside_the_file_is_the_item_of_that_member() -> None:
    found = read(
        {"x/a.json": document(shape("polygon", [0, 0], [4, 0], [4, 3]), data=PICTURE), "x/n.txt": b"n"}
    )
    (item,) = found.items
    assert (item.key, item.member, item.study, item.embedded) == ("a.png", 0, "a.png", True)
    assert found.label_files == []
    segmentation = found.annotation_sets[-1]
    assert segmentation.labels[0].value == 6.0
    assert "embedded_picture" in codes(found, "note")
    assert places(found) == [0, 1]


def test_a_real_picture_goes_before_the_one_inside() -> None:
    found = read({"a.json": document(data=flat_png(2, 2)), "a.png": PICTURE})
    assert [(item.key, item.embedded) for item in found.items] == [("a.png", False)]
    assert "embedded_picture_unused" in codes(found, "note")


def test_a_picture_inside_has_a_key_of_its_own() -> None:
    files = {
        "a.json": document(name="gone", data=PICTURE),
        "a.jpg/x.png": PICTURE,
        "z.json": document(data=PICTURE),
    }
    files |= {"b/a.json": document(name="gone.png", data=PICTURE)}
    found = read(files)
    assert [item.key for item in found.items] == ["a.jpg/x.png", "a.png", "b/a.png", "z.png"]


@pytest.mark.parametrize("data", ["!!!not base64", "aGVsbG8=", 7, ["x"], "é", "iVBORw0KGgo", {"a": 1}])
def test_what_is_no_picture_inside_is_left_out(data: Any) -> None:
    found = read({"a.json": document(name="gone.png", data=data), "b.png": PICTURE})
    assert complaints(found) - {"image_without_label"} == {"embedded_picture_bad"}
    assert [entry.code for entry in found.ignored] == ["embedded_picture_bad"]


@pytest.mark.parametrize(
    "wrong",
    [
        shape("polygon", [0, 0], [1, 1]),
        shape("polygon"),
        shape("polygon", [1e9, -5], [0, 0], [1, 1]),
        shape("polygon", ["0", 0], [1, 1], [2, 2]),
        shape("polygon", [0, 0, 0], [1, 1, 1], [2, 2, 2]),
        shape("rectangle", [0, 0]),
        shape("circle", [0, 0]),
        shape("line", [0, 0]),
        shape("star", [0, 0]),
        shape("mask", [0, 0], [1, 1], mask="x"),
        shape({"a": 1}, [0, 0], [1, 1], [2, 2]),  # type: ignore[arg-type]
        shape("rectangle", [0, 0], [1, 1], label=""),
        shape("rectangle", [0, 0], [1, 1], label=5),
        {"label": "x", "points": 3},
        "x",
        None,
    ],
)
def test_a_shape_that_is_none_is_left_out_with_its_place(wrong: Any) -> None:
    found = read({"a.json": document(shape("rectangle", [0, 0], [2, 2]), wrong), "a.png": PICTURE})
    assert complaints(found) == {"shape_unreadable"}
    finding = next(finding for finding in found.findings if finding.code == "shape_unreadable")
    assert finding.examples[0].startswith("a.json shape 1: ")
    assert len(found.annotation_sets[-1].labels) == 1


def png_of(mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> str:
    out = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_a_mask_stands_between_its_two_points() -> None:
    cut = np.array([[1, 0, 1], [0, 1, 1]], bool)
    made = shape("mask", [4, 6], [6, 7], mask=png_of(cut))
    found = read({"a.json": document(made), "a.png": PICTURE})
    label = found.annotation_sets[-1].labels[0]
    assert label.shape is not None
    drawn = decode(label.shape)
    assert drawn.shape == (20, 30)
    assert np.array_equal(drawn[6:8, 4:7], cut)
    assert label.value == drawn.sum() == 4


@pytest.mark.parametrize("points", [([29, 6], [31, 7]), ([-1, 6], [1, 7]), ([4, 6], [9, 7]), ([4, 6],)])
def test_a_mask_that_does_not_fit_is_left_out(points: Any) -> None:
    made = shape("mask", *points, mask=png_of(np.ones((2, 3), bool)))
    assert complaints(read({"a.json": document(made), "a.png": PICTURE})) == {"shape_unreadable"}


def test_sizes_of_the_file_count_and_lies_are_told() -> None:
    polygon = shape("polygon", [0, 0], [40, 0], [40, 40], [0, 40])
    files = {"a.png": PICTURE}
    told = read(files | {"a.json": document(polygon, imageHeight=40, imageWidth=40)})
    assert told.annotation_sets[-1].labels[0].value == 1600.0
    from_picture = read(files | {"a.json": document(polygon)})
    assert from_picture.annotation_sets[-1].labels[0].value == 600.0
    lie = read(files | {"a.json": document(polygon, imageHeight=10**9, imageWidth=10**9)})
    assert complaints(lie) == {"picture_size_unknown"}


def test_broken_files_are_left_out_and_the_others_read() -> None:
    files = {
        "a.json": document(shape("rectangle", [0, 0], [2, 2])),
        "a.png": PICTURE,
        "b.json": b"{",
        "c.json": b"[1]",
    }
    found = read(files)
    assert complaints(found) == {"label_file_unreadable"}
    assert {entry.code for entry in found.ignored} == {"label_file_unreadable", "not_a_picture"}
    assert places(found) == [0, 1, 2, 3]


@pytest.mark.parametrize("data", [b"{}", b'{"shapes": 3}', b'[{"shapes": []}]', b'{"a": "shapes"}'])
def test_an_unrelated_json_changes_nothing(data: bytes) -> None:
    view = view_of(MemoryRoot({"image/a.png": PICTURE, "settings.json": data}))
    assert isinstance(LabelMeReader().detect(view), Refusal)
    assert choose(view)[0].name == "image_only"


def test_labels_can_be_left_out_and_pictures_inside_stay() -> None:
    files = {"a.json": document(data=PICTURE), "b.json": document(name="b.png"), "b.png": PICTURE}
    found = read(files, labels="ignore")
    assert [item.key for item in found.items] == ["a.png", "b.png"]
    assert found.annotation_sets == []
    assert [(entry.member, entry.code) for entry in found.ignored] == [(1, "labels_ignored")]


def test_a_source_of_which_nothing_can_be_imported_is_refused_and_all_is_told() -> None:
    bad = {"a.json": document(name="../etc/passwd"), "b.json": document(name="b", data="!!"), "c.json": b"{"}
    with pytest.raises(Refused) as refused:
        read(bad)
    assert refused.value.code == "nothing_to_import"
    told = {finding.code for finding in refused.value.findings}
    assert {"label_without_image", "embedded_picture_bad", "label_file_unreadable"} <= told


def test_the_hostile_upload_beside_a_picture_is_left_out_and_told(real_data: Any) -> None:
    root = zip_root(real_data / "hostile" / "7_domain" / "labelme_bad.zip")
    files = {member.path: root.read(member) for member in root.members} | {"other.png": PICTURE}
    found = read(files)
    assert [item.key for item in found.items] == ["other.png"]
    assert len(found.ignored) == 3
    assert {"label_without_image", "embedded_picture_bad", "label_file_unreadable"} <= complaints(found)


@given(st.text(max_size=50))
def test_any_text_is_a_picture_inside_or_none(text: str) -> None:
    assert embedded_of(text) is None


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.sampled_from(["polygon", "mask", "a.png", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["label", "points", "shape_type", "group_id", "mask"]), inner, max_size=5
        )
    ),
    max_leaves=15,
)


@given(VALUES, VALUES, VALUES)
def test_any_document_is_read_or_left_out(shapes: Any, name: Any, flags: Any) -> None:
    files = {"a.json": document(shapes, name=name, flags=flags), "a.png": PICTURE}
    found = read(files, "labelme")
    assert places(found) == [0, 1]
