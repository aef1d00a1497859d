"""What objects are called, and which have no pixels, for every class of pydicom's dictionary."""

from __future__ import annotations

import pytest
from pydicom import examples
from pydicom._uid_dict import UID_dictionary

from triptych.dicom.sop_classes import DICOMDIR, SEGMENTATIONS, has_no_pixels, object_name

STORAGE = {
    uid: entry[0]
    for uid, entry in UID_dictionary.items()
    if uid.startswith("1.2.840.10008.5.1.4.1.1.") and entry[1] == "SOP Class" and entry[0]
}


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.11", "Basic Text structured report"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "Grayscale presentation state"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "RT structure set"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "Segmentation"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF"),
        (DICOMDIR, "DICOMDIR"),
        ("1.2.840.10008.5.1.4.1.1.88.40", "Procedure Log"),
        ("1.2.840.10008.5.1.4.1.1.88.69", "Colon CAD structured report"),
        ("1.2.840.113619.4.26", "Private object"),
        ("1.2.840.10008.5.1.4.1.1.9999", "Object of an unknown kind"),
        ("not a uid", "Private object"),
        ("", "Object of an unknown kind"),
        (None, "Object of an unknown kind"),
    ],
)
def test_objects_are_called_what_people_call_them(uid: str | None, name: str) -> None:
    assert object_name(uid) == name


def test_every_class_of_storage_has_a_name_without_the_word_storage() -> None:
    assert len(STORAGE) > 150
    for uid in STORAGE:
        name = object_name(uid)
        assert name
        assert "Storage" not in name
        assert name != uid


def test_what_is_called_an_image_has_pixels_and_reports_have_none() -> None:
    for uid, name in STORAGE.items():
        if "Image" in name and "Presentation State" not in name:
            assert not has_no_pixels(uid), name
        if " SR" in name or "Presentation State" in name or "Waveform" in name or "Encapsulated" in name:
            assert has_no_pixels(uid), name


def test_segmentations_and_doses_have_pixels_plans_and_directories_have_none() -> None:
    assert not any(has_no_pixels(uid) for uid in SEGMENTATIONS)
    assert not has_no_pixels("1.2.840.10008.5.1.4.1.1.481.2")
    assert has_no_pixels("1.2.840.10008.5.1.4.1.1.481.5")
    assert has_no_pixels(DICOMDIR)
    assert not has_no_pixels(None)


def test_the_examples_of_pydicom_agree() -> None:
    for dataset in (examples.ct, examples.mr, examples.rt_dose, examples.rt_plan):
        assert has_no_pixels(str(dataset.SOPClassUID)) == ("PixelData" not in dataset)
