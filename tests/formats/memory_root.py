"""Roots for tests: a dict of paths and bytes, and a zip read by Python's own zipfile."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from triptych.core.source import Member, MemberError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from triptych.core.findings import Finding


class MemoryRoot:
    """Files in memory, in the order given; a path may come twice."""

    def __init__(self, files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
        pairs = list(files.items()) if hasattr(files, "items") else list(files)
        self._contents = [data for _, data in pairs]
        self._members = [
            Member(path, len(data), len(data), None, (index,)) for index, (path, data) in enumerate(pairs)
        ]
        self.heads_read = 0
        self.damaged: set[str] = set()

    @property
    def members(self) -> Sequence[Member]:
        """All files."""
        return self._members

    @property
    def findings(self) -> Sequence[Finding]:
        """None: a dict has no container."""
        return ()

    @property
    def reader(self) -> MemoryRoot:
        """Itself."""
        return self

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes of a member."""
        data = self._contents[int(member.locator[0])]
        if member.path in self.damaged:
            raise MemberError("checksum", "its checksum does not fit")
        if limit is not None and len(data) > limit:
            raise MemberError("too_large", f"it is larger than {limit} bytes")
        return data

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes of a member."""
        self.heads_read += 1
        return self._contents[int(member.locator[0])][:length]

    def close(self) -> None:
        """Nothing to let go of."""


def zip_root(archive: Path | bytes) -> MemoryRoot:
    """The files of a well-formed zip."""
    with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as opened:
        names = [info for info in opened.infolist() if not info.is_dir()]
        return MemoryRoot([(info.filename, opened.read(info)) for info in names])
