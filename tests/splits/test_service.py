"""A split that divides what belongs together says so, also when it was asked to."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.support.studio import Studio, open_studio
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _picture(number: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(number).integers(0, 256, (24, 24), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """Four studies of four pictures; the first two share one."""
    folder: Path = tmp_path_factory.mktemp("studies")
    with zipfile.ZipFile(folder / "studies.zip", "w") as archive:
        for study in range(4):
            for place in range(4):
                number = 0 if place == 0 and study < 2 else 10 * study + place + 1
                archive.writestr(f"image/S{study}/Series1/{place}.png", _picture(number))
    with open_studio(folder / "home") as studio:
        studio.add(folder / "studies.zip")
        yield studio


def _leaks(studio: Studio, by: str) -> list[dict[str, Any]]:
    made = studio.connection.post(dataset_path("studies", "split"), {"by": by})
    codes = studio.finding_codes("studies")
    assert ("split_leaks" in codes) is bool(made["findings"])
    return [finding for finding in made["findings"] if finding["code"] == "split_leaks"]


def test_groups_are_kept_whole_and_nothing_leaks(studies: Studio) -> None:
    assert _leaks(studies, "group") == []


def test_a_split_by_items_names_the_groups_that_it_divides(studies: Studio) -> None:
    (leak,) = _leaks(studies, "item")

    parts: dict[str, set[str]] = {}
    for item in studies.items("studies"):
        bound = "S0 and S1" if item["study"] in ("S0", "S1") else item["study"]
        parts.setdefault(bound, set()).add(item["part"])
    assert leak["severity"] == "error"
    assert leak["count"] == sum(len(found) > 1 for found in parts.values()) > 0


def test_a_split_by_studies_names_the_duplicates_that_it_divides(studies: Studio) -> None:
    leaks = _leaks(studies, "study")

    parts = {item["study"]: item["part"] for item in studies.items("studies")}
    assert bool(leaks) is (parts["S0"] != parts["S1"])
