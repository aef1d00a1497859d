"""Series in the viewer: slices by wheel, keys, slider and playing; studies at the left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.viewing import drawn, png, stage_pixels, view
from tests.support.pictures import archive

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browsing import Studio

SLICES = 12
SIZE = 64


@pytest.fixture(scope="module")
def series(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two studies; each slice is of one gray, 20 × its number, so that the screen tells which one it is."""
    members = {
        f"image/{study}/Series{number}/IM{place:04}.png": png(
            np.full((SIZE, SIZE), 20 * (place + 1) + offset, np.uint8)
        )
        for offset, (study, number) in enumerate((("Anna", 1), ("Anna", 2), ("Bert", 1)))
        for place in range(SLICES)
    }
    studio.add(archive(tmp_path_factory.mktemp("series") / "slices.zip", members))
    return "slices"


def _gray(page: Page) -> int:
    pixels = stage_pixels(page)
    return int(pixels[pixels.shape[0] // 2, pixels.shape[1] // 2, 0])


def _at(page: Page, slice: int, offset: int = 0) -> None:
    """The slice is the one that is told, drawn, and in the address."""
    expect(page.get_by_role("slider", name="Slice", exact=True)).to_have_attribute(
        "aria-valuenow", str(slice)
    )
    page.wait_for_url(re.compile(f"IM{slice - 1:04}"))
    drawn(page)
    assert _gray(page) == 20 * slice + offset


def test_slices_are_stepped_by_wheel_keys_and_slider(page: Page, series: str) -> None:
    view(page, series, "Anna/Series1/IM0000.png")
    stage = page.locator(".stage-map")
    canvas = stage.locator("canvas").first.element_handle()
    expect(page.get_by_role("main")).to_contain_text(f"Slice 1 of {SLICES}")
    _at(page, 1)
    stage.hover()
    page.mouse.wheel(0, 100)
    _at(page, 2)
    page.keyboard.press("ArrowDown")
    _at(page, 3)
    page.keyboard.press("ArrowUp")
    _at(page, 2)
    page.keyboard.press("End")
    _at(page, SLICES)
    slider = page.get_by_role("slider", name="Slice", exact=True)
    box: Any = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 4.5 / SLICES, box["y"] + 10)
    _at(page, 5)
    number = page.get_by_label("Slice number")
    number.fill("9")
    number.press("Enter")
    _at(page, 9)
    assert stage.locator("canvas").first.evaluate("(now, before) => now === before", canvas), (
        "one map for all"
    )


def test_slices_come_from_memory_when_they_were_seen(page: Page, series: str) -> None:
    view(page, series, "Anna/Series2/IM0000.png")
    for place in range(2, SLICES + 1):
        page.keyboard.press("ArrowDown")
        _at(page, place, 1)
    tiles: list[str] = []
    page.on("request", lambda request: tiles.append(request.url) if "/tiles/" in request.url else None)
    for _ in range(SLICES - 1):
        page.keyboard.press("ArrowUp")
    _at(page, 1, 1)
    assert tiles == []


def test_playing_goes_round_and_stops(page: Page, series: str) -> None:
    view(page, series, "Anna/Series1/IM0010.png")
    page.get_by_role("button", name="10 slices per second").click()
    page.get_by_role("menuitem", name="20 per s").click()
    expect(page.get_by_role("menuitem", name="20 per s")).to_be_hidden()
    page.locator(".stage-map").focus()
    page.keyboard.press("Space")
    slider = page.get_by_role("slider", name="Slice", exact=True)
    # After the last slice comes the first.
    expect(slider).to_have_attribute("aria-valuenow", re.compile("^[1-9]$"))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stopped = int(slider.get_attribute("aria-valuenow") or 0)
    _at(page, stopped)


def test_studies_are_stepped_and_chosen(page: Page, series: str) -> None:
    view(page, series, "Anna/Series1/IM0003.png")
    rail = page.get_by_role("navigation", name="Studies")
    expect(rail).to_contain_text("Study 1 of 2")
    page.keyboard.press("Alt+ArrowDown")
    expect(rail).to_contain_text("Study 2 of 2")
    _at(page, 1, 2)
    rail.get_by_role("button", name="Series2").click()
    expect(rail).to_contain_text("Study 1 of 2")
    _at(page, 1, 1)
    expect(rail.get_by_role("button", name="Series2")).to_have_attribute("aria-current", "true")


def test_the_view_stays_while_slices_change(page: Page, series: str) -> None:
    view(page, series, "Anna/Series1/IM0000.png", {"center": "10,50", "zoom": 8, "window": "0,510"})
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("slider", name="Slice", exact=True)).to_have_attribute("aria-valuenow", "2")
    page.wait_for_url(re.compile("IM0001"))
    drawn(page)
    assert "zoom=8" in page.url
    assert "center=10%2C50" in page.url
    assert abs(_gray(page) - 20) <= 1
