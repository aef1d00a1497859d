"""Pages follow on each other without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.datasets.small_world import DATASETS, SPLITS, World
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_pages import item_page, key_page

if TYPE_CHECKING:
    from triptych.db.session import Database

    Filled = tuple[Database, World]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)
FILTERS = [
    ItemFilter(series=("1",)),
    ItemFilter(flagged=True),
    ItemFilter(classes=((1, 0), (2, 0)), parts=("train",)),
    ItemFilter(studies=("none",)),
]


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


def test_keys_are_those_of_the_pages(filled: Filled) -> None:
    database, world = filled
    names = {row["id"]: row["key"] for row in world.items}
    for wanted in (ItemFilter(), *FILTERS):
        after: int | None = 0
        seen: list[str] = []
        with database.read() as connection:
            while after is not None:
                page, after = key_page(connection, SCOPE, wanted, after, 7)
                assert len(page) == 7 or after is None
                seen += page
        assert seen == [names[item] for item in world.expected(SCOPE, wanted)]
