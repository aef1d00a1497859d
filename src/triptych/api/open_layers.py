"""Layers that tiles are cut from: each opened once, however many tiles are asked for at the same time.

A large picture has a pyramid, of which only the bytes of the tiles that are wanted are read. Any other is decoded
as a whole and held for the tiles that follow, the ones used last within a limit of bytes. Rasters are read where
they lie, by the blocks that a window needs.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import sqlalchemy as sa

from triptych.core.errors import NotFound, Unavailable
from triptych.core.source import MemberError
from triptych.db.tables import contents, renditions
from triptych.modalities.planar.classes import ClassPicture
from triptych.modalities.planar.layer import open_picture
from triptych.modalities.planar.planar import PLANAR
from triptych.storage.blobs import locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from triptych.core.raster import OpenLayer
    from triptych.installation import Installation
    from triptych.storage.objects import Objects
    from triptych.storage.packs import Place

RASTER = "GTIFF"

HELD_BYTES = 256_000_000
"""Decoded pixels that are held at most; a picture without a pyramid has 16 megapixels at most."""

RASTER_BYTES = 4_000_000
"""What an open raster is taken to weigh: its directory, and its share of GDAL's blocks."""

PYRAMID_BYTES = 1_000_000
"""What an open pyramid is taken to weigh: its directory, and a buffer of its file."""

KEPT_FRAMES = 64_000_000
"""Decoded frames that a layer of many keeps."""

BUFFER_BYTES = 64 * 1024


class BlobFile(io.RawIOBase):
    """The bytes of a blob as a file that reads only what is asked for."""

    def __init__(self, objects: Objects, place: Place) -> None:
        super().__init__()
        self._objects = objects
        self._place = place
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._place.length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there are bytes; how many."""
        view = memoryview(buffer).cast("B")
        count = max(0, min(len(view), self._place.length - self._at))
        if count:
            view[:count] = self._objects.get(self._place.object, self._place.start + self._at, count)
            self._at += count
        return count


@dataclass(slots=True)
class _Held:
    """An open layer; one thread at a time reads it."""

    layer: OpenLayer | None = None
    weight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a raster or a mask is read: as `labels`, which are never mixed, and with a value declared as nothing."""

    labels: bool = False
    nodata: float | None = None


PLAIN = Reading()


@runtime_checkable
class Closing(Protocol):
    """A layer that holds on to a file."""

    def close(self) -> None:
        """Let go of it."""


class OpenLayers:
    """The layers of an installation that are open."""

    def __init__(self, limit: int = HELD_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[Path, bytes, Reading], _Held] = OrderedDict()

    def tile(
        self,
        installation: Installation,
        digest: bytes,
        level: int,
        column: int,
        row: int,
        plane: int | None = None,
    ) -> NDArray[Any]:
        """A tile of a content, as `Planar.tile` gives it; NotFound for content that is not stored any more."""
        with self.opened(installation, digest) as layer:
            return PLANAR.tile(layer, level, column, row, plane)

    @contextmanager
    def opened(
        self, installation: Installation, digest: bytes, reading: Reading = PLAIN
    ) -> Iterator[OpenLayer]:
        """A content as an open layer, for this thread alone as long as it is held; `reading` is how a raster is
        read. NotFound for content that is not stored any more; Unavailable `content_unreadable`."""
        key = (installation.settings.home, digest, reading)
        with self._lock:
            held = self._held.setdefault(key, _Held())
            self._held.move_to_end(key)
        try:
            with held.lock:
                if held.layer is None:
                    held.layer, held.weight = _opened(installation, digest, reading)
                yield held.layer
        except MemberError as error:
            raise Unavailable(
                f"A stored file cannot be read any more: {error.reason}",
                code="content_unreadable",
                hint="`triptych verify` tells whether its bytes are those that were imported.",
            ) from error
        finally:
            self._let_go(key, held)

    def _let_go(self, key: tuple[Path, bytes, Reading], held: _Held) -> None:
        gone = []
        with self._lock:
            kept = self._held.get(key) is held
            if held.layer is None:
                self._held.pop(key, None)
            elif not kept:
                gone.append(held)
            weight = sum(each.weight for each in self._held.values())
            while weight > self._limit and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                weight -= oldest.weight
                gone.append(oldest)
        for each in gone:
            # Whoever waits for it opens it once more, for itself.
            with each.lock:
                if isinstance(each.layer, Closing):
                    each.layer.close()
                each.layer = None


def _opened(installation: Installation, digest: bytes, reading: Reading) -> tuple[OpenLayer, int]:
    with installation.database.read() as connection:
        blob = connection.execute(
            sa.select(renditions.c.blob)
            .where(renditions.c.sha256 == digest, renditions.c.kind == "pyramid")
            .limit(1)
        ).scalar()
        kind = connection.execute(
            sa.select(contents.c.format).where(contents.c.sha256 == digest).limit(1)
        ).scalar()
        wanted = [digest] if blob is None else [digest, bytes(blob)]
        places = locate(connection, wanted)
    if kind == RASTER:
        return _raster(installation.objects, places, wanted, reading)
    place = places.get(wanted[0] if reading.labels else wanted[-1])
    if place is None:
        raise _gone()
    if reading.labels:
        mask = ClassPicture(installation.objects.get(place.object, place.start, place.length))
        return mask, int(np.prod(mask.profile.shape)) * np.dtype(mask.profile.dtype).itemsize
    if blob is not None:
        return open_picture(b"", pyramid=_file(installation.objects, place)), PYRAMID_BYTES
    layer = open_picture(installation.objects.get(place.object, place.start, place.length))
    profile = layer.profile
    decoded = int(np.prod(profile.shape)) * np.dtype(profile.dtype).itemsize
    # A layer of many frames keeps its file, and a few of them decoded.
    return layer, place.length + min(decoded, KEPT_FRAMES) if profile.size("z") > 1 else decoded


def _raster(
    objects: Objects, places: dict[bytes, Place], wanted: list[bytes], reading: Reading
) -> tuple[OpenLayer, int]:
    from triptych.modalities.geospatial.layer import open_raster  # GDAL takes long to import

    place = places.get(wanted[0])
    if place is None:
        raise _gone()
    smaller = _file(objects, places[wanted[1]]) if len(wanted) > 1 and wanted[1] in places else None
    own: dict[str, Any] = {"pyramid": smaller, "labels": reading.labels, "nodata": reading.nodata}
    if objects.folder is not None:
        path = str(objects.folder / place.object), place.start, place.length
        return open_raster(path=path, **own), RASTER_BYTES
    if place.length <= RASTER_BYTES:
        return open_raster(objects.get(place.object, place.start, place.length), **own), RASTER_BYTES
    return open_raster(file=_file(objects, place), **own), RASTER_BYTES


def _file(objects: Objects, place: Place) -> io.BufferedReader:
    return io.BufferedReader(BlobFile(objects, place), BUFFER_BYTES)


def _gone() -> NotFound:
    return NotFound("The content is not stored any more.", code="content_not_found")
