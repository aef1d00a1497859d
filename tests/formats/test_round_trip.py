"""What is exported and added again is the same dataset, whatever the names."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.drawn_source import version
from tests.formats.memory_root import MemoryRoot
from tests.formats.memory_source import MemorySource, content_of_inventory, content_of_source
from tests.formats.samples import png, source
from triptych.core.dataset import PARTS, Modality
from triptych.core.errors import InvalidInput
from triptych.core.findings import Severity
from triptych.core.labels import Box, Kind, Label, LabelClass, Shape, Task
from triptych.core.names import natural_key
from triptych.formats.base import ExportSet, ReaderOptions, view_of
from triptych.formats.losses import LABEL_TASKS
from triptych.formats.registry import FORMATS, choose, find_format
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory

WRITERS = [spec.name for spec in FORMATS if spec.writer and spec.modality is Modality.PLANAR]

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "'", "''x", '"', '""', "a,b", "a;b", "a\nb", "a\r\nb",
    "\r", " a ", "#", "001", "1.5", "..a", "nothing to label", "Nothing To Label", "é", "e\u0301", "病灶",
    "📷", "CON", "x~", "._y", "Thumbs.db", "__MACOSX", "label.csv", "triptych.json", "image", "Classes",
    "<b>", "a\\b", "%2e%2e", "a" * 300, "series1", "nan", "sep=;", "\u00a0", ".hidden", "a:b", "\x7f", "a\x00",
]  # fmt: skip
ENDINGS = [".png", ".PNG", "", ".csv", ".tmp", ".jpg"]

words = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
)
parts_of_keys = words.map(lambda text: text.replace("/", "_").replace("\0", "_")).filter(
    lambda text: text not in (".", "..")
)
keys = st.builds(
    lambda folders, base, end: "/".join([*folders, base + end]),
    st.lists(parts_of_keys, max_size=2),
    parts_of_keys,
    st.sampled_from(ENDINGS),
)
numbers = st.one_of(
    st.integers(-5, 5000).map(float),
    st.floats(-1e6, 1e6, allow_nan=False, allow_infinity=False).map(lambda v: v + 0.0),
)
sizes = st.floats(0, 1e6, allow_nan=False, allow_infinity=False)


@st.composite
def classes(draw: st.DrawFn) -> list[LabelClass]:
    names = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    ids = draw(st.lists(st.integers(0, 99), min_size=len(names), max_size=len(names), unique=True))
    return [
        LabelClass(
            number,
            name,
            draw(st.sampled_from(["#0072B2", "#abcdef"])),
            draw(st.sampled_from([1.0, 0.25])),
            draw(st.one_of(st.none(), st.floats(0, 10))),
        )
        for number, name in zip(ids, names, strict=True)
    ]


instances = st.one_of(st.none(), st.integers(-3, 9))
frames = st.one_of(st.none(), st.integers(0, 3))
masks = st.lists(st.booleans(), min_size=4, max_size=4).map(lambda bits: np.array(bits, bool).reshape(2, 2))
coordinates = st.lists(st.floats(-3, 5, allow_nan=False), min_size=6, max_size=12).map(
    lambda found: tuple(value + 0.0 for value in found[: len(found) // 2 * 2])
)


@st.composite
def areas(draw: st.DrawFn, item: int, class_id: int) -> Label:
    """A polygon, a mask, a point or a line on a picture of 2 by 2 pixels."""
    instance, frame = draw(instances), draw(frames)
    kind = draw(st.sampled_from([Kind.POLYGON, Kind.MASK, Kind.POINT, Kind.LINE]))
    if kind is Kind.MASK:
        return runs.mask_label(item, class_id, draw(masks), instance=instance, frame=frame)
    parts = draw(st.lists(coordinates, min_size=1, max_size=3))
    if kind is Kind.POLYGON:
        return polygons.polygon_label(item, class_id, parts, (2, 2), instance=instance, frame=frame)
    part = parts[0][:2] if kind is Kind.POINT else parts[0][:4]
    return Label(
        item, kind, class_id, None, polygons.box_around([part]), Shape((part,), None, None, instance, frame)
    )


@st.composite
def sets(draw: st.DrawFn, name: str, items: int) -> ExportSet:
    task = draw(st.sampled_from([Task.SINGLE_LABEL, Task.MULTI_LABEL, Task.DETECTION, Task.SEGMENTATION]))
    known = draw(classes())
    labels: list[Label] = []
    for item in range(items):
        chosen = draw(st.sampled_from(known)).id
        if draw(st.booleans()):
            continue
        if draw(st.integers(0, 5)) == 0:
            labels.append(Label(item, Kind.NOTHING))
        elif task is Task.DETECTION:
            box = Box(draw(numbers), draw(numbers), draw(sizes), draw(sizes))
            frame = draw(frames)
            shape = None if frame is None else Shape(frame=frame)
            labels.append(Label(item, Kind.BOX, chosen, None, box, shape))
        elif task is Task.SEGMENTATION:
            labels += [draw(areas(item, chosen)) for _ in range(draw(st.integers(1, 2)))]
        else:
            value = draw(st.sampled_from([0.0, 1.0])) if task is Task.MULTI_LABEL else None
            labels.append(Label(item, Kind.CLASS, chosen, value))
    return ExportSet(name, task, known, labels)


@st.composite
def sources(draw: st.DrawFn) -> MemorySource:
    made = MemorySource(draw(words), 1, Modality.PLANAR)
    found = draw(st.lists(keys, min_size=1, max_size=6, unique=True))
    for number, key in enumerate(sorted(found, key=natural_key)):
        position = draw(st.one_of(st.none(), st.integers(0, 9)))
        made.add(
            key,
            png(number),
            study=draw(st.one_of(st.none(), words)),
            series=draw(st.one_of(st.none(), words)),
            position=position,
            part=draw(st.one_of(st.none(), st.sampled_from(PARTS))),
        )
    for name in draw(st.lists(words, max_size=3, unique=True)):
        made.sets.append(draw(sets(name, len(found))))
    return made


def export(made: MemorySource, name: str) -> dict[str, bytes]:
    """The files of an export; no path twice, none that climbs."""
    files: dict[str, bytes] = {}
    for path, data in find_format(name).load_writer().write(made):
        assert path not in files
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/"))
        assert "\\" not in path
        assert path.isprintable() or not any(ord(letter) < 32 for letter in path)
        files[path] = data
    return files


def read_again(files: dict[str, bytes]) -> tuple[Inventory, MemoryRoot]:
    root = MemoryRoot(files)
    view = view_of(root)
    spec, _ = choose(view)
    return spec.load_reader().inventory(view, ReaderOptions()), root


@pytest.mark.parametrize("name", ["image_label", "parquet"])
@settings(deadline=None, max_examples=150)
@given(made=sources())
def test_what_is_exported_and_added_again_is_the_same(name: str, made: MemorySource) -> None:
    writer = find_format(name).load_writer()
    assert writer.losses(made) == []
    inventory, root = read_again(export(made, name))
    assert content_of_inventory(inventory, root) == content_of_source(made)
    assert [finding.code for finding in inventory.findings if finding.severity != Severity.NOTE] == []


@settings(deadline=None, max_examples=150)
@given(made=sources())
def test_class_folders_keep_the_pictures_of_one_class(made: MemorySource) -> None:
    writer = find_format("class_folders").load_writer()
    chosen = next((entry for entry in made.sets if entry.task is Task.SINGLE_LABEL), None)
    labels = [] if chosen is None else [label for label in chosen.labels if label.kind is Kind.CLASS]
    if chosen is None:
        with pytest.raises(InvalidInput) as refused:
            list(writer.write(made))
        assert refused.value.code == "format_cannot_hold"
        return
    kept = MemorySource(made.name, 1, Modality.PLANAR, contents=made.contents)
    kept.items = [made.items[label.item] for label in labels]
    kept.sets = [
        ExportSet(chosen.name, chosen.task, chosen.classes,
                  [label._replace(item=index) for index, label in enumerate(labels)])
    ]  # fmt: skip
    files = export(made, "class_folders")
    lost = sum(f.count for f in writer.losses(made) if f.code == "item_not_exported")
    assert lost == len(made.items) - len(labels)
    if labels:
        inventory, root = read_again(files)
        assert content_of_inventory(inventory, root) == content_of_source(kept)


@pytest.mark.parametrize("name", WRITERS)
def test_pictures_leave_unchanged(name: str) -> None:
    made = source()
    files = export(made, name)
    listed = json.loads(files["triptych.json"]).get("items")
    paths = [row[0] for row in listed] if listed else [path for path in files if path.startswith("image/")]
    assert sorted(files[path] for path in paths) == sorted(made.contents.values())


@pytest.mark.parametrize("name", WRITERS)
@settings(deadline=None, max_examples=60)
@given(made=sources())
def test_any_version_leaves_or_is_refused_before_the_first_byte(name: str, made: MemorySource) -> None:
    writer = find_format(name).load_writer()
    lost = writer.losses(made)
    assert all(finding.message.endswith((".", ". The count is of pixels.")) for finding in lost)
    assert all(finding.count >= 1 for finding in lost)
    assert writer.losses(made) == lost
    refused: InvalidInput | None = None
    files: dict[str, bytes] = {}
    try:
        files = export(made, name)
    except InvalidInput as error:
        refused = error
    if refused is not None:
        assert refused.code == "format_cannot_hold"
        assert not made.sets or {f.code for f in lost} & {"set_not_exported", "item_not_exported"}
        return
    assert export(made, name) == files
    assert "triptych.json" in files


def _plain(task: Task) -> MemorySource:
    """Pictures that are all in a part and have labels that the formats of others can hold."""
    square = (2.0, 3.0, 12.0, 3.0, 12.0, 8.0, 2.0, 8.0)
    made = version(parts=(*PARTS, PARTS[0]))
    labels = {
        Task.DETECTION: [Label(i, Kind.BOX, i % 2 + 1, None, Box(2.0, 3.0 + i, 10.0, 5.0)) for i in range(3)],
        Task.SEGMENTATION: [polygons.polygon_label(i, i % 2 + 1, [square], (30, 40)) for i in range(3)],
    }
    known = [LabelClass(1, "cell", "#0072B2"), LabelClass(2, "b", "#123456", 0.5, 2.0)]
    made.sets = [ExportSet("kept", task, known, [*labels[task], Label(3, Kind.NOTHING)])]
    return made


@pytest.mark.parametrize(
    ("name", "task"),
    [(name, Task.DETECTION) for name in ("coco", "labelme", "voc", "yolo")]
    # VOC has areas as pixels, which become labels when they are decoded.
    + [(name, Task.SEGMENTATION) for name in ("coco", "labelme", "yolo")],
)
def test_plain_labels_come_back_from_the_formats_of_others(name: str, task: Task) -> None:
    made = _plain(task)
    lost = find_format(name).load_writer().losses(made)
    assert [finding.code for finding in lost if finding.severity != Severity.NOTE] == []
    inventory, root = read_again(export(made, name))
    found = content_of_inventory(inventory, root)
    expected = content_of_source(made)
    assert inventory.format == name
    if all(finding.code == "in_triptych_json_alone" for finding in lost):
        assert found == expected
    assert found["items"] == expected["items"]
    assert [entry.name for entry in inventory.annotation_sets] == ["kept"]
    (back,) = inventory.annotation_sets
    assert (back.task, back.classes) == (task, made.sets[0].classes)
    assert len(back.labels) == len(list(made.sets[0].labels))
    for label, before in zip(back.labels, made.sets[0].labels, strict=True):
        assert label[:4] == before[:4]
        assert label.box == pytest.approx(before.box, abs=1e-6)


TOLD_AND_GIVEN_BACK = {
    "classes_renumbered", "class_name_changed", "in_triptych_json_alone", "names_changed", "pictures_are_dicom",
    "unassigned_not_listed", "export_without_split",
}  # fmt: skip
"""What other programs meet, and triptych.json gives back."""


@pytest.mark.parametrize("name", ["coco", "labelme", "voc", "yolo"])
@settings(deadline=None, max_examples=150)
@given(made=sources())
def test_what_no_finding_calls_lost_comes_back(name: str, made: MemorySource) -> None:
    writer = find_format(name).load_writer()
    if {finding.code for finding in writer.losses(made)} - TOLD_AND_GIVEN_BACK:
        return
    if not any(entry.task in LABEL_TASKS for entry in made.sets):
        return  # nothing fits: it is refused
    inventory, root = read_again(export(made, name))
    found, expected = content_of_inventory(inventory, root), content_of_source(made)
    # Areas in VOC are pictures, which become labels when they are decoded.
    drawn = {entry.name for entry in made.sets if name == "voc" and entry.task is Task.SEGMENTATION}
    for kept in (found, expected):
        kept["sets"] = {key: value for key, value in kept["sets"].items() if key not in drawn}
    assert found == expected
    assert inventory.format == name
    assert [entry.name for entry in inventory.annotation_sets if entry.name not in drawn] == [
        entry.name for entry in made.sets if entry.name not in drawn
    ]


def test_a_document_of_coco_changed_after_the_export_is_read_as_any() -> None:
    made = _plain(Task.SEGMENTATION)
    files = export(made, "coco")
    path = "annotations/instances_train.json"
    document = json.loads(files[path])
    document["annotations"][0]["bbox"] = [1, 1, 2, 2]
    files[path] = json.dumps(document).encode()
    inventory, _ = read_again(files)
    assert [entry.name for entry in inventory.annotation_sets] == [
        "instances_detection", "instances_segmentation"
    ]  # fmt: skip
    assert "sidecar_labels_changed" in {finding.code for finding in inventory.findings}
    assert [item.key for item in inventory.items] == [item.key for item in made.items]


def test_of_two_sets_in_coco_the_one_that_was_not_changed_stays_what_it_was() -> None:
    made = _plain(Task.DETECTION)
    made.sets.append(made.sets[0]._replace(name="other"))
    files = export(made, "coco")
    del files["annotations/other_val.json"]
    inventory, _ = read_again(files)
    first, *rest = inventory.annotation_sets
    assert (first.name, first.classes, len(first.labels)) == ("kept", made.sets[0].classes, 4)
    # Of the second set two documents are left, which are read as those of others are.
    assert [entry.task for entry in rest] == [Task.DETECTION]
    assert [known.opacity for known in rest[0].classes] == [1.0, 1.0]
    assert "sidecar_labels_changed" in {finding.code for finding in inventory.findings}


@pytest.mark.parametrize("name", ["coco", "labelme", "voc", "yolo"])
def test_an_export_of_before_is_read_by_names_and_tasks(name: str) -> None:
    made = _plain(Task.DETECTION)
    files = export(made, name)
    sidecar = json.loads(files["triptych.json"])
    for entry in sidecar["sets"]:
        for key in ("files", "covered", "written", "numbered"):
            entry.pop(key, None)
    files["triptych.json"] = json.dumps(sidecar).encode()
    inventory, _ = read_again(files)
    (found,) = inventory.annotation_sets
    assert (found.name, found.task, found.classes) == ("kept", Task.DETECTION, made.sets[0].classes)


def test_formulas_leave_as_text_and_come_back_as_they_were() -> None:
    made = MemorySource("sheet", 1, Modality.PLANAR)
    made.add("=1+1.png", png(1))
    known = [LabelClass(0, "=cmd|' /C calc'!A0", "#0072B2")]
    made.sets.append(ExportSet("label", Task.SINGLE_LABEL, known, [Label(0, Kind.CLASS, 0)]))
    files = export(made, "image_label")
    assert (
        files["label.csv"]
        == b"""'=1+1.png,"'=cmd|' /C calc'!A0"
"""
    )
    inventory, _ = read_again(files)
    assert inventory.items[0].key == "=1+1.png"
    assert inventory.annotation_sets[0].classes == known


def test_a_label_file_changed_after_the_export_is_read_as_it_stands() -> None:
    made = source()
    made.sets = made.sets[1:2]
    files = export(made, "image_label")
    files["label.csv"] = b"d.png,=cmd,1,2,3,4\r\nd.png,new,1,2,3,4\r\n"
    inventory, _ = read_again(files)
    found = inventory.annotation_sets[0]
    assert found.name == "boxes, 2"
    assert [(entry.id, entry.name, entry.opacity) for entry in found.classes] == [
        (0, "=cmd", 0.5),
        (1, "new", 1.0),
    ]
    assert [label.box for label in found.labels] == [Box(1, 2, 3, 4)] * 2
    assert {"sidecar_labels_changed", "class_added"} <= {finding.code for finding in inventory.findings}


def test_sets_whose_labels_are_pictures_are_reported_as_lost() -> None:
    made = source()
    made.sets.append(ExportSet("heights", Task.REGRESSION, [], []))
    for name in WRITERS:
        losses = find_format(name).load_writer().losses(made)
        assert any(f.code == "set_not_exported" and "heights" in f.examples for f in losses)
    inventory, _ = read_again(export(made, "parquet"))
    assert "heights" not in {found.name for found in inventory.annotation_sets}


@pytest.mark.parametrize(
    "lie",
    [
        {"covered": [[0, 5]]}, {"covered": [[-1, 1]]}, {"covered": [[0, 10**12]]}, {"covered": [[1, 1], [0, 1]]},
        {"covered": [[0, 2], [1, 1]]}, {"covered": [[0, 0]]}, {"covered": 3}, {"covered": [[0, 1, 2]]},
        {"covered": [[0.0, 1]]}, {"written": [["x", 99]]}, {"written": [["x", 1], ["x", 2]]},
        {"written": [[3, 1]]}, {"files": [["../a.json", "00"]]}, {"files": [["a.json", 3]]}, {"files": "x"},
        {"files": [["a.json"]]}, {"numbered": 1},
    ],
)  # fmt: skip
def test_a_sidecar_that_lies_about_its_sets_is_not_used(lie: dict[str, Any]) -> None:
    files = export(_plain(Task.DETECTION), "coco")
    sidecar = json.loads(files["triptych.json"])
    sidecar["sets"][0] |= lie
    files["triptych.json"] = json.dumps(sidecar).encode()
    inventory, _ = read_again(files)
    assert "sidecar_unreadable" in {finding.code for finding in inventory.findings}
    assert [entry.task for entry in inventory.annotation_sets] == [Task.DETECTION]


def test_files_that_are_described_and_are_no_coco_are_told() -> None:
    files = export(_plain(Task.DETECTION), "coco")
    sidecar = json.loads(files["triptych.json"])
    data = b'{"images": 3, "annotations": [], "categories": []}'
    files["annotations/x.json"] = data
    sidecar["sets"].append(
        {**sidecar["sets"][0], "name": "x", "files": [["annotations/x.json", sha256(data).hexdigest()]]}
    )
    files["triptych.json"] = json.dumps(sidecar).encode()
    inventory, _ = read_again(files)
    assert [entry.name for entry in inventory.annotation_sets] == ["kept"]
    assert {"sidecar_labels_changed", "label_file_unreadable"} <= {f.code for f in inventory.findings}


def test_an_area_drawn_in_voc_is_one_set_and_not_two() -> None:
    made = _plain(Task.SEGMENTATION)
    inventory, root = read_again(export(made, "voc"))
    (found,) = inventory.annotation_sets
    assert (found.name, found.classes) == ("kept", made.sets[0].classes)
    for mask in found.masks:
        assert mask.objects is not None
        assert root.members[mask.objects].path.startswith("SegmentationObject/")
        assert (mask.class_ids, mask.numbered, mask.ignore) == ((1, 2), False, (255,))
    assert [mask.item for mask in found.masks] == [0, 1, 2, 3]
