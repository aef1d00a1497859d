"""What lies in a registered folder, to choose a source from: one page of one folder at a time.

Folders are opened part by part from the registered one (O_NOFOLLOW), so that nothing leads out of it. Links are
left out, since no import follows them, and so are clutter, what is neither file nor folder, and names that are
not UTF-8, which no request can name.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from triptych.core.errors import InvalidInput, NotFound, Refused
from triptych.core.names import natural_key
from triptych.formats.clutter import clutter_reason, folder_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)

Position = tuple[int, str]
"""0 for a folder and 1 for a file, and its name."""


def entry_page(
    root: str, path: str, after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    """Up to `limit` entries of the folder at `path` below a registered one, folders first, by name in natural
    order, behind a position; and the position to go on behind, None at the end.

    `bytes` of a folder is None. InvalidInput `path_outside_root`, NotFound `source_not_found`, Refused
    `cannot_open`.
    """
    with _opened(root, path) as folder:
        found = sorted(_entries(folder), key=_key)
        if after is not None:
            found = [entry for entry in found if _key(entry) > _key(after)]
        shown = [document for entry in found[:limit] if (document := _document(folder, entry)) is not None]
    return shown, (found[limit - 1] if len(found) > limit else None)


@contextmanager
def _opened(root: str, path: str) -> Iterator[int]:
    """The descriptor of the folder."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or "\0" in path:
        raise InvalidInput(
            "The path leaves the registered folder.",
            code="path_outside_root",
            hint="Give a path below the folder, without “..”.",
        )
    if folder_reason("/".join(parts)) is not None:
        raise _nothing(path)
    descriptor = -1
    try:
        descriptor = os.open(root, _FOLDER)
        for part in parts:
            deeper = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    except OSError as error:
        if error.errno in _ABSENT:
            raise _nothing(path) from error
        raise Refused(
            f"The folder {path or 'that is registered'} cannot be opened: {error.strerror}.",
            code="cannot_open",
            hint="Let the account that the server runs as read it.",
        ) from error
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _nothing(path: str) -> NotFound:
    return NotFound(
        f"There is no folder {path or 'any more'} in the registered folder.",
        code="source_not_found",
        hint="Go back to the folder above, and look again.",
    )


def _entries(folder: int) -> Iterator[Position]:
    with os.scandir(folder) as listing:
        for entry in listing:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if folder_reason(name) is None and _is_utf8(name):
                    yield 0, name
            elif entry.is_file(follow_symlinks=False) and clutter_reason(name) is None and _is_utf8(name):
                yield 1, name


def _key(entry: Position) -> tuple[int, tuple[str, str]]:
    return entry[0], natural_key(entry[1])


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _document(folder: int, entry: Position) -> dict[str, Any] | None:
    """None for what went away meanwhile."""
    kind, name = entry
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return {
        "name": name,
        "kind": "file" if kind else "folder",
        "bytes": status.st_size if kind else None,
        "modified": status.st_mtime,
    }
