"""An archive that streams in becomes a folder, or a zip file: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from triptych.core.errors import Conflict, TriptychError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUFFER = 1_000_000


@dataclass(slots=True)
class Written:
    """What an export left on the disk."""

    files: int = 0
    bytes: int = 0


def check_target(target: Path) -> None:
    """Conflict `target_exists` where a file, or a folder that is not empty, stands in the way."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_dir() and not any(target.iterdir()) and target.suffix.lower() != ".zip":
        return
    raise Conflict(
        f"{target} exists already.", code="target_exists", hint="Name a new place, or remove what is there."
    )


def write_file(pieces: Iterator[bytes], target: Path, report: Callable[[Written], None]) -> Written:
    """Write pieces to a new file; it appears under its name when it is whole."""
    written = Written(files=1)
    with _draft(target) as draft, draft.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            written.bytes += len(piece)
            report(written)
        file.flush()
        os.fsync(file.fileno())
    return written


def unpack_tar(pieces: Iterator[bytes], target: Path, report: Callable[[Written], None]) -> Written:
    """Unpack a tar stream of regular files into a new folder; it appears under its name when it is whole.

    Nothing but regular files below the folder is ever made: links, absolute names and names with ".." are a
    TriptychError (`export_unsafe`).
    """
    written = Written()
    with _draft(target) as draft:
        draft.mkdir(parents=True)
        with tarfile.open(fileobj=_Stream(pieces), mode="r|", bufsize=BUFFER) as source:
            for member in source:
                if not member.isdir():
                    _extract(source, member, draft, written)
                    report(written)
    return written


def _extract(source: tarfile.TarFile, member: tarfile.TarInfo, draft: Path, written: Written) -> None:
    name = PurePosixPath(member.name)
    data = source.extractfile(member) if member.isreg() else None
    if data is None or name.is_absolute() or ".." in name.parts or not name.parts:
        raise TriptychError(
            f"The archive holds {member.name!r}, which is not a plain file below its folder.",
            code="export_unsafe",
            hint="Nothing was written. Check that the server is the one you meant.",
        )
    path = draft / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(data, file, BUFFER)
    os.utime(path, (member.mtime, member.mtime))
    written.files += 1
    written.bytes += member.size


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A place beside the target that takes its name at the end of the block, and is gone on a failure."""
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield draft
        if target.is_dir():
            target.rmdir()
        draft.replace(target)
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


class _Stream(RawIOBase):
    """Pieces of bytes as a file that is read from front to back."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts: list[memoryview] = []
        missing = size
        while missing > 0:
            if not self._rest:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._rest = memoryview(piece)
            part, self._rest = self._rest[:missing], self._rest[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)
