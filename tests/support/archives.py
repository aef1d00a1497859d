"""Small archives for tests, honest and not."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Piece(NamedTuple):
    """A member as it is written; None means what an honest packer writes."""

    name: bytes
    data: bytes = b"content"
    method: int = 0
    flags: int = 0
    mode: int = 0o100644
    extra: bytes = b""
    compressed: bytes | None = None
    crc: int | None = None
    size: int | None = None
    local_name: bytes | None = None
    local_method: int | None = None
    local_size: int | None = None
    local_extra: bytes = b""


def raw_zip(
    *pieces: Piece, count: int | None = None, comment: bytes = b"", disk: int = 0, shift: int = 0
) -> bytes:
    """A zip written byte by byte; `count` and `disk` are what the end record says, `shift` moves its offset."""
    parts: list[bytes] = []
    records: list[bytes] = []
    offset = 0
    for piece in pieces:
        stored = piece.compressed if piece.compressed is not None else _pack(piece)
        crc = piece.crc if piece.crc is not None else zlib.crc32(piece.data)
        size = piece.size if piece.size is not None else len(piece.data)
        name = piece.local_name if piece.local_name is not None else piece.name
        method = piece.local_method if piece.local_method is not None else piece.method
        local_size = piece.local_size if piece.local_size is not None else size
        part = struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, piece.flags, method, 0, 0x5821, crc, len(stored), local_size,
            len(name), len(piece.local_extra),
        ) + name + piece.local_extra + stored  # fmt: skip
        records.append(struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 0x0314, 20, piece.flags, piece.method, 0, 0x5821, crc, len(stored), size,
            len(piece.name), len(piece.extra), 0, 0, 0, piece.mode << 16, offset,
        ) + piece.name + piece.extra)  # fmt: skip
        parts.append(part)
        offset += len(part)
    body, directory = b"".join(parts), b"".join(records)
    entries = len(pieces) if count is None else count
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", disk, disk, entries, entries, len(directory), len(body) + shift, len(comment)
    )
    return body + directory + end + comment


def _pack(piece: Piece) -> bytes:
    if piece.method == 8:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        return packer.compress(piece.data) + packer.flush()
    return piece.data


def honest_zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip by the standard library."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def front(listing: bytes) -> bytes:
    """What stands in front of the files of a bundle, with this listing."""
    return b"triptych folder 1\n" + f"{len(listing):016x}\n".encode() + listing


def bundle(
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], modified: int = 1_700_000_000_000
) -> bytes:
    """A folder as a browser sends it."""
    pairs = list(files.items() if isinstance(files, dict) else files)
    listing = json.dumps([[path, len(data), modified] for path, data in pairs], separators=(",", ":"))
    return front(listing.encode()) + b"".join(data for _, data in pairs)
