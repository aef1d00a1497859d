"""Read every stored byte again and compare it with its hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.db.tables import blobs, kept_files, layers, renditions, sources
from triptych.jobs.runner import Runner, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.installation import Installation
    from triptych.jobs.context import JobContext

VERIFYING = "verifying"
NAMED = 100
"""Damaged or missing blobs that the result names; all are counted."""

BLOCK = 1_000


def verify(context: JobContext) -> None:
    """Compare every blob with its hash, and every hash that a row names with what is stored."""
    installation: Installation = context.services
    with context.database.read() as connection:
        total = connection.execute(sa.select(sa.func.count()).select_from(blobs)).scalar_one()
    damaged: list[str] = []
    missing: list[str] = []
    checked = size = 0
    for rows in _blocks(context):
        context.check_cancelled()
        for row in rows:
            state = _state(installation, row)
            if state != "whole":
                digest = bytes(row.sha256).hex()
                (damaged if state == "damaged" else missing).append(digest)
                context.log("error", f"Content {digest} in {row.object} is {state}.")
            size += row.length
        checked += len(rows)
        context.progress(checked, total)
    for digest in _unstored(context):
        missing.append(digest)
        context.log("error", f"Content {digest} is named but not stored.")
    context.set_result(
        {
            "blobs": checked,
            "bytes": size,
            "damaged_count": len(damaged),
            "missing_count": len(missing),
            "damaged": damaged[:NAMED],
            "missing": missing[:NAMED],
        }
    )


def _blocks(context: JobContext) -> Iterator[list[sa.Row[Any]]]:
    # In the order of objects, so that each is read from its start to its end.
    position: tuple[str, int] | None = None
    while True:
        statement = sa.select(blobs).order_by(blobs.c.object, blobs.c.start).limit(BLOCK)
        if position is not None:
            statement = statement.where(
                sa.tuple_(blobs.c.object, blobs.c.start)
                > sa.tuple_(sa.literal(position[0]), sa.literal(position[1]))
            )
        with context.database.read() as connection:
            rows = list(connection.execute(statement))
        if not rows:
            return
        yield rows
        position = (rows[-1].object, rows[-1].start)


def _state(installation: Installation, row: sa.Row[Any]) -> str:
    """Whether a blob is whole, damaged or missing."""
    try:
        data = installation.objects.get(row.object, row.start, row.length)
    except NotFound:
        return "missing"
    return "whole" if hashlib.sha256(data).digest() == bytes(row.sha256) else "damaged"


def _unstored(context: JobContext) -> list[str]:
    found: set[str] = set()
    with context.database.read() as connection:
        for column in (layers.c.sha256, kept_files.c.sha256, sources.c.manifest, renditions.c.blob):
            stored = sa.exists().where(blobs.c.sha256 == column)
            rows = connection.execute(
                sa.select(column).where(column.is_not(None), sa.not_(stored)).distinct()
            ).scalars()
            found |= {bytes(digest).hex() for digest in rows}
    return sorted(found)


VERIFYING_RUNNER = Runner(VERIFYING, (Stage("verify", verify),))
