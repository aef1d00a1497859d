"""Where the frames of encapsulated pixel data lie (PS3.5, A.4): offset tables, or fragments looked at.

The fragments are listed once; a frame is then a slice of the file, so that no frame is looked for twice.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from triptych.core.source import MemberError
from triptych.dicom.values import raw_bytes

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Fragment = tuple[int, int]

MAX_FRAGMENTS = 1_000_000
"""More of them are damage or malice; the longest films have some ten thousand frames."""

_ITEM = b"\xfe\xff\x00\xe0"
_STARTS = (b"\xff\xd8", b"\xff\x4f", b"\0\0\0\x0cjP  ")


class Frames:
    """The frames of encapsulated data. `found` says how many there are, which may be fewer than declared."""

    def __init__(self, data: memoryview, dataset: Dataset, frames: int) -> None:
        """List the fragments; MemberError `truncated` when there is none, `decode_error` for too many."""
        self._data = data
        table, fragments = _items(data)
        if not fragments:
            raise MemberError(
                "truncated", "The file ends before the first frame.", "Copy the file again from its origin."
            )
        self._frames = _group(data, dataset, table, fragments, frames)

    @property
    def found(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    def __getitem__(self, index: int) -> memoryview | bytes:
        """The compressed bytes of a frame, its fragments joined."""
        parts = self._frames[index]
        if len(parts) == 1:
            return self._data[parts[0][0] : parts[0][1]]
        return b"".join(self._data[begin:end] for begin, end in parts)


def _items(data: memoryview) -> tuple[memoryview, list[Fragment]]:
    """The basic offset table's value, and begin and end of every fragment's value; clipped to the file."""
    position, total = 0, len(data)
    table = data[:0]
    fragments: list[Fragment] = []
    first = True
    while position + 8 <= total and data[position : position + 4] == _ITEM:
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        begin, end = position + 8, min(position + 8 + length, total)
        if first:
            table, first = data[begin:end], False
        elif end > begin:
            fragments.append((begin, end))
        if len(fragments) > MAX_FRAGMENTS:
            raise MemberError(
                "decode_error",
                f"The pixel data is cut into more than {MAX_FRAGMENTS} fragments.",
                "Export the file again from its origin.",
            )
        position = end
    return table, fragments


def _group(
    data: memoryview, dataset: Dataset, table: memoryview, fragments: list[Fragment], frames: int
) -> list[list[Fragment]]:
    """The fragments of each frame, in order: by a table that holds, else by what the fragments are."""
    if frames == 1:
        return [fragments]
    base = fragments[0][0] - 8
    starts = {begin - 8 - base: index for index, (begin, _) in enumerate(fragments)}
    for offsets in (_extended(dataset, frames), _basic(table, frames)):
        indices = [starts.get(offset, -1) for offset in offsets]
        if indices and indices[0] == 0 and all(a < b for a, b in pairwise(indices)):
            ends = [*indices[1:], len(fragments)]
            return [fragments[begin:end] for begin, end in zip(indices, ends, strict=True)]
    if len(fragments) <= frames:
        return [[fragment] for fragment in fragments]
    # Tables are missing or lie. Every JPEG stream begins with a marker of its own.
    marked = [
        index
        for index, (begin, _) in enumerate(fragments)
        if any(data[begin : begin + len(mark)] == mark for mark in _STARTS)
    ]
    if len(marked) >= frames and marked[0] == 0:
        ends = [*marked[1:], len(fragments)]
        return [fragments[begin:end] for begin, end in zip(marked, ends, strict=True)][:frames]
    # Formats without markers (RLE, deflate) have one fragment for each frame.
    return [[fragment] for fragment in fragments[:frames]]


def _basic(table: memoryview, frames: int) -> list[int]:
    if len(table) != 4 * frames:
        return []
    return [int(offset) for offset in np.frombuffer(table, "<u4")]


def _extended(dataset: Dataset, frames: int) -> list[int]:
    """PS3.3, C.7.6.3.1.8: 64-bit offsets in (7FE0,0001), which stands before the pixel data."""
    table = raw_bytes(dataset, "ExtendedOffsetTable")
    if len(table) != 8 * frames:
        return []
    return [int(offset) for offset in np.frombuffer(table, "<u8")]
