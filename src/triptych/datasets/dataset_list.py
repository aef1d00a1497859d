"""The list of datasets: its filters, its orders with their keyset pages, and its facets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.dataset import Modality, State
from triptych.core.labels import Task
from triptych.db.tables import datasets

if TYPE_CHECKING:
    from collections.abc import Sequence

TAGS_COUNTED = 200
"""Tags of the facet, the most frequent ones."""


class Order(NamedTuple):
    """An order of the list: the column, the type of its values in a cursor, and whether large ones come first."""

    column: sa.Column[Any]
    kind: type[str] | type[int] | type[float]
    descending: bool


ORDERS = {
    "created": Order(datasets.c.created_at, float, descending=True),
    "name": Order(datasets.c.sort_name, str, descending=False),
    "items": Order(datasets.c["items"], int, descending=False),
    "bytes": Order(datasets.c.bytes, int, descending=False),
    "studies": Order(datasets.c.studies, int, descending=False),
}


def order_of(sort: str) -> Order:
    """The order that "name" or "-name" means."""
    order = ORDERS[sort.removeprefix("-")]
    return order._replace(descending=not order.descending) if sort.startswith("-") else order


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """What a dataset must be. Empty and None ask for nothing; of several values of one field one has to fit.

    `search` is folded text, each word of which must occur. Without `states` the trash is left out.
    """

    search: str = ""
    modalities: tuple[Modality, ...] = ()
    tasks: tuple[Task, ...] = ()
    states: tuple[State, ...] = ()
    tags: tuple[str, ...] = ()
    annotated: bool | None = None


def list_datasets(
    connection: sa.Connection,
    visible: sa.ColumnElement[bool],
    wanted: DatasetFilter,
    order: Order,
    after: Sequence[Any] | None,
    limit: int,
) -> list[sa.Row[Any]]:
    """Visible datasets in the order, behind the position (value of the column, id)."""
    keys = (order.column, datasets.c.id)
    # Only keys are sorted: whole rows, descriptions included, would take three times as long.
    page = sa.select(datasets.c.id).where(visible, *_conditions(connection, wanted))
    if after is not None:
        place = sa.tuple_(*(sa.literal(value) for value in after))
        page = page.where(sa.tuple_(*keys) < place if order.descending else sa.tuple_(*keys) > place)
    ordered = [key.desc() for key in keys] if order.descending else list(keys)
    ids = list(connection.execute(page.order_by(*ordered).limit(limit)).scalars())
    rows = {row.id: row for row in connection.execute(sa.select(datasets).where(datasets.c.id.in_(ids)))}
    return [rows[dataset_id] for dataset_id in ids]


def count_facets(
    connection: sa.Connection, visible: sa.ColumnElement[bool], wanted: DatasetFilter
) -> dict[str, Any]:
    """How many datasets pass, and each facet's counts under all filters but its own; two statements."""
    # Kinds are few however many datasets there are: the filters on them are applied to the counts.
    kinds = (datasets.c.modality, datasets.c.tasks, datasets.c.state)
    under = _conditions(connection, replace(wanted, modalities=(), tasks=()), but="states")
    rows = connection.execute(
        sa.select(*kinds, sa.func.count()).where(visible, *under).group_by(*kinds)
    ).all()
    total = 0
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("modality", "task", "state")}
    for modality, tasks, state, count in rows:
        fits = {
            "modality": not wanted.modalities or modality in wanted.modalities,
            "task": not wanted.tasks or not set(tasks.split()).isdisjoint(wanted.tasks),
            "state": state in wanted.states if wanted.states else state != State.TRASHED,
        }
        total += count if all(fits.values()) else 0
        for name, values in (("modality", (modality,)), ("task", tasks.split()), ("state", (state,))):
            if all(fit for other, fit in fits.items() if other != name):
                for value in values:
                    counts[name][value] += count
    tags = _tag_counts(connection, visible, wanted)
    # What is filtered by stays to be seen, so that it can be taken back.
    tags += [(tag, 0) for tag in wanted.tags if tag not in dict(tags)]
    vocabularies = (("modality", Modality), ("task", Task), ("state", State))
    facets = [_facet(name, [(each, counts[name][each]) for each in words]) for name, words in vocabularies]
    return {"total": total, "facets": [*facets, _facet("tag", tags)]}


def _facet(name: str, values: Sequence[tuple[str, int]]) -> dict[str, Any]:
    return {"name": name, "values": [{"value": value, "count": count} for value, count in values]}


def _tag_counts(
    connection: sa.Connection, visible: sa.ColumnElement[bool], wanted: DatasetFilter
) -> list[tuple[str, int]]:
    each = _each_tag(connection)
    count = sa.func.count(datasets.c.id.distinct())
    rows = connection.execute(
        sa.select(each.c.value, count)
        .select_from(datasets.join(each, sa.true()))
        .where(visible, *_conditions(connection, wanted, but="tags"))
        .group_by(each.c.value)
        .order_by(count.desc(), each.c.value)
        .limit(TAGS_COUNTED)
    )
    return [(row[0], row[1]) for row in rows]


def _each_tag(connection: sa.Connection) -> sa.TableValuedAlias:
    """The tags of a dataset as a table of one column."""
    if connection.dialect.name == "sqlite":
        return sa.func.json_each(datasets.c.tags).table_valued("value", name="each_tag")
    return (
        sa.func.json_array_elements_text(datasets.c.tags)
        .table_valued("value", name="each_tag")
        .render_derived()
    )


def _conditions(
    connection: sa.Connection, wanted: DatasetFilter, but: str = ""
) -> list[sa.ColumnElement[bool]]:
    """The conditions of a filter, the field `but` left aside."""
    found: list[sa.ColumnElement[bool]] = []
    if but != "states":
        states = [state.value for state in wanted.states]
        found.append(datasets.c.state.in_(states) if states else datasets.c.state != State.TRASHED.value)
    if wanted.modalities and but != "modalities":
        found.append(datasets.c.modality.in_([modality.value for modality in wanted.modalities]))
    if wanted.tasks and but != "tasks":
        words = sa.literal(" ") + datasets.c.tasks + " "
        found.append(sa.or_(*(words.contains(f" {task.value} ", autoescape=True) for task in wanted.tasks)))
    if wanted.tags and but != "tags":
        each = _each_tag(connection)
        found.append(
            sa.exists(sa.select(sa.literal(1)).select_from(each).where(each.c.value.in_(wanted.tags)))
        )
    if wanted.annotated is not None:
        found.append(datasets.c.annotation_sets > 0 if wanted.annotated else datasets.c.annotation_sets == 0)
    found += [datasets.c.search_text.contains(word, autoescape=True) for word in wanted.search.split()]
    return found
