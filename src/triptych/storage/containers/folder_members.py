"""A folder on this machine as a source: walked without following links, read without following links.

Somebody may change the folder while it is read. Files are therefore opened part by part from the folder's own
descriptor (O_NOFOLLOW), so that a folder swapped for a link leads nowhere, and a file that changed is not taken.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, cast

from triptych.core.errors import Refused
from triptych.core.source import MemberError
from triptych.storage.containers.entries import FILE, SPECIAL, SPECIAL_NOTE, Entry
from triptych.storage.containers.refusals import over_limit as source_over_limit
from triptych.storage.containers.zip_members import over_limit

if TYPE_CHECKING:
    from pathlib import Path

    from triptych.core.source import Member

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_READ_AT_ONCE = 1 << 30


def list_folder(folder: Path, members: int) -> list[Entry]:
    """Everything below a folder but the folders, by name; contents are not read.

    Links are entries with a note. Raises Refused: `cannot_open`, `over_limit` (more than `members` files).
    """
    top = os.path.realpath(os.fsencode(folder))
    entries: list[Entry] = []
    waiting = [b""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(top + b"/" + below) as listing:
                found = sorted(listing, key=lambda item: item.name)
        except OSError as error:
            if not below:
                raise Refused(
                    f"The folder {folder.name} cannot be opened: {error.strerror}.", code="cannot_open"
                ) from error
            note = ("unreadable_folder", f"The folder cannot be opened: {error.strerror}.")
            entries.append(_entry(below, SPECIAL, None, note))
            continue
        folders: list[bytes] = []
        for item in found:
            path = below + b"/" + item.name if below else item.name
            if item.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                entries.append(_listed(top, path, item))
        waiting.extend(reversed(folders))
        if len(entries) > members:
            raise source_over_limit("The folder's number of files", members, "files")
    return sorted(entries, key=lambda entry: entry.raw)


def _listed(top: bytes, path: bytes, item: os.DirEntry[bytes]) -> Entry:
    if item.is_symlink():
        return _entry(path, SPECIAL, None, _link_note(top, path))
    try:
        status = item.stat(follow_symlinks=False)
    except OSError as error:
        return _entry(path, SPECIAL, None, ("unreadable_file", f"The file cannot be read: {error.strerror}."))
    if not stat.S_ISREG(status.st_mode):
        return _entry(path, SPECIAL, None, SPECIAL_NOTE)
    return _entry(path, FILE, status, None)


def _link_note(top: bytes, path: bytes) -> tuple[str, str]:
    target = os.path.realpath(top + b"/" + path)
    if target == top or target.startswith(top.rstrip(b"/") + b"/"):
        return (
            "link_not_followed",
            "The entry is a link to another file of the folder; links are not followed.",
        )
    return "link_leaves_folder", "The entry is a link that leaves the folder."


def _entry(path: bytes, kind: int, status: os.stat_result | None, note: tuple[str, str] | None) -> Entry:
    text = None if not path.isascii() else path.decode("ascii")
    size, modified, nanoseconds = (
        (status.st_size, status.st_mtime, status.st_mtime_ns) if status is not None else (0, None, 0)
    )
    locator = ("folder", os.fsdecode(path), size, nanoseconds)
    return Entry(path, text, FILE if kind == FILE else SPECIAL, size, size, modified, locator, note)


class FolderMembers:
    """Reads files of a folder."""

    def __init__(self, folder: Path) -> None:
        try:
            self._top = os.open(folder, _DIRECTORY)
        except OSError as error:
            raise Refused(
                f"The folder {folder.name} cannot be opened: {error.strerror}.", code="cannot_open"
            ) from error
        self._parent: tuple[tuple[str, ...], int] | None = None

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes. Raises MemberError: `over_limit`, `file_changed`, `unreadable_file`."""
        if limit is not None and member.size > limit:
            raise over_limit(member, limit)
        return self.piece(member, 0, member.size)

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`. Raises MemberError as `read`."""
        return self.piece(member, 0, length)

    def piece(self, member: Member, start: int, length: int) -> bytes:
        """Bytes from `start`, at most `length`. Raises MemberError as `read`."""
        return self._bytes(member, start, max(0, min(length, member.size - start)))

    def close(self) -> None:
        """Close the folder; a second call does nothing."""
        self._forget_parent()
        if self._top >= 0:
            os.close(self._top)
            self._top = -1

    def _bytes(self, member: Member, start: int, length: int) -> bytes:
        _, path, size, nanoseconds = cast("tuple[str, str, int, int]", member.locator)
        *folders, name = path.split("/")
        try:
            descriptor = os.open(name, _FILE, dir_fd=self._folder(tuple(folders)))
        except OSError as error:
            raise MemberError(
                "unreadable_file", f"{member.path} cannot be read: {error.strerror}."
            ) from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or (status.st_size, status.st_mtime_ns) != (
                size,
                nanoseconds,
            ):
                raise _changed(member)
            data = _read(descriptor, start, length)
        except OSError as error:
            raise MemberError(
                "unreadable_file", f"{member.path} cannot be read: {error.strerror}."
            ) from error
        finally:
            os.close(descriptor)
        if len(data) < length:
            raise _changed(member)
        return data

    def _folder(self, parts: tuple[str, ...]) -> int:
        """Descriptor of a folder below; the one used last is kept, since neighbours are read in a row."""
        if not parts:
            return self._top
        if self._parent is not None and self._parent[0] == parts:
            return self._parent[1]
        self._forget_parent()
        descriptor = self._top
        try:
            for part in parts:
                deeper = os.open(part, _DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
                if descriptor != self._top:
                    os.close(descriptor)
                descriptor = deeper
        except OSError:
            if descriptor != self._top:
                os.close(descriptor)
            raise
        self._parent = (parts, descriptor)
        return descriptor

    def _forget_parent(self) -> None:
        if self._parent is not None:
            os.close(self._parent[1])
            self._parent = None


def _read(descriptor: int, start: int, length: int) -> bytes:
    data = os.pread(descriptor, min(length, _READ_AT_ONCE), start)
    if len(data) == length:
        return data
    pieces = [data]
    got = len(data)
    while got < length:
        piece = os.pread(descriptor, min(length - got, _READ_AT_ONCE), start + got)
        if not piece:
            break
        pieces.append(piece)
        got += len(piece)
    return b"".join(pieces)


def _changed(member: Member) -> MemberError:
    return MemberError(
        "file_changed", f"{member.path} changed while the folder was imported.", "Add the folder again."
    )
