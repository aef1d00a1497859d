"""Decompression with a cap: no more comes out than the directory declares, whatever the data would give.

Methods of APPNOTE 6.3.10, 4.4.5: 0 stored, 8 deflate, 9 Deflate64, 12 bzip2, 14 LZMA, 95 xz.
"""

from __future__ import annotations

import bz2
import lzma
from typing import TYPE_CHECKING, Protocol, cast

from inflate64 import Inflater
from isal import isal_zlib

from triptych.core.source import MemberError

if TYPE_CHECKING:
    from collections.abc import Iterator

STORED, DEFLATE, DEFLATE64, BZIP2, LZMA, XZ = 0, 8, 9, 12, 14, 95
METHOD_NAMES = {
    1: "shrink", 6: "implode", 10: "PKWARE implode", 18: "IBM TERSE", 93: "Zstandard", 96: "JPEG variant",
    97: "WavPack", 98: "PPMd",
}  # fmt: skip

ONE_SHOT = 65_536
"""Deflate gives at most 1,032 bytes for one, so this much input gives at most 68 MB: no cap is needed on the way."""

PIECE = 1_048_576
_PIECE_64 = 2_048
"""Deflate64 copies up to 65,538 bytes for two of input and its decoder has no cap: 2 KiB give at most 60 MB."""

_XZ_MEMORY = 200_000_000


_ISAL_ERROR = cast("type[Exception]", isal_zlib.error)  # its stub calls it a value
_DAMAGE = (_ISAL_ERROR, ValueError, OSError, EOFError, lzma.LZMAError)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def damaged(name: str) -> MemberError:
    """The compressed data cannot be decompressed."""
    return MemberError(
        "damaged_data", f"The compressed data of {name} is damaged.", "Pack the file again from the original."
    )


def inflate(method: int, pieces: Iterator[bytes], wanted: int, name: str) -> bytes:
    """At most `wanted` bytes out of the compressed pieces, fewer when the data ends before.

    Raises MemberError (`damaged_data`, `unsupported_method`).
    """
    try:
        return b"".join(_run(method, pieces, wanted, name))
    except _DAMAGE as error:
        raise damaged(name) from error


def inflate_small(data: bytes, size: int, name: str) -> bytes:
    """All that at most ONE_SHOT bytes of deflate give; `size` is what is expected. MemberError as `inflate`."""
    try:
        return isal_zlib.decompress(data, -15, size + 1)
    except _DAMAGE as error:
        raise damaged(name) from error


def _run(method: int, pieces: Iterator[bytes], wanted: int, name: str) -> Iterator[bytes]:
    if method == DEFLATE64:
        yield from _deflate64(pieces, wanted)
        return
    decompressor, pieces = _decompressor(method, pieces, wanted, name)
    left = wanted
    for piece in pieces:
        # No decoder gives more than max_length, and what it holds back it gives on the next call.
        data = piece
        while left > 0:
            out = decompressor.decompress(data, left)
            left -= len(out)
            yield out
            if decompressor.eof:
                return
            data = _held_back(decompressor)
            if not data and (len(out) == 0 or not _more(decompressor)):
                break
        if left <= 0:
            return


def _held_back(decompressor: _Decompressor) -> bytes:
    return getattr(decompressor, "unconsumed_tail", b"")


def _more(decompressor: _Decompressor) -> bool:
    return not getattr(decompressor, "needs_input", True)


def _decompressor(
    method: int, pieces: Iterator[bytes], wanted: int, name: str
) -> tuple[_Decompressor, Iterator[bytes]]:
    if method == DEFLATE:
        return isal_zlib.decompressobj(-15), pieces
    if method == BZIP2:
        return bz2.BZ2Decompressor(), pieces
    if method == XZ:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), pieces
    if method == LZMA:
        first = next(pieces, b"")
        decompressor = _lzma(first, wanted)
        start = 4 + int.from_bytes(first[2:4], "little")
        return decompressor, _after(first[start:], pieces)
    known = METHOD_NAMES.get(method, "an unknown method")
    raise MemberError(
        "unsupported_method",
        f"{name} is compressed with {known} (method {method}), which is not supported.",
        "Pack again with the common method, deflate.",
    )


def _lzma(first: bytes, wanted: int) -> lzma.LZMADecompressor:
    # APPNOTE 5.8.8: u16 version, u16 size of the properties (5), one byte (pb * 5 + lp) * 9 + lc, u32 dictionary.
    if len(first) < 9 or int.from_bytes(first[2:4], "little") != 5:
        raise lzma.LZMAError("no LZMA properties")
    packed = first[4]
    if packed >= 225:
        raise lzma.LZMAError("LZMA properties out of range")
    dictionary = int.from_bytes(first[5:9], "little")
    # The decoder allocates the dictionary at once; none larger than the output is ever reached back into.
    dictionary = max(4_096, min(dictionary, wanted))
    lc, rest = packed % 9, packed // 9
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": rest % 5, "pb": rest // 5}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


def _after(rest: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if rest:
        yield rest
    yield from pieces


def _deflate64(pieces: Iterator[bytes], wanted: int) -> Iterator[bytes]:
    inflater = Inflater()
    left = wanted
    for piece in pieces:
        for start in range(0, len(piece), _PIECE_64):
            out = inflater.inflate(piece[start : start + _PIECE_64])
            yield out[:left]
            left -= len(out)
            if left <= 0 or inflater.eof:
                return
