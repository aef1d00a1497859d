"""The rows of the checklist of required behaviour that concern import and data, on generated samples."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.support import pictures
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


@pytest.mark.checklist("M-01")
def test_one_dataset_serves_looking_and_training(studio: Studio, tmp_path: Path) -> None:
    shown = studio.add(pictures.detection_zip(tmp_path / "m01.zip"))
    statistics = studio.connection.get(dataset_path("m01", "statistics"))
    assert shown["training"] == statistics["training"]
    assert shown["training"]["type"] == "training-parameters"
    assert len(studio.items("m01")) == shown["counts"]["items"] == 12


@pytest.mark.checklist("M-02")
def test_a_zip_of_jpg_and_png_becomes_a_dataset(studio: Studio, tmp_path: Path) -> None:
    source = pictures.archive(
        tmp_path / "m02.zip",
        {"image/a.jpg": pictures.jpeg(1), "image/b.JPEG": pictures.jpeg(2), "image/c.png": pictures.png(3)},
    )
    shown = studio.add(source)
    assert (shown["state"], shown["version"], shown["modality"]) == ("ready", 1, "planar")
    assert shown["counts"]["items"] == 3
    assert shown["layers"][0]["formats"] == ["jpeg", "png"]


@pytest.mark.checklist("M-05")
def test_a_dataset_has_any_number_of_annotation_sets_over_some_or_all_items(
    studio: Studio, tmp_path: Path
) -> None:
    members: dict[str, bytes | str] = {f"p{index}.png": pictures.png(index) for index in range(6)}
    members["label.csv"] = "".join(f"p{index}.png,{'cat' if index % 2 else 'dog'}\n" for index in range(6))
    members["lesions.csv"] = "p0.png,lesion,1,2,10,10\np1.png\n"
    shown = studio.add(pictures.archive(tmp_path / "m05.zip", members))
    sets = {entry["name"]: (entry["task"], entry["items"]) for entry in shown["annotation_sets"]}
    assert sets == {"label": ("single_label", 6), "lesions": ("detection", 2)}


@pytest.mark.checklist("M-08")
@pytest.mark.parametrize(("side", "fits"), [(15, False), (16, True), (4096, True), (4097, False)])
def test_both_ends_of_the_limits_on_a_side_are_allowed(
    studio: Studio, tmp_path: Path, side: int, fits: bool
) -> None:
    name = f"m08-{side}"
    source = pictures.archive(
        tmp_path / f"{name}.zip",
        {
            "image/edge.png": pictures.png(1, width=side, height=20, bands=1),
            "image/fine.png": pictures.png(2),
            "image/fine2.png": pictures.png(4),
        },
    )
    shown = studio.add(source)
    assert shown["counts"]["items"] == 3, "beyond the limits is a finding, not a rejection"
    assert ("size_outside_limits" in studio.finding_codes(name)) is not fits
    strict = studio.add(source, name=f"{name}-original", limits="original")
    assert strict["bins"]["rejected"] == (0 if fits else 1)


@pytest.mark.checklist("M-13")
def test_a_folder_image_needs_nothing_else(studio: Studio, tmp_path: Path) -> None:
    source = pictures.archive(
        tmp_path / "m13.zip", {f"image/{index}.png": pictures.png(index) for index in range(5)}
    )
    shown = studio.add(source)
    assert shown["format"] == "image_only"
    assert [item["key"] for item in studio.items("m13")] == [f"{index}.png" for index in range(5)]
    assert shown["annotation_sets"] == []


@pytest.mark.checklist("M-14")
@pytest.mark.parametrize("wrapper", ["", "scans 2026/"])
def test_image_and_label_csv_are_found_directly_or_in_one_folder(
    studio: Studio, tmp_path: Path, wrapper: str
) -> None:
    name = "m14-wrapped" if wrapper else "m14"
    source = pictures.archive(
        tmp_path / f"{name}.zip",
        {
            f"{wrapper}image/a.png": pictures.png(1),
            f"{wrapper}image/b.png": pictures.png(2),
            f"{wrapper}label.csv": "a.png,cat\nb.png,dog\n",
        },
    )
    shown = studio.add(source)
    assert shown["format"] == "image_label"
    assert shown["counts"] == {
        "items": 2,
        "studies": 2,
        "files": 3,
        "bytes": shown["counts"]["bytes"],
    }
    labels = {item["key"]: item["labels"][0]["class"] for item in studio.items(name)}
    assert labels == {"a.png": "cat", "b.png": "dog"}


@pytest.mark.checklist("M-15")
def test_three_columns_classify_and_six_detect(studio: Studio, tmp_path: Path) -> None:
    images: dict[str, bytes | str] = {f"image/{index}.png": pictures.png(index) for index in range(4)}
    three = {**images, "label.csv": "0.png,A,1\n0.png,B,1\n1.png,A,0\n1.png,B,1\n2.png,A,1\n2.png,B,0\n"}
    shown = studio.add(pictures.archive(tmp_path / "m15-three.zip", three))
    entry = shown["annotation_sets"][0]
    assert (entry["task"], entry["items"]) == ("multi_label", 3)
    assert {each["name"]: each["count"] for each in entry["classes"]} == {"A": 2, "B": 2}
    six = {**images, "label.csv": "0.png,heart,1,2,30.5,20\n0.png,heart,5,5,0,9\n3.png,lung,0,0,64,48\n"}
    shown = studio.add(pictures.archive(tmp_path / "m15-six.zip", six))
    entry = shown["annotation_sets"][0]
    assert (entry["task"], entry["items"]) == ("detection", 2)
    assert {each["name"]: each["count"] for each in entry["classes"]} == {"heart": 2, "lung": 1}
    boxes = [label["box"] for label in studio.items("m15-six")[0]["labels"]]
    assert boxes == [[1.0, 2.0, 30.5, 20.0], [5.0, 5.0, 0.0, 9.0]]
    assert "box_zero_size" in studio.finding_codes("m15-six")


@pytest.mark.checklist("M-16")
def test_class_folders_give_one_single_label_set_named_after_the_dataset(
    studio: Studio, tmp_path: Path
) -> None:
    shown = studio.add(pictures.classes_zip(tmp_path / "m16.zip", classes=("cat", "dog/small", "dog/large")))
    entry = shown["annotation_sets"][0]
    assert (entry["name"], entry["task"], entry["items"]) == ("m16_classes", "single_label", 18)
    assert [(each["name"], each["count"]) for each in entry["classes"]] == [
        ("cat", 6),
        ("dog/large", 6),
        ("dog/small", 6),
    ]


@pytest.mark.checklist("M-17")
def test_study_and_series_folders_keep_their_hierarchy(studio: Studio, tmp_path: Path) -> None:
    shown = studio.add(pictures.series_zip(tmp_path / "m17.zip"))
    assert shown["format"] == "study_series"
    assert (shown["counts"]["studies"], shown["counts"]["items"]) == (5, 20)
    item = studio.items("m17")[1]
    assert (item["study"], item["series"], item["key"]) == (
        "Patient0",
        "Series1",
        "Patient0/Series1/IM0001.png",
    )
    assert shown["annotation_sets"][0]["task"] == "single_label", "every picture has exactly one 1"
    parts: dict[str, set[str]] = {}
    for each in studio.items("m17"):
        parts.setdefault(each["study"], set()).add(each["part"])
    assert all(len(found) == 1 for found in parts.values()), "a study lies in one part"


@pytest.mark.checklist("M-18")
def test_only_the_names_of_the_layout_are_fixed(studio: Studio, tmp_path: Path) -> None:
    names = ["ünïcode ☃.png", "with space.png", "a,b;c'\"d.png", "=cmd.png", "sub/deep/x.png", "UPPER.PNG"]
    source = pictures.archive(
        tmp_path / "m18.zip", {f"image/{name}": pictures.png(index) for index, name in enumerate(names)}
    )
    studio.add(source)
    assert {item["key"] for item in studio.items("m18")} == set(names)


@pytest.mark.checklist("M-19")
def test_names_in_the_unicode_path_field_are_read(studio: Studio, tmp_path: Path) -> None:
    source = tmp_path / "m19.zip"
    source.write_bytes(_zip_with_unicode_field("image/細胞.png", "big5", pictures.png(1)))
    shown = studio.add(source)
    assert shown["counts"]["items"] == 1
    assert studio.items("m19")[0]["key"] == "細胞.png"


@pytest.mark.checklist("M-20")
@pytest.mark.parametrize(
    ("filename", "name"),
    [("m20 blood.cells.zip", "m20 blood.cells"), ("m20.tar.gz", "m20")],
)
def test_the_dataset_is_called_as_the_archive(
    studio: Studio, tmp_path: Path, filename: str, name: str
) -> None:
    zipped = pictures.detection_zip(tmp_path / filename)
    shown = studio.add(zipped)
    assert (shown["name"], shown["display_name"]) == (name, name)


def test_pixels_and_files_are_what_was_uploaded(studio: Studio, tmp_path: Path) -> None:
    data = {"image/a.jpg": pictures.jpeg(1), "image/deep.png": pictures.png16(2)}
    studio.add(pictures.archive(tmp_path / "pixels.zip", dict(data)))
    for item in studio.items("pixels"):
        original = studio.connection.content(dataset_path("pixels", "files", item["sha256"]))
        assert original == data[f"image/{item['key']}"]
        answer = studio.connection.request(
            "GET", dataset_path("pixels", "tiles", item["sha256"], "0", "0", "0")
        )
        assert np.array_equal(_tile(answer), _expected(original))


def _tile(answer: Any) -> Any:
    shape = tuple(map(int, answer.headers["X-Shape"].split(",")))
    return np.frombuffer(answer.content, answer.headers["X-Dtype"]).reshape(shape)


def _expected(data: bytes) -> Any:
    array = np.asarray(Image.open(io.BytesIO(data)))
    return array if array.ndim == 2 else np.moveaxis(array, 2, 0)


def _zip_with_unicode_field(name: str, encoding: str, data: bytes) -> bytes:
    """A stored zip of one member: the raw name in a legacy encoding, the true one in field 0x7075."""
    import binascii
    import struct

    raw = name.encode(encoding)
    text = name.encode()
    field = struct.pack("<HHBI", 0x7075, 5 + len(text), 1, binascii.crc32(raw)) + text
    crc = binascii.crc32(data)
    local = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0x5A21, crc, len(data), len(data), len(raw), len(field)
    )
    central = struct.pack(
        "<4s6H3I5H2I",
        *(b"PK\1\2", 20, 20, 0, 0, 0, 0x5A21, crc, len(data), len(data), len(raw), len(field), 0, 0, 0, 0, 0),
    )
    start = local + raw + field + data
    directory = central + raw + field
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(start), 0)
    return start + directory + end
