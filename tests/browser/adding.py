"""What tests of the wizard do alike: choose, read the check, go through the steps, slow the upload down."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import CDPSession, Page

FAST = -1
IMPORT_MS = 60_000


def choose(page: Page, source: Path, button: str = "Choose files") -> None:
    """Choose a file or a folder in the browser's chooser."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(source)


def begin(page: Page, source: Path, button: str = "Choose files") -> None:
    """From the first step to a check that has said something."""
    page.goto("/add")
    choose(page, source, button)
    expect(page.locator(".verdict")).to_be_visible()


def onward(page: Page, *, name: str | None = None) -> None:
    """From the check to the last step, where Create is."""
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    if name is not None:
        page.get_by_role("textbox", name="Name", exact=True).fill(name)
    steps = page.get_by_role("navigation", name="Steps")
    for step in ("Labels", "Submit"):
        if step in steps.inner_text():
            page.get_by_role("button", name=f"Continue to {step.lower()}").click()
            expect(steps.locator("[aria-current]")).to_contain_text(step)


def create(page: Page) -> None:
    """Press Create."""
    page.get_by_role("button", name=re.compile("^Create")).click()


def class_counts(page: Page) -> dict[str, int]:
    """Classes and their counts in the summary beside the check."""
    lines = page.get_by_role("region", name="What will be imported").locator(".class-bars li")
    texts = [line.inner_text().split("\n") for line in lines.all()]
    return {parts[0]: int(parts[-1].replace(",", "")) for parts in texts}


def counts_of_csv(archive: Path) -> tuple[int, dict[str, int]]:
    """Pictures of a zip and rows of each class of its label.csv, by other readers than ours."""
    with zipfile.ZipFile(archive) as file:
        pictures = [name for name in file.namelist() if name.lower().endswith((".jpg", ".png"))]
        rows = csv.reader(io.StringIO(file.read("label.csv").decode()))
        classes = Counter(row[1] for row in rows if len(row) > 1)
    return len(pictures), dict(classes)


def slowed(page: Page, bytes_per_second: int) -> CDPSession:
    """Let no more than so many bytes a second leave the page; `speed` changes it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    speed(session, bytes_per_second)
    return session


def speed(session: CDPSession, bytes_per_second: int) -> None:
    """Change how many bytes a second may leave the page; FAST for no limit."""
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": FAST, "uploadThroughput": bytes_per_second},
    )
