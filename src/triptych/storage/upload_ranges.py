"""Ranges of an upload that are sent ahead of it, so that it can be checked while the rest arrives.

They lie in `<id>.ranges` beside the part file, one record after the other: start and length (u64 each, little
endian), then the bytes. Whoever adds some holds a lock on that file, never the upload's own. A record that a crash
cut off counts for nothing, and the next one takes its place. When the upload is finished the file goes.
"""

from __future__ import annotations

import fcntl
import os
import struct
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import TooLarge
from triptych.storage.uploads import disk_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.storage.uploads import UploadFolder

RANGES_BYTES = 64 * 1024 * 1024
"""Bytes of the ranges of one upload, their records included."""

RANGES_COUNT = 8_192

RECORD = struct.Struct("<2Q")


class Stretch(NamedTuple):
    """Bytes of the upload from `start` to `end`, which lie at `place` in the file of ranges."""

    start: int
    end: int
    place: int


class UploadRanges:
    """The ranges of one upload. NotFound for text that is not an id."""

    def __init__(self, folder: UploadFolder, upload_id: str) -> None:
        self._part = folder.path(upload_id)
        self._path = self._part.with_suffix(".ranges")

    def add(self, ranges: Sequence[tuple[int, bytes]]) -> None:
        """Keep ranges, each a start and its bytes; one that is there already is not kept twice.

        Raises TooLarge (`ranges_full`) where an upload would have more than RANGES_BYTES or RANGES_COUNT, and
        DiskFull. Any number of callers may add at once.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            known, end = read_stretches(descriptor)
            ends: dict[int, int] = {}
            for stretch in known:
                ends[stretch.start] = max(stretch.end, ends.get(stretch.start, 0))
            new = [(start, data) for start, data in ranges if ends.get(start, 0) < start + len(data)]
            records = b"".join(RECORD.pack(start, len(data)) + data for start, data in new)
            if end + len(records) > RANGES_BYTES or len(known) + len(new) > RANGES_COUNT:
                raise _full()
            with disk_errors():
                _write(descriptor, records, end)
        finally:
            os.close(descriptor)
        if not self._part.exists():  # the upload was ended meanwhile
            self._path.unlink(missing_ok=True)

    def open(self) -> int | None:
        """A descriptor of the file of ranges, to read it with `read_stretches`; None where nothing was sent."""
        try:
            return os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None

    def size(self) -> int:
        """Bytes on disk."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0


def read_stretches(descriptor: int) -> tuple[list[Stretch], int]:
    """The stretches of a file of ranges in the order in which they came, and where the next record goes."""
    size = os.fstat(descriptor).st_size
    found: list[Stretch] = []
    position = 0
    while position + RECORD.size <= size:
        start, length = RECORD.unpack(os.pread(descriptor, RECORD.size, position))
        place = position + RECORD.size
        if place + length > size:
            break
        found.append(Stretch(start, start + length, place))
        position = place + length
    return found, position


def _write(descriptor: int, data: bytes, place: int) -> None:
    os.ftruncate(descriptor, place)
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, place)
        place += written
        rest = rest[written:]


def _full() -> TooLarge:
    return TooLarge(
        f"The ranges of an upload have at most {RANGES_COUNT:,} pieces and {RANGES_BYTES:,} bytes together.",
        code="ranges_full",
        hint="Send only what a check asks for; the check can also wait until the upload is finished.",
    )
