"""Content by its hash: each blob is stored once, and its SHA-256 is its name.

Small blobs share pack objects; nobody outside this package knows where a blob lies. A worker writes packs
(`packs.BlobWriter`), which needs no database; the rows that make them findable are added by `register`, in the
caller's transaction, after the pack is on the disk. No two packs share a name, not even with the same blobs in
them: whoever deletes a pack that has lost its last row must not take what another job has just written. What a
killed batch has written is left unnamed, and collected.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.db.id_lists import among
from triptych.db.session import insert_rows
from triptych.db.tables import blobs
from triptych.storage.packs import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.storage.objects import Objects

LOCK = 7_405_118_233
"""PostgreSQL's advisory lock between transactions that name blobs and those that delete them."""


def register(connection: sa.Connection, places: Sequence[Place]) -> list[str]:
    """Make written blobs findable; what is known already keeps its place. The objects that were not needed.

    Until the caller's transaction ends no blob is deleted, so rows that it adds may name any that it finds.
    The caller deletes the objects that are not needed after it has committed.
    """
    _hold(connection, "pg_advisory_xact_lock_shared")
    now = time.time()
    rows = [
        {
            "sha256": place.digest,
            "object": place.object,
            "start": place.start,
            "length": place.length,
            "created_at": now,
        }
        for place in places
    ]
    if not rows:
        return []
    insert_rows(connection, blobs, rows, keep_existing=True)
    return _unnamed(connection, {place.object for place in places})


def _unnamed(connection: sa.Connection, names: set[str]) -> list[str]:
    """Which of the objects hold no blob."""
    if not names:
        return []
    still = sa.select(blobs.c.object).where(among(connection, blobs.c.object, sorted(names))).distinct()
    return sorted(names.difference(connection.execute(still).scalars()))


def hold_alone(connection: sa.Connection) -> None:
    """Keep everybody else from naming blobs until the transaction ends, to delete those that nothing names."""
    _hold(connection, "pg_advisory_xact_lock")


def _hold(connection: sa.Connection, function: str) -> None:
    # SQLite lets one transaction write at a time; on PostgreSQL a blob that looks unused may be named by a
    # transaction that has not committed yet.
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(getattr(sa.func, function)(LOCK)))


def locate(connection: sa.Connection, digests: Sequence[bytes]) -> dict[bytes, Place]:
    """Where blobs lie; those that are not stored are left out."""
    rows = connection.execute(
        sa.select(blobs.c.sha256, blobs.c.object, blobs.c.start, blobs.c.length).where(
            among(connection, blobs.c.sha256, digests)
        )
    )
    return {bytes(row.sha256): Place(bytes(row.sha256), row.object, row.start, row.length) for row in rows}


def read_blob(connection: sa.Connection, objects: Objects, digest: bytes) -> bytes:
    """The bytes of a blob; NotFound when it is not stored."""
    place = locate(connection, [digest]).get(digest)
    if place is None:
        raise NotFound(f"No content with the hash {digest.hex()} is stored.", code="blob_missing")
    return objects.get(place.object, place.start, place.length)


def forget(connection: sa.Connection, digests: Sequence[bytes]) -> list[str]:
    """Drop the rows of blobs and name the objects that hold nothing any more.

    The caller deletes those objects after its transaction has committed: a crash in between leaves an object
    that nobody names, which `unnamed_objects` finds, and never a row whose bytes are gone.
    """
    touched = {place.object for place in locate(connection, digests).values()}
    connection.execute(sa.delete(blobs).where(among(connection, blobs.c.sha256, digests)))
    return _unnamed(connection, touched)


def unnamed_objects(connection: sa.Connection, objects: Objects, before: float) -> list[str]:
    """Pack objects written before a moment that no row names: left by a crash between writing and committing."""
    # Listed first: an object that is named by the time the rows are read is not taken for lost.
    old = list(objects.names_before("packs", before))
    named = set(connection.execute(sa.select(blobs.c.object).distinct()).scalars())
    return [name for name in old if name not in named]
