"""A compressed tar is inflated once into a plain one, so that its members can be read in any order.

The limit is on what really comes out; nothing that the file says about itself is believed.
"""

from __future__ import annotations

import bz2
import lzma
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from isal import isal_zlib

from triptych.core.errors import Refused
from triptych.storage.containers.refusals import over_limit, truncated
from triptych.storage.containers.staging import write_piece
from triptych.storage.containers.tar_headers import BLOCK, is_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
MAGICS = {"tar.gz": GZIP, "tar.bz2": BZIP2, "tar.xz": XZ}
PIECE = 1_048_576
_XZ_MEMORY = 200_000_000
_DAMAGE = (cast("type[Exception]", isal_zlib.error), OSError, EOFError, ValueError, lzma.LZMAError)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


_MAKERS: dict[str, Callable[[], _Decompressor]] = {
    "tar.gz": lambda: isal_zlib.decompressobj(31),
    "tar.bz2": bz2.BZ2Decompressor,
    "tar.xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
}


def unpack_tar(container: str, source: BinaryIO, target: BinaryIO, limit: int) -> int:
    """Inflate a `tar.gz`, `tar.bz2` or `tar.xz` into `target`; returns how many bytes follow the compressed data.

    Raises Refused: `not_an_archive` when no tar comes out, `truncated`, `damaged_container`, `over_limit` after
    `limit` bytes; Unavailable (`disk_full`).
    """
    written = 0
    trailing = [0]
    for piece in _inflated(container, source, trailing):
        if written == 0 and not is_header(piece[:BLOCK]) and piece[:BLOCK] != bytes(BLOCK):
            raise Refused(
                "The file is compressed, but what it holds is not a tar archive.",
                code="not_an_archive",
                hint="Pack the folder as a .zip or .tar.gz file.",
            )
        written += len(piece)
        if written > limit:
            raise over_limit("The unpacked archive", limit, "bytes")
        write_piece(target, piece)
    if written == 0:
        raise truncated()
    return trailing[0]


def _inflated(container: str, source: BinaryIO, trailing: list[int]) -> Iterator[bytes]:
    """Pieces of at least one block (the last may be shorter), from one compressed stream or several in a row."""
    try:
        yield from _whole_blocks(_streams(container, source, trailing))
    except _DAMAGE as error:
        raise Refused(
            "The compressed data of the archive is damaged.",
            code="damaged_container",
            hint="Upload it again, or pack it again from the original files.",
        ) from error


def _whole_blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = b""
    for piece in pieces:
        if len(first) < BLOCK:
            first += piece
            if len(first) >= BLOCK:
                yield first
            continue
        yield piece
    if 0 < len(first) < BLOCK:
        yield first


def _streams(container: str, source: BinaryIO, trailing: list[int]) -> Iterator[bytes]:
    decompressor = _MAKERS[container]()
    data = source.read(PIECE)
    while True:
        if not data and _hungry(decompressor):
            data = source.read(PIECE)
            if not data:
                raise truncated()
        out = decompressor.decompress(data, PIECE)
        if out:
            yield out
        data = getattr(decompressor, "unconsumed_tail", b"")
        if decompressor.eof:
            data = decompressor.unused_data
            if len(data) < BLOCK:
                data += source.read(PIECE)
            if not data.startswith(MAGICS[container]):
                break
            decompressor = _MAKERS[container]()
    while data:
        trailing[0] += len(data.strip(b"\0"))  # some programs pad with zeros
        data = source.read(PIECE)


def _hungry(decompressor: _Decompressor) -> bool:
    return bool(getattr(decompressor, "needs_input", True))
