"""DICOM in the viewer and among the items: values in Hounsfield units, windows, slices, frames, tags."""

from __future__ import annotations

import io
import os
import re
import sqlite3
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pydicom
import pytest
from playwright.sync_api import expect

from tests.browser import scans
from tests.browser.grid import cell, choose, facet_counts, open_items, total
from tests.browser.viewing import actual, drawn, shown, stage_pixels, view, windowed
from tests.support.browsing import until_true
from tests.support.pictures import archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.support.browsing import Studio

DATA = Path(os.environ.get("TRIPTYCH_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")
REAL = DATA / "dicom" / "mixed_series__flat.zip"
MIDDLE = "scan/04"
"""The fifth slice."""


@pytest.fixture(scope="module")
def scanned(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A series of tomography, a clip, and a picture whose least value is white."""
    assert studio.add(scans.scans_zip(tmp_path_factory.mktemp("scans") / "scans.zip"))["state"] == "ready"
    return "scans"


def _slider(page: Page, name: str = "Slice") -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def _requests(page: Page) -> list[str]:
    """What the page asks of the API from now on."""
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/api/v1/datasets" in request.url else None
    )
    return asked


def _settle(page: Page, asked: list[str]) -> None:
    """Wait until all slices were asked for and a second has gone by without a request; then forget them.

    Those ahead are fetched once the first is drawn, on a busy machine long after the network was idle once.
    """
    known = -1
    while len(asked) < scans.SLICES or len(asked) != known:
        known = len(asked)
        page.wait_for_timeout(1_000)
    asked.clear()


def _values(number: int) -> Any:
    return scans.slice_samples(number).astype(np.int64) + scans.INTERCEPT


def test_the_value_under_the_cursor_is_in_hounsfield_units(page: Page, scanned: str) -> None:
    side = scans.SIDE
    stored = pydicom.dcmread(io.BytesIO(scans.ct_slice(4)))
    values = stored.pixel_array * int(stored.RescaleSlope) + int(stored.RescaleIntercept)
    view(page, scanned, MIDDLE, actual(side, side))
    box: Any = page.locator(".stage-map").bounding_box()
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    for x, y in ((0, 0), (17, 60), (side - 1, side - 1)):
        page.mouse.move(left + x + 0.5, top + y + 0.5)
        expect(page.get_by_test_id("pixel")).to_have_text(f"{x}, {y}, slice 5")
        expect(page.get_by_test_id("value")).to_have_text(str(values[y, x]).replace("-", "\u2212"))
    expect(page.get_by_role("region", name="Under the cursor")).to_contain_text("HU")


def test_the_file_s_window_is_shown_first_and_in_values(page: Page, scanned: str) -> None:
    view(page, scanned, MIDDLE, actual(scans.SIDE, scans.SIDE))
    grays = shown(page, scans.SIDE, scans.SIDE)[:, :, 0]
    # PS3.3, C.11.2.1.2: from 40 - 0.5 - 399 / 2 to 40 - 0.5 + 399 / 2.
    assert np.abs(grays - windowed(_values(4), -160, 239)).max() <= 1
    presets = page.get_by_role("group", name="Presets").get_by_role("button")
    expect(presets.first).to_contain_text("SOFT TISSUE")
    expect(presets.first).to_have_attribute("aria-pressed", "true")


def test_windows_change_without_a_request(page: Page, scanned: str) -> None:
    side = scans.SIDE
    asked = _requests(page)
    view(page, scanned, MIDDLE, actual(side, side))
    _settle(page, asked)
    presets = page.get_by_role("group", name="Presets")
    for name, low, high in (("Brain", 0, 80), ("Lung", -1350, 150), ("Bone", -770, 1730)):
        presets.get_by_role("button", name=name).click()
        page.wait_for_url(re.compile(f"window={name.lower()}"))
        expect(page.get_by_role("main")).to_contain_text(
            f"W {high - low} \xa0L {(low + high) // 2}".replace("-", "\u2212")
        )
        drawn(page)
        assert np.abs(shown(page, side, side)[:, :, 0] - windowed(_values(4), low, high)).max() <= 1
    box: Any = page.locator(".stage-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 30)
    page.mouse.up()
    page.wait_for_url(re.compile("window=-?[0-9.]+%2C"))
    chosen = page.evaluate("new URLSearchParams(location.search).get('window')")
    dragged = [float(each) for each in chosen.split(",")]
    page.mouse.move(0, 0)
    assert np.abs(shown(page, side, side)[:, :, 0] - windowed(_values(4), *dragged)).max() <= 1
    assert asked == []


def test_slices_lie_in_the_order_of_their_positions(page: Page, scanned: str) -> None:
    state = actual(scans.SIDE, scans.SIDE, window="0,1023")
    view(page, scanned, "scan/00", state)
    main = page.get_by_role("main")
    expect(main).to_contain_text(scans.STUDY_TITLE)
    expect(main).to_contain_text(scans.SERIES_TITLE)
    expect(main).not_to_contain_text(scans.STUDY)
    page.locator(".stage-map").hover()
    for number in range(1, 4):
        page.mouse.wheel(0, 100)
        expect(_slider(page)).to_have_attribute("aria-valuenow", str(number + 1))
        expect(main).to_contain_text(f"Slice {number + 1} of {scans.SLICES}")
        page.wait_for_url(re.compile(f"item=scan%2F{(number * 7) % scans.SLICES:02}"))
        drawn(page)
        grays = shown(page, scans.SIDE, scans.SIDE)[:, :, 0]
        assert np.abs(grays - windowed(_values(number), 0, 1023)).max() <= 1


def test_a_picture_whose_least_value_is_white_opens_so_and_keeps_its_values(page: Page, scanned: str) -> None:
    view(page, scanned, "hand.dcm", actual(64, 64, window="0,4095"))
    wanted = windowed(scans.NEGATIVE, 0, 4095)
    assert np.abs(shown(page, 64, 64)[:, :, 0] - (255 - wanted)).max() <= 1
    box: Any = page.locator(".stage-map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 0.5, box["y"] + box["height"] / 2 + 0.5)
    expect(page.get_by_test_id("value")).to_have_text(str(scans.NEGATIVE[32, 32]))
    page.keyboard.press("i")
    page.wait_for_url(re.compile("invert=1"))
    page.mouse.move(0, 0)
    assert np.abs(shown(page, 64, 64)[:, :, 0] - wanted).max() <= 1


def test_frames_are_stepped_and_in_the_address(page: Page, scanned: str) -> None:
    def gray(frame: int) -> None:
        expect(_slider(page, "Frame")).to_have_attribute("aria-valuenow", str(frame))
        expect(page.get_by_role("main")).to_contain_text(f"Frame {frame} of {scans.FRAMES}")
        drawn(page)
        assert (shown(page, 40, 40) == 30 * frame).all()

    view(page, scanned, "clip.dcm", actual(64, 64))
    gray(1)
    page.locator(".stage-map").hover()
    page.mouse.wheel(0, 100)
    gray(2)
    page.keyboard.press("ArrowDown")
    gray(3)
    page.keyboard.press("]")
    gray(4)
    page.keyboard.press("[")
    gray(3)
    page.keyboard.press("End")
    gray(scans.FRAMES)
    page.wait_for_url(re.compile(f"frame={scans.FRAMES}"))
    page.reload()
    drawn(page)
    gray(scans.FRAMES)
    expect(page.get_by_role("button", name="25 frames per second")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(_slider(page, "Frame")).to_have_attribute("aria-valuenow", "2")
    page.get_by_role("button", name="Pause").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "frame=" not in url)


def _tags(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Tags")


def test_overlays_are_asked_for_and_drawn_once_they_are_switched_on(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    side = scans.SIDE
    bits = np.zeros((side, side), bool)
    bits[20:40, 30:60] = True
    studio.add(archive(tmp_path / "overlaid.zip", {"one": scans.overlaid(bits)}))
    view(page, "overlaid", "one", actual(side, side))
    asked = _requests(page)
    assert shown(page, side, side)[30, 40].max() < 40
    assert not any("overlays" in address for address in asked)
    page.get_by_role("button", name="Show Overlays").click()
    until_true(page, "document.querySelector('[aria-label=\"Show Overlays\"]').ariaPressed === 'true'")
    page.wait_for_load_state("networkidle")
    drawn(page)
    grays = shown(page, side, side)[:, :, 0]
    assert grays[21:39, 31:59].min() > 60
    assert grays[60:, 70:].max() < 40
    assert sum("overlays" in address for address in asked) == 1


def test_tags_are_found_and_lead_to_the_items_with_their_value(page: Page, scanned: str) -> None:
    view(page, scanned, MIDDLE)
    page.get_by_role("button", name="Tags", exact=True).click()
    drawer = _tags(page)
    expect(drawer).to_contain_text("SOP Class UID")
    drawer.get_by_label("Search the tags").fill("modality")
    expect(drawer.get_by_role("listitem")).to_have_count(1)
    row = drawer.get_by_role("listitem").get_by_role("button", name="Modality")
    expect(row).to_contain_text("0008,0060")
    expect(row).to_contain_text("CT")
    drawer.get_by_label("Search the tags").fill("patient id")
    expect(drawer).to_contain_text("personal")
    drawer.get_by_label("Search the tags").fill("study description")
    drawer.get_by_role("button", name="Study Description").click()
    expect(drawer.get_by_role("button", name="Copy value")).to_be_visible()
    drawer.get_by_role("link", name="Find items with this value").click()
    page.wait_for_url(re.compile(r"/items\?tag=StudyDescription"))
    expect(total(page)).to_have_text(str(scans.SLICES))
    chip = page.get_by_role("group", name="Active filters").get_by_role("button").first
    expect(chip).to_contain_text(scans.STUDY_TITLE)
    chip.click()
    expect(total(page)).to_have_text(str(scans.SLICES + 2))
    drawer = page.get_by_role("complementary", name="Tags")
    view(page, scanned, MIDDLE)
    page.keyboard.press("t")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_tags_that_do_not_come_say_why_and_are_asked_for_again(page: Page, scanned: str) -> None:
    view(page, scanned, MIDDLE)
    broken = re.compile("/item/tags")
    problem = {
        "code": "content_not_found",
        "message": "It is not stored any more.",
        "hint": "",
        "findings": [],
    }
    page.route(broken, lambda route: route.fulfill(status=404, json={"error": problem}))
    page.keyboard.press("t")
    expect(_tags(page).get_by_role("alert")).to_contain_text("It is not stored any more.")
    page.unroute(broken)
    _tags(page).get_by_role("button", name="Try again").click()
    expect(_tags(page)).to_contain_text("SOP Class UID")


def test_what_is_about_persons_is_withheld_from_a_member(
    studio: Studio, scanned: str, chromium: Browser
) -> None:
    member = _member(studio, chromium, scanned)
    page = member.new_page()
    view(page, scanned, MIDDLE)
    page.keyboard.press("t")
    drawer = _tags(page)
    expect(drawer).to_contain_text("2 tags about persons are shown to those who may edit.")
    drawer.get_by_label("Search the tags").fill("patient")
    expect(drawer).not_to_contain_text("P1")
    expect(drawer).not_to_contain_text("Test^Person")
    page.goto(f"/datasets/{scanned}/items?tag=PatientID:P1")
    expect(page.get_by_role("alert").first).to_contain_text("is about persons")
    member.close()


def _member(studio: Studio, chromium: Browser, dataset: str) -> Any:
    """A context of a person who may see a dataset, and no more; sharing has no page yet."""
    connection = studio.server.connection
    user = connection.post("/users", {"email": "mem@example.org", "name": "Member"})
    user_id = user.get("id") or user["user"]["id"]
    database = next(studio.programs.home.glob("triptych.sqlite"))
    row = (uuid.uuid4().hex, "user", user_id, "dataset", studio.show(dataset)["id"], "see", 0.0)
    with sqlite3.connect(database) as opened:
        opened.execute(
            "INSERT INTO grants (id, subject_kind, subject_id, thing_kind, thing_id, action, since)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
    opened.close()
    link = connection.post(f"/users/{user_id}/sign-in-link", {})["sign_in_link"]
    answer = httpx.post(
        f"{studio.address}/api/v1/session",
        json={"link": link.partition("#")[2]},
        headers={"X-Triptych": "1"},
    )
    answer.raise_for_status()
    context = chromium.new_context(base_url=studio.address, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": n, "value": v, "url": studio.address} for n, v in answer.cookies.items()])
    return context


def test_items_are_found_by_modality_body_part_and_any_tag(page: Page, scanned: str) -> None:
    open_items(page, scanned)
    assert facet_counts(page, "Modality") == {"CT": scans.SLICES, "DX": 1, "US": 1}
    assert facet_counts(page, "Body part") == {"HEAD": scans.SLICES, "HAND": 1}
    assert not [name for name in facet_counts(page, "Study") if name.startswith(scans.STUDY)]
    choose(page, "Modality", "DX")
    expect(total(page)).to_have_text("1")
    expect(cell(page, "hand.dcm")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    expect(total(page)).to_have_text(str(scans.SLICES + 2))
    search = page.get_by_label("Part of a name, or tag:value")
    search.fill("Modality:US")
    expect(total(page)).to_have_text("1")
    expect(cell(page, "clip.dcm")).to_be_visible()
    search.fill("clip")
    expect(cell(page, "clip.dcm")).to_be_visible()
    page.goto(f"/datasets/{scanned}/items?tag=Nonsense:1")
    expect(page.get_by_role("alert").first).to_contain_text("is no DICOM tag with a value")


@pytest.fixture(scope="module")
def real(studio: Studio) -> str:
    """Real series of several scanners."""
    if not REAL.exists():
        pytest.skip("no real data: set TRIPTYCH_TEST_DATA")
    assert studio.add(REAL, name="mixed")["state"] == "ready"
    return "mixed"


def test_real_series_show_the_values_that_pydicom_reads(studio: Studio, page: Page, real: str) -> None:
    connection = studio.server.connection
    found = connection.get(f"/datasets/{real}/items", modality="CT", limit=50)["items"]
    item = found[len(found) // 2]
    with zipfile.ZipFile(REAL) as archive:
        name = next(each for each in archive.namelist() if each.endswith(item["key"]))
        stored = pydicom.dcmread(io.BytesIO(archive.read(name)))
    values = stored.pixel_array * float(stored.RescaleSlope) + float(stored.RescaleIntercept)
    height, width = values.shape
    view(page, real, item["key"], actual(width, height, window="-100,300"))
    assert np.abs(shown(page, width, height)[80:-80, :, 0] - windowed(values, -100, 300)[80:-80]).max() <= 1
    box: Any = page.locator(".stage-map").bounding_box()
    left, top = box["x"] + (box["width"] - width) / 2, box["y"] + (box["height"] - height) / 2
    for x, y in ((width // 2, height // 2), (5, height // 2)):
        page.mouse.move(left + x + 0.5, top + y + 0.5)
        expect(page.get_by_test_id("value")).to_have_text(f"{values[y, x]:.0f}".replace("-", "\u2212"))
    page.keyboard.press("t")
    _tags(page).get_by_label("Search the tags").fill("Modality")
    expect(_tags(page)).to_contain_text("CT")
    until_true(page, "document.querySelectorAll('.rail-series').length > 1")
    assert stage_pixels(page).max() > 0
