"""Generated samples: one small source for each format, pictures of a few pixels."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import TYPE_CHECKING

from tests.formats.dicom_sample import dicom
from tests.formats.memory_source import MemorySource
from tests.formats.raster_sample import geotiff_pairs
from triptych.core.dataset import Modality, Part
from triptych.core.labels import Box, Kind, Label, LabelClass, Task
from triptych.formats.base import ExportSet
from triptych.formats.registry import find_format

if TYPE_CHECKING:
    from collections.abc import Callable


def png(shade: int) -> bytes:
    """A grey PNG of 2 by 2 pixels; each shade gives other bytes."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes([0, shade % 256, shade // 256 % 256, 0, shade % 256, 7]))),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def image_only() -> dict[str, bytes]:
    """Pictures in `image`, one of them without an ending, and some clutter."""
    files = {f"image/a{number}.png": png(number) for number in (10, 2, 1)}
    return files | {
        "image/sub/B.PNG": png(20),
        "image/scan": png(21),
        ".DS_Store": b"x",
        "notes.txt": b"hello",
    }


def image_label() -> dict[str, bytes]:
    """Boxes with a negative picture, and a second file with several classes for a picture."""
    boxes = "a1.png,cell,1,2,3,4\na1.png,nucleus,0.5,0,1.5,2\na2.png,nothing to label,,,,\na10.png\n"
    several = "a1.png,red,1\na1.png,blue,1\na2.png,red,0\na2.png,blue,1\n"
    files = {f"image/a{number}.png": png(number) for number in (10, 2, 1)}
    return files | {"label.csv": boxes.encode(), "colours.csv": several.encode()}


def class_folders() -> dict[str, bytes]:
    """Classes of three pictures, one of them in a folder of a folder; file names repeat."""
    return {
        f"Classes/{folder}/{number}.png": png(number + 10 * len(folder))
        for folder in ("10", "9", "a/b")
        for number in (1, 2, 3)
    }


def study_series() -> dict[str, bytes]:
    """Two studies, one with two series, labels by path with the series' bare number."""
    files = {
        f"image/{study}/Series{series}/IM{number}.png": png(number + 10 * series)
        for study, series in (("Ann", 1), ("Ann", 2), ("Bob", 1))
        for number in (10, 9, 1)
    }
    rows = "".join(
        f"{study}/{series}/IM{number}.png,{'sick' if study == 'Ann' else 'well'}\n"
        for study, series in (("Ann", 1), ("Ann", 2), ("Bob", 1))
        for number in (10, 9, 1)
    )
    return files | {"label.csv": rows.encode()}


def source() -> MemorySource:
    """A version of a dataset with everything that an export must keep."""
    made = MemorySource("birds", 3, Modality.PLANAR)
    parts = (Part.TRAIN, Part.VALIDATION, Part.TEST, None)
    for index, key in enumerate(("A/Series1/1.png", "A/Series1/2.png", '=b, "c".png', "d.png")):
        in_series = key.startswith("A/")
        made.add(key, png(index), study="A" if in_series else key, series="Series1" if in_series else None,
                 position=index if in_series else None, part=parts[index])  # fmt: skip
    classes = [LabelClass(0, "=cmd", "#0072B2", 0.5, 2.0), LabelClass(4, "'nest", "#E69F00")]
    made.sets.append(
        ExportSet(
            "birds_classes",
            Task.SINGLE_LABEL,
            classes,
            [
                Label(0, Kind.CLASS, 0),
                Label(1, Kind.CLASS, 4),
                Label(2, Kind.CLASS, 4),
                Label(3, Kind.CLASS, 0),
            ],
        )
    )
    boxes = [Label(0, Kind.BOX, 0, None, Box(0.1, -1, 2, 0)), Label(2, Kind.NOTHING)]
    made.sets.append(ExportSet("boxes, 2", Task.DETECTION, classes[:1], boxes))
    made.sets.append(
        ExportSet(
            "several", Task.MULTI_LABEL, classes, [Label(1, Kind.CLASS, 0, 1.0), Label(1, Kind.CLASS, 4, 0.0)]
        )
    )
    return made


def parquet() -> dict[str, bytes]:
    """What the writer makes of `source`."""
    return dict(find_format("parquet").load_writer().write(source()))


def sized_png(width: int, height: int, values: bytes, *, bits: int = 8) -> bytes:
    """A grey PNG; `values` are rows of bytes, one after the other."""
    row = len(values) // height
    rows = b"".join(b"\0" + values[at * row : (at + 1) * row] for at in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def flat_png(width: int, height: int, shade: int = 0) -> bytes:
    """A grey PNG of one shade."""
    return sized_png(width, height, bytes([shade]) * width * height)


def coco() -> dict[str, bytes]:
    """Two parts of one set; an outline, run lengths of both forms, a crowd, a picture with nothing there."""
    images = [{"id": at, "file_name": f"{at}.png", "width": 8, "height": 6} for at in (1, 2, 3)]
    categories = [{"id": 7, "name": "cell", "color": [255, 0, 16]}, {"id": 2, "name": "nucleus"}]
    train = [
        {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 4, 3], "area": 12, "iscrowd": 0,
         "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]]},
        {"id": 2, "image_id": 1, "category_id": 2, "bbox": [0, 0, 2, 2], "area": 4, "iscrowd": 1,
         "segmentation": {"size": [6, 8], "counts": [0, 2, 4, 2, 40]}},
    ]  # fmt: skip
    validation = [{"id": 9, "image_id": 3, "category_id": 9, "bbox": [0.5, 1, 2.25, 3]}]
    return {
        "images/1.png": flat_png(8, 6, 1),
        "images/2.png": flat_png(8, 6, 2),
        "images/3.png": flat_png(8, 6, 3),
        "images/4.png": flat_png(8, 6, 4),
        "annotations/instances_train.json": json.dumps(
            {"images": images[:2], "annotations": train, "categories": categories}
        ).encode(),
        "annotations/instances_val.json": json.dumps(
            {"images": images[2:], "annotations": validation, "categories": categories}
        ).encode(),
        "other.json": b'{"settings": 1}',
    }


def yolo() -> dict[str, bytes]:
    """Parts in folders, names in data.yaml, a picture with nothing there, one without a file, an unknown class."""
    return {
        "data.yaml": b"train: images/train\nval: images/val\nnc: 2\nnames:\n  0: cat\n  1: 'dog, small'\n",
        "images/train/a.png": flat_png(10, 20, 1),
        "images/train/b.png": flat_png(10, 20, 2),
        "images/val/c.png": flat_png(10, 20, 3),
        "images/val/d.png": flat_png(10, 20, 4),
        "labels/train/a.txt": b"0 0.5 0.5 0.2 0.4\n1 0.1 0.1 0.2 0.2\n",
        "labels/train/b.txt": b"",
        "labels/val/c.txt": b"5 0.1 0.1 0.9 0.1 0.9 0.5 0.1 0.5\nx y\n",
        "labels/val/gone.txt": b"0 0.5 0.5 0.2 0.4\n",
        "notes.txt": b"hello",
    }


def _voc_document(name: str, *objects: tuple[str, int, int, int, int]) -> bytes:
    entries = "".join(
        f"<object><name>{kind}</name><difficult>1</difficult><bndbox><xmin>{left}</xmin><ymin>{top}</ymin>"
        f"<xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox></object>"
        for kind, left, top, right, bottom in objects
    )
    return (
        f"<annotation><filename>{name}.png</filename><size><width>8</width><height>6</height></size>"
        f"{entries}</annotation>"
    ).encode()


def voc() -> dict[str, bytes]:
    """Boxes, lists of parts, masks of classes and of objects, and an XML file that is something else."""
    return {
        "Annotations/a.xml": _voc_document("a", ("dog", 1, 1, 8, 6), ("cat", 2, 3, 4, 4)),
        "Annotations/b.xml": _voc_document("b"),
        "Annotations/gone.xml": _voc_document("gone", ("dog", 1, 1, 2, 2)),
        "JPEGImages/a.png": flat_png(8, 6, 1),
        "JPEGImages/b.png": flat_png(8, 6, 2),
        "JPEGImages/c.png": flat_png(8, 6, 3),
        "SegmentationClass/a.png": sized_png(8, 6, bytes([0] * 40 + [12] * 4 + [255] * 4)),
        "SegmentationObject/a.png": sized_png(8, 6, bytes([0] * 40 + [1] * 8)),
        "SegmentationClass/b.png": flat_png(4, 4),
        "ImageSets/Main/train.txt": b"a\n",
        "ImageSets/Main/val.txt": b"b\nmissing\n",
        "page.xml": b"<html/>",
    }


def labelme() -> dict[str, bytes]:
    """Shapes of most types, a picture inside a label file, one of both, flags, and broken files."""

    def shape(
        label: str, kind: str, *points: tuple[float, float], group: int | None = None
    ) -> dict[str, object]:
        return {"label": label, "points": points, "shape_type": kind, "group_id": group}

    def document(name: str, *shapes: object, data: bytes | None = None, **more: object) -> bytes:
        inside = None if data is None else base64.b64encode(data).decode()
        written: dict[str, object] = {
            "version": "5.4.1",
            "flags": {},
            "shapes": shapes,
            "imagePath": name,
            "imageData": inside,
        }
        return json.dumps(written | more).encode()

    return {
        "a.json": document(
            "sub\\A.PNG",
            shape("cell", "rectangle", (5, 4), (1, 2)),
            shape("cell", "polygon", (0, 0), (4, 0), (4, 3), group=3),
            shape("ring", "circle", (4, 3), (4, 1)),
            shape("tip", "point", (1, 1)),
            shape("edge", "linestrip", (0, 0), (3, 3), (5, 3)),
            shape("cell", "polygon", (0, 0)),
            data=flat_png(8, 6, 1),
        ),
        "b.json": document("b.png", flags={"blurred": True, "dark": False}, data=flat_png(8, 6, 2)),
        "c.json": document("../../etc/passwd"),
        "d.json": document("d.jpg", data=b"no picture"),
        "e.json": b"{",
        "sub/a.png": flat_png(8, 6, 3),
        "other.json": b"[1]",
    }


def mask_pairs() -> dict[str, bytes]:
    """Masks of three values, one of another size, one of no picture, and a picture without a mask."""
    return {
        "images/a.png": flat_png(4, 2, 9),
        "images/b.png": flat_png(4, 2, 8),
        "images/c.png": flat_png(4, 2, 7),
        "images/d.png": flat_png(4, 2, 6),
        "masks/a.png": sized_png(4, 2, bytes([0, 0, 1, 1, 2, 2, 0, 0])),
        "masks/b.png": sized_png(4, 2, bytes([0, 1, 0, 0, 0, 0, 0, 0])),
        "masks/c.png": sized_png(2, 2, bytes([0, 1, 0, 0])),
        "masks/gone.png": sized_png(4, 2, bytes(8)),
    }


SAMPLES: dict[str, Callable[[], dict[str, bytes]]] = {
    "image_only": image_only,
    "image_label": image_label,
    "class_folders": class_folders,
    "study_series": study_series,
    "dicom": dicom,
    "parquet": parquet,
    "coco": coco,
    "yolo": yolo,
    "voc": voc,
    "labelme": labelme,
    "mask_pairs": mask_pairs,
    "geotiff_pairs": geotiff_pairs,
}
"""A sample for each format, by the format's name."""
