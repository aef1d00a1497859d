"""Studies and series of a version: studies in the order of their first items, series in that of positions."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.datasets.item_filter import ItemFilter, Scope, holding
from triptych.datasets.item_milestones import line_of, place_of
from triptych.datasets.item_titles import Titles, titles_of
from triptych.datasets.item_walk import hidden, id_before, walk_ids
from triptych.db.id_lists import among
from triptych.db.tables import items, layers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT = 8
"""Versions whose studies are kept, those asked for last: eight bytes for each study."""

WITHOUT_POSITION = 2**31
"""Items without a position come behind those that have one."""

EVERY = ItemFilter()

_lock = threading.Lock()
_starts: OrderedDict[tuple[str, str, int], array[int]] = OrderedDict()


def study_page(
    connection: sa.Connection,
    scope: Scope,
    counts: Mapping[str, Any],
    search: str | None,
    after: int,
    limit: int,
) -> tuple[list[dict[str, Any]], int | None]:
    """Studies whose first item lies behind the id `after`, with their series, and the id to go on behind.

    `search` is a text in the name, case ignored for ASCII letters.
    """
    if search:
        starts = _searched(connection, scope, search, after, limit + 1)
    elif _loose(counts):
        starts = next(walk_ids(connection, scope, EVERY, after, limit + 1), [])
    else:
        known = _study_starts(connection, scope)
        first = bisect_right(known, after)
        starts = list(known[first : first + limit + 1])
    shown = starts[:limit]
    return _documents(connection, scope, shown), (shown[-1] if len(starts) > limit else None)


def study_position(
    connection: sa.Connection,
    scope: Scope,
    counts: Mapping[str, Any],
    item_id: int,
    study: str,
    seconds: float,
) -> dict[str, Any]:
    """Where an item's study stands among all of the version: its place from 0 (None where counting would take
    longer than `seconds`), how many there are, and the keys of the first items of those before and behind."""
    if _loose(counts):
        index = place_of(connection, scope, EVERY, line_of(connection, scope, EVERY, seconds), item_id)
        before = id_before(connection, scope, EVERY, item_id)
        behind = next(walk_ids(connection, scope, EVERY, item_id, 1), [None])[0]
    else:
        starts = _study_starts(connection, scope)
        start = connection.execute(
            sa.select(sa.func.min(items.c.id)).where(holding(scope), items.c.study == study)
        ).scalar_one()
        index = bisect_left(starts, start)
        before = starts[index - 1] if index else None
        behind = starts[index + 1] if index + 1 < len(starts) else None
    keys = {
        row.id: row.key
        for row in connection.execute(
            sa.select(items.c.id, items.c.key).where(
                items.c.id.in_([neighbour for neighbour in (before, behind) if neighbour is not None])
            )
        )
    }
    return {
        "index": index,
        "total": counts["studies"],
        "previous": None if before is None else keys[before],
        "next": None if behind is None else keys[behind],
    }


def _loose(counts: Mapping[str, Any]) -> bool:
    """Whether every item is a study of its own."""
    return bool(counts["studies"] == counts["items"])


def _study_starts(connection: sa.Connection, scope: Scope) -> array[int]:
    """The ids of the first items of all studies, ascending; read once for each version, which never changes."""
    key = (str(connection.engine.url), scope.dataset_id, scope.version)
    with _lock:
        known = _starts.pop(key, None)
        if known is not None:
            _starts[key] = known
            return known
    firsts = sa.select(sa.func.min(items.c.id)).where(holding(scope)).group_by(items.c.study)
    known = array("q", sorted(connection.scalars(firsts)))
    with _lock:
        _starts[key] = known
        while len(_starts) > KEPT:
            _starts.popitem(last=False)
    return known


def _searched(connection: sa.Connection, scope: Scope, text: str, after: int, limit: int) -> list[int]:
    if "\0" in text:  # no name holds one
        return []
    first = sa.func.min(items.c.id)
    return list(
        connection.scalars(
            sa.select(first)
            .where(holding(scope), items.c.study.icontains(text, autoescape=True))
            .group_by(items.c.study)
            .having(first > after)
            .order_by(first)
            .limit(limit)
        )
    )


def _documents(connection: sa.Connection, scope: Scope, starts: Sequence[int]) -> list[dict[str, Any]]:
    names = {
        row.id: row.study
        for row in connection.execute(
            sa.select(items.c.id, items.c.study).where(among(connection, items.c.id, starts))
        )
    }
    first = sa.func.min(items.c.id)
    rows = connection.execute(
        sa.select(items.c.study, items.c.series, sa.func.count().label("items"), first.label("first"))
        .where(holding(scope), among(connection, items.c.study, list(names.values())))
        .group_by(items.c.study, items.c.series)
        .order_by(first)
    ).all()
    shown = {
        row.id: (row.key, bytes(row.sha256).hex())
        for row in connection.execute(
            sa.select(items.c.id, items.c.key, layers.c.sha256)
            .join(layers, _picture(scope))
            .where(among(connection, items.c.id, [row.first for row in rows]))
        )
    }
    titles = titles_of(connection, [bytes.fromhex(sha256) for _, sha256 in shown.values()])
    documents: dict[str, dict[str, Any]] = {
        names[start]: {"study": names[start], "title": "", "items": 0, "series": []} for start in starts
    }
    for row in rows:
        key, sha256 = shown[row.first]
        document = documents[row.study]
        document["items"] += row.items
        title = titles.get(bytes.fromhex(sha256), Titles("", ""))
        document["title"] = document["title"] or title.study
        document["series"].append(
            {
                "series": row.series,
                "title": title.series,
                "items": row.items,
                "first_key": key,
                "sha256": sha256,
            }
        )
    return list(documents.values())


def series_page(
    connection: sa.Connection,
    scope: Scope,
    study: str,
    series: str | None,
    after: tuple[int, int] | None,
    limit: int,
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """Items of a series (None: of those that name none) in the order of positions, then of items, behind the
    place `after`; and the place to go on behind."""
    rank = _rank()
    statement = (
        sa.select(
            items.c.id,
            items.c.key,
            items.c.position,
            items.c.width,
            items.c.height,
            layers.c.sha256,
            rank.label("rank"),
        )
        .join(layers, _picture(scope))
        .where(_of_series(connection, scope, study, series))
        .order_by(rank, items.c.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(
            sa.tuple_(rank, items.c.id) > sa.tuple_(*(sa.literal(each, sa.BigInteger) for each in after))
        )
    rows = connection.execute(statement).all()
    shown = [
        {
            "key": row.key,
            "sha256": bytes(row.sha256).hex(),
            "position": row.position,
            "width": row.width,
            "height": row.height,
        }
        for row in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return shown, (None if last is None else (last.rank, last.id))


def series_place(connection: sa.Connection, scope: Scope, item: sa.Row[Any]) -> tuple[int, int]:
    """The place of an item (a row with id, study, series and position) in its series, and how many there are."""
    rank = _rank()
    own = WITHOUT_POSITION if item.position is None else item.position
    before = sa.tuple_(rank, items.c.id) < sa.tuple_(
        sa.literal(own, sa.BigInteger), sa.literal(item.id, sa.BigInteger)
    )
    row = connection.execute(
        sa.select(sa.func.count().filter(before), sa.func.count()).where(
            _of_series(connection, scope, item.study, item.series)
        )
    ).one()
    return row[0], row[1]


def _rank() -> sa.ColumnElement[int]:
    return sa.func.coalesce(
        items.c.position, sa.literal(WITHOUT_POSITION, sa.BigInteger), type_=sa.BigInteger
    )


def _of_series(
    connection: sa.Connection, scope: Scope, study: str, series: str | None
) -> sa.ColumnElement[bool]:
    # A study has few items, a name of a series perhaps all: the index of studies is the one to read.
    named = items.c.series.is_(None) if series is None else items.c.series == series
    return sa.and_(
        items.c.dataset_id == scope.dataset_id,
        items.c.study == study,
        hidden(connection, sa.and_(holding(scope), named)),
    )


def _picture(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(
        layers.c.item_id == items.c.id,
        layers.c.role == "image",
        layers.c.since <= scope.version,
        layers.c.until > scope.version,
    )
