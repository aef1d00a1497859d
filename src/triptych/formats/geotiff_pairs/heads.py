"""Headers of the rasters of a source: of a sample, spread evenly and the same each time, within a number of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.source import MemberError, Prefetching, Ranging
from triptych.formats.geotiff_pairs.header import MoreNeeded, RasterHeader, read_header
from triptych.formats.pictures.mask_values import png_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.formats.base import SourceView

FIRST = 4_096
"""Bytes of a file that are read first, as many as a pre-scan reads of any picture."""

MOST_DATA = 2_000
MOST_LABELS = 200

FEWEST = 200
"""Files of data whose headers are read however small the source is."""

SHARE = 200
"""All later reads together take one part in so many of a source that is only looked at."""

FIRST_SHARE = 400
"""All first reads together take one part in so many of it: each is a request where a source is far away."""

DEEP = 32 * 1024 * 1024
"""Bytes of one packed file that are unpacked for a header behind its pixels when a source is only looked at."""

NEAR = 1024 * 1024
"""Bytes from the beginning within which a header is read as a longer beginning, and the most of a later piece."""

DEEP_LOOK, DEEP_IMPORT = 4_000_000, 256_000_000
"""Bytes of all such files together, at least: when a source is only looked at, and when it is imported."""

_PNG_TYPES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a header was not read: `code` is "broken" for what is no raster, "out_of_reach" for what stands too far in,
    else that of the member's error."""

    code: str
    reason: str


def evenly(members: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly spread."""
    if len(members) <= most:
        return list(members)
    return [members[index * len(members) // most] for index in range(most)]


class Heads:
    """Reads headers of members, each once; what cannot be read is `unread`, by member."""

    def __init__(self, view: SourceView) -> None:
        self._view = view
        self._known: dict[int, RasterHeader | None] = {}
        self.unread: dict[int, Unread] = {}
        self._whole = sum(member.stored for member in view.members)
        looks = view.most_headers is not None
        unpacked = sum(member.size for member in view.members)
        self._deep = max(DEEP_LOOK, self._whole // SHARE) if looks else max(DEEP_IMPORT, unpacked)
        self._deepest = DEEP if looks else self._deep

    def most_data(self) -> int:
        """Files of data whose headers may be read."""
        if self._view.most_headers is None:
            return MOST_DATA
        return min(self._view.most_headers, MOST_DATA, max(FEWEST, self._whole // FIRST_SHARE // FIRST))

    def read(self, members: Sequence[int]) -> dict[int, RasterHeader]:
        """The headers of members, those that cannot be read left out."""
        fresh = [member for member in members if member not in self._known]
        reader = self._view.reader
        if isinstance(reader, Prefetching) and len(fresh) > 1:
            reader.prefetch([self._view.members[member] for member in fresh], FIRST)
        found = {member: self.of(member) for member in members}
        return {member: header for member, header in found.items() if header is not None}

    def of(self, member: int) -> RasterHeader | None:
        """The header of a member, None where it cannot be read."""
        if member not in self._known:
            try:
                self._known[member] = self._read(member)
                if self._known[member] is None:
                    self.unread[member] = Unread("broken", "It is no TIFF or PNG, or its header is damaged.")
            except MemberError as error:
                self._known[member] = None
                self.unread[member] = Unread(error.code, error.reason)
            except MoreNeeded:
                self._known[member] = None
                self.unread[member] = Unread("out_of_reach", "Its header stands behind its pixels.")
        return self._known[member]

    def _read(self, member: int) -> RasterHeader | None:
        size = self._view.members[member].size
        head = self._view.head(member, FIRST)
        if head.startswith(b"\x89PNG"):
            return _png(head)
        pieces: list[tuple[int, bytes]] = []
        for _ in range(6):
            try:
                return read_header(head, size, pieces=pieces)
            except MoreNeeded as more:
                piece = self._piece(member, more)
                if piece is not None:
                    pieces.append((more.start, piece))
                    continue
                # What follows a directory stands close behind it.
                length = min(size, more.length + FIRST)
                if length > min(self._deepest, self._deep) or len(head) >= size:
                    return read_header(head, size, pieces=pieces, partly=True)
                self._deep -= length
                head = self._view.head(member, length)
                if len(head) < min(length, size):
                    return read_header(head, len(head), partly=True)
        return read_header(head, size, pieces=pieces, partly=True)

    def _piece(self, member: int, more: MoreNeeded) -> bytes | None:
        """What is missing of a header far from the beginning, None where a longer beginning is to be read."""
        length = more.length - more.start + FIRST
        reader = self._view.reader
        if more.length <= NEAR or length > min(NEAR, self._deep) or not isinstance(reader, Ranging):
            return None
        found = reader.piece(self._view.members[member], more.start, length)
        if found is None or more.start + len(found) < more.length:
            return None
        self._deep -= length
        return found


def _png(head: bytes) -> RasterHeader | None:
    told = png_header(head)
    if told is None:
        return None
    width, height, bits, kind = told
    return RasterHeader(
        width, height, _PNG_TYPES.get(kind, 1), "uint16" if bits == 16 else "uint8", bits,
        ("",) * _PNG_TYPES.get(kind, 1), compression="png", rgb=kind in (2, 6), palette=kind == 3,
    )  # fmt: skip
