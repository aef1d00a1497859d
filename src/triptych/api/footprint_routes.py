"""Where the items of a dataset lie, for maps. FastAPI reads these annotations at run time."""

import math
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from triptych.api.dependencies import Access, database_of, needs
from triptych.api.item_parameters import Wanted, published_version
from triptych.api.item_routes import thumbnail_url
from triptych.core.access import Action
from triptych.core.errors import InvalidInput
from triptych.datasets.footprints import Box, Chip, chips_at, clusters_in, extent_of, places_in
from triptych.datasets.item_pages import scope_of
from triptych.datasets.raster_rows import Leading, leading_classes
from triptych.datasets.raster_schemas import FootprintCollection, FootprintExtent

router = APIRouter(prefix="/datasets", tags=["footprints"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]

MOST = 5_000
WORLD = "-180,-90,180,90"


@router.get("/{dataset}/footprints", response_model=FootprintCollection)
def footprints(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    bbox: Annotated[
        str, Query(max_length=200, description="west,south,east,north in degrees; west > east: across 180°.")
    ] = WORLD,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 2_000,
    color: Annotated[
        Literal["part", "class"], Query(description="`class`: with the class that covers most of each item.")
    ] = "part",
) -> Any:
    """Items whose footprint meets a rectangle; where there are more than the limit, how many lie where."""
    box = box_of(bbox)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        asked = wanted.filter(connection, scope, access)
        places = places_in(connection, scope, box, asked, limit + 1)
        if len(places) > limit:
            clusters = clusters_in(connection, scope, box, asked)
            chips: list[Chip] = []
        else:
            clusters, chips = [], chips_at(connection, scope, places)
        ids = [chip.item_id for chip in chips]
        leading = leading_classes(connection, scope, ids) if color == "class" else {}
    return {
        "type": "FeatureCollection",
        "features": [_feature(access, chip, leading.get(chip.item_id)) for chip in chips],
        "complete": not clusters,
        "clusters": [{"items": cluster.items, "bbox": cluster.box} for cluster in clusters],
    }


def _feature(access: Access, chip: Chip, leading: Leading | None) -> dict[str, Any]:
    sha256 = chip.sha256.hex()
    return {
        "type": "Feature",
        "id": chip.item_id,
        "bbox": chip.box,
        "geometry": chip.outline,
        "properties": {
            "key": chip.key,
            "part": chip.part,
            "time": chip.time,
            "scene": chip.scene,
            "class": None if leading is None else leading.name,
            "color": None if leading is None else leading.color,
            "sha256": sha256,
            "thumbnail": thumbnail_url(access, sha256),
        },
    }


@router.get("/{dataset}/footprints/extent", response_model=FootprintExtent)
def extent(request: Request, access: See) -> Any:
    """The rectangle around all items that have a place, and how many have one."""
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        found = extent_of(connection, scope)
    return {
        "bounds": None if found.box is None else found.box._asdict(),
        "placed": found.placed,
        "unplaced": found.unplaced,
        "first": found.first,
        "last": found.last,
    }


def box_of(text: str) -> Box:
    """The rectangle of a text; InvalidInput `bad_bbox`."""
    try:
        sides = [float(side) for side in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) != 4 or not all(math.isfinite(side) for side in sides):
        raise _bad_box(text)
    west, south, east, north = sides
    if south > north or abs(south) > 90 or abs(north) > 90 or abs(west) > 360 or abs(east) > 360:
        raise _bad_box(text)
    if east - west >= 360:
        return Box(-180, south, 180, north)
    # Maps that repeat the world count on beyond 180 degrees.
    return Box(_turned(west), south, _turned(east), north)


def _turned(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


def _bad_box(text: str) -> InvalidInput:
    return InvalidInput(
        f"“{text[:60]}” is no rectangle in degrees.",
        code="bad_bbox",
        hint="Give west,south,east,north: bbox=13.3,52.4,13.5,52.6; west > east crosses the antimeridian.",
    )
