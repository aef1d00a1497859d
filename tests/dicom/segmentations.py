"""Small DICOM segmentations, written by highdicom, and the series that they lie on."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom

from tests.support.dicom import make_dicom

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ROWS, COLUMNS, SLICES = 12, 16, 4


def slices() -> list[Dataset]:
    """An axial series of four slices, the first the lowest."""
    return [
        pydicom.dcmread(
            BytesIO(
                make_dicom(
                    np.full((ROWS, COLUMNS), index, np.int16),
                    SOPInstanceUID=f"1.2.3.{index + 1}",
                    FrameOfReferenceUID="1.2.3.99",
                    ImagePositionPatient=[0.0, 0.0, 2.5 * index],
                    ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
                    PixelSpacing=[0.5, 0.5],
                    SliceThickness=2.5,
                    InstanceNumber=index + 1,
                    PatientBirthDate="",
                    PatientSex="",
                    StudyDate="20200101",
                    StudyTime="",
                    StudyID="",
                    AccessionNumber="",
                    ReferringPhysicianName="",
                    Manufacturer="",
                    PositionReferenceIndicator="",
                    SeriesNumber=1,
                )
            )
        )
        for index in range(SLICES)
    ]


def masks() -> np.ndarray:
    """Two segments that overlap: (slices, rows, columns, segments)."""
    found = np.zeros((SLICES, ROWS, COLUMNS, 2), np.uint8)
    found[1, 2:6, 3:9, 0] = 1
    found[2, 2:6, 3:9, 0] = 1
    found[2, 4:8, 5:12, 1] = 1
    return found


def written(pixels: np.ndarray, kind: str, sources: list[Dataset], **how: Any) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import highdicom as hd
        from highdicom.sr.coding import CodedConcept

        category = CodedConcept("123037004", "SCT", "Anatomical Structure")
        segments = [
            hd.seg.SegmentDescription(
                number,
                label,
                category,
                CodedConcept("39607008", "SCT", "Lung"),
                hd.seg.SegmentAlgorithmTypeValues.MANUAL,
                display_color=color,
            )
            for number, label, color in (
                (1, "Lung", hd.color.CIELabColor.from_rgb(255, 0, 0)),
                (2, "Nodule", None),
            )
        ]
        made = hd.seg.Segmentation(
            sources,
            pixels,
            hd.seg.SegmentationTypeValues[kind],
            segments,
            "1.2.3.500",
            1,
            "1.2.3.501",
            1,
            "Maker",
            "Model",
            "1",
            "Serial",
            **how,
        )
        target = BytesIO()
        made.save_as(target)
        return target.getvalue()
