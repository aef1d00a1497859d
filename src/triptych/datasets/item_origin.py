"""Where an item came from: the path of its file in the source, as the source's manifest has it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from triptych.datasets.manifest import read_rows

if TYPE_CHECKING:
    from triptych.storage.objects import Objects
    from triptych.storage.packs import Place

MANIFEST_BYTES = 1_000_000
"""A manifest above this, some 30,000 members, is not read for the path of one."""

KEPT = 4


def member_path(objects: Objects, manifest: Place | None, member: int) -> str | None:
    """The path of a member of a source; None where the manifest is not there or too large to look it up."""
    if manifest is None or manifest.length > MANIFEST_BYTES:
        return None
    return _paths(objects, manifest).get(member)


@lru_cache(maxsize=KEPT)
def _paths(objects: Objects, manifest: Place) -> dict[int, str]:
    rows = read_rows(objects.get(manifest.object, manifest.start, manifest.length))
    return {row["member"]: row["path"] for row in rows if "path" in row}
