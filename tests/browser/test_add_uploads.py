"""Uploads of the browser under trouble: paused, reloaded, the server killed, and checked before they end."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.adding import FAST, IMPORT_MS, begin, choose, create, onward, slowed, speed
from tests.support import pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Request

    from tests.support.browsing import Studio

MEGABYTE = 1_000_000


def large_zip(path: Path, megabytes: int = 12) -> Path:
    """Twelve labelled pictures, and bytes between them that cannot be packed."""
    pictures.detection_zip(path)
    members: dict[str, bytes | str] = {
        f"raw/{number}.bin": os.urandom(MEGABYTE) for number in range(megabytes)
    }
    members |= {f"image/cell_{index:03}.jpg": pictures.jpeg(index) for index in range(12)}
    members["label.csv"] = "".join(f"cell_{index:03}.jpg,RBC,1,2,10,12\n" for index in range(12))
    return pictures.archive(path, members)


def offsets_sent(page: Page) -> list[int]:
    """Where each stretch of bytes that the page sends from now on begins."""
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return offsets


def test_the_check_is_there_before_the_upload_ends_and_a_pause_keeps_both(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    link = slowed(page, MEGABYTE)
    offsets = offsets_sent(page)
    begin(page, large_zip(tmp_path / "early.zip"))
    expect(page.locator(".verdict")).to_contain_text("All 12 pictures are fine.")
    source = page.get_by_role("region", name="Source")
    expect(source).to_contain_text(re.compile(r"Uploading.* of 12\.\d MB"))
    source.get_by_role("button", name="Pause the upload").click()
    expect(source).to_contain_text("paused by you")
    onward(page)
    create(page)
    expect(page.get_by_text("The dataset is made as soon as the last byte is there.")).to_be_visible()
    speed(link, FAST)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_url("**/datasets/early/**", timeout=IMPORT_MS)
    assert studio.show("early")["counts"]["items"] == 12
    assert offsets[0] == 0
    assert 0 < offsets[-1] < 12 * MEGABYTE


def test_an_upload_goes_on_while_its_person_is_elsewhere_and_tells_when_it_is_done(
    page: Page, tmp_path: Path
) -> None:
    link = slowed(page, MEGABYTE)
    begin(page, large_zip(tmp_path / "elsewhere.zip", 4))
    onward(page)
    create(page)
    page.get_by_role("link", name="Jobs").click()
    pill = page.get_by_role("link", name=re.compile("elsewhere.zip"))
    expect(pill).to_be_visible()
    speed(link, FAST)
    expect(page.get_by_text("elsewhere is being added")).to_be_visible()
    expect(page.get_by_text("elsewhere is ready")).to_be_visible(timeout=IMPORT_MS)
    expect(pill).to_be_hidden()


def test_a_killed_server_and_a_reload_lose_nothing(
    fresh_studio: Studio, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(fresh_studio)
    source = large_zip(tmp_path / "survivor.zip", 16)
    link = slowed(page, 3 * MEGABYTE)
    begin(page, source)
    card = page.get_by_role("region", name="Source")
    expect(card.get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", re.compile(r"^(2[5-9]|[3-8]\d)$")
    )
    onward(page, name="survived")
    create(page)
    port = fresh_studio.kill()
    expect(page.get_by_text(re.compile(r"No connection, trying again in \d+ s"))).to_be_visible()
    fresh_studio.restart(port)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(card).to_contain_text("What has arrived is kept.")
    speed(link, FAST)
    offsets = offsets_sent(page)
    choose(page, source, "Choose again")
    page.wait_for_url("**/datasets/survived/**", timeout=IMPORT_MS)
    assert fresh_studio.show("survived")["counts"]["items"] == 12
    assert offsets, "something was left to send"
    assert min(offsets) > 2 * MEGABYTE, "what had arrived is not sent again"


def test_a_server_that_comes_back_finds_the_page_going_on_by_itself(
    fresh_studio: Studio, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(fresh_studio)
    link = slowed(page, 3 * MEGABYTE)
    begin(page, large_zip(tmp_path / "patient.zip"))
    card = page.get_by_role("region", name="Source")
    expect(card.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"^([2-8]\d)$"))
    port = fresh_studio.kill()
    expect(card).to_contain_text("No connection, trying again in")
    fresh_studio.restart(port)
    speed(link, FAST)
    expect(card).to_contain_text("Uploaded", timeout=IMPORT_MS)


def test_another_file_of_the_same_name_is_not_taken_for_the_one_begun(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    slowed(page, MEGABYTE)
    source = large_zip(tmp_path / "mixed_up.zip", 4)
    begin(page, source)
    page.reload()
    card = page.get_by_role("region", name="Source")
    expect(card).to_contain_text("What has arrived is kept.")
    (tmp_path / "other").mkdir()
    choose(page, large_zip(tmp_path / "other" / "mixed_up.zip", 3), "Choose again")
    expect(page.get_by_text("mixed_up.zip is not what was begun")).to_be_visible()
    expect(card).to_contain_text("What has arrived is kept.")


def test_what_was_begun_is_listed_and_can_be_discarded(page: Page, tmp_path: Path) -> None:
    slowed(page, MEGABYTE)
    begin(page, large_zip(tmp_path / "left_behind.zip", 4))
    page.goto("/add")
    line = (
        page.get_by_role("region", name="Uploads without a dataset")
        .locator(".upload-line")
        .filter(has_text="left_behind.zip")
    )
    expect(line).to_contain_text("arrived")
    line.get_by_role("button", name="Discard the upload of left_behind.zip").click()
    expect(line).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="From this computer")).to_be_visible()
    expect(page.get_by_text("left_behind.zip")).to_have_count(0)
