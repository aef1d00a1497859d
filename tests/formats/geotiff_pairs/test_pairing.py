"""Files become chips: whatever their order, none is lost, none is taken twice, and stems stay whole."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.core.names import natural_key
from triptych.formats.geotiff_pairs.pairing import SAMPLED, Slot, chips_of, propose_slots


def proposed(*paths: str) -> set[str]:
    return {slot.text for slot in propose_slots(paths)}


def paired(paths: list[str], *suffixes: str) -> dict[str, dict[str, str]]:
    """Paths by key and suffix."""
    slots = [Slot.of(text) for text in suffixes] or list(propose_slots(paths))
    found = chips_of(paths, slots)
    return {
        key: {found.slots[number].text: paths[at] for number, at in files.items()}
        for key, files in found.chips.items()
    }


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a_data.tif", "a_mask.tif", "b_data.tif", "b_mask.tif"], {"_data.tif", "_mask.tif"}),
        (["x.tif", "x.mask.tif", "y.tif", "y.mask.tif"], {".tif", ".mask.tif"}),
        (["s0_data.tif", "s0_mask.png", "s1_data.tif", "s1_mask.png"], {"_data.tif", "_mask.png"}),
        (["a_S1.tif", "a_S2.tif", "a_label.tif", "b_S1.tif", "b_S2.tif"], {"_S1.tif", "_S2.tif", "_label.tif"}),
        (["images/a.tif", "images/b.tif", "labels/a.tif", "labels/b.tif"], {"images/.tif", "labels/.tif"}),
        (["train/images/a.tif", "train/labels/a.tif", "test/images/b.tif", "test/labels/b.tif"],
         {"images/.tif", "labels/.tif"}),
        (["S1Hand/g_1_S1Hand.tif", "LabelHand/g_1_LabelHand.tif", "S1Hand/g_2_S1Hand.tif",
          "LabelHand/g_2_LabelHand.tif"], {"S1Hand/_S1Hand.tif", "LabelHand/_LabelHand.tif"}),
        (["one/image.tif", "one/mask.tif", "two/image.tif", "two/mask.tif"], {"/image.tif", "/mask.tif"}),
        (["tile_00_stack.tif", "tile_01_stack.tif"], {"_stack.tif"}),
        (["tile_00.tif", "tile_01.tif"], {".tif"}),
        ([f"t{n}_{year}_landsat.tif" for n in range(3) for year in (1985, 1990)], {"_landsat.tif"}),
        (["north/t_1.tif", "north/t_2.tif", "south/t_1.tif", "south/t_2.tif"], {".tif"}),
        (["train/t_1.tif", "train/t_2.tif", "test/t_1.tif", "test/t_2.tif"], {".tif"}),
    ],
)  # fmt: skip
def test_suffixes_that_explain_the_most_files_are_proposed(paths: list[str], expected: set[str]) -> None:
    assert proposed(*paths) == expected


def test_the_order_of_names_says_nothing_about_pairs() -> None:
    paths = [
        f"{stem}{suffix}"
        for stem in ("scene", "scene_2", "scene1")
        for suffix in ("_merged.tif", ".mask.tif")
    ]
    expected = paired(sorted(paths))
    assert set(expected) == {"scene", "scene_2", "scene1"}
    assert all(len(files) == 2 for files in expected.values())
    random.Random(1).shuffle(paths)
    assert paired(paths) == expected


def test_a_short_suffix_never_takes_the_file_of_a_longer_one() -> None:
    found = paired(["x.tif", "x.mask.tif"], ".tif", ".mask.tif")
    assert found == {"x": {".tif": "x.tif", ".mask.tif": "x.mask.tif"}}


def test_stems_with_dots_stay_whole() -> None:
    paths = [f"HLS.T10SEH.2018190.v1.{n}{suffix}" for n in (4, 9) for suffix in ("_merged.tif", ".mask.tif")]
    assert set(paired(paths)) == {"HLS.T10SEH.2018190.v1.4", "HLS.T10SEH.2018190.v1.9"}


def test_case_and_both_endings_of_tiff_are_one() -> None:
    found = paired(["a_IMG.TIF", "a_mask.tiff", "b_img.tif", "B_MASK.TIF"], "_img.tif", "_mask.tif")
    assert set(found["a"]) == {"_img.tif", "_mask.tif"}
    assert found["b"] == {"_img.tif": "b_img.tif"}
    assert found["B"] == {"_mask.tif": "B_MASK.TIF"}


def test_equal_stems_in_different_folders_are_different_chips() -> None:
    paths = [f"{folder}/s{suffix}" for folder in ("p", "q") for suffix in ("_data.tif", "_mask.tif")]
    assert set(paired(paths)) == {"p/s", "q/s"}


def test_of_two_files_for_one_place_the_first_by_name_counts() -> None:
    paths = ["a_data.tiff", "a_data.tif", "a_mask.tif"]
    found = chips_of(paths, [Slot.of("_data.tif"), Slot.of("_mask.tif")])
    assert found.chips == {"a": {0: 1, 1: 2}}
    assert found.duplicates == [(0, 1)]


def test_what_fits_no_suffix_is_told() -> None:
    found = chips_of(["a_data.tif", "overview.tif"], [Slot.of("_data.tif")])
    assert found.unmatched == [1]


def test_a_name_that_is_all_suffix_is_called_by_its_folder_or_itself() -> None:
    assert set(paired(["one/mask.tif"], "mask.tif")) == {"one"}
    assert set(paired(["mask.tif"], "mask.tif")) == {"mask"}


def test_letters_that_fold_to_several_keep_their_stem() -> None:
    found = paired(["straße_data.tif", "STRASSE_mask.tif", "e\u0301_mask.tif"], "_data.tif", "_mask.tif")
    assert set(found) == {"straße", "STRASSE", "e\u0301"}


@pytest.mark.parametrize("text", ["_mask.tif", "images/.tif", "/mask.tif", "S1Hand/_S1Hand.tif"])
def test_a_file_lies_where_its_suffix_says(text: str) -> None:
    slot = Slot.of(text)
    assert slot.text == text
    assert set(chips_of([slot.path_of("train/a.b_1")], [slot]).chips) == {"train/a.b_1"}


STEMS = st.text("abcXYZ019-_.", min_size=1, max_size=8).filter(lambda text: text.strip("._-") == text)
SUFFIXES = st.sampled_from(
    [("_img.tif", "_mask.tif"), (".tif", ".label.tif"), ("_S1.tif", "_S2.tif", "_gt.png")]
)


@settings(deadline=None, max_examples=150)
@given(
    stems=st.lists(STEMS, min_size=1, max_size=12, unique_by=str.lower),
    suffixes=SUFFIXES,
    seed=st.integers(0, 99),
)
def test_every_file_has_one_place_whatever_the_order(
    stems: list[str], suffixes: tuple[str, ...], seed: int
) -> None:
    paths = sorted({f"{stem}{suffix}" for stem in stems for suffix in suffixes})
    slots = [Slot.of(text) for text in suffixes]
    found = chips_of(paths, slots)
    places = [at for files in found.chips.values() for at in files.values()]
    places += [at for at, _ in found.duplicates] + found.unmatched
    assert sorted(places) == list(range(len(paths)))
    assert list(found.chips) == sorted(found.chips, key=natural_key)
    assert set(stems) <= set(found.chips)
    shuffled = list(paths)
    random.Random(seed).shuffle(shuffled)
    assert paired(shuffled, *suffixes) == paired(paths, *suffixes)
    assert {slot.text for slot in propose_slots(shuffled)} == {slot.text for slot in propose_slots(paths)}


@settings(deadline=None, max_examples=80)
@given(
    stems=st.lists(
        st.from_regex(r"[a-z]{2,5}_[0-9]{2,4}", fullmatch=True), min_size=3, max_size=20, unique=True
    ),
    suffixes=SUFFIXES,
    lost=st.integers(0, 2),
)
def test_proposed_suffixes_pair_every_stem_that_has_its_files(
    stems: list[str], suffixes: tuple[str, ...], lost: int
) -> None:
    paths = [f"{stem}{suffix}" for stem in stems for suffix in suffixes][lost:]
    found = paired(paths)
    whole = [stem for stem in stems if all(f"{stem}{suffix}" in paths for suffix in suffixes)]
    assert all(set(found[stem].values()) == {f"{stem}{suffix}" for suffix in suffixes} for stem in whole)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("r{}_1_S1.tif", "r{}_1_label.tif"),
        ("images/{}.tif", "labels/{}.tif"),
        ("{}/image.tif", "{}/mask.tif"),
    ],
)
def test_large_sources_are_proposed_what_small_ones_are(first: str, second: str) -> None:
    def names(count: int) -> list[str]:
        return [form.format(number) for number in range(count) for form in (first, second)]

    large = names(SAMPLED)
    assert proposed(*large) == proposed(*names(20))
    assert all(len(files) == 2 for files in paired(large).values())


def test_a_rare_source_of_a_large_set_is_found() -> None:
    paths = [f"{n}_{kind}.tif" for n in range(SAMPLED) for kind in ("img", "mask")]
    assert proposed(*paths, "7_dem.tif") == {"_img.tif", "_mask.tif", "_dem.tif"}


def test_names_without_end_cost_little() -> None:
    paths = ["a" + "_b" * 20_000 + f"{n}.tif" for n in range(20)] + ["_" * 4_000 + ".tif"]
    assert len(chips_of(paths, propose_slots(paths)).chips) == len(paths)
