"""Uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): in pieces, resumed after any interruption.

Where an upload stands is asked of the server. Its address is remembered in the user's cache folder, so that
the same command, given again after a crash or a restart of either side, goes on where it stopped.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from triptych.client.folders import FolderBundle
from triptych.core.errors import InvalidInput, NotFound, TriptychError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.client.connection import Connection

PIECE = 8_000_000
"""Bytes sent in one request."""

PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before each further try when the connection breaks; a piece that arrives starts it anew."""

_PASSING = ("server_unavailable", "upload_locked", "wrong_offset")

_TUS = {"Tus-Resumable": "1.0.0"}


class _Sendable(Protocol):
    """What can be uploaded: `length` bytes under a file name, readable from any place.

    `identity` differs where the bytes do; `media_type` is "" where the name says enough.
    """

    filename: str
    length: int
    identity: str
    media_type: str

    def read(self, offset: int, length: int) -> bytes: ...


class _File:
    media_type = ""

    def __init__(self, path: Path) -> None:
        status = path.stat()
        self.filename = path.name
        self.length = status.st_size
        self.identity = str(status.st_mtime_ns)
        self._path = path

    def read(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def upload(connection: Connection, path: Path, report: Callable[[int, int], None]) -> str:
    """Send a file, or a folder as a bundle; the id of the finished upload.

    `report(sent, total)` is called after each piece, in bytes. A folder's links are left out. Raises
    InvalidInput (`source_missing`) where there is nothing at the path, and what the server answers.
    """
    if not path.exists():
        raise InvalidInput(
            f"There is nothing at {path}.", code="source_missing", hint="Check the path of the source."
        )
    source: _Sendable = FolderBundle(path) if path.is_dir() else _File(path)
    memory = _Memory(connection.address, path, source)
    address = memory.recall()
    offset = _offset(connection, address) if address else None
    if address is None or offset is None:
        address, offset = _create(connection, source), 0
        memory.keep(address)
    report(offset, source.length)
    while offset < source.length:
        offset = _send_piece(connection, address, source, offset)
        report(offset, source.length)
    memory.forget()
    return address.rstrip("/").rpartition("/")[2]


def _create(connection: Connection, source: _Sendable) -> str:
    metadata = {"filename": source.filename} | ({"filetype": source.media_type} if source.media_type else {})
    pairs = (
        f"{name} {base64.b64encode(value.encode('utf-8', 'surrogateescape')).decode('ascii')}"
        for name, value in metadata.items()
    )
    headers = {**_TUS, "Upload-Length": str(source.length), "Upload-Metadata": ",".join(pairs)}
    answer = connection.request("POST", "/uploads", headers=headers)
    # The location may be absolute, as seen from behind a proxy; its last segment is what counts.
    return f"/uploads/{answer.headers['Location'].rstrip('/').rpartition('/')[2]}"


def _offset(connection: Connection, address: str) -> int | None:
    try:
        return int(connection.request("HEAD", address, headers=_TUS).headers["Upload-Offset"])
    except NotFound:
        return None


def _send_piece(connection: Connection, address: str, source: _Sendable, offset: int) -> int:
    """Send one piece; where the server stands afterwards. Waits out a connection that breaks."""
    for pause in (*PATIENCE, None):
        piece = source.read(offset, PIECE)
        if not piece:
            raise InvalidInput(
                f"{source.filename} became shorter while it was uploaded.",
                code="source_changed",
                hint="Wait until nothing writes to it, then add it again.",
            )
        headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        try:
            answer = connection.request("PATCH", address, content=piece, headers=headers)
            return int(answer.headers["Upload-Offset"])
        except TriptychError as error:
            # A broken request may hold the upload's lock, and have got through in part, for a moment longer.
            if pause is None or error.code not in _PASSING:
                raise
            time.sleep(pause)
            offset = _known_offset(connection, address, offset)
    raise AssertionError("the last try returns or raises")


def _known_offset(connection: Connection, address: str, offset: int) -> int:
    try:
        known = _offset(connection, address)
    except Unavailable:
        return offset
    if known is None:
        raise TriptychError(
            "The server no longer knows this upload.",
            code="upload_lost",
            hint="Give the same command again; the upload starts anew.",
        )
    return known


class _Memory:
    """Remembers the address of an unfinished upload between two runs; without a cache folder it forgets."""

    def __init__(self, server: str, path: Path, source: _Sendable) -> None:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        text = json.dumps([server, str(path.resolve()), source.length, source.identity])
        name = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        self._file = cache / "triptych" / "uploads" / name

    def recall(self) -> str | None:
        try:
            return self._file.read_text(encoding="utf-8")
        except OSError:
            return None

    def keep(self, address: str) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(address, encoding="utf-8")
        except OSError:
            return  # the upload works without; only a resume after this process ends does not

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)
