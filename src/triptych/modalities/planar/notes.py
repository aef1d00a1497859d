"""What is noticed about a single picture that is imported: stable codes with what they mean for a person."""

from __future__ import annotations

from typing import NamedTuple

from triptych.core.findings import Severity

Note = tuple[str, str]
"""A code of NOTES and a detail: the value that was found ("6", "Display P3", "1042 bytes")."""


class NoteText(NamedTuple):
    """How a note is told: `message` takes the number of pictures as {count}."""

    severity: Severity
    message: str
    hint: str


NOTES: dict[str, NoteText] = {
    "exif_orientation": NoteText(
        Severity.NOTE,
        "Pictures carry an EXIF orientation: {count}. They are shown and measured upright.",
        "Boxes and masks count from the upright picture's top left corner; check those drawn on the raw pixels.",
    ),
    "exif_damaged": NoteText(
        Severity.NOTE,
        "The EXIF data of pictures is damaged: {count}. Their orientation is taken as upright.",
        "Turn the picture by hand if it lies on its side.",
    ),
    "icc_profile": NoteText(
        Severity.NOTE,
        "Pictures carry a colour profile other than sRGB: {count}. Values are kept as stored.",
        "Convert to sRGB before the import if colours must compare between pictures.",
    ),
    "ink_colors": NoteText(
        Severity.WARNING,
        "Pictures are stored as four printing inks (CMYK): {count}.",
        "Convert to RGB if the others are RGB; a network would see four bands here and three there.",
    ),
    "more_than_8_bits": NoteText(
        Severity.NOTE,
        "Pictures have more than 8 bits per sample: {count}. All bits are kept; thumbnails are brightened.",
        "Check that training scales by the bit depth, not by 255.",
    ),
    "animation": NoteText(
        Severity.WARNING,
        "Pictures hold an animation: {count}. The first picture of each is taken.",
        "Export the frames as files of their own if they all matter.",
    ),
    "several_pictures": NoteText(
        Severity.NOTE,
        "Files hold more than one picture (MPO): {count}. The first of each is taken.",
        "Export the others as files of their own if they matter.",
    ),
    "bytes_after_picture": NoteText(
        Severity.NOTE,
        "Files go on after the end of the picture: {count}. The extra bytes are kept in the original.",
        "Nothing to do, unless a second file was glued on by mistake.",
    ),
    "end_missing": NoteText(
        Severity.NOTE,
        "Files lack the mark of their end, yet all pixels are there: {count}.",
        "Save them again with another program if other tools refuse them.",
    ),
    "transparent_color": NoteText(
        Severity.NOTE,
        "Pictures declare one colour as transparent: {count}. It is kept as an ordinary colour.",
        "Nothing to do, unless the transparency is meant as a mask.",
    ),
    "ok_forced": NoteText(
        Severity.NOTE,
        "Files lack the mark that DICOM files begin with: {count}. They are read all the same.",
        "Nothing to do; a program that exports with the mark (PS3.10) spares other tools the guess.",
    ),
    "ok_padded": NoteText(
        Severity.WARNING,
        "DICOM files hold less pixel data than they declare: {count}. What is missing is zero.",
        "Export the files again: the lower part of their last picture is lost.",
    ),
}
