"""What a catalogue says of datasets, from their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.cataloguing.chips import ROLES, class_sets
from triptych.cataloguing.collections import CollectionFacts, LayerKind
from triptych.cataloguing.stac_items import Catalogued
from triptych.core.dataset import Modality, Role, State
from triptych.core.errors import InvalidInput, NotFound
from triptych.datasets.footprints import extent_of
from triptych.datasets.item_pages import scope_of
from triptych.datasets.recipes import recipe_in
from triptych.datasets.repository import get_version
from triptych.db.tables import datasets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.recipe import Recipe
    from triptych.datasets.item_filter import Scope

MOST_COLLECTIONS = 10_000


class Opened:
    """A version of a dataset, opened for its catalogue. InvalidInput `no_recipe` for one that is not geospatial,
    NotFound `version_not_found`."""

    def __init__(
        self, connection: sa.Connection, dataset: sa.Row[Any], version: int, collection: str
    ) -> None:
        published = get_version(connection, dataset.id, version)
        if published is None:
            raise NotFound(f"“{dataset.name}” has no version {version}.", code="version_not_found")
        recipe = recipe_in(dataset.details or {})
        if recipe is None:
            raise InvalidInput(
                f"“{dataset.name}” is not a geospatial dataset with data sources.",
                code="no_recipe",
                hint="Catalogues are of datasets of GeoTIFF chips.",
            )
        self.recipe: Recipe = recipe
        self.scope: Scope = scope_of(connection, dataset, version)
        self.total: int = published.counts["items"]
        self._dataset = dataset
        self._published = published
        self._collection = collection

    def catalogued(self, connection: sa.Connection) -> Catalogued:
        """What the items of the version say of it."""
        return Catalogued(
            self._collection,
            self._dataset.display_name,
            self._dataset.id,
            class_sets(connection, self._dataset.id, self.scope.version),
            self._published.created_at,
        )

    def facts(self, connection: sa.Connection) -> CollectionFacts:
        """What the collection says of the version."""
        extent = extent_of(connection, self.scope)
        counts: Mapping[str, Any] = self._published.counts
        first, last = extent.first, extent.last
        return CollectionFacts(
            id=self._collection,
            title=self._dataset.display_name,
            description=self._dataset.description,
            tags=self._dataset.tags,
            version=self.scope.version,
            published=self._published.created_at,
            content_hash=bytes(self._published.content_hash).hex(),
            items=self.total,
            parts=counts["split"],
            box=extent.box,
            times=None if first is None or last is None else (first, last),
            layers=_layers(counts["layers"]),
            recipe=self.recipe,
        )


def catalogued_datasets(
    connection: sa.Connection, visible: sa.ColumnElement[bool], before: str | None, limit: int
) -> list[sa.Row[Any]]:
    """Published geospatial datasets that are visible, newest first: those made before the id `before`."""
    statement = (
        sa.select(datasets)
        .where(
            visible,
            datasets.c.modality == Modality.GEOSPATIAL.value,
            datasets.c.version > 0,
            datasets.c.state != State.TRASHED.value,
        )
        .order_by(datasets.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(datasets.c.id < before)
    return [row for row in connection.execute(statement) if recipe_in(row.details or {}) is not None]


def _layers(counted: list[Mapping[str, Any]]) -> list[LayerKind]:
    kinds = [LayerKind(each["name"], Role(each["role"]), each["formats"][0].upper()) for each in counted]
    return sorted(kinds, key=lambda kind: (ROLES.index(kind.role), kind.name))
