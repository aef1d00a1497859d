"""Paths for what is written: like the keys wherever that is safe, and always inside, unique and readable.

A key comes from a file name that somebody chose. As a path of an export it must not climb, not end as clutter
when it is added again, and be one that other systems can unpack.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.names import ending, without_ending
from triptych.formats.clutter import clutter_reason, folder_reason, leftover_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSAFE = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff]")
_PART_BYTES = 240
_DEPTH = 90


def safe_part(part: str) -> str:
    """A name of a file or folder as one that can be written."""
    clean = _UNSAFE.sub("_", part)
    if clean.strip(". ") == "":
        clean = f"_{clean.strip() or '_'}".replace(".", "_")
    if clutter_reason(clean) or folder_reason(clean):
        clean = f"_{clean}"
    if leftover_reason(clean):
        clean = f"{clean}_"
    if len(clean.encode()) > _PART_BYTES:
        digest = sha256(part.encode("utf-8", "replace")).hexdigest()[:16]
        end = ending(clean) if len(ending(clean)) <= 10 else ""
        clean = f"{_cut(clean[: len(clean) - len(end)], _PART_BYTES - 17 - len(end))}-{digest}{end}"
    return clean


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")


def safe_path(key: str) -> str:
    """A key as a path: no part climbs or is empty, and it is not too deep."""
    parts = key.split("/")
    if len(parts) > _DEPTH:
        parts = [*parts[: _DEPTH - 1], "_".join(parts[_DEPTH - 1 :])]
    return "/".join(safe_part(part) for part in parts)


def unique_paths(wanted: Iterable[str]) -> list[str]:
    """The paths, changed where one comes twice or is also a folder of another."""
    paths = list(wanted)
    folders: set[str] = set()
    for path in paths:
        slash = path.find("/")
        while slash >= 0:
            folders.add(path[:slash])
            slash = path.find("/", slash + 1)
    given = set(paths)
    taken: set[str] = set()
    result: list[str] = []
    for path in paths:
        free, number = path, 2
        while free in taken or free in folders or (free != path and free in given):
            end = ending(path)
            free = f"{without_ending(path)} ({number}){path[len(path) - len(end) :]}"
            number += 1
        taken.add(free)
        result.append(free)
    return result
