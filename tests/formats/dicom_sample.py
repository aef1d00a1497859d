"""A small source of DICOM: two series, a copy, a conflict, a report, a directory, a segmentation's header."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.support.dicom import make_dicom

REPORT = "1.2.840.10008.5.1.4.1.1.88.11"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"


def instance(number: int, series: int = 1, **tags: Any) -> bytes:
    """A slice of 2 by 3 pixels, 5 mm above the one before."""
    values: dict[str, Any] = {
        "SOPInstanceUID": f"1.2.{series}.{number}",
        "StudyInstanceUID": "1.2",
        "SeriesInstanceUID": f"1.2.{series}",
        "SeriesNumber": series,
        "InstanceNumber": number,
        "ImagePositionPatient": [0, 0, 5 * number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [1, 1],
        "PatientID": "P1",
    }
    pixels = np.full((2, 3), number, np.uint16)
    return make_dicom(pixels, **{**values, **tags})


def dicom() -> dict[str, bytes]:
    """Names say nothing of the order; half of them have no ending."""
    return {
        "scan/a": instance(3),
        "scan/b.dcm": instance(1),
        "scan/c": instance(2),
        "scan/copy of c": instance(2),
        "scan/d.dcm": instance(5),
        "loc/1": instance(1, series=2),
        "loc/2": instance(2, series=2, SOPInstanceUID="1.2.1.1"),
        "report.dcm": make_dicom(
            None,
            SOPClassUID=REPORT,
            SOPInstanceUID="1.2.9",
            StudyInstanceUID="1.2",
            SeriesInstanceUID="1.2.8",
            Modality="SR",
        ),
        "lungs.dcm": instance(9, series=3, SOPClassUID=SEGMENTATION, Modality="SEG"),
        "broken.dcm": b"no DICOM at all",
        "notes.txt": b"hello",
    }
