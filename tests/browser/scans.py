"""DICOM as tests of the pages see it: a series of tomography, negatives, a clip, and what is drawn on pictures."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pycocotools.mask
import pydicom

from tests.browser.viewing import png
from tests.support.dicom import make_dicom
from tests.support.pictures import archive

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

STUDY, STUDY_TITLE, SERIES_TITLE = "1.2.826.0.1.3680043.8.498.77", "Head, without contrast", "Thin, soft"
SLICES, SIDE = 12, 96
INTERCEPT = -1024
FRAMES = 6
MODALITY = {"RescaleType": "HU", "RescaleSlope": 1, "RescaleIntercept": INTERCEPT}


def slice_samples(number: int, side: int = SIDE) -> NDArray[np.int16]:
    """What is stored of a slice, (y, x): another value in every pixel of a row, air to bone."""
    y, x = np.mgrid[:side, :side]
    found: NDArray[np.int16] = (100 * number + 20 * x + 3 * y).astype(np.int16)
    return found


def ct_slice(number: int, side: int = SIDE, samples: NDArray[Any] | None = None, **tags: Any) -> bytes:
    """A slice 5 mm below the one before; a number from 0."""
    values: dict[str, Any] = {
        "SOPInstanceUID": f"{STUDY}.1.{number + 1}",
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": f"{STUDY}.1",
        "StudyDescription": STUDY_TITLE,
        "SeriesDescription": SERIES_TITLE,
        "SeriesNumber": 1,
        "InstanceNumber": number + 1,
        "BodyPartExamined": "HEAD",
        "ImagePositionPatient": [0, 0, 5 * number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [0.5, 0.5],
        "WindowCenter": 40,
        "WindowWidth": 400,
        "WindowCenterWidthExplanation": "SOFT TISSUE",
        "KVP": 120,
    }
    pixels = slice_samples(number, side) if samples is None else samples
    return make_dicom(pixels, **{**values, **MODALITY, **tags})


def overlaid(bits: NDArray[np.bool_]) -> bytes:
    """A dark slice with an overlay plane (y, x) of its size."""
    dataset = pydicom.dcmread(io.BytesIO(ct_slice(0, samples=np.zeros(bits.shape, np.int16))))
    plane: tuple[tuple[int, str, Any], ...] = (
        (0x0010, "US", bits.shape[0]),
        (0x0011, "US", bits.shape[1]),
        (0x0040, "CS", "G"),
        (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(bits.ravel(), bitorder="little").tobytes()),
    )
    for element, vr, value in plane:
        dataset.add_new(0x60000000 | element, vr, value)
    target = io.BytesIO()
    dataset.save_as(target)
    return target.getvalue()


def clip() -> bytes:
    """Several frames of one gray each: 30, 60, …"""
    frames = np.stack([np.full((64, 64), 30 * (frame + 1), np.uint8) for frame in range(FRAMES)])
    return make_dicom(
        frames,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.3.1",
        SOPInstanceUID=f"{STUDY}.9.1",
        StudyInstanceUID=f"{STUDY}.9",
        SeriesInstanceUID=f"{STUDY}.9.1",
        StudyDescription="Heart",
        SeriesDescription="Four chambers",
        Modality="US",
        PatientID="P2",
        FrameTime=40,
        FrameIncrementPointer=0x00181063,
    )


NEGATIVE = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)


def negative() -> bytes:
    """A picture whose least value is white."""
    return make_dicom(
        NEGATIVE,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1",
        SOPInstanceUID=f"{STUDY}.8.1",
        StudyInstanceUID=f"{STUDY}.8",
        SeriesInstanceUID=f"{STUDY}.8.1",
        StudyDescription="Hand",
        Modality="DX",
        BodyPartExamined="HAND",
        PatientID="P3",
        PhotometricInterpretation="MONOCHROME1",
    )


def scans_zip(path: Path) -> Path:
    """All of them; names say nothing of the order."""
    slices = {f"scan/{(number * 7) % SLICES:02}": ct_slice(number) for number in range(SLICES)}
    return archive(path, slices | {"clip.dcm": clip(), "hand.dcm": negative()})


WIDTH, HEIGHT = 300, 200
TRIANGLE = (40, 30, 120, 30, 40, 110)
MASK_BOX = (180, 60, 60, 80)
"""Left, top, width, height of the mask, of which every second column is left out."""
POINT, LINE = (60, 160), (100, 170, 150, 150, 150, 190)


def mask_pixels() -> NDArray[np.bool_]:
    """The mask, (y, x)."""
    left, top, width, height = MASK_BOX
    found = np.zeros((HEIGHT, WIDTH), bool)
    found[top : top + height, left : left + width : 4] = True
    found[top : top + height, left + 1 : left + width : 4] = True
    return found


def coco_zip(path: Path) -> Path:
    """A black picture with a triangle, and a mask as run lengths."""
    encoded = pycocotools.mask.encode(np.asfortranarray(mask_pixels().astype(np.uint8)))
    annotations = [
        {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [list(TRIANGLE)], "iscrowd": 0,
         "bbox": [40, 30, 80, 80], "area": 3200},
        {"id": 2, "image_id": 1, "category_id": 2, "iscrowd": 1, "bbox": list(MASK_BOX), "area": 2400,
         "segmentation": {"size": [HEIGHT, WIDTH], "counts": encoded["counts"].decode()}},
    ]  # fmt: skip
    document = {
        "images": [{"id": 1, "file_name": "black.png", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
        "annotations": annotations,
    }
    black = png(np.zeros((HEIGHT, WIDTH), np.uint8))
    return archive(path, {"images/black.png": black, "annotations/instances.json": json.dumps(document)})


def labelme_zip(path: Path) -> Path:
    """A black picture with a point and a line."""
    shapes = [
        {"label": "tip", "points": [list(POINT)], "shape_type": "point", "flags": {}},
        {
            "label": "vessel",
            "points": np.reshape(LINE, (-1, 2)).tolist(),
            "shape_type": "linestrip",
            "flags": {},
        },
    ]
    document: dict[str, Any] = {
        "version": "5.0.1",
        "flags": {},
        "shapes": shapes,
        "imagePath": "black.png",
        "imageData": None,
        "imageHeight": HEIGHT,
        "imageWidth": WIDTH,
    }
    black = png(np.zeros((HEIGHT, WIDTH), np.uint8))
    return archive(path, {"black.png": black, "black.json": json.dumps(document)})
