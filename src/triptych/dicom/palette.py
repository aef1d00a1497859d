"""Palette colours: the three tables of pictures that are "PALETTE COLOR" (PS3.3, C.7.6.3.1.5 and C.7.9.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.source import MemberError
from triptych.dicom.luts import Lut
from triptych.dicom.values import numbers, raw_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

_COLORS = ("Red", "Green", "Blue")
_MAX_SEGMENTS = 2**17


def palette_of(dataset: Dataset, *, signed: bool, big_endian: bool) -> Lut:
    """The palette as one table (n, 3) of uint8 or uint16; MemberError `header_error` when it makes no sense."""
    first, tables = 0, []
    bits = 8
    for color in _COLORS:
        descriptor = numbers(dataset, f"{color}PaletteColorLookupTableDescriptor")
        if len(descriptor) != 3 or int(descriptor[2]) not in (8, 16):
            raise _damaged(f"the {color.lower()} table has no descriptor that makes sense")
        length, start, bits = (int(each) for each in descriptor)
        length = length % 2**16 or 2**16
        first = (start + 2**15) % 2**16 - 2**15 if signed else start % 2**16
        tables.append(_table(dataset, color, length, bits, big_endian))
    shortest = min(len(table) for table in tables)
    table = np.stack([table[:shortest] for table in tables], axis=1)
    if bits == 8 and table.max() > 255:
        # Some writers put the 8 bits of an entry into the high byte of a word.
        table = table >> 8
    return Lut(first, np.ascontiguousarray(table.astype(np.uint8 if bits == 8 else np.uint16)), bits)


def _table(dataset: Dataset, color: str, length: int, bits: int, big_endian: bool) -> NDArray[Any]:
    order = ">" if big_endian else "<"
    data = raw_bytes(dataset, f"{color}PaletteColorLookupTableData")
    if data:
        wide = len(data) >= 2 * length or bits == 16
        table = np.frombuffer(data + b"\0" * (len(data) % 2), f"{order}u2")
        return (table if wide else np.frombuffer(table.astype("<u2").tobytes(), np.uint8))[:length]
    segments = raw_bytes(dataset, f"Segmented{color}PaletteColorLookupTableData")
    if bits == 16:
        words = np.frombuffer(segments[: len(segments) // 2 * 2], f"{order}u2")
    else:
        words = np.frombuffer(segments, np.uint8)
    table = _expanded(words.astype(np.int64), bits // 8, length)
    if not len(table):
        raise _damaged(f"the {color.lower()} table has no entries")
    return table


def _expanded(words: NDArray[np.int64], width: int, length: int) -> NDArray[Any]:
    """Segments (discrete 0, linear 1, indirect 2) as a table of at most `length` entries; C.7.9.2."""
    parts: list[NDArray[Any]] = []
    # Segments still to be read: where the next begins, where to stop, how many at most, whether called indirectly.
    pending = [(0, len(words), _MAX_SEGMENTS, False)]
    done = read = 0
    last = 0.0
    while pending and done < length:
        position, end, count, nested = pending.pop()
        if count <= 0 or position + 2 > end:
            continue
        read += 1
        kind, size = int(words[position]), int(words[position + 1])
        if read > _MAX_SEGMENTS:
            raise _damaged("it has too many segments")
        if kind == 2 and not nested and position + 4 <= end:
            base = 2 ** (8 * width)
            target = int(words[position + 2] + words[position + 3] * base) // width
            pending += [(position + 4, end, count - 1, False), (target, len(words), size, True)]
            continue
        if kind == 0:
            part, following = words[position + 2 : position + 2 + size], position + 2 + size
        elif kind == 1 and position + 3 <= end:
            goal = float(words[position + 2])
            step = (goal - last) / max(1, size)
            part, following = np.around(np.linspace(last + step, goal, size)), position + 3
        else:
            raise _damaged("it has a segment of an unknown kind")
        parts.append(part)
        done += len(part)
        last = float(part[-1]) if len(part) else last
        pending.append((following, end, count - 1, nested))
    return np.concatenate(parts)[:length].astype(np.int64) if parts else np.zeros(0, np.int64)


def _damaged(what: str) -> MemberError:
    return MemberError(
        "header_error",
        f"The picture has palette colours, but its palette is missing or damaged: {what}.",
        "Export the file again from its origin, or convert it to RGB.",
    )
