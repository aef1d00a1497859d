"""The manifest of a source: path, size, time, hash and bin of every member, so that the archive can be made again.

Stored as a blob: gzipped JSON lines, the first of which states type and version. While a source is being
imported its blob is the listing, which has the members as the container gave them; the manifest adds what
became of each.
"""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db.tables import items, kept_files, layers, sources
from triptych.storage.blobs import read_blob
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triptych.core.source import Member
    from triptych.db.session import Database
    from triptych.storage.objects import Objects
    from triptych.storage.packs import Place

LISTING = {"type": "source-listing", "version": 1}
MANIFEST = {"type": "source-manifest", "version": 1}


def write_listing(objects: Objects, members: Sequence[Member]) -> Place:
    """Write the members of a source as the container gave them; the caller registers where they lie."""
    rows = (
        {"member": number, "path": member.path, "bytes": member.size, "modified": member.modified}
        for number, member in enumerate(members)
    )
    return _write(objects, LISTING, rows)


def write_manifest(database: Database, objects: Objects, source_id: str) -> Place:
    """Write the manifest of a source; the caller registers where it lies. The same rows give the same bytes."""
    with database.read() as connection:
        digest = connection.execute(
            sa.select(sources.c.manifest).where(sources.c.id == source_id)
        ).scalar_one()
        listed = {row["member"]: row for row in read_rows(read_blob(connection, objects, bytes(digest)))}
        outcomes = _outcomes(connection, source_id)
    rows = (
        {**listed.get(member, {"member": member}), **outcome} for member, outcome in sorted(outcomes.items())
    )
    return _write(objects, MANIFEST, rows)


def read_rows(data: bytes) -> list[dict[str, Any]]:
    """The rows of a stored listing or manifest, in the order of the source; ValueError for an unknown version."""
    lines = gzip.decompress(data).splitlines()
    if json.loads(lines[0]) not in (LISTING, MANIFEST):
        raise ValueError(f"not a manifest of a known version: {lines[0]!r}")
    return [json.loads(line) for line in lines[1:]]


def _write(objects: Objects, header: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Place:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as file:
        file.write(json.dumps(header).encode() + b"\n")
        for row in rows:
            file.write(
                json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
            )
            file.write(b"\n")
    writer = BlobWriter(objects)
    writer.add(buffer.getvalue())
    (place,) = writer.finish()
    return place


def _outcomes(connection: sa.Connection, source_id: str) -> dict[int, dict[str, Any]]:
    pictures = connection.execute(
        sa.select(
            sa.func.coalesce(layers.c.member, items.c.member).label("member"), items.c.key, layers.c.sha256
        )
        .join(layers, layers.c.item_id == items.c.id)
        .where(items.c.source_id == source_id)
    )
    found: dict[int, dict[str, Any]] = {
        row.member: {"bin": "imported", "key": row.key, "sha256": bytes(row.sha256).hex()} for row in pictures
    }
    for row in connection.execute(sa.select(kept_files).where(kept_files.c.source_id == source_id)):
        found[row.member] = {
            "path": row.path,
            "bytes": row.bytes,
            # A file that is imported as the picture inside it is in a bin of its own in the table alone.
            "bin": "imported" if row.bin == "embedded" else row.bin,
            "code": row.code,
            "reason": row.reason,
            "sha256": None if row.sha256 is None else bytes(row.sha256).hex(),
        }
    return found
