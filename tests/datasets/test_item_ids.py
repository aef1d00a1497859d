"""Ids of items: in the order of keys, with room for items that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triptych.core.dataset import OPEN_END
from triptych.datasets.item_ids import APART, ids_beside, reserve_items
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    opened = Database(f"sqlite:///{tmp_path / 'triptych.sqlite'}")
    upgrade(opened)
    yield opened
    opened.close()


def _add(database: Database, ids: list[int]) -> None:
    fixed = {"dataset_id": "a" * 24, "since": 1, "until": OPEN_END, "study": "s", "bytes": 1, "width": 1}
    fixed |= {"height": 1, "bit_depth": 8, "bands": "gray", "source_id": "b" * 24, "member": 0}
    with database.write() as connection:
        insert_rows(connection, items, [{"id": item, "key": str(item), **fixed} for item in ids])


def _reserve(database: Database, count: int) -> list[int]:
    with database.write() as connection:
        first = reserve_items(connection, count)
    return [first + APART * place for place in range(count)]


def _beside(database: Database, old: list[int]) -> dict[int, int]:
    with database.write() as connection:
        return ids_beside(connection, old)


def test_blocks_of_ids_follow_one_another_and_never_meet(database: Database) -> None:
    first, second = _reserve(database, 5), _reserve(database, 3)
    assert first == sorted(first)
    assert max(first) + APART <= min(second)


def test_items_that_come_back_stand_where_they_stood(database: Database) -> None:
    there = _reserve(database, 6)
    _add(database, there)
    names = {item: place for place, item in enumerate(there)}
    current = dict(names)
    for _ in range(APART - 1):
        back = [item for item, place in current.items() if place in (1, 4)]
        fresh = _beside(database, back)
        _add(database, list(fresh.values()))
        current = {fresh.get(item, item): place for item, place in current.items()}
        assert [current[item] for item in sorted(current)] == list(range(6))
    back = [item for item, place in current.items() if place in (1, 4)]
    fresh = _beside(database, back)
    assert min(fresh.values()) > max(current), "there is no room left: they stand behind the others"
    assert [fresh[item] for item in sorted(back)] == sorted(fresh.values())


def test_ids_that_lie_close_together_get_others_that_are_free(database: Database) -> None:
    """As homes have them whose ids were given out one by one."""
    dense = list(range(1, 200))
    _add(database, dense)
    fresh = _beside(database, [3, 60, 64, 199])
    assert set(fresh.values()).isdisjoint(dense)
    assert len(set(fresh.values())) == 4
    _add(database, list(fresh.values()))
    assert set(_reserve(database, 2)).isdisjoint({*dense, *fresh.values()})
    assert _beside(database, []) == {}
