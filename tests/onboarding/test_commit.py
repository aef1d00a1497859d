"""A batch's rows say what is known of each picture, measured now or before; what is not known is asked for again."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import sqlalchemy as sa

from triptych.core.dataset import OPEN_END, DraftItem, Modality
from triptych.core.source import Member
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import contents, items, layers
from triptych.modalities.planar.examined import CODE_VERSION, Examined
from triptych.onboarding.commit import BatchSummary, Forgotten, SideLimits, Target, commit_batch
from triptych.onboarding.worker import ChunkResult, Measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.onboarding.check import Checked

KEYS = ("a.png", "b.JPG", "c.png", "d.png")
DIGESTS = [hashlib.sha256(key.encode()).digest() for key in KEYS]
TARGET = Target("d" * 24, 1, "s" * 24, 64, SideLimits(16, 4096, reject=False))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of each kind with the schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('commit') / 'triptych.sqlite'}"
    else:
        url = request.getfixturevalue("migrated_postgresql_url").replace(
            "postgresql://", "postgresql+psycopg://"
        )
    opened = Database(url)
    upgrade(opened)
    yield opened
    opened.close()


def _content(digest: bytes, notes: list[list[str]], *, code_version: int = CODE_VERSION) -> dict[str, Any]:
    return {
        "sha256": digest,
        "code_version": code_version,
        "bytes": 5,
        "format": "PNG",
        "width": 40,
        "height": 30,
        "bands": "gray",
        "dtype": "uint16",
        "bit_depth": 12,
        "orientation": 1,
        "pixel_hash": digest,
        "perceptual_hash": None,
        "moments": b"",
        "histograms": b"",
        "notes": json.dumps(notes),
    }


def _examined() -> Examined:
    return Examined(
        bytes=5,
        format="JPEG",
        width=8,
        height=300,
        bands="red green blue",
        dtype="uint8",
        bit_depth=8,
        orientation=6,
        pixel_hash=DIGESTS[1],
        perceptual_hash=7,
        moments=b"",
        histograms=b"",
        notes=(("exif_orientation", "6"),),
        thumbnails={},
        pyramid=None,
    )


def _commit(connection: sa.Connection, outcomes: list[Measured]) -> BatchSummary:
    checked = SimpleNamespace(
        root=SimpleNamespace(members=[Member(key, 5, 5, None, (0,)) for key in KEYS]),
        inventory=SimpleNamespace(
            items=[DraftItem(key, number, f"study{number}", "1", number) for number, key in enumerate(KEYS)],
            modality=Modality.PLANAR,
            recipe=None,
        ),
    )
    return commit_batch(connection, TARGET, cast("Checked", checked), (), ChunkResult(tuple(outcomes), ()))


def test_items_say_what_is_known_of_their_content(database: Database) -> None:
    with database.write() as connection:
        insert_rows(connection, contents, [_content(DIGESTS[0], []), _content(DIGESTS[2], [["icc", "P3"]])])
        outcomes = [
            Measured(0, DIGESTS[0], 5, None, ()),
            Measured(1, DIGESTS[1], 6, _examined(), ()),
            Measured(2, DIGESTS[2], 7, None, ()),
            Measured(3, DIGESTS[1], 8, None, ()),
        ]
        summary = _commit(connection, outcomes)
        rows = connection.execute(sa.select(items).order_by(items.c.id)).all()
        pictures = connection.execute(sa.select(layers).order_by(layers.c.item_id)).all()
    known = {"width": 40, "height": 30, "bit_depth": 12, "bands": "gray"}
    new = {"width": 8, "height": 300, "bit_depth": 8, "bands": "red green blue"}
    for number, (row, facts) in enumerate(zip(rows, (known, new, known, new), strict=True)):
        expected = {
            "id": TARGET.item_id(number),
            "key": KEYS[number],
            "study": f"study{number}",
            "member": number,
            **facts,
        }
        assert {name: row._mapping[name] for name in expected} == expected
        assert (row.since, row.until, row.bytes, row.dataset_id) == (1, OPEN_END, 5 + number, "d" * 24)
    assert [row.notes for row in rows] == [
        "", "exif_orientation size_outside_limits", "icc", "exif_orientation size_outside_limits wrong_ending",
    ]  # fmt: skip
    assert [row.flagged for row in rows] == [False, True, True, True]
    assert [bytes(row.sha256) for row in pictures] == [*DIGESTS[:3], DIGESTS[1]]
    assert [row.item_id for row in pictures] == [row.id for row in rows]
    assert [(row.format, row.dtype) for row in pictures] == [("png", "uint16"), ("jpeg", "uint8")] * 2
    assert (summary.imported, summary.items, summary.bytes, summary.rejected) == (4, 4, 26, 0)
    assert summary.tally["exif_orientation"] == [2, ["b.JPG (6)", "d.png (6)"]]


@pytest.mark.parametrize(
    "version", [None, CODE_VERSION - 1], ids=["never measured", "measured by other code"]
)
def test_a_picture_that_is_not_known_after_all_stops_the_batch(
    database: Database, version: int | None
) -> None:
    with database.write() as connection:
        insert_rows(connection, contents, [_content(DIGESTS[0], [])])
        if version is not None:
            insert_rows(connection, contents, [_content(DIGESTS[2], [], code_version=version)])
    outcomes = [Measured(0, DIGESTS[0], 5, None, ()), Measured(2, DIGESTS[2], 5, None, ())]
    with pytest.raises(Forgotten), database.write() as connection:
        _commit(connection, outcomes)
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(items)) == 0


def test_a_batch_without_pictures_writes_none(database: Database) -> None:
    with database.write() as connection:
        assert _commit(connection, []).items == 0
