"""What is said about files that are imported all the same: the code of a note → the finding."""

from __future__ import annotations

from triptych.core.findings import Finding, Severity
from triptych.modalities.geospatial.notes import NOTES as RASTER_NOTES
from triptych.modalities.planar.notes import NOTES, NoteText

SIZE_OUTSIDE_LIMITS = NoteText(
    Severity.WARNING,
    "Pictures have a side outside the limits that are set: {count}. They are imported.",
    "Add with limits=original to reject them, or change TRIPTYCH_SIDE_MIN and TRIPTYCH_SIDE_MAX.",
)

WRONG_ENDING = NoteText(
    Severity.NOTE,
    "Pictures are of another format than their ending says, or have none: {count}. Their content decides.",
    "Rename them if other programs go by the ending.",
)
PERSONAL_TAGS = NoteText(
    Severity.NOTE,
    "DICOM files name persons (patients, physicians, places): {count}. They are stored as they are.",
    "Remove those tags before the import if they must not be here. Only those who may edit the dataset see them.",
)
OF_MANY = {"personal_tags": PERSONAL_TAGS}
"""What is told of a dataset and flags no single item."""

LABEL_SIZE_DIFFERS = NoteText(
    Severity.ERROR,
    "Labels have another size than their chip, on other ground, and are left out: {count}.",
    "Save them in the size of their chip, by nearest neighbour.",
)
LAYER_SIZE_DIFFERS = NoteText(
    Severity.WARNING,
    "Data sources of a chip differ in size and in the ground that they cover: {count}. They are kept as they are.",
    "Cut them from the same rectangle if a model is to see them together.",
)
LAYER_RESOLUTION_DIFFERS = NoteText(
    Severity.WARNING,
    "Layers of a chip cover the same ground in another resolution: {count}. They are kept as they are.",
    "Training has to resample them; labels by nearest neighbour.",
)

OWN_NOTES = {
    "size_outside_limits": SIZE_OUTSIDE_LIMITS,
    "wrong_ending": WRONG_ENDING,
    "label_size_differs": LABEL_SIZE_DIFFERS,
    "layer_size_differs": LAYER_SIZE_DIFFERS,
    "layer_resolution_differs": LAYER_RESOLUTION_DIFFERS,
}


def describe_note(code: str, count: int, examples: tuple[str, ...]) -> Finding:
    """The finding for a note of a decoder, with how often and where it was seen."""
    note = OF_MANY.get(code) or OWN_NOTES.get(code) or RASTER_NOTES.get(code) or NOTES[code]
    return Finding(
        note.severity, code, note.message.format(count=f"{count:,}"), note.hint, "", count, examples
    )
