"""A small world of random rows on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.datasets.small_world import World, make_world
from triptych.db.migrate import upgrade
from triptych.db.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

Filled = tuple[Database, World]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A filled database of SQLite, and its rows."""
    yield from _filled(f"sqlite:///{tmp_path_factory.mktemp('small') / 'triptych.sqlite'}")


@pytest.fixture(scope="module")
def on_postgresql(module_postgresql_url: str) -> Iterator[Filled]:
    """The same on PostgreSQL."""
    yield from _filled(module_postgresql_url.replace("postgresql:", "postgresql+psycopg:"))


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.postgresql)])
def filled(request: pytest.FixtureRequest) -> Filled:
    """Each of the two."""
    found: Filled = request.getfixturevalue(request.param)
    return found


def _filled(url: str) -> Iterator[Filled]:
    database = Database(url)
    upgrade(database)
    yield database, make_world(database)
    database.close()
