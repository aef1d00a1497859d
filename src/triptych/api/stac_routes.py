"""Datasets as a STAC 1.1 catalogue under `/stac`, and as stac-geoparquet. Plain Starlette routes.

A collection is named as a dataset is: `NAME`, `NAME@3` or an id. Its own id is the name, or the dataset's id where
that lies in another organization, whose names may be the same. An API token may stand in the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.access_things import visible_datasets
from triptych.api.callers import TOKEN_PARAMETER
from triptych.api.dependencies import Access, database_of, guarded
from triptych.api.documents import decode_cursor, encode_cursor
from triptych.api.item_parameters import published_version
from triptych.cataloguing.addresses import GEOJSON, PARQUET, Addresses, link
from triptych.cataloguing.chips import chip_of_key, chip_page
from triptych.cataloguing.collections import stac_catalog, stac_collection
from triptych.cataloguing.geoparquet import stac_geoparquet
from triptych.cataloguing.reading import MOST_COLLECTIONS, Opened, catalogued_datasets
from triptych.cataloguing.stac_items import stac_item
from triptych.core.access import ANONYMOUS, Action
from triptych.core.errors import InvalidInput
from triptych.datasets.item_pages import no_such_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import sqlalchemy as sa
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from triptych.cataloguing.stac_items import Catalogued

LIMIT, MOST_ITEMS, MOST_LISTED = 50, 500, 100
ROW_GROUP = 500


class GeoJson(JSONResponse):
    """Items, and pages of them."""

    media_type = GEOJSON


async def catalog(request: Request, access: Access) -> Response:
    """The catalog: every collection that the caller may see."""
    return await run_in_threadpool(_catalog, request, access)


async def collections(request: Request, access: Access) -> Response:
    """A page of collections, newest first."""
    return await run_in_threadpool(_collections, request, access)


async def collection(request: Request, access: Access) -> Response:
    """A dataset's collection."""
    return await run_in_threadpool(_collection, request, access)


async def items(request: Request, access: Access) -> Response:
    """A page of a collection's items, in the order of their keys."""
    return await run_in_threadpool(_items, request, access)


async def item(request: Request, access: Access) -> Response:
    """An item by its key."""
    return await run_in_threadpool(_item, request, access)


async def parquet(request: Request, access: Access) -> Response:
    """All items as stac-geoparquet, made while it is sent."""
    return await run_in_threadpool(_parquet, request, access)


def _catalog(request: Request, access: Access) -> Response:
    with database_of(request).read() as connection:
        rows = catalogued_datasets(connection, visible_datasets(access.subject), None, MOST_COLLECTIONS)
    named = [(_collection_id(access, row, None), row.display_name) for row in rows]
    return JSONResponse(stac_catalog(named, addresses_of(request)))


def _collections(request: Request, access: Access) -> Response:
    limit, position = _limit(request, MOST_LISTED), decode_cursor(request.query_params.get("after"), str)
    addresses = addresses_of(request)
    with database_of(request).read() as connection:
        before = None if position is None else str(position[0])
        rows = catalogued_datasets(connection, visible_datasets(access.subject), before, limit + 1)
        documents = [_document(connection, access, row, row.version, addresses) for row in rows[:limit]]
    links = [link("self", addresses.collections()), link("root", addresses.root())]
    if len(rows) > limit:
        links.append(
            link("next", addresses.collections(limit=limit, after=encode_cursor((rows[limit - 1].id,))))
        )
    return JSONResponse({"collections": documents, "links": links})


def _document(
    connection: sa.Connection, access: Access, row: sa.Row[Any], version: int, addresses: Addresses
) -> dict[str, Any]:
    opened = Opened(connection, row, version, _collection_id(access, row, None))
    return stac_collection(opened.facts(connection), addresses)


def _collection(request: Request, access: Access) -> Response:
    with database_of(request).read() as connection:
        facts = _opened(connection, access).facts(connection)
    return JSONResponse(stac_collection(facts, addresses_of(request)))


def _items(request: Request, access: Access) -> Response:
    limit, position = _limit(request, MOST_ITEMS), decode_cursor(request.query_params.get("after"), int)
    addresses = addresses_of(request)
    with database_of(request).read() as connection:
        opened = _opened(connection, access)
        catalogued = opened.catalogued(connection)
        after = 0 if position is None else int(position[0])
        chips, following = chip_page(connection, opened.scope, opened.recipe, after, limit)
    features = [stac_item(chip, catalogued, addresses) for chip in chips]
    name = catalogued.collection
    links = [
        link("self", addresses.items(name), GEOJSON),
        link("root", addresses.root()),
        link("parent", addresses.collection(name), title=catalogued.title),
        link("collection", addresses.collection(name), title=catalogued.title),
    ]
    if following is not None:
        further = addresses.items(name, limit=limit, after=encode_cursor((following,)))
        links.append(link("next", further, GEOJSON))
    return GeoJson(
        {
            "type": "FeatureCollection",
            "features": features,
            "links": links,
            "numberMatched": opened.total,
            "numberReturned": len(features),
        }
    )


def _item(request: Request, access: Access) -> Response:
    key = request.path_params["key"]
    with database_of(request).read() as connection:
        opened = _opened(connection, access)
        catalogued = opened.catalogued(connection)
        chip = chip_of_key(connection, opened.scope, opened.recipe, key)
    if chip is None:
        raise no_such_item(key)
    return GeoJson(stac_item(chip, catalogued, addresses_of(request)))


def _parquet(request: Request, access: Access) -> Response:
    addresses, database = addresses_of(request), database_of(request)
    with database.read() as connection:
        opened = _opened(connection, access)
        catalogued, facts = opened.catalogued(connection), opened.facts(connection)
    pages = _pages(
        catalogued,
        addresses,
        lambda connection, after: chip_page(connection, opened.scope, opened.recipe, after, ROW_GROUP),
        database.read,
    )
    name = f"{access.row.name}-v{opened.scope.version}-stac.parquet"
    return StreamingResponse(
        stac_geoparquet(stac_collection(facts, addresses), pages),
        media_type=PARQUET,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


def _pages(
    catalogued: Catalogued, addresses: Addresses, page_of: Callable[..., Any], read: Callable[[], Any]
) -> Iterator[Sequence[dict[str, Any]]]:
    """Items a page at a time; no connection is held while a page is sent."""
    after: int | None = 0
    while after is not None:
        with read() as connection:
            chips, after = page_of(connection, after)
        yield [stac_item(chip, catalogued, addresses) for chip in chips]


def addresses_of(request: Request) -> Addresses:
    """The addresses that answers to a request name."""
    token = None if "authorization" in request.headers else request.query_params.get(TOKEN_PARAMETER)
    return Addresses(str(request.base_url).rstrip("/"), token)


def _opened(connection: sa.Connection, access: Access) -> Opened:
    version = published_version(access)
    return Opened(connection, access.row, version, _collection_id(access, access.row, access.version))


def _collection_id(access: Access, row: sa.Row[Any], version: int | None) -> str:
    subject = access.caller.subject or ANONYMOUS
    name = row.name if row.organization_id == subject.organization_id else row.id
    return str(name) if version is None else f"{name}@{version}"


def _limit(request: Request, most: int) -> int:
    text = request.query_params.get("limit", str(min(LIMIT, most)))
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise InvalidInput(
            "`limit` is not a whole number from 1.", code="bad_limit", hint=f"Give limit={most} or less."
        )
    return min(int(text), most)


_SEE = Rule("may", Action.SEE, "dataset", url_token=True)
_SIGNED_IN = Rule("signed_in", url_token=True)
_ONE = "/stac/collections/{dataset}"
ROUTES: list[BaseRoute] = [
    Route("/stac", guarded(_SIGNED_IN, catalog)),
    Route("/stac/collections", guarded(_SIGNED_IN, collections)),
    Route(_ONE, guarded(_SEE, collection)),
    Route(f"{_ONE}/items", guarded(_SEE, items)),
    Route(f"{_ONE}/items/{{key}}", guarded(_SEE, item)),
    Route("/api/v1/datasets/{dataset}/stac.parquet", guarded(_SEE, parquet)),
]
