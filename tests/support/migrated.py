"""SQLite databases with the tables of this release: copies of one that is migrated once in a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from triptych.db.migrate import upgrade
from triptych.db.session import Database


def migrate_file(path: Path) -> None:
    """A database with all tables, all of them empty, in place of a file that does not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_migrated())


def migrate_home(home: Path) -> None:
    """The database of a home that has none yet."""
    path = home / "triptych.sqlite"
    if not path.exists():
        migrate_file(path)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "triptych.sqlite"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        database.close()
        assert [each.name for each in path.parent.iterdir()] == [path.name], "the log is folded into the file"
        return path.read_bytes()
