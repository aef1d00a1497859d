"""What a version's statistics say of bands and boxes, against numpy over the files and the rows of the label file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.support import pictures
from tests.support.studio import Studio, open_studio
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES = [(10.0, 4.0), (0.0, 7.5), (12.0, 4.0), (11.0, 0.0), (30.5, 9.0)]
"""Width and height of boxes; two have no area."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """An installation on each database."""
    address = request.getfixturevalue("module_postgresql_url") if request.param == "postgresql" else ""
    with open_studio(tmp_path_factory.mktemp("home"), database=address) as opened:
        yield opened


def statistics(studio: Studio, name: str) -> dict[str, Any]:
    """The statistics of the newest version."""
    document: dict[str, Any] = studio.connection.get(dataset_path(name, "statistics"))
    return document


def test_a_histogram_counts_every_pixel_of_its_band(studio: Studio, tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {f"image/{n}.png": pictures.png(n, bands=3) for n in range(5)}
    studio.add(pictures.archive(tmp_path / "bytes.zip", members))
    arrays = [
        np.asarray(Image.open(io.BytesIO(data))) for data in members.values() if isinstance(data, bytes)
    ]
    values = np.stack(arrays).reshape(-1, 3)
    bands = statistics(studio, "bytes")["image"]["all"]["bands"]
    assert [band["name"] for band in bands] == ["red", "green", "blue"]
    for index, band in enumerate(bands):
        drawn = band["histogram"]
        low, high = int(values[:, index].min()), int(values[:, index].max())
        assert (drawn["low"], drawn["high"]) == (low, high + 1)
        expected = np.bincount(values[:, index] - low, minlength=high + 1 - low)
        assert drawn["counts"] == expected.tolist()


def test_the_histogram_of_deep_pictures_has_wide_bins(studio: Studio, tmp_path: Path) -> None:
    data = pictures.png16(1)
    studio.add(
        pictures.archive(tmp_path / "deep.zip", {"image/a.png": data, "image/b.png": pictures.png16(2)})
    )
    (band,) = statistics(studio, "deep")["image"]["all"]["bands"]
    drawn = band["histogram"]
    width = (drawn["high"] - drawn["low"]) / len(drawn["counts"])
    assert len(drawn["counts"]) <= 256
    assert width > 1
    assert drawn["low"] <= band["min"] < drawn["low"] + width
    assert drawn["high"] - width <= band["max"] < drawn["high"]
    assert sum(drawn["counts"]) == band["n"] == 2 * 64 * 48


def test_sizes_of_boxes_and_boxes_per_item_are_those_of_the_rows(studio: Studio, tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {f"image/{n}.png": pictures.png(n) for n in range(4)}
    # Two on the first, three on the second, nothing on the third, and nobody looked at the last.
    rows = [f"{n // 2 if n < 4 else 1}.png,cell,0,0,{w},{h}" for n, (w, h) in enumerate(SIZES)]
    members["label.csv"] = "\n".join([*rows, "2.png"]) + "\n"
    studio.add(pictures.archive(tmp_path / "boxes.zip", members))
    widths, heights = np.array(SIZES).T
    assert statistics(studio, "boxes")["box_sizes"] == {
        "label": {
            "count": 5,
            "without_area": 2,
            "width": _range(widths),
            "height": _range(heights),
            "per_item": _range(np.array([2, 3, 0])),
        }
    }


def test_sets_of_classes_have_no_boxes(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.classes_zip(tmp_path / "kinds.zip"))
    assert statistics(studio, "kinds")["box_sizes"] == {}


def _range(values: np.ndarray[Any, Any]) -> dict[str, float]:
    return {"min": float(values.min()), "median": float(np.median(values)), "max": float(values.max())}


def test_how_the_split_was_made_is_shown_at_each_version(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.series_zip(tmp_path / "plans.zip"))
    plan = {"ratios": [0.5, 0.3, 0.2], "seed": 7, "by": "study"}
    studio.connection.post(dataset_path("plans", "split"), plan)
    assert studio.show("plans")["split_plan"] == plan
    assert studio.show("plans@1")["split_plan"] == {"ratios": [0.6, 0.2, 0.2], "seed": 0, "by": "group"}
