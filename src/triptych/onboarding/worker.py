"""What runs in a decoding process: read members, hash, decode and measure once, and write what is new as packs.

Nothing here knows the database. A chunk names its members by locators, so no process lists the source again.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.source import Member, MemberError
from triptych.formats.labelme.picture import embedded_picture
from triptych.modalities.planar.decode import probe
from triptych.modalities.planar.header import check_pixels, is_dicom
from triptych.modalities.planar.measure import examine
from triptych.onboarding.known import is_known
from triptych.storage.objects import Objects
from triptych.storage.packs import BlobWriter, Place
from triptych.storage.sources import SourceRef, open_reader

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from triptych.core.source import MemberReader
    from triptych.dicom.filing import Filing
    from triptych.modalities.planar.examined import Examined, PlanarLimits

PROBED_BYTES = 1_000_000
"""Files above this size are judged by their head before they are read whole."""

HEAD_BYTES = 65_536


class RasterReading(NamedTuple):
    """How a raster is read: a value that means nothing was measured, besides what its file declares, and the places
    in the file of the bands that a picture of it shows."""

    nodata: float | None = None
    rgb: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What `layers.reading` says of measurements that depend on it; "" where they are the content's own."""
        return "" if self.nodata is None else f"nodata={self.nodata:.17g}"


class Errand(NamedTuple):
    """One member to deal with: a picture to measure, or a file to keep as it is (`picture` False).

    `embedded`: the picture lies inside the member, which is kept besides. `layer` counts the layers of an item, 0
    is the one that lists show. `raster` is set for those of a geospatial item.
    """

    ordinal: int
    member: Member
    picture: bool
    embedded: bool = False
    layer: int = 0
    raster: RasterReading | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Members that one process deals with in one go.

    `known` is the file of the hashes of what is stored and measured already; "" looks nothing up.
    """

    source: SourceRef
    private_networks: bool
    storage_url: str
    limits: PlanarLimits
    file_bytes: int
    kept_bytes: int
    known: str
    items: tuple[Errand, ...]


class Measured(NamedTuple):
    """A picture that is fine. `examined` is None when its content was known.

    `filing` is what a DICOM file says of itself; `container` the hash of the file that the picture lay in.
    `measure` are packed moments and histograms of a `reading` that its content's own measurements do not answer.
    """

    ordinal: int
    digest: bytes
    size: int
    examined: Examined | None
    renditions: tuple[tuple[str, bytes, str], ...]  # kind, blob, media type
    filing: Filing | None = None
    container: bytes | None = None
    layer: int = 0
    reading: str = ""
    measure: tuple[bytes, bytes] | None = None


class Unusable(NamedTuple):
    """A picture that cannot be imported, and why. `digest` is None when its bytes are not kept."""

    ordinal: int
    digest: bytes | None
    code: str
    reason: str
    hint: str
    layer: int = 0


class Kept(NamedTuple):
    """A file that is kept as it is; `digest` is None when it could not be read or is too large to keep."""

    ordinal: int
    digest: bytes | None


class ChunkResult(NamedTuple):
    """What became of a chunk: outcomes in the order of its members, and where new blobs lie."""

    outcomes: tuple[Measured | Unusable | Kept, ...]
    places: tuple[Place, ...]


def examine_chunk(chunk: Chunk) -> ChunkResult:
    """Deal with every member of the chunk. Errors of one member are its own outcome."""
    writer = BlobWriter(Objects(chunk.storage_url))
    reader = open_reader(chunk.source, private_networks=chunk.private_networks)
    try:
        with _prepared(chunk):
            outcomes = tuple(_outcome(chunk, errand, reader, writer) for errand in chunk.items)
    finally:
        reader.close()
    return ChunkResult(outcomes, tuple(writer.finish()))


def _prepared(chunk: Chunk) -> AbstractContextManager[None]:
    """What all members have in common: rasters are read in one environment, whose making costs as much as a mask."""
    if all(errand.raster is None for errand in chunk.items):
        return nullcontext()
    from triptych.modalities.geospatial.reading import environment  # rasterio takes long to import

    return environment()


def _outcome(
    chunk: Chunk, errand: Errand, reader: MemberReader, writer: BlobWriter
) -> Measured | Unusable | Kept:
    if not errand.picture:
        return _file(chunk, errand, reader, writer)
    if errand.raster is not None:
        from triptych.onboarding.raster_worker import raster_outcome  # rasterio takes long to import

        return raster_outcome(chunk, errand, errand.raster, reader, writer)
    return _picture(chunk, errand, reader, writer)


def _picture(chunk: Chunk, errand: Errand, reader: MemberReader, writer: BlobWriter) -> Measured | Unusable:
    digest: bytes | None = None
    try:
        if errand.member.size > PROBED_BYTES:
            head = probe(reader.head(errand.member, HEAD_BYTES))
            if head is not None:
                check_pixels(head, chunk.limits.max_pixels)
        data = reader.read(errand.member, chunk.file_bytes)
        container = None
        if errand.embedded:
            container = writer.add(data)
            data = embedded_picture(data)
        digest = hashlib.sha256(data).digest()
        filing = _filing(data)
        if is_known(chunk.known, digest):
            return Measured(errand.ordinal, digest, len(data), None, (), filing, container)
        writer.add(data, digest)
        examined = examine(data, chunk.limits)
    except MemberError as error:
        return Unusable(errand.ordinal, digest, error.code, error.reason, error.hint)
    stored = store_renditions(examined, writer)
    return Measured(errand.ordinal, digest, len(data), without_pictures(examined), stored, filing, container)


def _filing(data: bytes) -> Filing | None:
    if not is_dicom(data):
        return None
    from triptych.dicom.filing import filing_of  # pydicom takes half the time that a process starts in

    return filing_of(data)


def store_renditions(examined: Examined, writer: BlobWriter) -> tuple[tuple[str, bytes, str], ...]:
    """Queue thumbnails and pyramid as blobs; kind, blob and media type of each."""
    stored = [
        (f"thumbnail-{size}", writer.add(data), "image/jpeg")
        for size, data in sorted(examined.thumbnails.items())
        if data is not None
    ]
    if examined.pyramid is not None:
        stored.append(("pyramid", writer.add(examined.pyramid), "image/tiff"))
    return tuple(stored)


def without_pictures(examined: Examined) -> Examined:
    """What is left to say of a picture whose thumbnails and pyramid are stored."""
    return examined._replace(thumbnails={}, pyramid=None)


def _file(chunk: Chunk, errand: Errand, reader: MemberReader, writer: BlobWriter) -> Kept:
    if errand.member.size > chunk.kept_bytes:
        return Kept(errand.ordinal, None)
    try:
        data = reader.read(errand.member, chunk.kept_bytes)
    except MemberError:
        return Kept(errand.ordinal, None)
    return Kept(errand.ordinal, writer.add(data))
