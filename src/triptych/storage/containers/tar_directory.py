"""The list of what a tar holds, made by hopping from header to header; no data is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import Refused
from triptych.core.findings import Finding, Severity
from triptych.storage.containers.entries import FILE, FOLDER, LINK, SPECIAL, SPECIAL_NOTE, Entry
from triptych.storage.containers.paths import leaves_folder
from triptych.storage.containers.refusals import over_limit, truncated
from triptych.storage.containers.tar_headers import (
    BLOCK,
    Header,
    damaged_tar,
    parse_header,
    pax_number,
    pax_records,
    pax_sparse,
    sparse_block,
)

if TYPE_CHECKING:
    from triptych.core.source import Locator
    from triptych.storage.containers.ranges import RangeFile

_EXTENSION_BYTES = 1_048_576
"""Largest long name or pax header that is read; real ones have a few hundred bytes."""

_EXTENTS = 100_000
_FILES = (b"0", b"\0", b"7", b"S")
_SPECIALS = (b"3", b"4", b"6")
_ZEROS = bytes(BLOCK)


class TarListing(NamedTuple):
    """Entries in the order of the tar, and findings about the container."""

    entries: list[Entry]
    findings: tuple[Finding, ...]


class _Extensions:
    """What headers in front say about the next entry."""

    def __init__(self) -> None:
        self.lasting: dict[str, bytes] = {}
        self.clear()

    def clear(self) -> None:
        self.records: list[tuple[str, bytes]] = []
        self.name: bytes | None = None
        self.link: bytes | None = None

    def get(self, key: str) -> bytes | None:
        for known, value in reversed(self.records):
            if known == key:
                return value
        return self.lasting.get(key)


def list_tar(file: RangeFile, members: int) -> TarListing:
    """List a tar.

    Raises Refused: `truncated`, `damaged_container`, `link` (a hard link that leaves the folder),
    `split_archive`, `over_limit` (more than `members` entries).
    """
    entries: list[Entry] = []
    known: dict[bytes, Entry] = {}
    extensions = _Extensions()
    position = 0
    ended = False
    while position < file.size:
        block = file.read(position, BLOCK)
        if len(block) < BLOCK:
            raise truncated("The tar archive")
        if block == _ZEROS:
            ended = True
            break
        header = parse_header(block, position)
        position += BLOCK
        if header.kind in b"xgXLK" and header.kind:
            position = _extend(file, header, position, extensions)
            continue
        if len(entries) >= members:
            raise over_limit("The archive's number of entries", members, "entries")
        entry, position = _entry(file, header, position, extensions, known)
        if position > file.size + BLOCK:  # the padding behind the last member may be missing
            raise truncated("The tar archive")
        if entry is not None and int(entry.locator[1]) + int(entry.locator[2]) > file.size:
            raise truncated("The tar archive")
        if entry is not None:
            entries.append(entry)
            known[_plain(entry.raw)] = entry
        extensions.clear()
    return TarListing(entries, () if ended else (_endless(),))


def _endless() -> Finding:
    return Finding(
        Severity.WARNING,
        "missing_end",
        "The tar archive has no end mark; members may be missing behind the last one.",
        "Compare the number of files with the original's.",
    )


def _extend(file: RangeFile, header: Header, position: int, extensions: _Extensions) -> int:
    if header.size > _EXTENSION_BYTES:
        raise damaged_tar("an extended header is too large", header.position)
    data = file.read(position, header.size)
    if len(data) < header.size:
        raise truncated("The tar archive")
    if header.kind == b"L":
        extensions.name = data.split(b"\0", 1)[0]
    elif header.kind == b"K":
        extensions.link = data.split(b"\0", 1)[0]
    elif header.kind == b"g":
        extensions.lasting.update(pax_records(data, position))
    else:
        extensions.records = pax_records(data, position)
    return position + _padded(header.size)


def _entry(
    file: RangeFile, header: Header, position: int, extensions: _Extensions, known: dict[bytes, Entry]
) -> tuple[Entry | None, int]:
    size = extensions.get("size")
    stored = header.size if size is None else pax_number(size, header.position)
    raw, text = _name(header, extensions)
    modified = _modified(header, extensions)
    if header.kind == b"1":
        return _hard_link(header, extensions, raw, text, known), position + _padded(stored)
    if header.kind == b"2":
        return Entry(raw, text, LINK, 0, 0, modified, ("tar", 0, 0, 0)), position
    if header.kind == b"M":
        raise Refused(
            "The tar archive is one part of several.",
            code="split_archive",
            hint="Pack the folder as one archive.",
        )
    if header.kind == b"V":  # the label of a tape
        return None, position + _padded(stored)
    if header.kind in _SPECIALS:
        return Entry(raw, text, SPECIAL, 0, 0, modified, ("tar", 0, 0, 0), SPECIAL_NOTE), position
    if header.kind in (b"5", b"D") or raw.endswith(b"/"):
        return Entry(raw, text, FOLDER, 0, 0, modified, ("tar", 0, 0, 0)), position + _padded(stored)
    locator, real, position = _data(file, header, position, stored, extensions)
    after = position + _padded(int(locator[2]))
    return Entry(raw, text, FILE, real, int(locator[2]), modified, locator), after


def _data(
    file: RangeFile, header: Header, position: int, stored: int, extensions: _Extensions
) -> tuple[Locator, int, int]:
    """Locator ("tar", start, stored, size, extents…), size, and where the data starts."""
    extents: list[tuple[int, int]] | None = None
    real = stored
    if header.kind == b"S":
        extents, position = _old_sparse(file, header, position)
        real = header.real_size
    elif extensions.get("GNU.sparse.major") == b"1":
        extents, skipped = _new_sparse(file, position, header.position)
        real = pax_number(extensions.get("GNU.sparse.realsize") or b"", header.position)
        position += skipped
        stored -= skipped
    elif extensions.records:
        extents = pax_sparse(extensions.records, header.position)
        if extents is not None:
            real = pax_number(extensions.get("GNU.sparse.size") or b"", header.position)
    if extents is None:
        return ("tar", position, stored, stored), stored, position
    at = 0
    for start, length in extents:
        if start < at or length < 0 or start + length > real:
            raise damaged_tar("the map of a sparse file contradicts itself", header.position)
        at = start + length
    if sum(length for _, length in extents) > stored or stored < 0:
        raise damaged_tar("the map of a sparse file contradicts itself", header.position)
    flat = tuple(value for extent in extents for value in extent)
    return ("tar", position, stored, real, *flat), real, position


def _old_sparse(file: RangeFile, header: Header, position: int) -> tuple[list[tuple[int, int]], int]:
    extents = list(header.sparse)
    more = header.sparse_continues
    while more:
        found, more = sparse_block(file.read(position, BLOCK), position)
        extents += found
        position += BLOCK
        if len(extents) > _EXTENTS:
            raise damaged_tar("the map of a sparse file is too long", header.position)
    return extents, position


def _new_sparse(file: RangeFile, position: int, header_position: int) -> tuple[list[tuple[int, int]], int]:
    # Format 1.0: the map stands in front of the data as decimal lines, filled up to whole blocks.
    data = b""
    while True:
        block = file.read(position + len(data), BLOCK)
        data += block
        lines = data.split(b"\n")
        if lines[0].isdigit() and len(lines[0]) < 7 and len(lines) > 2 * int(lines[0]) + 1:
            break
        if len(block) < BLOCK or len(data) > _EXTENSION_BYTES:
            raise damaged_tar("the map of a sparse file cannot be read", header_position)
    values = [pax_number(line, header_position) for line in lines[1 : 2 * int(lines[0]) + 1]]
    return list(zip(values[::2], values[1::2], strict=True)), len(data)


def _name(header: Header, extensions: _Extensions) -> tuple[bytes, str | None]:
    raw = extensions.get("GNU.sparse.name") or extensions.get("path")
    if raw is not None and extensions.get("hdrcharset") != b"BINARY":
        try:
            return raw, raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw, None
    raw = raw or extensions.name or header.raw_name
    return raw, raw.decode("ascii") if raw.isascii() else None


def _modified(header: Header, extensions: _Extensions) -> float:
    value = extensions.get("mtime")
    try:
        return float(value) if value is not None else header.modified
    except ValueError:
        return header.modified


def _hard_link(
    header: Header, extensions: _Extensions, raw: bytes, text: str | None, known: dict[bytes, Entry]
) -> Entry:
    target = extensions.get("linkpath") or extensions.link or header.raw_link
    if leaves_folder("", target.decode("latin-1")):
        raise Refused(
            f"The upload is refused: {raw[:200]!a} is a link that leaves the folder.",
            code="link",
            hint="Pack the files themselves, with tar --hard-dereference.",
        )
    found = known.get(_plain(target))
    if found is None or found.kind != FILE:
        note = ("link_without_target", "The entry is a link to a file that does not come before it.")
        return Entry(raw, text, SPECIAL, 0, 0, header.modified, ("tar", 0, 0, 0), note)
    return found._replace(raw=raw, text=text)


def _plain(raw: bytes) -> bytes:
    return b"/".join(part for part in raw.split(b"/") if part not in (b"", b"."))


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
