"""The bytes of uploads that are on their way: one part file each, whose size is the offset.

Bytes go straight into `<home>/staging/uploads/<id>.part`, so whatever reached the kernel survives the death of
the server. A stretch that comes with a checksum counts only once it is verified: `<id>.mark` holds the offset
at which it began, and until the mark is gone the offset is the mark's. A lock on `<id>.lock` keeps two writers
apart, also those of two processes; it lies beside the part file so that reading an offset never needs it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from triptych.core.errors import Conflict, InvalidInput, NotFound, TooLarge, Unavailable
from triptych.core.ids import is_id

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

DAYS_KEPT = 7.0
"""Days without a new byte after which an unfinished upload expires."""

CHECKSUMS = ("sha1", "sha256")


class WrongOffset(Conflict):
    """The bytes begin elsewhere than the upload stands."""

    code = "wrong_offset"


class UploadLocked(Conflict):
    """Another request writes this upload at the moment."""

    code = "upload_locked"


class UploadGone(NotFound):
    """The upload expired; its bytes are deleted."""

    code = "upload_expired"


class ChecksumMismatch(InvalidInput):
    """The bytes that arrived are not those that were sent."""

    code = "checksum_mismatch"


class DiskFull(Unavailable):
    """The disk that holds the uploads has no space left."""

    code = "disk_full"


class UploadFolder:
    """The part files of one home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "staging" / "uploads"

    def path(self, upload_id: str) -> Path:
        """Where the part file lies, or would lie. NotFound for text that is not an id."""
        if not is_id(upload_id):
            raise NotFound("There is no such upload.", code="upload_not_found")
        return self.folder / f"{upload_id}.part"

    def resolve(self, upload_id: str) -> Path:
        """The part file. UploadGone when it is not there."""
        path = self.path(upload_id)
        if not path.is_file():
            raise _gone()
        return path

    def open_part(self, upload_id: str) -> int:
        """A descriptor to read the part file with. UploadGone when it is not there."""
        try:
            return os.open(self.path(upload_id), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise _gone() from None

    def create(self, upload_id: str, length: int) -> None:
        """An empty part file. DiskFull when `length` bytes would not fit on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if length > free:
            raise _full(f"The upload has {length} bytes and the disk has {free} left.")
        with disk_errors():
            self.path(upload_id).touch(mode=0o600)

    def offset(self, upload_id: str) -> int:
        """Bytes that count: the size of the part file, less what no checksum has confirmed yet."""
        size = self.resolve(upload_id).stat().st_size
        mark = self._mark(upload_id)
        return size if mark is None else min(size, mark)

    def expires_at(self, upload_id: str) -> float:
        """When an unfinished upload expires, in seconds since 1970, unless more bytes arrive."""
        return self.resolve(upload_id).stat().st_mtime + DAYS_KEPT * 86_400

    def remove(self, upload_id: str) -> None:
        """Delete what there is of an upload; nothing happens when there is nothing."""
        path = self.path(upload_id)
        for suffix in (".part", ".mark", ".lock", ".ranges"):
            path.with_suffix(suffix).unlink(missing_ok=True)

    def forget_ranges(self, upload_id: str) -> None:
        """Delete what was sent ahead of an upload, once all of it is there."""
        self.path(upload_id).with_suffix(".ranges").unlink(missing_ok=True)

    def sweep(self, keep: Container[str], *, now: float | None = None) -> list[str]:
        """Delete uploads last written more than `DAYS_KEPT` ago, those of `keep` aside; the ids deleted."""
        oldest = (time.time() if now is None else now) - DAYS_KEPT * 86_400
        swept = []
        for path in sorted(self.folder.glob("*.part")):
            if is_id(path.stem) and path.stem not in keep and path.stat().st_mtime < oldest:
                self.remove(path.stem)
                swept.append(path.stem)
        return swept

    @contextmanager
    def writing(
        self, upload_id: str, offset: int, length: int, checksum: tuple[str, bytes] | None = None
    ) -> Iterator[PartWriter]:
        """Append to an upload of `length` bytes from `offset` on, alone.

        With a `checksum` (algorithm, digest) the stretch counts when it matches at the end of the block, and
        is taken back when it does not or when the block ends early. Raises UploadLocked, WrongOffset,
        ChecksumMismatch, UploadGone.
        """
        path = self.resolve(upload_id)
        with _locked(path.with_suffix(".lock")):
            self._take_back(upload_id)
            size = self.resolve(upload_id).stat().st_size
            if size != offset:
                raise WrongOffset(
                    f"The upload stands at {size} bytes, and the bytes sent begin at {offset}.",
                    hint="Ask for the offset with HEAD and go on from there.",
                )
            if checksum is not None:
                path.with_suffix(".mark").write_text(str(offset), encoding="ascii")
            try:
                with PartWriter(path, offset, length, checksum) as writer:
                    yield writer
                    writer.finish()
                path.with_suffix(".mark").unlink(missing_ok=True)
            finally:
                self._take_back(upload_id)

    def _mark(self, upload_id: str) -> int | None:
        try:
            text = self.path(upload_id).with_suffix(".mark").read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        return int(text) if text.isdecimal() else 0

    def _take_back(self, upload_id: str) -> None:
        mark = self._mark(upload_id)
        path = self.path(upload_id)
        if mark is None or not path.exists():
            return
        if path.stat().st_size > mark:
            os.truncate(path, mark)
        path.with_suffix(".mark").unlink(missing_ok=True)


class PartWriter:
    """Writes one stretch of an upload; `offset` is where the next byte goes."""

    def __init__(
        self, path: Path, offset: int, length: int, checksum: tuple[str, bytes] | None = None
    ) -> None:
        self.offset = offset
        self._length = length
        self._checksum = checksum
        self._hash = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        self._file = os.open(path, os.O_WRONLY)
        os.lseek(self._file, offset, os.SEEK_SET)

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def write(self, data: bytes | bytearray) -> None:
        """Append. TooLarge past the stated length, DiskFull when the disk is; what was written stays."""
        if self.offset + len(data) > self._length:
            raise TooLarge(
                f"More bytes arrived than the {self._length} that were announced.",
                code="upload_overflow",
                hint="Begin a new upload with the right length.",
            )
        if self._hash is not None:
            self._hash.update(data)
        rest = memoryview(data)
        with disk_errors():
            while rest:
                written = os.write(self._file, rest)
                self.offset += written
                rest = rest[written:]

    def finish(self) -> None:
        """Compare the checksum; flush a finished upload to the disk itself. ChecksumMismatch."""
        if self._checksum is not None and self._hash is not None and self._hash.digest() != self._checksum[1]:
            raise ChecksumMismatch(
                f"The {self._checksum[0]} of the bytes that arrived is not the one that was sent.",
                hint="Send the same bytes again from the same offset.",
            )
        if self.offset == self._length:
            with disk_errors():
                os.fsync(self._file)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadLocked(
                "Another request writes this upload at the moment.", hint="Try again in a second."
            ) from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Makes DiskFull of what the system says when the disk of the uploads is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full("The disk that holds the uploads is full.") from error
        raise


def _gone() -> UploadGone:
    return UploadGone("The upload expired and its bytes are deleted.", hint="Upload the file again.")


def _full(message: str) -> DiskFull:
    return DiskFull(message, hint="Free space on the server, then resume the upload.")
