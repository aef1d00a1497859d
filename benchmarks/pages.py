"""What people wait for in a browser: first thumbnails, a picture of 100 megapixels beside a small one."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.viewing import drawn
from tests.support.browsing import CHROMIUM_ARGUMENTS, Studio, chromium_program, signed_in
from tests.support.pictures import archive, png

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

RUNS = 5
PICTURES = 400
MANY = 10_000
SIDE = 10_000
THUMBNAIL_MS = 500
FIRST_THUMBNAIL = """async () => {
    const entries = () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/thumbnails/'))
    while (!entries().length) await new Promise((done) => setTimeout(done, 5))
    return Math.min(...entries().map(({ responseEnd }) => responseEnd))
}"""


def main() -> None:
    """Print the table."""
    program = chromium_program()
    if program is None:
        print("left out: no Chromium")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        studio = Studio.begin(Path(folder) / "home")
        try:
            fill(studio, Path(folder))
            browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
            for line in lines(browser, studio):
                print(line, flush=True)
            browser.close()
        finally:
            studio.end()


def fill(studio: Studio, folder: Path) -> None:
    """Add 400 pictures of 640 × 480, 10,000 small ones, and one of 100 megapixels beside one of 0.3."""
    chance = np.random.default_rng(7)
    noise = chance.integers(0, 255, (60, 80, 3), np.uint8)
    several = {f"image/{number:03}.jpg": _jpeg(np.roll(noise, number, 1)) for number in range(PICTURES)}
    studio.add(archive(folder / "several.zip", dict(several)))
    studio.add(
        archive(folder / "many.zip", {f"image/{n:05}.png": png(n, width=16, height=16) for n in range(MANY)})
    )
    large = np.add.outer(np.arange(SIDE), np.arange(SIDE)).astype(np.uint16).view(np.uint8)[:, ::2]
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(large)).save(buffer, "PNG", compress_level=1)
    small = png(1, width=640, height=480)
    studio.add(
        archive(folder / "sizes.zip", {"image/large.png": buffer.getvalue(), "image/small.png": small})
    )


def _jpeg(values: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).resize((640, 480)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def lines(browser: Browser, studio: Studio) -> list[str]:
    """The lines of the table; each run is a browser that has nothing cached, the server has been asked before."""
    first = repeat(browser, studio, lambda page: _first_thumbnail(page, "several"))
    many = repeat(browser, studio, lambda page: _first_thumbnail(page, "many"))
    small = repeat(browser, studio, lambda page: _opened(page, "small.png"))
    large = repeat(browser, studio, lambda page: _opened(page, "large.png"))
    return [
        "median and worst of 5 runs, ms; a browser with nothing cached",
        _line("first thumbnail of 400 pictures", first, THUMBNAIL_MS),
        _line("first thumbnail of 10,000 pictures", many, THUMBNAIL_MS),
        _line("a picture of 640 × 480 is drawn", small, None),
        _line("a picture of 10,000 × 10,000 is drawn", large, 2 * statistics.median(small)),
    ]


def repeat(browser: Browser, studio: Studio, measure: Callable[[Page], float]) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(RUNS + 1):
        context = signed_in(browser, studio)
        found.append(measure(context.new_page()))
        context.close()
    return found[1:]


def _first_thumbnail(page: Page, name: str) -> float:
    page.goto(f"/datasets/{name}/items", wait_until="commit")
    return float(page.evaluate(FIRST_THUMBNAIL))


def _opened(page: Page, item: str) -> float:
    start = time.perf_counter()
    page.goto(f"/datasets/sizes/view?item={item}", wait_until="commit")
    drawn(page)
    return (time.perf_counter() - start) * 1000


def _line(what: str, found: list[float], bar: float | None) -> str:
    middle, worst = statistics.median(found), max(found)
    told = "" if bar is None else f"≤ {bar:.0f}" + ("" if middle <= bar else "  MISSED")
    return f"{what:45}{middle:8.0f}{worst:8.0f}   {told}"


if __name__ == "__main__":
    main()
