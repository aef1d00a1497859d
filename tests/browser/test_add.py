"""Adding a dataset: from a zip, a folder, an address and the server, through all steps, until it is there."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.adding import IMPORT_MS, begin, choose, class_counts, counts_of_csv, create, onward
from tests.support import pictures
from tests.support.processes import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.browsing import Studio

BUILT_IN = "10.0.0.1"
NASTY = '<img src=x onerror="alert(1)">'
NASTY_FILE = 'image/"><b>ünï\u202egnp.exe.png'


@pytest.mark.checklist("M-20")
@pytest.mark.parametrize("real", [False, True], ids=["generated", "real"])
def test_a_zip_becomes_a_dataset_of_its_own_name_with_the_counts_of_its_csv(
    page: Page, studio: Studio, tmp_path: Path, request: pytest.FixtureRequest, real: bool
) -> None:
    if real:
        source = request.getfixturevalue("real_data") / "images" / "blood_cells__image_label6.zip"
    else:
        source = pictures.detection_zip(tmp_path / "made_cells.zip", count=9)
    items, classes = counts_of_csv(source)
    begin(page, source)
    expect(page.locator(".verdict")).to_contain_text(f"All {items} pictures are fine.")
    assert class_counts(page) == classes
    page.get_by_role("button", name=f"Continue with {items} pictures").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(
        source.name.removesuffix(".zip")
    )
    page.get_by_role("textbox", name="Display name").fill("Blood, second ward")
    page.get_by_role("button", name="Continue to labels").click()
    rows = page.get_by_role("region", name="Annotation set label").get_by_role("row")
    expect(rows).to_have_count(len(classes) + 1)
    page.get_by_role("button", name="Continue to submit").dblclick()
    expect(page.get_by_role("region", name="What will be made")).to_contain_text("Blood, second ward")
    create(page)
    page.wait_for_url(f"**/datasets/{source.name.removesuffix('.zip')}/**", timeout=IMPORT_MS)
    expect(page.get_by_text("Blood, second ward is ready")).to_be_visible()
    shown = studio.show(source.name.removesuffix(".zip"))
    assert shown["counts"]["items"] == items
    assert {each["name"]: each["count"] for each in shown["annotation_sets"][0]["classes"]} == classes


def test_a_folder_goes_as_it_is_with_its_paths_and_its_empty_files(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    folder = tmp_path / "Patienten 2026"
    for study in ("a", "b"):
        for number in range(3):
            path = folder / "image" / study / "Series1" / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pictures.png(number + (100 if study == "b" else 0)))
    (folder / "notes.txt").touch()
    begin(page, folder, "Choose a folder")
    expect(page.get_by_role("region", name="Source")).to_contain_text("7 members")
    expect(page.get_by_role("navigation", name="Steps")).not_to_contain_text("Labels")
    onward(page)
    create(page)
    page.wait_for_url("**/datasets/Patienten%202026/**", timeout=IMPORT_MS)
    shown = studio.show("Patienten 2026")
    assert shown["format"] == "study_series"
    assert shown["counts"] | {"bytes": 0} == {"items": 6, "studies": 2, "files": 6, "bytes": 0}
    assert shown["bins"] == {"imported": 6, "ignored": 1, "rejected": 0}


def test_several_files_that_are_dropped_are_one_source(page: Page, tmp_path: Path) -> None:
    page.goto("/add")
    expect(page.get_by_role("heading", name="From this computer")).to_be_visible()
    files = [{"name": f"{number}.png", "bytes": list(pictures.png(number))} for number in range(3)]
    page.evaluate(
        """files => {
            const transfer = new DataTransfer()
            for (const { name, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name))
            for (const type of ['dragenter', 'dragover', 'drop'])
                document.body.dispatchEvent(
                    new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
        }""",
        files,
    )
    expect(page.locator(".verdict")).to_contain_text("All 3 pictures are fine.")
    expect(page.get_by_role("region", name="Source")).to_contain_text("pictures")


def broken_zip(path: Path) -> Path:
    members: dict[str, bytes | str] = {f"image/{number}.jpg": pictures.jpeg(number) for number in range(8)}
    members["image/2.jpg"] = pictures.jpeg(2, width=200, height=200)[:900]
    members["image/5.jpg"] = b""
    members[NASTY_FILE] = b"%PDF-1.7 not a picture"
    members["label.csv"] = "".join(f'{n}.jpg,"{NASTY.replace(chr(34), chr(34) * 2)}"\n' for n in range(8))
    return pictures.archive(path, members)


def test_some_broken_files_ask_once_and_the_others_are_kept(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    begin(page, broken_zip(tmp_path / "broken.zip"))
    rejected = page.get_by_role("region", name="Rejected")
    expect(rejected).to_contain_text("1 file is empty")
    expect(rejected).to_contain_text("image/5.jpg")
    expect(rejected).to_contain_text("What to do:")
    onward(page)
    create(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("6 of 9 pictures are ready. Keep them?", timeout=IMPORT_MS)
    expect(dialog).to_contain_text("The picture ends before its last row.")
    dialog.get_by_role("button", name="Decide later").click()
    assert studio.show("broken")["state"] == "needs_decision"
    page.reload()
    page.get_by_role("dialog").get_by_role("button", name="Keep 6 pictures").click()
    page.wait_for_url("**/datasets/broken/**", timeout=IMPORT_MS)
    assert studio.show("broken")["counts"]["items"] == 6


def test_names_of_people_are_shown_as_text(page: Page, tmp_path: Path) -> None:
    begin(page, broken_zip(tmp_path / f"{NASTY.replace('/', '')}.zip"))
    expect(page.get_by_role("region", name="What will be imported")).to_contain_text(NASTY)
    expect(page.get_by_role("region", name="Rejected")).to_contain_text(NASTY_FILE)
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    page.get_by_role("button", name="Continue to labels").click()
    expect(page.get_by_role("cell", name=NASTY)).to_be_visible()
    assert page.locator("img").count() == 0
    assert page.evaluate("document.querySelector('main b[onclick]')") is None


def test_discarding_takes_it_back_until_undone(page: Page, studio: Studio, tmp_path: Path) -> None:
    begin(page, broken_zip(tmp_path / "unwanted.zip"))
    onward(page)
    create(page)
    page.get_by_role("dialog").get_by_role("button", name="Discard the dataset").click(timeout=IMPORT_MS)
    page.wait_for_url("**/datasets")
    assert studio.show("unwanted")["state"] == "trashed"
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: studio.show("unwanted")["state"] == "needs_decision", 10)


@pytest.mark.checklist("M-08")
def test_the_choice_about_sizes_changes_the_check_and_the_dataset(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    members: dict[str, bytes | str] = {f"image/{number}.png": pictures.png(number) for number in range(4)}
    members["image/tiny.png"] = pictures.png(9, width=15, height=16)
    members["image/huge.png"] = pictures.png(9, width=16, height=4097)
    members["image/bounds.png"] = pictures.png(9, width=16, height=4096)
    begin(page, pictures.archive(tmp_path / "sizes.zip", members))
    look = page.get_by_role("region", name="Worth a look")
    expect(look).to_contain_text("tiny.png (15 × 16 px)")
    expect(look).to_contain_text("huge.png (16 × 4097 px)")
    expect(look).not_to_contain_text("bounds.png")
    look.get_by_text("Reject them", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("5 of 7 pictures are fine.")
    expect(page.get_by_role("region", name="Rejected")).to_contain_text("image/tiny.png")
    onward(page)
    page.get_by_role("checkbox", name="Publish what succeeds without asking me").check()
    create(page)
    page.wait_for_url("**/datasets/sizes/**", timeout=IMPORT_MS)
    assert studio.show("sizes")["bins"] == {"imported": 5, "ignored": 0, "rejected": 2}


def test_a_name_that_is_taken_is_said_before_and_after_create(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    studio.add(pictures.detection_zip(tmp_path / "twice.zip"))
    begin(page, tmp_path / "twice.zip")
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    expect(page.get_by_text("A dataset of that name is there already.")).to_be_visible()
    page.get_by_role("button", name="Continue to labels").click()
    page.get_by_role("button", name="Continue to submit").click()
    create(page)
    expect(page.get_by_role("alert")).to_contain_text("twice")
    expect(page.get_by_role("button", name=re.compile("^Create"))).to_be_enabled()


def test_an_address_in_the_private_network_is_refused_with_the_reason(page: Page) -> None:
    page.goto("/add?from=url")
    address = page.get_by_role("textbox", name="Address of a zip or tar")
    expect(address).to_be_focused()
    address.fill("ftp://example.org/x.zip")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("An address begins with http:// or https://.")).to_be_visible()
    address.fill(f"http://{BUILT_IN}/cells.zip")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("private network")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("private network")
    page.get_by_role("button", name="Choose another source").click()
    expect(page.get_by_role("heading", name="From an address")).to_be_visible()


def test_formats_that_refuse_say_why(page: Page, tmp_path: Path) -> None:
    page.goto("/add")
    choose(page, pictures.archive(tmp_path / "words.zip", {"a.txt": "hello", "b/c.txt": "there"}))
    expect(page.get_by_role("alert")).to_be_visible()
    reasons = page.get_by_role("region", name="What it could have been")
    expect(reasons).to_contain_text("Folders by class")
    expect(page.get_by_role("button", name="Continue")).to_be_disabled()


def test_the_report_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    begin(page, broken_zip(tmp_path / "report.zip"))
    saved: dict[str, Any] = {}
    for kind in ("text", "JSON"):
        page.get_by_role("button", name="Download report").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=f"As {kind}").click()
        download.value.save_as(tmp_path / kind)
        saved[kind] = (tmp_path / kind).read_text("utf-8")
    assert json.loads(saved["JSON"])["bins"]["rejected"] == 2
    assert "image/5.jpg" in saved["text"]
    assert "7 of 9 pictures are fine." in saved["text"]


def test_a_folder_of_the_server_is_walked_and_added(page: Page, studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "registered"
    (folder / "ward").mkdir(parents=True)
    pictures.detection_zip(folder / "ward" / "of_the_server.zip", count=4)
    with zipfile.ZipFile(folder / "ward" / "of_the_server.zip") as file:
        file.extractall(folder / "loose")
    studio.server.connection.post("/roots", {"name": "scans", "path": str(folder)})
    page.goto("/add?from=server")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="ward").click()
    dialog.get_by_role("button", name="of_the_server.zip").click()
    expect(page.locator(".verdict")).to_contain_text("All 4 pictures are fine.")
    page.goto("/add")
    page.get_by_role("button", name="Browse folders").click()
    dialog.get_by_role("button", name="loose").click()
    dialog.get_by_role("button", name="Check this folder").click()
    expect(page.locator(".verdict")).to_contain_text("All 4 pictures are fine.")
    onward(page)
    create(page)
    page.wait_for_url("**/datasets/loose/**", timeout=IMPORT_MS)
    assert studio.show("loose")["counts"]["items"] == 4
