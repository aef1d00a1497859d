"""What is said about label files: every code with its severity, its message and what to do."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.formats.tally import Notice

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_ROWS = "Correct these rows and add the source again."

NOTICES = {
    # the file as text
    "csv_encoding_guessed": Notice(
        _WARNING,
        "{subject} is not UTF-8.",
        "Save it as UTF-8, or name its encoding with --option csv_encoding=NAME.",
    ),
    "csv_delimiter": Notice(
        _WARNING, "{subject} is not separated by commas.", "Nothing to do if the labels are right."
    ),
    "csv_decimal_comma": Notice(
        _WARNING, "{subject} writes numbers with a decimal comma.", "Nothing to do if the boxes are right."
    ),
    "csv_cr_line_ends": Notice(
        _WARNING,
        "{subject} ends its lines with a carriage return alone, as Macs did long ago; it is read that way.",
        "Nothing to do if the labels are right.",
    ),
    "nul_removed": Notice(
        _WARNING,
        "{subject} holds NUL bytes; they are left out.",
        "Check the cells around them and save again.",
    ),
    "quote_unclosed": Notice(
        _ERROR,
        "{subject} has quotation marks that do not pair up; it is read line by line, stray marks left out.",
        'Close each quotation mark; a mark inside a cell is written twice ("").',
    ),
    "spaces_trimmed": Notice(
        _WARNING, "{subject} has spaces around its values; they are left out.", "Nothing to do."
    ),
    "blank_rows": Notice(_WARNING, "{subject} has blank rows; they are skipped.", "Nothing to do."),
    "header_found": Notice(
        _WARNING,
        "{subject} begins with a header, which is not a label.",
        "Nothing to do if the columns are read right.",
    ),
    "columns_ignored": Notice(
        _WARNING, "{subject} has columns that are not read.", "Nothing to do if they are no labels."
    ),
    "columns_mixed": Notice(
        _WARNING,
        "{subject} mixes rows of different kinds; each kind becomes an annotation set of its own.",
        "Give each kind of label a file of its own.",
    ),
    "label_file_empty": Notice(
        _WARNING, "{subject} is empty, so no picture is labelled.", "Remove it, or write the labels into it."
    ),
    "label_file_without_labels": Notice(
        _ERROR, "{subject} names pictures but gives none a label.", "Fill in its classes."
    ),
    # rows
    "row_unreadable": Notice(_ERROR, "{subject}: rows that cannot be read are skipped.", _ROWS),
    "class_empty": Notice(_ERROR, "{subject}: rows without a class are skipped.", _ROWS),
    "value_not_binary": Notice(
        _ERROR, "{subject}: rows whose third column is neither 0 nor 1 are skipped.", _ROWS
    ),
    "values_contradict": Notice(
        _ERROR, "{subject}: rows give a picture and class both 0 and 1; the first one counts.", _ROWS
    ),
    "duplicate_rows": Notice(
        _WARNING, "{subject}: rows repeat an earlier row; each label counts once.", "Nothing to do."
    ),
    "conflicting_labels": Notice(
        _WARNING,
        "{subject}: pictures have several classes in a file of two columns; it is read as multi-label.",
        "If each picture has one class only, remove the wrong rows.",
    ),
    "nothing_and_labels": Notice(
        _WARNING,
        '{subject}: pictures are both labelled and marked "nothing to label"; the labels count.',
        _ROWS,
    ),
    "one_hot_single_label": Notice(
        _NOTE,
        "{subject}: every listed picture has exactly one 1, so it is read as single-label.",
        "Nothing to do if each picture has one class only.",
    ),
    "paths_only": Notice(
        _WARNING,
        "{subject} names pictures and no classes; each counts as looked at, with nothing there.",
        "Add a second column with the class, or remove the file.",
    ),
    # classes
    "class_name_long": Notice(
        _WARNING,
        "{subject}: names of classes over 1,000 characters are cut; the end tells them apart.",
        "Give the class a shorter name.",
    ),
    "class_names_alike": Notice(
        _WARNING,
        "{subject}: names of classes differ in capitals, spaces or accents alone; they stay apart.",
        "Rename them if they mean the same.",
    ),
    "class_too_small": Notice(
        _NOTE, "{subject}: classes have too few pictures to be learned.", "Add pictures to them."
    ),
    # boxes
    "box_zero_size": Notice(
        _WARNING, "{subject}: boxes have no width or no height; they are kept.", "Correct or remove them."
    ),
    "box_negative_size": Notice(
        _ERROR, "{subject}: boxes with a negative width or height are left out.", _ROWS
    ),
    # masks
    "unknown_mask_codec": Notice(
        _ERROR,
        "{subject}: cells of masks have no form that is known; they are left out, and none is guessed.",
        "Write the mask as base64 of zlib of one byte for each pixel, row by row.",
    ),
    "mask_size_differs": Notice(
        _ERROR,
        "{subject}: masks have another size than their picture and are left out.",
        "Make them of one size.",
    ),
    "mask_empty": Notice(
        _NOTE,
        "{subject}: masks cover no pixel; without another mask the picture counts as looked at, with nothing there.",
        "Nothing to do.",
    ),
    # pictures
    "label_without_image": Notice(
        _WARNING,
        "{subject}: rows name pictures that are not in the source.",
        "Add the pictures, or remove the rows.",
    ),
    "image_without_label": Notice(
        _WARNING,
        "{subject} does not list these pictures; they are imported and not part of its annotation.",
        "Nothing to do if they are meant to be without labels.",
    ),
    "match_ambiguous": Notice(
        _ERROR,
        "{subject}: rows fit several pictures and are skipped.",
        "Write the whole path of the picture, with its ending.",
    ),
    "matched_by_case": Notice(
        _WARNING,
        "{subject}: names of pictures differ in capitals from the files; they are matched.",
        "Nothing to do if the pictures are the right ones.",
    ),
    "matched_without_ending": Notice(
        _WARNING,
        "{subject}: names of pictures lack the file's ending or have another; they are matched.",
        "Nothing to do if the pictures are the right ones.",
    ),
    "matched_by_name": Notice(
        _WARNING,
        "{subject}: names of pictures lie in another folder than written; they are matched by name alone.",
        "Nothing to do if the pictures are the right ones.",
    ),
    "matched_by_separator": Notice(
        _WARNING,
        "{subject}: paths of pictures are written with backslashes; they are read as folders.",
        "Nothing to do if the pictures are the right ones.",
    ),
    # the sidecar
    "class_added": Notice(
        _NOTE, "{subject} names classes that triptych.json does not list; they are added.", "Nothing to do."
    ),
}
