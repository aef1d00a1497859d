"""Members of a tar, read by ranges. A tar has no checksums of content; what is cut off was refused on opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from triptych.core.source import MemberError
from triptych.storage.containers.refusals import truncated
from triptych.storage.containers.zip_members import over_limit

if TYPE_CHECKING:
    from triptych.core.source import Member
    from triptych.storage.containers.ranges import RangeFile


class TarMembers:
    """Reads members of a tar that is not compressed; threads may share it."""

    def __init__(self, file: RangeFile) -> None:
        self._file = file

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes. Raises MemberError (`over_limit`), Refused (`truncated`) when the tar shrank since."""
        if limit is not None and member.size > limit:
            raise over_limit(member, limit)
        return self._first(member, member.size)

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`."""
        return self._first(member, min(length, member.size))

    def piece(self, member: Member, start: int, length: int) -> bytes | None:
        """Bytes from `start`, at most `length`; None for a file with holes."""
        _, place, stored, *_ = cast("tuple[str, int, int, int]", member.locator)
        if len(member.locator) != 4 or stored != member.size:
            return None
        length = max(0, min(length, member.size - start))
        data = self._file.read(place + start, length)
        if len(data) < length:
            raise truncated("The tar archive")
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _first(self, member: Member, length: int) -> bytes:
        plain = self.piece(member, 0, length)
        if plain is not None:
            return plain
        _, start, _, _, *extents = cast("tuple[str, int, int, int, int]", member.locator)
        return self._sparse(start, extents, length, member.path)

    def _sparse(self, start: int, extents: list[int], length: int, path: str) -> bytes:
        try:
            data = bytearray(length)
        except MemoryError:
            raise MemberError(
                "over_limit", f"{path} has more bytes unpacked than the memory holds."
            ) from None
        for place, size in zip(extents[::2], extents[1::2], strict=True):
            if place >= length:
                break
            wanted = min(size, length - place)
            piece = self._file.read(start, wanted)
            if len(piece) < wanted:
                raise truncated("The tar archive")
            data[place : place + wanted] = piece
            start += size
        return bytes(data)
