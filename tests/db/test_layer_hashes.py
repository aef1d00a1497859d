"""Layers are found by the whole hash, and by the index of its first bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.db.layer_hashes import is_layer_among, is_layer_of
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import layers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIGESTS = [hashlib.sha256(b"%d" % number).digest() for number in range(2_000)]
TWINS = [DIGESTS[0][:31] + bytes([last]) for last in (1, 2)]
"""Hashes that begin like the first one."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind, with a layer of every second hash and of one twin."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("migrated_postgresql_url").replace(
            "postgresql://", "postgresql+psycopg://"
        )
    opened = Database(url)
    upgrade(opened)
    with opened.write() as connection:
        insert_rows(
            connection,
            layers,
            [_layer(number, digest) for number, digest in enumerate([*DIGESTS[::2], TWINS[0]])],
        )
        if not opened.is_sqlite:
            connection.execute(sa.text("ANALYZE layers"))
    yield opened
    opened.close()


def _layer(item: int, digest: bytes) -> dict[str, Any]:
    row = {"item_id": item, "name": "image", "since": 1, "role": "image", "format": "png"}
    return {**row, "dtype": "uint8", "sha256": digest}


@pytest.mark.parametrize("digest", [DIGESTS[0], DIGESTS[1], DIGESTS[2], *TWINS])
def test_a_hash_finds_its_own_layers_alone(database: Database, digest: bytes) -> None:
    with database.read() as connection:
        found = connection.scalars(sa.select(layers.c.sha256).where(is_layer_of(digest))).all()
    assert [bytes(each) for each in found] == [digest] * (digest in (*DIGESTS[::2], TWINS[0]))


@pytest.mark.parametrize("wanted", [[], TWINS, DIGESTS[:1], [*DIGESTS, *TWINS]])
def test_a_list_finds_the_layers_of_its_hashes_alone(database: Database, wanted: list[bytes]) -> None:
    with database.read() as connection:
        found = connection.scalars(sa.select(layers.c.sha256).where(is_layer_among(connection, wanted))).all()
    assert sorted(map(bytes, found)) == sorted(set(wanted) & {*DIGESTS[::2], TWINS[0]})


@pytest.mark.parametrize("listed", [True, False])
def test_the_index_of_heads_is_read(database: Database, listed: bool) -> None:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    with database.read() as connection:
        if not database.is_sqlite:
            # A table this small is read whole for a few hashes, unless that is ruled out.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        condition = is_layer_among(connection, DIGESTS[:9]) if listed else is_layer_of(DIGESTS[5])
        sa.event.listen(connection, "before_cursor_execute", note)
        connection.execute(sa.select(layers.c.item_id).where(condition))
        statement, values = statements[-1]
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = connection.exec_driver_sql(f"{explain} {statement}", values).all()
    assert "ix_layers_sha256_head" in str(plan), plan
