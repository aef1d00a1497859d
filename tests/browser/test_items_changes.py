"""What is done with selected items, each time as a version; the header: export, trash by name, decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.grid import PATIENCE_MS, cell, facet_counts, open_items, selection, total
from tests.support.pictures import archive, classes_zip, detection_zip, png

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio


@pytest.fixture
def cells(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Forty pictures with boxes, a dataset of the test's own."""
    name = f"cells {request.node.name[5:25]}"
    studio.add(detection_zip(tmp_path / "cells.zip", count=40), name=name)
    return name


def key(number: int) -> str:
    return f"cell_{number:03}.jpg"


def select(page: Page, *numbers: int) -> None:
    """Tick items."""
    for number in numbers:
        cell(page, key(number)).hover()
        cell(page, key(number)).locator("[data-tick]").click()
    expect(selection(page)).to_contain_text(f"{len(numbers)} selected of 40")


def test_what_is_removed_comes_back_by_undo(studio: Studio, cells: str, page: Page) -> None:
    open_items(page, cells)
    select(page, 1, 3)
    selection(page).get_by_role("button", name="Remove").click()
    expect(page.get_by_text("2 items removed")).to_be_visible()
    expect(total(page)).to_have_text("38")
    expect(page.get_by_text("Version 2", exact=True).first).to_be_visible()
    expect(cell(page, key(1))).to_have_count(0)
    expect(selection(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(total(page)).to_have_text("40")
    expect(cell(page, key(1))).to_be_visible()
    assert studio.show(cells)["version"] == 3
    page.goto(f"/datasets/{cells}/items?version=2")
    expect(total(page)).to_have_text("38")
    expect(page.get_by_role("link", name=re.compile("to the newest"))).to_be_visible()


def test_delete_removes_what_is_selected_and_nothing_without(studio: Studio, cells: str, page: Page) -> None:
    open_items(page, cells)
    cell(page, key(0)).focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Space")
    expect(selection(page)).to_contain_text("1 selected")
    assert studio.show(cells)["version"] == 1
    page.keyboard.press("Delete")
    expect(total(page)).to_have_text("39")


def test_items_move_to_a_part_of_the_split(studio: Studio, cells: str, page: Page) -> None:
    open_items(page, cells)
    before = facet_counts(page, "Split")
    select(page, 0, 1, 2)
    parts = {each["part"] for each in studio.server.connection.get(f"/datasets/{cells}/items")["items"][:3]}
    selection(page).get_by_role("button", name="Move to split").click()
    page.get_by_role("menuitem", name="Test").click()
    expect(page.get_by_text(re.compile(r"items? moved to Test"))).to_be_visible()
    for number in range(3):
        expect(cell(page, key(number)).locator("abbr")).to_have_text("Te")
    listed = studio.server.connection.get(f"/datasets/{cells}/items")["items"]
    assert [each["part"] for each in listed[:3]] == ["test"] * 3
    assert parts != {"test"}
    assert facet_counts(page, "Split")["Test"] > before["Test"]


def test_all_that_match_a_filter_are_changed_without_naming_them(
    studio: Studio, tmp_path: Path, page: Page
) -> None:
    studio.add(classes_zip(tmp_path / "pets.zip"), name="many pets")
    open_items(page, "many pets", "?class=many+pets_classes%3Adog")
    page.keyboard.press("Control+a")
    expect(selection(page)).to_contain_text("6 selected of 6")
    with page.expect_request("**/items/remove") as asked:
        selection(page).get_by_role("button", name="Remove").click()
    assert asked.value.post_data_json == {"filter": {"class": ["many pets_classes:dog"]}}
    expect(page.get_by_text("6 items removed")).to_be_visible()
    assert studio.show("many pets")["counts"]["items"] == 6


def test_names_are_copied_as_they_are(studio: Studio, cells: str, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_items(page, cells)
    select(page, 4, 2)
    selection(page).get_by_role("button", name="Copy names").click()
    expect(page.get_by_text("2 names copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert sorted(copied.split("\n")) == [key(2), key(4)]


def test_export_says_what_a_format_cannot_hold_and_gives_the_archive(
    studio: Studio, cells: str, page: Page
) -> None:
    open_items(page, cells)
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export as what?")
    expect(dialog.get_by_role("link", name="Download")).to_be_visible()
    dialog.get_by_role("radio", name="Folders by class").check()
    expect(dialog.get_by_role("button", name="Download")).to_be_disabled()
    dialog.get_by_role("radio", name="Pictures and label files").check()
    with page.expect_download() as download:
        dialog.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith("-v1-image_label.zip")


def test_delete_asks_for_the_name_and_can_be_undone(studio: Studio, cells: str, page: Page) -> None:
    open_items(page, cells)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    delete = dialog.get_by_role("button", name="Delete")
    expect(delete).to_be_disabled()
    dialog.get_by_label("Type the name to delete it").fill(cells[:-1])
    expect(delete).to_be_disabled()
    dialog.get_by_label("Type the name to delete it").fill(cells)
    delete.click()
    expect(page).to_have_url(re.compile(r"/datasets$"))
    assert studio.show(cells)["state"] == "trashed"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("grid", name="Datasets").get_by_text(cells, exact=True)).to_be_visible()
    page.goto(f"/datasets/{cells}")
    expect(page.locator(".dhead").get_by_text("Ready")).to_be_visible()


def test_what_is_in_the_trash_can_be_restored_from_its_page(studio: Studio, cells: str, page: Page) -> None:
    shown = studio.show(cells)
    studio.server.connection.delete(f"/datasets/{shown['id']}")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/datasets/{cells}")
    expect(page.locator(".dhead").get_by_text("In the trash")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".dhead").get_by_text("Ready")).to_be_visible()


def test_a_dataset_that_needs_a_decision_says_why_and_asks(
    studio: Studio, tmp_path: Path, page: Page
) -> None:
    members: dict[str, bytes | str] = {f"{number}.png": png(number) for number in range(6)}
    members["cut off.png"] = png(7)[:60]
    studio.add(archive(tmp_path / "gaps.zip", members), keep=False)
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/datasets/gaps")
    expect(page.get_by_text("1 file could not be read.")).to_be_visible()
    expect(page.get_by_text("cut off.png")).to_be_visible()
    page.get_by_role("button", name="Keep or discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep 6 pictures").click()
    expect(total(page)).to_have_text("6")
    expect(cell(page, "0.png")).to_be_visible()


def test_a_version_that_is_asked_for_is_only_looked_at(studio: Studio, cells: str, page: Page) -> None:
    open_items(page, cells, "?version=1")
    cell(page, key(0)).focus()
    page.keyboard.press("Space")
    expect(selection(page)).to_contain_text("1 selected")
    expect(selection(page).get_by_role("button", name="Remove")).to_have_count(0)
    expect(selection(page).get_by_role("button", name="Copy names")).to_be_visible()
