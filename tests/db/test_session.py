"""Connections: what is written is there or is not, readers cannot write, and faults have the product's words."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from triptych.core.errors import Unavailable
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows, insert_tuples
from triptych.db.tables import home_facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with the schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("migrated_postgresql_url").replace(
            "postgresql://", "postgresql+psycopg://"
        )
    opened = Database(url)
    upgrade(opened)
    yield opened
    opened.close()


def _facts(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.name: row.value for row in connection.execute(sa.select(home_facts))}


def test_a_block_that_raises_writes_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            insert_rows(connection, home_facts, [{"name": "a", "value": "1"}])
            raise KeyError("on purpose")

    with pytest.raises(KeyError):
        fail()
    assert _facts(database) == {}


def test_rows_go_in_in_bulk_and_existing_ones_can_be_kept(database: Database) -> None:
    rows = [{"name": f"n{index}", "value": "é\t\\N"} for index in range(2000)]
    with database.write() as connection:
        insert_rows(connection, home_facts, rows)
        insert_rows(
            connection,
            home_facts,
            [{"name": "n1", "value": "other"}, {"name": "new", "value": "x"}],
            keep_existing=True,
        )
        insert_rows(connection, home_facts, [])
    facts = _facts(database)
    assert (len(facts), facts["n1"], facts["new"]) == (2001, "é\t\\N", "x")


def test_tuples_go_in_by_the_order_of_their_columns(database: Database) -> None:
    with database.write() as connection:
        insert_tuples(connection, home_facts, ("value", "name"), [("1", "a"), ("2", "b")])
        insert_tuples(connection, home_facts, ("name",), [])
        insert_tuples(connection, home_facts, ("value", "name"), [("3", "b"), ("4", "c")], keep_existing=True)
    assert _facts(database) == {"a": "1", "b": "2", "c": "4"}


def test_a_clash_is_an_integrity_error_also_in_bulk(database: Database) -> None:
    with database.write() as connection:
        insert_rows(connection, home_facts, [{"name": "a", "value": "1"}])
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        insert_rows(connection, home_facts, [{"name": "a", "value": "2"}])
    assert _facts(database) == {"a": "1"}


def test_six_writers_wait_for_each_other(database: Database) -> None:
    with database.write() as connection:
        insert_rows(connection, home_facts, [{"name": "count", "value": "0"}])

    def work() -> None:
        for _ in range(20):
            with database.write() as connection:
                value = connection.execute(sa.select(home_facts.c.value).with_for_update()).scalar_one()
                connection.execute(sa.update(home_facts).values(value=str(int(value) + 1)))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _facts(database) == {"count": "120"}


def test_a_reading_connection_cannot_write_on_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(database)
    with pytest.raises((sa.exc.OperationalError, Unavailable)), database.read() as connection:
        connection.execute(sa.insert(home_facts).values(name="a", value="1"))
    database.close()


def test_a_full_database_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database = Database(url)
    upgrade(database)
    database.close()
    small = Database(url, max_page_count=1)  # no less than there are already
    rows = [{"name": f"n{index}", "value": "x" * 2000} for index in range(500)]
    with pytest.raises(Unavailable) as caught, small.write() as connection:
        insert_rows(connection, home_facts, rows)
    assert caught.value.code == "database_full"
    assert _facts(small) == {}
    small.close()


def test_a_vanished_database_says_so(tmp_path: Path) -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(Unavailable) as caught, database.read() as connection:
        connection.execute(sa.select(1))
    assert caught.value.code == "database_unavailable"
    database.close()
    missing = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite'}")
    with pytest.raises(Unavailable) as caught, missing.read() as connection:
        connection.execute(sa.select(1))
    assert caught.value.code == "database_unavailable"
    missing.close()
