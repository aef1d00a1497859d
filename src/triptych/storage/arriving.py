"""An upload that has not arrived: what is there of it, and what would be needed to go on reading.

What came by tus lies from 0 to the upload's offset, the rest in stretches that were sent ahead. All of it only
grows, so a look at it needs no lock, least of all the one that the upload's writer holds.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from triptych.storage.sources import ArchiveMembers, range_of
from triptych.storage.upload_ranges import (
    RANGES_BYTES,
    RANGES_COUNT,
    RECORD,
    Stretch,
    UploadRanges,
    read_stretches,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from triptych.core.source import Member
    from triptych.storage.containers.ranges import Range
    from triptych.storage.uploads import UploadFolder


class RangesMissing(Exception):
    """Bytes were to be read that have not arrived: `gaps` of what was `asked` for. It is nobody's fault, so it is
    no TriptychError and no MemberError, and passes all who catch these."""

    def __init__(self, asked: Range, gaps: list[Range]) -> None:
        super().__init__(f"{len(gaps)} ranges have not arrived")
        self.asked = asked
        self.gaps = gaps


class _Piece(NamedTuple):
    start: int
    end: int
    descriptor: int
    place: int


class ArrivingFile:
    """What is there of an upload of `size` bytes, as it was when this was opened (a `RangeFile`).

    Raises UploadGone when the upload is not there.
    """

    distant = True

    def __init__(self, folder: UploadFolder, upload_id: str, size: int) -> None:
        self.size = size
        self.bytes_read = 0
        part = folder.open_part(upload_id)
        self._descriptors = [part]
        try:
            arrived = min(folder.offset(upload_id), size)
            sent = UploadRanges(folder, upload_id).open()
            if sent is not None:
                self._descriptors.append(sent)
            stretches, used = ([], 0) if sent is None else read_stretches(sent)
        except BaseException:
            self.close()
            raise
        self._pieces = _pieces(arrived, part, stretches, part if sent is None else sent, size)
        self._starts = [piece.start for piece in self._pieces]
        self.room = RANGES_BYTES - used, RANGES_COUNT - len(stretches)

    def missing(self, start: int, length: int) -> list[Range]:
        """What has not arrived of a range, cut at the end of the file."""
        gaps: list[Range] = []
        end = min(start + length, self.size)
        number = max(0, bisect_right(self._starts, start) - 1)
        while start < end and number < len(self._pieces) and self._pieces[number].start < end:
            piece = self._pieces[number]
            if piece.start > start:
                gaps.append((start, piece.start - start))
            start = max(start, piece.end)
            number += 1
        if start < end:
            gaps.append((start, end - start))
        return gaps

    def next_arrived(self, start: int) -> int:
        """Where the first bytes behind `start` lie that have arrived; the end of the file where none have."""
        number = bisect_right(self._starts, start)
        return self._starts[number] if number < len(self._starts) else self.size

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, cut at the end of the file. Raises RangesMissing."""
        length = min(length, self.size - start)
        if length <= 0:
            return b""
        gaps = self.missing(start, length)
        if gaps:
            raise RangesMissing((start, length), gaps)
        parts: list[bytes] = []
        position, end = start, start + length
        number = bisect_right(self._starts, start) - 1
        while position < end:
            piece = self._pieces[number]
            wanted = min(end, piece.end) - position
            data = os.pread(piece.descriptor, wanted, piece.place + position - piece.start)
            if not data:
                # A stretch that came with a wrong checksum was taken back since.
                raise RangesMissing((start, length), [(position, end - position)])
            parts.append(data)
            position += len(data)
            number += position >= piece.end
        self.bytes_read += length
        return b"".join(parts)

    def close(self) -> None:
        """Close the files; a second call does nothing."""
        while self._descriptors:
            os.close(self._descriptors.pop())


class ArrivingMembers:
    """Reads members of an arriving zip or bundle. What has not arrived is noted in `missing` and read as empty.

    Who reads on after that reads nonsense, and so names what else is needed: one run over many members finds
    nearly all that has to be sent. Its result counts only when `missing` is empty in the end.
    """

    def __init__(self, file: ArrivingFile) -> None:
        self._file = file
        self._members = ArchiveMembers(file)
        self.missing: list[Range] = []

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes, b"" where some are missing. MemberError and Refused as for what has arrived."""
        if limit is not None and member.size > limit:
            return self._members.read(member, limit)
        return self._read(member, member.size, lambda: self._members.read(member, limit))

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`; b"" where some are missing."""
        return self._read(member, length, lambda: self._members.head(member, length))

    def piece(self, member: Member, start: int, length: int) -> bytes | None:
        """Bytes from `start`, at most `length`, b"" where some are missing; None for packed members."""
        try:
            return self._members.piece(member, start, length)
        except RangesMissing as error:
            self.missing += error.gaps
            return b""

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read(self, member: Member, length: int, read: Callable[[], bytes]) -> bytes:
        gaps = self._file.missing(*range_of(member, length))
        if not gaps:
            try:
                return read()
            except RangesMissing as error:  # more stands in front of the data than it mostly does
                gaps = error.gaps
        self.missing += gaps
        return b""


def _pieces(arrived: int, part: int, stretches: Sequence[Stretch], sent: int, size: int) -> list[_Piece]:
    """What is there, in order and without overlaps."""
    pieces = [_Piece(0, arrived, part, 0)] if arrived else []
    position = arrived
    for stretch in sorted(stretches):
        start, end = max(stretch.start, position), min(stretch.end, size)
        if start < end:
            pieces.append(_Piece(start, end, sent, stretch.place + start - stretch.start))
            position = end
    return pieces


def record_bytes(ranges: Sequence[Range]) -> int:
    """What ranges take of an upload's room for them."""
    return sum(RECORD.size + length for _, length in ranges)
