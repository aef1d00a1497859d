"""What rasters bring: values of label layers, where and when chips were taken, classes to ignore, tunes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(24)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("contents", sa.Column("value_counts", sa.LargeBinary()))
    op.add_column("layers", sa.Column("member", sa.Integer()))
    op.add_column("annotation_sets", sa.Column("layer", sa.Text(), server_default="", nullable=False))
    op.add_column("layers", sa.Column("reading", sa.Text(), server_default="", nullable=False))
    op.add_column("classes", sa.Column("ignore", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "footprints",
        sa.Column("place", BIG, autoincrement=False, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("west", "south", "east", "north")),
        sa.Column("outline", sa.JSON()),
        sa.Column("crs", sa.Text(), server_default="", nullable=False),
        sa.Column("zone", BIG),
        sa.Column("zone_level", sa.Integer()),
        sa.Column("time", sa.Double()),
        sa.Column("scene", sa.Text()),
        sa.Column("ground_group", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_footprints")),
    )
    for name in ("zone", "time"):
        op.create_index(op.f(f"ix_footprints_dataset_id_{name}"), "footprints", ["dataset_id", name])
    op.create_table(
        "measures",
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        sa.Column("moments", sa.LargeBinary(), nullable=False),
        sa.Column("histograms", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "reading", "code_version", name=op.f("pk_measures")),
    )
    op.create_table(
        "tunes",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("dataset_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("task", "base_model", "template")),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tunes")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_tunes_organization_id_name")),
    )
    op.create_index(op.f("ix_tunes_dataset_id"), "tunes", ["dataset_id"])
