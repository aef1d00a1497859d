"""The page of a dataset of chips: what it is made of, its split and training, Fine-tune, Export, Delete, the log."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect

from tests.browser.adding import IMPORT_MS, begin, create
from tests.support.chip_pairs import pairs, recipe
from tests.support.pictures import archive
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.browsing import Studio

BANDS = [
    {"index": 2, "band_name": "red", "RGB_band": "R", "scaling_factor": 0.5},
    {"index": 1, "band_name": "green", "RGB_band": "G", "scaling_factor": 0.5},
    {"index": 0, "band_name": "blue", "RGB_band": "B", "scaling_factor": 0.5},
]
REAL = {
    # Name, chips, a layer's mean of its first band over all chips, as the data's README has it.
    "floods__S1Hand_LabelHand": (13, "Segmentation", -10.9146),
    "clouds__data_mask": (68, "Segmentation", None),
    "height__dsm_hag": (16, "Regression", 15.0696),
    "landsat_8dates__stack_only": (10, "Other", 90.9250),
}


@pytest.fixture(scope="module")
def tiles(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A dataset “tiles” of ten pairs, of which red, green and blue are used at half their samples."""
    source = archive(tmp_path_factory.mktemp("tiles") / "tiles.zip", pairs(10))
    studio.add(source, recipe=recipe(BANDS))
    return studio


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


@pytest.mark.checklist("G-11")
def test_the_page_tells_status_sources_bands_and_label_categories(tiles: Studio, page: Page) -> None:
    page.goto("/datasets")
    page.get_by_role("link", name="tiles").first.click()
    head = page.locator(".dhead")
    for words in ("Ready", "Succeeded", "Segmentation", "10 chips", "1 data source", "3 bands"):
        expect(head).to_contain_text(words)
    page.get_by_role("link", name="Settings").click()
    data = region(page, "Data")
    rows = data.get_by_role("table", name="Bands of S2").get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("red")
    expect(rows.nth(1)).to_contain_text("0.5")
    for category in ("Ignore", "Land", "Water"):
        expect(data).to_contain_text(category)
    with page.expect_download() as download:
        data.get_by_role("button", name="Recipe").click()
    assert download.value.suggested_filename == "tiles-recipe.json"


def test_statistics_are_of_chips_and_pixels_with_the_scale_of_the_recipe(tiles: Studio, page: Page) -> None:
    page.goto("/datasets/tiles/statistics")
    labels = region(page, "Label distribution")
    expect(labels).to_contain_text("10,240 pixels, 3 classes")
    bands = region(page, "Bands")
    bands.get_by_text("Table", exact=True).click()
    layer = tiles.server.connection.get(dataset_path("tiles", "statistics"))["training"]["layers"]["S2"]
    red = bands.get_by_role("row").filter(has_text="Red")
    expect(red).to_contain_text(f"{layer['scaled']['mean'][0]:.4f}")
    assert layer["scaled"]["mean"][0] == pytest.approx(layer["native"]["mean"][0] / 2)
    bands.get_by_text("Raw", exact=True).click()
    expect(red).to_contain_text(f"{layer['native']['mean'][0]:,.2f}")


@pytest.mark.checklist("G-03")
def test_the_training_configuration_is_shown_and_downloaded(tiles: Studio, page: Page) -> None:
    page.goto("/datasets/tiles/statistics")
    training = region(page, "Training parameters")
    training.get_by_text("TerraTorch", exact=True).click()
    expect(training.locator("pre")).to_contain_text("rgb_indices: [0, 1, 2]")
    expect(training.locator("pre")).to_contain_text("num_classes: 2")
    with page.expect_download() as download:
        training.get_by_role("link", name="Download").click()
    assert "GenericNonGeoSegmentationDataModule" in download.value.path().read_text("utf-8")


def test_a_dataset_of_chips_is_exported_in_the_formats_that_hold_it(
    tiles: Studio, page: Page, tmp_path: Path
) -> None:
    page.goto("/datasets/tiles/items")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="COCO")).to_have_count(0)
    expect(dialog.get_by_text("Nothing is lost in this format.")).to_be_visible()
    saved = {}
    for name in ("Chips and labels", "STAC items as GeoParquet", "Training with TerraTorch"):
        if not dialog.is_visible():
            page.get_by_role("button", name="Export").click()
        dialog.get_by_role("radio", name=name).check()
        with page.expect_download() as download:
            dialog.get_by_role("link", name="Download").click()
        saved[name] = download.value.path().read_bytes()
        expect(dialog).to_be_hidden()
    with zipfile.ZipFile(io.BytesIO(saved["Chips and labels"])) as file:
        assert {"tile.3_img.tif", "tile.3_mask.tif"} <= {name.rpartition("/")[2] for name in file.namelist()}
        assert any(name.endswith("recipe.json") for name in file.namelist())
    assert pq.read_table(io.BytesIO(saved["STAC items as GeoParquet"])).num_rows == 10
    with zipfile.ZipFile(io.BytesIO(saved["Training with TerraTorch"])) as file:
        assert any(name.endswith("train_data.txt") for name in file.namelist())


def test_chips_are_split_by_squares_of_the_ground(studio: Studio, page: Page, tmp_path: Path) -> None:
    studio.add(archive(tmp_path / "ground.zip", pairs(12)))
    page.goto("/datasets/ground/statistics")
    splits = region(page, "Splits")
    expect(splits).to_contain_text("what shows the same ground stays together, seed 0")
    expect(splits).to_contain_text("No two parts show the same ground")
    splits.get_by_role("button", name="Split again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="By square of the ground").check()
    expect(dialog.get_by_label("Gap, days")).to_have_count(0)
    dialog.get_by_label("Side of a square, m").fill("wide")
    expect(dialog.get_by_role("button", name="Split again")).to_be_disabled()
    dialog.get_by_label("Side of a square, m").fill("2000")
    dialog.get_by_role("button", name="Split again").click()
    page.get_by_role("button", name="Keep it").or_(
        page.get_by_text("The chips are dealt anew")
    ).first.wait_for()
    if page.get_by_role("button", name="Keep it").is_visible():
        page.get_by_role("button", name="Keep it").click()
    expect(splits).to_contain_text("by square of the ground")
    report = studio.server.connection.get(dataset_path("ground", "leaks"))
    assert (report["by"], report["made"]["block_size"]) == ("block", 2000)


@pytest.mark.checklist("G-12")
@pytest.mark.checklist("G-14")
def test_fine_tune_leads_to_a_tune_with_task_and_dataset_filled_in(
    tiles: Studio, page: Page, tmp_path: Path
) -> None:
    page.goto("/datasets/tiles/items")
    page.get_by_role("link", name="Fine-tune").click()
    expect(page.get_by_role("heading", name="Create new tune")).to_be_visible()
    setup = region(page, "Set up")
    expect(setup).to_contain_text("Segmentation")
    expect(setup).to_contain_text("tiles")
    onward = page.get_by_role("button", name="Continue to training data")
    expect(onward).to_be_disabled()
    name = page.get_by_role("textbox", name="Tune name")
    name.fill("Tiles!")
    name.blur()
    expect(page.get_by_text("Small letters, digits and hyphens only.")).to_be_visible()
    name.fill("tiles-first")
    page.get_by_role("textbox", name="Description").fill("A first try")
    onward.click()
    expect(page.get_by_role("table", name="Bands of S2")).to_be_visible()
    page.get_by_role("tab", name=re.compile("^Labels")).click()
    expect(page.get_by_text("Water")).to_be_visible()
    page.get_by_role("button", name="Continue to parameters").click()
    page.get_by_role("textbox", name="Batch size").fill("0")
    expect(page.get_by_role("button", name="Continue to review")).to_be_disabled()
    page.get_by_role("textbox", name="Batch size").fill("16")
    page.get_by_role("button", name="Continue to review").click()
    page.get_by_role("button", name="Create tune").click()
    page.wait_for_url(re.compile(r"/tunes/(?!new)"))
    expect(page.get_by_role("heading", name="tiles-first")).to_be_visible()
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download configuration").click()
    text = download.value.path().read_text("utf-8")
    assert "batch_size: 16" in text
    assert "terratorch.tasks" in text
    page.goto("/tunes?dataset=tiles")
    expect(page.get_by_role("row").filter(has_text="tiles-first")).to_contain_text("Draft")
    saved = tiles.server.connection.get("/tunes", dataset="tiles")["items"]
    assert [(each["state"], each["task"]) for each in saved] == [("Draft", "Segmentation")]


@pytest.mark.checklist("G-12")
@pytest.mark.checklist("G-15")
def test_deleting_asks_for_the_name_and_is_confirmed(studio: Studio, page: Page, tmp_path: Path) -> None:
    studio.add(archive(tmp_path / "gone.zip", pairs(3)))
    page.goto("/datasets/gone/items")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    delete = dialog.get_by_role("button", name="Delete", exact=True)
    expect(delete).to_be_disabled()
    dialog.get_by_label("Type the name to delete it").fill("gone")
    delete.click()
    page.wait_for_url("**/datasets")
    expect(page.get_by_text("is in the trash.")).to_be_visible()
    assert studio.show("gone")["state"] == "trashed"


@pytest.mark.checklist("G-12")
@pytest.mark.checklist("G-16")
def test_the_log_is_downloaded_at_once_also_of_what_failed(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    files = {name: bytes(data[:200]) for name, data in pairs(3).items() if isinstance(data, bytes)}
    source = archive(tmp_path / "broken_chips.zip", files)
    asked = {"source": {"kind": "path", "path": str(source)}, "options": {}}
    job = studio.server.connection.post("/datasets", asked)["job"]["id"]
    assert studio.wait(job)["state"] == "failed"
    page.goto(f"/jobs/{job}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Log").click()
    assert "no GeoTIFF that can be read" in download.value.path().read_text("utf-8")


@pytest.mark.parametrize("name", list(REAL))
def test_real_chips_become_datasets_with_the_statistics_of_their_readme(
    page: Page, studio: Studio, real_data: Path, name: str
) -> None:
    chips, purpose, mean = REAL[name]
    begin(page, real_data / "geospatial" / f"{name}.zip")
    page.get_by_role("button", name=f"Continue with {chips} chips").click()
    expect(page.get_by_role("combobox", name="Purpose")).to_have_value(purpose)
    for step in ("labels", "submit"):
        onward = page.get_by_role("button", name=f"Continue to {step}")
        if step == "submit" or purpose == "Segmentation":
            onward.click()
    create(page)
    page.wait_for_url(f"**/datasets/{name}/**", timeout=2 * IMPORT_MS)
    page.get_by_role("link", name="Statistics").click()
    expect(region(page, "Bands")).to_be_visible()
    document = studio.server.connection.get(dataset_path(name, "statistics"))
    if mean is not None:
        [found, *_] = next(iter(document.values()))["all"]["bands"]
        assert found["mean"] == pytest.approx(mean, abs=1e-4)
    assert studio.show(name)["counts"]["items"] == chips
