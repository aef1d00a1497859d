"""Objects in a folder or a bucket, the same code on both: written once, whole or not at all, read by ranges."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, from_url

from triptych.core.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST_CHUNK = 1000


class Objects:
    """A folder (`file:///…`) or a bucket (`s3://…`, `gs://…`, `az://…`). Names use "/" and are never changed.

    Credentials and endpoints of buckets come from the usual variables of their makers (`AWS_…`, …).
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.folder: Path | None = None
        if urlsplit(url).scheme == "file":
            self.folder = Path(unquote(urlsplit(url).path))
            self.folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self.folder)
        else:
            self._store = from_url(url)  # type: ignore[assignment]

    def put(self, name: str, data: bytes) -> None:
        """Write an object; it is there whole, on the disk and not only in its cache, or not at all."""
        with _translated(name):
            obstore.put(self._store, name, data)
            if self.folder is not None:
                _flush(self.folder / name)

    def put_file(self, name: str, path: Path) -> None:
        """Write a file of any size as an object, in parts where the store takes parts."""
        with _translated(name):
            obstore.put(self._store, name, path)
            if self.folder is not None:
                _flush(self.folder / name)

    def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes of an object; NotFound when it is not there."""
        with _translated(name):
            if length is None:
                return bytes(obstore.get(self._store, name).bytes())[start:]
            if length == 0:
                return b""
            return obstore.get_range(self._store, name, start=start, length=length).to_bytes()

    def size(self, name: str) -> int:
        """Bytes of an object; NotFound when it is not there."""
        with _translated(name):
            return int(obstore.head(self._store, name)["size"])

    def delete(self, names: list[str]) -> None:
        """Delete objects; those that are not there are passed over."""
        for name in names:
            try:
                with _translated(name):
                    obstore.delete(self._store, name)
            except NotFound:
                continue

    def names(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Name and size of every object below a prefix."""
        for name, size, _ in self._entries(prefix):
            yield name, size

    def names_before(self, prefix: str, moment: float) -> Iterator[str]:
        """Names of the objects below a prefix that were written before a moment (seconds since 1970)."""
        for name, _, written in self._entries(prefix):
            if written < moment:
                yield name

    def _entries(self, prefix: str) -> Iterator[tuple[str, int, float]]:
        with _translated(prefix):
            for chunk in obstore.list(self._store, prefix or None, chunk_size=LIST_CHUNK):
                for entry in chunk:
                    yield entry["path"], int(entry["size"]), entry["last_modified"].timestamp()

    def sweep(self, moment: float) -> int:
        """Delete what writes that were cut off before a moment have left in a folder; how many there were.

        obstore writes to `<name>#<number>` first and lists no such file. A bucket shows nothing of them.
        """
        swept = 0
        for path in self.folder.rglob("*#*") if self.folder is not None else ():
            if path.name.rpartition("#")[2].isdecimal() and path.stat().st_mtime < moment:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    def check(self) -> None:
        """Write, read and delete a small object; Unavailable when that does not work."""
        name = f"check/{os.getpid()}"
        self.put(name, b"triptych")
        self.get(name)
        self.delete([name])


def _flush(path: Path) -> None:
    # obstore renames a finished file into place but leaves it in the page cache; rows must never be more
    # durable than the bytes that they name.
    for target, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(target, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"The storage holds no object {name}.", code="object_missing") from error
    except (OSError, obstore.exceptions.BaseError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise Unavailable(
                "The disk that holds the storage is full.",
                code="storage_full",
                hint="Free space or enlarge the disk, then retry the job; what was stored so far is kept.",
            ) from error
        raise Unavailable(
            f"The storage does not answer: {str(error).splitlines()[0]}",
            code="storage_unavailable",
            hint="Check the storage's address and credentials; `triptych doctor` tells more.",
        ) from error
