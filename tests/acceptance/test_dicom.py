"""DICOM from upload to dataset: series by tags, objects without pixels, copies, tags that are searched, pixels."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest

from tests.dicom.segmentations import masks, slices, written
from tests.support import pictures
from tests.support.dicom import make_dicom
from triptych.client.connection import dataset_path
from triptych.core.errors import TriptychError
from triptych.core.labels import Shape
from triptych.masks.runs import decode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio

REPORT = "1.2.840.10008.5.1.4.1.1.88.11"


def slice_of(number: int, **tags: Any) -> bytes:
    """A slice of a CT series, 5 mm above the one before; values differ from slice to slice."""
    pixels = np.add.outer(np.arange(20), np.arange(30)).astype(np.int16) * 10 + number
    values: dict[str, Any] = {
        "SOPInstanceUID": f"1.2.3.{number}",
        "InstanceNumber": number,
        "ImagePositionPatient": [0, 0, 5.0 * number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [0.5, 0.75],
        "RescaleSlope": 2,
        "RescaleIntercept": -1024,
        "WindowCenter": ["40", "-600"],
        "WindowWidth": ["400", "1500"],
        "WindowCenterWidthExplanation": ["SOFT", "LUNG"],
        "BodyPartExamined": "CHEST",
        "SeriesDescription": "T2 AX",
    }
    return make_dicom(pixels, **{**values, **tags})


def series(count: int = 5) -> dict[str, bytes | str]:
    """Files whose names say nothing of the order of the slices."""
    return {f"scan/{(7 * number) % 11:02}": slice_of(number) for number in range(1, count + 1)}


def test_a_series_is_a_study_in_the_order_of_its_slices(studio: Studio, tmp_path: Path) -> None:
    shown = studio.add(pictures.archive(tmp_path / "ct.zip", series()))
    assert (shown["format"], shown["counts"]["items"], shown["counts"]["studies"]) == ("dicom", 5, 1)
    assert shown["layers"][0]["formats"] == ["dicom"]
    assert shown["layers"][0]["dtypes"] == ["int16"]
    rows = studio.items("ct")
    assert [row["position"] for row in rows] == [0, 1, 2, 3, 4]
    assert [row["key"] for row in rows] == [f"{(7 * number) % 11:02}" for number in range(1, 6)]
    assert len({row["study"] for row in rows}) == len({row["series"] for row in rows}) == 1
    assert len({row["subject"] for row in rows}) == 1
    assert "personal_tags" in studio.finding_codes("ct")


def test_an_item_tells_its_windows_its_spacing_and_its_values(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.archive(tmp_path / "values.zip", series(1)), name="values")
    detail = studio.connection.get(dataset_path("values", "item"), key="07")
    assert detail["spacing"] == [0.5, 0.75]
    assert detail["image"]["rescale"] == {"slope": 2.0, "intercept": -1024.0}
    assert detail["image"]["unit"] == "HU"
    # PS3.3, C.11.2.1.2.1: 40 - 0.5 - 399 / 2 and so on.
    names = ("name", "low", "high", "width", "center")
    assert [tuple(each[name] for name in names) for each in detail["windows"]] == [
        ("SOFT", -160.0, 239.0, 400.0, 40.0),
        ("LUNG", -1350.0, 149.0, 1500.0, -600.0),
    ]
    assert detail["extent"] == {"low": 2 * 1 - 1024.0, "high": 2 * (48 * 10 + 1) - 1024.0}
    assert "T2 AX" in detail["series_title"]
    sha256 = detail["image"]["sha256"]
    tile = studio.connection.content(dataset_path("values", "tiles", sha256, "0", "0", "0"))
    expected = pydicom.dcmread(BytesIO(slice_of(1))).pixel_array
    assert np.array_equal(np.frombuffer(tile, "<i2").reshape(20, 30), expected)


def test_frames_are_planes_of_one_item(studio: Studio, tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 4000, (6, 18, 24)).astype(np.uint16)
    source = pictures.archive(tmp_path / "cine.zip", {"a": make_dicom(pixels, Modality="US", FrameTime="40")})
    shown = studio.add(source)
    assert shown["counts"]["items"] == 1
    statistics = studio.connection.get(dataset_path("cine", "statistics"))["image"]["all"]["bands"][0]
    assert statistics["n"] == pixels.size
    assert statistics["mean"] == pytest.approx(pixels.mean(), rel=1e-12)
    detail = studio.connection.get(dataset_path("cine", "item"), key=studio.items("cine")[0]["key"])
    assert (detail["image"]["frames"], detail["image"]["frame_time"]) == (6, 40.0)
    path = dataset_path("cine", "tiles", detail["image"]["sha256"], "0", "0", "0")
    for frame in (0, 5, 3):
        tile = studio.connection.content(path, frame=str(frame))
        assert np.array_equal(np.frombuffer(tile, "<u2").reshape(18, 24), pixels[frame])
    for wrong in ("6", "-1", "x"):
        with pytest.raises(TriptychError):
            studio.connection.content(path, frame=wrong)


def test_objects_without_pixels_are_kept_and_named_copies_are_left_out(
    studio: Studio, tmp_path: Path
) -> None:
    files = series(3)
    files["scan/report"] = make_dicom(None, SOPClassUID=REPORT, SOPInstanceUID="1.2.9", Modality="SR")
    files["scan/copy"] = slice_of(2)
    files["scan/other"] = slice_of(3, StationName="ELSEWHERE")
    files["scan/bare"] = make_dicom(
        np.ones((20, 30), np.int16),
        preamble=False,
        file_meta=False,
        syntax="1.2.840.10008.1.2",
        SOPInstanceUID="1.2.3.70",
        SeriesInstanceUID="1.2.3.71",
    )
    shown = studio.add(pictures.archive(tmp_path / "mixed.zip", files), name="mixed objects")
    assert shown["counts"]["items"] == 5
    assert shown["bins"] == {"imported": 5, "ignored": 2, "rejected": 0}
    ignored = {row["path"]: (row["code"], row["reason"]) for row in studio.members("mixed objects")}
    assert ignored["scan/report"][0] == "no_pixels"
    assert "report" in ignored["scan/report"][1]
    assert ignored["scan/copy"][0] == "duplicate"
    findings = {each["code"]: each for each in studio.findings("mixed objects")}
    assert "other" in " ".join(findings["uid_conflict"]["examples"])
    assert findings["ok_forced"]["count"] == 1


def test_damaged_files_are_rejected_each_with_its_reason(studio: Studio, tmp_path: Path) -> None:
    files = series(3)
    files["scan/lies.dcm"] = slice_of(8, Rows=60000, Columns=60000)
    files["scan/text.dcm"] = b"this is no DICOM at all"
    files["scan/short.dcm"] = slice_of(9)[:-100]
    shown = studio.add(pictures.archive(tmp_path / "damaged.zip", files))
    assert shown["counts"]["items"] == 4
    rejected = {row["path"]: row["code"] for row in studio.members("damaged") if row["bin"] == "rejected"}
    assert rejected.keys() == {"scan/lies.dcm", "scan/text.dcm"}
    assert rejected["scan/lies.dcm"] == "too_many_pixels"
    assert "ok_padded" in studio.finding_codes("damaged")


def test_tags_find_items(studio: Studio, tmp_path: Path) -> None:
    files = series(4)
    files["b"] = slice_of(
        5, Modality="MR", BodyPartExamined="BRAIN", SeriesInstanceUID="1.2.3.80", EchoTime="12.5"
    )
    studio.add(pictures.archive(tmp_path / "tags.zip", files))
    assert len(studio.items("tags", search="Modality:CT")) == 4
    assert len(studio.items("tags", search="0008,0060:mr")) == 1
    assert len(studio.items("tags", tag=["SeriesDescription:T2*", "BodyPartExamined:CHEST"])) == 4
    assert len(studio.items("tags", tag="InstanceNumber:3")) == 1
    assert len(studio.items("tags", modality=["CT", "MR"], body_part="brain")) == 1
    assert len(studio.items("tags", search="PatientID:P1")) == 5
    assert studio.items("tags", search="Modality:XX") == []
    with pytest.raises(TriptychError) as caught:
        studio.items("tags", tag="NoSuchTag:1")
    assert caught.value.code == "bad_tag"
    facets = {
        facet["name"]: {each["value"]: each["count"] for each in facet["values"]}
        for facet in studio.connection.get(dataset_path("tags", "facets"))["facets"]
    }
    assert facets["modality"] == {"CT": 4, "MR": 1}
    assert facets["body_part"] == {"CHEST": 4, "BRAIN": 1}
    whole = studio.connection.get(dataset_path("tags", "facets"))["facets"]
    told = next(facet for facet in whole if facet["name"] == "series")
    assert all("T2 AX" in each["label"] for each in told["values"])
    narrowed = studio.connection.get(dataset_path("tags", "facets"), modality="CT")["facets"]
    parts = next(facet for facet in narrowed if facet["name"] == "body_part")
    assert {each["value"]: each["count"] for each in parts["values"]} == {"CHEST": 4, "BRAIN": 0}


def test_the_list_of_tags_and_the_json_of_a_file(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.archive(tmp_path / "listed.zip", series(1)))
    key = studio.items("listed")[0]["key"]
    answer = studio.connection.get(dataset_path("listed", "item", "tags"), key=key)
    values = {each["keyword"]: each["value"] for each in answer["tags"]}
    assert (values["Modality"], values["SeriesDescription"]) == ("CT", "T2 AX")
    assert next(each for each in answer["tags"] if each["keyword"] == "PatientID")["personal"]
    assert answer["withheld"] == 0
    document = studio.connection.get(dataset_path("listed", "item", "dicom"), key=key)
    assert document["00080060"] == {"vr": "CS", "Value": ["CT"]}
    assert "7FE00010" not in document


def test_a_segmentation_is_an_annotation_set_on_its_series(studio: Studio, tmp_path: Path) -> None:
    sources = slices()
    files: dict[str, bytes | str] = {}
    for index, source in enumerate(sources):
        target = BytesIO()
        source.save_as(target)
        files[f"{index}.dcm"] = target.getvalue()
    files["lungs.dcm"] = written(masks(), "BINARY", sources)
    shown = studio.add(pictures.archive(tmp_path / "seg.zip", files))
    assert shown["counts"] | {"bytes": 0} == {"items": 4, "studies": 1, "files": 5, "bytes": 0}
    (entry,) = shown["annotation_sets"]
    assert (entry["name"], entry["task"], entry["items"]) == ("lungs", "segmentation", 2)
    totals = masks().sum(axis=(0, 1, 2)).tolist()
    assert {each["name"]: each["count"] for each in entry["classes"]} == {
        "Lung": totals[0],
        "Nodule": totals[1],
    }


def test_label_files_stand_beside_dicom(studio: Studio, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {f"image/{number}.dcm": slice_of(number) for number in (1, 2, 3)}
    files["label.csv"] = "1.dcm,sick\n2,well\n3.dcm,well\n"
    shown = studio.add(pictures.archive(tmp_path / "labelled.zip", files))
    assert (shown["format"], shown["counts"]["items"], shown["counts"]["studies"]) == ("image_label", 3, 1)
    classes = {each["name"]: each["count"] for each in shown["annotation_sets"][0]["classes"]}
    assert classes == {"sick": 1, "well": 2}


@pytest.mark.parametrize("format", ["image_label", "parquet"])
def test_an_export_added_again_has_the_same_content_hash(studio: Studio, tmp_path: Path, format: str) -> None:
    name = f"there-{format}"
    sources = slices()
    files: dict[str, bytes | str] = {}
    for index, source in enumerate(sources):
        target = BytesIO()
        source.save_as(target)
        files[f"IM{index}"] = target.getvalue()
    files["lungs.dcm"] = written(masks(), "BINARY", sources)
    first = studio.add(pictures.archive(tmp_path / f"{name}.zip", files))
    exported = tmp_path / f"{name}-again.zip"
    exported.write_bytes(
        studio.connection.content(dataset_path(name, "export"), format=format, container="zip")
    )
    again = studio.add(exported)
    assert again["content_hash"] == first["content_hash"]
    assert [row["subject"] is not None for row in studio.items(again["name"])] == [True] * 4


def test_patients_are_not_divided_by_the_split(studio: Studio, tmp_path: Path) -> None:
    files = {
        f"{patient}-{study}-{number}": slice_of(
            number,
            PatientID=f"P{patient}",
            StudyInstanceUID=f"1.2.{patient}.{study}",
            SeriesInstanceUID=f"1.2.{patient}.{study}.1",
            SOPInstanceUID=f"1.2.{patient}.{study}.1.{number}",
            WindowCenter=[str(100 * patient + study)],
        )
        for patient in range(1, 7)
        for study in (1, 2)
        for number in (1, 2)
    }
    source = pictures.archive(tmp_path / "patients.zip", dict(files))
    studio.add(source)
    parts: dict[str, set[str]] = {}
    for row in studio.items("patients"):
        parts.setdefault(row["subject"], set()).add(row["part"])
    assert len(parts) == 6
    assert all(len(each) == 1 for each in parts.values())


def test_overlays_are_masks_of_their_picture(studio: Studio, tmp_path: Path) -> None:
    bits = np.zeros((8, 16), np.uint8)
    bits[2:5, 3:9] = 1
    dataset = pydicom.dcmread(BytesIO(slice_of(1)))
    for element, vr, value in (
        (0x0010, "US", 8),
        (0x0011, "US", 16),
        (0x0022, "LO", "Arrow"),
        (0x0040, "CS", "G"),
        (0x0050, "SS", [3, 2]),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(bits.ravel(), bitorder="little").tobytes()),
    ):
        dataset.add_new(0x60000000 | element, vr, value)
    target = BytesIO()
    dataset.save_as(target)
    studio.add(pictures.archive(tmp_path / "drawn.zip", {"a": target.getvalue(), "b": slice_of(2)}))
    (found,) = studio.connection.get(dataset_path("drawn", "item", "overlays"), key="a")["overlays"]
    expected = np.zeros((20, 30), bool)
    expected[2:10, 1:17] = bits
    assert found["name"] == "Arrow"
    told = [
        studio.connection.get(dataset_path("drawn", "item"), key=key)["image"]["overlays"] for key in "ab"
    ]
    assert told == [True, False]
    assert np.array_equal(decode(Shape(size=(20, 30), counts=found["mask"]["counts"])), expected)
    assert studio.connection.get(dataset_path("drawn", "item", "overlays"), key="b") == {"overlays": []}
    with pytest.raises(TriptychError):
        studio.connection.get(dataset_path("drawn", "item", "overlays"), key="a", frame="1")
