"""Local headers (PKWARE APPNOTE 6.3.10, 4.3.7) held against the directory.

A packer writes every name, method and size twice. Programs differ in which copy they believe, so an archive
whose copies differ shows different people different files; it is refused.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from triptych.storage.containers.refusals import contradicts, truncated
from triptych.storage.containers.zip_directory import ENCRYPTED_FLAGS, LOCAL_HEADER, Directory
from triptych.storage.containers.zip_fields import extra_fields, name_checksum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.storage.containers.ranges import LocalFile

HEADER = np.dtype(
    [
        ("signature", "<u4"), ("needed", "<u2"), ("flags", "<u2"), ("method", "<u2"), ("time", "<u2"),
        ("date", "<u2"), ("crc", "<u4"), ("stored", "<u4"), ("size", "<u4"), ("name_length", "<u2"),
        ("extra_length", "<u2"),
    ]
)  # fmt: skip
_SIGNATURE = 0x04034B50
_STRUCT = struct.Struct("<L5H3L2H")
_DESCRIPTOR_FLAG = 1 << 3
_U32 = 0xFFFF_FFFF
_ZIP64 = 0x0001


def check_local_headers(file: LocalFile, directory: Directory) -> None:
    """Hold all local headers against the directory, in one pass of small reads.

    Raises Refused (`contradicts_directory`, `truncated`).
    """
    count = len(directory.names)
    if count == 0:
        return
    lengths = np.array([len(name) for name in directory.names], np.int64) + LOCAL_HEADER
    order = np.argsort(directory.offsets, kind="stable").tolist()
    heads = list(map(file.read, directory.offsets[order].tolist(), lengths[order].tolist()))
    if any(len(head) < length for head, length in zip(heads, lengths[order].tolist(), strict=True)):
        raise truncated()
    table = np.frombuffer(b"".join([head[:LOCAL_HEADER] for head in heads]), HEADER)
    inverse = np.empty(count, np.int64)
    inverse[order] = np.arange(count)
    table = table[inverse]
    _check_table(table, directory)
    for name, index in zip(directory.names, inverse.tolist(), strict=True):
        found = heads[index]
        if not found.endswith(name) and found[LOCAL_HEADER:].replace(b"\\", b"/") != name.replace(
            b"\\", b"/"
        ):
            raise contradicts(f"{name[:80]!a} has another name in front of its data")
    _check_ends(table, directory)
    _check_sizes(file, table, directory)


def _check_table(table: NDArray[np.void], directory: Directory) -> None:
    records = directory.records
    if bool((table["signature"] != _SIGNATURE).any()):
        raise contradicts("members are not where it says")
    for field, word in (("name_length", "name"), ("method", "compression method")):
        differs = np.flatnonzero(table[field] != records[field])
        if len(differs):
            raise contradicts(
                f"{directory.names[int(differs[0])][:80]!a} has another {word} in front of its data"
            )
    if bool(((table["flags"] & ENCRYPTED_FLAGS) != 0).any()):
        raise contradicts("members are encrypted that it calls plain")


def _check_ends(table: NDArray[np.void], directory: Directory) -> None:
    # The extra field of a local header has its own length, which only now is known.
    order = np.argsort(directory.offsets, kind="stable")
    ends = (
        directory.offsets[order] + LOCAL_HEADER + directory.stored[order]
        + table["name_length"][order].astype(np.int64) + table["extra_length"][order].astype(np.int64)
    )  # fmt: skip
    limits = np.append(directory.offsets[order][1:], directory.end.start)
    over = int((ends > limits).sum())
    if over:
        raise contradicts(f"{over:,} members lie one over the other")


def _check_sizes(file: LocalFile, table: NDArray[np.void], directory: Directory) -> None:
    streamed = (table["flags"] & _DESCRIPTOR_FLAG) != 0
    stored, sizes = table["stored"].astype(np.int64), table["size"].astype(np.int64)
    same = (stored == directory.stored) & (sizes == directory.sizes)
    later = streamed & (stored == 0) & (sizes == 0)
    for index in np.flatnonzero(~same & ~later).tolist():
        length = int(table["extra_length"][index])
        start = int(directory.offsets[index]) + LOCAL_HEADER + int(table["name_length"][index])
        extra = file.read(start, length) if length else b""
        local = _sizes(int(stored[index]), int(sizes[index]), extra)
        if not _agree(
            local, int(directory.stored[index]), int(directory.sizes[index]), bool(streamed[index])
        ):
            raise contradicts(f"{directory.names[index][:80]!a} has another size in front of its data")


def _sizes(stored: int, size: int, extra: bytes) -> tuple[int, int]:
    """Stored size and size of a local header, those of its Zip64 field in their place."""
    if _U32 not in (stored, size):
        return stored, size
    for kind, data in extra_fields(extra):
        if kind == _ZIP64:
            values = [int.from_bytes(data[at : at + 8], "little") for at in range(0, len(data) - 7, 8)]
            if size == _U32 and values:
                size = values.pop(0)
            if stored == _U32 and values:
                stored = values.pop(0)
    return stored, size


def _agree(local: tuple[int, int], stored: int, size: int, streamed: bool) -> bool:
    if streamed:
        # Packers that stream leave 0, or all ones, or the sizes that they expect.
        return all(one in (0, _U32, real) for one, real in zip(local, (stored, size), strict=True))
    return local == (stored, size)


def data_start(head: bytes, locator: tuple[int | str, ...]) -> int:
    """Bytes from the start of a member's local header to its data, after the header is held against the locator.

    `head` begins at the local header and holds it, the name and the extra field.
    """
    _, _, stored, size, _, method, _, name_length, name_crc = locator
    if len(head) < LOCAL_HEADER:
        raise truncated()
    signature, _, flags, local_method, _, _, _, local_stored, local_size, length, extra = _STRUCT.unpack_from(
        head
    )
    if signature != _SIGNATURE:
        raise contradicts("a member is not where it says")
    name = head[LOCAL_HEADER : LOCAL_HEADER + length]
    if length != name_length or name_checksum(name) != name_crc:
        raise contradicts(f"{name[:80]!a} has another name there")
    if local_method != method or flags & ENCRYPTED_FLAGS:
        raise contradicts(f"{name[:80]!a} has another compression method there")
    fields = head[LOCAL_HEADER + length : LOCAL_HEADER + length + extra]
    streamed = bool(flags & _DESCRIPTOR_FLAG)
    if not _agree(_sizes(local_stored, local_size, fields), int(stored), int(size), streamed):
        raise contradicts(f"{name[:80]!a} has another size there")
    return LOCAL_HEADER + int(length) + int(extra)
