"""Groups lead to places: the items of a list, in its order, divided where study or series change."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from tests.datasets.small_world import DATASETS, SPLITS, World
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_groups import Group, item_groups

if TYPE_CHECKING:
    from triptych.db.session import Database

    Filled = tuple[Database, World]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)


def _expected(world: World, wanted: ItemFilter, *, by_series: bool) -> list[Group]:
    passing = set(world.expected(SCOPE, wanted))

    def name(row: dict[str, Any]) -> tuple[str, str | None]:
        return row["study"], row["series"] if by_series else None

    rows = [row for row in world.items if row["id"] in passing]
    return [Group(*names, len(list(each))) for names, each in groupby(rows, name)]


@pytest.mark.parametrize("by_series", [False, True])
@pytest.mark.parametrize(
    "wanted", [ItemFilter(), ItemFilter(parts=("train",)), ItemFilter(search="1"), ItemFilter(search="\0")]
)
def test_groups_follow_the_list(filled: Filled, wanted: ItemFilter, by_series: bool) -> None:
    with filled[0].read() as connection:
        groups, complete = item_groups(connection, SCOPE, wanted, by_series=by_series)
    assert complete
    assert groups == _expected(filled[1], wanted, by_series=by_series)
    assert sum(group.items for group in groups) == len(filled[1].expected(SCOPE, wanted))


def test_what_is_too_much_is_broken_off_and_said_to_be(filled: Filled) -> None:
    expected = _expected(filled[1], ItemFilter(), by_series=True)
    with filled[0].read() as connection:
        few, complete = item_groups(connection, SCOPE, ItemFilter(), by_series=True, most=3)
        none, at_once = item_groups(connection, SCOPE, ItemFilter(), by_series=True, seconds=-1)
        all_of_them, whole = item_groups(connection, SCOPE, ItemFilter(), by_series=True, most=len(expected))
    assert (few, complete) == (expected[:3], False)
    assert (none, at_once) == ([], False)
    assert (all_of_them, whole) == (expected, True)
