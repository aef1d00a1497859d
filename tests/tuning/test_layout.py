"""Files of a training are paired as they belong, whatever their names sort like."""

from __future__ import annotations

import fnmatch

from tests.tuning.facts import OPTICAL, RADAR, facts
from triptych.tuning.layout import flat_name, is_in_order, layout_of
from triptych.tuning.terratorch import Wish, terratorch_document


def test_names_that_sort_differently_with_their_suffixes_are_noticed() -> None:
    keys = ["scene", "scene_2", "scene1"]
    assert not is_in_order(keys, "_merged.tif", ".mask.tif")
    assert is_in_order(keys, "_merged.tif", "_merged.tif")
    assert is_in_order(["a", "b", "c"], "_merged.tif", ".mask.tif")


def test_such_files_get_one_name() -> None:
    layout = layout_of(facts(in_order=False), "data")
    names = {layout.file_name("scene_2", folder) for folder in layout.folders}
    assert names == {"scene_2.tif"}
    kept = layout_of(facts(), "data")
    assert {kept.file_name("scene_2", folder) for folder in kept.folders} == {
        "scene_2_S2.tif",
        "scene_2_mask.tif",
    }


def test_folders_in_suffixes_are_no_part_of_names() -> None:
    source = {**OPTICAL, "file_suffix": "images/.tif"}
    layout = layout_of(facts(source, label_suffix="labels/_mask.tif"), "data")
    assert layout.file_name("chip", "S2L2A") == "chip.tif"
    assert layout.file_name("chip", "labels") == "chip_mask.tif"
    own = layout_of(facts({**OPTICAL, "file_suffix": "/image.tif"}, label_suffix="/mask.tif"), "data")
    assert own.file_name("a/chip", "S2L2A") == "a__chip__image.tif"


def test_a_suffix_is_no_pattern() -> None:
    document = terratorch_document(facts({**OPTICAL, "file_suffix": "[1]*.tif"}), Wish())
    pattern = document["data"]["init_args"]["img_grep"]
    assert fnmatch.fnmatchcase("chip[1]*.tif", pattern)
    assert not fnmatch.fnmatchcase("chip1x.tif", pattern)


def test_no_name_leads_out_of_its_folder() -> None:
    assert flat_name("../../etc/x", "/../_img.tif") == "..__..__etc__x__..___img.tif"
    layout = layout_of(facts({**OPTICAL, "modality_tag": ".."}, {**RADAR, "modality_tag": "labels"}), "d/")
    assert layout.folders == {"..": "d/source", "labels": "d/labels", "labels_": "d/labels_"}
