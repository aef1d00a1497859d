"""DICOM as a source: what each file is, series by tags, what is read of it, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.formats.dicom_sample import dicom, instance
from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes
from triptych.core.labels import MaskReading, Task
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.registry import choose

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory


def read(files: dict[str, bytes], most_headers: int | None = None, **options: str) -> Inventory:
    view = view_of(MemoryRoot(files), most_headers)
    spec, _ = choose(view)
    return spec.load_reader().inventory(view, ReaderOptions.of(options))


def test_every_file_is_what_it_is() -> None:
    files = dicom()
    paths = list(files)
    inventory = read(files)
    assert [item.key for item in inventory.items] == [
        "scan/b.dcm", "scan/c", "scan/a", "scan/d.dcm", "loc/1", "loc/2", "broken.dcm",
    ]  # fmt: skip
    assert {paths[entry.member]: entry.code for entry in inventory.ignored} == {
        "scan/copy of c": "duplicate",
        "report.dcm": "no_pixels",
        "notes.txt": "not_a_picture",
    }
    assert [paths[member] for member in inventory.label_files] == ["lungs.dcm"]
    assert {"dicom_series", "no_pixels", "duplicate", "uid_conflict", "missing_slices"} <= codes(inventory)


def test_a_segmentation_is_a_set_on_the_pictures_of_the_source() -> None:
    (made,) = read(dicom()).annotation_sets
    assert (made.name, made.task) == ("lungs", Task.SEGMENTATION)
    (file,) = made.masks
    assert file.reading is MaskReading.DICOM_SEG
    assert {target.uid for target in file.targets} == {"1.2.1.1", "1.2.1.2", "1.2.1.3", "1.2.1.5", "1.2.2.1"}
    assert read(dicom(), labels="ignore").annotation_sets == []


def test_a_sample_of_headers_is_enough_for_a_check() -> None:
    files = {f"{number:02}": instance(number % 20, series=1 + number // 20) for number in range(40)}
    whole, part = read(files), read(files, most_headers=4)
    assert len(part.items) == len(whole.items) == 40
    assert len({item.series for item in part.items}) == 2
    assert "headers_sampled" in codes(part)
    assert "headers_sampled" not in codes(whole)


@pytest.mark.parametrize("files", [{"label.csv": b"a,x\nb,y\n"}, {"Classes/x/c.dcm": instance(7)}])
def test_labels_decide_the_format_and_tags_the_place(files: dict[str, bytes]) -> None:
    inventory = read({"a": instance(2), "b": instance(1), **files})
    assert inventory.format in ("image_label", "class_folders")
    assert {item.series for item in inventory.items} == {"1.2.1"}
    assert [item.position for item in inventory.items] == list(range(len(inventory.items)))


def test_dicom_beside_pictures_is_imported_too() -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    inventory = read({"image/a.dcm": instance(1), "image/b.png": png, "image/c.png": png})
    assert inventory.format == "image_only"
    assert [(item.key, item.study) for item in inventory.items] == [
        ("a.dcm", "1.2"),
        ("b.png", "b.png"),
        ("c.png", "c.png"),
    ]
