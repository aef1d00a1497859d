"""Files that are read by ranges: a file on disk, an object in storage; `http_source` adds a file behind a URL."""

from __future__ import annotations

import os
import stat
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from triptych.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from triptych.storage.objects import Objects

Range = tuple[int, int]
"""Start and length in bytes."""


class RangeFile(Protocol):
    """Bytes of known size, read anywhere. `distant`: each read costs a round trip, so few big ones are better."""

    size: int
    distant: bool
    bytes_read: int

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, cut at the end of the file. Raises Refused (`source_changed`)."""

    def close(self) -> None:
        """Let go of it."""


class LocalFile:
    """A file on disk, read by os.pread: no position, so threads may share it."""

    distant = False

    def __init__(self, path: Path) -> None:
        try:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise Refused(
                f"The file {path.name} cannot be opened: {error.strerror}.", code="cannot_open"
            ) from error
        if not stat.S_ISREG(os.fstat(self.descriptor).st_mode):
            os.close(self.descriptor)
            raise Refused(f"{path.name} is not a file.", code="cannot_open")
        self.path = path
        self.size = os.fstat(self.descriptor).st_size
        self.bytes_read = 0

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, cut at the end of the file."""
        data = os.pread(self.descriptor, length, start)
        if len(data) < length and start + len(data) < self.size:
            data = self._rest(start, length, data)
        self.bytes_read += len(data)
        return data

    def _rest(self, start: int, length: int, data: bytes) -> bytes:
        # One pread of Linux gives at most 2 GiB.
        pieces = [data]
        got = len(data)
        while got < length:
            piece = os.pread(self.descriptor, length - got, start + got)
            if not piece:
                break
            pieces.append(piece)
            got += len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class ObjectFile:
    """An object in storage."""

    distant = True

    def __init__(self, objects: Objects, name: str) -> None:
        self._objects = objects
        self._name = name
        self.size = objects.size(name)
        self.bytes_read = 0

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, cut at the end of the object."""
        length = min(length, self.size - start)
        if length <= 0:
            return b""
        data = self._objects.get(self._name, start, length)
        self.bytes_read += len(data)
        return data

    def close(self) -> None:
        """Nothing to let go of."""


def coalesce(ranges: Sequence[Range], gap: int, longest: int) -> list[Range]:
    """The ranges, sorted, those with at most `gap` bytes between them joined up to `longest` bytes."""
    joined: list[Range] = []
    for start, length in sorted(ranges):
        if joined:
            first, size = joined[-1]
            end = max(first + size, start + length)
            if start - (first + size) <= gap and end - first <= longest:
                joined[-1] = (first, end - first)
                continue
        joined.append((start, length))
    return joined


class Stretches:
    """The stretches of a distant file that were read last, so that neighbours need no second round trip."""

    def __init__(self, capacity: int = 64_000_000) -> None:
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._bytes = 0
        self._capacity = capacity

    def find(self, start: int, length: int) -> bytes | None:
        """The bytes when one stretch holds them all."""
        for first in reversed(self._kept):
            data = self._kept[first]
            if first <= start and start + length <= first + len(data):
                return data[start - first : start - first + length]
        return None

    def keep(self, start: int, data: bytes) -> None:
        """Remember a stretch; the oldest ones go when there are too many bytes."""
        replaced = self._kept.pop(start, b"")
        self._kept[start] = data
        self._bytes += len(data) - len(replaced)
        while self._bytes > self._capacity:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
