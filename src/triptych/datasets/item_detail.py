"""Everything about one item: its place in lists, what its picture is, and what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.datasets.footprints import place_row, same_ground
from triptych.datasets.item_filter import ItemFilter, Scope, holding
from triptych.datasets.item_findings import own_findings
from triptych.datasets.item_milestones import line_of, place_of
from triptych.datasets.item_pages import item_documents, no_such_item
from triptych.datasets.item_studies import series_place, study_position
from triptych.datasets.item_titles import Titles, titles_of
from triptych.datasets.item_walk import id_before, walk_ids
from triptych.datasets.pixel_document import pixel_document
from triptych.datasets.raster_document import FORMAT, index_documents, layer_documents, place_document
from triptych.db.tables import contents, items, sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.recipe import Recipe

COUNTING_SECONDS = 0.1
"""Time that a request may take to count where the item stands; the next one goes on from there."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What the database knows of an item. `content` is the row of its picture's content."""

    document: dict[str, Any]
    content: sa.Row[Any]
    item: sa.Row[Any]


def item_detail(
    connection: sa.Connection,
    scope: Scope,
    wanted: ItemFilter,
    counts: Mapping[str, Any],
    key: str,
    recipe: Recipe | None = None,
) -> Detail:
    """The item of a key, as lists show it, with its place under a filter, in its study and in its series; of a raster
    also its layers, as the recipe names them, and where it lies.

    NotFound `item_not_found`.
    """
    item = connection.execute(
        sa.select(items, sources.c.filename, sources.c.manifest)
        .outerjoin(sources, sources.c.id == items.c.source_id)
        .where(holding(scope), items.c.key == key)
        .limit(1)
    ).first()
    if item is None:
        raise no_such_item(key)
    (document,) = item_documents(connection, scope, [item.id], whole_shapes=True)
    content = connection.execute(
        sa.select(contents)
        .where(contents.c.sha256 == bytes.fromhex(document["sha256"]))
        .order_by(contents.c.code_version.desc())
        .limit(1)
    ).one()
    found = dict(content.notes)
    series_index, series_items = series_place(connection, scope, item)
    title = titles_of(connection, [bytes(content.sha256)]).get(bytes(content.sha256), Titles("", ""))
    document |= {
        **_place(connection, scope, wanted, counts, item.id),
        "study_position": study_position(connection, scope, counts, item.id, item.study, COUNTING_SECONDS),
        "study_title": title.study,
        "series_title": title.series,
        "series_items": series_items,
        "series_index": series_index,
        "findings": own_findings(item.notes.split(), found),
        **pixel_document(content),
        **_raster(connection, scope, recipe, item.id, content),
    }
    return Detail(document, content, item)


def _raster(
    connection: sa.Connection, scope: Scope, recipe: Recipe | None, item_id: int, content: sa.Row[Any]
) -> dict[str, Any]:
    if recipe is None and content.format != FORMAT:
        return {"layers": [], "place": None, "indices": [], "same_ground": []}
    footprint = place_row(connection, item_id)
    return {
        "layers": layer_documents(connection, scope, recipe, item_id),
        "place": place_document(content, footprint),
        "indices": index_documents(connection, scope, recipe, item_id),
        "same_ground": [] if footprint is None else same_ground(connection, scope, footprint),
    }


def _place(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, counts: Mapping[str, Any], item_id: int
) -> dict[str, Any]:
    line = line_of(connection, scope, wanted, COUNTING_SECONDS)
    known = counts["items"] if wanted.empty else None
    before = id_before(connection, scope, wanted, item_id)
    behind = next(walk_ids(connection, scope, wanted, item_id, 1), [None])[0]
    neighbours = [neighbour for neighbour in (before, behind) if neighbour is not None]
    keys: dict[int | None, str] = {
        row.id: row.key
        for row in connection.execute(sa.select(items.c.id, items.c.key).where(items.c.id.in_(neighbours)))
    }
    return {
        "index": place_of(connection, scope, wanted, line, item_id),
        "total": line.total if line.complete else known,
        "previous": keys.get(before),
        "next": keys.get(behind),
    }


def spacing_of(details: Mapping[str, Any]) -> list[float] | None:
    """The size of a pixel in millimetres, [per row, per column], from a dataset's details: `pixel_spacing_mm` is
    a number or [row, column]; None where it is neither, or not above zero."""
    given = details.get("pixel_spacing_mm")
    pair: list[Any] = given if isinstance(given, list) else [given, given]
    if len(pair) != 2 or not all(_is_length(each) for each in pair):
        return None
    return [float(each) for each in pair]


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9
