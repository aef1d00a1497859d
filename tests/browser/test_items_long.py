"""Ten thousand items: any place by key and by scrollbar, ranges over what is not loaded, and staying in place."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.grid import cell, grid, in_view, open_items, selection, total
from tests.support.pictures import archive

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browsing import Studio

NUMBER = 10_000


@pytest.fixture(scope="module")
def long_list(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """`scan_00000.png` to `scan_09999.png`, tiny and all different."""
    members: dict[str, bytes | str] = {}
    for number in range(NUMBER):
        pixels = np.full((6, 8), number % 251, np.uint8)
        pixels[0, 0], pixels[0, 1] = number // 251, number % 241
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
        members[f"scan_{number:05}.png"] = buffer.getvalue()
    studio.add(archive(tmp_path_factory.mktemp("long") / "long.zip", members))
    return studio


def focused(page: Page) -> str | None:
    """The key of the cell that has the focus."""
    key: str | None = page.evaluate("document.activeElement?.dataset?.key ?? null")
    return key


def key(number: int) -> str:
    return f"scan_{number:05}.png"


def scroll_to(page: Page, share: float) -> None:
    """As the scrollbar does: at once, somewhere else."""
    page.locator(".items-scroll").evaluate(
        "(grid, share) => { grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight) }", share
    )


def test_keys_lead_to_both_ends_and_row_by_row(long_list: Studio, page: Page) -> None:
    open_items(page, "long")
    assert in_view(page)[0] == key(0)
    columns = int(grid(page).get_attribute("aria-colcount") or 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, key(1))).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, key(1 + columns))).to_be_focused()
    page.keyboard.press("End")
    expect(cell(page, key(NUMBER - 1))).to_be_focused()
    assert in_view(page)[-1] == key(NUMBER - 1)
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowLeft")
    expect(grid(page).locator(":focus")).to_have_attribute("data-key", re.compile("scan_099"))
    page.keyboard.press("Home")
    expect(cell(page, key(0))).to_be_focused()


def test_the_focus_stays_with_its_cell_while_the_grid_is_scrolled(long_list: Studio, page: Page) -> None:
    open_items(page, "long")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, key(1))).to_be_focused()
    held = grid(page).locator('[role="gridcell"][data-index="1"]')
    for share in (0.5, 0.0):
        scroll_to(page, share)
        page.wait_for_timeout(500)
        expect(held).to_be_focused()


def test_the_scrollbar_reaches_the_middle_and_the_place_is_in_the_address(
    long_list: Studio, page: Page
) -> None:
    open_items(page, "long")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/items?" in request.url else None)
    scroll_to(page, 0.5)
    expect(cell(page, key(NUMBER // 2))).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]at=\d+"))
    top = in_view(page)[0]
    assert abs(int(top[5:10]) - NUMBER // 2) < 60
    # Only what is seen is loaded: not the hundred pages before it.
    assert len(asked) <= 6
    page.reload()
    expect(cell(page, top)).to_be_visible()
    columns = int(grid(page).get_attribute("aria-colcount") or 0)
    assert abs(int(in_view(page)[0][5:10]) - int(top[5:10])) <= columns, "the same place, to the row"
    scroll_to(page, 1)
    expect(cell(page, key(NUMBER - 1))).to_be_visible()
    scroll_to(page, 0)
    expect(cell(page, key(0))).to_be_visible()
    expect(page).not_to_have_url(re.compile(r"[?&]at="))


def test_fast_scrolling_loads_where_it_ends(long_list: Studio, page: Page) -> None:
    open_items(page, "long")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/items?" in request.url else None)
    page.locator(".items-scroll").evaluate(
        """async (grid) => {
            for (let step = 1; step <= 60; step += 1) {
                grid.scrollTop = (step / 60) * 0.9 * grid.scrollHeight
                await new Promise((done) => requestAnimationFrame(done))
            }
        }"""
    )
    expect(cell(page, key(int(NUMBER * 0.9)))).to_be_visible()
    assert len(asked) < 30, "pages that were only passed are not asked for"


def test_other_sizes_of_cells_keep_the_place(long_list: Studio, page: Page) -> None:
    open_items(page, "long", "?at=6000")
    first = in_view(page)[0]
    columns = int(grid(page).get_attribute("aria-colcount") or 0)
    for _ in range(3):
        page.keyboard.press("+")
    expect(grid(page)).not_to_have_attribute("aria-colcount", str(columns))
    expect(cell(page, first)).to_be_in_viewport()
    for _ in range(6):
        page.keyboard.press("-")
    expect(cell(page, first)).to_be_in_viewport()


def test_shift_selects_over_what_was_never_loaded(long_list: Studio, page: Page) -> None:
    open_items(page, "long")
    cell(page, key(2)).focus()
    page.keyboard.press("Space")
    expect(selection(page)).to_contain_text("1 selected")
    scroll_to(page, 0.5)
    expect(cell(page, key(5000))).to_be_visible()
    cell(page, key(5000)).click(modifiers=["Shift"])
    expect(selection(page)).to_contain_text("4,999 selected of 10,000")
    expect(cell(page, key(5000))).to_have_attribute("aria-selected", "true")
    expect(cell(page, key(5001))).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Control+a")
    expect(selection(page)).to_contain_text("10,000 selected")
    cell(page, key(5001)).locator("[data-tick]").click()
    expect(selection(page)).to_contain_text("9,999 selected")
    page.keyboard.press("Escape")
    expect(selection(page)).to_have_count(0)


def test_the_grid_has_one_tab_stop_and_tells_where_a_cell_is(long_list: Studio, page: Page) -> None:
    open_items(page, "long")
    assert grid(page).locator('[role=gridcell][tabindex="0"]').count() == 1
    assert grid(page).get_attribute("aria-rowcount") == str(-(-NUMBER // 6))
    row = cell(page, key(13)).locator("xpath=ancestor::*[@role='row'][1]")
    expect(row).to_have_attribute("aria-rowindex", "3")
    expect(total(page)).to_have_text("10,000")
    assert focused(page) is None
