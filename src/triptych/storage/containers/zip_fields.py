"""Fields of directory records that few entries have: Zip64 sizes, Unicode names, exact times, kinds of files.

Extra fields are (u16 id, u16 size, data), little endian (APPNOTE 4.5). Times: 0x5455 (Info-ZIP, seconds, UTC),
0x000a (NTFS, 100 ns since 1601), else the DOS time of the record, which has no zone and is read as UTC.
"""

from __future__ import annotations

import stat
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from isal.isal_zlib import crc32

from triptych.storage.containers.entries import EntryKind
from triptych.storage.containers.refusals import contradicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

UTF8_FLAG = 1 << 11
_ZIP64, _UNICODE_PATH, _TIMES, _NTFS = 0x0001, 0x7075, 0x5455, 0x000A
_U32 = 0xFFFF_FFFF
_FIELD = struct.Struct("<2H")
_NTFS_EPOCH = 11_644_473_600
"""Seconds from 1601 to 1970."""


def name_checksum(name: bytes) -> int:
    """CRC-32 of a raw name; some packers write \\ in one place and / in the other, so both count as /."""
    return crc32(name.replace(b"\\", b"/") if b"\\" in name else name)


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and data of each field; stops at the first that does not fit, since some packers pad with zeros."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = _FIELD.unpack_from(extra, position)
        position += 4
        if position + length > len(extra):
            return
        yield kind, extra[position : position + length]
        position += length


def widened(
    records: NDArray[Any], extras: list[bytes], names: list[bytes]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Offsets, stored sizes and sizes with those of Zip64 (field 0x0001) in their places, int64, in bytes."""
    offsets = records["offset"].astype(np.int64)
    stored = records["stored"].astype(np.int64)
    sizes = records["size"].astype(np.int64)
    wide = np.flatnonzero((offsets == _U32) | (stored == _U32) | (sizes == _U32))
    for index in wide.tolist():
        field = next((data for kind, data in extra_fields(extras[index]) if kind == _ZIP64), None)
        if field is None:
            # A size of exactly 4 GiB - 1 is possible without Zip64; an offset too.
            continue
        position = 0
        for column in (sizes, stored, offsets):
            if column[index] != _U32:
                continue
            if position + 8 > len(field):
                raise contradicts(f"the Zip64 field of {names[index][:80]!a} is too short")
            value = int.from_bytes(field[position : position + 8], "little")
            if value >= 1 << 62:
                raise contradicts("members lie outside the file")
            column[index] = value
            position += 8
    return offsets, stored, sizes


def unicode_names(records: NDArray[Any], names: list[bytes], extras: list[bytes]) -> list[str | None]:
    """Names that say how they are written: ASCII, flagged as UTF-8, or in field 0x7075; None for the others.

    0x7075 (Info-ZIP Unicode Path: u8 version 1, u32 CRC-32 of the raw name, UTF-8) counts only while its CRC
    fits the raw name, that is while no program has renamed the entry without knowing the field.
    """
    flagged = ((records["flags"] & UTF8_FLAG) != 0).tolist()
    return [
        name.decode("ascii")
        if name.isascii() and not (extra and _UNICODE_BYTES in extra)
        else _unicode_name(name, extra, utf8)
        for name, extra, utf8 in zip(names, extras, flagged, strict=True)
    ]


_UNICODE_BYTES = _UNICODE_PATH.to_bytes(2, "little")


def _unicode_name(name: bytes, extra: bytes, utf8: bool) -> str | None:
    for kind, data in extra_fields(extra):
        if kind == _UNICODE_PATH and len(data) > 5 and data[0] == 1:
            if int.from_bytes(data[1:5], "little") != crc32(name):
                continue
            text = _utf8(data[5:])
            if text is not None:
                return text
    if name.isascii():
        return name.decode("ascii")
    return _utf8(name) if utf8 else None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def extra_times(records: NDArray[Any], extras: list[bytes]) -> list[float | None]:
    """Time of last change of each entry in seconds since 1970, None where it has none that exists."""
    times = _dos_times(records["date"].astype(np.int64), records["time"].astype(np.int64))
    if not records["extra_length"].any():
        return times
    return [
        (_exact_time(extra) or time) if len(extra) >= 9 else time
        for time, extra in zip(times, extras, strict=True)
    ]


def _exact_time(extra: bytes) -> float | None:
    for kind, data in extra_fields(extra):
        if kind == _TIMES and len(data) >= 5 and data[0] & 1:
            return float(int.from_bytes(data[1:5], "little", signed=True))
        if kind == _NTFS and len(data) >= 16 and data[4:8] == b"\1\0\x18\0":
            return int.from_bytes(data[8:16], "little") / 1e7 - _NTFS_EPOCH
    return None


def _dos_times(dates: NDArray[np.int64], times: NDArray[np.int64]) -> list[float | None]:
    year, month, day = (dates >> 9) + 1980, (dates >> 5) & 15, dates & 31
    hour, minute, second = times >> 11, (times >> 5) & 63, (times & 31) * 2
    real = (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    months = (year - 1970) * 12 + np.where(real, month, 1) - 1
    days = (
        months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + np.where(real, day, 1) - 1
    )
    seconds = (days * 86_400 + hour * 3_600 + minute * 60 + second).astype(np.float64)
    if bool(real.all()):
        return list(seconds.tolist())
    return [
        value if is_real else None for value, is_real in zip(seconds.tolist(), real.tolist(), strict=True)
    ]


def kinds_of(records: NDArray[Any], names: list[bytes]) -> list[EntryKind]:
    """File, folder, link or special, by the Unix mode in the upper 16 bits and by "/" at the end of the name."""
    modes = (records["external"] >> 16).astype(np.int64) & 0o170000
    file, folder = EntryKind.FILE, EntryKind.FOLDER
    kinds = [folder if name.endswith(b"/") or _ends_in_backslash(name) else file for name in names]
    for index in np.flatnonzero((modes != 0) & (modes != stat.S_IFREG)).tolist():
        mode = int(modes[index])
        if mode == stat.S_IFLNK:
            kinds[index] = EntryKind.LINK
        elif mode == stat.S_IFDIR:
            kinds[index] = folder
        elif mode in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK):
            kinds[index] = EntryKind.SPECIAL
    return kinds


def _ends_in_backslash(name: bytes) -> bool:
    # Behind a byte above 0x7f it is the second half of a Japanese or Chinese character.
    return name.endswith(b"\\") and not name[-2:-1] >= b"\x80"
