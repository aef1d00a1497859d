"""Every template comes in as what it says, without an error and without a warning."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.support.studio import Studio, open_studio
from triptych.onboarding import templates
from triptych.onboarding.templates import TEMPLATES, Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXPECTED = {
    "pictures": ("image_only", None),
    "single-label": ("image_label", "single_label"),
    "multi-label": ("image_label", "multi_label"),
    "detection": ("image_label", "detection"),
    "class-folders": ("class_folders", "single_label"),
    "study-series": ("study_series", "single_label"),
}


INKS = {"disc": (47, 111, 179), "triangle": (46, 139, 106), "ring": (138, 79, 158)}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """An installation to bring templates into."""
    with open_studio(tmp_path_factory.mktemp("home")) as opened:
        yield opened


def _files(template: Template) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(template.archive())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _labels(files: dict[str, bytes]) -> Counter[str]:
    """How often each class is given, from the label file or the folders."""
    if "label.csv" not in files:
        return Counter(path.split("/")[1] for path in files if path.startswith("Classes/"))
    rows = csv.reader(io.StringIO(files["label.csv"].decode()))
    return Counter(row[1] for row in rows if len(row) > 1 and (len(row) != 3 or row[2] == "1"))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_a_template_comes_in_as_what_it_says_and_nothing_is_wrong_with_it(
    studio: Studio, tmp_path: Path, template: Template
) -> None:
    path = tmp_path / f"{template.id}.zip"
    path.write_bytes(template.archive())
    shown = studio.add(path, keep=False)
    files = _files(template)
    names = [name for name in files if name.endswith(".png")]
    layout, task = EXPECTED[template.id]
    assert [each for each in studio.findings(template.id) if each["severity"] != "note"] == []
    assert (shown["state"], shown["format"]) == ("ready", layout)
    assert shown["counts"]["items"] == len(names)
    assert shown["bins"] == {"imported": len(files), "ignored": 0, "rejected": 0}
    assert min(shown["split"].values()) > 0
    if layout == "study_series":
        assert shown["counts"]["studies"] == len({name.split("/")[1] for name in names})
    assert [each["task"] for each in shown["annotation_sets"]] == ([] if task is None else [task])
    for labels in shown["annotation_sets"]:
        assert labels["items"] == len(names), "each picture was looked at"
        assert {each["name"]: each["count"] for each in labels["classes"]} == _labels(files)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_a_template_is_the_same_small_zip_at_every_making(template: Template) -> None:
    first = template.archive()
    templates._archive.cache_clear()
    assert template.archive() == first
    assert len(first) < 100_000
    for name, data in _files(template).items():
        if name.endswith(".png"):
            Image.open(io.BytesIO(data)).verify()


def test_the_tree_names_every_file_and_each_folder_before_what_lies_in_it() -> None:
    for template in TEMPLATES.values():
        tree = template.tree()
        assert [path for path in tree if not path.endswith("/")] == list(_files(template))
        for place, path in enumerate(tree):
            folder = path.rstrip("/").rpartition("/")[0]
            assert not folder or folder + "/" in tree[:place]


def test_a_box_lies_around_its_shape() -> None:
    files = _files(TEMPLATES["detection"])
    rows = [row for row in csv.reader(io.StringIO(files["label.csv"].decode())) if len(row) == 6]
    for name, kind, *numbers in rows:
        left, top, width, height = map(int, numbers)
        pixels = np.asarray(Image.open(io.BytesIO(files[f"image/{name}"])).convert("RGB")).astype(int)
        inked = np.abs(pixels - INKS[kind]).sum(axis=2) < 12
        # Soft edges: at most three pixels of the box are of another colour on each side.
        rows_with = np.flatnonzero(inked[top : top + height, left : left + width].any(axis=1))
        columns_with = np.flatnonzero(inked[top : top + height, left : left + width].any(axis=0))
        assert max(rows_with[0], height - 1 - rows_with[-1]) <= 3, name
        assert max(columns_with[0], width - 1 - columns_with[-1]) <= 3, name
