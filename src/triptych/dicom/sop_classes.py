"""What an object is to a person, by its SOP class (PS3.4, B.5), and which objects have no pixels.

Names come from the dictionary of UIDs of pydicom (PS3.6, A); the common ones are said in words of the reading room.
"""

from __future__ import annotations

from functools import lru_cache

DICOMDIR = "1.2.840.10008.1.3.10"
SEGMENTATIONS = frozenset(("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"))
"""Segmentation Storage and Label Map Segmentation Storage."""

_STORAGE = "1.2.840.10008.5.1.4.1.1."

_NAMES = {
    DICOMDIR: "DICOMDIR",
    _STORAGE + "1": "X-ray image (CR)",
    _STORAGE + "1.1": "X-ray image (DX)",
    _STORAGE + "1.1.1": "X-ray image for processing (DX)",
    _STORAGE + "1.2": "Mammogram",
    _STORAGE + "1.2.1": "Mammogram for processing",
    _STORAGE + "2": "CT image",
    _STORAGE + "2.1": "Enhanced CT image",
    _STORAGE + "3.1": "Ultrasound clip",
    _STORAGE + "4": "MR image",
    _STORAGE + "4.1": "Enhanced MR image",
    _STORAGE + "4.2": "MR spectroscopy",
    _STORAGE + "6.1": "Ultrasound image",
    _STORAGE + "7": "Secondary capture",
    _STORAGE + "7.1": "Secondary captures, black and white",
    _STORAGE + "7.2": "Secondary captures, 8 bit grey",
    _STORAGE + "7.3": "Secondary captures, 16 bit grey",
    _STORAGE + "7.4": "Secondary captures, colour",
    _STORAGE + "9.1.1": "12-lead ECG",
    _STORAGE + "11.1": "Grayscale presentation state",
    _STORAGE + "11.2": "Color presentation state",
    _STORAGE + "11.3": "Pseudo-color presentation state",
    _STORAGE + "11.4": "Blending presentation state",
    _STORAGE + "12.1": "Angiogram",
    _STORAGE + "12.2": "Fluoroscopy image",
    _STORAGE + "13.1.3": "Breast tomosynthesis image",
    _STORAGE + "20": "Nuclear medicine image",
    _STORAGE + "30": "Parametric map",
    _STORAGE + "66": "Raw data",
    _STORAGE + "66.1": "Spatial registration",
    _STORAGE + "66.3": "Deformable spatial registration",
    _STORAGE + "66.4": "Segmentation",
    _STORAGE + "66.5": "Surface segmentation",
    _STORAGE + "66.7": "Label map segmentation",
    _STORAGE + "67": "Real world value mapping",
    _STORAGE + "77.1.4": "Photograph",
    _STORAGE + "77.1.6": "Whole slide image",
    _STORAGE + "88.11": "Basic Text structured report",
    _STORAGE + "88.22": "Enhanced structured report",
    _STORAGE + "88.33": "Comprehensive structured report",
    _STORAGE + "88.34": "Comprehensive 3D structured report",
    _STORAGE + "88.50": "Mammography CAD structured report",
    _STORAGE + "88.59": "Key object selection",
    _STORAGE + "88.65": "Chest CAD structured report",
    _STORAGE + "88.67": "X-ray dose structured report",
    _STORAGE + "104.1": "Encapsulated PDF",
    _STORAGE + "104.2": "Encapsulated CDA document",
    _STORAGE + "104.3": "Encapsulated STL model",
    _STORAGE + "128": "PET image",
    _STORAGE + "130": "Enhanced PET image",
    _STORAGE + "481.1": "RT image",
    _STORAGE + "481.2": "RT dose",
    _STORAGE + "481.3": "RT structure set",
    _STORAGE + "481.4": "RT beams treatment record",
    _STORAGE + "481.5": "RT plan",
    _STORAGE + "481.8": "RT ion plan",
}

# Roots whose classes have no pixel module; `_WITH_PIXELS` lists what stands below them and has one.
_WITHOUT_PIXELS = (
    "4.2", "9", "10", "11", "66", "67", "68", "77.1.5.3", "78", "79", "80", "88", "90", "91", "104", "129",
    "131", "200", "201", "481",
)  # fmt: skip
_WITH_PIXELS = frozenset(_STORAGE + end for end in ("66.4", "66.7", "481.1", "481.2", "481.23", "481.24"))
_OTHER_ROOTS = (DICOMDIR, "1.2.840.10008.5.1.4.38", "1.2.840.10008.5.1.4.39", "1.2.840.10008.5.1.4.43",
                "1.2.840.10008.5.1.4.44", "1.2.840.10008.5.1.4.45", "1.2.840.10008.5.1.4.34")  # fmt: skip
_ROOTS = tuple(_STORAGE + end for end in _WITHOUT_PIXELS) + _OTHER_ROOTS


@lru_cache(maxsize=4096)
def has_no_pixels(sop_class: str | None) -> bool:
    """Whether objects of the class never have pixels: reports, presentation states, RT plans, ECGs, DICOMDIR."""
    if sop_class is None or sop_class in _WITH_PIXELS:
        return False
    return any(sop_class == root or sop_class.startswith(root + ".") for root in _ROOTS)


@lru_cache(maxsize=4096)
def object_name(sop_class: str | None) -> str:
    """What an object is, e.g. "RT structure set"; a class that nobody registered is "Private object"."""
    if not sop_class:
        return "Object of an unknown kind"
    if sop_class in _NAMES:
        return _NAMES[sop_class]
    from pydicom._uid_dict import UID_dictionary

    name = UID_dictionary[sop_class][0] if sop_class in UID_dictionary else ""
    if not name:
        return "Object of an unknown kind" if sop_class.startswith("1.2.840.10008.") else "Private object"
    name = name.removesuffix(" (Retired)").replace(" SOP Class", "").replace(" - Trial", "")
    return name.replace(" Storage", "").replace(" SR", " structured report").strip()
