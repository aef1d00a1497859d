"""The laws of the planar layouts: keys, studies, classes, and what is found where."""

from __future__ import annotations

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import codes, complaints, labels_of, pictures, places, read, six
from tests.formats.samples import png
from triptych.core.errors import Refused


def keys(files: dict[str, bytes]) -> list[str]:
    return [item.key for item in read(files).items]


@pytest.mark.checklist("M-13")
def test_a_folder_of_pictures_is_enough() -> None:
    inventory = read(pictures("image/b.png", "image/sub/a.jpg"))
    assert inventory.format == "image_only"
    assert [(item.key, item.study, item.series) for item in inventory.items] == [
        ("b.png", "b.png", None),
        ("sub/a.jpg", "sub/a.jpg", None),
    ]
    assert inventory.findings == []


@pytest.mark.checklist("M-14")
@pytest.mark.parametrize("wrapper", ["", "my data/"])
def test_pictures_and_labels_may_lie_in_one_folder(wrapper: str) -> None:
    files = {f"{wrapper}{path}": data for path, data in (six() | {"label.csv": b"cell_1.jpg,A\n"}).items()}
    inventory = read(files)
    assert inventory.format == "image_label"
    assert [made.name for made in inventory.annotation_sets] == ["label"]
    assert labels_of(inventory) == [("cell_1.jpg", "A", None, None)]


@pytest.mark.checklist("M-15")
def test_three_columns_are_classes_and_six_are_boxes() -> None:
    inventory = read(
        six() | {"label.csv": b"cell_0.jpg,A,1\ncell_0.jpg,B,1\n", "b.csv": b"cell_0.jpg,A,1,2,3,4\n"}
    )
    assert [(made.name, made.task) for made in inventory.annotation_sets] == [
        ("b", "detection"),
        ("label", "multi_label"),
    ]


@pytest.mark.checklist("M-16")
def test_class_folders_give_each_picture_its_folder_as_label() -> None:
    inventory = read(pictures("Classes/10/x.png", "Classes/9/x.png", "Classes/a/b/x.png", "Classes/a/y.png"))
    assert inventory.format == "class_folders"
    assert [made.name for made in inventory.annotation_sets] == [""]
    found = inventory.annotation_sets[0]
    assert [(entry.id, entry.name) for entry in found.classes] == [(0, "9"), (1, "10"), (2, "a"), (3, "a/b")]
    assert [row[:2] for row in labels_of(inventory)] == [
        ("9/x.png", "9"),
        ("10/x.png", "10"),
        ("a/b/x.png", "a/b"),
        ("a/y.png", "a"),
    ]


@pytest.mark.checklist("M-17")
def test_studies_and_series_keep_their_order() -> None:
    files = pictures(
        *(f"image/Ann/{series}/IM{n}.png" for series in ("Series2", "Series10") for n in (10, 9))
    )
    inventory = read(
        files | pictures("image/loose.png") | {"label.csv": b"Ann/10/IM9.png,A\nann/Series2/IM10,B\n"}
    )
    assert inventory.format == "study_series"
    assert [(item.key, item.study, item.series, item.position) for item in inventory.items] == [
        ("Ann/Series2/IM9.png", "Ann", "Series2", 0),
        ("Ann/Series2/IM10.png", "Ann", "Series2", 1),
        ("Ann/Series10/IM9.png", "Ann", "Series10", 0),
        ("Ann/Series10/IM10.png", "Ann", "Series10", 1),
        ("loose.png", "loose.png", None, None),
    ]
    assert [row[:2] for row in labels_of(inventory)] == [
        ("Ann/Series10/IM9.png", "A"),
        ("Ann/Series2/IM10.png", "B"),
    ]
    assert complaints(inventory) == {"image_without_label", "matched_without_ending"}


@pytest.mark.checklist("M-18")
def test_names_that_are_not_fixed_are_free() -> None:
    names = [
        "image/a b.png",
        "image/ü,ö.PNG",
        "image/#1.jpeg",
        "image/=1.jpe",
        "image/'q'.jfif",
        "image/.x.jpg",
    ]
    assert sorted(keys(pictures(*names))) == sorted(name[6:] for name in names)


def test_keys_keep_their_ending() -> None:
    assert keys(pictures("image/a.png", "image/a.jpg")) == ["a.jpg", "a.png"]


def test_pictures_inside_and_outside_the_folder_never_share_a_key() -> None:
    inventory = read(pictures("a.png", "image/a.png", "image/a (2).png", "image/image/a.png"))
    assert sorted((item.key, item.member) for item in inventory.items) == [
        ("a (2).png", 2),
        ("a (3).png", 0),
        ("a.png", 1),
        ("image/a.png", 3),
    ]
    assert {"key_changed", "picture_outside"} <= codes(inventory)


def test_names_that_look_alike_are_all_imported() -> None:
    inventory = read(pictures("image/é.png", "image/e\u0301.png", "image/B.png", "image/b.png"))
    assert len(inventory.items) == 4
    assert codes(inventory) == {"names_differ_in_case"}


def test_composed_labels_fit_decomposed_names_without_a_word() -> None:
    inventory = read(pictures("image/Zelle\u0301.jpg") | {"label.csv": "Zellé.jpg,x\n".encode()})
    assert len(inventory.annotation_sets[0].labels) == 1
    assert complaints(inventory) == set()


def test_other_capitals_are_understood_and_reported() -> None:
    files = {path.replace("image", "Image"): data for path, data in six().items()}
    rows = "".join(f"cell_{n}.jpg,A\n" for n in range(6)).encode()
    assert complaints(read(files | {"Label.CSV": rows})) == {"image_folder_case", "label_file_case"}
    assert complaints(read(six() | {"image/label.csv": rows})) == {"label_file_inside"}
    lower = {path.replace("image", "classes/a"): data for path, data in six().items()}
    assert complaints(read(lower)) == {"classes_folder_case"}


def test_two_layouts_are_both_imported() -> None:
    files = six() | {"label.csv": "".join(f"cell_{n}.jpg,A\n" for n in range(6)).encode()}
    inventory = read(files | pictures("Classes/RBC/a.jpg", "Classes/WBC/b.jpg"))
    assert inventory.format == "image_label"
    assert len(inventory.items) == 8
    assert [(made.name, len(made.labels)) for made in inventory.annotation_sets] == [("label", 6), ("", 2)]
    assert complaints(inventory) == {"two_layouts", "class_too_small"}
    without = read(six() | pictures("Classes/RBC/a.jpg"))
    assert without.format == "class_folders"
    assert len(without.items) == 7
    assert [row[0] for row in labels_of(without)] == ["RBC/a.jpg"]


def test_pictures_directly_in_classes_have_no_class() -> None:
    inventory = read(pictures("Classes/x.png", *(f"Classes/a/{n}.png" for n in range(3))))
    assert len(inventory.items) == 4
    assert [row[1] for row in labels_of(inventory)] == ["a"] * 3
    assert complaints(inventory) == {"picture_without_class"}


def test_the_same_names_and_sizes_in_two_classes_are_reported() -> None:
    files = {f"Classes/{name}/same_{n}.png": png(n) for name in ("RBC", "WBC") for n in range(3)}
    inventory = read(files)
    assert len(inventory.items) == 6
    assert complaints(inventory) == {"same_picture_in_classes"}


def test_small_classes_are_reported() -> None:
    files = pictures(*(f"Classes/a/{n}.png" for n in range(3)), "Classes/b/1.png")
    assert complaints(read(files)) == {"class_too_small"}
    assert complaints(read(files, class_min=1)) == set()


def test_ragged_studies_are_imported_and_reported() -> None:
    regular = [f"image/Study{s}/{n}/im{i}.jpg" for s in "AB" for n in (1, 2) for i in range(3)]
    odd = ["image/StudyA/loose.jpg", "image/StudyA/1/extra/deep.jpg", "image/StudyC/not_a_number/x.jpg"]
    inventory = read(pictures(*regular, *odd, "image/loose.jpg"))
    assert len(inventory.items) == 16
    found = next(finding for finding in inventory.findings if finding.code == "ragged_structure")
    assert found.count == 3
    by_key = {item.key: item for item in inventory.items}
    assert by_key["StudyA/loose.jpg"].study == "StudyA"
    assert by_key["StudyA/1/extra/deep.jpg"].series == "1"
    assert by_key["loose.jpg"].study == "loose.jpg"


def test_pictures_are_found_by_their_first_bytes() -> None:
    root = MemoryRoot(
        {"image/a.png": png(1), "image/b": png(2), "image/c.dat": b"\xff\xd8\xff\xe0", "image/d.dat": b"x",
         "image/e.tif": b"II*\x00", "image/f.bin": b"\0" * 128 + b"DICM"}
    )  # fmt: skip
    inventory = read(root)
    assert [item.key for item in inventory.items] == ["a.png", "b", "c.dat", "f.bin"]
    assert sorted(entry.code for entry in inventory.ignored) == [
        "not_a_picture",
        "picture_format_unread",
    ]
    assert {"picture_by_content", "picture_format_unread", "not_a_picture"} == codes(inventory)


def test_pictures_under_their_own_names_are_not_looked_into() -> None:
    root = MemoryRoot(six())
    read(root)
    assert root.heads_read == 0


def test_of_many_unusual_files_a_sample_is_looked_into() -> None:
    files = {f"image/{n}.dat": b"x" for n in range(5000)}
    root = MemoryRoot(files | six())
    assert len(read(root).items) == 6
    assert root.heads_read <= 2000
    files["image/0.dat"] = files["image/4999.dat"] = png(1)
    assert len(read(files | six()).items) == 8


def test_folders_that_look_like_classes_are_pointed_out() -> None:
    files = pictures(*(f"{name}/{n}.png" for name in ("cats", "dogs") for n in range(3)))
    inventory = read(files)
    assert inventory.annotation_sets == []
    assert codes(inventory) == {"folders_could_be_classes"}


def test_a_workbook_in_place_of_labels_is_pointed_out() -> None:
    inventory = read(six() | {"label.xlsx": b"PK\x03\x04"})
    assert complaints(inventory) == {"label_file_not_csv"}


@pytest.mark.parametrize(
    "files",
    [{}, {"label.csv": b"a.png,A\n"}, {"a.txt": b"x"}, {"a.tif": b"II*\x00"}, {".DS_Store": b""}],
    ids=["nothing", "labels alone", "text", "TIFF", "clutter"],
)
def test_a_source_without_pictures_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(Refused) as refused:
        read(files)
    assert refused.value.code == "nothing_to_import"
    assert {finding.code for finding in refused.value.findings} >= {"format_refused"}


def test_several_label_files_become_sets_of_their_own() -> None:
    files = six() | {
        "label.csv": b"cell_0.jpg,A\n",
        "reader 2.csv": b"cell_1.jpg,B\n",
        "sub/label.csv": b"cell_2.jpg,C\n",
    }
    inventory = read(files)
    assert [made.name for made in inventory.annotation_sets] == ["label", "reader 2", "sub/label"]
    found = next(finding for finding in inventory.findings if finding.code == "image_without_label")
    assert found.count == 3


def test_every_member_is_in_one_place_however_odd() -> None:
    files = six() | {"a.csv": b"x", "b/c.txt": b"", "Classes/x": b"", "d.tif": b"II*\x00", "__MACOSX/x": b""}
    assert places(read(files)) == list(range(len(files)))
