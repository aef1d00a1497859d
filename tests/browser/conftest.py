"""What the browser tests share: Chromium, a server with its home, a page of a signed-in person."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from PIL import Image

from tests.support.browsing import CHROMIUM_ARGUMENTS, Studio, Watched, chromium_program, signed_in
from triptych.api.web_pages import BUILT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, Page

ANIMATIONS_END = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))
}"""
Scheme = Literal["light", "dark"]
PICTURES = Path(__file__).parents[2] / "docs" / "screens"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need Chromium."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def _left_out(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    program = chromium_program()
    if program is None:
        _left_out("no Chromium: install it, or set TRIPTYCH_TEST_CHROMIUM")
    if not (BUILT / "index.html").exists():
        _left_out("the pages are not built: run make web")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def studio(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server on a fresh home, shared by the tests of a file: give datasets names of their own."""
    studio = Studio.begin(tmp_path_factory.mktemp("studio") / "home")
    yield studio
    studio.end()


@pytest.fixture
def fresh_studio(chromium: Browser, tmp_path: Path) -> Iterator[Studio]:
    """A server on a home of this test alone, which it may kill."""
    studio = Studio.begin(tmp_path / "home")
    yield studio
    studio.end()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(studio, color_scheme="dark", …)`: a page of the signed-in administrator.

    At the end no page may have had a fault, broken the Content-Security-Policy, or asked another server.
    """
    watched: list[Watched] = []

    def begin(studio: Studio, **options: object) -> Page:
        page = signed_in(chromium, studio, **options).new_page()
        page.set_default_timeout(10_000)
        watched.append(Watched(page, studio.address))
        return page

    yield begin
    for each in watched:
        each.page.context.close()
    for each in watched:
        each.check()


@pytest.fixture
def page(studio: Studio, open_page: Callable[..., Page]) -> Page:
    """A page of the signed-in administrator of the file's `studio`, 1440 × 900, light."""
    return open_page(studio)


@pytest.fixture
def keep_screenshot(tmp_path: Path) -> Callable[..., Path]:
    """`keep_screenshot(page, "datasets")`: the page in light and dark, into docs/screens when they are made anew."""

    def keep(page: Page, name: str, schemes: Sequence[Scheme] = ("light", "dark")) -> Path:
        folder = PICTURES if os.environ.get("TRIPTYCH_SCREENSHOTS") else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_load_state("networkidle")
            page.evaluate(ANIMATIONS_END)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.save(folder / f"{name}-{scheme}.webp", quality=90, method=6)
        page.emulate_media(color_scheme="light")
        return folder

    return keep
