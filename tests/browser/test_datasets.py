"""The list of datasets: rows, search, toggle, facets, order, selection, trash and undo, and the empty list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.pictures import archive, classes_zip, detection_zip, png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.browsing import Studio

HOSTILE = '<img src=x onerror="window.hit=1">'


@pytest.fixture(scope="module")
def shelf(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Four datasets: boxes, classes, series without labels, and one with a hostile class name."""
    folder = tmp_path_factory.mktemp("shelf")
    studio.add(detection_zip(folder / "blood films.zip", count=12))
    studio.add(classes_zip(folder / "pets.zip"))
    slices = {
        f"image/Study{study}/Series1/{number}.png": png(10 * study + number)
        for study in range(3)
        for number in range(4)
    }
    series = studio.add(archive(folder / "heads.zip", slices))
    studio.server.connection.patch(
        f"/datasets/{series['id']}", {"tags": ["ward export"], "description": "Drawn heads, three studies"}
    )
    members = {f"image/{number}.png": png(number) for number in range(4)}
    rows = "".join(f"{number}.png,{HOSTILE}\n" for number in range(4))
    studio.add(archive(folder / "hostile.zip", {**members, "label.csv": rows}))
    return studio


@pytest.fixture
def listed(shelf: Studio, page: Page) -> Page:
    """The list, with its four rows."""
    page.goto("/datasets")
    expect(page.get_by_role("heading", name="Datasets", level=1)).to_be_visible()
    expect(rows(page)).to_have_count(4)
    return page


def rows(page: Page) -> Locator:
    """The rows of the table, its head left out."""
    return page.get_by_role("grid", name="Datasets").locator('[id^="dataset-"]')


def row(page: Page, name: str) -> Locator:
    """The row of a dataset."""
    return rows(page).filter(has_text=name)


@pytest.mark.checklist("M-04")
@pytest.mark.checklist("M-05")
def test_a_row_tells_studies_items_and_annotation_sets(listed: Page) -> None:
    cells = row(listed, "heads").get_by_role("gridcell").all_inner_texts()
    assert [text.strip() for text in cells[5:8]] == ["3", "12", "0"]
    cells = row(listed, "blood films").get_by_role("gridcell").all_inner_texts()
    assert [text.strip() for text in cells[5:8]] == ["12", "12", "1"]
    expect(row(listed, "heads")).to_contain_text("Planar")
    expect(row(listed, "heads")).to_contain_text("Ready")
    expect(row(listed, "heads")).to_contain_text("Today")
    expect(row(listed, "heads").locator("img")).to_have_count(3)


@pytest.mark.checklist("M-03")
def test_search_finds_by_name_description_and_tag_while_typing(listed: Page) -> None:
    search = listed.get_by_role("searchbox", name="Search datasets")
    for typed, found in (("films", "blood films"), ("three stud", "heads"), ("ward", "heads")):
        search.fill(typed)
        expect(rows(listed)).to_have_count(1)
        expect(rows(listed)).to_contain_text(found)
    search.fill("no such thing")
    expect(listed.get_by_role("heading", name="No dataset matches")).to_be_visible()
    listed.get_by_role("button", name="Remove all filters").click()
    expect(rows(listed)).to_have_count(4)


@pytest.mark.checklist("M-06")
def test_the_toggle_hides_what_has_no_annotations_and_stays_after_a_reload(listed: Page) -> None:
    listed.get_by_role("switch", name="Hide datasets without annotations").click(force=True)
    expect(rows(listed)).to_have_count(3)
    expect(row(listed, "heads")).to_have_count(0)
    listed.reload()
    expect(rows(listed)).to_have_count(3)


@pytest.mark.checklist("M-20")
def test_a_dataset_is_called_as_its_zip_and_the_list_has_no_field_for_it(listed: Page) -> None:
    expect(row(listed, "blood films")).to_be_visible()
    row(listed, "blood films").get_by_role("button", name="Actions for").click()
    expect(listed.get_by_role("menuitem", name="Open")).to_be_visible()
    expect(listed.get_by_role("menuitem", name="Rename")).to_have_count(0)


def test_facets_count_and_filter_and_stand_in_the_address(listed: Page) -> None:
    tasks = listed.get_by_role("complementary", name="Filters")
    expect(tasks.locator("label", has_text="Detection")).to_contain_text("1")
    expect(tasks.locator("label", has_text="Single label")).to_contain_text("2")
    tasks.get_by_role("checkbox", name="Detection").click()
    expect(rows(listed)).to_have_count(1)
    assert "task=detection" in listed.url
    tasks.get_by_role("checkbox", name="Single label").click()
    expect(rows(listed)).to_have_count(3)
    listed.get_by_role("button", name="Remove the filter Detection").click()
    expect(rows(listed)).to_have_count(2)
    listed.go_back()
    expect(rows(listed)).to_have_count(3)


def test_orders(listed: Page) -> None:
    listed.goto("/datasets?sort=name")
    expect(rows(listed)).to_have_count(4)
    expect(rows(listed).first).to_contain_text("blood films")
    expect(rows(listed).last).to_contain_text("pets")


def test_cards_show_the_same_datasets(listed: Page) -> None:
    listed.get_by_role("radio", name="Cards").locator("xpath=following-sibling::label").click()
    expect(rows(listed)).to_have_count(4)
    expect(row(listed, "blood films")).to_contain_text("Detection")
    expect(row(listed, "heads")).to_contain_text("3 studies · 12 items")
    assert "view=cards" in listed.url


def test_selected_datasets_go_to_the_trash_together_and_come_back(listed: Page) -> None:
    for name in ("pets", "heads"):
        row(listed, name).get_by_role("checkbox").click()
    bar = listed.get_by_role("region", name="Selected datasets")
    expect(bar).to_contain_text("2 selected of 4")
    bar.get_by_role("button", name="Delete").click()
    expect(rows(listed)).to_have_count(2)
    expect(listed.get_by_text("2 datasets are in the trash")).to_be_visible()
    listed.get_by_role("button", name="Undo").click()
    expect(rows(listed)).to_have_count(4)


def test_by_keyboard_a_row_is_reached_selected_and_opened(listed: Page) -> None:
    listed.keyboard.press("ArrowDown")
    listed.keyboard.press("ArrowUp")
    listed.keyboard.press("Space")
    expect(listed.get_by_role("region", name="Selected datasets")).to_contain_text("1 selected")
    listed.keyboard.press("Escape")
    expect(listed.get_by_role("region", name="Selected datasets")).to_have_count(0)
    listed.keyboard.press("/")
    expect(listed.get_by_role("searchbox", name="Search datasets")).to_be_focused()
    listed.get_by_role("searchbox", name="Search datasets").blur()
    listed.keyboard.press("Enter")
    listed.wait_for_url("**/datasets/*/**")


def test_jump_to_finds_a_dataset_by_a_part_of_its_name(listed: Page) -> None:
    listed.keyboard.press("Control+k")
    listed.get_by_role("combobox", name="Jump to").fill("blood")
    expect(listed.get_by_role("option", name="blood films")).to_be_visible()
    listed.keyboard.press("Enter")
    listed.wait_for_url("**/datasets/blood%20films**")


def test_new_goes_away_once_the_dataset_was_opened(shelf: Studio, listed: Page, tmp_path: Path) -> None:
    shelf.add(classes_zip(tmp_path / "fresh.zip"), name="fresh")
    listed.reload()
    expect(row(listed, "fresh")).to_contain_text("New")
    row(listed, "fresh").get_by_role("link").click()
    listed.wait_for_url("**/datasets/fresh**")
    with listed.expect_response("**/opened"):
        listed.reload()
    listed.goto("/datasets")
    expect(row(listed, "fresh")).to_be_visible()
    expect(row(listed, "fresh")).not_to_contain_text("New")
    shelf.server.connection.delete("/datasets/fresh")


def test_an_empty_list_offers_three_ways_and_a_template_of_each_layout(
    fresh_studio: Studio, open_page: Callable[..., Page]
) -> None:
    page = open_page(fresh_studio)
    page.goto("/datasets")
    expect(page.get_by_role("heading", name="No datasets yet")).to_be_visible()
    for way in ("From this computer", "From an address", "From the server"):
        expect(page.get_by_role("heading", name=way)).to_be_visible()
    links = page.locator("a[download]")
    expect(links.first).to_be_visible()
    assert links.count() >= 4
    with page.expect_download() as download:
        links.first.click()
    assert download.value.suggested_filename.endswith(".zip")
    assert download.value.path().read_bytes()[:2] == b"PK"


def test_a_running_job_shows_its_progress_in_the_row_without_a_reload(
    shelf: Studio, listed: Page, tmp_path: Path
) -> None:
    members = {f"image/{number:04d}.png": png(number, width=96, height=96) for number in range(1200)}
    shelf.add(archive(tmp_path / "many.zip", members), name="many", wait=False)
    expect(row(listed, "many")).to_be_visible(timeout=15_000)
    expect(row(listed, "many")).to_contain_text("Ready", timeout=30_000)
    expect(row(listed, "many")).to_contain_text("1,200")
    shelf.server.connection.delete("/datasets/many")
