"""A folder as one run of bytes, as browsers and the command line send it: a "bundle".

    triptych folder 1\\n          what it is
    0000000000000123\\n           bytes of the listing, 16 lower-case hexadecimal digits
    [["a/b.png",5120,1700000000000],…]   the listing: path, size in bytes, time of change in ms since 1970
    …                            the bytes of the files, in that order, nothing between

The listing is a JSON array in UTF-8. A name that is not UTF-8 on the sender's disk has its bytes as U+DC80 to
U+DCFF (Python's surrogateescape), and is then guessed as those of archives are.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from triptych.core.errors import Refused
from triptych.storage.containers.entries import FILE, FOLDER, Entry
from triptych.storage.containers.refusals import over_limit, truncated
from triptych.storage.containers.zip_members import over_limit as member_over_limit

if TYPE_CHECKING:
    from triptych.core.source import Member
    from triptych.storage.containers.ranges import Range, RangeFile

MAGIC = b"triptych folder 1\n"
FRONT = len(MAGIC) + 17
"""Bytes in front of the listing."""

MEDIA_TYPE = "application/x-triptych-folder"

NAME_BYTES = 65_535
"""Longest path in the listing, as in a zip; which of them are kept is judged as for every container."""

_LENGTH = re.compile(rb"[0-9a-f]{16}\n")
# A listing of 300 MB read as any JSON could take gigabytes; so entries are matched one by one.
_ENTRY = re.compile(
    rb'[ \t\r\n]*+\[[ \t\r\n]*+"((?:[^"\\\x00-\x1f]++|\\["\\/bfnrtu])*+)"[ \t\r\n]*+,[ \t\r\n]*+'
    rb"(0|[1-9][0-9]{0,17})[ \t\r\n]*+,[ \t\r\n]*+(-?[0-9]{1,17}(?:\.[0-9]{1,9})?)[ \t\r\n]*+\][ \t\r\n]*+([,\]])"
)
_NOT_TEXT = ("name_not_text", "The name holds half of a surrogate pair, which is no character.")


def write_front(listing: bytes) -> bytes:
    """What stands in front of the files: the mark, the length of the listing, the listing."""
    return MAGIC + b"%016x\n" % len(listing) + listing


def list_bundle(file: RangeFile, members: int, listing_bytes: int) -> list[Entry]:
    """The entries of a bundle, in their order; no file is read.

    Raises Refused: `damaged_container` (a listing that cannot be read), `truncated`, `contradicts_directory`
    (sizes that do not add up to what follows), `over_limit` (more than `members` entries, or a listing of more
    than `listing_bytes`).
    """
    front = file.read(0, FRONT)
    if len(front) < FRONT:
        raise truncated("The folder")
    if not _LENGTH.fullmatch(front, len(MAGIC)):
        raise _damaged(len(MAGIC), "the length of the listing cannot be read")
    length = int(front[len(MAGIC) : -1], 16)
    if length > listing_bytes:
        raise over_limit(f"The folder's listing of {length:,} bytes", listing_bytes, "bytes")
    if FRONT + length > file.size:
        raise truncated("The folder")
    entries = _entries(file.read(FRONT, length), FRONT + length, members)
    promised = sum(entry.size for entry in entries)
    if FRONT + length + promised != file.size:
        raise _contradicts(promised, file.size - FRONT - length)
    return entries


def _entries(listing: bytes, start: int, members: int) -> list[Entry]:
    """The entries of a listing; the first file begins at `start`."""
    if not listing.startswith(b"["):
        raise _damaged(FRONT, "there should be a listing")
    entries: list[Entry] = []
    position = 1
    if re.fullmatch(rb"\[[ \t\r\n]*\][ \t\r\n]*", listing):
        return entries
    while True:
        match = _ENTRY.match(listing, position)
        if match is None or match.end(1) - match.start(1) > NAME_BYTES:
            raise _damaged(FRONT + position, "there should be a path, a size and a time")
        if len(entries) >= members:
            raise over_limit("The folder's number of files", members, "files")
        name, size, time, follows = match.groups()
        entry = _entry(name, int(size), float(time) / 1000, start, FRONT + position)
        entries.append(entry)
        start += entry.size
        position = match.end()
        if follows == b"]":
            break
    if listing[position:].strip(b" \t\r\n"):
        raise _damaged(FRONT + position, "something follows the listing")
    return entries


def _entry(name: bytes, size: int, modified: float, start: int, position: int) -> Entry:
    try:
        path = name.decode("utf-8")
        if "\\" in path:
            path = cast("str", json.loads(f'"{path}"'))
    except ValueError as error:
        raise _damaged(position, "a path is not text in UTF-8") from error
    kind = FOLDER if path.endswith("/") else FILE
    locator = ("bundle", start, size)
    text = path if path.isascii() or _is_text(path) else None
    note = None
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        text = path.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        raw, note = text.encode("utf-8"), _NOT_TEXT
    return Entry(raw, text, kind, size, size, modified, locator, note)


def _is_text(path: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in path)


def _contradicts(promised: int, there: int) -> Refused:
    return Refused(
        f"The folder's listing promises {promised:,} bytes of files, and {there:,} bytes follow it.",
        code="contradicts_directory",
        hint="Upload the folder again, and change nothing in it meanwhile.",
    )


def _damaged(position: int, what: str) -> Refused:
    return Refused(
        f"The folder's listing is damaged at byte {position:,}: {what}.",
        code="damaged_container",
        hint="Upload the folder again.",
    )


def file_range(locator: tuple[int | str, ...], length: int) -> Range:
    """Where the first bytes of a file lie, at most `length`."""
    _, start, size = cast("tuple[str, int, int]", locator)
    return start, min(length, size)


class BundleMembers:
    """Reads files of a bundle; threads may share it. A bundle has no checksums of content."""

    def __init__(self, file: RangeFile) -> None:
        self._file = file

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes. Raises MemberError (`over_limit`), Refused (`truncated`) when the bundle shrank since."""
        if limit is not None and member.size > limit:
            raise member_over_limit(member, limit)
        return self.head(member, member.size)

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`."""
        return self.piece(member, 0, length)

    def piece(self, member: Member, start: int, length: int) -> bytes:
        """Bytes from `start`, at most `length`."""
        place, length = file_range(member.locator, start + length)
        data = self._file.read(place + start, max(0, length - start))
        if len(data) < length - start:
            raise truncated("The folder")
        return data
