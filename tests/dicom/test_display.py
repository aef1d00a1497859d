"""What headers say of rescaling, units, windows, spacing and time, in plain and in enhanced objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.support.dicom import EXPLICIT, make_dicom, noise, open_picture


def test_facts_of_a_plain_ct() -> None:
    facts = open_picture(
        make_dicom(
            noise((4, 6), np.uint16), BitsStored=12, HighBit=11, RescaleSlope="1", RescaleIntercept="-1024",
            WindowCenter=["40", "300"], WindowWidth=["400", "1500"], PixelSpacing=["0.7", "0.5"],
            WindowCenterWidthExplanation=["SOFT", "BONE"],
        )
    ).facts  # fmt: skip
    assert (facts.width, facts.height, facts.frames) == (6, 4, 1)
    assert (facts.dtype, facts.bit_depth, facts.photometric) == ("uint16", 12, "MONOCHROME2")
    assert (facts.transfer_syntax, facts.transfer_syntax_name) == (EXPLICIT, "Explicit VR Little Endian")
    assert (facts.rescale, facts.unit) == ((1.0, -1024.0), "HU")
    assert facts.windows == (("SOFT", -160.0, 239.0), ("BONE", -450.0, 1049.0))
    assert (facts.spacing, facts.inverted, facts.frame_time, facts.notes) == ((0.7, 0.5), False, None, ())


def test_facts_of_an_object_that_says_nothing() -> None:
    tags: dict[str, Any] = dict.fromkeys(
        ("SamplesPerPixel", "PhotometricInterpretation", "HighBit", "BitsStored")
    )
    facts = open_picture(make_dicom(noise((4, 6), np.uint16), Modality="OT", file_meta=False, **tags)).facts
    assert (facts.rescale, facts.unit, facts.windows, facts.spacing) == (None, "", (), None)
    assert (facts.photometric, facts.bit_depth, facts.notes) == ("MONOCHROME2", 16, ("ok_forced",))


@pytest.mark.parametrize(
    ("tags", "spacing"),
    [
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1)),
        ({"NominalScannedPixelSpacing": [0.2, 0.1]}, (0.2, 0.1)),
        ({"ImagerPixelSpacing": [0.2, 0.1], "PixelSpacing": [3, 4]}, (3.0, 4.0)),
        ({"PixelSpacing": [0, 4]}, None),
        ({"PixelSpacing": [1]}, None),
    ],
)
def test_spacing_is_the_patients_before_the_detectors(tags: dict[str, Any], spacing: Any) -> None:
    assert open_picture(make_dicom(noise((4, 6), np.uint16), **tags)).facts.spacing == spacing


@pytest.mark.parametrize(
    ("tags", "time"),
    [
        ({"FrameTime": "33.3"}, 33.3),
        ({"FrameTimeVector": ["0", "20", "40"]}, 30.0),
        ({"CineRate": "25"}, 40.0),
        ({"RecommendedDisplayFrameRate": "10", "CineRate": "25"}, 100.0),
        ({"CineRate": "0"}, None),
        ({"FrameTime": "-1"}, None),
    ],
)
def test_the_time_of_a_frame_is_said_in_several_ways(tags: dict[str, Any], time: float | None) -> None:
    assert open_picture(make_dicom(noise((2, 4, 6), np.uint8), **tags)).facts.frame_time == time


def group(**tags: Any) -> Dataset:
    inner = Dataset()
    for keyword, value in tags.items():
        setattr(inner, keyword, value)
    return inner


def test_enhanced_objects_say_it_in_functional_groups() -> None:
    shared = group(
        PixelMeasuresSequence=Sequence([group(PixelSpacing=[2, 3])]),
        FrameVOILUTSequence=Sequence([group(WindowCenter=50, WindowWidth=101)]),
    )
    frames = [
        group(
            PixelValueTransformationSequence=Sequence(
                [group(RescaleSlope=slope, RescaleIntercept=0, RescaleType="SUV")]
            )
        )
        for slope in (2, 3)
    ]
    pixels = noise((2, 4, 6), np.uint8)
    tags: dict[str, Any] = {
        "SharedFunctionalGroupsSequence": Sequence([shared]),
        "PerFrameFunctionalGroupsSequence": Sequence(frames),
        "Modality": "PT",
    }
    picture = open_picture(make_dicom(pixels, **tags))
    assert (picture.facts.spacing, picture.facts.unit, picture.facts.rescale) == (
        (2.0, 3.0),
        "SUV",
        (2.0, 0.0),
    )
    assert picture.facts.windows == (("", -0.5, 99.5),)
    for index, slope in enumerate((2, 3)):
        np.testing.assert_array_equal(
            picture.values(picture.frame(index), index), pixels[index] * float(slope)
        )
