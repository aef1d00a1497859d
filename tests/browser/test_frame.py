"""The frame of every page: signing in, the bar, keys, light and dark, what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_question_mark_shows_the_keys_and_escape_closes_them(page: Page) -> None:
    page.goto("/datasets")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    expect(keys.get_by_text("Jump to anything")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_g_and_j_lead_to_the_jobs(page: Page) -> None:
    page.goto("/datasets")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_url("**/jobs")


def test_an_address_without_a_page_says_so(page: Page) -> None:
    page.goto("/datasets")
    page.evaluate("history.pushState({}, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
