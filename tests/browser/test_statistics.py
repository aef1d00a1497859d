"""The Statistics tab: counts of the label file, splits with what leaks, channels, text to copy, duplicates."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.grid import PATIENCE_MS
from tests.support.browsing import NOTHING_BUSY, until_true
from tests.support.pictures import archive, detection_zip, png, png16, series_zip
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.browsing import Studio

HOSTILE = ('<img src=x onerror="alert(1)">', 'say "hi" \\ `now` ${1}', "=1+1", "no", "# a: b", "اعتلال")


@pytest.fixture(scope="module")
def shelf(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Boxes, classes of every frequency, pictures of 16 bits, copies, and hostile names."""
    folder = tmp_path_factory.mktemp("shelf")
    studio.add(detection_zip(folder / "cells.zip", count=20))
    studio.add(series_zip(folder / "heads.zip"))
    members: dict[str, bytes | str] = {f"{n:02}.png": png(n % 22) for n in range(24)}
    members["label.csv"] = "".join(f"{n:02}.png,{'rare' if n == 5 else 'often'}\n" for n in range(24))
    studio.add(archive(folder / "copies.zip", members))
    studio.add(archive(folder / "deep.zip", {f"{n}.png": png16(n) for n in range(5)}))
    text = io.StringIO()
    csv.writer(text).writerows((f"{n}.png", HOSTILE[n % len(HOSTILE)]) for n in range(18))
    hostile: dict[str, bytes | str] = {f"{n}.png": png(n) for n in range(18)}
    studio.add(archive(folder / "hostile.zip", hostile | {"label.csv": text.getvalue()}), name='<b>"x"</b> y')
    return studio


def open_statistics(page: Page, name: str, **parameters: str) -> None:
    """Open the tab and wait for its numbers."""
    page.set_default_timeout(PATIENCE_MS)
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    page.goto(dataset_path(name, "statistics") + (f"?{query}" if query else ""))
    expect(card(page, "Training parameters")).to_be_visible()
    until_true(page, NOTHING_BUSY)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def rows_of(table: Locator) -> dict[str, list[str]]:
    """Cells of a table's body by the first of each row."""
    expect(table.locator("tbody tr").first).to_be_visible()
    found = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return {row[0]: row[1:] for row in found}


def number(text: str) -> int:
    return int(text.replace(",", ""))


def copied(page: Page, language: str) -> str:
    """What the clipboard holds after Copy."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    parameters = card(page, "Training parameters")
    parameters.get_by_text(language, exact=True).click()
    parameters.get_by_role("button", name="Copy").click()
    expect(parameters.get_by_role("button", name="Copied")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert isinstance(text, str)
    return text


def statistics(studio: Studio, name: str) -> dict[str, Any]:
    """What `triptych stats NAME --json` prints."""
    document: dict[str, Any] = studio.server.connection.get(dataset_path(name, "statistics"))
    return document


def test_the_table_counts_the_rows_of_the_label_file(studio: Studio, page: Page, real_data: Path) -> None:
    source = real_data / "images" / "blood_cells__image_label6.zip"
    studio.add(source, name="blood")
    with zipfile.ZipFile(source) as zipped:
        name = next(each for each in zipped.namelist() if each.endswith("label.csv"))
        boxes = [row for row in csv.reader(io.TextIOWrapper(zipped.open(name), "utf-8")) if len(row) == 6]
    open_statistics(page, "blood", labels="table")
    rows = rows_of(card(page, "Label distribution").get_by_role("table"))
    assert {each: number(cells[0]) for each, cells in rows.items()} == Counter(row[1] for row in boxes)
    pictures = {each: len({row[0] for row in boxes if row[1] == each}) for each in rows}
    assert {each: number(cells[2]) for each, cells in rows.items()} == pictures
    assert all(sum(map(number, cells[3:])) == number(cells[0]) for cells in rows.values())
    expect(card(page, "Sizes and boxes")).to_contain_text("640 × 480, all 364")
    widths = sorted(float(row[4]) for row in boxes)
    median = (widths[(len(widths) - 1) // 2] + widths[len(widths) // 2]) / 2
    expect(card(page, "Sizes and boxes")).to_contain_text(f"median {median:g} px, 0 to {widths[-1]:g}")
    expect(page.get_by_text("RBC has 11 times as many boxes as Platelets")).to_be_visible()


def test_generated_boxes_are_counted_and_the_file_says_the_same(shelf: Studio, page: Page) -> None:
    open_statistics(page, "cells", labels="table")
    labels = card(page, "Label distribution")
    rows = rows_of(labels.get_by_role("table"))
    assert {each: number(cells[0]) for each, cells in rows.items()} == {"RBC": 20, "WBC": 20}
    with page.expect_download() as download:
        labels.get_by_role("link", name="CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        saved = {row["name"]: row for row in csv.DictReader(file)}
    for name, cells in rows.items():
        parts = [saved[name][part] for part in ("train", "validation", "test")]
        assert [number(each) for each in cells[3:]] == [int(each) for each in parts]
    labels.get_by_text("Chart", exact=True).click()
    train = int(saved["RBC"]["train"])
    expect(labels.get_by_role("img", name=re.compile(f"^RBC: Train {train}, "))).to_be_visible()
    splits = rows_of(card(page, "Splits").get_by_role("table"))
    assert sum(number(cells[0].split()[0]) for cells in splits.values()) == 20
    assert number(splits["Train"][-1]) == sum(int(each["train"]) for each in saved.values())


@pytest.mark.parametrize("name", ["cells", '<b>"x"</b> y'])
def test_what_is_copied_is_valid_and_has_the_numbers_of_stats(shelf: Studio, page: Page, name: str) -> None:
    yaml = pytest.importorskip("yaml")
    open_statistics(page, name)
    training = statistics(shelf, name)["training"]
    assert json.loads(copied(page, "JSON")) == training
    assert yaml.safe_load(copied(page, "YAML")) == training
    tree = ast.parse(copied(page, "Python"))
    values = {
        each.targets[0].id: ast.literal_eval(each.value)
        for each in tree.body
        if isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Name)
        and not isinstance(each.value, ast.Call)
    }
    scaled = training["layers"]["image"]["scaled"]
    assert values["mean"] == pytest.approx(scaled["mean"], abs=5e-5)
    assert values["std"] == pytest.approx(scaled["std"], abs=5e-5)
    balanced = next(iter(training["sets"].values()))["weights"]["inverse_frequency"]
    assert values["class_weights"].keys() == balanced.keys()
    for each, weight in balanced.items():
        assert values["class_weights"][each] == (None if weight is None else pytest.approx(weight, abs=5e-5))
    (call,) = [
        each.value.func.value
        for each in tree.body
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and isinstance(each.value.func, ast.Attribute)
    ]
    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == f"{shelf.show(name)['name']}@1"


def test_other_weights_and_raw_values_are_chosen_and_stay_in_the_address(shelf: Studio, page: Page) -> None:
    open_statistics(page, "copies", weights="median_frequency", values="raw")
    text = copied(page, "Python")
    training = statistics(shelf, "copies")["training"]
    assert f"{training['layers']['image']['native']['mean'][0]:.4f}" in text
    weights = training["sets"]["label"]["weights"]["median_frequency"]
    assert f'"often": {weights["often"]:.4f}' in text
    expect(card(page, "Training parameters")).to_contain_text("Values as in the files.")


def test_sixteen_bits_have_their_own_axis(shelf: Studio, page: Page) -> None:
    open_statistics(page, "deep")
    channels = card(page, "Channels")
    figure = channels.get_by_role("figure")
    expect(figure).to_have_text("01")
    expect(channels).to_contain_text("16 bits, divided by 65,535")
    channels.get_by_text("Raw", exact=True).click()
    expect(figure).to_have_text("065,535")
    expect(page).to_have_url(re.compile("values=raw"))
    bars = figure.locator("path").first
    linear = bars.get_attribute("d")
    channels.get_by_role("switch", name="Log counts").click()
    expect(bars).not_to_have_attribute("d", linear or "")
    channels.get_by_text("Table", exact=True).click()
    band = statistics(shelf, "deep")["training"]["layers"]["image"]["native"]
    cells = rows_of(channels.get_by_role("table"))["Gray"]
    assert float(cells[0].replace(",", "")) == pytest.approx(band["mean"][0], abs=0.005)
    expect(page.get_by_text("A model cannot be trained yet.")).to_be_visible()


def test_duplicates_stand_side_by_side_and_what_leaks_is_said(shelf: Studio, page: Page) -> None:
    open_statistics(page, "copies")
    groups = card(page, "Duplicates")
    expect(groups.get_by_role("region")).to_have_count(2)
    first = groups.get_by_role("region").first
    keys = {"00.png", "22.png"}
    expect(first.get_by_role("link")).to_have_count(2)
    assert {
        each.split(",")[0] for each in first.get_by_role("link").evaluate_all("a => a.map(e => e.ariaLabel)")
    } == keys
    expect(page.get_by_text("No leak found.")).to_be_visible()
    held = shelf.server.connection.get(dataset_path("copies", "items"), search="22.png")["items"][0]["part"]
    other = "test" if held != "test" else "train"
    shelf.server.connection.post(dataset_path("copies", "items", "part"), {"keys": ["22.png"], "part": other})
    page.reload()
    expect(first.get_by_text(re.compile(f"in .*{other.title()}"))).to_be_visible()
    expect(card(page, "Splits").get_by_text(re.compile("lies? in more than one part"))).to_be_visible()
    first.get_by_role("link", name=re.compile("^22.png")).click()
    expect(page).to_have_url(re.compile(r"/view\?.*item=22\.png"))


def test_a_split_is_made_anew_and_taken_back(studio: Studio, tmp_path: Path, page: Page) -> None:
    studio.add(series_zip(tmp_path / "again.zip", studies=10))
    open_statistics(page, "again")
    splits = card(page, "Splits")
    expect(splits).to_contain_text("studies and duplicates stay together, seed 0")
    splits.get_by_role("button", name="Split again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Train, %").fill("70")
    expect(dialog.get_by_text("Together they are 110 %.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Split again")).to_be_disabled()
    dialog.get_by_label("Validation, %").fill("20")
    dialog.get_by_label("Test, %").fill("10")
    dialog.get_by_label("Seed").fill("7")
    dialog.get_by_role("button", name="Split again").click()
    expect(splits).to_contain_text("seed 7")
    shown = studio.show("again")
    assert shown["split_plan"] == {"ratios": [0.7, 0.2, 0.1], "seed": 7, "by": "group"}
    rows = rows_of(splits.get_by_role("table"))
    assert {each.lower(): number(cells[0].split()[0]) for each, cells in rows.items()} == shown["split"]
    page.get_by_role("button", name="Undo").click()
    expect(splits).to_contain_text("seed 0")


def test_a_split_that_leaks_is_shown_before_it_is_kept(studio: Studio, tmp_path: Path, page: Page) -> None:
    studio.add(series_zip(tmp_path / "leaky.zip"))
    open_statistics(page, "leaky")
    card(page, "Splits").get_by_role("button", name="Split again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Each picture by itself").check()
    dialog.get_by_role("button", name="Split again").click()
    expect(page.get_by_role("dialog", name="Version 2 is split. Keep it?")).to_contain_text(
        "groups with 20 items"
    )
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("No leak found.")).to_be_visible()
    assert studio.show("leaky")["version"] == 3


def test_names_from_people_are_text(shelf: Studio, page: Page) -> None:
    open_statistics(page, '<b>"x"</b> y')
    labels = card(page, "Label distribution")
    for name in HOSTILE:
        expect(labels.get_by_role("link", name=name, exact=True)).to_be_visible()
    assert page.locator("img[onerror], [aria-label='Label distribution'] img").count() == 0
    labels.get_by_role("link", name=HOSTILE[0], exact=True).click()
    expect(page).to_have_url(re.compile(r"/items\?class=label%3A"))
    expect(page.get_by_role("gridcell")).to_have_count(3)
