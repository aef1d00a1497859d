"""The viewer as a person uses it: opening it, moving about, measuring, metadata, what is not there, the phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.viewing import actual, drawn, png, press, shown, stage_pixels, view
from tests.support.pictures import archive, pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import CDPSession, Page, Route

    from tests.support.browsing import Studio

WIDTH, HEIGHT = 240, 160
NAMES = ("a one.png", "b two.png", "c three.png")


@pytest.fixture(scope="module")
def dataset(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three gray pictures."""
    path = tmp_path_factory.mktemp("viewer") / "looking.zip"
    members = {
        f"image/{name}": png(pixels(seed, width=WIDTH, height=HEIGHT, bands=1))
        for seed, name in enumerate(NAMES)
    }
    studio.add(archive(path, members))
    return "looking"


def _center(page: Page) -> tuple[float, float]:
    box: Any = page.locator(".stage-map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.checklist("M-10")
def test_a_picture_is_panned_zoomed_and_brightened(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0], actual(WIDTH, HEIGHT))
    values = pixels(0, width=WIDTH, height=HEIGHT, bands=1).astype(np.int64)
    x, y = _center(page)
    page.keyboard.press("h")
    page.mouse.move(x, y)
    page.mouse.down()
    # A drag begins where the pointer is found to move.
    page.mouse.move(x + 5, y)
    page.mouse.move(x + 65, y - 20)
    page.mouse.up()
    page.wait_for_url(re.compile("center=60%2C100"))
    moved = stage_pixels(page).astype(np.int64)
    top, left = (moved.shape[0] - HEIGHT) // 2 - 20, (moved.shape[1] - WIDTH) // 2 + 60
    assert np.abs(moved[top : top + HEIGHT, left : left + WIDTH] - values[:, :, None]).max() <= 1
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    page.wait_for_url(re.compile(r"zoom=[2-9]"))
    press(page, "0")
    assert "zoom" not in page.url
    press(page, "1")
    before = shown(page, WIDTH, HEIGHT)
    level = page.get_by_label("Window level (brightness)")
    level.fill("80")
    level.press("Enter")
    page.wait_for_url(re.compile("window="))
    assert (shown(page, WIDTH, HEIGHT) - before).mean() > 20, "a lower level is brighter"


def test_items_are_stepped_found_and_gone_to_by_number(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0])
    expect(page.get_by_test_id("position")).to_have_text("1 of 3")
    expect(page.get_by_role("button", name="Previous item")).to_be_disabled()
    press(page, "ArrowRight")
    expect(page.get_by_test_id("position")).to_have_text("2 of 3")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[1])
    page.get_by_role("button", name=re.compile("Choose another")).click()
    page.get_by_label("Search items").fill("three")
    page.get_by_role("list", name="Items").get_by_role("button", name=NAMES[2]).click()
    expect(page.get_by_test_id("position")).to_have_text("3 of 3")
    page.get_by_role("button", name=re.compile("Choose another")).click()
    page.get_by_label("Go to a number from 1 to 3").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("position")).to_have_text("1 of 3")
    page.wait_for_url(re.compile("item=a"))


def test_filters_of_the_list_stay(page: Page, dataset: str) -> None:
    view(page, dataset, None, {"search": "t"})
    expect(page.get_by_test_id("position")).to_have_text("1 of 2")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[1])
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/datasets/looking/items\?search=t$"))


def test_back_returns_to_where_the_viewer_was_opened(page: Page, dataset: str) -> None:
    page.goto("/datasets")
    page.evaluate(f"history.pushState({{idx: 1}}, '', '/datasets/{dataset}/view?item=a one.png')")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate', {state: {idx: 1}}))")
    drawn(page)
    press(page, "ArrowRight")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/datasets$"))


def test_a_length_is_measured_by_dragging_and_by_clicking(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0], actual(WIDTH, HEIGHT))
    x, y = _center(page)
    page.keyboard.press("m")
    page.mouse.move(x - 50, y)
    page.mouse.down()
    page.mouse.move(x, y)
    page.mouse.move(x + 50, y)
    page.mouse.up()
    panel = page.get_by_role("region", name="Labels")
    expect(panel).to_contain_text("100 px")
    page.mouse.click(x, y - 30)
    page.mouse.move(x, y)
    page.mouse.click(x, y + 10)
    expect(panel).to_contain_text("40.0 px")
    page.wait_for_url(re.compile("measure=70%2C80%2C170%2C80&measure=120%2C50%2C120%2C90"))
    page.reload()
    expect(panel).to_contain_text("100 px")
    panel.get_by_role("button", name="Remove the measure").first.click()
    expect(panel).not_to_contain_text("100 px")


def test_metadata_can_be_searched_and_stays_while_items_change(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0])
    page.keyboard.press("t")
    metadata = page.get_by_role("complementary", name="Metadata")
    expect(metadata).to_contain_text("SHA-256")
    metadata.get_by_label("Search the metadata").fill("path")
    expect(metadata).not_to_contain_text("SHA-256")
    expect(metadata).to_contain_text(NAMES[0])
    page.get_by_role("button", name="Next item").click()
    expect(metadata).to_contain_text(NAMES[1])
    # The tooltip of the button would take the key.
    page.locator(".stage-map").hover()
    page.keyboard.press("Escape")
    expect(metadata).to_be_hidden()
    expect(page).to_have_url(re.compile("/view"))


def test_the_keyboard_s_cursor_tells_values(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0], actual(WIDTH, HEIGHT))
    values = pixels(0, width=WIDTH, height=HEIGHT, bands=1)
    told = page.locator("main [aria-live=polite]")
    page.locator(".stage-map").focus()
    page.keyboard.press("Shift+ArrowRight")
    x, y = WIDTH // 2, HEIGHT // 2
    expect(told).to_contain_text(f"Pixel {x}, {y}: value {values[y, x]}; label none")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+Shift+ArrowUp")
    expect(told).to_contain_text(f"Pixel {x - 1}, {y - 10}: value {values[y - 10, x - 1]}")


def test_a_tile_that_fails_says_so_in_its_place_and_comes_when_asked_again(page: Page, dataset: str) -> None:
    def refuse(route: Route) -> None:
        problem = {"code": "unavailable", "message": "The storage is away.", "hint": "", "findings": []}
        route.fulfill(status=503, json={"error": problem})

    page.route("**/tiles/**", refuse)
    page.goto(f"/datasets/{dataset}/view?item=a one.png")
    expect(page.get_by_role("status")).to_contain_text("The storage is away.")
    expect(page.get_by_role("button", name="Did not load. Try again")).to_be_visible()
    page.unroute("**/tiles/**", refuse)
    page.get_by_role("button", name="Did not load. Try again").click()
    drawn(page)
    expect(page.get_by_role("status")).to_be_hidden()
    assert stage_pixels(page)[300:500, 300:800].std() > 5


def test_an_item_that_is_not_there_says_so_and_offers_the_first(page: Page, dataset: str) -> None:
    page.goto(f"/datasets/{dataset}/view?item=nobody.png")
    expect(page.get_by_role("heading", name="This item is not here")).to_be_visible()
    page.get_by_role("button", name="Show the first picture").click()
    drawn(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[0])
    page.goto(f"/datasets/{dataset}/view?search=nothing")
    expect(page.get_by_role("heading", name="No picture to show")).to_be_visible()
    page.goto("/datasets/nothing/view")
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()


def test_the_viewer_is_dark_in_light_surroundings_with_its_menus(page: Page, dataset: str) -> None:
    view(page, dataset, NAMES[0])
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Pixels exact or smooth")
    # The surface of the dark theme.
    expect(keys).to_have_css("background-color", "rgb(23, 26, 31)")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(page).to_have_url(re.compile("/view"))


@pytest.fixture
def phone(studio: Studio, open_page: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return open_page(studio, viewport={"width": 390, "height": 844}, has_touch=True)


def _touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_on_a_phone_one_swipes_between_items_and_pinches(phone: Page, dataset: str) -> None:
    view(phone, dataset, NAMES[0])
    expect(phone.get_by_test_id("position")).to_have_text("1 of 3")
    # The window is on at first, as on the desk; without it a finger moves.
    phone.get_by_role("button", name="Window", exact=True).click()
    session = phone.context.new_cdp_session(phone)
    x, y = _center(phone)
    _touch(session, "touchStart", (x + 120, y))
    _touch(session, "touchMove", (x, y + 5))
    _touch(session, "touchMove", (x - 120, y + 5))
    _touch(session, "touchEnd")
    expect(phone.get_by_test_id("position")).to_have_text("2 of 3")
    drawn(phone)
    _touch(session, "touchStart", (x - 20, y), (x + 20, y))
    _touch(session, "touchMove", (x - 60, y), (x + 60, y))
    _touch(session, "touchMove", (x - 100, y), (x + 100, y))
    _touch(session, "touchEnd")
    phone.wait_for_url(re.compile(r"zoom=[4-9]"))


def test_on_a_phone_layers_and_metadata_open_over_the_picture(phone: Page, dataset: str) -> None:
    view(phone, dataset, NAMES[0])
    phone.get_by_role("button", name="Layers").click()
    layers = phone.get_by_role("dialog", name="Layers")
    expect(layers.get_by_label("Window level (brightness)")).to_be_visible()
    layers.get_by_role("button", name="Close").click()
    expect(layers).to_be_hidden()
    phone.get_by_role("button", name="Tags").click()
    expect(phone.get_by_role("complementary", name="Metadata")).to_contain_text("SHA-256")
