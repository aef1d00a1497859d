"""Chips with samples that lesser hands stumble over: extremes, NaN, nothing at all, poles and the antimeridian."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support import pictures
from tests.support.chip_pairs import SIZE, Files, ground
from tests.support.chips import scene, tiff
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def bands_of(studio: Studio, name: str) -> list[dict[str, Any]]:
    layers = studio.connection.get(dataset_path(name, "statistics"))
    found: list[dict[str, Any]] = layers["img"]["all"]["bands"]
    return found


def test_sums_of_int16_at_its_ends_do_not_overflow(studio: Studio, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    chips = [random.choice(np.array([-32_768, 32_767], np.int16), (2, SIZE, SIZE)) for _ in range(4)]
    for chip in chips:
        chip[1] = 32_767 - (chip[1] > 0)
    files: Files = {f"c{n}_img.tif": tiff(chip, origin=ground(n)) for n, chip in enumerate(chips)}
    studio.add(pictures.archive(tmp_path / "ends.zip", files))
    whole = np.stack(chips).astype(np.float64)
    for place, band in enumerate(bands_of(studio, "ends")):
        assert band["n"] == whole[:, place].size
        assert band["mean"] == pytest.approx(whole[:, place].mean(), rel=1e-12)
        assert band["std"] == pytest.approx(whole[:, place].std(), rel=1e-9)
        assert (band["min"], band["max"]) == (whole[:, place].min(), whole[:, place].max())


def test_what_is_not_finite_counts_for_nothing_and_what_is_empty_is_imported(
    studio: Studio, tmp_path: Path
) -> None:
    empty = np.full((2, SIZE, SIZE), np.nan, np.float32)
    holed = scene(1, 2, SIZE, "float32")
    holed[0, 0], holed[1, 1], holed[0, 2, 0] = np.nan, np.inf, -np.inf
    constant = np.full((2, SIZE, SIZE), 5, np.float32)
    chips = {"empty": empty, "holed": holed, "constant": constant, "usual": scene(3, 2, SIZE, "float32")}
    files: Files = {
        f"{key}_img.tif": tiff(chip, origin=ground(n)) for n, (key, chip) in enumerate(chips.items())
    }
    shown = studio.add(pictures.archive(tmp_path / "odd.zip", files))
    assert (shown["state"], shown["counts"]["items"]) == ("ready", 4)
    whole = np.stack(list(chips.values())).astype(np.float64)
    for place, band in enumerate(bands_of(studio, "odd")):
        valid = whole[:, place][np.isfinite(whole[:, place])]
        assert (band["n"], band["n"] + band["invalid"]) == (valid.size, whole[:, place].size)
        assert band["mean"] == pytest.approx(valid.mean(), rel=1e-12)
        assert band["std"] == pytest.approx(valid.std(), rel=1e-9)
    told = {finding["code"]: finding["examples"] for finding in studio.findings("odd")}
    assert [text.split(",")[0].split(" ")[0] for text in told["raster_empty"]] == ["empty"]
    assert [text.split(" ")[0] for text in told["band_constant"]] == ["constant"]
    assert len(told["values_not_finite"]) == 2


def test_chips_across_the_antimeridian_and_at_both_poles_have_a_place(studio: Studio, tmp_path: Path) -> None:
    places = {
        "line": ("EPSG:32660", (818_000.0, 200_000.0), 1_000.0),
        "north": ("EPSG:3995", (-160_000.0, 160_000.0), 10_000.0),
        "south": ("EPSG:3031", (-160_000.0, 160_000.0), 10_000.0),
        "nowhere": (None, (0.0, 0.0), 1.0),
    }
    files: Files = {
        f"{key}_img.tif": tiff(scene(n, size=SIZE), origin=corner, resolution=step, crs=crs)
        for n, (key, (crs, corner, step)) in enumerate(places.items())
    }
    studio.add(pictures.archive(tmp_path / "ends_of_earth.zip", files))
    found = studio.connection.get(dataset_path("ends_of_earth", "footprints"))
    assert studio.finding_codes("ends_of_earth") >= {"georeference_missing"}
    assert "nowhere" not in str(found)
    assert all(key in str(found) for key in ("line", "north", "south"))
