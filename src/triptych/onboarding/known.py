"""Which contents are measured already: a file of hashes that every decoding process maps into its memory.

A picture that is known is read and hashed but neither decoded nor stored again. The file holds the first eight
bytes of each hash, sorted; two contents that agree in them are told apart when the batch is committed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.db.tables import contents
from triptych.modalities.planar.examined import CODE_VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.db.session import Database

PREFIX = 8
BLOCK = 50_000


def write_known(database: Database, path: Path) -> None:
    """Write the prefixes of all measured contents, sorted, as uint64."""
    prefixes: list[NDArray[np.uint64]] = []
    statement = sa.select(contents.c.sha256).where(contents.c.code_version == CODE_VERSION)
    with database.read() as connection:
        rows = connection.execution_options(stream_results=True).execute(statement)
        for block in rows.scalars().partitions(BLOCK):
            prefixes.append(np.frombuffer(b"".join(bytes(digest)[:PREFIX] for digest in block), np.uint64))
    found = np.sort(np.concatenate(prefixes)) if prefixes else np.zeros(0, np.uint64)
    temporary = path.with_suffix(".part")
    found.tofile(temporary)
    temporary.replace(path)


def is_known(path: str, digest: bytes) -> bool:
    """Whether a content with this hash was measured when the file was written."""
    known = _mapped(path)
    if not known.size:
        return False
    prefix = np.frombuffer(digest[:PREFIX], np.uint64)[0]
    place = int(np.searchsorted(known, prefix))
    return place < known.size and bool(known[place] == prefix)


@lru_cache(maxsize=4)
def _mapped(path: str) -> NDArray[np.uint64]:
    if not path or Path(path).stat().st_size == 0:
        return np.zeros(0, np.uint64)
    return np.memmap(path, np.uint64, "r")
