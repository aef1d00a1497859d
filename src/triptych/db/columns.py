"""What all tables share: their registry, the types of columns, the range of versions."""

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Digest = sa.LargeBinary(32)
Time = sa.Double
Id = sa.String(24)
SortKey = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text whose order is that of its code points, as Python's is, whatever the language of the database."""


def ranged() -> tuple[sa.Column[int], sa.Column[int]]:
    """`since` and `until`: the versions that a row holds for, half-open."""
    return (
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("until", sa.Integer, nullable=False, server_default=str(OPEN_END)),
    )
