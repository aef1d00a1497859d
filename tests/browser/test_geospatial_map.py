"""Where chips lie: footprints and pictures on the map of the items, cards, rectangles, keys, and many of them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.viewing import drawn
from tests.support.browsing import NOTHING_BUSY, until_true
from tests.support.fields import DAYS, key, pairs
from tests.support.pictures import archive
from tests.support.processes import eventually

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Locator, Page, Route

    from tests.support.browsing import Studio

CENTER = 14.5453, 45.8884
"""Longitude and latitude of the middle of the chips in column b."""


@pytest.fixture(scope="module")
def fields(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Six chips: three neighbours on two days, with classes."""
    studio.add(archive(tmp_path_factory.mktemp("fields") / "fields.zip", pairs()))
    return "fields"


def _map(page: Page, dataset: str, **state: str) -> Locator:
    """The map of the items, drawn."""
    query = "&".join(f"{name}={value}" for name, value in state.items())
    page.goto(f"/datasets/{dataset}/items?view=map&{query}")
    canvas = page.locator(".map-canvas")
    expect(canvas).to_be_visible()
    _rested(page)
    return canvas


def _rested(page: Page) -> None:
    expect(page.locator(".map-canvas canvas").first).to_be_attached(timeout=20_000)
    expect(page.locator(".map-foot")).to_contain_text("in view", timeout=20_000)
    until_true(page, NOTHING_BUSY)


def _pixels(canvas: Locator) -> NDArray[np.int64]:
    picture = Image.open(io.BytesIO(canvas.screenshot(animations="disabled"))).convert("RGB")
    return np.asarray(picture).astype(np.int64)


def _middle(canvas: Locator) -> tuple[float, float]:
    box: Any = canvas.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


PLACE = f"{CENTER[0]},{CENTER[1]},15"
"""The map with the chips of column b in its middle, about 200 pixels wide."""


def test_the_map_shows_chips_in_their_place_and_a_press_opens_them(page: Page, fields: str) -> None:
    canvas = _map(page, fields, place=PLACE)
    expect(page.get_by_role("list", name="Split")).to_contain_text("Train")
    expect(page.locator(".map-foot")).to_contain_text("6 items in view")
    # Pictures in place have colours, which the map's ground and its lines have not.
    eventually(lambda: bool((np.ptp(_pixels(canvas), axis=2) > 60).mean() > 0.05), 20)
    page.mouse.click(*_middle(canvas))
    card = page.get_by_role("region", name=f"Chip {key('b', DAYS[0])}")
    expect(card).to_contain_text("1 of 2 on this ground")
    expect(card).to_contain_text("64 × 64, 10 m")
    expect(card).to_contain_text("2024-06-12")
    card.get_by_role("button", name="The next one").click()
    card = page.get_by_role("region", name=f"Chip {key('b', DAYS[1])}")
    expect(card).to_contain_text("2024-08-15")
    card.get_by_role("link", name="Open").click()
    page.wait_for_url(re.compile(rf"/view\?.*{key('b', DAYS[1])}"))
    drawn(page)
    page.get_by_role("link", name="Show it on the map").click()
    expect(page.get_by_role("region", name=f"Chip {key('b', DAYS[1])}")).to_be_visible()


def test_a_rectangle_on_the_map_selects_what_the_grid_has_selected(page: Page, fields: str) -> None:
    canvas = _map(page, fields, place=PLACE)
    x, y = _middle(canvas)
    page.keyboard.down("Shift")
    page.mouse.move(x - 20, y - 20)
    page.mouse.down()
    page.mouse.move(x, y)
    page.mouse.move(x + 20, y + 20)
    page.mouse.up()
    page.keyboard.up("Shift")
    bar = page.get_by_role("toolbar", name="Selected items")
    expect(bar).to_contain_text("2 selected of 6")
    # With the tool no key is needed; what was selected stays.
    page.get_by_role("button", name=re.compile("Select by a rectangle")).click()
    page.mouse.move(x - 20, y - 20)
    page.mouse.down()
    page.mouse.move(x + 100, y)
    page.mouse.move(x + 260, y + 20)
    page.mouse.up()
    expect(bar).to_contain_text("4 selected of 6")
    page.locator("label").filter(has_text="Grid").click()
    expect(bar).to_contain_text("4 selected of 6")
    expect(page.locator("[role=gridcell][aria-selected=true]")).to_have_count(4)


def test_the_map_is_used_by_keys_and_follows_filters(page: Page, fields: str) -> None:
    _map(page, fields)
    expect(page.locator(".map-corner")).to_contain_text("Slovenia")
    page.keyboard.press("]")
    cards = page.get_by_role("region", name=re.compile("^Chip field_"))
    expect(cards).to_contain_text(key("a", DAYS[0]))
    page.keyboard.press("]")
    expect(cards).to_contain_text(key("a", DAYS[1]))
    page.keyboard.press("Space")
    expect(page.get_by_role("toolbar", name="Selected items")).to_contain_text("1 selected of 6")
    page.keyboard.press("Escape")
    expect(cards).to_have_count(0)
    before = page.url
    page.locator(".map-canvas").focus()
    page.keyboard.press("+")
    page.wait_for_url(lambda url: url != before)
    page.get_by_label("Part of a name").fill("field_c")
    expect(page.locator(".map-foot")).to_contain_text("2 items in view")
    page.get_by_role("button", name=re.compile("^Colour by")).click()
    page.get_by_role("menuitem", name="Class").click()
    expect(page.get_by_role("list", name="Class of most pixels")).to_contain_text("Water")
    # The menu gave the focus back to its button, which Enter would press.
    page.locator(".map-canvas").focus()
    page.keyboard.press("]")
    expect(cards).to_contain_text(key("c", DAYS[0]))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/view\?.*{key('c', DAYS[0])}"))


def test_chips_that_lie_close_together_from_far_are_one_point(page: Page, fields: str) -> None:
    canvas = _map(page, fields, place=f"{CENTER[0]},{CENTER[1]},6")
    near = page.url
    page.mouse.click(*_middle(canvas))
    page.wait_for_url(lambda url: url != near)
    zoom = float(page.url.split("%2C")[-1].split("&")[0])
    assert zoom > 12, "a press on a point shows what it stands for"
    assert "chip=" not in page.url


def test_very_many_chips_are_told_by_how_many_lie_where(page: Page, fields: str) -> None:
    def many(route: Route) -> None:
        clusters = [{"items": 12_345, "bbox": [CENTER[0] - 1, CENTER[1] - 1, CENTER[0] + 1, CENTER[1] + 1]}]
        answer = {"type": "FeatureCollection", "complete": False, "features": [], "clusters": clusters}
        route.fulfill(json=answer)

    page.route("**/footprints?**", many)
    canvas = _map(page, fields, place=f"{CENTER[0]},{CENTER[1]},5")
    expect(page.locator(".map-foot")).to_contain_text("12,345 items in view")
    page.unroute("**/footprints?**", many)
    page.mouse.click(*_middle(canvas))
    expect(page.locator(".map-foot")).to_contain_text("6 items in view")
    expect(page.get_by_role("list", name="Split")).to_be_visible()
