"""The grid of items as tests see it: what is in view, what is selected, where the scrolling stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.support.browsing import until_true

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE_MS = 30_000
"""How long to wait for what must come: tests of other parts may have the processors meanwhile."""

expect.set_options(timeout=PATIENCE_MS)

IN_VIEW = """() => {
    const frame = document.querySelector('.items-scroll').getBoundingClientRect()
    return [...document.querySelectorAll('[role=gridcell][data-key]')]
        .filter((cell) => {
            const box = cell.getBoundingClientRect()
            return box.top >= frame.top - 1 && box.top < frame.bottom
        })
        .map((cell) => cell.dataset.key)
}"""


def grid(page: Page) -> Locator:
    """The grid, or the table."""
    return page.get_by_role("grid", name="Items")


def cell(page: Page, key: str) -> Locator:
    """The cell of an item."""
    return grid(page).locator(f'[role="gridcell"][data-key="{key}"]')


def open_items(page: Page, dataset: str, query: str = "") -> None:
    """The Items tab, its first pictures shown."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/datasets/{dataset}/items{query}")
    expect(grid(page).locator("[role=gridcell][data-key]").first).to_be_visible()


def in_view(page: Page) -> list[str]:
    """Keys of the cells that begin in view, from the top."""
    keys: list[str] = page.evaluate(IN_VIEW)
    return keys


def total(page: Page) -> Locator:
    """The number of items in the toolbar."""
    return page.locator(".items-total")


def facet(page: Page, title: str) -> Locator:
    """A facet."""
    return page.get_by_role("complementary", name="Filters").locator("section", has_text=title).first


def facet_counts(page: Page, title: str) -> dict[str, int]:
    """What a facet tells. Counting takes a limited time; asked again, a server with less to do gets to the end."""
    for _ in range(10):
        expect(facet(page, title).locator(".fv").first).to_be_visible()
        lines: list[list[str]] = (
            facet(page, title)
            .locator(".fv")
            .evaluate_all(
                "(lines) => lines.map((line) => ['bdi', '.n'].map((part) => line.querySelector(part).textContent))"
            )
        )
        if not any(number.startswith("≥") for _, number in lines):
            break
        page.reload()
    return {name: int(number.replace(",", "")) for name, number in lines}


def choose(page: Page, title: str, value: str) -> None:
    """Tick a value of a facet."""
    facet(page, title).locator(".fv").filter(has=page.get_by_text(value, exact=True)).get_by_role(
        "checkbox"
    ).click()


def selection(page: Page) -> Locator:
    """The bar of the selection."""
    return page.get_by_role("toolbar", name="Selected items")


def watch_shifts(page: Page) -> None:
    """Count from now on what moves without being asked; for pages that are opened afterwards."""
    page.add_init_script(
        """window.shifts = []
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value)
        }).observe({ type: 'layout-shift', buffered: true })"""
    )


def shifted(page: Page) -> float:
    """How much moved: the sum of all layout shifts."""
    values: list[float] = page.evaluate("window.shifts")
    return sum(values)


def drawn_boxes(page: Page, key: str) -> list[dict[str, Any]]:
    """Boxes on an item's picture: the colour, and the corners on the page in CSS pixels."""
    found: list[dict[str, Any]] = cell(page, key).evaluate(
        """(cell) => [...cell.querySelectorAll('.label-overlay path[stroke]')].flatMap((path) => {
            const matrix = path.getScreenCTM()
            return path.getAttribute('d').split('z').filter(Boolean).map((text) => {
                const [x, y, width, height] = text.match(/-?[\\d.]+/g).map(Number)
                const at = (dx, dy) => new DOMPoint(x + dx, y + dy).matrixTransform(matrix)
                const [low, high] = [at(0, 0), at(width, height)]
                return { color: path.getAttribute('stroke'), box: [low.x, low.y, high.x, high.y] }
            })
        })"""
    )
    return found


def wait_for_pictures(page: Page) -> int:
    """Wait until every picture that is drawn is there; how many there are."""
    until_true(
        page,
        """() => {
            const pictures = [...document.querySelectorAll('.items-scroll img')]
            return pictures.length > 0 && pictures.every((img) => img.complete && img.naturalWidth > 0)
        }""",
    )
    number: int = grid(page).locator("img").count()
    return number
