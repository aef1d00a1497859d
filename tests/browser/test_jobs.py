"""Jobs: what ran, why one failed and what to do, the log, another try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.pictures import archive, classes_zip

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio


def test_a_job_that_is_done_shows_its_stages_and_its_log(studio: Studio, page: Page, tmp_path: Path) -> None:
    studio.add(classes_zip(tmp_path / "animals.zip"))
    page.goto("/jobs")
    expect(page.get_by_role("heading", name="animals", level=2)).to_be_visible()
    stages = page.get_by_role("listitem")
    expect(stages.filter(has_text="Read pixels")).to_contain_text("done")
    expect(page.get_by_role("region", name="Log")).to_contain_text("Version 1 is published with 12 items.")
    page.get_by_role("link", name="animals", exact=True).last.click()
    page.wait_for_url("**/datasets/animals**")


def test_a_job_that_failed_says_why_and_what_to_do_and_can_be_tried_again(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    source = archive(tmp_path / "letters.zip", {"letter.txt": "Dear Ada"})
    studio.add(source, wait=False)
    page.goto("/jobs?state=failed")
    expect(page.get_by_role("heading", name="letters", level=2)).to_be_visible()
    cause = page.get_by_role("region", name="What went wrong")
    expect(cause).to_contain_text("Nothing was published, and no other dataset is affected.")
    expect(cause.get_by_role("listitem").first).not_to_be_empty()
    with page.expect_download() as download:
        page.get_by_role("link", name="Log").click()
    assert download.value.suggested_filename.endswith(".log")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("attempt 2")).to_be_visible()


def test_a_job_that_is_not_there_is_not_found(page: Page) -> None:
    page.goto("/jobs/000000000000000000000000")
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
