"""What is said about pictures and folders: every code with its severity, its message and what to do."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.formats.pictures.shape_notices import SHAPE_NOTICES
from triptych.formats.tally import Notice

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NOTICES = SHAPE_NOTICES | {
    "image_folder_case": Notice(
        _WARNING, "The folder of pictures is not called image, in lower case.", "Nothing to do here; "
        "other programs may want it called image.",
    ),
    "classes_folder_case": Notice(
        _WARNING, "The folder of classes is not called Classes, with a capital C.", "Nothing to do here; "
        "other programs may want it called Classes.",
    ),
    "label_file_case": Notice(
        _WARNING, "{subject} is not called label.csv, in lower case.", "Nothing to do here; "
        "other programs may want it called label.csv.",
    ),
    "label_file_inside": Notice(
        _WARNING, "{subject} lies inside the folder of pictures instead of beside it.", "Nothing to do here; "
        "other programs may want it beside the folder.",
    ),
    "two_layouts": Notice(
        _WARNING,
        "Both image/ and Classes/ hold pictures; all are imported, those outside Classes/ without a class "
        "of a folder.",
        "Pack the two apart if they are meant to be two datasets.",
    ),
    "picture_outside": Notice(
        _NOTE, "Pictures lie outside the folder of the layout; they are imported too.", "Nothing to do."
    ),
    "picture_without_class": Notice(
        _WARNING,
        "Pictures lie in Classes/ itself; they are imported without a class.",
        "Move them into the folder of their class.",
    ),
    "picture_by_content": Notice(
        _WARNING,
        "Files without the ending of a JPG or PNG picture hold one; they are imported.",
        "Give them the ending .jpg or .png.",
    ),
    "picture_format_unread": Notice(
        _WARNING,
        "Pictures of other formats are left out.",
        "Save them as PNG, or add them as a dataset of their own.",
    ),
    "not_a_picture": Notice(
        _NOTE, "Files that are neither a picture nor a label file are left out.", "Nothing to do."
    ),
    "label_file_not_csv": Notice(
        _WARNING,
        "A file is called like a label file and is none.",
        "Save it as label.csv, values separated by commas.",
    ),
    "csv_not_labels": Notice(
        _WARNING, "{subject} does not hold labels of these pictures and is left out:", "Nothing to do if it "
        "holds something else."
    ),
    "labels_ignored": Notice(
        _WARNING, "Label files are left out, as was asked for.", "Leave out --option labels=ignore to read them."
    ),
    "key_changed": Notice(
        _WARNING, "Several pictures would have the same key; a number tells them apart.", "Nothing to do."
    ),
    "names_differ_in_case": Notice(
        _NOTE,
        "Names of pictures differ in capitals alone; all are imported.",
        "Windows and macOS cannot unpack them into one folder.",
    ),
    "ragged_structure": Notice(
        _WARNING,
        "Pictures lie deeper or less deep than study and series, or in a series without a number.",
        "The layout is image/STUDY/Series1/picture.",
    ),
    "class_too_small": Notice(
        _WARNING, "Classes have too few pictures to be learned.", "Add pictures to them, or remove the class."
    ),
    "same_picture_in_classes": Notice(
        _WARNING,
        "Files that are alike in name, size and beginning lie in several classes; each is imported as a picture "
        "of its own.",
        "Keep the one in the right class if they are the same picture.",
    ),
    "class_names_alike": Notice(
        _WARNING,
        "Folders of classes differ in capitals, spaces or accents alone; they stay apart.",
        "Rename them if they mean the same.",
    ),
    "folders_could_be_classes": Notice(
        _NOTE,
        "The pictures lie in folders as classes do, but not below Classes/; no class is taken from them.",
        "Put the folders into one called Classes if they are classes.",
    ),
    "sidecar_incomplete": Notice(
        _WARNING, "Pictures are not listed in triptych.json; they are read by their place.", "Nothing to do."
    ),
    "sidecar_member_missing": Notice(
        _WARNING, "Pictures that triptych.json lists are not in the source.", "Add them, or export again."
    ),
    "not_in_tables": Notice(
        _WARNING, "Files that the tables of the export do not name are left out.", "Nothing to do."
    ),
    "sidecar_labels_changed": Notice(
        _WARNING,
        "{subject} was changed since it was exported; it is read as any label file.",
        "Nothing to do if the change was meant.",
    ),
    "sidecar_labels_missing": Notice(
        _WARNING, "{subject} is named in triptych.json and is not in the source.", "Add it, or export again."
    ),
}  # fmt: skip
