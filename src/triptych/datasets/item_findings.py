"""What is said of a single item: the findings that it has of its own, by the codes that are kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triptych.core.findings import Severity
from triptych.datasets.item_text import ItemText
from triptych.datasets.raster_findings import RASTER_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


PICTURE_TEXTS: dict[str, ItemText] = {
    "exif_orientation": ItemText(
        Severity.NOTE,
        "EXIF orientation",
        "The file carries the EXIF orientation {detail}. The picture is shown and measured upright.",
        "Boxes count from the upright picture's top left corner; check those drawn on the raw pixels.",
    ),
    "exif_damaged": ItemText(
        Severity.NOTE,
        "EXIF damaged",
        "The file's EXIF data is damaged. Its orientation is taken as upright.",
        "Turn the picture by hand if it lies on its side.",
    ),
    "icc_profile": ItemText(
        Severity.NOTE,
        "Colour profile",
        "The file carries a colour profile other than sRGB: {detail}. Values are kept as stored.",
        "Convert to sRGB before the import if colours must compare between pictures.",
    ),
    "ink_colors": ItemText(
        Severity.WARNING,
        "Printing inks (CMYK)",
        "The picture is stored as four printing inks (CMYK).",
        "Convert to RGB if the others are RGB; a network would see four bands here and three there.",
    ),
    "more_than_8_bits": ItemText(
        Severity.NOTE,
        "More than 8 bits",
        "The picture has {detail} bits per sample. All bits are kept.",
        "Check that training scales by the bit depth, not by 255.",
    ),
    "ok_forced": ItemText(
        Severity.NOTE,
        "DICOM without its mark",
        "The file lacks the mark that DICOM files begin with. It is read all the same.",
        "Nothing to do; a program that exports with the mark (PS3.10) spares other tools the guess.",
    ),
    "ok_padded": ItemText(
        Severity.WARNING,
        "Pixels missing",
        "The file holds less pixel data than it declares. What is missing is zero.",
        "Export the file again: the lower part of its last picture is lost.",
    ),
    "animation": ItemText(
        Severity.WARNING,
        "Animation",
        "The file holds an animation. Its first picture is taken.",
        "Export the frames as files of their own if they all matter.",
    ),
    "several_pictures": ItemText(
        Severity.NOTE,
        "Several pictures",
        "The file holds more than one picture (MPO). The first is taken.",
        "Export the others as files of their own if they matter.",
    ),
    "bytes_after_picture": ItemText(
        Severity.NOTE,
        "Bytes after the picture",
        "The file goes on after the end of the picture. The extra bytes are kept in the original.",
        "Nothing to do, unless a second file was glued on by mistake.",
    ),
    "end_missing": ItemText(
        Severity.NOTE,
        "End missing",
        "The file lacks the mark of its end, yet all pixels are there.",
        "Save it again with another program if other tools refuse it.",
    ),
    "transparent_color": ItemText(
        Severity.NOTE,
        "Transparent colour",
        "The file declares one colour as transparent. It is kept as an ordinary colour.",
        "Nothing to do, unless the transparency is meant as a mask.",
    ),
    "wrong_ending": ItemText(
        Severity.NOTE,
        "Wrong file ending",
        "The file is of another format than its ending says, or has none. Its content decides.",
        "Rename it if other programs go by the ending.",
    ),
    "size_outside_limits": ItemText(
        Severity.WARNING,
        "Size outside the limits",
        "The picture has a side outside the limits that are set. It is imported.",
        "Add with limits=original to reject such pictures, or change TRIPTYCH_SIDE_MIN and TRIPTYCH_SIDE_MAX.",
    ),
}

TEXTS = PICTURE_TEXTS | RASTER_TEXTS


def finding_label(code: str) -> str:
    """A few words for a code; one that a later release has written stands for itself."""
    text = TEXTS.get(code)
    return code.replace("_", " ") if text is None else text.label


def gravest(codes: Iterable[str]) -> str | None:
    """The severity of the gravest of an item's findings; None without any."""
    rank = list(Severity)
    found = [TEXTS[code].severity if code in TEXTS else Severity.NOTE for code in codes]
    return min(found, key=rank.index).value if found else None


def own_findings(codes: Iterable[str], details: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings of an item as documents, gravest first; `details` is what was found, by code."""
    rank = list(Severity)
    known = sorted(
        (code for code in codes if code in TEXTS), key=lambda code: rank.index(TEXTS[code].severity)
    )
    return [
        {
            "severity": TEXTS[code].severity.value,
            "code": code,
            "message": TEXTS[code].message.format(detail=details.get(code, "")),
            "hint": TEXTS[code].hint,
        }
        for code in known
    ]
