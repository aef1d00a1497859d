"""The sample data of the demonstration."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from triptych.cli import demo_data

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_same_pictures_are_drawn_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_data, "CELL_PICTURES", 3)
    archives = []
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        paths = demo_data.write_samples(tmp_path / run, lambda done, total: None)
        archives.append({path.name: path.read_bytes() for path in paths})
    assert archives[0] == archives[1]
    assert sorted(archives[0]) == ["cells.zip", "phantom.zip", "scans.zip", "shapes.zip", "valley.zip"]


def test_boxes_lie_in_their_pictures_and_hold_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_data, "CELL_PICTURES", 4)
    files = demo_data.cells()
    rows = [line.split(",") for line in files["label.csv"].decode().splitlines()]
    assert {row[1] for row in rows} <= {"red cell", "white cell", "platelet"}
    for name, kind, *numbers in rows:
        x, y, width, height = map(int, numbers)
        with Image.open(io.BytesIO(files[f"image/{name}"])) as picture:
            assert 0 <= x < x + width <= picture.width
            assert 0 <= y < y + height <= picture.height
            inside = np.asarray(picture.crop((x, y, x + width, y + height)), float)
            around = np.asarray(picture, float)
        if kind == "white cell":
            assert inside[..., 1].min() < around[..., 1].mean() - 40


def test_slices_keep_more_than_eight_bits_and_say_which_hold_the_sphere() -> None:
    files = demo_data.phantom()
    rows = [line.split(",") for line in files["label.csv"].decode().splitlines()]
    spheres = {path for path, name, value in rows if name == "sphere" and value == "1"}
    assert {path.partition("/")[0] for path in spheres} == {"Study02", "Study04", "Study06"}
    with Image.open(io.BytesIO(files["image/Study01/Series1/slice_05.png"])) as picture:
        assert np.asarray(picture).dtype == np.uint16
        assert np.asarray(picture).max() > 2500


def test_about_four_hundred_pictures_are_drawn_in_all(tmp_path: Path) -> None:
    names = []
    for path in demo_data.write_samples(tmp_path, lambda done, total: None):
        with zipfile.ZipFile(path) as archive:
            names += [name for name in archive.namelist() if not name.endswith((".csv", ".json"))]
    assert len(names) == len(set(names)) == 60 + 90 + 54 + 96 + 2 * 48
