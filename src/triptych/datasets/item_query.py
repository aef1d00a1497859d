"""What is asked for in words, as addresses and documents have it, made into a filter of items."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from triptych.core.errors import InvalidInput, NotAllowed, NotFound
from triptych.core.names import fold
from triptych.datasets.item_filter import ItemFilter
from triptych.datasets.item_tags import TagWish, values_like
from triptych.db.tables import annotation_sets, classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from triptych.datasets.item_filter import Scope
    from triptych.datasets.item_schemas import ItemWords
    from triptych.dicom.tags import TagQuery

Value = TypeVar("Value")

_SIZE = re.compile(r"(\d{1,9})[×x](\d{1,9})")


def item_filter(
    connection: sa.Connection, scope: Scope, words: ItemWords, *, personal: Callable[[], bool]
) -> ItemFilter:
    """The filter that words mean at a version; `personal` says whether tags about persons may be asked for.

    InvalidInput `bad_size`, `bad_tag`; NotAllowed `personal_tag`; NotFound `class_not_found`.
    """
    searched = tag_query(words.search or "", personal)
    asked = [_tag(text, personal) for text in _once(words.tag)] + ([searched] if searched else [])
    return ItemFilter(
        studies=_once(words.study),
        series=_once(words.series),
        parts=_once(part.value for part in words.part),
        search=None if searched else words.search or None,
        classes=class_pairs(connection, scope, _once(words.class_)),
        sizes=_once(_size(text) for text in words.size),
        bit_depths=_once(words.bit_depth),
        bands=_once(words.bands),
        findings=_once(words.finding),
        duplicates=_once(words.duplicates),
        modalities=_once(map(fold, words.modality)),
        body_parts=_once(map(fold, words.body_part)),
        tags=_once(_wish(connection, scope, query) for query in asked),
        flagged=words.flagged,
    )


def tag_query(text: str, personal: Callable[[], bool]) -> TagQuery | None:
    """What a search like `Modality:CT` asks for; None for other text. NotAllowed `personal_tag`."""
    if ":" not in text:
        return None
    from triptych.dicom.tags import parse_query  # pydicom's dictionary takes long to import

    query = parse_query(text)
    if query is not None and query.personal and not personal():
        raise NotAllowed(
            f"{query.tag} is about persons; it is searched by those who may edit the dataset.",
            code="personal_tag",
            hint="Ask for the right to edit, or search for another tag.",
        )
    return query


def _tag(text: str, personal: Callable[[], bool]) -> TagQuery:
    query = tag_query(text, personal)
    if query is None:
        raise InvalidInput(
            f"“{text[:100]}” is no DICOM tag with a value.",
            code="bad_tag",
            hint="Give a keyword or gggg,eeee, a colon and a value: Modality:CT, 0018,0050:5*.",
        )
    return query


def _wish(connection: sa.Connection, scope: Scope, query: TagQuery) -> TagWish:
    if "*" not in query.value:
        return TagWish(query.tag, (query.value,))
    return TagWish(query.tag, values_like(connection, scope.dataset_id, query.tag, query.like))


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
