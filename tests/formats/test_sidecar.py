"""The laws of triptych.json: what is written is read, and what is broken is reported and not used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import complaints, read
from tests.formats.samples import png, source
from triptych.core.dataset import Part
from triptych.core.labels import LabelClass, Task
from triptych.formats.registry import find_format
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump, parse

WHOLE = Sidecar(
    "image_label",
    "birds",
    3,
    "planar",
    (
        SidecarItem("image/a.png", "a", "s", None, 4, Part.TEST),
        SidecarItem("image/b", "b/\u2028", "s", "1", None, None),
    ),
    (
        SidecarSet("x", Task.DETECTION, (LabelClass(3, "=1", "#aabbcc", 0.5, 1.5),), "x.csv", "00"),
        SidecarSet("", Task.SINGLE_LABEL, (LabelClass(0, "a", "#aabbcc"),), folders=(("f/g", 0),)),
    ),
)


def test_what_is_written_is_read() -> None:
    assert parse(dump(WHOLE)) == WHOLE


def export() -> dict[str, bytes]:
    return dict(find_format("image_label").load_writer().write(source()))


def changed(**values: Any) -> bytes:
    return json.dumps(json.loads(export()["triptych.json"]) | values).encode()


def set_with(**values: Any) -> dict[str, Any]:
    return {"name": "s", "task": "detection", "classes": []} | values


def class_with(**values: Any) -> dict[str, Any]:
    return {"id": 0, "name": "c", "color": "#000000", "opacity": 1, "weight": None} | values


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"type": "triptych-export", "version": 1}',
        changed(type="x"), changed(version=2), changed(items=[["a"]]), changed(items="x"),
        changed(items=[["../a.png", "k", "s", None, None, None]]),
        changed(items=[["a.png", "/etc/passwd", "s", None, None, None]]),
        changed(items=[["a.png", "k", "s", None, None, "holdout"]]),
        changed(items=[["a.png", "k", "s", None, -1, None]]),
        changed(items=[["a.png", "k", "s", None, True, None]]),
        changed(items=[["a.png", "k", "", None, None, None]]),
        changed(items=[["a.png", "\ud800", "s", None, None, None]]),
        changed(items=[["a.png", "k", "s", None, None, None], ["b.png", "k", "s", None, None, None]]),
        changed(columns=["path"]), changed(sets=[{}]), changed(sets=[set_with(task="sing")]),
        changed(sets=[set_with(), set_with()]),
        changed(sets=[set_with(classes=[class_with(color="red")])]),
        changed(sets=[set_with(classes=[class_with(), class_with()])]),
        changed(sets=[set_with(classes=[class_with(opacity=float("nan"))])]),
        changed(sets=[set_with(classes=[class_with(opacity=2)])]),
        changed(sets=[set_with(folders=[["a", 7]])]),
        changed(sets=[set_with(file="../x.csv")]),
    ],
)  # fmt: skip
def test_a_broken_sidecar_is_reported_and_not_used(data: bytes) -> None:
    files = export()
    files["triptych.json"] = data
    inventory = read(files)
    assert "sidecar_unreadable" in complaints(inventory)
    member = list(files).index("triptych.json")
    assert [entry.code for entry in inventory.ignored if entry.member == member] == ["sidecar_unreadable"]
    assert len(inventory.items) == 4


def test_pictures_added_to_an_export_and_taken_from_it_are_reported() -> None:
    files = export()
    del files["image/d.png"]
    inventory = read(files | {"image/new.png": png(99)})
    assert len(inventory.items) == 4
    assert {"sidecar_incomplete", "sidecar_member_missing"} <= complaints(inventory)


def test_a_label_file_taken_from_an_export_is_reported() -> None:
    files = export()
    del files["several.csv"]
    assert "sidecar_labels_missing" in complaints(read(files))


def test_a_sidecar_that_cannot_be_read_is_reported() -> None:
    root = MemoryRoot(export())
    root.damaged.add("triptych.json")
    assert "sidecar_unreadable" in complaints(read(root))
