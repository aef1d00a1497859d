"""The file of hashes that decoding processes look contents up in (`known.py`), written from the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.db.tables import contents
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.onboarding.known import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from triptych.db.session import Database

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
