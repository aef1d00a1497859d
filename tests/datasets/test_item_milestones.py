"""Every place of a list is reached from a mark, also where the list was counted in several goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.datasets.small_world import DATASETS, SPLITS, World
from triptych.datasets import item_milestones
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_milestones import line_of, place_of
from triptych.datasets.item_walk import walk_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.db.session import Database

    Filled = tuple[Database, World]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)
FILTERS = [
    ItemFilter(),
    ItemFilter(bands=("gray",)),
    ItemFilter(parts=("train", "test")),
    ItemFilter(studies=("none",)),
]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(item_milestones, "STEP", 5)
    monkeypatch.setattr(item_milestones, "BLOCK", 20)
    item_milestones._lines.clear()
    yield
    item_milestones._lines.clear()


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("seconds", [60.0, 0.0], ids=["in one go", "in several goes"])
def test_every_step_begins_behind_its_mark(filled: Filled, wanted: ItemFilter, seconds: float) -> None:
    database, world = filled
    expected = world.expected(SCOPE, wanted)
    goes = 0
    with database.read() as connection:
        while not (line := line_of(connection, SCOPE, wanted, seconds)).complete:
            goes += 1
            assert line.total == goes * 20
        assert line.total == len(expected)
        for step in (5, 10, 25):
            after = line.after(step)
            assert len(after) == max(0, -(-len(expected) // step) - 1)
            for place, item in enumerate(after, 1):
                block = next(walk_ids(connection, SCOPE, wanted, item, 3))
                assert block == expected[place * step : place * step + 3]
    assert (goes > 0) == (seconds == 0.0 and len(expected) >= 20)


@pytest.mark.parametrize("wanted", FILTERS)
def test_an_item_is_found_at_its_place(filled: Filled, wanted: ItemFilter) -> None:
    database, world = filled
    expected = world.expected(SCOPE, wanted)
    with database.read() as connection:
        line = line_of(connection, SCOPE, wanted)
        for row in world.items:
            place = expected.index(row["id"]) if row["id"] in expected else None
            assert place_of(connection, SCOPE, wanted, line, row["id"]) == place


def test_a_place_beyond_what_was_counted_is_not_known(filled: Filled) -> None:
    database, world = filled
    expected = world.expected(SCOPE, ItemFilter())
    with database.read() as connection:
        line = line_of(connection, SCOPE, ItemFilter(), seconds=0.0)
        assert (line.total, line.complete) == (20, False)
        assert place_of(connection, SCOPE, ItemFilter(), line, expected[19]) == 19
        assert place_of(connection, SCOPE, ItemFilter(), line, expected[20]) is None


def test_a_list_that_was_counted_is_not_read_again(filled: Filled) -> None:
    statements: list[str] = []
    with filled[0].read() as connection:
        line_of(connection, SCOPE, ItemFilter())
        sa.event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert line_of(connection, SCOPE, ItemFilter()).complete
    assert statements == []


def test_the_lists_that_were_asked_for_last_are_kept(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_milestones, "KEPT", 2)
    with filled[0].read() as connection:
        first = line_of(connection, SCOPE, FILTERS[0])
        second = line_of(connection, SCOPE, FILTERS[1])
        assert line_of(connection, SCOPE, FILTERS[0]) is first
        line_of(connection, SCOPE, FILTERS[2])
        assert line_of(connection, SCOPE, FILTERS[0]) is first
        assert line_of(connection, SCOPE, FILTERS[1]) is not second
