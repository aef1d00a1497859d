"""Long lists of ids, names or hashes in a statement, as one value: a parameter for each costs more than the
rows that it finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGEST_BYTES = 32


def among(
    connection: sa.Connection,
    column: sa.ColumnElement[Any],
    values: Sequence[int] | Sequence[str] | Sequence[bytes],
) -> sa.ColumnElement[bool]:
    """The condition that a column of ids, texts or SHA-256 holds one of those given; any number of them, none
    included. ValueError when hashes are not of 32 bytes."""
    given: list[Any] = list(values)
    if isinstance(column.type, sa.LargeBinary):
        if set(map(len, given)) - {DIGEST_BYTES}:
            raise ValueError("a SHA-256 has 32 bytes")
        if connection.dialect.name == "sqlite":
            return column.in_(_cut(given))
        return column == sa.any_(sa.literal(given, ARRAY(sa.LargeBinary)))
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(json.dumps(given)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    kind = sa.Text if isinstance(column.type, sa.String) else sa.BigInteger
    return column == sa.any_(sa.literal(given, ARRAY(kind)))


def _cut(digests: list[bytes]) -> sa.Select[tuple[bytes]]:
    """The hashes, end to end in one value, as rows: JSON holds no bytes."""
    joined = b"".join(digests)
    starts = sa.func.json_each(json.dumps(list(range(1, len(joined), DIGEST_BYTES)))).table_valued("value")
    return sa.select(sa.func.substr(sa.literal(joined, sa.LargeBinary), starts.c.value, DIGEST_BYTES))
