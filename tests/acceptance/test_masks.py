"""Masks from upload to dataset: files of masks, masks in a csv, pictures inside label files, broken ones."""

from __future__ import annotations

import base64
import io
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.support import pictures
from triptych.client.connection import dataset_path
from triptych.core.labels import Shape
from triptych.masks.runs import decode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio

WIDTH, HEIGHT = 64, 48


def png(samples: np.ndarray) -> bytes:
    target = io.BytesIO()
    Image.fromarray(samples).save(target, "PNG")
    return target.getvalue()


def classes_mask(number: int) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[5 : 10 + number, 4:20] = 1
    mask[30:40, 30 : 40 + number] = 2
    return mask


def shapes_of(studio: Studio, name: str, key: str) -> list[dict[str, Any]]:
    detail = studio.connection.get(dataset_path(name, "item"), key=key)
    return list(detail["labels"])


def mask_of(label: dict[str, Any]) -> np.ndarray:
    return decode(Shape(size=tuple(label["mask"]["size"]), counts=label["mask"]["counts"]))


def test_masks_beside_pictures_are_areas_of_their_classes(studio: Studio, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {f"images/p{number}.png": pictures.png(number) for number in range(6)}
    files |= {f"masks/p{number}.png": png(classes_mask(number)) for number in range(5)}
    files["masks/p5.png"] = png(np.zeros((HEIGHT, WIDTH), np.uint8))
    shown = studio.add(pictures.archive(tmp_path / "pairs.zip", files))
    (entry,) = shown["annotation_sets"]
    assert (shown["format"], entry["task"], entry["items"]) == ("mask_pairs", "segmentation", 6)
    expected = [sum(int((classes_mask(number) == value).sum()) for number in range(5)) for value in (1, 2)]
    assert [each["count"] for each in entry["classes"]] == expected
    assert shown["counts"]["files"] == 12
    found = {label["class_id"]: mask_of(label) for label in shapes_of(studio, "pairs", "images/p3.png")}
    assert all(np.array_equal(found[value], classes_mask(3) == value) for value in (1, 2))
    assert [label["kind"] for label in shapes_of(studio, "pairs", "images/p5.png")] == ["nothing"]


def test_broken_masks_are_left_out_and_named(studio: Studio, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {f"images/p{number}.png": pictures.png(number) for number in range(5)}
    files |= {f"masks/p{number}.png": png(classes_mask(number)) for number in range(3)}
    files["masks/p3.png"] = png(classes_mask(3))[:60] + b"damaged" + png(classes_mask(3))[67:]
    files["masks/p4.png"] = png(np.ones((HEIGHT, WIDTH + 1), np.uint8))
    shown = studio.add(pictures.archive(tmp_path / "broken masks.zip", files))
    assert shown["counts"]["items"] == 5
    assert shown["annotation_sets"][0]["items"] == 3
    examples = " ".join(
        " ".join(each["examples"])
        for each in studio.findings("broken masks")
        if each["code"] in ("mask_unreadable", "mask_size_differs")
    )
    assert "p3.png" in examples
    assert "p4.png" in examples


def cell(mask: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(mask.astype(np.uint8).tobytes(), 9)).decode()


def test_masks_in_a_csv_are_areas_also_when_they_come_later(studio: Studio, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {f"image/p{number}.png": pictures.png(number) for number in range(4)}
    rows = "".join(
        f"p{number}.png,lung,{WIDTH},{HEIGHT},{cell(classes_mask(number) == 1)}\n" for number in range(3)
    )
    shown = studio.add(pictures.archive(tmp_path / "five.zip", {**files, "label.csv": rows + "p3.png\n"}))
    (entry,) = shown["annotation_sets"]
    assert (entry["task"], entry["items"]) == ("segmentation", 4)
    assert entry["classes"][0]["count"] == sum(int((classes_mask(number) == 1).sum()) for number in range(3))
    (label,) = shapes_of(studio, "five", "p2.png")
    assert np.array_equal(mask_of(label), classes_mask(2) == 1)

    studio.add(pictures.archive(tmp_path / "bare.zip", dict(files)))
    wrong = f"p3.png,lung,{WIDTH},{HEIGHT - 1},{cell(np.ones((HEIGHT - 1, WIDTH)))}\n"
    path = tmp_path / "later.csv"
    path.write_text(rows + wrong, "utf-8")
    begun = studio.connection.post(
        dataset_path("bare", "annotations"), {"source": {"kind": "path", "path": str(path)}}
    )
    studio.wait(begun["job"]["id"])
    (entry,) = studio.show("bare")["annotation_sets"]
    assert (entry["task"], entry["items"]) == ("segmentation", 3)
    assert "mask_size_differs" in studio.finding_codes("bare")


def test_a_picture_inside_its_label_file_is_an_item(studio: Studio, tmp_path: Path) -> None:
    def labelme(number: int, *, inside: bool) -> str:
        shape = {"label": "ball", "shape_type": "polygon", "points": [[2, 2], [20, 2], [20, 12]]}
        data = base64.b64encode(pictures.png(number)).decode() if inside else None
        return json.dumps(
            {
                "version": "5.0",
                "flags": {},
                "shapes": [shape],
                "imagePath": f"p{number}.png",
                "imageData": data,
                "imageHeight": HEIGHT,
                "imageWidth": WIDTH,
            }
        )

    files: dict[str, bytes | str] = {
        f"p{number}.json": labelme(number, inside=number < 3) for number in range(5)
    }
    files |= {f"p{number}.png": pictures.png(number) for number in (3, 4)}
    shown = studio.add(pictures.archive(tmp_path / "inside.zip", files))
    assert (shown["format"], shown["counts"]["items"]) == ("labelme", 5)
    assert shown["bins"] == {"imported": 7, "ignored": 0, "rejected": 0}
    assert shown["counts"]["files"] == 7
    rows = {row["key"]: row for row in studio.items("inside")}
    assert rows["p0.png"]["width"] == WIDTH
    original = studio.connection.content(dataset_path("inside", "files", rows["p1.png"]["sha256"]))
    assert original == pictures.png(1)
    entry = next(each for each in shown["annotation_sets"] if each["task"] == "segmentation")
    assert entry["items"] == 5
    assert entry["classes"][0]["count"] > 5 * 80
