"""What DICOM brings: planes and display of contents, persons that a split keeps together, and tags to search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.String(24)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the two tables."""
    op.add_column("items", sa.Column("subject", sa.Text()))
    op.add_column("contents", sa.Column("frames", sa.Integer(), server_default="1", nullable=False))
    op.add_column("contents", sa.Column("details", sa.JSON()))
    op.create_table(
        "dicom_files",
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "sop_class",
                "sop_uid",
                "study_uid",
                "series_uid",
                "modality",
                "body_part",
                "study_date",
                "study_title",
                "series_title",
            )
        ),
        sa.PrimaryKeyConstraint("sha256", "code_version", name=op.f("pk_dicom_files")),
    )
    for name in ("sop_uid", "study_uid", "series_uid"):
        op.create_index(op.f(f"ix_dicom_files_{name}"), "dicom_files", [name])
    op.create_table(
        "tag_runs",
        sa.Column("dataset_id", ID, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("first_item", BIG, nullable=False),
        sa.Column("last_item", BIG, nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "tag", "value", "first_item", name=op.f("pk_tag_runs")),
        sqlite_with_rowid=False,
    )
