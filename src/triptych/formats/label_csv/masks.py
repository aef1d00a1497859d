"""The masks of a label file with five columns: path, class, width, height and a mask as text.

The form of the cell is not documented by those who write it. It is base64 of a zlib stream; what comes out is told
by its first bytes or by its length alone: PNG, numpy's .npy, JSON, or one, four or eight bytes or one bit for each
pixel, row by row. What fits none of these is not guessed.
"""

from __future__ import annotations

import binascii
import json
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.formats.pictures.mask_values import decode_png, png_header
from triptych.formats.pictures.sizes import plausible

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPARE = 1024 * 1024
"""Bytes that may come out beyond eight for each pixel: headers, and the brackets of JSON."""

LARGEST = 256 * 1024 * 1024
"""Bytes that may come out of one cell at most."""

_JSON_BYTES = 64 * 1024 * 1024
_OPAQUE = 255


class UnknownCodec(Exception):
    """A cell is no mask of this size; the message is half a sentence that says what it is instead."""


def size_of_cells(width: str, height: str) -> tuple[int, int] | None:
    """Height and width of two cells, None when they are no size of a picture."""
    if not all(cell.isascii() and cell.isdigit() and len(cell) < 9 for cell in (width, height)):
        return None
    return (int(height), int(width)) if plausible(int(width), int(height)) else None


def mask_of_cell(cell: str, size: tuple[int, int]) -> NDArray[np.bool_]:
    """The mask (y, x) of a cell, for a picture of a size (height, width); any value but 0 is the class.

    UnknownCodec when the cell is none of the known forms, or has another size.
    """
    content = _inflated(_bytes(cell), 8 * size[0] * size[1] + SPARE)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content, size)
    if content.startswith(b"\x93NUMPY"):
        return _npy(content, size)
    found = _by_length(content, size)
    if found is not None:
        return found
    if content.lstrip()[:1] == b"[":
        return _json(content, size)
    raise UnknownCodec(f"{len(content):,} bytes come out of it, which fit no mask of {size[1]} × {size[0]}")


def _bytes(cell: str) -> bytes:
    try:
        return binascii.a2b_base64("".join(cell.split()), strict_mode=True)
    except ValueError:
        raise UnknownCodec("it is not base64") from None


def _inflated(content: bytes, most: int) -> bytes:
    """What a zlib stream holds; a PNG or an .npy file may stand in its place."""
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\x93NUMPY")):
        return content
    most = min(most, LARGEST)
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(content, most + 1)
    except zlib.error:
        raise UnknownCodec("it is no zlib stream") from None
    if len(found) > most:
        raise UnknownCodec(f"more than {most:,} bytes come out of it, too many for a mask of this size")
    if not stream.eof:
        raise UnknownCodec("its zlib stream is cut")
    return found


def _png(content: bytes, size: tuple[int, int]) -> NDArray[np.bool_]:
    header = png_header(content[:64])
    if header is None or (header[1], header[0]) != size:
        raise UnknownCodec("it holds a PNG of another size")
    pixels = decode_png(content, LARGEST)
    if pixels is None:
        raise UnknownCodec("it holds a PNG that is damaged")
    return np.asarray(pixels != 0, bool)


def _npy(content: bytes, size: tuple[int, int]) -> NDArray[np.bool_]:
    stream = BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, by_columns, kind = read(stream)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise UnknownCodec("it holds an .npy file with a damaged header") from None
    left = len(content) - stream.tell()
    if shape != size or kind.kind not in "biuf" or left != kind.itemsize * size[0] * size[1]:
        raise UnknownCodec("it holds an .npy file of another size or kind")
    values = np.frombuffer(content, kind, offset=stream.tell())
    return np.asarray(values != 0, bool).reshape(size, order="F" if by_columns else "C")


def _by_length(content: bytes, size: tuple[int, int]) -> NDArray[np.bool_] | None:
    pixels = size[0] * size[1]
    found = np.frombuffer(content, np.uint8)
    if len(content) == pixels:
        return np.asarray(found != 0, bool).reshape(size)
    if len(content) == 4 * pixels:
        values = found.reshape(pixels, 4)
        # An opaque picture with colours: its fourth band says nothing.
        if bool((values[:, 3] == _OPAQUE).all()):
            values = values[:, :3]
        return values.any(axis=1).reshape(size)
    if len(content) == 8 * pixels:
        return found.reshape(pixels, 8).any(axis=1).reshape(size)
    if len(content) == -(-pixels // 8):
        return np.unpackbits(found, count=pixels).astype(bool).reshape(size)
    return None


def _json(content: bytes, size: tuple[int, int]) -> NDArray[np.bool_]:
    if len(content) > _JSON_BYTES or content.count(b"[") > size[0] + 1:
        raise UnknownCodec("it holds JSON that is too long for a mask of this size")
    try:
        rows: Any = json.loads(content)
        if rows and not isinstance(rows[0], list):
            rows = [rows[at : at + size[1]] for at in range(0, len(rows), size[1])]
        if len(rows) != size[0] or any(not isinstance(row, list) or len(row) != size[1] for row in rows):
            raise UnknownCodec("it holds JSON of another size")
        if any(not isinstance(value, bool | int | float) for row in rows for value in row):
            raise UnknownCodec("it holds JSON that is not numbers alone")
        return np.array([[value != 0 for value in row] for row in rows], bool)
    except (ValueError, RecursionError, TypeError):
        raise UnknownCodec("it holds JSON that is no list of numbers") from None
