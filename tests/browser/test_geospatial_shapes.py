"""Outlines that lie on chips, in the viewer: at their pixels, with their classes in the panel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.viewing import actual, shown, view
from tests.support.chip_pairs import SIZE, ground
from tests.support.chips import scene, tiff
from tests.support.pictures import archive
from tests.support.processes import eventually
from tests.support.vectors import geojson, lakes_and_fields, moved

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page

    from tests.support.browsing import Studio


@pytest.fixture(scope="module")
def lakes(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three chips with lakes and a field from one file."""
    files: dict[str, bytes | str] = {
        f"c{number}.tif": tiff(scene(number, bands=3, size=SIZE), origin=ground(number))
        for number in range(3)
    }
    shapes = [(moved(shape, "EPSG:4326"), told) for shape, told in lakes_and_fields()]
    made = studio.add(
        archive(tmp_path_factory.mktemp("lakes") / "lakes.zip", files | {"areas.geojson": geojson(shapes)})
    )
    assert made["modality"] == "geospatial"
    return "lakes"


def _hidden(page: Page, name: str) -> NDArray[np.bool_]:
    """The pixels of the chip that change when a class is hidden."""
    before = shown(page, SIZE, SIZE)
    page.get_by_role("button", name=f"Show {name}", exact=True).click()
    eventually(lambda: bool((shown(page, SIZE, SIZE) != before).any()), 20)
    found: NDArray[np.bool_] = np.abs(shown(page, SIZE, SIZE) - before).max(axis=2) > 2
    return found


@pytest.mark.checklist("G-17")
def test_a_lake_with_an_island_covers_its_pixels_and_goes_with_its_eye(page: Page, lakes: str) -> None:
    view(page, lakes, "c0", actual(SIZE, SIZE))
    labels = page.get_by_role("region", name="Labels")
    expect(labels).to_contain_text(re.compile(r"lake.*308 px"))
    expected = np.zeros((SIZE, SIZE), bool)
    expected[2:20, 2:20] = True
    expected[6:10, 6:10] = False
    assert np.array_equal(_hidden(page, "lake"), expected)


def test_an_outline_is_cut_at_the_border_of_its_chip(page: Page, lakes: str) -> None:
    view(page, lakes, "c1", actual(SIZE, SIZE))
    changed = _hidden(page, "field")
    # The line around an area is a little wider than the area.
    assert changed[5:11, 26:].all()
    assert not changed[:, :22].any()
    assert not changed[:2].any()
    assert not changed[15:].any()
