"""The Annotations tab: several sets, their classes and pictures, new ones from label files, and none at all."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.grid import PATIENCE_MS
from tests.support.pictures import archive, png
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.browsing import Studio

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def name(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Ten pictures: classes of all but one, boxes on four, one of them without any."""
    wanted = f"sets {request.node.name[5:30]}"
    members: dict[str, bytes | str] = {f"p{n}.png": png(n) for n in range(10)}
    members["kinds.csv"] = "".join(f"p{n}.png,{'cat' if n % 3 else SCRIPT}\n" for n in range(9))
    members["lesions.csv"] = "".join(f"p{n}.png,lesion,{n},2,10,12\n" for n in range(3)) + "p5.png\n"
    studio.add(archive(tmp_path / "sets.zip", members), name=wanted)
    return wanted


def open_annotations(page: Page, name: str, query: str = "") -> None:
    """Open the tab."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(dataset_path(name, "annotations") + query)
    expect(page.get_by_role("heading", level=2, name="Annotations", exact=True)).to_be_attached()


def set_card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Annotation set {name}", exact=True)


def opened(page: Page, name: str) -> Locator:
    """The card of a set, opened."""
    card = set_card(page, name)
    button = card.locator("h3 button[aria-expanded]")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    expect(card.get_by_text("Label distribution")).to_be_visible()
    return card


def pictures(card: Locator) -> Locator:
    return card.locator(".label-cells > li")


def choose(page: Page, file: Path, name: str = "") -> None:
    """Choose a label file in the dialog, and begin."""
    dialog = page.get_by_role("dialog", name="Import annotations")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(dialog.get_by_text(file.name)).to_be_visible()
    if name:
        dialog.get_by_label("Name of the set").fill(name)
    dialog.get_by_role("button", name="Import the labels").click()


@pytest.mark.checklist("M-05")
def test_sets_of_several_tasks_say_what_they_cover(name: str, page: Page) -> None:
    open_annotations(page, name)
    expect(page.get_by_text("2 annotation sets", exact=True)).to_be_visible()
    kinds, lesions = set_card(page, "kinds"), set_card(page, "lesions")
    for text in ("Single label", "9 of 10 pictures", "2 classes", "kinds.csv"):
        expect(kinds.get_by_text(text, exact=True)).to_be_visible()
    for text in ("Detection", "4 of 10 pictures", "3 boxes, 1 class", "lesions.csv"):
        expect(lesions.get_by_text(text, exact=True)).to_be_visible()
    opened(page, "lesions")
    expect(page).to_have_url(re.compile("set=lesions"))
    page.reload()
    expect(lesions.locator("h3 button[aria-expanded]")).to_have_attribute("aria-expanded", "true")
    expect(kinds.locator("h3 button[aria-expanded]")).to_have_attribute("aria-expanded", "false")


@pytest.mark.checklist("M-09")
def test_choosing_a_dataset_shows_its_pictures_and_what_is_attached(name: str, page: Page) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/datasets?search={name.replace(' ', '+')}")
    page.get_by_text(name, exact=True).first.click()
    expect(page.get_by_role("gridcell").first.locator("img")).to_be_visible()
    page.get_by_role("navigation", name="Dataset").get_by_role("link", name="Annotations").click()
    expect(set_card(page, "kinds")).to_be_visible()
    expect(set_card(page, "lesions")).to_be_visible()


@pytest.mark.checklist("M-11")
def test_an_opened_set_shows_its_labels_and_a_picture_opens_the_viewer(name: str, page: Page) -> None:
    open_annotations(page, name)
    card = opened(page, "lesions")
    expect(pictures(card)).to_have_count(3)
    drawn = pictures(card).nth(1).locator(".label-overlay path").last
    expect(drawn).to_have_attribute("d", "M1 2h10v12h-10z")
    pictures(card).nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/view\?.*item=p1\.png"))
    # The labels of the other set are hidden at first.
    expect(page).to_have_url(re.compile("hide=%40kinds"))
    expect(page.locator("canvas").first).to_be_visible()


def test_the_keyboard_walks_over_the_pictures(name: str, page: Page) -> None:
    open_annotations(page, name, "?set=kinds")
    cells = pictures(opened(page, "kinds"))
    expect(cells).to_have_count(9)
    cells.nth(0).get_by_role("link").focus()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("End")
    expect(cells.nth(8).get_by_role("link")).to_be_focused()
    assert cells.locator("a[tabindex='0']").count() == 1


def test_chosen_classes_narrow_the_pictures_and_lead_to_the_items(name: str, page: Page) -> None:
    open_annotations(page, name, "?set=kinds")
    card = opened(page, "kinds")
    expect(card.get_by_role("link", name="All 9 in Items")).to_be_visible()
    card.get_by_role("button", name=SCRIPT).click()
    expect(pictures(card)).to_have_count(3)
    expect(pictures(card).locator(".chip").first).to_have_text(SCRIPT)
    card.get_by_role("link", name="All 3 in Items").click()
    expect(page.get_by_role("gridcell")).to_have_count(3)
    assert page.locator("script:has-text('alert')").count() == 0


@pytest.mark.checklist("M-07")
def test_without_labels_it_says_what_is_missing_and_takes_a_label_file(
    studio: Studio, tmp_path: Path, page: Page
) -> None:
    studio.add(archive(tmp_path / "plain.zip", {f"p{n}.png": png(n) for n in range(6)}), name="plain")
    open_annotations(page, "plain")
    expect(page.get_by_role("heading", name="No annotations yet")).to_be_visible()
    expect(page.get_by_text("A model cannot be trained on this dataset")).to_be_visible()
    page.get_by_role("button", name="Import an annotation set").click()
    expect(page).to_have_url(re.compile("import=1"))
    file = tmp_path / "second.csv"
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([*((f"p{n}.png", "ab"[n % 2]) for n in range(5)), ("gone.png", "a")])
    choose(page, file, "second reader")
    done = page.get_by_role("dialog", name="The labels are added")
    expect(done).to_contain_text("Version 2 has 5 labels more, in second reader.")
    expect(done).to_contain_text("gone.png")
    done.get_by_role("button", name="Look at the labels").click()
    card = set_card(page, "second reader")
    expect(card.get_by_text("5 of 6 pictures")).to_be_visible()
    expect(pictures(card)).to_have_count(5)
    spread = studio.server.connection.get(
        dataset_path("plain", "annotations", "second reader", "distribution")
    )
    assert {each["name"]: each["labels"] for each in spread["classes"]} == {"a": 3, "b": 2}
    assert studio.show("plain")["version"] == 2


def test_labels_that_fit_nothing_are_refused_and_another_file_is_taken(
    studio: Studio, name: str, tmp_path: Path, page: Page
) -> None:
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text("a.png,x\nb.png,y\n")
    right.write_text("p0.png,x\np1.png,y\n")
    open_annotations(page, name, "?import=1")
    choose(page, wrong)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert studio.show(name)["version"] == 1
    dialog.get_by_role("button", name="Choose another file").click()
    choose(page, right)
    expect(page.get_by_role("dialog", name="The labels are added")).to_contain_text("2 labels more, in right")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("2 annotation sets", exact=True)).to_be_visible()


def test_an_import_goes_on_while_the_dialog_is_closed(name: str, tmp_path: Path, page: Page) -> None:
    file = tmp_path / "later.csv"
    file.write_text("p0.png,x\n")
    open_annotations(page, name, "?import=1")
    choose(page, file)
    page.keyboard.press("Escape")
    line = page.get_by_role("region", name="Import of annotations")
    expect(line.get_by_text("The labels are added.")).to_be_visible()
    expect(set_card(page, "later")).to_be_visible()
    line.get_by_role("button", name="Show").click()
    expect(page.get_by_role("dialog", name="The labels are added")).to_be_visible()


def test_a_set_is_renamed_deleted_and_brought_back(studio: Studio, name: str, page: Page) -> None:
    open_annotations(page, name)
    set_card(page, "kinds").get_by_role("button", name="Actions for kinds").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("read / twice")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    renamed = set_card(page, "read / twice")
    expect(renamed).to_be_visible()
    expect(pictures(renamed)).to_have_count(9)
    renamed.get_by_role("button", name="Actions for read / twice").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete the annotation set").click()
    expect(renamed).to_have_count(0)
    assert [each["name"] for each in studio.show(name)["annotation_sets"]] == ["lesions"]
    page.get_by_role("button", name="Undo").last.click()
    expect(renamed).to_be_visible()
    assert studio.show(name)["version"] == 4


def test_an_old_version_has_its_sets_and_no_way_to_change_them(studio: Studio, name: str, page: Page) -> None:
    studio.server.connection.delete(dataset_path(name, "annotations", "kinds"))
    open_annotations(page, name)
    expect(set_card(page, "kinds")).to_have_count(0)
    open_annotations(page, name, "?version=1&set=kinds")
    expect(pictures(set_card(page, "kinds"))).to_have_count(9)
    expect(page.get_by_role("button", name="Import annotations")).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for kinds")).to_have_count(0)


def test_real_folders_of_classes_are_one_set_of_ten(studio: Studio, page: Page, real_data: Path) -> None:
    studio.add(real_data / "images" / "sign_digits__classes.zip", name="signs")
    open_annotations(page, "signs")
    card = opened(page, "signs_classes")
    expect(card.get_by_text("2,062 of 2,062 pictures")).to_be_visible()
    card.get_by_text("Table", exact=True).click()
    rows = card.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(10)
    labels = rows.evaluate_all("rows => rows.map(row => row.cells[1].innerText)")
    assert sum(map(int, labels)) == 2062
    expect(pictures(card)).to_have_count(60)
