"""What holds for every page: no violation that axe finds, in light and in dark; kept pictures; what they weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.places import PLACES, Place, add_demonstration, visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Response

    from tests.support.browsing import Studio

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# Scripts and styles as they are sent, gzipped.
FIRST_LOAD = 250_000
LAYOUT_SHIFT = 0.01
VIEWERS = ("ViewerPage",)


@pytest.fixture(scope="module")
def demonstration(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """The server with the three datasets of the demonstration."""
    add_demonstration(studio, tmp_path_factory.mktemp("samples"))
    return studio


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_axe_finds_nothing_wrong(
    demonstration: Studio, open_page: Callable[..., Page], place: Place, scheme: str
) -> None:
    page = open_page(demonstration, color_scheme=scheme, reduced_motion="reduce")
    visit(page, place)
    found = Axe().run(page, options=RULES)
    told = [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(
            node["html"][:160] + "  " + node["failureSummary"][:300] for node in violation["nodes"][:4]
        )
        for violation in found.response["violations"]
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_kept_as_a_picture(
    demonstration: Studio,
    open_page: Callable[..., Page],
    keep_screenshot: Callable[..., Path],
    place: Place,
) -> None:
    page = open_page(demonstration, reduced_motion="reduce")
    visit(page, place)
    # The viewer is dark in both.
    schemes = ("dark",) if place.name.startswith("viewer") else ("light", "dark")
    folder = keep_screenshot(page, place.name, schemes)
    pictures = [np.asarray(Image.open(folder / f"{place.name}-{scheme}.webp")) for scheme in schemes]
    assert pictures[0].std() > 5
    assert len(pictures) == 1 or pictures[0].mean() > pictures[1].mean() + 100


def test_the_first_load_weighs_no_more_than_it_may_and_brings_no_viewer(
    demonstration: Studio, open_page: Callable[..., Page]
) -> None:
    page = open_page(demonstration)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    visit(page, PLACES[0])
    weights = {
        answer.url.rpartition("/")[2]: int(answer.headers.get("content-length", "0"))
        for answer in answers
        if "/assets/" in answer.url
    }
    fonts = {name: weight for name, weight in weights.items() if name.endswith(".woff2")}
    code = {name: weight for name, weight in weights.items() if name not in fonts}
    assert code
    assert not [name for name in code if name.startswith(VIEWERS)]
    assert sum(code.values()) <= FIRST_LOAD, code
    assert len(fonts) <= 1, "one typeface of one script is enough to begin with"


@pytest.mark.parametrize("place", [PLACES[0], PLACES[1], PLACES[3]], ids=lambda place: place.name)
def test_nothing_moves_while_a_page_comes(
    demonstration: Studio, open_page: Callable[..., Page], place: Place
) -> None:
    page = open_page(demonstration)
    visit(page, place)
    shifts = page.evaluate(
        """() => new Promise((resolve) => {
            const seen = (list) => resolve(list.map(({ value, sources }) =>
                [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? '')]))
            new PerformanceObserver((list) => seen(list.getEntries())).observe({
                type: 'layout-shift', buffered: true })
            setTimeout(() => seen([]), 500)
        })"""
    )
    assert sum(value for value, *_nodes in shifts) < LAYOUT_SHIFT, shifts
