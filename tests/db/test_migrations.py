"""The migrations lead to the tables of `triptych.db.tables`, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from triptych.core.errors import Conflict
from triptych.db import migrate
from triptych.db.session import Database
from triptych.db.tables import layers, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = "item_search"
"""The search over keys, which is no table of SQLAlchemy's."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql_url").replace("postgresql://", "postgresql+psycopg://")
    opened = Database(url)
    yield opened
    opened.close()


def _is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    return not str(name).startswith(OWN)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    migrate.upgrade(database)
    with database.write() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": _is_ours, "compare_type": True}
        )
        differences = [
            each for each in compare_metadata(context, metadata) if "alembic_version" not in str(each)
        ]
    assert differences == []


def test_the_index_that_cannot_be_read_back_from_sqlite_is_that_of_the_code(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'triptych.sqlite'}")
    migrate.upgrade(opened)
    index = next(each for each in layers.indexes if each.name == "ix_layers_sha256_head")
    with opened.read() as connection:
        made = connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE name = 'ix_layers_sha256_head'")
        ).scalar_one()
        assert made == str(sa.schema.CreateIndex(index).compile(connection))
    opened.close()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database)
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.HEAD


def test_head_is_the_newest_migration_of_the_folder() -> None:
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    assert max(path.name for path in folder.glob("[0-9]*.py")).partition("_")[0] == migrate.HEAD


def test_a_database_of_a_later_release_is_left_alone(database: Database) -> None:
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict) as caught:
        migrate.upgrade(database)
    assert caught.value.code == "database_newer"
