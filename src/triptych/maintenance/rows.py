"""Tables as Parquet files and back, the same on SQLite and PostgreSQL: a backup of one restores into the other.

Numbers, texts, truth values and bytes keep their types; JSON documents travel as the text that the database
holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from triptych.db.item_search import index_noted, settle_index
from triptych.db.session import insert_rows
from triptych.db.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

ROWS_AT_ONCE = 20_000

LEFT_OUT = ("sessions", "sign_in_links", "uploads", "workers")
"""What holds for running processes, open browsers and unfinished uploads alone, and must not come back."""


def backed_up_tables() -> list[sa.Table]:
    """The tables of a backup, those that others refer to first."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def dump_table(connection: sa.Connection, table: sa.Table, path: Path) -> int:
    """Write all rows of a table to a new Parquet file; how many there are."""
    schema = pa.schema([(column.name, _arrow_type(column)) for column in table.columns])
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        sa.select(*(_plain(column) for column in table.columns))
    )
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in result.partitions():
            columns = zip(*rows, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(rows)
    return count


def load_table(connection: sa.Connection, table: sa.Table, path: Path) -> int:
    """Insert all rows of a Parquet file into an empty table; how many there are."""
    count = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS_AT_ONCE):
            rows: list[dict[str, Any]] = batch.to_pylist()
            insert_rows(connection, table, rows)
            count += len(rows)
    return count


def finish_load(connection: sa.Connection) -> None:
    """Set what follows from the rows: PostgreSQL's counters of ids, and the index of item keys."""
    if connection.dialect.name == "postgresql":
        for table in backed_up_tables():
            column = table.autoincrement_column
            if column is not None and isinstance(column.type, sa.Integer):
                _set_counter(connection, table, column)
    index_noted(connection)
    settle_index(connection)


def _set_counter(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> None:
    sequence = connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name))).scalar()
    highest = connection.execute(sa.select(sa.func.max(column))).scalar()
    if sequence is not None and highest is not None:
        connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column


def _arrow_type(column: sa.Column[Any]) -> pa.DataType:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return pa.string()
    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    if isinstance(kind, sa.Float):
        return pa.float64()
    if isinstance(kind, sa.LargeBinary):
        return pa.binary()
    if isinstance(kind, sa.String):
        return pa.string()
    raise TypeError(f"column {column.table.name}.{column.name} has the unknown type {kind!r}")
