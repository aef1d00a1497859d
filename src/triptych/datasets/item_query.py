"""What is asked for in words, as addresses and documents have it, made into a filter of items."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from triptych.core.errors import InvalidInput, NotFound
from triptych.datasets.item_filter import ItemFilter
from triptych.db.tables import annotation_sets, classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triptych.datasets.item_filter import Scope
    from triptych.datasets.item_schemas import ItemWords

Value = TypeVar("Value")

_SIZE = re.compile(r"(\d{1,9})[×x](\d{1,9})")


def item_filter(connection: sa.Connection, scope: Scope, words: ItemWords) -> ItemFilter:
    """The filter that words mean at a version.

    InvalidInput `bad_size`; NotFound `class_not_found`.
    """
    return ItemFilter(
        studies=_once(words.study),
        series=_once(words.series),
        parts=_once(part.value for part in words.part),
        search=words.search or None,
        classes=class_pairs(connection, scope, _once(words.class_)),
        sizes=_once(_size(text) for text in words.size),
        bit_depths=_once(words.bit_depth),
        bands=_once(words.bands),
        findings=_once(words.finding),
        duplicates=_once(words.duplicates),
        flagged=words.flagged,
    )


def class_pairs(connection: sa.Connection, scope: Scope, texts: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The classes that texts like `SET:CLASS` or `CLASS` name; NotFound `class_not_found` for one that names none."""
    if not texts:
        return ()
    rows = connection.execute(
        sa.select(annotation_sets.c.id, classes.c.class_id, annotation_sets.c.name, classes.c.name)
        .join(classes, classes.c.set_id == annotation_sets.c.id)
        .where(
            annotation_sets.c.dataset_id == scope.dataset_id,
            annotation_sets.c.since <= scope.version,
            annotation_sets.c.until > scope.version,
            classes.c.since <= scope.version,
            classes.c.until > scope.version,
        )
        .order_by(annotation_sets.c.id, classes.c.class_id)
    ).all()
    named: dict[str, list[tuple[int, int]]] = {}
    for set_id, class_id, set_name, class_name in rows:
        for text in {class_name, f"{set_name}:{class_name}"}:
            named.setdefault(text, []).append((set_id, class_id))
    for text in texts:
        if text not in named:
            raise NotFound(
                f"No annotation set has a class called “{text}”.",
                code="class_not_found",
                hint="`triptych show` lists the classes of every set.",
            )
    return _once(pair for text in texts for pair in named[text])


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise InvalidInput(
            f"“{text}” is not a size.", code="bad_size", hint="Give width and height: 640×480."
        )
    return int(match[1]), int(match[2])


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))
