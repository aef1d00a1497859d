"""Rows of uploads: whose they are, how long they will be, when they were finished; and the quota."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import TooLarge
from triptych.db.tables import datasets, jobs, organizations, uploads
from triptych.storage.upload_ranges import UploadRanges

if TYPE_CHECKING:
    from triptych.core.access import Subject
    from triptych.db.session import Database
    from triptych.settings import Settings
    from triptych.storage.uploads import UploadFolder

FINISHED_DAYS_KEPT = 30.0
"""Days that a finished upload waits for somebody to make a dataset of it."""

LISTED = 500
_IDS = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")


def check_quota(
    connection: sa.Connection, subject: Subject, settings: Settings, folder: UploadFolder, length: int
) -> None:
    """TooLarge `upload_too_large`, or `quota_exceeded` with what is stored and on its way counted."""
    if length > settings.upload_bytes:
        raise TooLarge(
            f"The upload has {length} bytes, and one may have {settings.upload_bytes}.",
            code="upload_too_large",
            hint="Split the data, register a folder of the server, or raise TRIPTYCH_UPLOAD_BYTES.",
        )
    quota = quota_of(connection, subject, settings)
    if quota is None:
        return
    used = stored_bytes(connection, subject) + coming_bytes(connection, subject, folder)
    if used + length > quota:
        raise TooLarge(
            f"The upload has {length} bytes; {used} of the organization's {quota} are taken.",
            code="quota_exceeded",
            hint="Delete datasets that nobody needs, or ask an administrator to raise the quota.",
        )


def quota_of(connection: sa.Connection, subject: Subject, settings: Settings) -> int | None:
    """Bytes that the subject's organization may store; None for no limit, which 0 in the settings means."""
    organization = organizations.c.id == subject.organization_id
    own: int | None = connection.scalar(sa.select(organizations.c.quota_bytes).where(organization))
    return own if own is not None else settings.quota_bytes or None


def stored_bytes(connection: sa.Connection, subject: Subject) -> int:
    """Bytes of all datasets of the subject's organization, those in the trash included."""
    stored = sa.select(sa.func.coalesce(sa.func.sum(datasets.c.bytes), 0)).where(
        datasets.c.organization_id == subject.organization_id
    )
    return int(connection.scalar(stored) or 0)


def coming_bytes(connection: sa.Connection, subject: Subject, folder: UploadFolder) -> int:
    """Bytes that the uploads of the subject's organization take, or will take when they are finished."""
    coming = sa.select(uploads.c.id, uploads.c.length).where(
        uploads.c.organization_id == subject.organization_id
    )
    return sum(
        row.length + UploadRanges(folder, row.id).size()
        for row in connection.execute(coming)
        if folder.path(row.id).exists()
    )


def add_row(
    connection: sa.Connection, subject: Subject, upload_id: str, length: int, details: dict[str, str]
) -> None:
    """Note an upload of the subject's. An empty one is finished at once."""
    now = time.time()
    connection.execute(
        sa.insert(uploads).values(
            id=upload_id,
            organization_id=subject.organization_id,
            user_id=subject.user_id,
            filename=details.get("filename") or details.get("name") or upload_id,
            length=length,
            details=details,
            created_at=now,
            finished_at=now if length == 0 else None,
        )
    )


def mark_finished(connection: sa.Connection, upload_id: str) -> None:
    """All bytes are there."""
    connection.execute(
        sa.update(uploads)
        .where(uploads.c.id == upload_id, uploads.c.finished_at.is_(None))
        .values(finished_at=time.time())
    )


def remove_row(connection: sa.Connection, upload_id: str) -> None:
    """Forget an upload."""
    connection.execute(sa.delete(uploads).where(uploads.c.id == upload_id))


def sweep_uploads(database: Database, folder: UploadFolder) -> list[str]:
    """Delete the bytes of uploads that expired; the ids. Those that a waiting or running job names stay.

    Rows stay, so that who comes back hears that the upload expired, and not that it never was.
    """
    with database.read() as connection:
        recent = sa.select(uploads.c.id).where(
            uploads.c.finished_at > time.time() - FINISHED_DAYS_KEPT * 86_400
        )
        keep = set(connection.scalars(recent))
        working = sa.select(jobs.c.payload).where(jobs.c.state.in_(("waiting", "running")))
        for payload in connection.scalars(working):
            keep.update(_IDS.findall(json.dumps(payload)))
    return folder.sweep(keep)


def expires_at(row: sa.Row[Any], folder: UploadFolder) -> float:
    """When an upload expires, in seconds since 1970, unless more bytes arrive."""
    if row.finished_at is not None:
        return float(row.finished_at) + FINISHED_DAYS_KEPT * 86_400
    return folder.expires_at(row.id)


def own_uploads(connection: sa.Connection, subject: Subject) -> list[sa.Row[Any]]:
    """The subject's uploads, newest first: unfinished ones, and finished ones that no dataset was made of."""
    made = (
        sa.exists()
        .where(jobs.c.organization_id == uploads.c.organization_id)
        .where(jobs.c.id > uploads.c.id)
        .where(sa.cast(jobs.c.payload, sa.Text).contains(uploads.c.id))
        .where(jobs.c.dataset_id.in_(sa.select(datasets.c.id)))
    )
    statement = (
        sa.select(uploads)
        .where(uploads.c.user_id == subject.user_id)
        .where(sa.or_(uploads.c.finished_at.is_(None), ~made))
        .order_by(uploads.c.id.desc())
        .limit(LISTED)
    )
    return list(connection.execute(statement))
