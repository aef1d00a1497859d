"""Pages follow on each other without a gap; facets under a filter count what passes it, or say that they did not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.datasets.small_world import CLASSES, DATASETS, SETS, SPLITS, World
from triptych.datasets import item_pages
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_pages import facets, item_page

if TYPE_CHECKING:
    from triptych.db.session import Database

    Filled = tuple[Database, World]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)
FILTERS = [
    ItemFilter(series="1"),
    ItemFilter(flagged=True),
    ItemFilter(classes=((1, 0), (2, 0)), part="train"),
    ItemFilter(study="none"),
]
COUNTS: dict[str, Any] = {
    "split": {},
    "facets": {},
    "sets": [
        {
            "id": set_id,
            "name": f"set {set_id}",
            "classes": [{"id": each, "name": f"class {each}"} for each in CLASSES],
        }
        for set_id in SETS[DATASETS[0]]
    ],
}


def _shown(filled: Filled, wanted: ItemFilter) -> dict[str, dict[str, tuple[int, bool]]]:
    with filled[0].read() as connection:
        found = facets(connection, SCOPE, wanted, COUNTS)
    return {
        facet["name"]: {each["value"]: (each["count"], each["exact"]) for each in facet["values"]}
        for facet in found
    }


def _expected(world: World, wanted: ItemFilter) -> dict[str, Counter[str]]:
    names = ["part", "size", "bit_depth", "bands", "findings", "duplicates"]
    tallies: dict[str, Counter[str]] = {name: Counter() for name in names}
    tallies |= {f"class:{each['name']}": Counter() for each in COUNTS["sets"]}
    passing = set(world.expected(SCOPE, wanted))
    for row in world.items:
        if row["id"] not in passing:
            continue
        tallies["size"][f"{row['width']}×{row['height']}"] += 1
        tallies["bit_depth"][str(row["bit_depth"])] += 1
        tallies["bands"][row["bands"]] += 1
        tallies["findings"][str(row["flagged"])] += 1
        tallies["duplicates"]["exact"] += row["duplicate_group"] > 0
        tallies["duplicates"]["near"] += row["near_group"] > 0
        part = world.part_of(row["id"], SCOPE)
        if part is not None:
            tallies["part"][part] += 1
        for set_id, class_id in world.classes_of(row["id"], SCOPE):
            tallies[f"class:set {set_id}"][f"class {class_id}"] += 1
    return {name: +tally for name, tally in tallies.items()}


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("block", [3, 2_000])
def test_facets_under_a_filter_count_what_passes_it(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, wanted: ItemFilter, block: int
) -> None:
    monkeypatch.setattr(item_pages, "FACET_BLOCK", block)
    monkeypatch.setattr(item_pages, "FACET_SECONDS", 60.0)
    expected = _expected(filled[1], wanted)
    assert _shown(filled, wanted) == {
        name: {value: (count, True) for value, count in tally.items()} for name, tally in expected.items()
    }


def test_facets_that_ran_out_of_time_are_lower_bounds_and_say_so(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_pages, "FACET_BLOCK", 5)
    monkeypatch.setattr(item_pages, "FACET_SECONDS", 0.0)
    wanted = FILTERS[0]
    shown = _shown(filled, wanted)
    assert sum(count for count, _ in shown["size"].values()) == 5
    assert not any(exact for facet in shown.values() for _, exact in facet.values())
    expected = _expected(filled[1], wanted)
    assert all(
        count <= expected[name][value] for name, facet in shown.items() for value, (count, _) in facet.items()
    )


def test_the_last_block_is_exact_whatever_time_it_took(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_pages, "FACET_SECONDS", 0.0)
    assert all(exact for facet in _shown(filled, FILTERS[0]).values() for _, exact in facet.values())


def test_pages_follow_on_each_other_without_a_gap(filled: Filled) -> None:
    database, world = filled
    for wanted in (ItemFilter(), *FILTERS):
        after: int | None = 0
        seen: list[int] = []
        sizes = []
        with database.read() as connection:
            while after is not None:
                page, after = item_page(connection, SCOPE, wanted, after, 7)
                seen += [document["id"] for document in page]
                sizes.append(len(page))
        assert seen == world.expected(SCOPE, wanted)
        assert all(size == 7 for size in sizes[:-1])
