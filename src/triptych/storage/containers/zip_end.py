"""The end of a zip: the end record (PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16), also the one of Zip64.

A comment may hold what looks like an end record, and garbage may follow the real one. The record counts whose
comment ends where the file ends; else the last one that points at a directory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import Refused
from triptych.storage.containers.refusals import contradicts, truncated

if TYPE_CHECKING:
    from triptych.storage.containers.ranges import Range, RangeFile

TAIL = 65_536
"""Read first: enough for every end without a comment of the greatest length, and for small directories."""

LONG_TAIL = 1_048_576
"""Read when that finds nothing: room for a full comment and for garbage behind the end."""

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_SIGNATURE, _LOCATOR_SIGNATURE, _END64_SIGNATURE = b"PK\5\6", b"PK\6\7", b"PK\6\6"
_ENTRY_SIGNATURE, _LOCAL_SIGNATURE, _SPLIT_SIGNATURE = b"PK\1\2", b"PK\3\4", b"PK\7\x08"


@dataclass(frozen=True, slots=True)
class ZipEnd:
    """Where the directory lies: `start` and `size` in bytes of the file, `count` entries.

    `prefix` bytes stand in front of the archive and must be added to every offset in it; `trailing` bytes
    follow it; `impostors` counts what looks like an end record behind the real one.
    """

    start: int
    size: int
    count: int
    prefix: int
    trailing: int
    impostors: int
    zip64: bool


class _Fields(NamedTuple):
    entries: int
    size: int
    offset: int
    ends_at: int
    zip64: bool


def read_tail_plan(size: int) -> tuple[Range, Range]:
    """The two ranges, first and second choice, in which the end of a zip of `size` bytes is looked for."""
    return (max(0, size - TAIL), min(size, TAIL)), (max(0, size - LONG_TAIL), min(size, LONG_TAIL))


def find_end(file: RangeFile) -> tuple[ZipEnd, bytes]:
    """The end record, and the tail of the file that was read for it.

    Raises Refused: `truncated`, `split_archive`, `contradicts_directory`, `not_an_archive`.
    """
    doubt: Refused | None = None
    tail = b""
    for start, length in read_tail_plan(file.size):
        if length == len(tail):
            continue
        tail = file.read(start, length)
        found, doubt = _candidates(file, tail)
        if found:
            return _choose(file, found), tail
    if doubt is not None:
        raise doubt
    first = file.read(0, 4)
    if first in (_LOCAL_SIGNATURE, _SPLIT_SIGNATURE):
        raise _split() if first == _SPLIT_SIGNATURE else truncated()
    if _ENTRY_SIGNATURE in tail:
        raise truncated()
    raise Refused(
        "The file is not a zip archive.", code="not_an_archive", hint="Pack the folder as a .zip file."
    )


def _candidates(file: RangeFile, tail: bytes) -> tuple[list[ZipEnd], Refused | None]:
    """All end records in the tail that point at a directory, last first; and what speaks against the others."""
    found: list[ZipEnd] = []
    doubt: Refused | None = None
    position = tail.rfind(_SIGNATURE)
    while position >= 0 and len(found) < 8:  # enough to judge; a hostile comment could hold thousands
        try:
            end = _end_at(file, tail, position, len(found))
        except Refused as error:
            doubt = doubt or error
        else:
            if end is not None:
                found.append(end)
        position = tail.rfind(_SIGNATURE, 0, position)
    return found, doubt


def _end_at(file: RangeFile, tail: bytes, position: int, impostors: int) -> ZipEnd | None:
    if position + _END.size > len(tail):
        return None
    _, disk, directory_disk, count_here, count, size, offset, comment = _END.unpack_from(tail, position)
    absolute = file.size - len(tail) + position
    trailing = file.size - absolute - _END.size - comment
    if trailing < 0:
        return None
    fields = _Fields(count, size, offset, absolute, False)
    fields = _widened(file, tail, position, fields)
    if not fields.zip64 and (disk or directory_disk):
        raise _split()
    if not fields.zip64 and count_here != count:
        raise contradicts(f"its end record counts {count_here} entries, and {count} elsewhere")
    start = fields.ends_at - fields.size
    prefix = start - fields.offset
    if fields.entries == 0 and fields.size == 0:
        return ZipEnd(start, 0, 0, max(prefix, 0), trailing, impostors, fields.zip64)
    if prefix >= 0 and _bytes(file, tail, start, 4) == _ENTRY_SIGNATURE:
        return ZipEnd(start, fields.size, fields.entries, prefix, trailing, impostors, fields.zip64)
    inside = fields.offset + fields.size <= fields.ends_at
    if inside and _bytes(file, tail, fields.offset, 4) == _ENTRY_SIGNATURE:
        return ZipEnd(fields.offset, fields.size, fields.entries, 0, trailing, impostors, fields.zip64)
    return None


def _widened(file: RangeFile, tail: bytes, position: int, fields: _Fields) -> _Fields:
    """The fields with those of the Zip64 record in their place, where there is one."""
    absolute = fields.ends_at
    located = _bytes(file, tail, absolute - _LOCATOR.size, _LOCATOR.size)
    if len(located) < _LOCATOR.size or not located.startswith(_LOCATOR_SIGNATURE):
        return fields
    _, _, offset, disks = _LOCATOR.unpack(located)
    if disks > 1:
        raise _split()
    for place in (absolute - _LOCATOR.size - _END64.size, offset):
        record = _bytes(file, tail, place, _END64.size)
        if len(record) == _END64.size and record.startswith(_END64_SIGNATURE):
            _, _, _, _, disk, _, here, count, size, start = _END64.unpack(record)
            if disk != 0 or here != count:
                raise _split()
            return _Fields(count, size, start, place, True)
    return fields


def _choose(file: RangeFile, found: list[ZipEnd]) -> ZipEnd:
    exact = [end for end in found if end.trailing == 0 and end.count > 0]
    if len({(end.start, end.size) for end in exact}) > 1:
        raise contradicts("two end records point at different directories")
    filled = exact or [end for end in found if end.count > 0]
    end = filled[0] if filled else found[0]
    if end.prefix > 0 and file.read(0, 4) == _LOCAL_SIGNATURE:
        # The bytes in front begin with members of their own: another archive, or this one's end is lost and
        # what was found is the end of a zip that lies in it.
        raise truncated() if end.trailing else contradicts("another archive stands in front of it")
    return end


def _bytes(file: RangeFile, tail: bytes, start: int, length: int) -> bytes:
    if start < 0:
        return b""
    first = file.size - len(tail)
    if start >= first:
        return tail[start - first : start - first + length]
    return file.read(start, length)


def _split() -> Refused:
    return Refused(
        "The file is one part of an archive that is split into several.",
        code="split_archive",
        hint="Join the parts first: zip -s 0 parts.zip --out whole.zip.",
    )
