"""The scans of the demonstration: DICOM series of drawn heads, and where their spheres lie."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    Head = Callable[..., tuple[NDArray[np.uint16], NDArray[np.bool_]]]

PATIENTS, SLICES = 4, 24
AWAY = ((-6, -16), (5, 16), (-5, 12), (6, -12))
"""Pixels (y, x) by which each head lies aside."""

ROOT = "1.2.826.0.1.3680043.8.498.20240221"
"""UIDs of the demonstration, below the root that pydicom lends out for samples."""

CT = "1.2.840.10008.5.1.4.1.1.2"


def scans(head: Head, random_of: Callable[[int], Generator]) -> dict[str, bytes]:
    """`IM00001`, …: CT slices of 160² in an order that says nothing, and `spheres.json` in COCO's form.

    `head(random, with_sphere=, slices=)` draws a head of densities from 0 and its sphere, both (z, y, x).
    """
    from triptych.masks.runs import area, bounds, encode

    files: dict[str, bytes] = {}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for patient in range(1, PATIENTS + 1):
        random = random_of(patient)
        volume, sphere = head(random, with_sphere=patient % 2 == 1, slices=SLICES)
        # Heads in one place would look nearly the same, and a split would have to keep them together.
        aside = AWAY[patient - 1]
        volume, sphere = np.roll(volume, aside, (1, 2)), np.roll(sphere, aside, (1, 2))
        for number in range(SLICES):
            # Halves of the stack by turns, as some scanners store them.
            place = (patient - 1) * SLICES + (number // 2 if number % 2 else SLICES // 2 + number // 2)
            name = f"IM{place + 1:05d}"
            files[name] = _slice(volume[number], patient, number)
            images.append(
                {
                    "id": len(images) + 1,
                    "file_name": name,
                    "width": volume.shape[2],
                    "height": volume.shape[1],
                }
            )
            if sphere[number].any():
                runs = encode(sphere[number])
                annotations.append(
                    {
                        "id": len(annotations) + 1,
                        "image_id": len(images),
                        "category_id": 1,
                        "iscrowd": 0,
                        "bbox": list(bounds(runs)),
                        "area": area(runs),
                        "segmentation": {"size": runs.size, "counts": runs.counts},
                    }
                )
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "sphere"}]}
    files["spheres.json"] = json.dumps(document).encode()
    return files


def _slice(pixels: NDArray[np.uint16], patient: int, number: int) -> bytes:
    """A CT image of 12 bits, 1.5 mm a pixel, 6 mm above the one before."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = UID(CT)
    instance = UID(f"{ROOT}.{patient}.1.{number + 1}")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = instance
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID(f"{ROOT}.{patient}"), UID(f"{ROOT}.{patient}.1")
    dataset.PatientID, dataset.PatientName = f"PHANTOM-{patient}", f"Phantom^{patient}"
    dataset.StudyDate, dataset.Modality = f"2024022{patient}", "CT"
    dataset.StudyDescription, dataset.SeriesDescription = "Drawn head", "Axial 6 mm"
    dataset.SeriesNumber, dataset.InstanceNumber, dataset.BodyPartExamined = 1, number + 1, "HEAD"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelSpacing, dataset.SliceThickness = [1.5, 1.5], 6
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [-120, -120, 6 * number]
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
    dataset.WindowCenter, dataset.WindowWidth = [40, 300], [160, 1500]
    dataset.WindowCenterWidthExplanation = ["HEAD", "BONE"]
    dataset.PixelData = pixels.astype("<u2").tobytes()
    target = BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()
