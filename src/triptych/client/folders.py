"""A folder as one bundle that is never written down: its length is known before, any piece can be read.

The bundle (`storage/containers/bundle.py`) holds regular files alone, in the order of their paths; links are left
out. Paths begin below the folder, so that it is the same source as the folder itself where the server sees it.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import InvalidInput
from triptych.storage.containers.bundle import MEDIA_TYPE, write_front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _File(NamedTuple):
    path: str
    size: int
    modified: int


class FolderBundle:
    """The files below a folder as a bundle of `length` bytes; `identity` changes with any of them."""

    media_type = MEDIA_TYPE

    def __init__(self, folder: Path) -> None:
        self.filename = folder.resolve().name or "folder"
        self._folder = folder
        self._files = sorted(_files(os.fspath(folder)), key=lambda file: os.fsencode(file.path))
        # A name that is not UTF-8 has half surrogates in Python, which JSON writes as \udc80 and so on.
        listing = json.dumps(self._files, separators=(",", ":")).encode("ascii")
        self._front = write_front(listing)
        self._starts = []
        start = len(self._front)
        for file in self._files:
            self._starts.append(start)
            start += file.size
        self.length = start
        self.identity = hashlib.sha256(self._front).hexdigest()

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the end. InvalidInput (`source_changed`)."""
        pieces = [self._front[offset : offset + length]]
        offset += len(pieces[0])
        missing = min(length - len(pieces[0]), self.length - offset)
        number = bisect_right(self._starts, offset) - 1
        while missing > 0:
            file, inside = self._files[number], offset - self._starts[number]
            if inside < file.size:
                piece = self._piece(file, inside, min(missing, file.size - inside))
                pieces.append(piece)
                offset += len(piece)
                missing -= len(piece)
            number += 1
        return b"".join(pieces)

    def _piece(self, file: _File, start: int, length: int) -> bytes:
        path = self._folder / file.path
        with path.open("rb") as opened:
            opened.seek(start)
            data = opened.read(length)
        if len(data) < length:
            raise InvalidInput(
                f"{path} became shorter while it was uploaded.",
                code="source_changed",
                hint="Wait until nothing writes into the folder, then add it again.",
            )
        return data


def _files(folder: str) -> Iterator[_File]:
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as listing:
            for entry in listing:
                path = f"{below}/{entry.name}" if below else entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield _File(path, status.st_size, status.st_mtime_ns // 1_000_000)
