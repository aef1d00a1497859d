"""Polygons, masks, points and lines in the viewer and over the pictures of the grid: at their pixels, in colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import scans
from tests.browser.grid import cell, open_items
from tests.browser.scans import HEIGHT, LINE, MASK_BOX, POINT, WIDTH
from tests.browser.viewing import actual, drawn, shown, view

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page

    from tests.support.browsing import Studio

SEGMENTS = "instances_segmentation"
HIDE_BOXES = {"hide": "@instances_detection"}


@pytest.fixture(scope="module")
def shapes(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A black picture with a triangle and a mask."""
    assert studio.add(scans.coco_zip(tmp_path_factory.mktemp("shapes") / "shapes.zip"))["state"] == "ready"
    return "shapes"


@pytest.fixture(scope="module")
def points(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A black picture with a point and a line."""
    assert studio.add(scans.labelme_zip(tmp_path_factory.mktemp("points") / "points.zip"))["state"] == "ready"
    return "points"


def _color(studio: Studio, dataset: str, name: str) -> NDArray[np.int64]:
    found = next(
        entry["color"]
        for each in studio.show(dataset)["annotation_sets"]
        for entry in each["classes"]
        if entry["name"] == name
    )
    return np.array([int(found[at : at + 2], 16) for at in (1, 3, 5)])


def _is(pixel: NDArray[np.int64], color: NDArray[np.int64], share: float) -> bool:
    """Whether a pixel has a share of a colour, on black."""
    return bool(np.abs(pixel - color * share).max() <= 3)


def _drawn_on(pixels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pixels of a black picture have a colour, (y, x)."""
    found: NDArray[np.bool_] = pixels.max(axis=2) > 0
    return found


def _hover(page: Page, x: float, y: float) -> None:
    box: Any = page.locator(".stage-map").bounding_box()
    page.mouse.move(
        box["x"] + (box["width"] - WIDTH) / 2 + x + 0.5, box["y"] + (box["height"] - HEIGHT) / 2 + y + 0.5
    )


def test_a_polygon_is_tinted_within_and_a_mask_to_the_pixel(studio: Studio, page: Page, shapes: str) -> None:
    view(page, shapes, None, actual(WIDTH, HEIGHT, **HIDE_BOXES))
    pixels = shown(page, WIDTH, HEIGHT)
    assert _is(pixels[50, 60], _color(studio, shapes, "cat"), 0.28), "within the triangle"
    assert not pixels[90, 110].any(), "beyond its long side, within the box around it"
    left, top, width, height = MASK_BOX
    mask = scans.mask_pixels()
    inside = pixels[top : top + height, left : left + width]
    tinted = mask[top : top + height, left : left + width]
    assert (inside.any(axis=2) == tinted).all()
    assert _is(pixels[top + 3, left], _color(studio, shapes, "dog"), 0.45)
    panel = page.get_by_role("region", name="Labels")
    expect(panel).to_contain_text(f"{mask.sum():,} px")


def test_shapes_are_mirrored_and_turned_with_their_picture(page: Page, shapes: str) -> None:
    view(page, shapes, None, actual(WIDTH, HEIGHT, **HIDE_BOXES))
    upright = _drawn_on(shown(page, WIDTH, HEIGHT))
    page.keyboard.press("f")
    page.wait_for_url(re.compile("flip=1"))
    drawn(page)
    left, top, width, height = MASK_BOX
    mirrored = _drawn_on(shown(page, WIDTH, HEIGHT))
    box = np.s_[top : top + height, WIDTH - left - width : WIDTH - left]
    assert (mirrored[box] == upright[top : top + height, left : left + width][:, ::-1]).all()
    view(page, shapes, None, actual(WIDTH, HEIGHT, rotate=90, **HIDE_BOXES))
    turned = _drawn_on(shown(page, HEIGHT, WIDTH))
    wanted = np.rot90(scans.mask_pixels(), -1)
    box = np.s_[left : left + width, HEIGHT - top - height : HEIGHT - top]
    assert (turned[box] == wanted[box]).all()


def test_the_class_under_the_cursor_is_that_of_the_mask_and_not_of_its_box(page: Page, shapes: str) -> None:
    view(page, shapes, None, actual(WIDTH, HEIGHT, **HIDE_BOXES))
    cursor = page.get_by_role("region", name="Under the cursor")
    left, top, _, _ = MASK_BOX
    _hover(page, left + 4, top + 10)
    expect(cursor).to_contain_text("dog")
    _hover(page, left + 6, top + 10)
    expect(cursor).to_contain_text("none")
    _hover(page, 60, 50)
    expect(cursor).to_contain_text("cat")


def test_opacity_and_eye_of_a_class_hold_for_its_mask(studio: Studio, page: Page, shapes: str) -> None:
    left, top, _, _ = MASK_BOX
    look = {"look": f".50.2@{SEGMENTS}"}
    view(page, shapes, None, actual(WIDTH, HEIGHT, **HIDE_BOXES, **look))
    pixels = shown(page, WIDTH, HEIGHT)
    assert _is(pixels[top + 3, left], _color(studio, shapes, "dog"), 0.225)
    page.get_by_role("region", name="Labels").get_by_role("button", name="Show dog").last.click()
    page.wait_for_url(re.compile("hide=.*hide="))
    assert not shown(page, WIDTH, HEIGHT)[:, left:].any()


def test_a_point_is_a_cross_and_a_line_a_line(studio: Studio, page: Page, points: str) -> None:
    view(page, points, None, actual(WIDTH, HEIGHT))
    pixels = shown(page, WIDTH, HEIGHT)
    tip, vessel = _color(studio, points, "tip"), _color(studio, points, "vessel")
    x, y = POINT
    assert pixels[y - 6 : y + 7, x - 6 : x + 7].max() > 0.8 * tip.max()
    corners = [pixels[y + down, x + right] for down in (-5, 5) for right in (-5, 5)]
    assert not np.any(corners), "a cross, and no square"
    assert _is(pixels[(LINE[3] + LINE[5]) // 2, LINE[2]], vessel, 1)
    cursor = page.get_by_role("region", name="Under the cursor")
    _hover(page, x + 2, y)
    expect(cursor).to_contain_text("tip")
    _hover(page, LINE[2] + 3, LINE[3] + 10)
    expect(cursor).to_contain_text("vessel")


def test_pictures_of_the_grid_show_polygons_and_masks(page: Page, shapes: str) -> None:
    open_items(page, shapes)
    areas = cell(page, "images/black.png").locator(".label-area")
    expect(areas).to_have_count(2)
    paths = [areas.nth(number).get_attribute("d") or "" for number in range(2)]
    assert sorted(path.count("z") for path in paths) == [1, MASK_BOX[2] // 2]
