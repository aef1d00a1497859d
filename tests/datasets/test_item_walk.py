"""The walk over items finds what looking at every row finds, and reads no more than it shows."""

from __future__ import annotations

import random
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.datasets.small_world import DATASETS, SEARCHES, SETS, SPLITS, VERSIONS, World
from triptych.datasets import item_walk
from triptych.datasets.item_filter import Copies, ItemFilter, Scope
from triptych.datasets.item_tags import TagWish
from triptych.datasets.item_walk import id_before, walk_ids
from triptych.db.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

Filled = tuple[Database, World]


def _scopes(*, indexed: bool) -> list[Scope]:
    first, second = DATASETS
    scopes = [Scope(first, version, SPLITS[first], indexed) for version in VERSIONS]
    return [*scopes, Scope(second, 2, None, indexed)]


def _filters(chance: random.Random, dataset: str, count: int) -> Iterator[ItemFilter]:
    """Each thing alone, then many of them together."""
    first, second = SETS[dataset]
    choices: dict[str, list[Any]] = {
        "studies": [(f"study{number}",) for number in range(13)],
        "series": [("1",), ("2",), ("3",), ("1", "2")],
        "parts": [("train",), ("validation",), ("test",), ("train", "test")],
        "search": [text for text in SEARCHES if "Ä" not in text and "ä" not in text],
        "classes": [((first, 0),), ((second, 1),), ((first, 0), (second, 0)), ((first, 9),)],
        "sizes": [((10, 10),), ((20, 30),), ((1, 1),), ((10, 30), (20, 10), (1, 1))],
        "bit_depths": [(8,), (16,), (12,), (16, 8)],
        "bands": [("gray",), ("red green blue",), ("alpha",), ("gray", "red green blue")],
        "findings": [("icc_profile",), ("more_than_8_bits",), ("icc",), ("icc_profiles", "more_than_8_bits")],
        "duplicates": [tuple(some) for size in (1, 2, 3) for some in combinations(Copies, size)],
        "flagged": [True],
        "modalities": [("ct",), ("mr",), ("ct", "mr"), ("xa",)],
        "body_parts": [("head",), ("head", "chest"), ("leg",)],
        "tags": [
            (TagWish("InstanceNumber", ("17",)),),
            (TagWish("InstanceNumber", tuple(str(number) for number in range(0, 240, 3))),),
            (TagWish("Modality", ("ct",)), TagWish("BodyPartExamined", ("chest",))),
            (TagWish("InstanceNumber", ()),),
        ],
    }
    choices["studies"] += [("study1", "study7", "none"), tuple(f"study{number}" for number in range(12))]
    yield ItemFilter()
    for name, values in choices.items():
        for value in values:
            yield ItemFilter(**{name: value})
    for _ in range(count):
        names = chance.sample(sorted(choices), chance.choice([2, 2, 2, 3, 4]))
        yield ItemFilter(**{name: chance.choice(choices[name]) for name in names})


@pytest.mark.parametrize("probed", [1, 20_000], ids=["the first drives", "the rarest drives"])
@pytest.mark.parametrize("indexed", [True, False], ids=["keys are indexed", "keys are read"])
def test_a_walk_finds_what_looking_at_every_row_finds(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, indexed: bool, probed: int
) -> None:
    database, world = filled
    monkeypatch.setattr(item_walk, "PROBED", probed)
    chance = random.Random(5)
    hits = 0
    with database.read() as connection:
        for scope in _scopes(indexed=indexed):
            for wanted in _filters(chance, scope.dataset_id, 20):
                expected = world.expected(scope, wanted)
                after, block = chance.choice([0, 0, 40, 239]), chance.choice([1, 7, 100])
                blocks = list(walk_ids(connection, scope, wanted, after, block))
                ids = [item for each in blocks for item in each]
                assert ids == [item for item in expected if item > after], (scope, wanted, after, block)
                assert all(len(each) == block for each in blocks[:-1])
                hits += len(ids)
                before = chance.choice([1, 40, 200, 241])
                behind = [item for item in expected if item < before]
                found = id_before(connection, scope, wanted, before)
                assert found == (behind[-1] if behind else None), (scope, wanted, before)
    assert hits > 500, "the filters are not all without a result"


def test_the_index_of_sqlite_ignores_the_case_of_every_letter(on_sqlite: Filled) -> None:
    database, world = on_sqlite
    scope = Scope(DATASETS[0], 1, SPLITS[DATASETS[0]], indexed=True)
    with database.read() as connection:
        for text, other in product(("Ärz", "ärz"), ({}, {"series": ("1",)}, {"flagged": True})):
            wanted = ItemFilter(search=text, **other)  # type: ignore[arg-type]
            found = [item for block in walk_ids(connection, scope, wanted, 0, 100) for item in block]
            assert found == world.expected(scope, wanted) != []


PAIR = ((1, 0),)
EVERYTHING = ItemFilter(
    classes=((1, 9),),
    parts=("train",),
    sizes=((10, 10),),
    bands=("gray",),
    bit_depths=(8,),
    series=("1",),
    studies=tuple(f"study{number}" for number in range(12)),
    duplicates=(Copies.NONE,),
    search="im",
)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ItemFilter(), "ix_items_dataset_id_id"),
        (ItemFilter(studies=("study1",)), "ix_items_dataset_id_study_id"),
        (ItemFilter(studies=("study1",), classes=PAIR, parts=("train",)), "ix_items_dataset_id_study_id"),
        (ItemFilter(sizes=((10, 10),)), "ix_items_dataset_id_width_height_id"),
        (ItemFilter(bit_depths=(16,)), "ix_items_dataset_id_bit_depth_id"),
        (ItemFilter(bands=("gray",)), "ix_items_dataset_id_bands_id"),
        (ItemFilter(series=("1",)), "ix_items_some_series"),
        (ItemFilter(flagged=True), "ix_items_some_flagged"),
        (ItemFilter(findings=("more_than_8_bits",)), "ix_items_some_notes"),
        (ItemFilter(studies=("study1", "study2"), bands=("gray",)), "ix_items_dataset_id_study_id"),
        (ItemFilter(parts=("train", "test")), "ix_assignments_split_id_part_item_id_until"),
        (EVERYTHING, "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(flagged=True, sizes=((10, 10),), bands=("gray",)), "ix_items_some_flagged"),
        (ItemFilter(parts=("train",)), "ix_assignments_split_id_part_item_id_until"),
        (ItemFilter(classes=PAIR), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(classes=PAIR, sizes=((10, 10),)), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(search="image"), "item_search VIRTUAL TABLE INDEX"),
        (ItemFilter(search="image", classes=((1, 9),)), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(search="image240", parts=("train",)), "item_search VIRTUAL TABLE INDEX"),
    ],
)
def test_sqlite_reads_the_index_of_the_rarest_thing_in_order(
    on_sqlite: Filled, wanted: ItemFilter, index: str
) -> None:
    plan = _plan(on_sqlite[0], wanted)
    assert index in plan[0], plan
    assert not any("TEMP B-TREE" in line for line in plan), plan
    assert all("PRIMARY KEY" in line or "SUBQUERY" in line or "item_id" in line for line in plan[1:]), plan


def test_few_duplicates_are_read_from_the_indexes_of_their_groups(on_sqlite: Filled) -> None:
    plan = "\n".join(_plan(on_sqlite[0], ItemFilter(duplicates=(Copies.EXACT, Copies.NEAR))))
    assert "ix_items_some_duplicate_group" in plan
    assert "ix_items_some_near_group" in plan
    assert "ix_items_dataset_id_id" not in plan


@pytest.mark.parametrize(
    "wanted",
    [
        ItemFilter(),
        ItemFilter(studies=("study1",)),
        ItemFilter(flagged=True),
        ItemFilter(parts=("train",)),
        ItemFilter(classes=PAIR),
        ItemFilter(search="image"),
    ],
)
def test_sqlite_reads_an_index_backwards_for_the_item_before(on_sqlite: Filled, wanted: ItemFilter) -> None:
    plan = _plan(on_sqlite[0], wanted, back=True)
    assert not any("TEMP B-TREE" in line for line in plan), plan
    assert "INDEX" in plan[0], plan


def _plan(database: Database, wanted: ItemFilter, *, back: bool = False) -> list[str]:
    """What SQLite does for the last statement of the first step of a walk, line by line."""
    scope = Scope(DATASETS[0], 1, SPLITS[DATASETS[0]], indexed=True)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    with database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        if back:
            id_before(connection, scope, wanted, 200)
        else:
            next(walk_ids(connection, scope, wanted, 0, 51), None)
        walk, values = statements[-1]
        return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {walk}", values)]
