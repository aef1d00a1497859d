"""A database of either kind, and jobs on it that nobody works on yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.jobs.job_kinds import ORGANIZATION, RUNNERS
from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.jobs.service import Jobs
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Submit(Protocol):
    """Asks for a counting job; its id."""

    def __call__(self, **payload: Any) -> str: ...


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    address = request.getfixturevalue("migrated_postgresql_url") if request.param == "postgresql" else ""
    database = Database(Settings(home=tmp_path, database=address).database_url)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def idle(database: Database, tmp_path: Path) -> Jobs:
    """Jobs that nobody works on yet."""
    settings = Settings(home=tmp_path, heartbeat_seconds=0.1, silence_seconds=1.0)
    return Jobs(database, RUNNERS, lambda: "the installation", home=tmp_path, settings=settings)


@pytest.fixture
def jobs(idle: Jobs) -> Iterator[Jobs]:
    """Jobs that this process works on."""
    idle.launch()
    yield idle
    idle.close()


@pytest.fixture
def submit(idle: Jobs, database: Database) -> Submit:
    """Asks for a job of five quick batches, or as the payload says."""

    def ask(**payload: Any) -> str:
        with database.write() as connection:
            return idle.submit(
                connection,
                kind="count",
                title="Count",
                payload={"batches": 5, "seconds": 0.0, **payload},
                organization_id=ORGANIZATION,
            )

    return ask
