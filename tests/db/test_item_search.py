"""The search over keys finds what is in it, as long as it is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.db.item_search import (
    forget_items,
    index_items,
    index_listed,
    indexed_match,
    is_indexed_search,
    item_search,
    settle_index,
)
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = {1: "image/Needle_1.png", 2: "image/needle%2.png", 3: "hay/3.png", 7: "hay/needle 7.png"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with a few items, of which none is in the index."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("migrated_postgresql_url").replace(
            "postgresql://", "postgresql+psycopg://"
        )
    opened = Database(url)
    upgrade(opened)
    with opened.write() as connection:
        insert_rows(connection, items, [_item(number, key) for number, key in KEYS.items()])
    yield opened
    opened.close()


def _item(number: int, key: str) -> dict[str, Any]:
    sides = {"bytes": 1, "width": 1, "height": 1, "bit_depth": 8, "bands": "gray"}
    row = {"id": number, "dataset_id": "a" * 24, "since": 1, "key": key, "study": "s"}
    return {**row, **sides, "source_id": "b" * 24, "member": number}


def _found(connection: sa.Connection, text: str) -> set[int]:
    assert is_indexed_search(connection, text, indexed=True)
    statement = sa.select(item_search.c.rowid).where(indexed_match(connection, text))
    return set(connection.scalars(statement))


def test_keys_are_found_from_when_they_are_put_in_until_they_are_taken_out(database: Database) -> None:
    with database.write() as connection:
        assert _found(connection, "needle") == set()
        index_items(connection, 2, 3)
        assert _found(connection, "NEEDLE") == {2}
        index_listed(connection, [])
        index_listed(connection, [1, 7])
        settle_index(connection)
        assert _found(connection, "needle") == {1, 2, 7}
        assert _found(connection, "le%2") == {2}
        forget_items(connection, [])
        forget_items(connection, [(2, KEYS[2]), (7, KEYS[7])])
        assert _found(connection, "needle") == {1}
        assert _found(connection, "hay") == {3}


@pytest.mark.postgresql
def test_postgresql_without_trigrams_reads_the_keys_of_the_items(postgresql_url: str) -> None:
    opened = Database(postgresql_url.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(opened)
    with opened.write() as connection:
        assert is_indexed_search(connection, "needle", indexed=True)
        connection.execute(sa.text("DROP EXTENSION pg_trgm CASCADE"))
        assert not is_indexed_search(connection, "needle", indexed=True)
        index_items(connection, 1, 9)
        settle_index(connection)
    opened.close()


@pytest.mark.postgresql
def test_postgresql_asks_its_index_as_soon_as_it_is_settled(postgresql_url: str) -> None:
    opened = Database(postgresql_url.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(opened)
    with opened.write() as connection:
        insert_rows(connection, items, [_item(number, f"image/{number:06d}.png") for number in range(20_000)])
        index_items(connection, 0, 20_000)
        settle_index(connection)
        match = indexed_match(connection, "needle").compile(
            connection, compile_kwargs={"literal_binds": True}
        )
        plan = connection.execute(sa.text(f"EXPLAIN SELECT rowid FROM item_search WHERE {match}")).all()
    assert "ix_item_search_key" in str(plan)
    opened.close()


@pytest.mark.parametrize("text", ["", "ne", "\0need"])
def test_what_has_no_trigram_is_not_asked_of_the_index(database: Database, text: str) -> None:
    with database.read() as connection:
        assert not is_indexed_search(connection, text, indexed=True)
        assert not is_indexed_search(connection, "needle", indexed=False)
