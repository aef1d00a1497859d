"""Adding chips: from a zip of GeoTIFFs or its address, through bands and label categories, to a dataset."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.adding import IMPORT_MS, begin, create
from tests.support.browsing import Studio
from tests.support.chip_pairs import classes_of, ground, pair, pairs
from tests.support.chips import scene, tiff
from tests.support.pictures import archive
from tests.support.web_server import Web, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

SENTINEL_1 = "sentinelhub - s1_grd"
SUFFIX = "_img.tif"


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def to_configure(page: Page) -> Locator:
    """From the check to the bands of the first data source."""
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    source = region(page, "Data source 1")
    expect(source).to_be_visible()
    return source


def call_it(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Name", exact=True).fill(name)


def finish(page: Page, studio: Studio, name: str, *, labels: bool = True) -> dict[str, Any]:
    """From Configure to the dataset's page; its document."""
    if labels:
        page.get_by_role("button", name="Continue to labels").click()
    page.get_by_role("button", name="Continue to submit").click()
    create(page)
    page.wait_for_url(f"**/datasets/{name}/**", timeout=IMPORT_MS)
    expect(page.get_by_text(f"{name} is ready")).to_be_visible()
    return studio.show(name)


def names_of(source: Locator) -> list[str]:
    """The bands of a data source, as the fields of its table have them."""
    fields = source.get_by_label(re.compile("^Name of band"))
    return [field.input_value() for field in fields.all()]


@pytest.mark.checklist("G-04")
@pytest.mark.checklist("G-05")
@pytest.mark.checklist("G-07")
@pytest.mark.checklist("G-10")
@pytest.mark.checklist("G-11")
def test_a_zip_of_pairs_is_checked_configured_and_becomes_a_dataset(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    begin(page, archive(tmp_path / "pairs.zip", pairs(6)))
    expect(page.locator(".verdict")).to_contain_text("All 6 chips are fine.")
    found = region(page, "What was found")
    for words in ("6 pairs, 0 orphans", "_mask.tif, 3 values", "32 × 32, 10 m", "EPSG:32633", "int16"):
        expect(found).to_contain_text(words)
    source = to_configure(page)
    expect(page.get_by_role("textbox", name="Data source 1 ends in")).to_have_value(SUFFIX)
    expect(page.get_by_role("combobox", name="Purpose")).to_have_value("Segmentation")
    expect(page.get_by_role("textbox", name="Labels end in")).to_have_value("_mask.tif")
    assert len(names_of(source)) == 4
    expect(region(page, "Preview").get_by_role("img")).to_be_visible()
    middle = scene(3, bands=4, size=32)[3]
    fourth = source.get_by_role("row").nth(4)
    expect(fourth).to_contain_text(f"{middle.mean():,.0f} ± {middle.std():,.0f}")
    for number, name in enumerate(("blue", "green", "red", "nir"), 1):
        source.get_by_label(f"Name of band {number}").fill(name)
    for number, color in ((3, "red"), (2, "green"), (1, "blue")):
        source.get_by_role("button", name=f"band {number} is {color}").click()
    source.get_by_role("textbox", name="Scale of band 4").fill("0,5")
    expect(fourth).to_contain_text(f"{middle.mean() / 2:,.0f} ± {middle.std() / 2:,.0f}")
    source.get_by_role("button", name="Move band 4 up").click()
    source.get_by_role("checkbox", name="Use band 2").uncheck()
    source.get_by_role("textbox", name="Layer name").fill("S2")
    call_it(page, "six")
    page.get_by_role("textbox", name="Description").fill("Six tiles of the ground")
    page.get_by_role("button", name="Continue to labels").click()
    page.get_by_role("button", name="Continue to submit").click()
    expect(region(page, "What will be made")).to_contain_text("3 of 4 bands")
    create(page)
    expect(page.get_by_text("Everything is handed over")).to_be_visible()
    page.wait_for_url("**/datasets/six/**", timeout=IMPORT_MS)
    expect(page.get_by_text("six is ready")).to_be_visible()
    expect(page.locator(".dhead")).to_contain_text("Succeeded")
    expect(page.locator(".dhead-facts")).to_contain_text("6 chips")
    shown = studio.show("six")
    [kept] = shown["geospatial"]["data_sources"]
    assert [(band["index"], band["band_name"], band["RGB_band"]) for band in kept["bands"]] == [
        (0, "blue", "B"), (3, "nir", None), (2, "red", "R"),
    ]  # fmt: skip
    assert [band["scaling_factor"] for band in kept["bands"]] == [1, 0.5, 1]
    assert shown["description"] == "Six tiles of the ground"
    page.get_by_role("link", name="Settings").click()
    data = region(page, "Data")
    expect(data.get_by_role("table", name="Bands of S2").get_by_role("row")).to_have_count(4)
    expect(data).to_contain_text("Label categories")
    expect(data).to_contain_text("Ignore")


@pytest.mark.checklist("G-05")
def test_what_does_not_pair_is_named_before_anything_is_stored(page: Page, tmp_path: Path) -> None:
    files = pairs(6)
    del files["tile.2_mask.tif"]
    files["alone_mask.tif"] = files["tile.1_mask.tif"]
    begin(page, archive(tmp_path / "orphans.zip", files))
    expect(region(page, "What was found")).to_contain_text("5 pairs, 2 orphans")
    expect(page.get_by_text("alone_mask.tif").first).to_be_visible()
    expect(page.get_by_text("tile.2").first).to_be_visible()


@pytest.mark.checklist("G-05")
def test_other_suffixes_are_checked_again(page: Page, studio: Studio, tmp_path: Path) -> None:
    files = pairs(4)
    for number in range(4):
        files |= {f"tile.{number}_dem.tif": tiff(scene(number, bands=1, size=32), origin=ground(number))}
    begin(page, archive(tmp_path / "dems.zip", files))
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    first = page.get_by_role("textbox", name="Data source 1 ends in")
    page.get_by_role("button", name="Take data source 2 out").click()
    expect(region(page, "Data source 2")).to_have_count(0)
    first.fill("_dem.tif")
    first.blur()
    expect(region(page, "Data source 1").get_by_label(re.compile("^Name of band"))).to_have_count(1)
    expect(region(page, "Data source 1")).to_contain_text("4 files")
    call_it(page, "dems")
    shown = finish(page, studio, "dems")
    assert [each["file_suffix"] for each in shown["geospatial"]["data_sources"]] == ["_dem.tif"]


@pytest.fixture
def open_studio(chromium: object, tmp_path: Path) -> Iterator[Studio]:
    """A server that may fetch from this machine."""
    studio = Studio.begin(tmp_path / "home", TRIPTYCH_PRIVATE_NETWORKS="1")
    yield studio
    studio.end()


def check_address(page: Page, address: str) -> None:
    page.goto("/add?from=url")
    page.get_by_role("textbox", name="Address of a zip or tar").fill(address)
    page.keyboard.press("Enter")


@pytest.mark.checklist("G-04")
@pytest.mark.checklist("G-06")
def test_where_a_host_refuses_ranges_bands_are_typed_by_hand(
    open_studio: Studio, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    data = archive(tmp_path / "far.zip", pairs(5)).read_bytes()
    with serve(Web(data, ranges=False)) as web:
        page = open_page(open_studio)
        check_address(page, web.url("/far.zip"))
        page.get_by_role("button", name="Go on without the check").click()
        expect(page.get_by_text("The source was not looked into.")).to_be_visible()
        source = region(page, "Data source 1")
        page.get_by_role("textbox", name="Data source 1 ends in").fill(SUFFIX)
        page.get_by_role("textbox", name="Labels end in").fill("_mask.tif")
        for number, name in enumerate(("B02", "B03", "B04"), 1):
            source.get_by_role("button", name="Add a band").click()
            source.get_by_label(f"Name of band {number}").fill(name)
        call_it(page, "far")
        shown = finish(page, open_studio, "far")
    [kept] = shown["geospatial"]["data_sources"]
    assert [band["band_name"] for band in kept["bands"]] == ["B02", "B03", "B04"]
    assert shown["counts"]["items"] == 5
    assert shown["annotation_sets"][0]["items"] == 5


@pytest.mark.checklist("G-06")
@pytest.mark.checklist("G-16")
def test_bands_that_the_files_do_not_have_surface_while_they_are_onboarded(
    open_studio: Studio, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    data = archive(tmp_path / "short.zip", pairs(4)).read_bytes()
    with serve(Web(data, ranges=False)) as web:
        page = open_page(open_studio)
        check_address(page, web.url("/short.zip"))
        page.get_by_role("button", name="Go on without the check").click()
        page.get_by_role("textbox", name="Data source 1 ends in").fill(SUFFIX)
        page.get_by_role("textbox", name="Labels end in").fill("_mask.tif")
        source = region(page, "Data source 1")
        for _ in range(6):
            source.get_by_role("button", name="Add a band").click()
        call_it(page, "short")
        page.get_by_role("button", name="Continue to labels").click()
        page.get_by_role("button", name="Continue to submit").click()
        create(page)
        page.wait_for_url("**/datasets/short/**", timeout=IMPORT_MS)
    expect(page.get_by_text("1 warning, as its log says")).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download log").click()
    download.value.save_as(tmp_path / "short.log")
    assert "bands that rasters do not have" in (tmp_path / "short.log").read_text("utf-8")


@pytest.mark.checklist("G-08")
def test_a_data_source_is_added_and_its_bands_come_from_a_collection(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    files = pairs(4)
    for number in range(4):
        samples = np.linspace(-20, -5, 2 * 32 * 32).reshape(2, 32, 32).astype(np.float32) + number
        files[f"tile.{number}_radar.tif"] = tiff(samples, origin=ground(number))
    begin(page, archive(tmp_path / "two.zip", files))
    page.get_by_role("button", name=re.compile("^Continue with")).click()
    expect(region(page, "Data source 2")).to_be_visible()
    suffixes = page.get_by_role("textbox", name=re.compile("^Data source . ends in$"))
    radar = next(
        place for place, field in enumerate(suffixes.all(), 1) if field.input_value() == "_radar.tif"
    )
    page.get_by_role("button", name=f"Take data source {radar} out").click()
    expect(region(page, "Data source 2")).to_have_count(0)
    page.get_by_role("button", name="Add a data source").click()
    source = region(page, "Data source 2")
    page.get_by_role("textbox", name="Data source 2 ends in").fill("_radar.tif")
    page.get_by_role("textbox", name="Data source 2 ends in").blur()
    expect(source).to_contain_text("4 files")
    page.get_by_role("combobox", name="Collection of data source 2").click()
    page.get_by_role("option", name=SENTINEL_1).click()
    first = source.get_by_label("Name of band 1")
    expect(first).to_have_value("VV")
    assert names_of(source) == ["VV", "VH"]
    first.fill("HH")
    expect(source.get_by_role("row").nth(1)).to_contain_text("horizontal transmit and receive")
    first.fill("VV")
    expect(source.get_by_role("textbox", name="Layer name")).to_have_value("S1GRD")
    call_it(page, "two")
    shown = finish(page, studio, "two")
    sources = shown["geospatial"]["data_sources"]
    assert [(each["file_suffix"], each["collection"]) for each in sources] == [
        (SUFFIX, sources[0]["collection"]),
        ("_radar.tif", "s1_grd"),
    ]
    assert {layer["name"] for layer in shown["layers"]} >= {"S1GRD"}


@pytest.mark.checklist("G-09")
def test_labels_are_added_changed_and_deleted(page: Page, studio: Studio, tmp_path: Path) -> None:
    begin(page, archive(tmp_path / "labels.zip", pairs(4)))
    to_configure(page)
    call_it(page, "labels")
    page.get_by_role("button", name="Continue to labels").click()
    table = page.get_by_role("table", name="Label categories")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("textbox", name="ID of Ignore")).to_have_value("-1")
    expect(table.get_by_role("checkbox", name="Ignore Ignore")).to_be_checked()
    table.get_by_role("textbox", name="Name of 0").fill("Land")
    table.get_by_role("textbox", name="Name of 1").fill("Water")
    table.get_by_label("Colour of Water").fill("#3366cc")
    table.get_by_role("textbox", name="Opacity of Water").fill("0.5")
    table.get_by_role("textbox", name="Weight of Water").fill("3")
    page.get_by_role("button", name="Add label").click()
    last = table.get_by_role("row").last
    expect(last.get_by_role("textbox", name=re.compile("^ID"))).to_have_value("2")
    expect(page.get_by_role("button", name="Continue to submit")).to_be_disabled()
    last.get_by_role("textbox", name=re.compile("^ID")).fill("1")
    expect(page.get_by_role("alert")).to_contain_text("Another label has this ID")
    last.get_by_role("button", name=re.compile("^Delete")).click()
    expect(table.get_by_role("row")).to_have_count(4)
    page.get_by_role("button", name="Continue to submit").click()
    create(page)
    page.wait_for_url("**/datasets/labels/**", timeout=IMPORT_MS)
    [kept] = studio.show("labels")["annotation_sets"]
    classes = {each["id"]: each for each in kept["classes"]}
    assert {number: each["name"] for number, each in classes.items()} == {-1: "Ignore", 0: "Land", 1: "Water"}
    water = classes[1]
    assert (water["color"].lower(), water["opacity"], water["weight"]) == ("#3366cc", 0.5, 3)
    masks = np.concatenate([classes_of(number).ravel() for number in range(4)])
    values, pixels = np.unique(masks, return_counts=True)
    assert {number: each["count"] for number, each in classes.items()} == dict(
        zip(values.tolist(), pixels.tolist(), strict=True)
    )


def test_a_purpose_without_classes_has_no_step_for_labels(page: Page, studio: Studio, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {}
    for number in range(4):
        files |= pair(number, bands=1)
        del files[f"tile.{number}_mask.tif"]
        height = scene(number + 9, bands=1, size=32).astype(np.float32) / 100
        files[f"tile.{number}_hag.tif"] = tiff(height, origin=ground(number))
    begin(page, archive(tmp_path / "height.zip", files))
    to_configure(page)
    expect(page.get_by_role("combobox", name="Purpose")).to_have_value("Regression")
    expect(page.get_by_role("navigation", name="Steps")).not_to_contain_text("Labels")
    call_it(page, "height")
    shown = finish(page, studio, "height", labels=False)
    assert [each["task"] for each in shown["annotation_sets"]] == ["regression"]
