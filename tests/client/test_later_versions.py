"""What was loaded by version stays what it was while the dataset goes on."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import triptych
from tests.support.studio import open_studio
from tests.support.versions import curated_zip
from triptych.client.connection import dataset_path
from triptych.client.samples import SingleLabel

if TYPE_CHECKING:
    from pathlib import Path


def _samples(reference: str, home: Path, part: str | None = None) -> list[tuple[str, str]]:
    with closing(triptych.load(reference, split=part, home=home, set="label")) as loaded:
        return [(sample.key, str(sample.label)) for sample in loaded]


@pytest.mark.parametrize("part", [None, "train"])
def test_versions_are_loaded_as_they_were_and_as_they_are(tmp_path: Path, part: str | None) -> None:
    home = tmp_path / "home"
    with open_studio(home) as studio:
        studio.add(curated_zip(tmp_path / "cells.zip"))
        first = _samples("cells", home, part)
        studio.connection.post(dataset_path("cells", "items", "remove"), {"filter": {"study": ["S0", "S1"]}})
        second = _samples("cells", home, part)
        assert second == [sample for sample in first if sample[0][:2] not in ("S0", "S1")] != first
        (tmp_path / "late.csv").write_text("S4/Series1/0.png,new\n")
        begun = studio.connection.post(
            dataset_path("cells", "annotations"),
            {"source": {"kind": "path", "path": str(tmp_path / "late.csv")}, "name": "late"},
        )
        studio.wait(begun["job"]["id"])
        studio.connection.patch(dataset_path("cells", "annotations", "label"), {"name": "old"})
        studio.connection.post(dataset_path("cells", "revert"), {"version": 1})
        assert _samples("cells", home, part) == first
        assert [_samples(f"cells@{number}", home, part) for number in (1, 2, 3, 5)] == [
            first, second, second, first,
        ]  # fmt: skip
        with closing(triptych.load("cells@4", home=home, set="late")) as loaded:
            labelled = [(sample.key, sample.label) for sample in loaded if sample.label is not None]
        assert labelled == [("S4/Series1/0.png", SingleLabel(0, "new"))]
