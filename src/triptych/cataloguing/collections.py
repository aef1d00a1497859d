"""A version of a dataset as a Collection of STAC 1.1, and all of them as a Catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.cataloguing.addresses import GEOJSON, PARQUET, link
from triptych.cataloguing.bands import MOST_BANDS, common_name
from triptych.cataloguing.extensions import extensions_of
from triptych.cataloguing.stac_items import LABEL_ROLES, MEDIA_TYPES, SPLITS, STAC_VERSION
from triptych.cataloguing.times import rfc3339, seconds_of
from triptych.core.dataset import PARTS, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triptych.cataloguing.addresses import Addresses
    from triptych.core.recipe import DataSource, Recipe

WORLD = [-180.0, -90.0, 180.0, 90.0]


@dataclass(frozen=True, slots=True)
class LayerKind:
    """Files of one name that the chips of a version have; `format` is that of one of them."""

    name: str
    role: Role
    format: str


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What a Collection says of a version. `box` is west, south, east, north in degrees with west > east across the
    antimeridian; `times` the first and the last in seconds since 1970; both None where nothing is known."""

    id: str
    title: str
    description: str
    tags: Sequence[str]
    version: int
    published: float
    content_hash: str
    items: int
    parts: Mapping[str, int]
    box: Sequence[float] | None
    times: tuple[float, float] | None
    layers: Sequence[LayerKind]
    recipe: Recipe


def stac_collection(facts: CollectionFacts, addresses: Addresses) -> dict[str, Any]:
    """The Collection of a version. Its temporal extent ends with the publication where no time is known, since one
    end has to be."""
    start, end = _times(facts)
    interval = [
        None if start is None else rfc3339(start),
        rfc3339(facts.published if end is None else end),
    ]
    document: dict[str, Any] = {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "stac_extensions": [],
        "id": facts.id,
        "title": facts.title,
        "description": facts.description.strip() or f"Chips of the dataset {facts.title}.",
        **({"keywords": list(facts.tags)} if facts.tags else {}),
        "license": "other",
        "version": str(facts.version),
        "triptych:content_hash": facts.content_hash,
        "triptych:items": facts.items,
        "extent": {
            "spatial": {"bbox": [list(facts.box) if facts.box is not None else WORLD]},
            "temporal": {"interval": [interval]},
        },
        "summaries": _summaries(facts),
        "item_assets": {kind.name: _item_asset(kind, facts.recipe) for kind in facts.layers},
        "assets": {
            "items": {
                "href": addresses.parquet(facts.id),
                "type": PARQUET,
                "title": "All items as stac-geoparquet",
                "roles": ["collection-mirror"],
            }
        },
        "links": [
            link("self", addresses.collection(facts.id)),
            link("root", addresses.root()),
            link("parent", addresses.root()),
            link("items", addresses.items(facts.id), GEOJSON),
        ],
    }
    document["stac_extensions"] = extensions_of(document)
    return document


def stac_catalog(found: Iterable[tuple[str, str]], addresses: Addresses) -> dict[str, Any]:
    """The Catalog of an installation, with the ids and titles of its collections."""
    return {
        "type": "Catalog",
        "stac_version": STAC_VERSION,
        "id": "triptych",
        "title": "Triptych",
        "description": "Geospatial datasets: each is a collection, each chip an item.",
        "links": [
            link("self", addresses.root()),
            link("root", addresses.root()),
            link("data", addresses.collections()),
            *(link("child", addresses.collection(id), title=title) for id, title in found),
        ],
    }


def _times(facts: CollectionFacts) -> tuple[float | None, float | None]:
    """The first and the last time of the chips, the dates of stacks included."""
    stacked = [seconds_of(date) for date in facts.recipe.sources[0].dates] if facts.recipe.sources else []
    known = [*(facts.times or ()), *stacked]
    return (min(known), max(known)) if known else (None, None)


def _summaries(facts: CollectionFacts) -> dict[str, Any]:
    splits = [SPLITS[part] for part in PARTS if facts.parts.get(part.value)]
    found: dict[str, Any] = {}
    if splits:
        found["ml-aoi:split"] = splits
    sizes = sorted({source.resolution for source in facts.recipe.sources if source.resolution})
    if sizes:
        found["gsd"] = sizes
    return found


def _item_asset(kind: LayerKind, recipe: Recipe) -> dict[str, Any]:
    is_label = kind.role in LABEL_ROLES
    found: dict[str, Any] = {
        "title": kind.name,
        "type": MEDIA_TYPES.get(kind.format, "application/octet-stream"),
        "roles": ["labels", "labels-raster"] if is_label else ["data"],
        "ml-aoi:role": "label" if is_label else "feature",
    }
    source = recipe.source(kind.name)
    if source is not None and len(source.bands) <= MOST_BANDS:
        found["bands"] = _bands(source)
    return found


def _bands(source: DataSource) -> list[dict[str, Any]]:
    """The bands that are used, in the order in which they are."""
    documents = (
        {
            "name": name,
            "description": band.description or None,
            "eo:common_name": common_name(band.wavelength, band.color),
            "eo:center_wavelength": band.wavelength / 1000 if band.wavelength else None,
            "raster:scale": band.scale if band.scale != 1 else None,
            "raster:offset": band.offset or None,
        }
        for _, name, band in source.placed()
    )
    return [{key: value for key, value in each.items() if value is not None} for each in documents]
