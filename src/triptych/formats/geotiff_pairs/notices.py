"""What is said about sources of rasters: every code with its severity, its message and what to do."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.formats.tally import Notice

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NOTICES = {
    "suffixes_guessed": Notice(
        _NOTE,
        "Files are paired by suffixes that were found in their names.",
        "Others are said with data_suffixes and label_suffix.",
    ),
    "suffix_without_files": Notice(
        _WARNING,
        "A suffix that was asked for ends the name of no file.",
        "Look at the names in the examples, and correct the suffix.",
    ),
    "label_suffix_guessed": Notice(
        _WARNING,
        "No name says which files are labels; those with one band of whole numbers are taken for them.",
        "Say label_suffix=SUFFIX.",
    ),
    "labels_beside_labels": Notice(
        _NOTE,
        "More than one kind of file is called as labels; one counts as the labels, the others as data sources.",
        "Say label_suffix=SUFFIX for another.",
    ),
    "purpose_guessed": Notice(
        _NOTE, "The purpose follows from the labels.", "Say another with purpose=NAME."
    ),
    "labels_missing": Notice(
        _WARNING,
        "The purpose needs labels, and there are none.",
        "Add them, name their files with label_suffix, or say another purpose.",
    ),
    "data_without_label": Notice(
        _WARNING, "Chips have no label; they are imported without one.", "Add the missing files."
    ),
    "label_without_data": Notice(
        _WARNING, "Labels belong to no chip; they are left out.", "Add the data that they belong to."
    ),
    "source_missing": Notice(
        _WARNING,
        "Chips lack a data source that others have; they are imported with those that they have.",
        "Add the missing files, or train on sources that all chips have.",
    ),
    "duplicate_stem": Notice(
        _WARNING,
        "Several files are the same data source or label of one chip; the first by name counts, the others are left "
        "out.",
        "Give each chip one file for each suffix.",
    ),
    "no_suffix_matches": Notice(
        _WARNING,
        "Rasters end with none of the suffixes; they are left out.",
        "Add their suffix to data_suffixes, or rename them.",
    ),
    "preview_left_out": Notice(
        _NOTE,
        "Coloured PNG pictures beside rasters are taken for previews and left out.",
        "Say label_suffix=SUFFIX where they are labels.",
    ),
    "not_a_raster": Notice(
        _NOTE, "Files that are neither rasters nor labels are left out.", "Nothing to do."
    ),
    "headers_sampled": Notice(
        _NOTE,
        "What is said of sizes, bands and coordinate systems rests on a sample of the files.",
        "Nothing to do: each file is checked when it is imported.",
    ),
    "header_unreadable": Notice(
        _WARNING,
        "The header of rasters cannot be read; whether they can be imported shows then.",
        "Write them anew, with gdal_translate for instance.",
    ),
    "header_out_of_reach": Notice(
        _NOTE,
        "The header of rasters stands behind their pixels and was not read beforehand.",
        "Nothing to do. A Cloud Optimized GeoTIFF has it in front.",
    ),
    "band_count_differs": Notice(
        _WARNING,
        "Rasters of one data source differ in their number of bands.",
        "Write them with the same bands, or use bands alone that all of them have.",
    ),
    "dtype_differs": Notice(
        _WARNING,
        "Rasters of one data source differ in their data type.",
        "Write them with the same type; mixed types train, but may be scaled differently.",
    ),
    "size_differs": Notice(
        _NOTE,
        "Chips differ in size.",
        "Nothing to do: patches for training come from a grid.",
    ),
    "source_size_differs": Notice(
        _NOTE,
        "Data sources of one chip differ in size.",
        "Nothing to do where their resolutions differ; else cut them alike.",
    ),
    "label_size_differs": Notice(
        _ERROR,
        "Labels have another size than the data of their chip.",
        "Cut them alike: a label says what each pixel is.",
    ),
    "label_bands": Notice(
        _WARNING,
        "Labels have more than one band; the first one counts.",
        "Write labels with one band.",
    ),
    "crs_differs": Notice(
        _NOTE,
        "Chips differ in their coordinate system.",
        "Nothing to do for training; the map shows each where it lies.",
    ),
    "label_crs_differs": Notice(
        _WARNING,
        "Labels have another coordinate system than the data of their chip; their pixels are taken as they are.",
        "Warp the labels to the grid of the data.",
    ),
    "label_place_differs": Notice(
        _WARNING,
        "Labels lie elsewhere on the ground than the data of their chip.",
        "Look whether they belong together; pixels are matched by row and column.",
    ),
    "resolution_differs": Notice(
        _NOTE, "Rasters of one data source differ in resolution.", "Nothing to do where that is meant."
    ),
    "nodata_differs": Notice(
        _NOTE,
        "Rasters of one data source declare different values for no data; each is read by its own.",
        "Nothing to do.",
    ),
    "descriptions_differ": Notice(
        _WARNING,
        "Rasters of one data source describe their bands differently; those of most of them count.",
        "Look whether their bands are in one order.",
    ),
    "crs_missing": Notice(
        _WARNING,
        "Rasters say no coordinate system: they cannot be shown on a map, and overlapping ones cannot be kept apart.",
        "Write them with one, with gdal_edit.py -a_srs for instance.",
    ),
    "type_unread": Notice(
        _ERROR,
        "Rasters hold samples of a type that is not read: complex numbers or floats of odd size.",
        "Convert them to whole numbers or floats.",
    ),
    "bands_guessed": Notice(
        _NOTE,
        "Names of bands follow from a collection that fits; what it rests on is a guess.",
        "Correct them in the recipe.",
    ),
    "bands_unnamed": Notice(
        _NOTE, "Bands have no names in the files; they are called by their numbers.", "Name them in the recipe."
    ),
    "band_names_changed": Notice(
        _NOTE,
        "Descriptions of bands were changed to be names: unique, and without blanks and slashes.",
        "Correct them in the recipe.",
    ),
    "stack_guessed": Notice(
        _NOTE,
        "Descriptions of bands name several dates: the rasters are read as stacks of dates.",
        "Say otherwise in the recipe: dates, and whether dates or bands run first.",
    ),
    "dates_from_names": Notice(
        _NOTE, "When chips were taken is read from their names.", "Nothing to do where that is right."
    ),
    "dates_from_tags": Notice(
        _NOTE,
        "When chips were taken is read from tags of the files; some programs write there when a file was made.",
        "Nothing to do where that is right.",
    ),
    "date_missing": Notice(
        _NOTE, "Some chips have no date in their name, while others have.", "Nothing to do where none is needed."
    ),
    "scene_missing": Notice(
        _WARNING,
        "The pattern for scenes does not fit the keys of chips; each is a scene of its own.",
        "Correct the pattern.",
    ),
    "ignore_guessed": Notice(
        _NOTE,
        "Values beside the classes are taken for pixels to ignore.",
        "Say otherwise in the label categories of the recipe.",
    ),
    "classes_guessed": Notice(
        _NOTE,
        "Label categories are the values that labels hold; they are called by their values.",
        "Name them in the recipe.",
    ),
    "class_outside": Notice(
        _WARNING,
        "Labels hold values that are no label category of the recipe.",
        "Add categories for them, or mend the labels.",
    ),
    "class_values_many": Notice(
        _WARNING,
        "Labels hold so many values that they look like measurements.",
        "Say purpose=Regression, or name the label categories in a recipe.",
    ),
    "class_negative": Notice(
        _NOTE, "Labels hold negative values.", "Nothing to do; mark those to ignore in the label categories."
    ),
    "label_without_place": Notice(
        _WARNING,
        "Labels are PNG pictures, which do not say where they lie; they are matched by row and column.",
        "Nothing to do where they were cut with the data; else write them as GeoTIFF.",
    ),
    "label_nan": Notice(
        _WARNING,
        "Labels hold NaN, which is no class; these pixels count for none.",
        "Write a whole number in its place, and mark it as ignored.",
    ),
    "label_fractions": Notice(
        _WARNING,
        "Labels hold numbers that are not whole, which are no classes.",
        "Say purpose=Regression where they are measurements.",
    ),
    "label_unreadable": Notice(
        _WARNING,
        "Labels cannot be decoded; whether they can be imported shows then.",
        "Write them anew.",
    ),
    "recipe_source_unused": Notice(
        _WARNING,
        "A data source of the recipe has no files.",
        "Correct its file_suffix.",
    ),
    "recipe_band_outside": Notice(
        _ERROR,
        "The recipe uses bands that rasters do not have; they have no statistics, and no training can read them.",
        "Correct the index of the band, the first one is 0, and add the source again.",
    ),
    "folder_classes": Notice(
        _NOTE, "Folders are taken for the classes of the chips in them.", "Nothing to do where that is meant."
    ),
    "folders_may_be_classes": Notice(
        _NOTE,
        "Chips lie in folders that could be classes.",
        "Say purpose=Classification where they are.",
    ),
    "polygons_sampled": Notice(
        _NOTE,
        "One file of polygons is laid on a sample of the chips, to look at it beforehand.",
        "Nothing to do: all chips get theirs when they are imported.",
    ),
    "polygons_too_many": Notice(
        _ERROR, "There are more polygons than are kept; the rest is left out.", "Burn them into rasters of labels."
    ),
    "polygon_classes_guessed": Notice(
        _NOTE,
        "Classes of polygons come from a property of their features.",
        "Call the property class where it is another.",
    ),
    "polygon_holes_filled": Notice(
        _WARNING,
        "Holes in polygons are filled: the chip is too large to draw them.",
        "Cut the scene into chips, or burn the polygons into a raster of labels.",
    ),
    "polygon_chip_without_place": Notice(
        _WARNING,
        "Chips do not say where they lie, so no polygon falls on them.",
        "Write them with a coordinate system and a transform.",
    ),
    "polygon_system_unknown": Notice(
        _ERROR,
        "Coordinates of polygons cannot be brought to those of chips: a coordinate system is not known.",
        "Write the polygons in longitude and latitude (EPSG:4326).",
    ),
    "vector_unreadable": Notice(
        _WARNING, "Files of polygons cannot be read; they are left out.", "Write them anew, as GeoJSON for instance."
    ),
    "vector_without_area": Notice(
        _NOTE, "Features that are no polygons are left out.", "Draw areas, where they are to be learnt."
    ),
    "split_unknown_stem": Notice(
        _WARNING,
        "Lists of parts name chips that are not in the source.",
        "Write one stem in each line, exactly as it stands in the names of the files.",
    ),
    "split_twice": Notice(
        _WARNING,
        "Lists of parts name chips more than once; the first list counts, in the order train, validation, test.",
        "Name each chip in one list.",
    ),
    "split_from_folders": Notice(
        _NOTE,
        "Parts of the split come from folders called train, val and test.",
        "Nothing to do; split anew where that is not meant.",
    ),
    "split_from_files": Notice(
        _NOTE, "Parts of the split come from lists in the source.", "Nothing to do."
    ),
}  # fmt: skip
