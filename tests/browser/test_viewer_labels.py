"""Labels in the viewer: where they lie, and how they are switched, coloured and told."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.viewing import actual, drawn, middle, png, shown, view
from tests.support.pictures import archive, classes_zip

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page

    from tests.support.browsing import Studio

WIDTH, HEIGHT = 300, 200
# Neither in the middle nor as wide as high: turned over in any way it would lie elsewhere.
CAT = (20, 30, 100, 50)
DOG = (200, 120, 40, 60)
# The first two of the label palette; classes are in the order of their names.
COLORS = {"cat": (0x00, 0x72, 0xB2), "dog": (0xE6, 0x9F, 0x00)}


@pytest.fixture(scope="module")
def boxes(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A black picture with a box of a cat and one of a dog, and one without."""
    rows = [("cat", CAT), ("dog", DOG)]
    labels = "".join(f"black.png,{name},{','.join(map(str, box))}\n" for name, box in rows)
    source = archive(
        tmp_path_factory.mktemp("labels") / "boxes.zip",
        {
            "image/black.png": png(np.zeros((HEIGHT, WIDTH), np.uint8)),
            "image/plain.png": png(np.full((HEIGHT, WIDTH), 80, np.uint8)),
            "label.csv": labels,
        },
    )
    studio.add(source)
    return "boxes"


def _where(pixels: NDArray[np.int64], color: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """First and last column, first and last row of a colour; None where it is not."""
    rows, columns = np.nonzero((np.abs(pixels - np.array(color)) <= 2).all(axis=2))
    if not rows.size:
        return None
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


def _edges(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Where a line of two pixels lies along the edges of a box."""
    left, top, width, height = box
    return left - 1, left + width, top - 1, top + height


def test_the_edges_of_boxes_lie_on_their_pixels(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    pixels = shown(page, WIDTH, HEIGHT)
    assert _where(pixels, COLORS["cat"]) == _edges(CAT)
    assert _where(pixels, COLORS["dog"]) == _edges(DOG)
    page.keyboard.press("f")
    page.wait_for_url(re.compile("flip=1"))
    drawn(page)
    left, top, width, height = CAT
    mirrored = (WIDTH - left - width, top, width, height)
    assert _where(shown(page, WIDTH, HEIGHT), COLORS["cat"]) == _edges(mirrored)


@pytest.mark.checklist("M-12")
def test_a_class_that_is_switched_off_is_not_drawn_and_the_address_knows(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    panel = page.get_by_role("region", name="Labels")
    panel.get_by_role("button", name="Show cat").click()
    page.wait_for_url(re.compile("hide="))
    pixels = shown(page, WIDTH, HEIGHT)
    assert _where(pixels, COLORS["cat"]) is None
    assert _where(pixels, COLORS["dog"]) == _edges(DOG)
    page.reload()
    drawn(page)
    expect(panel.get_by_role("button", name="Show cat")).to_have_attribute("aria-pressed", "false")
    assert _where(shown(page, WIDTH, HEIGHT), COLORS["cat"]) is None
    page.keyboard.press("l")
    page.wait_for_url(re.compile("labels=0"))
    assert shown(page, WIDTH, HEIGHT).max() == 0
    page.keyboard.press("l")
    page.wait_for_url(lambda url: "labels=0" not in url)
    panel.get_by_role("button", name="Show cat").click()
    page.wait_for_url(lambda url: "hide=" not in url)
    assert _where(shown(page, WIDTH, HEIGHT), COLORS["cat"]) == _edges(CAT)


def test_one_class_alone_by_alt_and_a_set_by_its_eye(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    page.get_by_role("region", name="Labels").get_by_role("button", name="Show dog").click(modifiers=["Alt"])
    page.wait_for_url(re.compile("hide="))
    pixels = shown(page, WIDTH, HEIGHT)
    assert _where(pixels, COLORS["cat"]) is None
    assert _where(pixels, COLORS["dog"]) is not None
    page.get_by_role("region", name="Layers").get_by_role("button", name="Show label").click()
    page.wait_for_url(re.compile("hide=.*hide="))
    assert shown(page, WIDTH, HEIGHT).max() == 0


def test_colours_and_opacities_can_be_changed(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    page.get_by_role("button", name="Colour of cat").click()
    page.get_by_role("button", name="Colour 4", exact=True).click()
    page.wait_for_url(re.compile("look=d55e00"))
    page.keyboard.press("Escape")
    assert _where(shown(page, WIDTH, HEIGHT), (0xD5, 0x5E, 0x00)) == _edges(CAT)
    page.get_by_role("button", name="dog", exact=True).click()
    slider = page.get_by_role("slider", name="Opacity of dog")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"look=\.0\."))
    assert _where(shown(page, WIDTH, HEIGHT), COLORS["dog"]) is None


def test_what_lies_under_the_cursor_is_named(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    cursor = page.get_by_role("region", name="Under the cursor")
    box: Any = page.locator(".stage-map").bounding_box()
    left, top = box["x"] + (box["width"] - WIDTH) / 2, box["y"] + (box["height"] - HEIGHT) / 2
    page.mouse.move(left + 70, top + 55)
    expect(cursor).to_contain_text("cat")
    page.mouse.move(left + 150, top + 100)
    expect(cursor).to_contain_text("none")


def test_a_view_is_saved_with_its_labels(page: Page, boxes: str) -> None:
    view(page, boxes, "black.png", actual(WIDTH, HEIGHT))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the view as PNG").click()
    assert download.value.suggested_filename == "black view.png"
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as saved:
        pixels = np.asarray(saved.convert("RGB"))
    assert _where(middle(pixels, WIDTH, HEIGHT).astype(np.int64), COLORS["cat"]) == _edges(CAT)


def test_classes_of_whole_pictures_are_chips(studio: Studio, page: Page, tmp_path: Any) -> None:
    studio.add(classes_zip(tmp_path / "animals.zip"))
    view(page, "animals", None)
    stage = page.get_by_role("main")
    expect(stage.locator(".stage-chips")).to_have_text("cat")
    page.get_by_role("button", name="Show cat").click()
    expect(stage.locator(".stage-chips")).to_have_count(0)
