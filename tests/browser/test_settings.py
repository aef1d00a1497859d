"""The Settings tab: what is called and said, metadata, what may not be changed, and the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.grid import PATIENCE_MS
from tests.support.pictures import archive, detection_zip, png
from tests.support.processes import eventually
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio

HOSTILE = """# Smears <script>alert(1)</script>

<img src="https://example.org/a.png" onerror="alert(1)"> ![seen](https://example.org/b.png)
[run](javascript:alert(1)) [paper](https://example.org/paper) [jobs](/jobs)

- one
- **two**
"""


@pytest.fixture
def name(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A dataset of the test's own."""
    wanted = f"set {request.node.name[5:30]}"
    studio.add(detection_zip(tmp_path / "cells.zip"), name=wanted)
    return wanted


def open_settings(page: Page, name: str, query: str = "") -> None:
    """Open the tab."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(dataset_path(name, "settings") + query)
    expect(page.get_by_role("region", name="General")).to_be_visible()


def save(page: Page) -> None:
    """Save, and wait until it is."""
    bar = page.get_by_role("region", name="Unsaved changes")
    bar.get_by_role("button", name="Save").click()
    expect(bar).to_be_hidden()


@pytest.mark.checklist("M-20")
def test_the_name_stays_and_the_display_name_changes(studio: Studio, name: str, page: Page) -> None:
    open_settings(page, name)
    field = page.get_by_label("Name", exact=True)
    expect(field).to_have_value(name)
    expect(field).not_to_be_editable()
    expect(page.get_by_text("The name of the zip or folder that it came from. It stays")).to_be_visible()
    page.get_by_label("Display name").fill("Blood <b>cells</b> دم ")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Blood <b>cells</b> دم␣")
    shown = studio.show(name)
    assert (shown["name"], shown["display_name"]) == (name, "Blood <b>cells</b> دم ")
    page.get_by_label("Display name").fill("")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_hostile_description_is_drawn_and_does_nothing(studio: Studio, name: str, page: Page) -> None:
    open_settings(page, name)
    page.get_by_label("Description", exact=True).last.fill(HOSTILE)
    save(page)
    page.reload()
    drawn = page.locator(".markdown")
    expect(drawn.get_by_role("listitem")).to_have_text(["one", "two"])
    assert drawn.locator("script, img, [onerror]").count() == 0
    links = drawn.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.org/paper")
    expect(links).to_have_attribute("rel", re.compile("noopener"))
    assert studio.show(name)["description"].strip() == HOSTILE.strip()


def test_tags_metadata_and_pixel_size_are_saved(studio: Studio, name: str, page: Page) -> None:
    studio.server.connection.patch(dataset_path(name), {"details": {"kilovolts": 120, "wards": ["a", "b"]}})
    open_settings(page, name)
    page.get_by_role("combobox", name="Tags").fill("rbc")
    page.keyboard.press("Enter")
    page.get_by_label("Height of a row").fill("0.25")
    expect(page.get_by_text("Give both, or neither.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    page.get_by_label("Width of a column").fill("0.5")
    page.get_by_role("button", name="Add an entry").click()
    page.get_by_label("Name 3").fill("scanner")
    page.get_by_label("Value of scanner").fill("<i>Leica</i>")
    page.get_by_label("Value of kilovolts").fill("140")
    save(page)
    shown = studio.show(name)
    assert shown["tags"] == ["rbc"]
    assert shown["details"] == {
        "kilovolts": 140,
        "wards": ["a", "b"],
        "scanner": "<i>Leica</i>",
        "pixel_spacing_mm": [0.25, 0.5],
    }
    item = studio.server.connection.get(dataset_path(name, "item"), key="cell_000.jpg")
    assert item["spacing"] == [0.25, 0.5]
    page.reload()
    expect(page.get_by_label("Value of scanner")).to_have_value("<i>Leica</i>")
    page.get_by_role("button", name="Remove wards").click()
    save(page)
    assert "wards" not in studio.show(name)["details"]


def test_what_is_not_saved_stays_until_it_is_dropped(studio: Studio, name: str, page: Page) -> None:
    open_settings(page, name)
    page.get_by_label("Display name").fill("Half done")
    page.get_by_role("navigation", name="Dataset").get_by_role("link", name="Statistics").click()
    page.get_by_role("navigation", name="Dataset").get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Display name")).to_have_value("Half done")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Display name")).to_have_value(name)
    expect(page.get_by_role("region", name="Unsaved changes")).to_be_hidden()
    assert studio.show(name)["display_name"] == name


def test_a_refusal_is_said_beside_the_button(studio: Studio, name: str, page: Page) -> None:
    open_settings(page, name)
    page.get_by_label("Display name").fill("Never")
    page.route(
        "**/api/v1/datasets/*",
        lambda route: route.abort() if route.request.method == "PATCH" else route.fallback(),
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The server does not answer.").first).to_be_visible()
    expect(page.get_by_label("Display name")).to_have_value("Never")
    assert studio.show(name)["display_name"] == name


def test_an_old_version_is_looked_at_and_not_changed(studio: Studio, name: str, page: Page) -> None:
    studio.server.connection.post(dataset_path(name, "split"), {"seed": 3})
    open_settings(page, name, "?version=1")
    expect(page.get_by_text("This is an older version.")).to_be_visible()
    expect(page.get_by_label("Display name")).not_to_be_editable()
    expect(page.get_by_role("button", name="Add an entry")).to_have_count(0)


def test_the_dataset_goes_into_the_trash_by_its_name(studio: Studio, tmp_path: Path, page: Page) -> None:
    studio.add(archive(tmp_path / "gone.zip", {"a.png": png(1)}), name="gone soon")
    open_settings(page, "gone soon")
    page.get_by_role("region", name="Delete").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type the name to delete it").fill("gone")
    expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    dialog.get_by_label("Type the name to delete it").fill("gone soon")
    dialog.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("/datasets$"))
    assert studio.show("gone soon")["state"] == "trashed"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    eventually(lambda: studio.show("gone soon")["state"] == "ready", 10)
