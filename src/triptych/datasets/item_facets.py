"""Facets: how many items have each value of a field, under what is asked of all the other fields.

Without a filter they are read from the version, which counted them when it was published. Under one, a walk
counts what passes for a limited time; counts of a walk that did not come to its end are lower bounds.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import PARTS
from triptych.core.names import fold
from triptych.datasets.facet_tallies import TAGS, FacetTallies, Tally, codes_in
from triptych.datasets.item_filter import Copies, ItemFilter, Scope
from triptych.datasets.item_findings import finding_label
from triptych.datasets.item_titles import named_titles
from triptych.db.tables import NO_NOTES, items, tag_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triptych.datasets.item_walk import Probes

FACET_SECONDS = 0.08
"""Time that counting under a filter may take, all facets together."""

FIELDS = {
    "class": "classes",
    "part": "parts",
    "study": "studies",
    "series": "series",
    "size": "sizes",
    "bit_depth": "bit_depths",
    "bands": "bands",
    "finding": "findings",
    "duplicates": "duplicates",
    "modality": "modalities",
    "body_part": "body_parts",
}
"""The field of a filter that each facet shows the values of."""

MOST = {"study": 100, "series": 100, "size": 200}
"""Values that a facet of many shows, the most frequent ones."""

CLASSES_SHOWN = 200
"""Classes of one set that the facet shows, those that are asked for besides."""

_FIXED = {"part": [part.value for part in PARTS], "duplicates": [copies.value for copies in Copies]}

Shown = tuple[str, int, dict[str, Any]]
"""A value, how many items have it, and how it is shown."""


def count_facets(
    connection: sa.Connection, dataset_id: str, holds: sa.ColumnElement[bool], *, studies: bool
) -> dict[str, list[list[Any]]]:
    """What a version keeps of its facets, [value, count] each; parts and classes are counted elsewhere.

    `studies`: whether a study is more than its one item.
    """
    columns = items.c
    texts = _grouped(connection, sa.and_(holds, columns.notes != NO_NOTES), columns.notes)
    codes = codes_in({row[0]: row[1] for row in texts})
    equal, near = columns.duplicate_group > 0, columns.near_group > 0
    kinds = (equal, near, sa.not_(sa.or_(equal, near)))
    copies = connection.execute(
        sa.select(*(sa.func.count().filter(kind) for kind in kinds)).where(holds)
    ).one()
    return {
        "study": _grouped(connection, holds, columns.study, most=MOST["study"]) if studies else [],
        "series": _grouped(
            connection, sa.and_(holds, columns.series.is_not(None)), columns.series, most=MOST["series"]
        ),
        "size": [
            [f"{width}×{height}", count]
            for width, height, count in _grouped(
                connection, holds, columns.width, columns.height, most=MOST["size"]
            )
        ],
        "bit_depth": _grouped(connection, holds, columns.bit_depth),
        "bands": _grouped(connection, holds, columns.bands),
        "finding": [[code, count] for code, count in codes.most_common()],
        "duplicates": [[name, count] for name, count in zip(_FIXED["duplicates"], copies, strict=True)],
        **{name: _tagged(connection, dataset_id, holds, tag) for name, tag in TAGS.items()},
    }


def _tagged(
    connection: sa.Connection, dataset_id: str, holds: sa.ColumnElement[bool], tag: str
) -> list[list[Any]]:
    own = tag_runs.c.dataset_id == dataset_id, tag_runs.c.tag == tag
    count = sa.func.count().label("count")
    rows = connection.execute(
        sa.select(sa.func.min(tag_runs.c.shown), count)
        .select_from(tag_runs)
        .join(items, items.c.id.between(tag_runs.c.first_item, tag_runs.c.last_item))
        .where(*own, holds)
        .group_by(tag_runs.c.value)
        .order_by(count.desc(), tag_runs.c.value)
    )
    return [list(row) for row in rows]


def _grouped(
    connection: sa.Connection,
    holds: sa.ColumnElement[bool],
    *columns: sa.Column[Any],
    most: int | None = None,
) -> list[list[Any]]:
    count = sa.func.count().label("count")
    rows = connection.execute(
        sa.select(*columns, count)
        .where(holds)
        .group_by(*columns)
        .order_by(count.desc(), *columns)
        .limit(most)
    )
    return [list(row) for row in rows]


def facets(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, counts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The facets of a version with their counts under a filter; `counts` is the version's document.

    A value that is asked for is always among those shown, whatever its count.
    """
    stored = _stored(counts)
    names = [name for name in FIELDS if _is_shown(name, counts)]
    known = {name for name in names if name in stored and wanted.without(FIELDS[name]).empty}
    tallies, exact = _counted(
        connection, scope, wanted, [name for name in names if name not in known], counts
    )
    asked = _asked(wanted, counts)
    shown = {
        name: _values(
            name,
            stored[name] if name in known else tallies[name],
            stored.get(name),
            asked[name],
            counts,
        )
        for name in names
    }
    if any(name in stored and stored[name] for name in TAGS):
        for name, column in (("study", items.c.study), ("series", items.c.series)):
            shown[name] = _titled(connection, scope, name, column, shown.get(name, []))
    return [
        {
            "name": name,
            "values": [
                {"value": value, "count": count, "exact": name in known or exact[name], **told}
                for value, count, told in shown[name]
            ],
        }
        for name in names
    ]


def _titled(
    connection: sa.Connection, scope: Scope, name: str, column: sa.Column[Any], values: list[Shown]
) -> list[Shown]:
    """The values of studies or series with what their DICOM files call them as labels."""
    titles = named_titles(connection, scope, column, [value for value, _, _ in values])
    place = ("study", "series").index(name)
    return [
        (value, count, {**told, "label": (titles[value][place] if value in titles else "") or value})
        for value, count, told in values
    ]


def _is_shown(name: str, counts: Mapping[str, Any]) -> bool:
    if name == "study":
        return bool(counts["studies"] < counts["items"])
    return name not in TAGS or bool(counts["facets"].get(name))


def _stored(counts: Mapping[str, Any]) -> dict[str, Tally]:
    """The facets that a version has counted; one of an earlier release lacks some."""
    kept = {
        name: Counter({str(value): count for value, count in values})
        for name, values in counts["facets"].items()
        if name in FIELDS
    }
    classes = Counter(
        {class_value(entry, each): each["items"] for entry in counts["sets"] for each in entry["classes"]}
    )
    return {**kept, "part": Counter(counts["split"]), "class": classes}


def class_value(entry: Mapping[str, Any], each: Mapping[str, Any]) -> str:
    """How a class of a set is written where one is asked for."""
    return f"{entry['name']}:{each['name']}"


def _classes(counts: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """How every class of a version is written, by set and class."""
    return {
        (entry["id"], each["id"]): class_value(entry, each)
        for entry in counts["sets"]
        for each in entry["classes"]
    }


def _asked(wanted: ItemFilter, counts: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values of each facet that are asked for."""
    pairs = _classes(counts)
    return {
        "class": [pairs[pair] for pair in wanted.classes if pair in pairs],
        "part": list(wanted.parts),
        "study": list(wanted.studies),
        "series": list(wanted.series),
        "size": [f"{width}×{height}" for width, height in wanted.sizes],
        "bit_depth": [str(depth) for depth in wanted.bit_depths],
        "bands": list(wanted.bands),
        "finding": list(wanted.findings),
        "duplicates": [copies.value for copies in wanted.duplicates],
        "modality": _as_stored(wanted.modalities, counts, "modality"),
        "body_part": _as_stored(wanted.body_parts, counts, "body_part"),
    }


def _as_stored(asked: Sequence[str], counts: Mapping[str, Any], name: str) -> list[str]:
    """Folded values as the facet writes them."""
    written = {fold(value): value for value, _ in counts["facets"].get(name, ())}
    return [written.get(value, value) for value in asked]


def _values(
    name: str, tally: Tally, stored: Tally | None, asked: Sequence[str], counts: Mapping[str, Any]
) -> list[tuple[str, int, dict[str, Any]]]:
    """The values of a facet to be shown, each with its count and how it is shown."""
    if name == "class":
        return _class_values(tally, asked, counts)
    if name in _FIXED:
        values: Iterable[str] = _FIXED[name]
    else:
        # What few values there are stay where they are, also with none under the filter.
        all_known = [] if name in MOST else list(stored or ())
        frequent = [value for value, _ in tally.most_common(MOST.get(name))]
        values = dict.fromkeys([*frequent, *all_known, *asked])
    label = finding_label if name == "finding" else str
    return [(value, tally[value], {"label": label(value)}) for value in values]


def _class_values(
    tally: Tally, asked: Sequence[str], counts: Mapping[str, Any]
) -> list[tuple[str, int, dict[str, Any]]]:
    shown: list[tuple[str, int, dict[str, Any]]] = []
    for entry in counts["sets"]:
        own = []
        for each in entry["classes"]:
            value = class_value(entry, each)
            own.append(
                (value, tally[value], {"label": each["name"], "color": each["color"], "set": entry["name"]})
            )
        own.sort(key=lambda row: -row[1])
        shown += [row for place, row in enumerate(own) if place < CLASSES_SHOWN or row[0] in asked]
    return shown


def _counted(
    connection: sa.Connection,
    scope: Scope,
    wanted: ItemFilter,
    names: Sequence[str],
    counts: Mapping[str, Any],
) -> tuple[dict[str, Tally], dict[str, bool]]:
    """Tallies of facets under the filter, each without what is asked of itself, and which are complete."""
    if not names:
        return {}, {}
    classes = _classes(counts)
    apart = [name for name in names if getattr(wanted, FIELDS[name])]
    now = time.monotonic()
    until = now + FACET_SECONDS
    probes: Probes = {}
    whole = FacetTallies(connection, scope, classes, names, probes)
    whole.walk(wanted, now + FACET_SECONDS / (1 + len(apart)))
    tallies, exact = dict(whole.tallies), dict.fromkeys(names, whole.complete)
    for place, name in enumerate(apart):
        now = time.monotonic()
        exact[name] = False
        if now >= until:
            continue  # what passes the whole filter is a lower bound
        alone = FacetTallies(connection, scope, classes, [name], probes)
        alone.walk(wanted.without(FIELDS[name]), now + (until - now) / (len(apart) - place))
        tallies[name] = alone.tallies[name] | whole.tallies[name]
        exact[name] = alone.complete
    return tallies, exact
