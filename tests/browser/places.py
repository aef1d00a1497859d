"""The pages of the demonstration's datasets, which tests of all pages walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.support.browsing import NOTHING_BUSY, until_true
from triptych.cli.demo_data import write_samples

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio


class Place(NamedTuple):
    """An address, and what is seen on it once it is there."""

    name: str
    address: str
    seen: str


PLACES = (
    Place("datasets", "/datasets", '[id^="dataset-"]'),
    Place("datasets-cards", "/datasets?view=cards", '[id^="dataset-"] img'),
    Place("add", "/add", "text=From this computer"),
    Place("items", "/datasets/cells/items", '[role="gridcell"] img'),
    Place("items-by-study", "/datasets/phantom/items?group=study", '[role="gridcell"] img'),
    Place("annotations", "/datasets/cells/annotations", "h2"),
    Place("statistics", "/datasets/cells/statistics", "text=Training parameters"),
    Place("settings", "/datasets/cells/settings", "text=Description"),
    Place("viewer", "/datasets/cells/view?item=film_01.jpg", "canvas"),
    Place("viewer-series", "/datasets/phantom/view?item=Study02/Series1/slice_05.png", "canvas"),
    Place("jobs", "/jobs", "text=Read pixels"),
    Place("organization", "/organization/people", "table"),
    Place("account", "/account", "text=API tokens"),
)


def add_demonstration(studio: Studio, folder: Path) -> None:
    """The three datasets of the demonstration."""
    for path in write_samples(folder, lambda _done, _total: None):
        studio.add(path)


def visit(page: Page, place: Place) -> None:
    """Open a page and wait until it shows what it is for, and asks for nothing more."""
    page.goto(place.address)
    page.locator(place.seen).first.wait_for()
    until_true(page, NOTHING_BUSY)
    until_true(page, "[...document.images].every((image) => image.complete || image.loading === 'lazy')")
