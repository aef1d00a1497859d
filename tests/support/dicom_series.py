"""Instances of series with a known geometry, as values, without files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.support.dicom import make_dicom
from triptych.dicom.instance import Instance, read_instance
from triptych.dicom.series import Grouping, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.dicom.geometry import Orientation, Vector

AXIAL: Orientation = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL: Orientation = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
OBLIQUE: Orientation = (0.8, 0.6, 0.0, -0.36, 0.48, -0.8)

Files = list[tuple[str, Instance]]

PLAIN = read_instance(
    make_dicom(np.zeros((2, 3), np.int16), PatientID="P1", PixelSpacing=[1, 1], SeriesNumber=3)
)


def one(**fields: Any) -> Instance:
    """An ordinary CT instance with some fields set."""
    return replace(PLAIN, **fields)


def stack(
    count: int,
    *,
    step: float = 5.0,
    orientation: Orientation = AXIAL,
    way: Vector | None = None,
    names: str = "s{}.dcm",
    first: int = 1,
    **fields: Any,
) -> Files:
    """Slices `step` mm apart along their normal (or along `way`), numbered and named in order from `first`."""
    direction = np.cross(orientation[:3], orientation[3:]) if way is None else np.array(way)
    files = []
    for number in range(count):
        x, y, z = (float(value) for value in direction * step * number)
        instance = one(
            **{
                "sop_uid": f"1.2.{names}.{first + number}",
                "orientation": orientation,
                "position": (x, y, z),
                "instance_number": first + number,
            }
            | fields
        )
        files.append((names.format(first + number), instance))
    return files


def grouped(files: Sequence[tuple[str, Instance]], same: bool = False) -> Grouping:
    """The grouping of files of which those with equal UIDs are all equal, or all different."""
    return group(files, lambda _, __: same)


def names_of(
    files: Sequence[tuple[str, Instance]], found: Grouping, study: int = 0, series: int = 0
) -> list[str]:
    """The paths of a series in its order."""
    return [files[index][0] for index in found.studies[study].series[series].members]


def codes(found: Grouping) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in found.findings}


def example(found: Grouping, code: str) -> str:
    """The first example of the one finding with a code."""
    (finding,) = (finding for finding in found.findings if finding.code == code)
    return finding.examples[0]
