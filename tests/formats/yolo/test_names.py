"""The laws of names of classes: what the YOLO tools write is read as a YAML reader reads it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.dataset import Part
from triptych.formats.yolo.names import names_of_lines, names_of_yaml

yaml: Any = pytest.importorskip("yaml")

FILES = [
    "names: [cat, dog]\n",
    "names: ['a, b', \"c # d\", e f]  # two\nnc: 2\n",
    "names:\n  0: cat\n  1: 'it''s'\n  7: \"a: b\"\n",
    "names:\n- cat\n- dog\ntrain: images/train\n",
    "names:\n  - cat\n  - 'dog # 2'\n\n# end\nnc: 2\n",
    "path: ../x\ntrain: images/train\nnames:\n    0: person # first\n    1: bicycle\n\ndownload: |\n  some script\n",
    "names: [\n  'a',\n  'b',\n]\nnc: 2\n",
    "names: {0: cat, 1: dog}\n",
    "---\nnames:\n  0: café\n",
]


@pytest.mark.parametrize("text", FILES)
def test_names_are_those_of_an_independent_reader(text: str) -> None:
    told = yaml.safe_load(text)["names"]
    expected = dict(enumerate(told)) if isinstance(told, list) else told
    assert names_of_yaml(text).names == expected
    assert names_of_yaml(text).unclear == []


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), min_size=1)


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=6), st.sampled_from([None, False]))
def test_names_as_a_writer_writes_them_are_read(names: list[str], flow: bool | None) -> None:
    text = yaml.safe_dump({"names": names}, default_flow_style=flow, width=10**9)
    assert names_of_yaml(text).names == dict(enumerate(names))
    text = yaml.safe_dump({"names": dict(enumerate(names))}, default_flow_style=False, width=10**9)
    assert names_of_yaml(text).names == dict(enumerate(names))


def test_folders_have_parts_and_key_points_are_known() -> None:
    found = names_of_yaml("train: ../train/images\nval: [a/val, b/val]\ntest:\n  - t\nkpt_shape: [17, 3]\n")
    assert found.folders == {
        "../train/images": Part.TRAIN, "a/val": Part.VALIDATION, "b/val": Part.VALIDATION, "t": Part.TEST
    }  # fmt: skip
    assert found.keypoints


def test_what_is_not_understood_is_told() -> None:
    assert names_of_yaml("names: &x cat\nwhat is this\n").unclear == ["names: &x cat", "what is this"]
    assert names_of_yaml("names:\n  zero: cat\n  1: dog\n").unclear == ["zero: cat"]


def test_lines_are_names_and_blank_ones_keep_their_number() -> None:
    assert names_of_lines("cat\n\n dog \n\n").names == {0: "cat", 2: "dog"}


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(name.strip() for name in names_of_yaml(text).names.values())
    assert all(name.strip() for name in names_of_yaml(f"names: {text}").names.values())
