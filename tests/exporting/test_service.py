"""An export is whole, or it is an error."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.formats.drawn_source import areas, boxes, exported, several, version
from tests.support.studio import open_studio
from triptych.client.connection import dataset_path
from triptych.core.dataset import Part
from triptych.core.errors import TriptychError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def _picture(number: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(number).integers(0, 256, (20, 20), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("container", ["zip", "tar"])
def test_what_a_format_cannot_hold_is_said_before_the_first_byte(tmp_path: Path, container: str) -> None:
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"image/{number}.png", _picture(number))
    with open_studio(tmp_path / "home") as studio:
        studio.add(tmp_path / "cells.zip")
        query = {"format": "class_folders", "container": container}

        with (
            pytest.raises(TriptychError) as refused,
            studio.connection.stream(dataset_path("cells", "export"), **query) as answer,
        ):
            answer.read()

        assert refused.value.code == "format_cannot_hold"


def test_boxes_leave_as_coco_with_their_sizes_and_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"image/{number}", _picture(number))
        archive.writestr("label.csv", "0,cell,1,2,3,4\n1,cell,0,0,20,20\n")
    with open_studio(tmp_path / "home") as studio:
        studio.add(tmp_path / "cells.zip")
        query = {"format": "coco", "container": "zip"}
        with studio.connection.stream(dataset_path("cells", "export"), **query) as answer:
            answer.read()
            exported = zipfile.ZipFile(io.BytesIO(answer.content))

    documents = [name for name in exported.namelist() if name.startswith("annotations/")]
    found = [json.loads(exported.read(name)) for name in documents]
    images = [image for document in found for image in document["images"]]
    # The items have no ending; what they are is known from their bytes.
    assert {"images/0.png", "images/1.png", "images/2.png"} <= set(exported.namelist())
    # A document lists what was looked at; nobody says so of the third picture.
    assert sorted(image["file_name"] for image in images) == ["0.png", "1.png"]
    assert {(image["width"], image["height"]) for image in images} == {(20, 20)}
    boxes = sorted(row["bbox"] for document in found for row in document["annotations"])
    assert boxes == [[0, 0, 20, 20], [1, 2, 3, 4]]


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _export(studio: Studio, name: str, format: str) -> bytes:
    with studio.connection.stream(dataset_path(name, "export"), format=format, container="zip") as answer:
        data: bytes = answer.read()
    return data


@pytest.mark.parametrize("format", ["image_label", "parquet"])
def test_areas_boxes_and_classes_added_again_have_the_same_content_hash(tmp_path: Path, format: str) -> None:
    parts = (Part.TRAIN, Part.VALIDATION, Part.TEST, Part.TRAIN)
    whole = version(boxes(), areas(), several(), parts=parts)
    with open_studio(tmp_path / "home") as studio:
        first = studio.add(_zip(tmp_path / "cells.zip", exported(whole, "parquet")))
        (tmp_path / "again.zip").write_bytes(_export(studio, "cells", format))
        again = studio.add(tmp_path / "again.zip")
        assert {found["task"] for found in first["annotation_sets"]} == {
            "detection",
            "segmentation",
            "multi_label",
        }
        assert again["content_hash"] == first["content_hash"]


@pytest.mark.parametrize("format", ["coco", "labelme", "voc", "yolo"])
def test_the_same_version_gives_the_same_bytes(tmp_path: Path, format: str) -> None:
    with open_studio(tmp_path / "home") as studio:
        studio.add(_zip(tmp_path / "cells.zip", exported(version(boxes(), areas()), "parquet")))
        data = _export(studio, "cells", format)
        assert data == _export(studio, "cells", format)
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
