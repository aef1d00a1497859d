"""The fourth migration keeps every key searchable that was, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from triptych.db import migrate
from triptych.db.item_search import indexed_match, is_indexed_search, item_search
from triptych.db.layer_hashes import is_layer_of
from triptych.db.session import Database, insert_rows
from triptych.db.tables import items, layers, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "e" * 24
SOURCES = {"a" * 24: (1, 4, 3), "b" * 24: (5, 6, 6), "c" * 24: (7, 8, 0)}
"""First and last item of each, and up to which of them the keys were indexed."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind that stands at the third migration, with items of three sources."""
    url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url").replace("postgresql://", "postgresql+psycopg://")
    opened = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with opened.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        _inhabit(connection)
    yield opened
    opened.close()


def _inhabit(connection: sa.Connection) -> None:
    add = {name: _adder(connection, name) for name in ("organizations", "users", "datasets", "sources")}
    add["organizations"](id=OWNER, name="o", display_name="o", created_at=0)
    add["users"](id=OWNER, organization_id=OWNER, email="a@b.c", name="a", role="viewer", created_at=0)
    add["datasets"](
        id=OWNER, organization_id=OWNER, name="d", display_name="d", search_text="d", tags="[]", details="{}",
        modality="planar", state="ready", owner_id=OWNER, created_at=0, updated_at=0,
    )  # fmt: skip
    for source, (first, last, indexed_to) in SOURCES.items():
        add["sources"](
            id=source, dataset_id=OWNER, job_id="j", reference="{}", filename="f", created_at=0, version=1,
            indexed_to=indexed_to, indexed=indexed_to == last,
        )  # fmt: skip
        numbers = range(first, last + 1)
        insert_rows(connection, items, [_item(number, source) for number in numbers])
        insert_rows(connection, layers, [_layer(number) for number in numbers])
        if connection.dialect.name == "sqlite":
            keys = sa.text(
                "INSERT INTO item_search(rowid, key) SELECT id, key FROM items WHERE id BETWEEN :a AND :b"
            )
            connection.execute(keys, {"a": first, "b": indexed_to})


def _adder(connection: sa.Connection, name: str) -> Any:
    return lambda **values: insert_rows(connection, metadata.tables[name], [values])


def _item(number: int, source: str) -> dict[str, Any]:
    sides = {"bytes": 1, "width": 1, "height": 1, "bit_depth": 8, "bands": "gray"}
    row = {"id": number, "dataset_id": OWNER, "since": 1, "key": f"needle {number}", "study": "s"}
    return {**row, **sides, "source_id": source, "member": number}


def _layer(number: int) -> dict[str, Any]:
    row = {"item_id": number, "name": "image", "since": 1, "role": "image", "format": "png"}
    return {**row, "dtype": "uint8", "sha256": bytes([number]) * 32}


def test_keys_that_were_searchable_are(before: Database) -> None:
    migrate.upgrade(before)
    with before.read() as connection:
        assert is_indexed_search(connection, "needle", indexed=True)
        match = sa.select(item_search.c.rowid).where(indexed_match(connection, "NEEDLE"))
        assert set(connection.scalars(match)) == {1, 2, 3, 5, 6}


def test_layers_are_found_by_their_hash(before: Database) -> None:
    migrate.upgrade(before)
    with before.read() as connection:
        found = sa.select(layers.c.item_id).where(is_layer_of(bytes([5]) * 32))
        assert connection.scalars(found).all() == [5]
