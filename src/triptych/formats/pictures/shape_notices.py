"""What is said about label files of other tools: every code with its severity, its message and what to do."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.formats.label_csv.notices import NOTICES as LABEL_NOTICES
from triptych.formats.tally import Notice

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_MEND = "Correct them and add the source again."

SHAPE_NOTICES = {
    "label_file_unreadable": Notice(_ERROR, "Label files that cannot be read are left out.", _MEND),
    "shape_unreadable": Notice(_ERROR, "Shapes that cannot be read are left out.", _MEND),
    "outline_too_long": Notice(
        _ERROR,
        "Outlines are longer than any object's and are left out, for drawing them would take too long.",
        "Simplify them and add the source again.",
    ),
    "picture_size_unknown": Notice(
        _ERROR,
        "Neither the label file nor the first bytes of pictures tell their size; outlines and fractions on them "
        "are left out.",
        "Write the width and height of each picture into the label file.",
    ),
    "sizes_sampled": Notice(
        _NOTE,
        "Not all sizes of pictures were looked up; of the others they are supposed.",
        "Nothing to do: the import looks all of them up.",
    ),
    "class_without_name": Notice(
        _WARNING,
        'Labels use numbers of classes that no list names; such a class is called "class" and its number.',
        "Add the names to the list of classes.",
    ),
    "class_listed_twice": Notice(
        _WARNING, "The list of classes has a number or a name twice; the first one counts.", _MEND
    ),
    "lines_and_points": Notice(
        _WARNING,
        "Lines and points are kept in the segmentation set; training on areas may not take them.",
        "Nothing to do, or draw them as polygons.",
    ),
    "circle_as_polygon": Notice(_NOTE, "Circles are kept as polygons of 64 corners.", "Nothing to do."),
    "embedded_picture": Notice(
        _NOTE, "Pictures lie inside the label files; they are taken from there.", "Nothing to do."
    ),
    "embedded_picture_unused": Notice(
        _NOTE,
        "Label files hold a picture and name one that is in the source; the one in the source counts.",
        "Nothing to do.",
    ),
    "embedded_picture_bad": Notice(
        _ERROR,
        "Label files hold something in place of their picture that is none, and no picture beside them fits; "
        "they are left out.",
        "Put the pictures beside the label files.",
    ),
    "picture_labelled_twice": Notice(
        _WARNING, "Several label files are about one picture; what all of them say is kept.", _MEND
    ),
    "annotation_without_image": Notice(
        _ERROR, "{subject}: annotations name an image that the file does not list; they are left out.", _MEND
    ),
    "crowd_kept": Notice(
        _NOTE,
        "{subject}: annotations of crowds (iscrowd) are kept as ordinary ones.",
        "Nothing to do if crowds may count as objects.",
    ),
    "coco_not_read": Notice(
        _NOTE,
        "{subject}: captions, key points and segments of panoptic pictures are not read.",
        "Nothing to do.",
    ),
    "area_differs": Notice(
        _WARNING,
        "{subject}: shapes cover an area that is far from the one written beside them; the shape counts.",
        "Check whether the file fits these pictures.",
    ),
    "fraction_outside": Notice(
        _WARNING,
        "Shapes leave their picture (fractions outside 0 to 1); they are kept as they stand.",
        "Correct them if they should not.",
    ),
    "names_file_unclear": Notice(
        _WARNING,
        "Lines of the file that names classes are not understood and are skipped.",
        "Check the names.",
    ),
    "keypoints_not_read": Notice(_NOTE, "Key points are not read; their boxes are.", "Nothing to do."),
    "object_flags_not_kept": Notice(
        _NOTE,
        "Objects are marked as difficult, truncated or occluded; they are kept, the marks are not.",
        "Nothing to do.",
    ),
    "object_parts_not_read": Notice(
        _NOTE, "Parts of objects (head, hand, foot) are not read.", "Nothing to do."
    ),
    "split_list_unmatched": Notice(
        _WARNING, "Lists of parts name pictures that are not in the source.", "Add them, or mend the lists."
    ),
    "part_conflict": Notice(
        _WARNING,
        "Pictures are listed in several parts; the first part counts.",
        "List each in one part only.",
    ),
    "mask_reading_guessed": Notice(
        _WARNING,
        "How the values of masks are meant is a guess, by those of at most 200 masks.",
        "Say it with --option masks=classes, masks=instances or masks=binary.",
    ),
    "mask_without_image": Notice(
        _WARNING, "Masks belong to no picture of the source; they are left out.", "Add the pictures."
    ),
    "image_without_mask": Notice(
        _NOTE, "Pictures have no mask; they are not part of the annotation.", "Nothing to do."
    ),
    "mask_unreadable": Notice(_ERROR, "Masks that cannot be read are left out.", _MEND),
    "mask_ignored_value": Notice(
        _NOTE,
        "Masks hold the value 255, by which Pascal VOC marks what is to be ignored; it is left out, as if "
        "nothing were there.",
        "Nothing to do, or give what is there a value of its own.",
    ),
    "sidecar_labels_changed": Notice(
        _WARNING,
        "Annotation sets of triptych.json lie in files that were changed, or are not here; what is here is read "
        "without it.",
        "Nothing to do where the change was meant.",
    ),
}

_GENERAL = {
    "mask_size_differs": "Masks have another size than their picture and are left out.",
    "box_zero_size": "Boxes have no width or no height; they are kept.",
    "box_negative_size": "Boxes with a negative width or height are left out.",
    "label_without_image": "Label files name pictures that are not in the source.",
    "image_without_label": "No label file is about these pictures; they are imported and not part of the annotation.",
    "match_ambiguous": "Names in label files fit several pictures and are skipped.",
    "matched_by_case": "Names of pictures differ in capitals from the files; they are matched.",
    "matched_without_ending": "Names of pictures lack the file's ending or have another; they are matched.",
    "matched_by_name": "Pictures lie in another folder than written; they are matched by name alone.",
    "matched_by_separator": "Paths of pictures are written with backslashes; they are read as folders.",
    "class_name_long": "Names of classes over 1,000 characters are cut; the end tells them apart.",
    "class_names_alike": "Names of classes differ in capitals, spaces or accents alone; they stay apart.",
}

NOTICES = SHAPE_NOTICES | {
    code: LABEL_NOTICES[code]._replace(message=message) for code, message in _GENERAL.items()
}
"""With the codes of label files in csv, said without their rows."""
