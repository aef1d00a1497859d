"""Which names of members may be used: pure text, no file system.

Names are never used to create files; what leaves the folder is refused all the same, since it is meant to harm
whoever unpacks the export of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH_BYTES = 1_024
"""Longest path in UTF-8: a path is a key of the database, and PostgreSQL indexes at most 2,704 bytes."""

PATH_LEVELS = 100
"""Deepest path: nobody files pictures deeper, and recursive readers of exports stop near 200."""

_ODD = re.compile(r"[\\\0]|//|^/|^[A-Za-z]:|(?:^|/)\.{0,2}(?:/|$)")
_SIGNS = (
    "\\", "\0", ":", "//", "\n/", "/\n", "\n\n", "/./", "/../", "/.\n", "/..\n", "\n./", "\n../", "\n.\n", "\n..\n",
)  # fmt: skip
_DRIVE = re.compile(r"[A-Za-z]:")
_SHOWN = 200


class Judged(NamedTuple):
    """A name as a path with "/", or why it is none: then `path` is the name as it came and `code` is set."""

    path: str
    code: str = ""
    reason: str = ""
    backslashes: bool = False


def are_plain(names: Sequence[str]) -> bool:
    """Whether every name is a path as it stands. It may say no too often, never yes; 100,000 names take 10 ms."""
    if max(map(len, names), default=0) > PATH_LEVELS:
        return False
    joined = "\n".join(("", *names, ""))
    return not any(sign in joined for sign in _SIGNS)


def judge(name: str) -> Judged:
    """The path of a decoded name. Raises Refused (`unsafe_path`) when it leaves the folder.

    "\\" counts as a separator, as every Windows packer means it; empty parts and "." are dropped.
    """
    if len(name) <= PATH_LEVELS and _ODD.search(name) is None:
        return Judged(name)
    if "\0" in name:
        raise _unsafe(name, "holds a NUL character, after which some programs stop reading")
    text = name.replace("\\", "/")
    if text.startswith("/"):
        raise _unsafe(name, "is an absolute path")
    if _DRIVE.match(text):
        raise _unsafe(name, "begins with a drive letter")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts[:-1]:
        raise _unsafe(name, "climbs out of its folder")
    if not parts or parts[-1] == "..":
        return Judged(name, "no_file_name", "The entry has no file name.")
    path = "/".join(parts)
    if len(parts) > PATH_LEVELS:
        return Judged(
            path, "path_too_deep", f"The path is {len(parts)} levels deep; the limit is {PATH_LEVELS}."
        )
    size = len(path.encode("utf-8", "surrogatepass"))
    if size > PATH_BYTES:
        return Judged(path, "path_too_long", f"The path has {size} bytes; the limit is {PATH_BYTES}.")
    return Judged(path, backslashes="\\" in name)


def _unsafe(name: str, why: str) -> Refused:
    shown = repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")
    return Refused(
        f"The upload is refused: the name {shown} {why}.",
        code="unsafe_path",
        hint="Pack the folder again with names relative to it.",
    )


def leaves_folder(folder: str, target: str) -> bool:
    """Whether a link that lies in `folder` ("" for the top, "a/b") and points at `target` leads outside."""
    text = target.replace("\\", "/")
    if text.startswith("/") or _DRIVE.match(text) or "\0" in text:
        return True
    depth = len([part for part in folder.split("/") if part])
    for part in text.split("/"):
        if part in ("", "."):
            continue
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False
