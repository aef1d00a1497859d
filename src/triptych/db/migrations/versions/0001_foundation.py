"""The schema of the first release."""

from __future__ import annotations

from alembic import op

from triptych.db.item_search import create_item_search
from triptych.db.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
    create_item_search(op.get_bind())
