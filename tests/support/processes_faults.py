"""What runs in a decoding process whose disk has a limit. At the top level, because processes import it."""

from __future__ import annotations

import errno
import os
import resource
import signal
from typing import TYPE_CHECKING, Any

import obstore

from triptych.onboarding.worker import ChunkResult, examine_chunk
from triptych.storage import objects

if TYPE_CHECKING:
    from triptych.onboarding.worker import Chunk

ROOM = 300_000
"""Bytes that the storage has room for."""

FILE_LIMIT = 20_000


def on_a_full_disk(chunk: Chunk) -> ChunkResult:
    """Examine a chunk where the storage's disk is full once it holds `ROOM` bytes."""
    put = obstore.put

    def limited(store: Any, path: str, file: bytes, **options: Any) -> Any:
        held = sum(size for _, size in objects.Objects(chunk.storage_url).names())
        if held + len(file) > ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return put(store, path, file, **options)

    obstore.put = limited  # type: ignore[assignment]
    try:
        return examine_chunk(chunk)
    finally:
        obstore.put = put


def with_a_limit_on_files(chunk: Chunk) -> ChunkResult:
    """Examine a chunk where no file may have more than `FILE_LIMIT` bytes (RLIMIT_FSIZE)."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, hard))
    try:
        return examine_chunk(chunk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
