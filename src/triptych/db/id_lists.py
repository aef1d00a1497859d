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
    on_sqlite = connection.dialect.name == "sqlite"
    if isinstance(column.type, sa.LargeBinary):
        return column.in_(_cut(given, on_sqlite=on_sqlite))
    if on_sqlite:
        listed = sa.func.json_each(json.dumps(given)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    kind = sa.Text if isinstance(column.type, sa.String) else sa.BigInteger
    return column == sa.any_(sa.literal(given, ARRAY(kind)))


def _cut(given: list[bytes], *, on_sqlite: bool) -> sa.Select[tuple[bytes]]:
    """Bytes of one length, end to end in one value, as rows: JSON holds none, and arrays of them are spelt out."""
    joined = b"".join(given)
    length = len(given[0]) if given else 1
    if len(set(map(len, given))) > 1:
        raise ValueError("bytes in one list are of one length")
    if on_sqlite:
        starts = sa.func.json_each(json.dumps(list(range(1, len(joined), length)))).table_valued("value")
    else:
        starts = sa.func.generate_series(1, len(joined), length).table_valued("value").render_derived()
    return sa.select(sa.func.substr(sa.literal(joined, sa.LargeBinary), starts.c.value, length))
