"""The walk over items finds what looking at every row finds, and reads no more than it shows."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.datasets.small_world import DATASETS, SEARCHES, SETS, SPLITS, VERSIONS, World
from triptych.datasets import item_walk
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_walk import walk_ids
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
        "study": [f"study{number}" for number in range(13)],
        "series": ["1", "2", "3"],
        "part": ["train", "validation", "test"],
        "search": [text for text in SEARCHES if "Ä" not in text and "ä" not in text],
        "classes": [((first, 0),), ((second, 1),), ((first, 0), (second, 0)), ((first, 9),)],
        "size": [(10, 10), (20, 30), (1, 1)],
        "bit_depth": [8, 16, 12],
        "bands": ["gray", "red green blue", "alpha"],
        "duplicates": [True],
        "flagged": [True],
    }
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
    assert hits > 500, "the filters are not all without a result"


def test_the_index_of_sqlite_ignores_the_case_of_every_letter(on_sqlite: Filled) -> None:
    database, world = on_sqlite
    scope = Scope(DATASETS[0], 1, SPLITS[DATASETS[0]], indexed=True)
    with database.read() as connection:
        for text, other in product(("Ärz", "ärz"), ({}, {"series": "1"}, {"flagged": True})):
            wanted = ItemFilter(search=text, **other)  # type: ignore[arg-type]
            found = [item for block in walk_ids(connection, scope, wanted, 0, 100) for item in block]
            assert found == world.expected(scope, wanted) != []


PAIR = ((1, 0),)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ItemFilter(), "ix_items_dataset_id_id"),
        (ItemFilter(study="study1"), "ix_items_dataset_id_study_id"),
        (ItemFilter(study="study1", classes=PAIR, part="train"), "ix_items_dataset_id_study_id"),
        (ItemFilter(size=(10, 10)), "ix_items_dataset_id_width_height_id"),
        (ItemFilter(bit_depth=16), "ix_items_dataset_id_bit_depth_id"),
        (ItemFilter(bands="gray"), "ix_items_dataset_id_bands_id"),
        (ItemFilter(series="1"), "ix_items_some_series"),
        (ItemFilter(flagged=True), "ix_items_some_flagged"),
        (ItemFilter(flagged=True, size=(10, 10), bands="gray"), "ix_items_some_flagged"),
        (ItemFilter(part="train"), "ix_assignments_split_id_part_item_id_until"),
        (ItemFilter(classes=PAIR), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(classes=PAIR, size=(10, 10)), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(search="image"), "item_search VIRTUAL TABLE INDEX"),
        (ItemFilter(search="image", classes=((1, 9),)), "ix_annotations_set_id_class_id_item_id"),
        (ItemFilter(search="image240", part="train"), "item_search VIRTUAL TABLE INDEX"),
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
    plan = "\n".join(_plan(on_sqlite[0], ItemFilter(duplicates=True)))
    assert "ix_items_some_duplicate_group" in plan
    assert "ix_items_some_near_group" in plan
    assert "ix_items_dataset_id_id" not in plan


def _plan(database: Database, wanted: ItemFilter) -> list[str]:
    """What SQLite does for the last statement of the first step of a walk, line by line."""
    scope = Scope(DATASETS[0], 1, SPLITS[DATASETS[0]], indexed=True)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    with database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        next(walk_ids(connection, scope, wanted, 0, 51), None)
        walk, values = statements[-1]
        return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {walk}", values)]
