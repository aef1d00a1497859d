"""Headers of a tar (POSIX.1-2017 pax, "ustar"; GNU tar's manual, "The Basic Tar Format"): numbers, names, pax records
and the four ways of writing a sparse file. Positions are in bytes of the 512-byte header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 512
SPARSE_IN_HEADER, SPARSE_IN_BLOCK = 4, 21

Extents = tuple[tuple[int, int], ...]
"""Where the stored bytes of a sparse file belong: (start, length) each, in order."""


def damaged_tar(what: str, position: int) -> Refused:
    """The tar cannot be followed any further."""
    return Refused(
        f"The tar archive is damaged at byte {position:,}: {what}.",
        code="damaged_container",
        hint="Pack the folder again, as zip if possible.",
    )


@dataclass(slots=True)
class Header:
    """The fields of one header. `size` is in bytes, `modified` in seconds since 1970."""

    raw_name: bytes
    kind: bytes
    size: int
    modified: float
    raw_link: bytes
    position: int
    sparse: list[tuple[int, int]] = field(default_factory=list)
    sparse_continues: bool = False
    real_size: int = 0


def is_header(block: bytes) -> bool:
    """Whether 512 bytes have the checksum of a tar header (all bytes added, the checksum's own as blanks)."""
    if len(block) < BLOCK or not any(block[:100]):
        return False
    try:
        declared = number(block[148:156])
    except ValueError:
        return False
    return declared in _checksums(block)


def _checksums(block: bytes) -> tuple[int, int]:
    rest = block[:148] + block[156:BLOCK]
    plain = 256 + sum(rest)
    # Old programs added signed bytes.
    return plain, plain - 256 * sum(1 for byte in rest if byte >= 128)


def parse_header(block: bytes, position: int) -> Header:
    """The header in a block. Raises Refused (`damaged_container`)."""
    if not is_header(block):
        raise damaged_tar("there should be a header", position)
    kind = block[156:157]
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345:346] != b"\0":
        name = _text(block[345:500]) + b"/" + name
    try:
        size = number(block[124:136])
        header = Header(name, kind, size, float(number(block[136:148])), _text(block[157:257]), position)
        if kind == b"S":
            header.sparse = list(_pairs(block[386:], SPARSE_IN_HEADER))
            header.sparse_continues = block[482] not in (0, 0x30)
            header.real_size = number(block[483:495])
    except ValueError as error:
        raise damaged_tar("a number in a header cannot be read", position) from error
    if size < 0 or header.real_size < 0:
        raise damaged_tar("a size is negative", position)
    return header


def sparse_block(block: bytes, position: int) -> tuple[list[tuple[int, int]], bool]:
    """Extents of a continuation block of GNU's sparse format, and whether one more follows."""
    if len(block) < BLOCK:
        raise damaged_tar("the map of a sparse file is cut off", position)
    try:
        return list(_pairs(block, SPARSE_IN_BLOCK)), block[504] not in (0, 0x30)
    except ValueError as error:
        raise damaged_tar("the map of a sparse file cannot be read", position) from error


def number(data: bytes) -> int:
    """A number of a header: octal digits, or with the top bit set big-endian binary. ValueError when neither."""
    if data[0] in (0x80, 0xFF):
        return int.from_bytes(data[1:] if data[0] == 0x80 else data, "big", signed=data[0] == 0xFF)
    text = data.split(b"\0", 1)[0].strip()
    if not text:
        return 0
    if not text.isdigit():
        raise ValueError("not octal")
    return int(text, 8)


def pax_records(data: bytes, position: int) -> list[tuple[str, bytes]]:
    """Key and value of each record `length key=value\\n` of a pax header. Raises Refused (`damaged_container`)."""
    records: list[tuple[str, bytes]] = []
    at = 0
    while at < len(data) and data[at] != 0:
        blank = data.find(b" ", at, at + 12)
        digits = data[at:blank] if blank > 0 else b""
        end = at + int(digits) if digits.isdigit() else 0
        key, equals, value = data[blank + 1 : end - 1].partition(b"=")
        if end <= blank + 1 or end > len(data) or data[end - 1 : end] != b"\n" or not equals:
            raise damaged_tar("an extended header cannot be read", position)
        records.append((key.decode("utf-8", "replace"), value))
        at = end
    return records


def pax_number(value: bytes, position: int) -> int:
    """A size of a pax record. Raises Refused (`damaged_container`)."""
    if not value.isdigit() or len(value) > 18:
        raise damaged_tar("a size in an extended header cannot be read", position)
    return int(value)


def pax_sparse(records: list[tuple[str, bytes]], position: int) -> list[tuple[int, int]] | None:
    """The extents that pax records hold (formats 0.0 and 0.1), None where they hold none."""
    values: list[int] = []
    for key, value in records:
        if key == "GNU.sparse.map":
            values = [pax_number(part, position) for part in value.split(b",") if part]
        elif key in ("GNU.sparse.offset", "GNU.sparse.numbytes"):
            values.append(pax_number(value, position))
    return list(zip(values[::2], values[1::2], strict=False)) if values else None


def _pairs(data: bytes, count: int) -> Iterator[tuple[int, int]]:
    for index in range(count):
        pair = data[24 * index : 24 * index + 24]
        if not pair.strip(b"\0 "):
            return
        yield number(pair[:12]), number(pair[12:])


def _text(data: bytes) -> bytes:
    return data.split(b"\0", 1)[0]
