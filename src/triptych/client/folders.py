"""A folder as one tar archive that is never written down: its length is known before, any piece can be read.

The archive holds regular files alone, in the order of their paths, as POSIX.1-2001 (pax) entries with owner
and permissions left out, so that the same folder is the same archive and an upload can go on where it broke.
"""

from __future__ import annotations

import tarfile
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_END = bytes(2 * tarfile.BLOCKSIZE)


@dataclass(frozen=True, slots=True)
class _Entry:
    start: int
    head: bytes
    path: Path
    size: int


class FolderArchive:
    """The files below a folder as a tar archive of `length` bytes."""

    def __init__(self, folder: Path) -> None:
        self.filename = f"{folder.resolve().name or 'folder'}.tar"
        self.entries: list[_Entry] = []
        start = 0
        for path in _files(folder):
            size = path.stat().st_size
            head = _head(path, path.relative_to(folder).as_posix(), size)
            self.entries.append(_Entry(start, head, path, size))
            start += len(head) + _padded(size)
        self.length = start + len(_END)
        self._starts = [entry.start for entry in self.entries]
        self._end = start

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the end."""
        pieces: list[bytes] = []
        missing = min(length, self.length - offset)
        while missing > 0:
            piece = self._piece(offset, missing)
            pieces.append(piece)
            offset += len(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _piece(self, offset: int, length: int) -> bytes:
        if offset >= self._end:
            return _END[offset - self._end :][:length]
        entry = self.entries[bisect_right(self._starts, offset) - 1]
        inside = offset - entry.start
        if inside < len(entry.head):
            return entry.head[inside : inside + length]
        inside -= len(entry.head)
        if inside >= entry.size:
            return bytes(min(length, _padded(entry.size) - inside))
        with entry.path.open("rb") as file:
            file.seek(inside)
            data = file.read(min(length, entry.size - inside))
        if not data:
            raise InvalidInput(
                f"{entry.path} became shorter while it was uploaded.",
                code="source_changed",
                hint="Wait until nothing writes into the folder, then add it again.",
            )
        return data


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _head(path: Path, name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mtime = int(path.stat().st_mtime)
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _padded(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
