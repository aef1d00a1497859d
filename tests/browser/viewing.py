"""What tests of the viewer do alike: open it on a picture, wait until it is drawn, read the screen's pixels."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import numpy as np
from PIL import Image
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from playwright.sync_api import Page


DRAWN_MS = 20_000


def drawn(page: Page) -> None:
    """Wait until all tiles of the picture are on the screen."""
    expect(page.locator(".stage-map canvas").first).to_be_attached(timeout=DRAWN_MS)
    expect(page.locator(".stage-loading")).to_have_count(0, timeout=DRAWN_MS)


def view(page: Page, dataset: str, item: str | None, state: Mapping[str, object] | None = None) -> None:
    """Open the viewer on an item with a state in its address, and wait until it is drawn."""
    query = {} if item is None else {"item": item}
    query |= {name: str(value) for name, value in (state or {}).items()}
    page.goto(f"/datasets/{quote(dataset, safe='')}/view?{urlencode(query)}")
    drawn(page)


def press(page: Page, key: str) -> None:
    """Press a key that changes the address; wait until the change is in it and drawn."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)
    drawn(page)


def actual(width: int, height: int, **state: object) -> dict[str, object]:
    """The state in which a picture of this size lies in the middle, a pixel for a pixel, not smoothed."""
    return {"center": f"{width / 2},{height / 2}", "zoom": 1, "smooth": 0} | state


def stage_pixels(page: Page) -> NDArray[np.uint8]:
    """What the stage shows, (height, width, 3)."""
    box = page.locator(".stage-map").bounding_box()
    assert box is not None
    clip = {name: box[name] for name in ("x", "y", "width", "height")}
    shot = page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def middle(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The part of the stage where a picture of this size lies that is shown in its middle."""
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]


def shown(page: Page, width: int, height: int) -> NDArray[np.int64]:
    """The picture on the screen, (height, width, 3), of one that lies in the middle a pixel for a pixel."""
    return middle(stage_pixels(page), width, height).astype(np.int64)


def windowed(values: NDArray[np.generic], low: float, high: float) -> NDArray[np.int64]:
    """The gray that a window gives to each value, by its definition."""
    shares = (values.astype(np.float64) - low) / (high - low)
    return np.rint(np.clip(shares, 0, 1) * 255).astype(np.int64)


def png(values: NDArray[np.generic], mode: str | None = None) -> bytes:
    """A PNG of these values."""
    buffer = io.BytesIO()
    Image.fromarray(values, mode).save(buffer, "PNG")
    return buffer.getvalue()
