"""Generated samples: one small source for each format, pictures of a few pixels."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from tests.formats.memory_source import MemorySource
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


SAMPLES: dict[str, Callable[[], dict[str, bytes]]] = {
    "image_only": image_only,
    "image_label": image_label,
    "class_folders": class_folders,
    "study_series": study_series,
    "parquet": parquet,
}
"""A sample for each format, by the format's name."""
