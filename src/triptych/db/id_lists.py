"""Long lists of ids, names or hashes in a statement, as one value: a parameter for each costs more than the
rows that it finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Sequence


def among(
    connection: sa.Connection,
    column: sa.ColumnElement[Any],
    values: Sequence[int] | Sequence[str] | Sequence[bytes],
) -> sa.ColumnElement[bool]:
    """The condition that a column of ids, texts or bytes holds one of those given; any number of them, none
    included. ValueError for bytes of different lengths."""
    given: list[Any] = list(values)
    if isinstance(column.type, sa.LargeBinary):
        if len(set(map(len, given))) > 1:
            raise ValueError("hashes in one list are of one length")
        if connection.dialect.name == "sqlite":
            return column.in_(_cut(given))
        return column == sa.any_(sa.literal(given, ARRAY(sa.LargeBinary)))
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(json.dumps(given)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    kind = sa.Text if isinstance(column.type, sa.String) else sa.BigInteger
    return column == sa.any_(sa.literal(given, ARRAY(kind)))


def _cut(digests: list[bytes]) -> sa.Select[tuple[bytes]]:
    """Hashes of one length, end to end in one value, as rows: JSON holds no bytes."""
    joined = b"".join(digests)
    length = len(digests[0]) if digests else 1
    starts = sa.func.json_each(json.dumps(list(range(1, len(joined), length)))).table_valued("value")
    return sa.select(sa.func.substr(sa.literal(joined, sa.LargeBinary), starts.c.value, length))
