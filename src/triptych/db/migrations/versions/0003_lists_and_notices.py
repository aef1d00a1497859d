"""What lists of datasets read at a glance (tasks, samples, the order of names), and what each person has seen."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from triptych.core.names import natural_key, nfc

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

datasets = sa.table(
    "datasets",
    sa.column("id", sa.String),
    sa.column("display_name", sa.Text),
    sa.column("version", sa.Integer),
    sa.column("tasks", sa.Text),
    sa.column("samples", sa.JSON),
    sa.column("sort_name", sa.Text),
)
versions = sa.table(
    "versions",
    sa.column("dataset_id", sa.String),
    sa.column("number", sa.Integer),
    sa.column("counts", sa.JSON),
)
items = sa.table(
    "items",
    sa.column("id", BIG),
    sa.column("dataset_id", sa.String),
    sa.column("since", sa.Integer),
    sa.column("until", sa.Integer),
)
layers = sa.table(
    "layers",
    sa.column("item_id", BIG),
    sa.column("role", sa.Text),
    sa.column("since", sa.Integer),
    sa.column("until", sa.Integer),
    sa.column("sha256", sa.LargeBinary),
)


def upgrade() -> None:
    """Add the columns, indexes and tables, and fill the columns from the versions that are published."""
    op.add_column("datasets", sa.Column("tasks", sa.Text(), server_default="", nullable=False))
    op.add_column("datasets", sa.Column("samples", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("datasets", sa.Column("sort_name", SORT_KEY, server_default="", nullable=False))
    op.create_index(op.f("ix_datasets_owner_id_id"), "datasets", ["owner_id", "id"], unique=False)
    op.create_index(op.f("ix_events_actor_id_id"), "events", ["actor_id", "id"], unique=False)
    # What jobs recorded lacked the kind of thing in front, which every other event has.
    op.execute("UPDATE events SET action = 'dataset.published' WHERE action = 'published'")
    _tables()
    _fill(op.get_bind())


def _tables() -> None:
    op.create_table(
        "notification_reads",
        sa.Column("user_id", sa.String(length=24), nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_reads_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_reads")),
    )
    op.create_table(
        "opened",
        sa.Column("user_id", sa.String(length=24), nullable=False),
        sa.Column("dataset_id", sa.String(length=24), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_opened_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_opened_dataset_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "dataset_id", name=op.f("pk_opened")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_opened_dataset_id"), "opened", ["dataset_id"], unique=False)


def _fill(connection: sa.Connection) -> None:
    rows = connection.execute(
        sa.select(datasets.c.id, datasets.c.display_name, datasets.c.version, versions.c.counts).outerjoin(
            versions, sa.and_(versions.c.dataset_id == datasets.c.id, versions.c.number == datasets.c.version)
        )
    ).all()
    for row in rows:
        values: dict[str, Any] = {"sort_name": natural_key(nfc(row.display_name))[0][:200]}
        if row.counts is not None:
            values["tasks"] = " ".join(sorted({entry["task"] for entry in row.counts["sets"]}))
            values["samples"] = _samples(connection, row.id, row.version)
        connection.execute(sa.update(datasets).where(datasets.c.id == row.id).values(**values))


def _samples(connection: sa.Connection, dataset_id: str, version: int) -> list[str]:
    holding = (
        sa.select(items.c.id, layers.c.sha256)
        .join(layers, layers.c.item_id == items.c.id)
        .where(items.c.dataset_id == dataset_id, items.c.since <= version, items.c.until > version)
        .where(layers.c.role == "image", layers.c.since <= version, layers.c.until > version)
        .where(layers.c.sha256.is_not(None))
    )
    first = connection.execute(holding.order_by(items.c.id).limit(1)).first()
    last = connection.execute(holding.order_by(items.c.id.desc()).limit(1)).first()
    if first is None or last is None:
        return []
    middle = holding.where(items.c.id >= (first.id + last.id) // 2).order_by(items.c.id).limit(1)
    found = (first, connection.execute(middle).one(), last)
    return list(dict.fromkeys(bytes(row.sha256).hex() for row in found))
