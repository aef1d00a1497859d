"""Pixels and files of a dataset: thumbnails, tiles, originals. Plain Starlette routes, immutable addresses.

An address holds the hash of the content, so what it answers never changes and is cached for ever; whether the
caller may see the dataset, and whether the dataset holds the content, is asked each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, guarded, installation_of
from triptych.api.open_layers import RASTER
from triptych.api.raster_reading import LAYERS, Raster, samples_of, tile_bands
from triptych.core.access import Action
from triptych.core.dataset import Modality
from triptych.core.errors import InvalidInput, NotFound
from triptych.datasets.raster_rows import layer_of_content
from triptych.datasets.recipes import recipe_in
from triptych.db.layer_hashes import is_layer_of
from triptych.db.tables import contents, items, kept_files, layers, renditions, sources
from triptych.modalities.planar.bare import bare_picture
from triptych.storage.blobs import locate

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from triptych.installation import Installation

FOREVER = "private, max-age=31536000, immutable"
SIZES = (160, 512)
BROWSER_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "DICOM": "application/dicom",
    "GTIFF": "image/tiff",
}
OTHER_TYPE = "application/octet-stream"


async def thumbnail(request: Request, access: Access) -> Response:
    """A picture of at most 160 or 512 px (`?size=`), upright, 8 bits, for looking at."""
    size = request.query_params.get("size", "160")
    if size not in map(str, SIZES):
        raise InvalidInput(
            "Thumbnails have 160 or 512 px.", code="bad_size", hint="Give size=160 or size=512."
        )
    return await _answer(request, access, lambda: _thumbnail(request, access, int(size)))


async def original(request: Request, access: Access) -> Response:
    """A file as it was uploaded, unchanged; ranges are answered."""
    return await _answer(request, access, lambda: _original(request, access), files=True)


async def tile(request: Request, access: Access) -> Response:
    """A tile in native depth: bytes in C order, shape and type in X-Shape and X-Dtype; little endian.

    Of a picture with several frames `?frame=` takes one, from 0. Of a raster `?bands=3,2,1` takes bands by their
    places in the file, from 0, and `?mask=1` gives where all of those were measured, as bytes.
    """
    return await _answer(request, access, lambda: _tile(request, access))


async def _answer(request: Request, access: Access, make: Any, *, files: bool = False) -> Response:
    tag = f'"{request.path_params["sha256"][:32]}-{request.url.query or "0"}"'
    digest = _digest(request)
    await run_in_threadpool(_check_held, installation_of(request), access.row.id, digest, files)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": FOREVER})
    response: Response = await run_in_threadpool(make)
    response.headers.update({"ETag": tag, "Cache-Control": FOREVER})
    return response


def _digest(request: Request) -> bytes:
    text = request.path_params["sha256"]
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise NotFound("This is not the hash of any content.", code="content_not_found")
    return digest


def _check_held(installation: Installation, dataset_id: str, digest: bytes, files: bool) -> None:
    """NotFound unless the dataset holds the content: else a hash would open other people's datasets.

    With `files` also as a label file or one that was set aside; those have no pixels to show.
    """
    item = (
        sa.select(sa.literal(1))
        .select_from(layers)
        .join(items, items.c.id == layers.c.item_id)
        .where(is_layer_of(digest), items.c.dataset_id == dataset_id)
    )
    file = (
        sa.select(sa.literal(1))
        .select_from(kept_files)
        .join(sources, sources.c.id == kept_files.c.source_id)
        .where(kept_files.c.sha256 == digest, sources.c.dataset_id == dataset_id)
    )
    with installation.database.read() as connection:
        held = connection.execute(item.limit(1)).first()
        if held is None and files:
            held = connection.execute(file.limit(1)).first()
    if held is None:
        raise NotFound("The dataset holds no such content.", code="content_not_found")


def _read(installation: Installation, digest: bytes) -> bytes:
    with installation.database.read() as connection:
        place = locate(connection, [digest]).get(digest)
    if place is None:
        raise NotFound("The content is not stored any more.", code="content_not_found")
    return installation.objects.get(place.object, place.start, place.length)


def _media_type(installation: Installation, digest: bytes) -> str:
    with installation.database.read() as connection:
        name = connection.execute(
            sa.select(contents.c.format).where(contents.c.sha256 == digest).limit(1)
        ).scalar()
    # Anything else could be a page with scripts; it is never shown in the browser.
    return BROWSER_TYPES.get(name or "", OTHER_TYPE)


def _thumbnail(request: Request, _access: Access, size: int) -> Response:
    installation, digest = installation_of(request), _digest(request)
    with installation.database.read() as connection:
        rows = connection.execute(
            sa.select(renditions.c.kind, renditions.c.blob, renditions.c.media_type).where(
                renditions.c.sha256 == digest,
                renditions.c.kind.in_([f"thumbnail-{known}" for known in SIZES]),
            )
        ).all()
    found = {row.kind: row for row in rows}
    row = found.get(f"thumbnail-{size}")
    if row is None:
        # The picture itself is small enough to stand for its thumbnail; what its file says besides is not for all.
        data = bare_picture(_read(installation, digest))
        return Response(data, media_type=_media_type(installation, digest))
    return Response(_read(installation, bytes(row.blob)), media_type=row.media_type)


def _original(request: Request, _access: Access) -> Response:
    installation, digest = installation_of(request), _digest(request)
    data = _read(installation, digest)
    headers = {"Accept-Ranges": "bytes"}
    media_type = _media_type(installation, digest)
    wanted = _range(request.headers.get("range"), len(data))
    if wanted is None:
        return Response(data, media_type=media_type, headers=headers)
    start, stop = wanted
    if start >= stop:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Response(data[start:stop], 206, media_type=media_type, headers=headers)


def _range(header: str | None, length: int) -> tuple[int, int] | None:
    """The one range that a header asks for as (start, stop); None to answer with everything (RFC 9110, 14.2)."""
    unit, _, value = (header or "").partition("=")
    first, dash, last = value.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not (first + last).isascii() or not (first + last).isdigit():
        return None
    if not first:
        return max(0, length - int(last)), length if int(last) else 0
    return int(first), min(length, int(last) + 1) if last else length


def _tile(request: Request, access: Access) -> Response:
    level, column, row = (request.path_params[name] for name in ("level", "column", "row"))
    frame = request.query_params.get("frame")
    if frame is not None and not (frame.isascii() and frame.isdigit() and len(frame) < 10):
        raise InvalidInput("A frame is a whole number from 0.", code="bad_frame", hint="Give frame=0.")
    plane = None if frame is None else int(frame)
    raster = _raster(request, access)
    if raster is not None:
        pixels = _raster_tile(request, raster, level, column, row)
    else:
        pixels = LAYERS.tile(installation_of(request), _digest(request), level, column, row, plane)
    little = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)
    return Response(
        little.tobytes(),
        media_type=OTHER_TYPE,
        headers={"X-Shape": ",".join(map(str, little.shape)), "X-Dtype": str(pixels.dtype)},
    )


def _raster(request: Request, access: Access) -> Raster | None:
    """The raster or the mask that a tile is cut from; None for other pictures."""
    if access.row.modality != Modality.GEOSPATIAL.value:
        return None
    with installation_of(request).database.read() as connection:
        row = layer_of_content(connection, access.row.id, _digest(request))
    raster = Raster.of(row, recipe_in(access.row.details))
    return raster if row.format == RASTER or raster.is_label else None


def _raster_tile(request: Request, raster: Raster, level: int, column: int, row: int) -> NDArray[Any]:
    """A tile (c, y, x) of the bands asked for; or where all of them were measured, (y, x) as bytes 0 and 1."""
    from triptych.modalities.geospatial.geospatial import GEOSPATIAL  # GDAL takes long to import

    places = tile_bands(raster, request.query_params.get("bands")) if raster.row.format == RASTER else [0]
    with LAYERS.opened(installation_of(request), raster.digest, raster.reading) as layer:
        window = GEOSPATIAL.tile_window(layer.profile, level, column, row)
        samples, measured = samples_of(layer, places, window, 1 << level, labels=raster.is_label)
    if request.query_params.get("mask") != "1":
        return samples
    valid: NDArray[Any] = np.ones(samples.shape[1:], bool) if measured is None else np.all(measured, axis=0)
    return valid.astype(np.uint8)


_SEE = Rule("may", Action.SEE, "dataset", url_token=True)
_EXPORT = Rule("may", Action.EXPORT, "dataset", url_token=True)
_BASE = "/api/v1/datasets/{dataset}"
ROUTES: list[BaseRoute] = [
    Route(f"{_BASE}/thumbnails/{{sha256}}", guarded(_SEE, thumbnail)),
    Route(f"{_BASE}/files/{{sha256}}", guarded(_EXPORT, original)),
    Route(f"{_BASE}/tiles/{{sha256}}/{{level:int}}/{{column:int}}/{{row:int}}", guarded(_SEE, tile)),
]
