"""Rasters of a dataset for looking at: pictures of any bands, and what a pixel holds.

FastAPI reads these annotations at run time.
"""

import hashlib
import json
import math
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, database_of, guarded, installation_of, needs
from triptych.api.item_parameters import published_version
from triptych.api.projections import projection
from triptych.api.raster_painting import (
    MEDIA_TYPES,
    Color,
    class_color,
    encoded,
    fitted,
    in_classes,
    in_colors,
    stretched,
)
from triptych.api.raster_reading import LAYERS, Raster, samples_of, values_of
from triptych.api.raster_wishes import Shown, Wish, limits_of, shown_of, wish_of
from triptych.core.access import Action
from triptych.core.dataset import Role
from triptych.core.errors import InvalidInput, NotFound
from triptych.core.raster import Window
from triptych.datasets.item_pages import scope_of
from triptych.datasets.raster_document import dataset_measure, measure_of
from triptych.datasets.raster_rows import ClassColor, class_colors, layer_of_content
from triptych.datasets.raster_schemas import PixelValues
from triptych.datasets.recipes import recipe_in

router = APIRouter(prefix="/datasets", tags=["rasters"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]

SIZES = (16, 2048)
DEFAULT_SIZE = 512
REVALIDATED = "private, no-cache"


@router.get("/{dataset}/rasters/{sha256}/values", response_model=PixelValues)
def values(
    request: Request,
    access: See,
    sha256: Annotated[str, Path()],
    column: Annotated[int, Query(ge=0, lt=2**31)],
    row: Annotated[int, Query(ge=0, lt=2**31)],
) -> Any:
    """What a pixel of a raster holds in every band, and where it lies; columns and rows count from 0."""
    raster = raster_at(request, access, sha256)
    if column >= raster.row.width or row >= raster.row.height:
        raise NotFound(
            f"Pixel {column}, {row} lies outside the {raster.row.width} × {raster.row.height} pixels.",
            code="no_such_pixel",
        )
    window = Window(row, column, row + 1, column + 1)
    places = range(len(raster.bands))
    with LAYERS.opened(installation_of(request), raster.digest, raster.reading) as layer:
        samples, measured = samples_of(layer, places, window, 1, labels=raster.is_label)
    pixel = samples[:, 0, 0].astype(np.float64)
    return {
        "column": column,
        "row": row,
        "valid": True if measured is None else bool(measured.all()),
        "bands": [
            {
                "index": band.index,
                "name": band.name,
                "sample": _finite(float(sample)),
                "value": _finite(band.scale * float(sample) + band.offset),
            }
            for band, sample in zip(raster.bands, pixel, strict=True)
        ],
        **_coordinates(raster.row.details or {}, column, row),
    }


def raster_at(request: Request, access: Access, sha256: str) -> Raster:
    """The raster of a dataset with this hash. NotFound `content_not_found`."""
    try:
        digest = bytes.fromhex(sha256)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise NotFound("This is not the hash of any content.", code="content_not_found")
    with database_of(request).read() as connection:
        row = layer_of_content(connection, access.row.id, digest)
    return Raster.of(row, recipe_in(access.row.details))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _coordinates(details: dict[str, Any], column: int, row: int) -> dict[str, float | None]:
    nowhere: dict[str, float | None] = dict.fromkeys(("x", "y", "longitude", "latitude"))
    transform = details.get("transform")
    if not transform:
        return nowhere
    a, b, c, d, e, f = transform
    x = a * (column + 0.5) + b * (row + 0.5) + c
    y = d * (column + 0.5) + e * (row + 0.5) + f
    to_degrees = projection(details.get("crs") or "", "EPSG:4326")
    longitude, latitude = to_degrees.transform(x, y) if to_degrees is not None else (math.nan, math.nan)
    return {"x": x, "y": y, "longitude": _finite(longitude), "latitude": _finite(latitude)}


async def picture(request: Request, access: Access) -> Response:
    """A picture of a whole raster (`?bands=` or `?expression=`, `low`, `high`, `colormap`, `stretch`, `date`, `size`,
    `format`); labels in the colours of their classes (`?classes=`)."""
    return await run_in_threadpool(_picture, request, access)


def _picture(request: Request, access: Access) -> Response:
    query = request.query_params
    wish, size = wish_of(query), _size(query.get("size"))
    raster = raster_at(request, access, request.path_params["sha256"])
    classes = colors_of_classes(request, access) if raster.is_label else ()
    tag = tag_of(
        raster.digest.hex(), str(query), access.row.details, classes, access.version or access.row.version
    )
    headers = {"ETag": tag, "Cache-Control": REVALIDATED}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    shown = Shown((0,)) if raster.is_label else shown_of(wish, raster.bands, raster.rgb)
    height, width = raster.row.height, raster.row.width
    scale = 1
    while max(height, width) // (scale * 2) >= size:
        scale *= 2
    with LAYERS.opened(installation_of(request), raster.digest, raster.reading) as layer:
        samples, measured = samples_of(layer, shown.places or (0,), None, scale, labels=raster.is_label)
    if raster.is_label:
        painted = in_classes(samples[0], shown_classes(classes, wish))
    else:
        found, valid = values_of(shown, raster.bands, samples, measured)
        limits = limits_of(wish, _ranges(request, access, raster, shown, wish, found), len(found))
        painted = in_colors(stretched(found, limits), valid, colormap_of(wish, shown, raster))
    painted = fitted(painted, size, smooth=not raster.is_label)
    return Response(encoded(painted, wish.kind), media_type=MEDIA_TYPES[wish.kind], headers=headers)


def _size(text: str | None) -> int:
    if text is None:
        return DEFAULT_SIZE
    if not (text.isascii() and text.isdigit() and len(text) < 6 and SIZES[0] <= int(text) <= SIZES[1]):
        raise InvalidInput(
            f"A picture has {SIZES[0]} to {SIZES[1]} px.", code="bad_size", hint="Give size=512, for example."
        )
    return int(text)


def _ranges(
    request: Request, access: Access, raster: Raster, shown: Shown, wish: Wish, found: Any
) -> list[list[float] | None]:
    """The values between which each of the things shown is stretched unless limits are given."""
    if shown.expression is not None:
        return [percentiles_of(found[0])]
    with database_of(request).read() as connection:
        measure = measure_of(connection, raster.row)
        if wish.stretch == "dataset":
            scope = scope_of(connection, access.row, published_version(access))
            measure = dataset_measure(connection, scope, raster.row.name, len(raster.bands)) or measure
    ranges = measure.ranges(raster.bands)
    return [ranges[place] for place in shown.places]


def percentiles_of(found: Any) -> list[float] | None:
    """The 2nd and the 98th percentile of the finite values; None where there are none."""
    known = found[np.isfinite(found)]
    return None if not known.size else [float(value) for value in np.percentile(known, (2, 98))]


def colormap_of(wish: Wish, shown: Shown, raster: Raster) -> str | None:
    """The colour map of one value: that asked for, else viridis for expressions and targets, else grey."""
    measures = shown.expression is not None or raster.row.role == Role.TARGET.value
    return wish.colormap or ("viridis" if measures else None)


def colors_of_classes(request: Request, access: Access) -> tuple[ClassColor, ...]:
    """The classes that rasters of labels of the version hold."""
    with database_of(request).read() as connection:
        return class_colors(
            connection, access.row.id, published_version(access), recipe_in(access.row.details)
        )


def shown_classes(classes: tuple[ClassColor, ...], wish: Wish) -> dict[int, Color]:
    """The colours of the classes that are to be shown, by the value of a pixel."""
    return {
        each.class_id: class_color(each.color, each.opacity)
        for each in classes
        if wish.classes is None or each.class_id in wish.classes
    }


def tag_of(*parts: Any) -> str:
    """An ETag that changes with any of the parts."""
    text = json.dumps(parts, default=str, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


ROUTES: list[BaseRoute] = [
    Route(
        "/api/v1/datasets/{dataset}/rasters/{sha256}/picture",
        guarded(Rule("may", Action.SEE, "dataset"), picture),
    ),
]
