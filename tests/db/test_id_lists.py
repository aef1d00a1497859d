"""A long list of ids, names or hashes finds what it names, by the index of its column."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.db.id_lists import among
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import blobs, job_log

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


@pytest.mark.parametrize("ids", [[], [7], [2**40, 3, 3], list(range(0, 80_000, 2))])
def test_a_list_of_any_length_finds_the_rows_that_it_names(database: Database, ids: list[int]) -> None:
    present = [3, 7, 8, 2**40, 50_000]
    rows = [{"id": number, "job_id": "j", "at": 0.0, "level": "info", "text": ""} for number in present]
    with database.write() as connection:
        insert_rows(connection, job_log, rows)
        found = set(connection.scalars(sa.select(job_log.c.id).where(among(connection, job_log.c.id, ids))))
    assert found == set(present) & set(ids)


DIGESTS = [hashlib.sha256(b"%d" % number).digest() for number in range(3_000)]


def _add_blobs(connection: sa.Connection) -> None:
    rows = [
        {"sha256": digest, "object": f"packs/{number} “'\"%", "start": 0, "length": 1, "created_at": 0.0}
        for number, digest in enumerate(DIGESTS[::3])
    ]
    insert_rows(connection, blobs, rows)


@pytest.mark.parametrize("wanted", [[], DIGESTS[:1], DIGESTS, [bytes(32), DIGESTS[3], DIGESTS[3]]])
def test_a_list_of_hashes_of_any_length_finds_the_rows_that_it_names(
    database: Database, wanted: list[bytes]
) -> None:
    with database.write() as connection:
        _add_blobs(connection)
        condition = among(connection, blobs.c.sha256, wanted)
        found = [bytes(each) for each in connection.scalars(sa.select(blobs.c.sha256).where(condition))]
        connection.execute(sa.delete(blobs).where(condition))
        left = connection.execute(sa.select(sa.func.count()).select_from(blobs)).scalar_one()
    assert sorted(found) == sorted(set(wanted) & set(DIGESTS[::3]))
    assert left == len(DIGESTS[::3]) - len(found)


def test_a_list_of_texts_finds_the_rows_that_it_names(database: Database) -> None:
    wanted = [f"packs/{number} “'\"%" for number in range(900, 1_100)]
    with database.write() as connection:
        _add_blobs(connection)
        condition = among(connection, blobs.c.object, wanted)
        found = set(connection.scalars(sa.select(blobs.c.object).where(condition)))
    assert found == set(wanted[:100])


def test_hashes_of_different_lengths_are_not_looked_up(database: Database) -> None:
    with database.read() as connection, pytest.raises(ValueError, match="one length"):
        among(connection, blobs.c.sha256, [bytes(32), b"short"])


def test_sqlite_looks_hashes_up_by_their_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'triptych.sqlite'}")
    upgrade(database)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    with database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        connection.execute(sa.select(blobs.c.start).where(among(connection, blobs.c.sha256, DIGESTS)))
        statement, values = statements[-1]
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan[0].startswith("SEARCH blobs USING INDEX"), plan
    database.close()
