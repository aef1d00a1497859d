"""The third migration fills what lists read from the versions that were published before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from triptych.core.dataset import OPEN_END
from triptych.db import migrate
from triptych.db.session import Database, insert_rows
from triptych.db.tables import datasets, items, layers, organizations, users, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

READY, EMPTY = "a" * 24, "b" * 24
HOME, OWNER = "c" * 24, "d" * 24


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind at the schema before."""
    url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url").replace("postgresql://", "postgresql+psycopg://")
    opened = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with opened.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    yield opened
    opened.close()


def test_datasets_get_their_tasks_samples_and_place_by_name(before: Database) -> None:
    with before.write() as connection:
        insert_rows(
            connection, organizations, [{"id": HOME, "name": "h", "display_name": "", "created_at": 1.0}]
        )
        owner = {"id": OWNER, "organization_id": HOME, "email": "o@x", "name": "O", "role": "member"}
        insert_rows(connection, users, [owner | {"created_at": 1.0}])
        insert_rows(connection, datasets, [_dataset(READY, "Scan 10", 2), _dataset(EMPTY, "Scan 9", 0)])
        insert_rows(
            connection, versions, [_version(1, ["regression"]), _version(2, ["single_label", "detection"])]
        )
        # Item 1 left with version 2, item 6 is of another version's future: 2 to 5 are there.
        ranges = [(1, 2), *[(1, OPEN_END)] * 4, (3, OPEN_END)]
        insert_rows(connection, items, [_item(n, *held) for n, held in enumerate(ranges, 1)])
        insert_rows(connection, layers, [_layer(n, *held) for n, held in enumerate(ranges, 1)])
    migrate.upgrade(before)
    with before.read() as connection:
        found = {row.id: row for row in connection.execute(sa.select(datasets))}
    assert found[READY].tasks == "detection single_label"
    assert found[READY].samples == [number.to_bytes(32, "big").hex() for number in (2, 3, 5)]
    assert (found[EMPTY].tasks, found[EMPTY].samples) == ("", [])
    assert found[EMPTY].sort_name < found[READY].sort_name


def _dataset(dataset_id: str, name: str, version: int) -> dict[str, Any]:
    return {
        "id": dataset_id, "organization_id": HOME, "name": name, "display_name": name, "search_text": "",
        "tags": "[]", "details": "{}", "modality": "planar", "state": "ready", "version": version,
        "owner_id": OWNER, "created_at": 1.0, "updated_at": 1.0,
    }  # fmt: skip


def _version(number: int, tasks: list[str]) -> dict[str, Any]:
    return {
        "dataset_id": READY, "number": number, "created_at": 1.0, "message": "", "content_hash": bytes(32),
        "counts": json.dumps({"sets": [{"task": task} for task in tasks]}), "statistics": "{}",
    }  # fmt: skip


def _item(number: int, since: int, until: int) -> dict[str, Any]:
    return {
        "id": number, "dataset_id": READY, "since": since, "until": until, "key": str(number), "study": "s",
        "bytes": 1, "width": 1, "height": 1, "bit_depth": 8, "bands": "gray", "source_id": "e" * 24,
        "member": number,
    }  # fmt: skip


def _layer(number: int, since: int, until: int) -> dict[str, Any]:
    return {
        "item_id": number, "name": "image", "since": since, "until": until, "role": "image", "format": "png",
        "dtype": "uint8", "sha256": number.to_bytes(32, "big"),
    }  # fmt: skip
