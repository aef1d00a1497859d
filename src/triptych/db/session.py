"""Connections: the same code on SQLite (WAL, BEGIN IMMEDIATE for writers) and PostgreSQL (psycopg 3).

`Database.read()` gives a connection in a reading transaction, `Database.write()` one in a writing transaction
that commits at the end of the block and rolls back on an exception. Neither is ever held across work that is
not database work.
"""

from __future__ import annotations

from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from triptych.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BUSY_MS = 30_000
CHECKPOINT_PAGES = 16_000
"""Pages of 4 KB in the write-ahead log before it is folded into the file: bulk inserts hit many pages again."""


class Database:
    """An engine for writing and one for reading; on PostgreSQL they are the same."""

    def __init__(self, url: str, *, max_page_count: int | None = None) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, read_only=False, max_page_count=max_page_count)
            self.reader = _sqlite_engine(url, read_only=True)
        else:
            self.writer = self.reader = sa.create_engine(
                url,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=20,
                # A worker that is frozen within a transaction must not keep its rows for ever.
                connect_args={"options": f"-c idle_in_transaction_session_timeout={2 * BUSY_MS}"},
            )

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that only reads; sees one state of the database throughout."""
        with _translated(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection in one writing transaction, committed at the end of the block."""
        with _translated(), self.writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def _sqlite_engine(url: str, *, read_only: bool, max_page_count: int | None = None) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's events begin the transactions, not the driver
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16384")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        if max_page_count is not None:
            connection.execute(f"PRAGMA max_page_count={max_page_count}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    """What the driver says about a full disk or a vanished server, in the product's words."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig or error)
        if "database or disk is full" in text or "No space left" in text:
            raise Unavailable(
                f"The database cannot grow: {text}.",
                code="database_full",
                hint="Free space on the disk that holds the database, then retry the job.",
            ) from error
        if error.connection_invalidated or _is_absence(error, text):
            raise Unavailable(
                f"The database does not answer: {text.splitlines()[0] if text else 'no reason given'}.",
                code="database_unavailable",
                hint="Check that the database runs and can be reached; `triptych doctor` tells more.",
            ) from error
        raise


SQLITE_ABSENCES = ("unable to open", "disk I/O error", "readonly", "is locked", "malformed", "not a database")


def _is_absence(error: DBAPIError, text: str) -> bool:
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return False
    # sqlite3 reports faults of a statement by the same class as a vanished file.
    return "sqlite3" not in type(error.orig).__module__ or any(phrase in text for phrase in SQLITE_ABSENCES)


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep_existing: bool = False,
) -> None:
    """Insert many rows that have the same keys; as `insert_tuples`."""
    if not rows:
        return
    columns = list(rows[0])
    values = (
        list(map(itemgetter(*columns), rows)) if len(columns) > 1 else [(row[columns[0]],) for row in rows]
    )
    insert_tuples(connection, table, columns, values, keep_existing=keep_existing)


def insert_tuples(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    keep_existing: bool = False,
) -> None:
    """Insert many rows, each the values of `columns` in their order, by the fastest way of each database.

    Values must be what the driver takes as they are: no SQLAlchemy type is applied, so JSON columns take text.
    SQLite: one executemany on the driver; PostgreSQL: COPY. With `keep_existing`, rows whose key is taken are
    passed over (PostgreSQL then takes executemany, which is slower).
    """
    if not rows:
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        verb = "INSERT OR IGNORE" if keep_existing else "INSERT"
        with _driver_errors():
            raw.executemany(f'{verb} INTO "{table.name}" ({names}) VALUES ({marks})', rows)
        return
    with _driver_errors(), raw.cursor() as cursor:
        if keep_existing:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING', rows
            )
            return
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def _driver_errors() -> Iterator[None]:
    # Calls on the driver itself go past SQLAlchemy, so its errors are put into SQLAlchemy's classes here.
    try:
        yield
    except Exception as error:
        kind = type(error)
        if kind.__module__.startswith(("sqlite3", "psycopg")):
            names = [base.__name__ for base in kind.__mro__]
            wrapped = next(getattr(sa.exc, name) for name in [*names, "DBAPIError"] if hasattr(sa.exc, name))
            gone = "OperationalError" in names and kind.__module__.startswith("psycopg")
            raise wrapped("bulk insert", None, error, connection_invalidated=gone) from error
        raise
