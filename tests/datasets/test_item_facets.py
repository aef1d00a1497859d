"""Facets count what passes all the other filters, or say that they did not come to the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.datasets.small_world import CLASSES, DATASETS, SETS, SPLITS, World, copies_of
from triptych.datasets import facet_tallies, item_facets
from triptych.datasets.item_facets import FIELDS, count_facets, facets
from triptych.datasets.item_filter import Copies, ItemFilter, Scope, holding
from triptych.datasets.item_tags import TagWish

if TYPE_CHECKING:
    from triptych.db.session import Database

    Filled = tuple[Database, World]
    Shown = dict[str, dict[str, tuple[int, bool]]]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)
FILTERS = [
    ItemFilter(),
    ItemFilter(series=("1",)),
    ItemFilter(flagged=True),
    ItemFilter(modalities=("ct",)),
    ItemFilter(body_parts=("head",), tags=(TagWish("Modality", ("mr",)),)),
    ItemFilter(search="image"),
    ItemFilter(classes=((1, 0), (2, 0)), parts=("train",)),
    ItemFilter(studies=("study1", "study2"), bands=("gray",), duplicates=(Copies.NONE,)),
    ItemFilter(findings=("icc_profile",), sizes=((10, 10), (20, 30)), bit_depths=(8, 16)),
    ItemFilter(studies=("none",), bands=("none",), sizes=((1, 1),), findings=("none",)),
]
SET_DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": set_id,
        "name": f"set {set_id}",
        "classes": [{"id": each, "name": f"class {each}", "color": f"#00000{each}"} for each in CLASSES],
    }
    for set_id in SETS[DATASETS[0]]
]


def _counts(filled: Filled) -> dict[str, Any]:
    """The document that a version would keep."""
    database, world = filled
    with database.read() as connection:
        kept = count_facets(connection, SCOPE.dataset_id, holding(SCOPE), studies=True)
    tally = _tally(world, ItemFilter(), "class")
    for entry in SET_DOCUMENTS:
        for each in entry["classes"]:
            each["items"] = tally[f"{entry['name']}:{each['name']}"]
    parts = {part: count for part, (count, _) in _fixed(world, "part").items()}
    total = len(world.expected(SCOPE, ItemFilter()))
    return {"items": total, "studies": 12, "split": parts, "sets": SET_DOCUMENTS, "facets": kept}


def _fixed(world: World, name: str) -> dict[str, tuple[int, bool]]:
    tally = _tally(world, ItemFilter(), name)
    return {value: (tally[value], True) for value in ("train", "validation", "test")}


def _shown(filled: Filled, wanted: ItemFilter, counts: dict[str, Any] | None = None) -> Shown:
    with filled[0].read() as connection:
        found = facets(connection, SCOPE, wanted, counts or _counts(filled))
    return {
        facet["name"]: {each["value"]: (each["count"], each["exact"]) for each in facet["values"]}
        for facet in found
    }


def _tally(world: World, wanted: ItemFilter, name: str) -> Counter[str]:
    """How many items have each value of a facet, under what is asked of all others; every row is looked at."""
    passing = set(world.expected(SCOPE, wanted.without(FIELDS[name])))
    tally: Counter[str] = Counter()
    for row in world.items:
        if row["id"] in passing:
            tally.update(_values(world, row, name))
    return tally


def _values(world: World, row: dict[str, Any], name: str) -> set[str]:
    values: dict[str, set[Any]] = {
        "class": {f"set {of}:class {each}" for of, each in world.classes_of(row["id"], SCOPE)},
        "part": {world.part_of(row["id"], SCOPE)},
        "size": {f"{row['width']}×{row['height']}"},
        "finding": set(row["notes"].split()),
        "duplicates": {copies.value for copies in copies_of(row)},
        "modality": {world.tags[row["id"]].get("Modality")},
        "body_part": {world.tags[row["id"]].get("BodyPartExamined")},
    }
    return {str(value) for value in values.get(name, {row.get(name)}) if value is not None}


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("block", [3, 2_000])
def test_facets_count_what_passes_all_the_other_filters(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, wanted: ItemFilter, block: int
) -> None:
    monkeypatch.setattr(facet_tallies, "FACET_BLOCK", block)
    monkeypatch.setattr(item_facets, "FACET_SECONDS", 60.0)
    shown = _shown(filled, wanted)
    assert list(shown) == list(FIELDS)
    for name, values in shown.items():
        assert all(exact for _, exact in values.values()), name
        assert +Counter({value: count for value, (count, _) in values.items()}) == _tally(
            filled[1], wanted, name
        ), name


@pytest.mark.parametrize("wanted", FILTERS)
def test_facets_that_ran_out_of_time_are_lower_bounds_and_say_so(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, wanted: ItemFilter
) -> None:
    monkeypatch.setattr(facet_tallies, "FACET_BLOCK", 5)
    monkeypatch.setattr(item_facets, "FACET_SECONDS", 0.0)
    for name, values in _shown(filled, wanted).items():
        expected = _tally(filled[1], wanted, name)
        for value, (count, exact) in values.items():
            assert count == expected[value] if exact else count <= expected[value], (name, value)
        kept = wanted.without(FIELDS[name]).empty
        few = len(filled[1].expected(SCOPE, wanted)) < 5 and not getattr(wanted, FIELDS[name])
        assert all(exact is (kept or few) for _, exact in values.values()), name


def test_the_last_block_is_exact_whatever_time_it_took(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_facets, "FACET_SECONDS", 0.0)
    shown = _shown(filled, ItemFilter(series=("1",)))
    assert all(exact for facet in shown.values() for _, exact in facet.values())


def test_without_a_filter_nothing_is_counted(filled: Filled) -> None:
    counts = _counts(filled)
    statements: list[str] = []
    with filled[0].read() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        facets(connection, SCOPE, ItemFilter(), counts)
    # What series are called is looked up; nothing is counted.
    assert [each for each in statements if "count(" in each.lower()] == []


def test_what_a_version_of_an_earlier_release_did_not_count_is_counted(filled: Filled) -> None:
    counts = _counts(filled)
    kept = {name: counts["facets"][name] for name in ("size", "bit_depth", "bands", "modality", "body_part")}
    old = counts | {"facets": kept | {"findings": [[False, 1]], "class:set 1": [["class 0", 1]]}}
    assert _shown(filled, ItemFilter(), old) == _shown(filled, ItemFilter(), counts)


def test_what_is_asked_for_is_shown_also_where_nothing_has_it(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_facets, "FACET_SECONDS", 60.0)
    shown = _shown(filled, FILTERS[-1])
    assert shown["study"]["none"] == shown["bands"]["none"] == shown["size"]["1×1"] == (0, True)
    assert shown["part"] == dict.fromkeys(("train", "validation", "test"), (0, True))
    assert shown["bit_depth"] == {"8": (0, True), "16": (0, True)}
    assert shown["duplicates"].keys() == {"exact", "near", "none"}


def test_values_are_shown_with_labels_and_classes_with_their_color_and_set(filled: Filled) -> None:
    with filled[0].read() as connection:
        found = {
            each["name"]: each["values"] for each in facets(connection, SCOPE, ItemFilter(), _counts(filled))
        }
    assert {each["label"] for each in found["finding"]} == {
        "Colour profile",
        "More than 8 bits",
        "icc profiles",
    }
    for each in found["class"]:
        assert each["value"] == f"{each['set']}:{each['label']}"
        assert each["color"] == f"#00000{each['label'][-1]}"
    for name in ("study", "bands", "part"):
        assert all(each["label"] == each["value"] for each in found[name])
    counts = [each["count"] for each in found["study"]]
    assert counts == sorted(counts, reverse=True)


def test_studies_of_one_item_each_are_no_facet(filled: Filled) -> None:
    counts = _counts(filled)
    counts["studies"] = counts["items"]
    assert "study" not in _shown(filled, ItemFilter(), counts)
    assert "study" not in _shown(filled, ItemFilter(flagged=True), counts)


@pytest.mark.parametrize("wanted", [ItemFilter(), ItemFilter(search="image")])
def test_a_facet_of_many_values_shows_the_most_frequent(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, wanted: ItemFilter
) -> None:
    monkeypatch.setitem(item_facets.MOST, "study", 3)
    shown = _shown(filled, wanted)["study"]
    most = sorted(_tally(filled[1], wanted, "study").values(), reverse=True)[:3]
    assert [count for count, _ in shown.values()] == most


def test_classes_beyond_the_first_are_shown_where_they_are_asked_for(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_facets, "CLASSES_SHOWN", 1)
    assert len(_shown(filled, ItemFilter())["class"]) == len(SET_DOCUMENTS)
    asked = ItemFilter(classes=tuple((1, each) for each in CLASSES))
    assert {f"set 1:class {each}" for each in CLASSES} <= _shown(filled, asked)["class"].keys()
