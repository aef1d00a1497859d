"""Substring search over item keys, in a table of its own: FTS5's trigram index on SQLite, pg_trgm on PostgreSQL.

Building the index costs 10 to 50 µs a key, so it is filled after a version is published. Until then, for fewer than
three letters, and on PostgreSQL without pg_trgm, a search reads the keys of the items themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from triptych.db.id_lists import among
from triptych.db.tables import items, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIGRAM = 3

item_search = sa.table("item_search", sa.column("rowid", sa.BigInteger), sa.column("key", sa.Text))
"""The keys that can be searched. `rowid` is the item's id; on SQLite rows come in its order."""

POSTGRESQL_INDEX = "ix_item_search_key"


def index_items(connection: sa.Connection, first: int, last: int) -> None:
    """Put the keys of items first … last (ids, both included) into the index; once for each range."""
    _index(connection, sa.select(items.c.id, items.c.key).where(items.c.id.between(first, last)))


def index_listed(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Put the keys of these items into the index; once for each."""
    if ids:
        _index(connection, sa.select(items.c.id, items.c.key).where(among(connection, items.c.id, ids)))


def index_noted(connection: sa.Connection) -> None:
    """Fill an empty index with the keys that the sources say to be in it."""
    held = items.c.id <= sources.c.indexed_to
    _index(
        connection,
        sa.select(items.c.id, items.c.key).join(sources, sources.c.id == items.c.source_id).where(held),
    )


def _index(connection: sa.Connection, rows: sa.Select[tuple[int, str]]) -> None:
    ordered = rows.order_by(items.c.id)
    if connection.dialect.name == "sqlite":
        connection.execute(sa.insert(item_search).from_select(["rowid", "key"], ordered))
        return
    put = postgresql.insert(item_search).from_select(["rowid", "key"], ordered)
    connection.execute(put.on_conflict_do_update(index_elements=["rowid"], set_={"key": put.excluded.key}))


def settle_index(connection: sa.Connection) -> None:
    """After many keys were put in: tell PostgreSQL what they are like, since it else waits a minute to find out and
    reads them all until then. SQLite keeps no statistics."""
    if connection.dialect.name == "sqlite":
        return
    if _has_trigrams(connection):
        index = sa.cast(POSTGRESQL_INDEX, postgresql.REGCLASS)
        connection.execute(sa.select(sa.func.gin_clean_pending_list(index)))
    connection.exec_driver_sql("ANALYZE item_search")


def forget_items(connection: sa.Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Take items (id, key) that were indexed out of the index, before their rows are deleted."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(
            sa.text("INSERT INTO item_search(item_search, rowid, key) VALUES ('delete', :id, :key)"),
            [{"id": item, "key": key} for item, key in rows],
        )
        return
    ids = [item for item, _ in rows]
    connection.execute(sa.delete(item_search).where(among(connection, item_search.c.rowid, ids)))


def is_indexed_search(connection: sa.Connection, text: str, *, indexed: bool) -> bool:
    """Whether the index can answer; `indexed`: the keys that are meant are in it."""
    if not indexed or len(text) < TRIGRAM or "\0" in text:
        return False
    return connection.dialect.name == "sqlite" or _has_trigrams(connection)


def _has_trigrams(connection: sa.Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.func.to_regclass(POSTGRESQL_INDEX).is_not(None))))


def indexed_match(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """The condition on `item_search` that a key contains the text; only where `is_indexed_search`."""
    if connection.dialect.name == "sqlite":
        phrase = '"' + text.replace('"', '""') + '"'
        return sa.literal_column("item_search").op("MATCH", is_comparison=True)(phrase)
    return _alike(connection, item_search.c.key, text)


def key_contains(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """The condition that an item's key contains the text, case ignored for ASCII letters; reads the key."""
    if "\0" in text:  # no key holds one, SQLite would stop reading there, and PostgreSQL refuses it
        return sa.false()
    return _alike(connection, items.c.key, text)


def _alike(connection: sa.Connection, key: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # SQLite's LIKE ignores the case of ASCII letters itself; ILIKE would be spelt with two calls of lower().
    alike = key.like if connection.dialect.name == "sqlite" else key.ilike
    return alike(f"%{escaped}%", escape="\\")
