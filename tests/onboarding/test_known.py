"""The file of known contents answers for every hash, and for no other."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import contents
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.onboarding.known import is_known
from triptych.onboarding.known_list import write_known

if TYPE_CHECKING:
    from pathlib import Path


def _row(digest: bytes, code_version: int) -> dict[str, object]:
    return {
        "sha256": digest,
        "code_version": code_version,
        "bytes": 1,
        "format": "PNG",
        "width": 1,
        "height": 1,
        "bands": "gray",
        "dtype": "uint8",
        "bit_depth": 8,
        "orientation": 1,
        "pixel_hash": digest,
        "perceptual_hash": None,
        "moments": b"",
        "histograms": b"",
        "notes": json.dumps([]),
    }


def test_known_contents_are_those_measured_by_this_code(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(database)
    digests = [hashlib.sha256(bytes([index])).digest() for index in range(200)]
    with database.write() as connection:
        insert_rows(connection, contents, [_row(digest, CODE_VERSION) for digest in digests[:150]])
        insert_rows(connection, contents, [_row(digest, CODE_VERSION - 1) for digest in digests[150:]])
    write_known(database, tmp_path / "known")
    database.close()
    assert [is_known(str(tmp_path / "known"), digest) for digest in digests] == [True] * 150 + [False] * 50


def test_without_contents_nothing_is_known(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(database)
    write_known(database, tmp_path / "known")
    database.close()
    assert not is_known(str(tmp_path / "known"), bytes(32))
    assert not is_known("", bytes(32))
