"""What a compressed frame says of itself before it is decoded: size, precision, colours.

The size keeps a frame of a few bytes from claiming gigabytes. JPEG: ISO/IEC 10918-1, B.2; JPEG-LS: ISO/IEC
14495-1, C.2; JPEG 2000: ISO/IEC 15444-1, A.5.1 (SIZ) and I.5 (boxes).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from triptych.core.source import MemberError

Buffer = bytes | memoryview

_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7}
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
_JP2 = b"\0\0\0\x0cjP  "
_SOC_SIZ = b"\xff\x4f\xff\x51"


@dataclass(frozen=True, slots=True)
class Codestream:
    """Size, `precision` in bits and `components`; `signed` for JPEG 2000.

    `ids` are a JPEG's component identifiers, `jfif` and `adobe` (the transform of APP14, or None) its markers.
    """

    height: int
    width: int
    precision: int
    components: int
    signed: bool = False
    ids: bytes = b""
    jfif: bool = False
    adobe: int | None = None


def damaged(reason: str) -> MemberError:
    """The error for a frame that cannot be decoded."""
    return MemberError("decode_error", reason, "Export or copy the file again from its origin.")


def read_jpeg(data: Buffer) -> Codestream:
    """The header of a JPEG or JPEG-LS stream; MemberError `decode_error` when it has none."""
    if data[:2] != b"\xff\xd8":
        raise damaged("A compressed frame does not begin as JPEG does.")
    position, jfif, adobe = 2, False, None
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            break
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _ALONE:
            position += 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        body = bytes(data[position + 4 : position + 2 + max(2, length)])
        if marker in _SOF:
            return _frame_header(body, jfif, adobe)
        if marker == 0xE0 and body.startswith(b"JFIF"):
            jfif = True
        if marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        position += 2 + max(2, length)
    raise damaged("A compressed frame ends before its JPEG frame header.")


def _frame_header(body: bytes, jfif: bool, adobe: int | None) -> Codestream:
    try:
        precision, height, width, components = struct.unpack_from(">BHHB", body)
    except struct.error:
        raise damaged("A compressed frame ends within its JPEG frame header.") from None
    ids = body[6 : 6 + 3 * components : 3]
    return Codestream(height, width, precision, components, False, ids, jfif, adobe)


def read_jpeg2000(data: Buffer) -> Codestream:
    """The header of a JPEG 2000 codestream, bare or in a JP2 file; MemberError `decode_error`."""
    start = 0
    if data[:8] == _JP2:
        start = bytes(data[: 2**16]).find(_SOC_SIZ)
    if start < 0 or data[start : start + 4] != _SOC_SIZ:
        raise damaged("A compressed frame does not begin as JPEG 2000 does.")
    body = bytes(data[start + 6 : start + 6 + 37])
    try:
        _, right, bottom, left, top = struct.unpack_from(">HIIII", body)
        components, depth = struct.unpack_from(">HB", body, 34)
    except struct.error:
        raise damaged("A compressed frame ends within its JPEG 2000 header.") from None
    return Codestream(bottom - top, right - left, (depth & 0x7F) + 1, components, bool(depth & 0x80))
