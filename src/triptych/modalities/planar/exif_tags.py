"""EXIF as a list of names and values (CIPA DC-008, TIFF 6.0), from bytes that nobody vouches for.

Each directory is read once, a limited number of its entries, and a limited part of each value: offsets may point
anywhere, also back, and many entries may name the same bytes.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL.ExifTags import GPSTAGS, IFD, TAGS

from triptych.modalities.planar.metadata_text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = 150
"""Entries of one directory that are read."""

VALUE_BYTES = 1024
"""Bytes of one value that are read."""

NUMBERS = 8
"""Numbers of one value that are shown."""

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_BYTE, _TEXT, _RATIONAL, _UNDEFINED, _SIGNED_RATIONAL = 1, 2, 5, 7, 10
_FORMS = {
    _BYTE: "B", _TEXT: "s", 3: "H", 4: "I", _RATIONAL: "II", 6: "b", _UNDEFINED: "s", 8: "h", 9: "i",
    _SIGNED_RATIONAL: "ii", 11: "f", 12: "d",
}  # fmt: skip

_OF_BYTES = {_BYTE, _TEXT, _UNDEFINED}

_DIRECTORIES = {IFD.Exif: "EXIF", IFD.GPSInfo: "GPS", IFD.Interop: "EXIF"}

TECHNICAL = {
    "ImageWidth", "ImageLength", "BitsPerSample", "Compression", "PhotometricInterpretation", "Make",
    "Model", "Orientation", "SamplesPerPixel", "XResolution", "YResolution", "PlanarConfiguration",
    "ResolutionUnit", "Software", "WhitePoint", "PrimaryChromaticities", "YCbCrCoefficients",
    "YCbCrSubSampling", "YCbCrPositioning", "ReferenceBlackWhite", "ExposureTime", "FNumber",
    "ExposureProgram", "SpectralSensitivity", "ISOSpeedRatings", "SensitivityType",
    "RecommendedExposureIndex", "ISOSpeed", "ExifVersion", "ComponentsConfiguration",
    "CompressedBitsPerPixel", "ShutterSpeedValue", "ApertureValue", "BrightnessValue", "ExposureBiasValue",
    "MaxApertureValue", "SubjectDistance", "MeteringMode", "LightSource", "Flash", "FocalLength",
    "FlashPixVersion", "ColorSpace", "ExifImageWidth", "ExifImageHeight", "FocalPlaneXResolution",
    "FocalPlaneYResolution", "FocalPlaneResolutionUnit", "ExposureIndex", "SensingMethod", "FileSource",
    "SceneType", "CustomRendered", "ExposureMode", "WhiteBalance", "DigitalZoomRatio",
    "FocalLengthIn35mmFilm", "SceneCaptureType", "GainControl", "Contrast", "Saturation", "Sharpness",
    "SubjectDistanceRange", "LensSpecification", "LensMake", "LensModel", "Gamma", "InteropIndex",
    "InteropVersion",
}  # fmt: skip
"""Tags that tell of the device and its settings, never of a person, a place or a time."""


class ExifEntry(NamedTuple):
    """One tag. `group` is EXIF or GPS; `personal`: it may tell of a person."""

    group: str
    name: str
    value: str
    personal: bool


def exif_entries(block: bytes) -> list[ExifEntry]:
    """The tags of a TIFF block that have a value to show; what is damaged is left out."""
    order = _ORDERS.get(block[:4])
    if order is None or len(block) < 8:
        return []
    waiting = [("EXIF", struct.unpack_from(order + "I", block, 4)[0])]
    seen: set[int] = set()
    found: list[ExifEntry] = []
    while waiting:
        group, start = waiting.pop(0)
        if start in seen or len(seen) > len(_DIRECTORIES):
            continue
        seen.add(start)
        for tag, kind, value in _directory(block, order, start):
            if tag in _DIRECTORIES and group == "EXIF":
                if isinstance(value, list) and value and isinstance(value[0], int):
                    waiting.append((_DIRECTORIES[IFD(tag)], value[0]))
                continue
            text = _shown(tag, kind, value)
            if text:
                name = _name(group, tag)
                found.append(ExifEntry(group, name, text, group == "GPS" or name not in TECHNICAL))
    return found


def _name(group: str, tag: int) -> str:
    names = GPSTAGS if group == "GPS" else TAGS
    return names.get(tag, f"Tag {tag:#06x}")


def _directory(block: bytes, order: str, start: int) -> Iterator[tuple[int, int, Any]]:
    """(tag, type, value) of the entries of a directory; a value is bytes or a list of numbers."""
    if start + 2 > len(block):
        return
    (count,) = struct.unpack_from(order + "H", block, start)
    for index in range(min(count, ENTRIES)):
        at = start + 2 + 12 * index
        if at + 12 > len(block):
            return
        tag, kind, number = struct.unpack_from(order + "HHI", block, at)
        form = _FORMS.get(kind)
        if form is None:
            continue
        size = struct.calcsize(order + form)
        place = at + 8 if number * size <= 4 else struct.unpack_from(order + "I", block, at + 8)[0]
        data = block[place : place + min(number * size, VALUE_BYTES)]
        if kind in _OF_BYTES:
            yield tag, kind, data
        else:
            shown = min(len(data) // size, NUMBERS + 1)
            yield tag, kind, _numbers(struct.unpack(order + form * shown, data[: shown * size]), kind)


def _numbers(values: tuple[Any, ...], kind: int) -> list[Any]:
    if kind not in (_RATIONAL, _SIGNED_RATIONAL):
        return list(values)
    pairs = zip(values[::2], values[1::2], strict=True)
    return [above / below if below else float("nan") for above, below in pairs]


_USER_COMMENT, _EXPOSURE_TIME = 0x9286, 0x829A
_UTF16 = range(0x9C9B, 0x9CA0)  # XPTitle to XPSubject, Windows' own


def _shown(tag: int, kind: int, value: Any) -> str:
    if kind not in _OF_BYTES:
        if tag == _EXPOSURE_TIME and len(value) == 1 and 1e-6 < value[0] < 0.5:
            return f"1/{1 / value[0]:.0f}"
        return _listed(value)
    if tag in _UTF16:
        return readable(value.decode("utf-16-le", "replace"))
    if kind == _BYTE and len(value) <= NUMBERS:
        return _listed(list(value))
    # Eight bytes name the encoding of a comment.
    text = (value[8:] if tag == _USER_COMMENT else value).rstrip(b"\0 ")
    try:
        plain = text.decode("utf-8")
    except UnicodeDecodeError:
        plain = text.decode("latin-1")
    return readable(plain) if plain.isprintable() else f"{len(value):,} bytes"


def _listed(numbers: list[Any]) -> str:
    return ", ".join(f"{number:.10g}" for number in numbers[:NUMBERS]) + ", …" * (len(numbers) > NUMBERS)
