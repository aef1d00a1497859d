"""A database with the first administrator in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from triptych.db import tables
from triptych.db.session import Database
from triptych.people import service
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from triptych.core.access import Subject


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home that is new."""
    return Settings(home=tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty database."""
    opened = Database(settings.database_url)
    tables.metadata.create_all(opened.writer)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database, once of each kind."""
    if request.param == "postgresql":
        settings = replace(settings, database=request.getfixturevalue("migrated_postgresql_url"))
    opened = Database(settings.database_url)
    tables.metadata.create_all(opened.writer)
    yield opened
    opened.close()


@pytest.fixture
def administrator(database: Database, settings: Settings) -> Subject:
    """The first administrator."""
    return service.ensure_first_start(database, settings).administrator
