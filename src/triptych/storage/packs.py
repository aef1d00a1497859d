"""Blobs on their way into storage: packs of many, written by processes that know no database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triptych.storage.objects import Objects

PACK_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a blob lies: an object and a range of its bytes."""

    digest: bytes
    object: str
    start: int
    length: int


class BlobWriter:
    """Collects blobs and writes them as packs of about `PACK_BYTES`; each digest once."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._waiting: dict[bytes, bytes] = {}
        self._size = 0
        self._places: dict[bytes, Place] = {}

    def add(self, data: bytes, digest: bytes | None = None) -> bytes:
        """Queue a blob and give its SHA-256; `digest` saves hashing what was hashed before."""
        name = digest if digest is not None else hashlib.sha256(data).digest()
        if name not in self._waiting and name not in self._places:
            self._waiting[name] = data
            self._size += len(data)
            if self._size >= PACK_BYTES:
                self._write()
        return name

    def finish(self) -> list[Place]:
        """Write what is left; where everything lies, in the order in which it was added."""
        self._write()
        return list(self._places.values())

    def _write(self) -> None:
        if not self._waiting:
            return
        name = secrets.token_hex(32)
        target = f"packs/{name[:2]}/{name}"
        start = 0
        places = {}
        for digest, data in self._waiting.items():
            places[digest] = Place(digest, target, start, len(data))
            start += len(data)
        self._objects.put(target, b"".join(self._waiting.values()))
        self._places.update(places)
        self._waiting, self._size = {}, 0
