"""Chips as a person looks at them: bands, formulas, labels, dates, a swipe, and values."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.viewing import actual, drawn, press, shown, stage_pixels, view
from tests.support.browsing import until_true
from tests.support.chips import tiff
from tests.support.fields import (
    COLUMNS,
    CORNER,
    DAYS,
    SCALE,
    SIDE,
    YEARS,
    classes,
    key,
    pairs,
    samples,
    stack,
    stacks,
)
from tests.support.pictures import archive
from tests.support.processes import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Locator, Page

    from tests.support.browsing import Studio

FIRST = key("a", DAYS[0])
FALSE_COLOR = (3, 2, 1)
"""Near infrared, red and green as red, green and blue."""
WATER, FOREST = (0x00, 0x72, 0xB2), (0x00, 0x9E, 0x73)
SHARE = 0.55
"""How much of a picture its labels cover, unless told otherwise."""


@pytest.fixture(scope="module")
def fields(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Six chips: three neighbours on two days, with classes."""
    made = studio.add(archive(tmp_path_factory.mktemp("fields") / "fields.zip", pairs()))
    assert made["modality"] == "geospatial"
    return "fields"


@pytest.fixture(scope="module")
def years(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two chips with three years in each file."""
    made = studio.add(archive(tmp_path_factory.mktemp("years") / "years.zip", stacks()))
    assert made["modality"] == "geospatial"
    return "years"


def _stretched(values: NDArray[Any]) -> NDArray[np.float64]:
    """Values (y, x) from their 2nd to their 98th percentile, as 0 to 255."""
    low, high = np.nanpercentile(values, [2, 98])
    return np.asarray(np.clip((values - low) / (high - low), 0, 1) * 255)


def _composed(planes: NDArray[Any], bands: tuple[int, int, int]) -> NDArray[np.float64]:
    """Three bands of samples (c, y, x) as a picture (y, x, 3)."""
    return np.stack([_stretched(planes[band].astype(np.float64)) for band in bands], axis=-1)


def _labelled(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """The picture with its classes over it; what is unlabelled lets it through."""
    colors = np.array([(0, 0, 0), WATER, FOREST], np.float64)[classes()]
    covered = (classes() > 0)[:, :, None] * SHARE
    return np.asarray(picture * (1 - covered) + colors * covered)


ALL = np.s_[:, :]


def _alike(page: Page, expected: NDArray[np.float64], *, within: float = 4, part: Any = ALL) -> None:
    """Wait until the chip in the middle of the stage, a pixel for a pixel, is the expected picture (y, x, 3)."""

    def is_alike() -> bool:
        return float(np.abs(shown(page, SIDE, SIDE)[part] - expected[part]).mean()) < within

    # Tiles are drawn a frame after they have come.
    eventually(is_alike, 20)


def _eye(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Show {name}", exact=True)


@pytest.mark.checklist("G-13")
def test_a_chip_is_seen_in_false_color_with_its_mask(page: Page, fields: str) -> None:
    view(page, fields, FIRST, actual(SIDE, SIDE))
    planes = samples("a", DAYS[0])
    _alike(page, _labelled(_composed(planes, (2, 1, 0))))
    page.get_by_role("button", name="False colour").click()
    page.wait_for_url(re.compile("layer=S2"))
    drawn(page)
    _alike(page, _labelled(_composed(planes, FALSE_COLOR)))
    # The address brings the same picture again.
    page.reload()
    drawn(page)
    _alike(page, _labelled(_composed(planes, FALSE_COLOR)))
    labels = page.get_by_role("region", name="Labels")
    expect(labels).to_contain_text(re.compile(r"1 Water.*45\.3 %"))


@pytest.mark.checklist("G-17")
@pytest.mark.checklist("G-13")
def test_eyes_hide_layers_and_pages_turn_over_all_chips(page: Page, fields: str) -> None:
    view(page, fields, FIRST, actual(SIDE, SIDE))
    picture = _composed(samples("a", DAYS[0]), (2, 1, 0))
    _alike(page, _labelled(picture))
    _eye(page, "LULC").click()
    _alike(page, picture)
    _eye(page, "LULC").click()
    _eye(page, "S2, 4 bands").click()
    # The stage is nearly black where nothing lies on it.
    colors = np.array([(0, 0, 0), WATER, FOREST], np.float64)[classes()]
    _alike(page, colors * SHARE, within=6)
    _eye(page, "S2, 4 bands").click()
    _eye(page, "2 Forest").click()
    half = np.s_[:, : SIDE // 2]
    expected = picture.copy()
    expected[half] = _labelled(picture)[half]
    _alike(page, expected)
    _eye(page, "2 Forest").click()
    order = [key(column, day) for column in COLUMNS for day in DAYS]
    for number, name in enumerate(order, 1):
        expect(page.get_by_test_id("position")).to_have_text(f"{number} of {len(order)}")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        drawn(page)
        column, day = name.split("_")[1:]
        corner = np.s_[6 : SIDE - 8, 2 : SIDE - 8]
        wanted = _labelled(_composed(_known(column, day), (2, 1, 0)))
        _alike(page, wanted, part=corner)
        if number < len(order):
            press(page, "ArrowRight")
    page.get_by_role("button", name=re.compile("Choose another")).click()
    page.get_by_label("Search items").fill("field_b")
    page.get_by_role("list", name="Items").get_by_role("button", name=key("b", DAYS[0])).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(key("b", DAYS[0]))


def _known(column: str, day: str) -> NDArray[np.float64]:
    planes = samples(column, day).astype(np.float64)
    return np.where(planes == -9999, np.nan, planes)


@pytest.mark.checklist("G-13")
def test_the_grid_shows_pictures_with_their_labels(page: Page, fields: str) -> None:
    page.goto(f"/datasets/{fields}/items")
    over = page.locator("[role=gridcell] img.raster-labels")
    expect(over).to_have_count(6)
    until_true(
        page, "[...document.querySelectorAll('img.raster-labels')].every((each) => each.naturalWidth > 0)"
    )
    picture = page.locator(f"[role=gridcell][data-key={FIRST}] .pic")

    def half(side: int) -> NDArray[np.float64]:
        """The mean colour of the lower left or right part of the first picture."""
        shot = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB")).astype(np.float64)
        height, width = shot.shape[:2]
        columns = slice(5, width // 2 - 5) if side == 0 else slice(width // 2 + 5, -5)
        return np.asarray(shot[height // 2 : -5, columns].mean(axis=(0, 1)))

    # Water is blue, forest is green.
    eventually(lambda: bool(half(0)[2] > half(0)[0] + 25 and half(1)[1] > half(1)[0] + 25), 20)
    page.get_by_role("button", name=re.compile("^Labels")).click()
    page.get_by_role("group", name="LULC").get_by_role("checkbox", name=re.compile("Water")).click()
    page.keyboard.press("Escape")
    eventually(lambda: bool(half(0)[2] < half(0)[0] + 15 and half(1)[1] > half(1)[0] + 25), 20)
    page.keyboard.press("l")
    expect(over).to_have_count(0)


def test_a_formula_is_drawn_and_a_wrong_one_says_what_is_wrong(page: Page, fields: str) -> None:
    view(page, fields, FIRST, actual(SIDE, SIDE, labels=0))
    red, infrared = samples("a", DAYS[0])[2:4] * SCALE
    page.get_by_role("button", name="NDVI", exact=True).click()
    page.get_by_label("Colour map").select_option("grey")
    gray = _stretched((infrared - red) / (infrared + red))[:, :, None]
    _alike(page, np.repeat(gray, 3, axis=2))
    formula = page.get_by_label("Formula", exact=True)
    formula.fill("B08 - B99")
    expect(page.get_by_text("B99")).to_be_visible()
    expect(formula).to_have_attribute("aria-invalid", "true")
    formula.fill("sqrt(B08) * 2")
    formula.press("Enter")
    page.wait_for_url(re.compile("sqrt"))
    gray = _stretched(np.sqrt(infrared) * 2)[:, :, None]
    _alike(page, np.repeat(gray, 3, axis=2))


def test_the_values_of_the_pixel_under_the_cursor_are_told(page: Page, fields: str) -> None:
    view(page, fields, key("a", DAYS[1]), actual(SIDE, SIDE))
    box: Any = page.locator(".stage-map").bounding_box()
    left, top = box["x"] + box["width"] / 2 - SIDE / 2, box["y"] + box["height"] / 2 - SIDE / 2
    column, row = 40, 20
    under = page.get_by_role("region", name="Under the cursor")
    under.get_by_text("All values").click()
    page.mouse.move(left + column + 0.5, top + row + 0.5)
    expect(page.get_by_test_id("pixel")).to_have_text(f"column {column}, row {row}")
    # Middle of the pixel, in metres of the reference system.
    east, north = CORNER[0] + 10 * column + 5, CORNER[1] - 10 * row - 5
    expect(page.get_by_test_id("ground")).to_have_text(f"{east:,.0f} E, {north:,.0f} N")
    expect(page.get_by_test_id("label")).to_have_text("2 Forest")
    for band, (sample,) in zip(
        ("B02", "B03", "B04", "B08"), samples("a", DAYS[1])[:, row, [column]], strict=True
    ):
        line = under.locator(".band-values .row", has_text=band)
        expect(line).to_contain_text(re.compile(rf"{band}\s*{sample * SCALE:.4g}"))
    # What was not measured has no value.
    page.mouse.move(left + SIDE - 3.5, top + SIDE - 3.5)
    expect(under.locator(".band-values .row", has_text="B08")).to_contain_text("no value")
    told = page.locator("main [aria-live=polite]")
    page.locator(".stage-map").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(told).to_contain_text("Pixel 60, 60: B02 no value")
    page.keyboard.press("Control+Shift+ArrowUp")
    expect(told).to_contain_text(re.compile(r"Pixel 60, 50: B02 0\.\d+, B03 .*; label Forest"))


def test_two_dates_of_a_place_are_swiped_over_each_other(page: Page, fields: str) -> None:
    view(page, fields, key("b", DAYS[1]), actual(SIDE, SIDE, labels=0))
    press(page, "s")
    expect(page.get_by_test_id("dates")).to_have_text("Left 12 Jun, right 15 Aug")
    before, after = (_composed(_known("b", day), (2, 1, 0)) for day in DAYS)
    middle = SIDE // 2
    expected = np.concatenate([before[:, : middle - 3], after[:, middle + 3 :]], axis=1)
    sides = np.r_[0 : middle - 3, middle + 3 : SIDE]

    def parted() -> bool:
        found = shown(page, SIDE, SIDE)[: SIDE - 8, sides]
        # The handle lies over the middle.
        rows = np.r_[0:8]
        return float(np.nanmean(np.abs(found[rows] - expected[: SIDE - 8][rows]))) < 4

    eventually(parted, 20)
    page.get_by_role("slider", name="Swipe").press("Home")
    page.wait_for_url(re.compile("swipe=0(&|$)"))
    eventually(lambda: float(np.nanmean(np.abs(shown(page, SIDE, SIDE) - after)[:8])) < 4, 20)
    press(page, "s")
    assert "swipe" not in page.url


def test_the_dates_of_a_stack_are_stepped_and_played(page: Page, years: str) -> None:
    view(page, years, "tile_0", actual(SIDE, SIDE))
    dates = page.get_by_test_id("dates")
    expect(dates).to_have_text("1995, 3 of 3")
    planes = stack(0).reshape(len(YEARS), 3, SIDE, SIDE)
    # A chip's stretch is that of the date that is shown.
    _alike(page, _composed(planes[2], (0, 1, 2)))
    press(page, "Home")
    expect(dates).to_have_text("1985, 1 of 3")
    _alike(page, _composed(planes[0], (0, 1, 2)))
    press(page, "ArrowDown")
    expect(dates).to_have_text("1990, 2 of 3")
    _alike(page, _composed(planes[1], (0, 1, 2)))
    page.keyboard.press("Space")
    expect(dates).to_have_text("1995, 3 of 3")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_chips_without_a_place_say_so(page: Page, studio: Studio, tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {}
    for number in range(3):
        members[f"tile_{number}_img.tif"] = tiff(samples("a", DAYS[0]) + number, crs=None)
        members[f"tile_{number}_mask.tif"] = tiff(classes()[None], crs=None)
    studio.add(archive(tmp_path / "nowhere.zip", members))
    page.goto("/datasets/nowhere/items?view=map")
    expect(page.get_by_role("heading", name="No item has a place on the map")).to_be_visible()
    page.locator("label").filter(has_text="Grid").click()
    expect(page.locator("[role=gridcell]")).to_have_count(3)
    view(page, "nowhere", "tile_0")
    assert stage_pixels(page).max() > 40
    expect(page.get_by_text("Nothing says where this chip lies on the ground.")).to_be_visible()
