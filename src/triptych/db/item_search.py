"""Substring search over item keys: FTS5's trigram index on SQLite, pg_trgm on PostgreSQL.

Building the index costs 50 µs a key, so it is filled after a version is published. Until then, and for
fewer than three letters, a search reads the keys themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIGRAM = 3

item_search = sa.table("item_search", sa.column("rowid", sa.Integer))
"""SQLite's index; `rowid` is the item's id, and rows come in its order."""


def create_item_search(connection: sa.Connection) -> None:
    """Create the index, empty on SQLite; PostgreSQL keeps its own up to date by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE item_search "
            "USING fts5(key, content='items', content_rowid='id', tokenize='trigram')"
        )
        return
    available = connection.execute(
        sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    ).scalar()
    if available:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.exec_driver_sql("CREATE INDEX ix_items_key_trigram ON items USING gin (key gin_trgm_ops)")


def index_items(connection: sa.Connection, first: int, last: int) -> None:
    """Put the keys of items first … last (ids, both included) into the index; once for each range."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            sa.text(
                "INSERT INTO item_search(rowid, key) SELECT id, key FROM items WHERE id BETWEEN :a AND :b"
            ),
            {"a": first, "b": last},
        )


def forget_items(connection: sa.Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Take items (id, key) that were indexed out of the index, before their rows are deleted."""
    if connection.dialect.name == "sqlite" and rows:
        connection.execute(
            sa.text("INSERT INTO item_search(item_search, rowid, key) VALUES ('delete', :id, :key)"),
            [{"id": item, "key": key} for item, key in rows],
        )


def is_indexed_search(connection: sa.Connection, text: str, *, indexed: bool) -> bool:
    """Whether the index of SQLite can answer; PostgreSQL chooses its own by itself."""
    return connection.dialect.name == "sqlite" and indexed and len(text) >= TRIGRAM and "\0" not in text


def indexed_match(text: str) -> sa.ColumnElement[bool]:
    """The condition on `item_search` that a key contains the text; only where `is_indexed_search`."""
    phrase = '"' + text.replace('"', '""') + '"'
    return sa.literal_column("item_search").op("MATCH", is_comparison=True)(phrase)


def key_contains(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """The condition that an item's key contains the text, case ignored for ASCII letters; reads the key."""
    if "\0" in text:  # no key holds one, SQLite would stop reading there, and PostgreSQL refuses it
        return sa.false()
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # SQLite's LIKE ignores the case of ASCII letters itself; ILIKE would be spelt with two calls of lower().
    alike = items.c.key.like if connection.dialect.name == "sqlite" else items.c.key.ilike
    return alike(f"%{escaped}%", escape="\\")
