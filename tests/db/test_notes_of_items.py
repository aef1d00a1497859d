"""The second migration takes the codes of an item's findings from what is known of its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from triptych.db import migrate
from triptych.db.session import Database, insert_rows
from triptych.db.tables import contents, items, layers

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES: dict[str, tuple[str, list[list[str]], bool, str]] = {
    # key: format, notes of the file, flagged, what becomes of them
    "plain.png": ("png", [], False, ""),
    "turned.jpg": ("jpeg", [["exif_orientation", "6"]], True, "exif_orientation"),
    "two.PNG": ("png", [["more_than_8_bits", "16"], ["icc_profile", "P3"]], True, "icc_profile more_than_8_bits"),
    "named.png": ("jpeg", [["ink_colors", ""]], True, "ink_colors wrong_ending"),
    "bare": ("png", [], True, "wrong_ending"),
    "tiny.png": ("png", [], True, "size_outside_limits"),
}  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind at the schema of the first release."""
    url = f"sqlite:///{tmp_path / 'triptych.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url").replace("postgresql://", "postgresql+psycopg://")
    opened = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with opened.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    yield opened
    opened.close()


def test_items_get_the_codes_of_what_was_noticed_of_their_files(first_release: Database) -> None:
    with first_release.write() as connection:
        for number, (key, (kind, notes, flagged, _)) in enumerate(PICTURES.items(), 1):
            digest = number.to_bytes(32, "big")
            insert_rows(connection, items, [_item(number, key, flagged)])
            insert_rows(connection, layers, [_layer(number, kind, digest)])
            insert_rows(connection, contents, [_content(kind, digest, notes)])
    migrate.upgrade(first_release)
    with first_release.read() as connection:
        found = {row.key: row.notes for row in connection.execute(sa.select(items.c.key, items.c.notes))}
    assert found == {key: expected for key, (_, _, _, expected) in PICTURES.items()}


def _item(number: int, key: str, flagged: bool) -> dict[str, Any]:
    sides = {"bytes": 1, "width": 1, "height": 1, "bit_depth": 8, "bands": "gray"}
    row = {"id": number, "dataset_id": "a" * 24, "since": 1, "until": 9, "key": key, "study": key}
    return {**row, **sides, "flagged": flagged, "source_id": "b" * 24, "member": number}


def _layer(number: int, kind: str, digest: bytes) -> dict[str, Any]:
    row = {"item_id": number, "name": "image", "since": 1, "until": 9, "role": "image"}
    return {**row, "format": kind, "dtype": "uint8", "sha256": digest}


def _content(kind: str, digest: bytes, notes: list[list[str]]) -> dict[str, Any]:
    sides = {"bytes": 1, "width": 1, "height": 1, "bands": "gray", "dtype": "uint8", "bit_depth": 8}
    row = {
        "sha256": digest,
        "code_version": 1,
        "format": kind.upper(),
        "orientation": 1,
        "pixel_hash": digest,
    }
    return {**row, **sides, "moments": b"", "histograms": b"", "notes": json.dumps(notes)}
