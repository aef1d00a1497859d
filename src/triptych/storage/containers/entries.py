"""Entries of a container as they were found, and how they become members, skipped and shadowed ones."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import Refused
from triptych.core.findings import FindingLog
from triptych.core.source import Member
from triptych.storage.containers.paths import are_plain, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.findings import Finding
    from triptych.core.source import Locator


class EntryKind(IntEnum):
    """What an entry is."""

    FILE = 0
    FOLDER = 1
    LINK = 2
    SPECIAL = 3


FILE, FOLDER, LINK, SPECIAL = EntryKind


class Entry(NamedTuple):
    """One entry of a container. `text` is its name where the container says how it is written, else None
    and `raw` must be guessed. `note` is why an entry that is not a plain file is left out."""

    raw: bytes
    text: str | None
    kind: EntryKind
    size: int
    stored: int
    modified: float | None
    locator: Locator
    note: tuple[str, str] | None = None


class LeftOut(NamedTuple):
    """An entry that is not a member: its path, a stable code, and a sentence."""

    path: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """Every entry, folders excepted, in exactly one of members, skipped and shadowed."""

    members: tuple[Member, ...]
    skipped: tuple[LeftOut, ...]
    shadowed: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]


SPECIAL_NOTE = ("special_file", "The entry is a pipe, a device or a socket, not a file.")
FOLDER_NOTE = ("folder_with_data", "The entry is a folder and holds data all the same.")
SHADOWED_CODE = "duplicate_name"


def arrange(entries: Sequence[Entry], names: Sequence[str]) -> Arranged:
    """Sort the entries, whose decoded names are given, into bins.

    Of several entries with one path the last is the member, as every unpacker has it. Raises Refused
    (`unsafe_path`, `link`) for names that leave the folder and for links.
    """
    skipped: dict[int, LeftOut] = {}
    backslashes: list[str] = []
    odd = [index for index, entry in enumerate(entries) if entry.kind or entry.note]
    plain = list(range(len(entries)))
    if odd:
        plain = sorted(set(plain).difference(odd))
        _judged(odd, entries, names, skipped, [])
    paths, kept = [names[index] for index in plain], [entries[index] for index in plain]
    if not are_plain(paths):
        paths, kept = _judged(plain, entries, names, skipped, backslashes)
    hidden = _hidden(paths)
    members = tuple(
        Member(path, entry.size, entry.stored, entry.modified, entry.locator)
        for index, (path, entry) in enumerate(zip(paths, kept, strict=True))
        if index not in hidden
    )
    shadowed = [paths[index] for index in sorted(hidden)]
    log = FindingLog()
    _report(log, shadowed, backslashes, members)
    reason = "A later entry of the archive has the same name."
    return Arranged(
        members,
        tuple(skipped[index] for index in sorted(skipped)),
        tuple(LeftOut(path, SHADOWED_CODE, reason) for path in shadowed),
        log.all(),
    )


def _judged(
    chosen: list[int],
    entries: Sequence[Entry],
    names: Sequence[str],
    skipped: dict[int, LeftOut],
    backslashes: list[str],
) -> tuple[list[str], list[Entry]]:
    """Paths and entries of the files among the chosen; what is none goes to `skipped`, folders go nowhere."""
    paths: list[str] = []
    kept: list[Entry] = []
    for index in chosen:
        entry = entries[index]
        judged = judge(names[index])
        if entry.kind == LINK:
            raise _link(judged.path)
        if entry.kind == FOLDER and entry.size == 0:
            continue
        note = (judged.code, judged.reason) if judged.code else _note(entry)
        if note is not None:
            skipped[index] = LeftOut(judged.path, *note)
            continue
        if judged.backslashes:
            backslashes.append(judged.path)
        paths.append(judged.path)
        kept.append(entry)
    return paths, kept


def _hidden(paths: list[str]) -> frozenset[int]:
    """Indexes of the paths that come again later."""
    if len(set(paths)) == len(paths):
        return frozenset()
    last = {path: index for index, path in enumerate(paths)}
    return frozenset(index for index, path in enumerate(paths) if last[path] != index)


def _note(entry: Entry) -> tuple[str, str] | None:
    if entry.note is not None:
        return entry.note
    if entry.kind == SPECIAL:
        return SPECIAL_NOTE
    return FOLDER_NOTE if entry.kind == FOLDER else None


def _link(path: str) -> Refused:
    return Refused(
        f"The upload is refused: {path[:200]!r} is a link.",
        code="link",
        hint="Pack the files themselves; with zip leave out --symlinks, with tar add --dereference.",
    )


def _report(
    log: FindingLog, duplicates: list[str], backslashes: list[str], members: tuple[Member, ...]
) -> None:
    if duplicates:
        log.warn(
            "duplicate_names",
            f"{len(duplicates)} entries of the archive share their name with a later one; the later one counts.",
            "Give every file its own name and pack again, if the earlier ones matter.",
            *duplicates,
            count=len(duplicates),
        )
    if backslashes:
        log.note(
            "backslash_names",
            f"{len(backslashes)} names use \\ between folders; it is read as /.",
            "",
            *backslashes,
            count=len(backslashes),
        )
    twins = _look_alike(members)
    if twins:
        log.warn(
            "names_look_alike",
            f"{len(twins)} names look like another one and differ only in how Unicode composes letters; "
            "all are kept.",
            "Labels that name one of them may mean the other; rename one.",
            *twins,
            count=len(twins),
        )


def _look_alike(members: tuple[Member, ...]) -> list[str]:
    composed: set[str] = set()
    twins: list[str] = []
    for member in members:
        if member.path.isascii():
            continue
        path = unicodedata.normalize("NFC", member.path)
        if path in composed:
            twins.append(member.path)
        composed.add(path)
    return twins
