"""What holds for every page: no violation that axe finds, in light and in dark; kept pictures; what they weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.places import PLACES, Place, add_demonstration, visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Response

    from tests.support.browsing import Studio

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
FIRST_LOAD = 250_000
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
    keep_screenshot: Callable[[Page, str], Path],
    place: Place,
) -> None:
    page = open_page(demonstration, reduced_motion="reduce")
    visit(page, place)
    folder = keep_screenshot(page, place.name)
    assert (folder / f"{place.name}-dark.png").stat().st_size > 10_000


def test_the_first_load_weighs_no_more_than_it_may_and_brings_no_viewer(
    demonstration: Studio, open_page: Callable[..., Page]
) -> None:
    page = open_page(demonstration)
    answers: list[Response] = []
    page.on("response", answers.append)
    visit(page, PLACES[0])
    weights = {
        answer.url.rpartition("/")[2]: int(answer.headers.get("content-length", "0"))
        for answer in answers
        if "/assets/" in answer.url
    }
    assert weights
    assert not [name for name in weights if name.startswith(VIEWERS)]
    assert sum(weights.values()) <= FIRST_LOAD, weights
