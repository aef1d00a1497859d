"""Real datasets and hostile uploads: the counts of the data's own README, the answers of its manifest.

The twins that always run are `test_bad_labels`, `test_layouts` and `test_base`.
"""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.conftest import real_data_folder
from tests.formats.memory_root import zip_root
from tests.formats.reading import complaints, labels_of, places, read
from triptych.core.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = (
    "1_paths/wrapper_in_wrapper.zip",
    "1_paths/deep_500_levels.zip",
    "3_container/image_folder_empty_plus_csv.zip",
    "3_container/both_Classes_and_image.zip",
    "3_container/Image_capital.zip",
    "3_container/clutter_mac_win.zip",
    "3_container/duplicate_names.zip",
    "3_container/unicode_nfc_nfd_collision.zip",
    "4_names/nfd_names_nfc_labels.zip",
    "4_names/legacy_cp437.zip",
)


def expectations() -> list[tuple[str, str]]:
    """File and expectation of the uploads whose answer is a format's."""
    folder = real_data_folder()
    if folder is None:
        return []
    with (folder / "hostile" / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        (row["file"], row["expect"])
        for row in rows
        if row["file"] in LAYOUTS
        or (row["category"] == "6_labels" and not row["file"].startswith("6_labels/seg5_"))
    ]


@pytest.mark.parametrize(("file", "expect"), expectations())
def test_hostile_labels_and_layouts_are_answered_as_the_manifest_expects(
    file: str, expect: str, real_data: Path
) -> None:
    root = zip_root(real_data / "hostile" / file)
    if expect == "REJECT":
        with pytest.raises(Refused) as refused:
            read(root)
        assert refused.value.code in ("labels_unreadable", "nothing_to_import")
        assert refused.value.hint
        return
    inventory = read(root)
    assert len(inventory.items) >= 6
    assert places(inventory) == list(range(len(root.members)))
    if expect == "OK":
        assert complaints(inventory) == set()
    elif expect == "FLAG":
        assert complaints(inventory) != set()
    else:
        assert inventory.ignored


def test_blood_cells_have_their_boxes(real_data: Path) -> None:
    inventory = read(zip_root(real_data / "images" / "blood_cells__image_label6.zip"))
    assert inventory.format == "image_label"
    assert len(inventory.items) == 364
    (found,) = inventory.annotation_sets
    assert (found.name, found.task, len(found.labels)) == ("label", "detection", 4888)
    assert [entry.name for entry in found.classes] == ["Platelets", "RBC", "WBC"]
    zero = next(finding for finding in inventory.findings if finding.code == "box_zero_size")
    assert zero.count == 2
    assert ("BloodImage_00000.jpg", "WBC", None, (260.0, 177.0, 231.0, 199.0)) in labels_of(inventory)


def test_sign_digits_have_ten_classes(real_data: Path) -> None:
    inventory = read(zip_root(real_data / "images" / "sign_digits__classes.zip"))
    assert inventory.format == "class_folders"
    assert len(inventory.items) == 2062
    (found,) = inventory.annotation_sets
    assert [entry.name for entry in found.classes] == [str(digit) for digit in range(10)]
    counts = Counter(row[1] for row in labels_of(inventory))
    assert counts == Counter({"0": 205, "1": 206, "2": 206, "3": 206, "4": 207, "5": 207, "6": 207, "7": 206,
                              "8": 208, "9": 204})  # fmt: skip
    assert inventory.findings == []


def test_head_ct_has_studies_and_series(real_data: Path) -> None:
    root = zip_root(real_data / "images" / "head_ct__study_series_label3.zip")
    inventory = read(root)
    assert inventory.format == "study_series"
    assert len(inventory.items) == 437
    folders = {tuple(member.path.split("/")[1:3]) for member in root.members if "/" in member.path}
    assert {(item.study, item.series) for item in inventory.items} == folders
    assert len({item.study for item in inventory.items}) == 6
    (found,) = inventory.annotation_sets
    assert (found.task, len(found.labels)) == ("single_label", 437)
    assert [entry.name for entry in found.classes] == ["CT", "MR"]
    assert complaints(inventory) == set()
    positions = [item.position for item in inventory.items if item.study == "dcm_qa_nih_DEV_6"]
    assert positions == [0, 1] * 4
