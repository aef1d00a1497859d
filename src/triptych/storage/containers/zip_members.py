"""Members of a zip, read by ranges, checksum verified, with a cap on what comes out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

from isal.isal_zlib import crc32

from triptych.core.source import MemberError
from triptych.storage.containers.inflate import DEFLATE, ONE_SHOT, PIECE, STORED, inflate, inflate_small
from triptych.storage.containers.ranges import Stretches, coalesce
from triptych.storage.containers.zip_directory import LOCAL_HEADER
from triptych.storage.containers.zip_local import data_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.core.source import Locator, Member
    from triptych.storage.containers.ranges import Range, RangeFile

EXTRA_ROOM = 64
"""Bytes expected for the extra field of a local header; those of Info-ZIP have 28."""

HEAD_GAP = 32_768
"""Heads with at most this much between them come in one read from afar."""

STRETCH = 8_388_608
CONNECTIONS = 8


class ZipMembers:
    """Reads members of a zip that is a file, an object or behind a URL. Threads may share it for local files."""

    def __init__(self, file: RangeFile) -> None:
        self._file = file
        self._stretches = Stretches() if file.distant else None

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes, checksum verified.

        Raises MemberError: `over_limit`, `larger_than_declared`, `smaller_than_declared`, `bad_checksum`,
        `damaged_data`, `unsupported_method`; Refused (`contradicts_directory`) when the local header differs.
        """
        stored, size, crc, method = _facts(member.locator)
        if limit is not None and size > limit:
            raise over_limit(member, limit)
        begin, first = self._open(member.locator, stored)
        if method == STORED:
            data = first if len(first) == stored else self._bytes(begin, stored)
        elif method == DEFLATE and stored <= ONE_SHOT:
            data = inflate_small(
                first if len(first) == stored else self._bytes(begin, stored), size, member.path
            )
        else:
            data = inflate(method, self._pieces(begin, stored, first), size + 1, member.path)
        _check(data, size, crc, member.path)
        return data

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`, without a checksum. MemberError and Refused as for `read`."""
        stored, size, _, method = _facts(member.locator)
        wanted = min(length, size)
        room = min(stored, _room(wanted, method))
        begin, first = self._open(member.locator, room)
        if method == STORED:
            return first[:wanted] if len(first) >= wanted else self._bytes(begin, wanted)
        if wanted == 0:
            return b""
        return inflate(method, self._pieces(begin, stored, first, room), wanted, member.path)

    def piece(self, member: Member, start: int, length: int) -> bytes | None:
        """Bytes from `start`, at most `length`, without a checksum; None for a packed member."""
        _, size, _, method = _facts(member.locator)
        if method != STORED:
            return None
        begin, _ = self._open(member.locator, 0)
        return self._bytes(begin + start, max(0, min(length, size - start)))

    def prefetch(self, members: Sequence[Member], length: int) -> None:
        """Get the heads of many members from afar in few reads; does nothing for files on this machine."""
        if self._stretches is None:
            return
        ranges = [head_range(member.locator, length) for member in members]
        stretches = coalesce(ranges, HEAD_GAP, STRETCH)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            pieces = pool.map(lambda stretch: self._file.read(*stretch), stretches)
            for (start, _), piece in zip(stretches, pieces, strict=True):
                self._stretches.keep(start, piece)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _open(self, locator: Locator, length: int) -> tuple[int, bytes]:
        """Where the data begins, and its first bytes: `length` of them where one read gave them, else none."""
        start, name_length = cast("int", locator[1]), cast("int", locator[7])
        if not self._file.distant:
            # Two small calls cost less than cutting the data out of one larger copy.
            head = self._file.read(start, LOCAL_HEADER + name_length + EXTRA_ROOM)
            head = self._complete(head, start)
            begin = start + data_start(head, locator)
            stored_whole = locator[5] in (STORED, DEFLATE) and length <= ONE_SHOT
            return begin, self._file.read(begin, length) if stored_whole else b""
        length = min(length, PIECE)
        head = self._complete(self._bytes(start, LOCAL_HEADER + name_length + EXTRA_ROOM + length), start)
        skip = data_start(head, locator)
        return start + skip, head[skip : skip + length]

    def _complete(self, head: bytes, start: int) -> bytes:
        """The head with its whole extra field, when that was longer than expected."""
        needed = LOCAL_HEADER + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        return head if needed <= len(head) else self._bytes(start, needed)

    def _bytes(self, start: int, length: int) -> bytes:
        if self._stretches is None:
            return self._file.read(start, length)
        known = self._stretches.find(start, min(length, max(0, self._file.size - start)))
        return known if known is not None else self._file.read(start, length)

    def _pieces(self, start: int, length: int, first: bytes, step: int = PIECE) -> Iterator[bytes]:
        if first:
            yield first
        position = start + len(first)
        end = start + length
        while position < end:
            piece = self._bytes(position, min(step, end - position))
            if not piece:
                return
            yield piece
            position += len(piece)
            step = PIECE


def over_limit(member: Member, limit: int) -> MemberError:
    """The member is larger than the caller can take."""
    return MemberError(
        "over_limit",
        f"{member.path} has {member.size:,} bytes unpacked; the limit is {limit:,}.",
        "Ask an administrator to raise the limit on the size of a file.",
    )


def _facts(locator: Locator) -> tuple[int, int, int, int]:
    """Stored size, size, CRC-32 and method of a member."""
    return cast("tuple[int, int, int, int]", locator[2:6])


def _room(wanted: int, method: int) -> int:
    """Stored bytes that give `wanted` bytes: deflate adds 5 bytes to 64 KiB that it cannot make smaller, the
    others a little more."""
    return wanted if method == STORED else wanted + wanted // 50 + 1_024


def head_range(locator: Locator, length: int) -> Range:
    """What has to be read, as a rule, for the first `length` bytes of a member; for all of them with its size."""
    stored, size, _, method = _facts(locator)
    start, name_length = cast("int", locator[1]), cast("int", locator[7])
    return start, LOCAL_HEADER + name_length + EXTRA_ROOM + min(stored, _room(min(length, size), method))


def _check(data: bytes, size: int, crc: int, path: str) -> None:
    if len(data) > size:
        raise MemberError(
            "larger_than_declared",
            f"{path} gives more than the {size:,} bytes that the archive declares.",
            "Pack the file again from the original.",
        )
    if len(data) < size:
        raise MemberError(
            "smaller_than_declared",
            f"{path} gives {len(data):,} of the {size:,} bytes that the archive declares.",
            "Pack the file again from the original.",
        )
    if crc32(data) != crc:
        raise MemberError(
            "bad_checksum",
            f"The checksum of {path} does not fit its content: the archive is damaged there.",
            "Pack the file again from the original.",
        )
