"""What runs in a decoding process for a layer of a chip: read, hash, decode once, measure. It knows no database."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from triptych.core.source import MemberError
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.planar.measure import examine
from triptych.onboarding.known import is_known
from triptych.onboarding.worker import Measured, Unusable, store_renditions, without_pictures

if TYPE_CHECKING:
    from triptych.core.source import MemberReader
    from triptych.modalities.planar.examined import Examined
    from triptych.onboarding.worker import Chunk, Errand, RasterReading
    from triptych.storage.packs import BlobWriter

TIFF_MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How classic TIFF and BigTIFF begin, in both orders of bytes (TIFF 6.0, section 2; libtiff's BigTIFF design)."""


def raster_outcome(
    chunk: Chunk, errand: Errand, reading: RasterReading, reader: MemberReader, writer: BlobWriter
) -> Measured | Unusable:
    """Measure one layer. A TIFF is read as a raster, anything else as a picture, for masks may be PNG."""
    digest: bytes | None = None
    try:
        data = reader.read(errand.member, chunk.file_bytes)
        digest = hashlib.sha256(data).digest()
        is_tiff = data.startswith(TIFF_MARKS)
        name = reading.name if is_tiff else ""
        measure = None
        if name:
            declared = examine_raster(data, chunk.limits, nodata=reading.nodata, rgb=reading.rgb)
            measure = declared.moments, declared.histograms
        if is_known(chunk.known, digest):
            return Measured(
                errand.ordinal, digest, len(data), None, (), layer=errand.layer, reading=name, measure=measure
            )
        writer.add(data, digest)
        examined: Examined = (
            examine_raster(data, chunk.limits, rgb=reading.rgb) if is_tiff else examine(data, chunk.limits)
        )
    except MemberError as error:
        return Unusable(errand.ordinal, digest, error.code, error.reason, error.hint, errand.layer)
    stored = store_renditions(examined, writer)
    return Measured(
        errand.ordinal,
        digest,
        len(data),
        without_pictures(examined),
        stored,
        layer=errand.layer,
        reading=name,
        measure=measure,
    )
