"""Chips on the map: TileJSON and XYZ tiles, for this product's pages, QGIS and any other viewer of maps."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.callers import TOKEN_PARAMETER
from triptych.api.dependencies import Access, database_of, guarded, installation_of
from triptych.api.item_parameters import published_version
from triptych.api.map_grid import DEEPEST, SIDE, MapTile, deepest_zoom, grid_named, map_tile
from triptych.api.map_laying import laid_on
from triptych.api.map_painting import clusters_on, outlines_on, put_beneath, thumbnails_on
from triptych.api.pixels import FOREVER
from triptych.api.raster_painting import MEDIA_TYPES, encoded, in_classes, in_colors, stretched
from triptych.api.raster_reading import LAYERS, Raster, values_of
from triptych.api.raster_routes import REVALIDATED, colormap_of, colors_of_classes, shown_classes, tag_of
from triptych.api.raster_wishes import Shown, Wish, limits_of, shown_of, wish_of
from triptych.core.access import Action
from triptych.core.dataset import Role
from triptych.core.errors import InvalidInput, NotFound
from triptych.datasets.footprints import Box, chips_at, clusters_in, extent_of, places_in
from triptych.datasets.item_filter import ItemFilter
from triptych.datasets.item_pages import scope_of
from triptych.datasets.raster_document import dataset_measure, measure_of
from triptych.datasets.raster_rows import layers_named
from triptych.datasets.recipes import recipe_in
from triptych.db.id_lists import among
from triptych.db.tables import renditions
from triptych.storage.blobs import locate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from triptych.api.raster_painting import Color
    from triptych.core.recipe import Recipe
    from triptych.datasets.item_filter import Scope
    from triptych.datasets.raster_document import FileBand

MOST_CHIPS = 20
"""Chips of a tile that are read; where more meet, thumbnails stand for them."""

MOST_THUMBNAILS = 120
MOST_OUTLINES = 2_000

HELD_BYTES = 64_000_000
"""Bytes of tiles that are held; those asked for last."""

UNLIKE = (-1.0, 1.0)
"""Between what an expression is shown unless limits are given: most indices lie there, and tiles have to agree."""

EVERYWHERE = Box(-180, -90, 180, 90)


class Asked(NamedTuple):
    """What a tile is to show: the wish, a layer by its name or the leading one, and whether it is of labels."""

    wish: Wish
    layer: str | None
    label: bool
    outlines: bool


def within(box: Box) -> Box:
    """The rectangle less a hair, so that what only touches it does not meet it."""
    hair = (box.north - box.south) * 1e-5
    if box.west > box.east or box.east - box.west <= 2 * hair:
        return box
    return Box(box.west + hair, box.south + hair, box.east - hair, box.north - hair)


class RenderedTiles:
    """Tiles as they were sent, by what they were made of."""

    def __init__(self, limit: int = HELD_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> bytes | None:
        """A tile that is held."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def keep(self, key: str, data: bytes) -> None:
        """Hold a tile, and let go of those asked for longest ago."""
        with self._lock:
            self._bytes += len(data) - len(self._held.pop(key, b""))
            self._held[key] = data
            while self._bytes > self._limit and self._held:
                self._bytes -= len(self._held.popitem(last=False)[1])


TILES = RenderedTiles()


async def tile(request: Request, access: Access) -> Response:
    """A tile of the map, 256 px: `…/map/{tms}/{z}/{x}/{y}`, `.png` or `.webp`. Chips in the order of their ids, the
    first on top; where more than 20 meet, thumbnails or outlines."""
    return await run_in_threadpool(_tile, request, access)


async def tilejson(request: Request, access: Access) -> Response:
    """The TileJSON 3.0 document of a dataset's tiles; what is asked of bands and colours goes into their address."""
    return await run_in_threadpool(_tilejson, request, access)


async def preflight(_request: Request, _access: Access) -> Response:
    """What a browser asks before another page's script may send a token (Fetch, 3.2.2)."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "Authorization",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def for_other_pages(access: Access) -> dict[str, str]:
    """Headers that let other pages read an answer, when it was not a session's cookie that opened it."""
    if access.caller.session is not None:
        return {}
    return {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def _asked(request: Request, kind: str) -> Asked:
    query = request.query_params
    label = query.get("label") == "1"
    wish = wish_of(query, stretch="dataset", kind=kind)
    return Asked(wish, query.get("layer") or None, label, query.get("outlines") == "1")


def _tile(request: Request, access: Access) -> Response:
    row, kind = _row_and_kind(request.path_params["y"], request.query_params.get("format"))
    place = map_tile(request.path_params["tms"], request.path_params["z"], request.path_params["x"], row)
    asked = _asked(request, kind)
    version = published_version(access)
    colors: dict[int, Color] = {}
    if asked.label:
        colors = shown_classes(colors_of_classes(request, access), asked.wish)
    revision = _revision(access)
    tag = tag_of(access.row.id, version, place, asked, revision, sorted(colors.items()), _sorted(asked.wish))
    steady = access.version is not None and request.query_params.get("r") == revision
    headers = {"ETag": tag, "Cache-Control": FOREVER if steady else REVALIDATED, **for_other_pages(access)}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    held = f"{installation_of(request).settings.home} {tag}"
    data = TILES.get(held)
    if data is None:
        painter = _Painter(request, access, version, asked, colors)
        data = encoded(painter.paint(place), asked.wish.kind)
        TILES.keep(held, data)
    return Response(data, media_type=MEDIA_TYPES[asked.wish.kind], headers=headers)


def _sorted(wish: Wish) -> list[int] | None:
    return None if wish.classes is None else sorted(wish.classes)


def _revision(access: Access) -> str:
    """What changes when the dataset is to be shown in another way, though its version stays."""
    return tag_of(access.row.details.get("geospatial"))[1:9]


def _row_and_kind(text: str, asked: str | None) -> tuple[int, str]:
    found = re.fullmatch(r"(\d{1,9})(?:\.(png|webp|jpe?g))?", text, re.ASCII)
    if found is None:
        raise NotFound(f"“{text[:40]}” is no row of tiles.", code="no_such_tile")
    kind = found[2] or asked or "png"
    return int(found[1]), "jpeg" if kind == "jpg" else kind


class _Painter:
    """Makes the picture of a tile."""

    def __init__(
        self, request: Request, access: Access, version: int, asked: Asked, colors: dict[int, Color]
    ) -> None:
        self._request = request
        self._access = access
        self._asked = asked
        self._colors = colors
        self._recipe: Recipe | None = recipe_in(access.row.details)
        self._known: dict[tuple[str, tuple[FileBand, ...]], list[list[float] | None] | None] = {}
        with database_of(request).read() as connection:
            self._scope: Scope = scope_of(connection, access.row, version)

    def paint(self, place: MapTile) -> NDArray[np.uint8]:
        """A picture (256, 256, 4)."""
        box = within(place.box)
        with database_of(self._request).read() as connection:
            places = places_in(connection, self._scope, box, ItemFilter(), MOST_OUTLINES + 1)
            if len(places) > MOST_OUTLINES:
                return clusters_on(place, clusters_in(connection, self._scope, box, ItemFilter()))
            chips = chips_at(connection, self._scope, places)
            ids = [chip.item_id for chip in chips]
            role = Role.LABEL.value if self._asked.label else Role.IMAGE.value
            rows: dict[int, sa.Row[Any]] = {}
            if len(chips) <= MOST_THUMBNAILS:
                rows = layers_named(connection, self._scope, ids, name=self._asked.layer, role=role)
        rasters = [Raster.of(rows[item], self._recipe) for item in ids if item in rows]
        if self._asked.outlines or len(chips) > MOST_THUMBNAILS:
            return outlines_on(place, chips)
        if len(chips) <= MOST_CHIPS:
            return self._mosaic(place, rasters)
        if self._asked.wish.plain and not self._asked.label:
            return thumbnails_on(place, self._thumbnails(rasters))
        return outlines_on(place, chips)

    def _mosaic(self, place: MapTile, rasters: Sequence[Raster]) -> NDArray[np.uint8]:
        import numpy as np

        from triptych.modalities.geospatial.reading import environment

        picture = np.zeros((*place.side, 4), np.uint8)
        refused: InvalidInput | None = None
        shown: list[tuple[Raster, Shown]] = []
        for raster in rasters:
            try:
                shown.append((raster, self._shown(raster)))
            except InvalidInput as error:
                refused = error
        # Chips may differ in their bands: what some have is shown, what none has is told.
        if refused is not None and not shown:
            raise refused
        with environment():
            for raster, wanted in shown:
                if self._put_chip(picture, place, raster, wanted) and bool((picture[..., 3] != 0).all()):
                    break
        return picture

    def _shown(self, raster: Raster) -> Shown:
        return Shown((0,)) if raster.is_label else shown_of(self._asked.wish, raster.bands, raster.rgb)

    def _put_chip(self, picture: NDArray[np.uint8], place: MapTile, raster: Raster, shown: Shown) -> bool:
        """Put a chip beneath a tile's picture (256, 256, 4); whether anything of it may show."""
        with LAYERS.opened(installation_of(self._request), raster.digest, raster.reading) as layer:
            laid = laid_on(layer, raster, shown.places or (0,), place)
        if laid is None:
            return False
        if raster.is_label:
            painted = in_classes(laid.samples[0], self._colors)
            painted[~laid.valid] = 0
        else:
            values, known = values_of(shown, raster.bands, laid.samples, None)
            limits = limits_of(self._asked.wish, self._ranges(raster, shown), len(values))
            colormap = colormap_of(self._asked.wish, shown, raster)
            painted = in_colors(stretched(values, limits), laid.valid & known, colormap)
        put_beneath(picture, painted, laid.top, laid.left)
        return True

    def _ranges(self, raster: Raster, shown: Shown) -> list[list[float] | None]:
        if shown.expression is not None:
            return [list(UNLIKE)]
        ranges = self._dataset_ranges(raster)
        if ranges is None:
            with database_of(self._request).read() as connection:
                measure = measure_of(connection, raster.row)
            ranges = measure.ranges(raster.bands)
        return [ranges[band] for band in shown.places]

    def _dataset_ranges(self, raster: Raster) -> list[list[float] | None] | None:
        """The ranges of a layer's bands over the dataset, where that is what chips are stretched by."""
        if self._asked.wish.stretch != "dataset":
            return None
        key = raster.row.name, tuple(raster.bands)
        if key not in self._known:
            with database_of(self._request).read() as connection:
                measure = dataset_measure(connection, self._scope, raster.row.name, len(raster.bands))
            self._known[key] = None if measure is None else measure.ranges(raster.bands)
        return self._known[key]

    def _thumbnails(self, rasters: Sequence[Raster]) -> list[tuple[Raster, bytes]]:
        digests = sorted({raster.digest for raster in rasters})
        installation = installation_of(self._request)
        with installation.database.read() as connection:
            rows = connection.execute(
                sa.select(renditions.c.sha256, renditions.c.blob).where(
                    among(connection, renditions.c.sha256, digests), renditions.c.kind == "thumbnail-160"
                )
            )
            blobs = {bytes(row.sha256): bytes(row.blob) for row in rows}
            places = locate(connection, sorted(set(blobs.values())))
        found = []
        for raster in rasters:
            at = places.get(blobs.get(raster.digest, b""))
            if at is not None:
                found.append((raster, installation.objects.get(at.object, at.start, at.length)))
        return found


def _tilejson(request: Request, access: Access) -> Response:
    grid = request.path_params["tms"]
    grid_named(grid)
    kind = "webp" if request.query_params.get("format") == "webp" else "png"
    asked = _asked(request, kind)
    version = published_version(access)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, version)
        box = extent_of(connection, scope).box
        sample = places_in(connection, scope, box or EVERYWHERE, ItemFilter(), 1)
        chips = chips_at(connection, scope, sample)
        ids = [chip.item_id for chip in chips]
        rows = layers_named(connection, scope, ids, name=asked.layer, role=Role.IMAGE.value)
    resolutions = [(row.details or {}).get("resolution") for row in rows.values()]
    finest = min((min(map(abs, each)) for each in resolutions if each), default=None)
    shown = box or EVERYWHERE
    west, east = (shown.west, shown.east) if shown.west <= shown.east else (-180.0, 180.0)
    latitude = (shown.south + shown.north) / 2
    deepest = deepest_zoom(grid, finest, latitude)
    return JSONResponse(
        {
            "tilejson": "3.0.0",
            "name": access.row.display_name or access.row.name,
            "description": access.row.description,
            "version": "1.0.0",
            "scheme": "xyz",
            "tiles": [_address(request, access, version, kind)],
            "minzoom": grid_named(grid).minzoom,
            "maxzoom": min(deepest, DEEPEST),
            "bounds": [west, shown.south, east, shown.north],
            "center": [_middle(shown), latitude, max(0, deepest - 4)],
            "tileSize": SIDE,
        },
        headers={"Cache-Control": REVALIDATED, **for_other_pages(access)},
    )


def _middle(box: Box) -> float:
    middle = (box.west + box.east + (360 if box.west > box.east else 0)) / 2
    return middle - 360 if middle > 180 else middle


def _address(request: Request, access: Access, version: int, kind: str) -> str:
    """The address of tiles of one version: it says all that a tile depends on, so that they are kept for ever."""
    query = [
        (name, value) for name, value in request.query_params.multi_items() if name not in ("r", "format")
    ]
    query.append(("r", _revision(access)))
    # The token comes last, where people see it who copy the address.
    query.sort(key=lambda pair: pair[0] == TOKEN_PARAMETER)
    base = str(request.base_url).rstrip("/")
    path = f"/api/v1/datasets/{access.row.id}@{version}/map/{request.path_params['tms']}"
    return f"{base}{path}/{{z}}/{{x}}/{{y}}.{kind}?{urlencode(query)}"


_SEE = Rule("may", Action.SEE, "dataset", url_token=True)
_BASE = "/api/v1/datasets/{dataset}/map/{tms}"
_PATHS = {f"{_BASE}/tilejson.json": tilejson, f"{_BASE}/{{z:int}}/{{x:int}}/{{y}}": tile}
ROUTES: list[BaseRoute] = [
    *(Route(path, guarded(_SEE, endpoint)) for path, endpoint in _PATHS.items()),
    *(Route(path, guarded(Rule("anyone"), preflight), methods=["OPTIONS"]) for path in _PATHS),
]
