"""Backups: proven by restoring them, also from one kind of database into the other."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import sqlalchemy as sa

from triptych.core.errors import Conflict, InvalidInput, Refused
from triptych.db.item_search import indexed_match, item_search
from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.db.tables import (
    datasets,
    items,
    jobs,
    metadata,
    notification_reads,
    opened,
    organizations,
    sessions,
    sources,
    users,
)
from triptych.maintenance.backup import back_up, restore
from triptych.maintenance.rows import LEFT_OUT, ROWS_AT_ONCE, backed_up_tables
from triptych.settings import Settings
from triptych.storage.blobs import read_blob, register
from triptych.storage.objects import Objects
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.s3 import S3Storage
    from triptych.installation import Installation

ORGANIZATION, USER = "1" * 24, "2" * 24
PUBLISHED, UNFINISHED = "3" * 24, "4" * 24
INDEXED_TO = 2
"""The last id whose key was searchable when the backup was made; the published dataset has one more."""
CONTENT = [bytes([number]) * 70_000 for number in range(5)]


@dataclass(frozen=True)
class Home:
    """A home with something in it, without the machinery that backups do not need."""

    settings: Settings
    database: Database
    objects: Objects

    @classmethod
    def open(cls, settings: Settings) -> Home:
        settings.home.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database_url)
        upgrade(database)
        return cls(settings, database, Objects(settings.storage_url))

    def back_up(self, target: Path) -> Any:
        parts = SimpleNamespace(settings=self.settings, database=self.database, objects=self.objects)
        return back_up(cast("Installation", parts), target, _silent)


def _silent(stage: str, done: int, total: int) -> None:
    return


def _inhabit(home: Home) -> None:
    writer = BlobWriter(home.objects)
    for data in CONTENT:
        writer.add(data)
    places = writer.finish()
    now = 1_795_000_000.25
    with home.database.write() as connection:
        connection.execute(
            sa.insert(organizations).values(
                id=ORGANIZATION, name="home", display_name="Zuhause", created_at=now
            )
        )
        connection.execute(
            sa.insert(users).values(
                id=USER, organization_id=ORGANIZATION, email="a@b.c", name="Ada “細胞” 🙂", role="administrator",
                created_at=now,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(sessions).values(token_hash=b"s" * 32, user_id=USER, created_at=now, expires_at=now)
        )
        for dataset_id, version, state in ((PUBLISHED, 1, "ready"), (UNFINISHED, 0, "onboarding")):
            connection.execute(
                sa.insert(datasets).values(
                    id=dataset_id, organization_id=ORGANIZATION, name=f"d{version}", display_name="d",
                    search_text="d", tags=["ü", 1], details={"a": None}, modality="planar", state=state,
                    version=version, owner_id=USER, created_at=now, updated_at=now,
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(sources).values(
                    id=dataset_id, dataset_id=dataset_id, job_id="5" * 24, reference={}, filename="x.zip",
                    created_at=now, version=1, indexed_to=INDEXED_TO * version,
                )
            )  # fmt: skip
            for number in range(3):
                connection.execute(sa.insert(items).values(**_item(dataset_id, number)))
        connection.execute(
            sa.insert(jobs).values(
                id="5" * 24, organization_id=ORGANIZATION, dataset_id=UNFINISHED, kind="onboard", title="x",
                payload={}, state="running", created_at=now,
            )
        )  # fmt: skip
        connection.execute(sa.insert(opened).values(user_id=USER, dataset_id=PUBLISHED, at=now))
        connection.execute(sa.insert(notification_reads).values(user_id=USER, until=2**40))
        register(connection, places)


def _item(dataset_id: str, number: int) -> dict[str, Any]:
    return {
        "dataset_id": dataset_id, "since": 1, "key": f"image/needle_{number}.png", "study": "s", "bytes": 1,
        "width": 1, "height": 1, "bit_depth": 8, "bands": "gray", "source_id": dataset_id, "member": number,
        "flagged": number == 1,
    }  # fmt: skip


def _rows(database: Database, table: sa.Table) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return sorted(
            (
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in connection.execute(sa.select(table))
            ),
            key=repr,
        )


@pytest.fixture(params=["sqlite to sqlite", "sqlite to postgresql", "postgresql to sqlite"])
def homes(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Settings]:
    """Settings of a home to back up, and of one to restore into."""
    made = []
    for side, kind in zip(("from", "into"), request.param.split(" to "), strict=True):
        url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else ""
        made.append(Settings(home=tmp_path / side, database=url))
    return made[0], made[1]


def test_a_restored_home_holds_every_row_and_every_byte(
    homes: tuple[Settings, Settings], tmp_path: Path
) -> None:
    home = Home.open(homes[0])
    _inhabit(home)
    made = home.back_up(tmp_path / "copy")
    restored = restore(homes[1], tmp_path / "copy", _silent)
    other = Home.open(homes[1])
    for table in backed_up_tables():
        if table.name not in ("jobs", "datasets"):
            assert _rows(other.database, table) == _rows(home.database, table), table.name
    for table in (opened, notification_reads):
        assert len(_rows(other.database, table)) == 1, table.name
    with other.database.read() as connection:
        for data in CONTENT:
            assert read_blob(connection, other.objects, hashlib.sha256(data).digest()) == data
        assert _searched(connection, "needle") == set(range(1, INDEXED_TO + 1))
    assert (made.rows, made.objects, made.bytes) == (restored.rows, restored.objects, restored.bytes)
    assert made.bytes == sum(map(len, CONTENT))
    home.database.close()
    other.database.close()


def _searched(connection: sa.Connection, text: str) -> set[int]:
    """Ids of the items that the search index finds."""
    found = sa.select(item_search.c.rowid).where(indexed_match(connection, text))
    return set(connection.execute(found).scalars())


def test_a_restored_home_goes_on_where_its_ids_stopped(
    homes: tuple[Settings, Settings], tmp_path: Path
) -> None:
    home = Home.open(homes[0])
    _inhabit(home)
    home.back_up(tmp_path / "copy")
    restore(homes[1], tmp_path / "copy", _silent)
    other = Home.open(homes[1])
    with other.database.write() as connection:
        added = connection.execute(
            sa.insert(items).values(**_item(PUBLISHED, 9)).returning(items.c.id)
        ).scalar_one()
    assert added == max(row[0] for row in _rows(home.database, items)) + 1
    home.database.close()
    other.database.close()


def test_a_bucket_is_copied_and_restored_too(
    s3_storage: S3Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_storage.set(monkeypatch)
    home = Home.open(Settings(home=tmp_path / "from", storage=s3_storage.url))
    _inhabit(home)
    home.back_up(tmp_path / "copy")
    settings = Settings(home=tmp_path / "into", storage=s3_storage.url + "-new")
    restore(settings, tmp_path / "copy", _silent)
    assert dict(Objects(settings.storage_url).names()) == dict(home.objects.names())
    home.database.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small home."""
    home = Home.open(Settings(home=tmp_path / "from"))
    _inhabit(home)
    home.back_up(tmp_path / "copy")
    home.database.close()
    return tmp_path / "copy"


def test_what_ran_is_failed_and_can_be_retried(backup: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "into")
    restore(settings, backup, _silent)
    database = Database(settings.database_url)
    with database.read() as connection:
        job = connection.execute(sa.select(jobs)).one()
        states = {row.id: row.state for row in connection.execute(sa.select(datasets.c.id, datasets.c.state))}
    assert (job.state, job.error["code"]) == ("failed", "restored")
    assert job.finished_at <= time.time()
    assert states == {PUBLISHED: "ready", UNFINISHED: "failed"}
    database.close()


def test_nobody_is_signed_in_by_a_restore(backup: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "into")
    restore(settings, backup, _silent)
    database = Database(settings.database_url)
    assert _rows(database, sessions) == []
    database.close()


@pytest.mark.parametrize("which", ["tables/items.parquet", "objects"])
def test_a_damaged_backup_is_refused_and_no_row_is_made(backup: Path, tmp_path: Path, which: str) -> None:
    path = (
        backup / which
        if which.endswith("parquet")
        else next(p for p in (backup / which).rglob("*") if p.is_file())
    )
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    settings = Settings(home=tmp_path / "into")
    with pytest.raises(Refused) as caught:
        restore(settings, backup, _silent)
    assert caught.value.code == "backup_damaged"
    assert path.name in caught.value.message
    database = Database(settings.database_url)
    assert _rows(database, organizations) == []
    database.close()


def test_a_missing_file_is_damage_too(backup: Path, tmp_path: Path) -> None:
    (backup / "tables" / "users.parquet").unlink()
    with pytest.raises(Refused, match=r"users\.parquet"):
        restore(Settings(home=tmp_path / "into"), backup, _silent)


def test_a_backup_without_its_manifest_is_none(backup: Path, tmp_path: Path) -> None:
    (backup / "manifest.json").unlink()
    with pytest.raises(InvalidInput) as caught:
        restore(Settings(home=tmp_path / "into"), backup, _silent)
    assert caught.value.code == "not_a_backup"


def test_a_backup_of_another_schema_is_not_loaded(backup: Path, tmp_path: Path) -> None:
    document = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps({**document, "schema": "9999"}))
    with pytest.raises(Conflict) as caught:
        restore(Settings(home=tmp_path / "into"), backup, _silent)
    assert caught.value.code == "backup_other_release"


def test_a_home_that_is_inhabited_is_left_alone(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(Conflict) as caught:
        restore(Settings(home=tmp_path / "from"), backup, _silent)
    assert caught.value.code == "home_not_empty"


def test_an_interrupted_restore_can_be_given_again(backup: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "into")

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Copying rows":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(settings, backup, stop)
    assert restore(settings, backup, _silent).rows > 0


def test_a_backup_never_lies_over_something_else(backup: Path, tmp_path: Path) -> None:
    home = Home.open(Settings(home=tmp_path / "from"))
    with pytest.raises(Conflict) as caught:
        home.back_up(backup)
    assert caught.value.code == "target_exists"
    home.database.close()


def test_the_manifest_names_no_password(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "from", admin_password="correct horse", storage=f"file://{tmp_path}/x"
    )
    home = Home.open(settings)
    home.back_up(tmp_path / "copy")
    home.database.close()
    text = (tmp_path / "copy" / "manifest.json").read_text()
    assert "correct horse" not in text
    assert json.loads(text)["settings"]["worker_memory"] == settings.worker_memory


def test_tables_of_many_batches_survive(tmp_path: Path) -> None:
    home = Home.open(Settings(home=tmp_path / "from"))
    _inhabit(home)
    number = ROWS_AT_ONCE + 3
    with home.database.write() as connection:
        connection.execute(sa.insert(items), [_item(PUBLISHED, n) for n in range(number)])
    home.back_up(tmp_path / "copy")
    restore(Settings(home=tmp_path / "into"), tmp_path / "copy", _silent)
    other = Home.open(Settings(home=tmp_path / "into"))
    assert _rows(other.database, items) == _rows(home.database, items)
    home.database.close()
    other.database.close()


def test_every_table_is_copied_or_left_out_on_purpose() -> None:
    assert {table.name for table in backed_up_tables()} == set(metadata.tables) - set(LEFT_OUT)
