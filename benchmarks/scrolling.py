"""A series of 500 slices in the browser: opened, run through once, and played from what is in memory."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.scans import ct_slice
from tests.browser.viewing import view
from tests.support.browsing import CHROMIUM_ARGUMENTS, Studio, chromium_program, signed_in, until_true
from tests.support.pictures import archive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Page

SLICES = 500
SIDES = (256, 512)
RATE = 30
SECONDS = 5
# Every slice that the corner names while a frame is drawn, and when.
WATCH = """() => {
    window.seen = []
    const look = (now) => {
        const text = document.querySelector('.ov-tr')?.textContent ?? ''
        const slice = Number(/Slice (\\d+) of/.exec(text)?.[1] ?? 0)
        if (window.seen.at(-1)?.[0] !== slice) window.seen.push([slice, now])
        requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
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
            browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
            print(f"{'16 bits, 500 slices':24}{'first pass':>12}{'played in 5 s':>16}{'requests':>10}   bar")
            for side in SIDES:
                studio.add(series(Path(folder) / f"series{side}.zip", side))
                first, shown, asked = scrolled(browser, studio, f"series{side}")
                met = shown >= RATE * SECONDS and asked == 0
                told = "" if met else "  MISSED"
                bar = f"≥ {RATE * SECONDS} slices, no request{told}"
                print(f"{f'{side} × {side}':24}{first:10.1f} s{shown:16}{asked:10}   {bar}", flush=True)
            browser.close()
        finally:
            studio.end()


def series(path: Path, side: int) -> Path:
    """The slices, each other than all others, with noise as scanners have it."""
    noise = np.random.default_rng(3).integers(0, 60, (side, side)).astype(np.int16)
    ramp = np.add.outer(np.arange(side), np.arange(side)).astype(np.int16)
    slices = {
        f"{number:03}.dcm": ct_slice(number, samples=np.roll(noise, number) + ramp + np.int16(2 * number))
        for number in range(SLICES)
    }
    return archive(path, dict(slices))


def scrolled(browser: Browser, studio: Studio, name: str) -> tuple[float, int, int]:
    """Seconds of the first pass, different slices that were shown in five seconds of playing, and requests then."""
    context = signed_in(browser, studio)
    page = context.new_page()
    # A small laptop's; without a graphics card every frame is drawn by the cores that serve.
    page.set_viewport_size({"width": 1280, "height": 800})
    view(page, name, "000.dcm")
    until_true(page, f"document.body.innerText.includes('of {SLICES}')")
    page.get_by_role("button", name="10 slices per second").click()
    page.get_by_role("menuitem", name=f"{RATE} per s").click()
    start = time.perf_counter()
    page.get_by_role("button", name="Play").click()
    until_true(page, _is_at(SLICES - 3), 240)
    first = time.perf_counter() - start
    shown, asked = _played(page)
    context.close()
    return first, shown, asked


def _is_at(slice: int) -> str:
    return f"Number(document.querySelector('.ticks').getAttribute('aria-valuenow')) >= {slice}"


def _played(page: Page) -> tuple[int, int]:
    asked: list[str] = []
    page.wait_for_timeout(1000)  # past the last slice, so that all that follows was here before
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(WATCH)
    page.wait_for_timeout(SECONDS * 1000 + 100)
    seen: Sequence[tuple[int, float]] = page.evaluate("window.seen")
    begun = seen[0][1]
    return len({slice for slice, at in seen if at - begun <= SECONDS * 1000}), len(asked)


if __name__ == "__main__":
    main()
