"""Tallies of facets: how many of the items of a walk have each value of a field."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.labels import Kind
from triptych.datasets.item_filter import Copies, ItemFilter, Scope, assigned
from triptych.datasets.item_tags import TagColumn
from triptych.datasets.item_walk import walk_ids
from triptych.db.id_lists import among
from triptych.db.tables import annotation_rows, assignments, items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triptych.datasets.item_walk import Probes

FACET_BLOCK = 2_000

TAGS = {"modality": "Modality", "body_part": "BodyPartExamined"}
"""The DICOM tag of a facet; a dataset without DICOM has none of them."""

Tally = Counter[str]

_COLUMNS: dict[str, tuple[sa.Column[Any], ...]] = {
    "part": (assignments.c.part,),
    "study": (items.c.study,),
    "series": (items.c.series,),
    "size": (items.c.width, items.c.height),
    "bit_depth": (items.c.bit_depth,),
    "bands": (items.c.bands,),
    "finding": (items.c.notes,),
    "duplicates": (items.c.duplicate_group, items.c.near_group),
}


class FacetTallies:
    """Tallies of some facets over the items of a walk."""

    def __init__(
        self,
        connection: sa.Connection,
        scope: Scope,
        classes: Mapping[tuple[int, int], str],
        names: Sequence[str],
        probes: Probes,
    ) -> None:
        self._probes = probes
        self._connection = connection
        self._scope = scope
        self._classes = classes
        self._tags: dict[str, TagColumn] = {}
        self.tallies: dict[str, Tally] = {name: Counter() for name in names}
        self.complete = False

    def walk(self, wanted: ItemFilter, until: float) -> None:
        """Count what passes, up to a moment (of `time.monotonic`)."""
        last = time.monotonic()
        for block in walk_ids(self._connection, self._scope, wanted, 0, FACET_BLOCK, self._probes):
            self._take(block)
            now = time.monotonic()
            if now + (now - last) > until:  # the next block would end too late
                self.complete = len(block) < FACET_BLOCK
                return
            last = now
        self.complete = True

    def _take(self, ids: Sequence[int]) -> None:
        if self.tallies.keys() - {"class", *TAGS}:
            self._take_columns(ids)
        if "class" in self.tallies:
            self._take_classes(ids)
        for name in self.tallies.keys() & TAGS.keys():
            if name not in self._tags:
                self._tags[name] = TagColumn(self._connection, self._scope.dataset_id, TAGS[name])
            values = self._tags[name].values(ids)
            self.tallies[name].update(value for value in values if value is not None)

    def _take_columns(self, ids: Sequence[int]) -> None:
        columns = [column for name in self.tallies for column in _COLUMNS.get(name, ())]
        statement = sa.select(*columns).where(among(self._connection, items.c.id, ids))
        if "part" in self.tallies:
            statement = statement.select_from(items).outerjoin(assignments, assigned(self._scope))
        read = iter(zip(*self._connection.execute(statement).all(), strict=True))
        for name, tally in self.tallies.items():
            if name in _COLUMNS:
                _add(name, tally, *(next(read) for _ in _COLUMNS[name]))

    def _take_classes(self, ids: Sequence[int]) -> None:
        table = annotation_rows.c
        rows = self._connection.execute(
            sa.select(table.set_id, table.class_id, sa.func.count(table.item_id.distinct()))
            .where(
                among(self._connection, table.item_id, ids),
                table.kind != Kind.NOTHING.value,
                table.since <= self._scope.version,
                table.until > self._scope.version,
                sa.or_(table.value.is_(None), table.value > 0),
            )
            .group_by(table.set_id, table.class_id)
        )
        for set_id, class_id, count in rows:
            if (set_id, class_id) in self._classes:
                self.tallies["class"][self._classes[set_id, class_id]] += count


def codes_in(texts: Mapping[str, int]) -> Tally:
    """How often each code occurs, from how often each text of codes does."""
    codes: Tally = Counter()
    for text, count in texts.items():
        for code in text.split():
            codes[code] += count
    return codes


def _add(name: str, tally: Tally, *columns: Sequence[Any]) -> None:
    """Count the values of columns, one of each for every item."""
    if name == "size":
        tally.update(
            {
                f"{width}×{height}": count
                for (width, height), count in Counter(zip(*columns, strict=True)).items()
            }
        )
    elif name == "duplicates":
        equal, near = columns
        tally[Copies.EXACT.value] += sum(group > 0 for group in equal)
        tally[Copies.NEAR.value] += sum(group > 0 for group in near)
        tally[Copies.NONE.value] += sum(not (a or b) for a, b in zip(equal, near, strict=True))
    elif name == "finding":
        tally.update(codes_in(Counter(columns[0])))
    else:
        tally.update({str(value): count for value, count in Counter(columns[0]).items() if value is not None})
