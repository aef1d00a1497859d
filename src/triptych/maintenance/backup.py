"""A copy of everything in one folder, made while the installation works, and a home made of such a copy.

A backup holds `tables/*.parquet` (one moment of the database), `objects/…` (the bytes that those rows name)
and `manifest.json` with the SHA-256 of each file, written last. Rows are read before bytes are copied: stored
bytes never change and are kept for a day after the last reference, so every row's bytes are there.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from triptych.core.errors import Conflict, NotFound
from triptych.db.migrate import HEAD, upgrade
from triptych.db.session import Database
from triptych.db.tables import blobs, datasets, jobs, organizations
from triptych.maintenance.manifest import Manifest, measure
from triptych.maintenance.rows import backed_up_tables, dump_table, finish_load, load_table
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from pathlib import Path

    from triptych.installation import Installation
    from triptych.settings import Settings

BUFFER = 8_000_000
SECRET_SETTINGS = ("admin_password", "database", "storage")
"""Settings that may hold passwords; a backup does not name them."""


class Report(Protocol):
    """Takes how far it is: the stage, done, total."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restored home holds."""

    path: str
    rows: int
    objects: int
    bytes: int

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def back_up(installation: Installation, target: Path, report: Report) -> Copied:
    """Copy the installation into a new folder.

    Raises Conflict (`target_exists`) where the folder holds something, and Unavailable as database and
    storage do. A folder that was left half-way holds no manifest and is not a backup.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(
            f"{target} exists already.", code="target_exists", hint="Name a new folder for the backup."
        )
    (target / "tables").mkdir(parents=True)
    (target / "objects").mkdir()
    manifest = Manifest(time.time(), version("triptych"), HEAD, _open_settings(installation.settings))
    names = _dump_rows(installation.database, target, manifest, report)
    for number, name in enumerate(names):
        report("Copying bytes", number, len(names))
        size, digest = _copy_out(installation.objects, name, target / "objects" / name)
        manifest.files[f"objects/{name}"] = (size, digest)
    report("Copying bytes", len(names), len(names))
    manifest.write(target)
    return _copied(target, manifest)


def restore(settings: Settings, source: Path, report: Report) -> Copied:
    """Bring a backup into an empty home, or an empty database and storage beyond it.

    Rows come last and in one transaction, so that a restore that was interrupted can be given again. Jobs that
    had not ended when the backup was made are failed, to be retried. Raises InvalidInput (`not_a_backup`),
    Refused (`backup_damaged`), Conflict (`home_not_empty`, `backup_other_release`).
    """
    manifest = Manifest.read(source)
    if manifest.schema != HEAD:
        raise Conflict(
            f"The backup was made by release {manifest.release}, whose database differs from this one's.",
            code="backup_other_release",
            hint=f"Restore it with Triptych {manifest.release}, then install this release on that home.",
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        upgrade(database)
        _require_empty(database, settings)
        objects = Objects(settings.storage_url)
        names = [path for path in manifest.files if path.startswith("objects/")]
        for number, path in enumerate(names):
            report("Copying bytes", number, len(names))
            _copy_in(objects, source, path, manifest)
        report("Copying bytes", len(names), len(names))
        _load_rows(database, source, manifest, report)
    finally:
        database.close()
    return _copied(settings.home, manifest)


def _dump_rows(database: Database, target: Path, manifest: Manifest, report: Report) -> list[str]:
    """Write every table as of one moment; the names of the objects that their blobs lie in."""
    tables = backed_up_tables()
    with database.read() as connection:
        if not database.is_sqlite:
            # SQLite's reading transaction sees one state by itself.
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        for number, table in enumerate(tables):
            report("Copying rows", number, len(tables))
            path = f"tables/{table.name}.parquet"
            manifest.tables[table.name] = dump_table(connection, table, target / path)
            manifest.add(target, path)
        return sorted(connection.execute(sa.select(blobs.c.object).distinct()).scalars())


def _load_rows(database: Database, source: Path, manifest: Manifest, report: Report) -> None:
    tables = [table for table in backed_up_tables() if table.name in manifest.tables]
    for table in tables:
        path = f"tables/{table.name}.parquet"
        manifest.check(path, *measure(source / path))
    with database.write() as connection:
        for number, table in enumerate(tables):
            report("Copying rows", number, len(tables))
            load_table(connection, table, source / "tables" / f"{table.name}.parquet")
        finish_load(connection)
        _end_jobs(connection)


def _end_jobs(connection: sa.Connection) -> None:
    """No process works on the jobs that ran when the backup was made, and none ever will."""
    reason = {
        "code": "restored",
        "message": "The job had not ended when the backup was made that this home was restored from.",
        "hint": "Retry it.",
        "findings": [],
    }
    open_jobs = jobs.c.state.in_(("waiting", "running"))
    touched = sa.select(jobs.c.dataset_id).where(open_jobs, jobs.c.dataset_id.is_not(None))
    connection.execute(
        sa.update(datasets)
        .where(datasets.c.id.in_(touched), datasets.c.state.in_(("waiting", "onboarding")))
        .values(state="failed")
    )
    connection.execute(
        sa.update(jobs).where(open_jobs).values(state="failed", error=reason, finished_at=time.time())
    )


def _require_empty(database: Database, settings: Settings) -> None:
    with database.read() as connection:
        inhabited = connection.execute(sa.select(organizations.c.id).limit(1)).scalar()
    if inhabited is not None:
        raise Conflict(
            f"{settings.home} holds an installation already.",
            code="home_not_empty",
            hint="Restore into a new home: --home FOLDER; with PostgreSQL into a new database.",
        )


def _copy_out(objects: Objects, name: str, target: Path) -> tuple[int, str]:
    """Copy an object to a file that appears under its name when it is whole; its length and SHA-256."""
    length = objects.size(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    digest, start = hashlib.sha256(), 0
    with draft.open("wb") as file:
        while start < length:
            data = objects.get(name, start, min(BUFFER, length - start))
            if not data:
                raise NotFound(f"The storage's object {name} ends early.", code="object_truncated")
            file.write(data)
            digest.update(data)
            start += len(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return length, digest.hexdigest()


def _copy_in(objects: Objects, source: Path, path: str, manifest: Manifest) -> None:
    # Objects are packs of about 16 MB: one at a time fits.
    try:
        data = (source / path).read_bytes()
    except FileNotFoundError:
        data = b""
    manifest.check(path, len(data), hashlib.sha256(data).hexdigest())
    objects.put(path.removeprefix("objects/"), data)


def _open_settings(settings: Settings) -> dict[str, Any]:
    return {
        field.name: value
        if isinstance(value := getattr(settings, field.name), int | float | bool)
        else str(value)
        for field in fields(settings)
        if field.name not in SECRET_SETTINGS
    }


def _copied(path: Path, manifest: Manifest) -> Copied:
    objects = [size for name, (size, _) in manifest.files.items() if name.startswith("objects/")]
    return Copied(str(path), sum(manifest.tables.values()), len(objects), sum(objects))
