"""A long list of ids finds what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from triptych.db.id_lists import among
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import job_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with the schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql_url").replace("postgresql://", "postgresql+psycopg://")
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
