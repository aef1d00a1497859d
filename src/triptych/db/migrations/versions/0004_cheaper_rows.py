"""Rows of items and layers cost less: a slimmer index of hashes, and keys that are searched in a table of their own.

PostgreSQL kept the trigrams of keys with every insert; now they are put in after publication, as on SQLite.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index the heads of hashes; on PostgreSQL take the searched keys out of the table of items."""
    op.drop_index("ix_layers_sha256", table_name="layers")
    op.execute("CREATE INDEX ix_layers_sha256_head ON layers (substr(sha256, 1, 4))")
    if op.get_bind().dialect.name == "postgresql":
        _search_apart(op.get_bind())


def _search_apart(connection: sa.Connection) -> None:
    op.execute("DROP INDEX IF EXISTS ix_items_key_trigram")
    op.create_table(
        "item_search",
        sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_item_search")),
    )
    op.execute(
        "INSERT INTO item_search (rowid, key) SELECT items.id, items.key FROM items "
        "JOIN sources ON sources.id = items.source_id WHERE items.id <= sources.indexed_to"
    )
    # Where it is not there the table stays without an index, and keys are read where they stand.
    available = sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    if connection.execute(available).scalar():
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_item_search_key ON item_search USING gin (key gin_trgm_ops)")
    op.execute("ANALYZE item_search")
