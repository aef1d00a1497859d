"""Layers by the SHA-256 of their bytes. The index knows the heads of the hashes, so a condition names both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.db.id_lists import among
from triptych.db.tables import hash_head, layers

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD_BYTES = 4


def is_layer_of(digest: bytes) -> sa.ColumnElement[bool]:
    """The condition that a layer has these bytes."""
    return sa.and_(hash_head == digest[:HEAD_BYTES], layers.c.sha256 == digest)


def is_layer_among(connection: sa.Connection, digests: Sequence[bytes]) -> sa.ColumnElement[bool]:
    """The condition that a layer has the bytes of one of the hashes."""
    heads = sorted({digest[:HEAD_BYTES] for digest in digests})
    return sa.and_(among(connection, hash_head, heads), among(connection, layers.c.sha256, digests))
