"""Bring a database to the schema of this release, in one transaction; nothing to do costs one select."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.errors import Conflict

if TYPE_CHECKING:
    from triptych.db.session import Database

HEAD = "0006"
"""The newest migration; a test holds it against the folder of migrations."""

LOCK = 0x7472_6970


def current(database: Database) -> str | None:
    """The migration that the database stands at; None when it holds no schema of ours."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(database: Database) -> None:
    """Apply the migrations that are missing, all or none.

    Raises Conflict (`database_newer`) for a database that a later release has written.
    """
    if current(database) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise Conflict(
                "The database was written by a later release of Triptych.",
                code="database_newer",
                hint="Install that release or a later one, or restore a backup of this one.",
            ) from error
