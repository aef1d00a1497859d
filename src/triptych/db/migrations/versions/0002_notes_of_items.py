"""Which findings an item has of its own, by code, so that items are listed and counted by them."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BLOCK = 5_000
ENDINGS = {"jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"), "png": (".png",)}

NEXT = """
SELECT id, key FROM items WHERE flagged AND id > :after ORDER BY id LIMIT :block
"""
NOTED = """
SELECT layers.item_id, layers.format, CAST(contents.notes AS TEXT) AS notes FROM layers
LEFT JOIN contents ON contents.sha256 = layers.sha256
WHERE layers.item_id BETWEEN :first AND :last AND layers.role = 'image'
ORDER BY contents.code_version
"""


def upgrade() -> None:
    """Add the codes to the items, and take them from what is known of their files."""
    op.add_column("items", sa.Column("notes", sa.Text(), server_default="", nullable=False))
    _fill(op.get_bind())
    op.create_index(
        "ix_items_some_notes",
        "items",
        ["dataset_id", "notes", "id"],
        unique=False,
        sqlite_where=sa.text("notes != ''"),
        postgresql_where=sa.text("notes != ''"),
    )


def _fill(connection: sa.Connection) -> None:
    after = 0
    while True:
        rows = connection.execute(sa.text(NEXT), {"after": after, "block": BLOCK}).all()
        if not rows:
            return
        after = rows[-1].id
        files = connection.execute(sa.text(NOTED), {"first": rows[0].id, "last": after})
        known = {row.item_id: row for row in files}
        connection.execute(
            sa.text("UPDATE items SET notes = :notes WHERE id = :id"),
            [{"id": row.id, "notes": _codes(row.key, known.get(row.id))} for row in rows],
        )


def _codes(key: str, file: Any) -> str:
    codes = set() if file is None else {code for code, _ in json.loads(file.notes or "[]")}
    if file is not None and not key.lower().endswith(ENDINGS[file.format]):
        codes.add("wrong_ending")
    # An item is flagged for its file, for its ending or for its size; only the first two are written elsewhere.
    return " ".join(sorted(codes or {"size_outside_limits"}))
