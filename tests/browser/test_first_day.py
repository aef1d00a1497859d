"""A first day: the printed link, a zip from this computer, its pictures, its labels on them; and a head to scroll."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.adding import IMPORT_MS, begin, class_counts, counts_of_csv, create, onward
from tests.browser.viewing import actual, drawn, shown, view, windowed
from tests.support.browsing import Studio, Watched
from tests.support.pictures import archive, detection_zip
from tests.support.processes import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Browser, Page

SLICES = 6
SIDE = 96


@pytest.fixture
def unknown(tmp_path: Path) -> Iterator[Studio]:
    """A server on a fresh home that nobody has been on: its administrator has the printed link alone."""
    programs = Programs(tmp_path / "home")
    try:
        yield Studio(programs, programs.serve())
    finally:
        programs.end()


@pytest.fixture(params=["generated", "real"])
def cells(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A zip of pictures with boxes: the blood cells, and their generated twin."""
    if request.param == "generated":
        return detection_zip(tmp_path / "drawn_cells.zip", count=30)
    folder: Path = request.getfixturevalue("real_data")
    return folder / "images" / "blood_cells__image_label6.zip"


def test_from_the_printed_link_to_labels_on_a_picture(
    chromium: Browser, unknown: Studio, cells: Path
) -> None:
    context = chromium.new_context(base_url=unknown.address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    watched = Watched(page, unknown.address)
    page.goto(unknown.server.announced["sign_in_link"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/datasets")
    number, counts = counts_of_csv(cells)
    begin(page, cells)
    assert class_counts(page) == counts
    onward(page)
    create(page)
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.wait_for_url(f"**/datasets/{cells.stem}/**", timeout=IMPORT_MS)
    expect(page.get_by_role("link", name=re.compile(f"^Items {number}$"))).to_be_visible()
    page.locator("[role=gridcell] a").first.click()
    drawn(page)
    before = _colour_seen(page, name := max(counts, key=lambda each: counts[each]))
    assert before > 50
    page.get_by_role("region", name="Labels").get_by_role("button", name=f"Show {name}").click()
    page.wait_for_url(re.compile("hide="))
    drawn(page)
    assert _colour_seen(page, name) < before / 10
    context.close()
    watched.check()


def _colour_seen(page: Page, name: str) -> int:
    """How many pixels of the stage have the colour of a class."""
    swatch = page.get_by_role("region", name="Labels").get_by_role("button", name=f"Colour of {name}")
    colour = swatch.evaluate("(each) => getComputedStyle(each.querySelector('*') ?? each).backgroundColor")
    wanted = np.array([int(part) for part in re.findall(r"\d+", colour)[:3]])
    box = page.locator(".stage-map").bounding_box()
    assert box is not None
    shot = page.screenshot(clip=box, animations="disabled")
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int)
    return int((np.abs(pixels - wanted).max(axis=2) <= 2).sum())


@pytest.fixture(params=["sixteen bits", "real, eight bits"])
def head(request: pytest.FixtureRequest, studio: Studio, tmp_path: Path) -> tuple[str, list[str], Path]:
    """A dataset, the keys of one of its series in their order, and its zip."""
    if request.param == "sixteen bits":
        place = np.add.outer(np.arange(SIDE), np.arange(SIDE))
        source = archive(
            tmp_path / "deep_head.zip",
            {
                f"image/S1/Series1/IM{number:04}.png": _png(place * 300 + number * 900)
                for number in range(SLICES)
            },
        )
        series = "image/S1/Series1/"
    else:
        source = request.getfixturevalue("real_data") / "images" / "head_ct__study_series_label3.zip"
        series = "image/dcm_qa_ct_QMNx85rKkk_1/Series2/"
    with zipfile.ZipFile(source) as file:
        members = sorted(
            name for name in file.namelist() if name.startswith(series) and name.endswith(".png")
        )
    if source.stem not in {each["name"] for each in studio.server.connection.get("/datasets")["items"]}:
        studio.add(source)
    return source.stem, members, source


def _png(values: NDArray[np.int64]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values.astype(np.uint16)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_series_is_scrolled_and_windowed_over_the_pixels_of_its_files(
    head: tuple[str, list[str], Path], page: Page
) -> None:
    dataset, members, source = head
    values = _values(source, members[:4])
    height, width = values[0].shape
    top = int(values[0].max())
    low, high = top // 8, top // 2
    view(page, dataset, members[0].removeprefix("image/"), actual(width, height, window=f"{low},{high}"))
    _shows(page, windowed(values[0], low, high))
    page.locator(".stage-map").hover()
    for number in (1, 2, 3):
        page.mouse.wheel(0, 100)
        page.wait_for_url(re.compile(re.escape(members[number].rpartition("/")[2])))
        drawn(page)
        _shows(page, windowed(values[number], low, high))
    page.get_by_role("textbox", name="Window width").fill(str(top // 4))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"window={low}%2C{high}" not in url)
    drawn(page)
    middle = (low + high) / 2
    _shows(page, windowed(values[3], middle - top / 8, middle + top / 8))


def _values(source: Path, members: list[str]) -> list[NDArray[np.int64]]:
    with zipfile.ZipFile(source) as file:
        return [np.asarray(Image.open(io.BytesIO(file.read(name)))).astype(np.int64) for name in members]


def _shows(page: Page, wanted: NDArray[np.int64]) -> None:
    """The stage shows these grays, apart from the corners where words are."""
    height, width = wanted.shape
    part = np.s_[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4]
    assert np.abs(shown(page, width, height)[part] - wanted[part][:, :, None]).max() <= 1
