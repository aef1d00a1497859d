"""The viewer shows the pixels that the file has: in their depth, at their place, the right side up."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.viewing import actual, drawn, png, press, shown, view, windowed
from tests.support.pictures import archive, pixels

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Page, Request

    from tests.support.browsing import Studio

WIDTH, HEIGHT = 320, 220
DEEP = np.random.default_rng(5).integers(0, 65536, (HEIGHT, WIDTH)).astype(np.uint16)
# Neither side is a multiple of a tile's, and the picture has four of them.
TILED = pixels(7, width=900, height=700, bands=1)
PHOTO = pixels(8, width=WIDTH, height=HEIGHT)
NAME = "exact"


def _jpeg(values: NDArray[np.uint8], orientation: int = 1) -> bytes:
    image = Image.fromarray(values)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()


def _decoded(data: bytes) -> NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(data))).astype(np.int64)


@pytest.fixture(scope="module")
def dataset(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Pictures of every kind of bands and depths."""
    alpha = np.full((HEIGHT, WIDTH), 255, np.uint8)
    alpha[:, : WIDTH // 2] = 0
    gray = pixels(9, width=WIDTH, height=HEIGHT, bands=1)
    bits = (np.indices((HEIGHT, WIDTH)).sum(0) % 14) < 5
    palette = io.BytesIO()
    Image.fromarray(PHOTO).quantize(16).save(palette, "PNG")
    path = tmp_path_factory.mktemp("viewer") / f"{NAME}.zip"
    archive(
        path,
        {
            "image/deep.png": png(DEEP),
            "image/tiled.png": png(TILED),
            "image/photo.jpg": _jpeg(PHOTO),
            "image/sideways.jpg": _jpeg(PHOTO, orientation=6),
            "image/gray.png": png(gray),
            "image/bits.png": png(bits),
            "image/gray_alpha.png": png(np.dstack([gray, alpha])),
            "image/rgba.png": png(np.dstack([PHOTO, alpha])),
            "image/palette.png": palette.getvalue(),
        },
    )
    assert studio.add(path)["state"] == "ready"
    return NAME


@pytest.mark.parametrize(("low", "high", "smooth"), [(0, 65535, 1), (1000, 9000, 0), (32000, 32100, 0)])
def test_sixteen_bits_are_windowed_exactly(
    page: Page, dataset: str, low: int, high: int, smooth: int
) -> None:
    view(page, dataset, "deep.png", actual(WIDTH, HEIGHT, window=f"{low},{high}", smooth=smooth))
    grays = shown(page, WIDTH, HEIGHT)
    assert np.abs(grays - windowed(DEEP, low, high)[:, :, None]).max() <= 1


def test_an_inverted_window_is_its_negative(page: Page, dataset: str) -> None:
    view(page, dataset, "deep.png", actual(WIDTH, HEIGHT, window="0,40000", invert=1))
    wanted = 255 - windowed(DEEP, 0, 40000)
    assert np.abs(shown(page, WIDTH, HEIGHT) - wanted[:, :, None]).max() <= 1


def test_colours_are_those_of_the_file(page: Page, dataset: str) -> None:
    view(page, dataset, "photo.jpg", actual(WIDTH, HEIGHT))
    assert np.abs(shown(page, WIDTH, HEIGHT) - _decoded(_jpeg(PHOTO))).max() <= 2


def test_a_picture_that_lies_on_its_side_is_shown_upright(page: Page, dataset: str) -> None:
    view(page, dataset, "sideways.jpg", actual(HEIGHT, WIDTH))
    wanted = np.rot90(_decoded(_jpeg(PHOTO, orientation=6)), -1)
    assert np.abs(shown(page, HEIGHT, WIDTH) - wanted).max() <= 2


def test_tiles_lie_where_they_belong_turned_and_mirrored(page: Page, dataset: str) -> None:
    view(page, dataset, "tiled.png", actual(900, 700))
    seen = TILED.astype(np.int64)
    for key in ("", "r", "r", "f", "r"):
        if key:
            press(page, key)
        seen = np.rot90(seen, -1) if key == "r" else np.fliplr(seen) if key == "f" else seen
        height, width = seen.shape
        grays = shown(page, width, min(height, 840))
        wanted = seen[(height - grays.shape[0]) // 2 :][: grays.shape[0]]
        # The corners of the stage tell things.
        assert np.abs(grays - wanted[:, :, None])[60:-60].max() <= 1, key


def test_a_turned_and_mirrored_picture_comes_back_from_its_address(page: Page, dataset: str) -> None:
    view(page, dataset, "photo.jpg", actual(WIDTH, HEIGHT, rotate=90, flip=1))
    wanted = np.rot90(np.fliplr(_decoded(_jpeg(PHOTO))), -1)
    assert np.abs(shown(page, HEIGHT, WIDTH) - wanted).max() <= 2


def test_bits_gray_with_alpha_and_palettes_are_shown_as_they_are(page: Page, dataset: str) -> None:
    view(page, dataset, "bits.png", actual(WIDTH, HEIGHT))
    bits = (np.indices((HEIGHT, WIDTH)).sum(0) % 14) < 5
    assert (shown(page, WIDTH, HEIGHT)[:, :, 0] == np.where(bits, 255, 0)).all()
    half = WIDTH // 2
    view(page, dataset, "gray_alpha.png", actual(WIDTH, HEIGHT))
    gray = pixels(9, width=WIDTH, height=HEIGHT, bands=1).astype(np.int64)
    left, right = np.split(shown(page, WIDTH, HEIGHT), [half], axis=1)
    assert np.abs(right - gray[:, half:, None]).max() <= 1
    assert left.max() < 64, "what is transparent shows the ground"
    view(page, dataset, "rgba.png", actual(WIDTH, HEIGHT))
    assert np.abs(shown(page, WIDTH, HEIGHT)[:, half:] - PHOTO[:, half:]).max() <= 1
    view(page, dataset, "palette.png", actual(WIDTH, HEIGHT))
    wanted = np.asarray(Image.fromarray(PHOTO).quantize(16).convert("RGB")).astype(np.int64)
    assert np.abs(shown(page, WIDTH, HEIGHT) - wanted).max() <= 1


def test_brightness_and_contrast_of_colours_are_computed_for_each_band(page: Page, dataset: str) -> None:
    view(page, dataset, "photo.jpg", actual(WIDTH, HEIGHT, brightness=10, contrast=-40))
    values = _decoded(_jpeg(PHOTO)) / 255
    wanted = np.clip((values - 0.5) * 0.6 + 0.5 + 0.1, 0, 1) * 255
    assert np.abs(shown(page, WIDTH, HEIGHT) - wanted).max() <= 2


def test_a_pixel_at_a_whole_multiple_has_sharp_edges_unless_it_is_smoothed(page: Page, dataset: str) -> None:
    state = actual(WIDTH, HEIGHT, zoom=8, window="0,65535")
    view(page, dataset, "deep.png", state)
    block = shown(page, 320, 320)[:, :, 0].reshape(40, 8, 40, 8)
    assert (block == block[:, :1, :, :1]).all()
    view(page, dataset, "deep.png", state | {"smooth": 1})
    block = shown(page, 320, 320)[:, :, 0].reshape(40, 8, 40, 8)
    assert not (block == block[:, :1, :, :1]).all()


@pytest.fixture
def requests(page: Page) -> list[Request]:
    """What the page asked of the API, as it goes on."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/api/v1/datasets" in request.url else None)
    return asked


@pytest.mark.checklist("M-10")
def test_the_window_changes_without_a_request(page: Page, dataset: str, requests: list[Request]) -> None:
    view(page, dataset, "deep.png", actual(WIDTH, HEIGHT))
    page.wait_for_load_state("networkidle")
    before = shown(page, WIDTH, HEIGHT)
    requests.clear()
    box: Any = page.locator(".stage-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 20)
    page.mouse.move(x - 120, y + 40)
    page.mouse.up()
    page.wait_for_url(re.compile("window="))
    dragged = shown(page, WIDTH, HEIGHT)
    assert np.abs(dragged - before).max() > 10
    low, high = (
        float(each) for each in page.evaluate("new URLSearchParams(location.search).get('window')").split(",")
    )
    assert np.abs(dragged - windowed(DEEP, low, high)[:, :, None]).max() <= 1
    page.keyboard.press("Shift+2")
    page.wait_for_url(re.compile("window=full"))
    assert np.abs(shown(page, WIDTH, HEIGHT) - windowed(DEEP, 0, 65535)[:, :, None]).max() <= 1
    page.get_by_label("Window width").fill("20000")
    page.get_by_label("Window level").fill("30000")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("window=20000%2C40000"))
    assert np.abs(shown(page, WIDTH, HEIGHT) - windowed(DEEP, 20000, 40000)[:, :, None]).max() <= 1
    handle = page.get_by_role("slider", name="Brightest value shown")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Window width")).to_have_value("19744")
    assert requests == []


def test_the_value_under_the_cursor_is_the_file_s(page: Page, dataset: str) -> None:
    view(page, dataset, "deep.png", actual(WIDTH, HEIGHT))
    box: Any = page.locator(".stage-map").bounding_box()
    left, top = box["x"] + (box["width"] - WIDTH) / 2, box["y"] + (box["height"] - HEIGHT) / 2
    for x, y in ((0, 0), (WIDTH - 1, HEIGHT - 1), (17, 203)):
        page.mouse.move(left + x + 0.5, top + y + 0.5)
        expect(page.get_by_test_id("pixel")).to_have_text(f"{x}, {y}")
        expect(page.get_by_test_id("value")).to_have_text(str(DEEP[y, x]))
    page.mouse.move(left - 5, top)
    expect(page.get_by_test_id("value")).to_have_text("–")


def test_a_large_picture_opens_with_few_tiles_and_tells_exact_values(
    studio: Studio, page: Page, tmp_path: Path, requests: list[Request]
) -> None:
    values = np.fromfunction(lambda y, x: (x // 16 + y // 16) % 256, (4600, 5200), dtype=int).astype(np.uint8)
    studio.add(archive(tmp_path / "large.zip", {"image/large.png": png(values)}))
    view(page, "large", "large.png")
    tiles = [request.url for request in requests if "/tiles/" in request.url]
    assert 0 < len(tiles) <= 12, "a quarter of the picture's length is enough for the screen"
    assert not [url for url in tiles if re.search(r"/0/\d+/\d+$", url)]
    box: Any = page.locator(".stage-map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_test_id("value")).to_have_text(re.compile(r"^\d+$"))
    x, y = (int(each) for each in page.get_by_test_id("pixel").inner_text().split(", "))
    expect(page.get_by_test_id("value")).to_have_text(str(values[y, x]))
    page.keyboard.press("1")
    page.wait_for_url(re.compile("zoom=1"))
    drawn(page)
    center = [
        float(each) for each in page.evaluate("new URLSearchParams(location.search).get('center')").split(",")
    ]
    left, top = round(center[0] - 100), round(center[1] - 100)
    assert np.abs(shown(page, 200, 200) - values[top : top + 200, left : left + 200, None]).max() <= 1
