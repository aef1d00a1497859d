"""The Items tab: pictures with their labels, facets, search, groups, table, and what is said when labels lack."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.grid import (
    cell,
    choose,
    drawn_boxes,
    facet_counts,
    grid,
    in_view,
    open_items,
    shifted,
    total,
    wait_for_pictures,
    watch_shifts,
)
from tests.support.pictures import archive, classes_zip, detection_zip, png, series_zip

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio

WIDTH, HEIGHT = 300, 200
BOXES = {"RBC": (30, 20, 120, 60), "WBC": (200.5, 110, 60, 70.5)}


@pytest.fixture(scope="module")
def shelf(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Boxes, classes, series, pictures without labels, and a grey one of which every pixel is known."""
    folder = tmp_path_factory.mktemp("shelf")
    studio.add(detection_zip(folder / "cells.zip", count=40))
    studio.add(classes_zip(folder / "pets.zip", each=20))
    studio.add(series_zip(folder / "heads.zip"))
    studio.add(archive(folder / "plain.zip", {f"{number}.png": png(number) for number in range(5)}))
    members: dict[str, bytes | str] = {
        "image/wide.png": _grey(WIDTH, HEIGHT),
        "image/square.png": _grey(200, 200, 100),
        "image/ribbon.png": _grey(1200, 30, 90),
    }
    rows = [f"wide.png,{name},{','.join(map(str, box))}" for name, box in BOXES.items()]
    rows += ["square.png,RBC,50,50,100,100", "ribbon.png,RBC,600,10,300,10"]
    studio.add(archive(folder / "known.zip", {**members, "label.csv": "\n".join(rows)}))
    return studio


def _grey(width: int, height: int, level: int = 128) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width), level, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.checklist("M-09")
def test_a_dataset_opens_with_its_pictures_and_what_is_labelled_on_them(shelf: Studio, page: Page) -> None:
    page.goto("/datasets/cells")
    expect(page).to_have_url(re.compile(r"/datasets/cells/items$"))
    expect(page.get_by_role("heading", level=1, name="cells")).to_be_visible()
    expect(page.locator(".dhead-facts")).to_contain_text("40 items")
    expect(page.locator(".dhead-facts")).to_contain_text("80 boxes")
    first = cell(page, "cell_000.jpg")
    expect(first).to_be_visible()
    expect(first.locator("img")).to_have_js_property("complete", True)
    assert first.locator("img").evaluate("(img) => img.naturalWidth") == 64
    expect(first.locator(".label-overlay path[stroke]")).to_have_count(2)
    expect(first.locator(".cap")).to_contain_text(re.compile(r"000\.jpg"))
    assert "RBC 1" in (first.get_attribute("aria-label") or "")


@pytest.mark.checklist("M-10")
def test_a_picture_opens_the_viewer_and_the_way_back_leads_to_the_same_place(
    shelf: Studio, page: Page
) -> None:
    open_items(page, "pets", "?class=pets_classes%3Adog&view=grid")
    wanted = in_view(page)[3]
    cell(page, wanted).locator("a").click()
    expect(page).to_have_url(re.compile(r"/datasets/pets/view\?class=pets_classes%3Adog&item=dog%2Fimg"))
    page.go_back()
    expect(cell(page, wanted)).to_be_visible()
    expect(total(page)).to_have_text("20")
    cell(page, wanted).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/datasets/pets/view"))


def test_boxes_lie_where_the_label_file_puts_them(shelf: Studio, page: Page) -> None:
    open_items(page, "known")
    for key, (width, height), boxes in (
        ("wide.png", (WIDTH, HEIGHT), list(BOXES.values())),
        ("square.png", (200, 200), [(50, 50, 100, 100)]),
        ("ribbon.png", (1200, 30), [(600, 10, 300, 10)]),
    ):
        frame = cell(page, key).locator(".pic").bounding_box()
        assert frame is not None
        ratio = width / height / (frame["width"] / frame["height"])
        sides = (frame["width"] / width, frame["height"] / height)
        scale = min(sides) if ratio > 1.5 or ratio < 1 / 1.5 else max(sides)
        left = frame["x"] + (frame["width"] - width * scale) / 2
        top = frame["y"] + (frame["height"] - height * scale) / 2
        found = sorted(each["box"] for each in drawn_boxes(page, key))
        wanted = sorted(
            [left + x * scale, top + y * scale, left + (x + w) * scale, top + (y + h) * scale]
            for x, y, w, h in boxes
        )
        assert np.abs(np.subtract(found, wanted)).max() < 1, key


def test_a_box_is_drawn_in_its_colour_over_the_very_pixels(shelf: Studio, page: Page) -> None:
    open_items(page, "known", "?search=wide")
    expect(cell(page, "wide.png").locator("img")).to_have_js_property("complete", True)
    frame = cell(page, "wide.png").locator(".pic").bounding_box()
    assert frame is not None
    shot = Image.open(io.BytesIO(page.screenshot(clip=frame))).convert("RGB")
    assert max(abs(level - 128) for level in shot.getpixel((3, 3))) < 4  # type: ignore[union-attr]
    for drawn in drawn_boxes(page, "wide.png"):
        x1, y1, x2, y2 = drawn["box"]
        color = [int(drawn["color"][place : place + 2], 16) for place in (1, 3, 5)]
        # The picture fills the cell, which may cut off one side of a box.
        side = round((x1 if x1 >= frame["x"] + 1 else x2) - frame["x"])
        middle = round((y1 + y2) / 2 - frame["y"])
        edge = shot.crop((side - 1, middle, side + 2, middle + 1))
        nearest = np.abs(np.asarray(edge, int).reshape(-1, 3) - color).sum(axis=1).min()
        assert nearest < 90, drawn
        inside = shot.getpixel((round((max(x1, frame["x"]) + x2) / 2 - frame["x"]), middle))
        assert max(abs(level - 128) for level in inside) < 4  # type: ignore[union-attr]


def test_facets_count_what_the_data_hold_and_narrow_the_grid(shelf: Studio, page: Page) -> None:
    items = shelf.server.connection.get("/datasets/pets/items", limit=500)["items"]
    names = [(item["labels"][0]["class"], item["part"]) for item in items]
    open_items(page, "pets")
    assert facet_counts(page, "Class") == dict(Counter(name for name, _ in names))
    parts = Counter(part for _, part in names)
    assert facet_counts(page, "Split") == {
        word: parts[word.lower()] for word in ("Train", "Validation", "Test")
    }
    choose(page, "Class", "dog")
    expect(total(page)).to_have_text("20")
    choose(page, "Split", "Test")
    dogs = Counter(part for name, part in names if name == "dog")
    expect(total(page)).to_have_text(str(dogs["test"]))
    # Counts of a field are those under all the other fields; values of one field add up.
    assert facet_counts(page, "Split")["Train"] == dogs["train"]
    choose(page, "Split", "Validation")
    expect(total(page)).to_have_text(str(dogs["test"] + dogs["validation"]))
    page.reload()
    expect(total(page)).to_have_text(str(dogs["test"] + dogs["validation"]))
    active = page.get_by_role("group", name="Active filters")
    active.get_by_role("button", name="Class: dog").click()
    expect(total(page)).to_have_text(str(parts["test"] + parts["validation"]))
    active.get_by_role("button", name="Clear all").click()
    expect(total(page)).to_have_text("40")


def test_search_finds_by_a_part_of_the_name_and_says_what_hides_everything(shelf: Studio, page: Page) -> None:
    open_items(page, "cells")
    page.keyboard.press("/")
    page.keyboard.type("_01")
    expect(total(page)).to_have_text("10")
    assert in_view(page) == [f"cell_{number:03}.jpg" for number in range(10, 20)]
    expect(page).to_have_url(re.compile(r"search=_01"))
    page.keyboard.type("zz")
    expect(page.get_by_role("heading", name="No item matches")).to_be_visible()
    expect(page.get_by_text("there would be 40")).to_be_visible()
    page.get_by_role("button", name="Remove that filter").click()
    expect(total(page)).to_have_text("40")
    expect(page.get_by_role("textbox", name="Part of a name")).to_have_value("")


def test_labels_are_switched_off_by_key_by_class_and_in_the_address(shelf: Studio, page: Page) -> None:
    open_items(page, "cells")
    drawn = cell(page, "cell_000.jpg").locator(".label-overlay path[stroke]")
    expect(drawn).to_have_count(2)
    page.keyboard.press("l")
    expect(drawn).to_have_count(0)
    page.keyboard.press("l")
    expect(drawn).to_have_count(2)
    page.get_by_role("button", name=re.compile("Boxes")).click()
    page.get_by_role("dialog").get_by_text("WBC").click()
    page.keyboard.press("Escape")
    expect(drawn).to_have_count(1)
    page.reload()
    expect(drawn).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("1 of 2 classes"))).to_be_visible()


@pytest.mark.checklist("M-17")
def test_studies_and_series_are_headers_with_their_counts(shelf: Studio, page: Page) -> None:
    open_items(page, "heads")
    page.get_by_role("button", name="No groups").click()
    page.get_by_role("menuitem", name="By study and series").click()
    heads = grid(page).get_by_role("rowheader")
    expect(heads.first).to_contain_text("Patient0")
    expect(heads.first).to_contain_text("Series1")
    expect(heads.first).to_contain_text("4")
    expect(cell(page, "Patient0/Series1/IM0000.png").locator(".cap")).to_contain_text("…IM0000.png")
    choose(page, "Class", "MR")
    expect(heads.first).to_contain_text("Patient1")
    expect(page).to_have_url(re.compile("group=series"))


def test_the_table_tells_what_is_known_of_each_item(shelf: Studio, page: Page) -> None:
    open_items(page, "heads")
    page.locator("label").filter(has_text="Table").click()
    expect(page).to_have_url(re.compile("view=table"))
    row = grid(page).get_by_role("row").filter(has_text="IM0002.png").first
    expect(row).to_contain_text("Patient0")
    expect(row).to_contain_text("Series1")
    expect(row).to_contain_text("64 × 48")
    expect(row).to_contain_text("16 bit")
    expect(row).to_contain_text("CT")
    expect(grid(page).get_by_role("columnheader", name="Split")).to_be_visible()


@pytest.mark.checklist("M-07")
def test_a_dataset_without_labels_says_what_training_lacks(shelf: Studio, page: Page) -> None:
    open_items(page, "plain")
    expect(page.get_by_text("Nothing is labelled yet.")).to_be_visible()
    page.get_by_role("button", name="Import an annotation set").click()
    expect(page).to_have_url(re.compile(r"/datasets/plain/annotations\?import=1"))


def test_nothing_moves_while_the_page_comes(shelf: Studio, page: Page) -> None:
    watch_shifts(page)
    for name in ("cells", "heads", "plain"):
        open_items(page, name)
        wait_for_pictures(page)
        expect(page.get_by_role("complementary", name="Filters").get_by_text("Split")).to_be_visible()
        assert shifted(page) < 0.01, name


def test_the_first_page_of_real_pictures_is_light(real_data: Path, studio: Studio, page: Page) -> None:
    studio.add(real_data / "images" / "blood_cells__image_label6.zip", name="real cells")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, str] = {}
    weights: Counter[str] = Counter()

    def sent(event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        asked[str(event["requestId"])] = request["url"]

    def ended(event: dict[str, object]) -> None:
        address = asked.get(str(event["requestId"]), "")
        length = event["encodedDataLength"]
        assert isinstance(length, int | float)
        if "/api/v1/datasets/" in address:
            kind = "thumbnails" if "/thumbnails/" in address else "documents"
            weights[kind] += int(length)
            weights[f"number of {kind}"] += 1

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", ended)
    open_items(page, "real cells")
    drawn = wait_for_pictures(page)
    pictures = weights["number of thumbnails"]
    assert pictures == drawn
    assert 30 <= pictures <= 60
    assert weights["documents"] + weights["thumbnails"] * 50 / pictures <= 300_000, weights
