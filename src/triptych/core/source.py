"""What an upload looks like from inside: members with names and sizes, and a way to read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.findings import Finding

Locator = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a source. `path` is decoded, uses "/" and never climbs; `size` is what it claims unpacked.

    `stored` is its size in the source, in bytes; `modified` is seconds since 1970, UTC, or None; `locator` is
    private to the kind of source and lets a worker read the member without listing the source again.
    """

    path: str
    size: int
    stored: int
    modified: float | None
    locator: Locator


class MemberError(Exception):
    """One member cannot be read: `code` (stable), `reason` (a sentence), `hint`. The others are unharmed."""

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return MemberError, (self.code, self.reason, self.hint)


class MemberReader(Protocol):
    """Reads members of one source; cheap to make from a `SourceRef` in any process."""

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes, checksum verified; MemberError when damaged or when more than `limit` bytes come out."""

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`, without a checksum."""

    def close(self) -> None:
        """Let go of files and connections."""


@runtime_checkable
class Prefetching(Protocol):
    """A reader for which many heads at once cost less than one after the other, as over a network."""

    def prefetch(self, members: Sequence[Member], length: int) -> None:
        """Get ready for `head` of these members with at most `length` bytes each."""


@runtime_checkable
class Ranging(Protocol):
    """A reader that can begin in the middle of some members."""

    def piece(self, member: Member, start: int, length: int) -> bytes | None:
        """Bytes from `start`, at most `length`, without a checksum; None where all before them would be unpacked."""


class Root(Protocol):
    """An opened source: its files in the order of the source, what was noticed on opening, and a reader."""

    @property
    def members(self) -> Sequence[Member]:
        """Every file, folders left out."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What was noticed about the container itself: encodings guessed, garbage after the end, ..."""

    @property
    def reader(self) -> MemberReader:
        """Reads the members."""
