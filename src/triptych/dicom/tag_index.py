"""What a search finds an instance by, and which of its tags are about a person: one walk over the elements.

Most values of a slice are those of the slice before it. What the bytes of an element say is kept, so that a series
costs little more than its first file: a third of the time that pydicom takes to convert every value anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydicom.dataelem import RawDataElement

from triptych.dicom.elements import VISITED, Visit, keyword_or_tag, tags_of, texts_of, visit_of
from triptych.dicom.guard import quiet
from triptych.dicom.personal import is_personal, is_personal_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

ENTRIES = 1000
DEPTH = 8
VALUE_LENGTH = 64

KEPT_BYTES = 256
"""Longer values are not kept: they are rarely those of another file."""

KEPT = 50_000
"""Values that are kept; then all are let go of, and keeping begins anew."""


class TagIndex(NamedTuple):
    """`entries` are pairs of keyword (or tag "0009,1001") and value, each once; `personal` the keywords of tags
    about a person that are not empty, sorted."""

    entries: list[tuple[str, str]]
    personal: list[str]


class _Known(NamedTuple):
    """What is known of an element: its name, its values as texts, and whether it tells of a person."""

    name: str
    texts: tuple[str, ...]
    personal: bool


_known: dict[tuple[object, ...], _Known] = {}


def tag_index(dataset: Dataset) -> TagIndex:
    """Walk over a dataset, nested elements after their sequence.

    Values are texts of at most 64 characters as they are written, every value of an element for itself. Elements
    inside sequences come under their own keyword, those inside a sequence about a person under the keyword of that
    sequence: so whoever may not see personal tags is spared them by keyword alone. Bytes, pixels and empty values
    are left out; so are entries beyond 1,000, elements beyond 20,000, and sequences 8 levels deep.
    """
    quiet()
    found: dict[tuple[str, str], None] = {}
    personal: set[str] = set()
    left = VISITED
    stack: list[tuple[str | None, Iterator[int], Dataset]] = [(None, iter(tags_of(dataset)), dataset)]
    while stack and left > 0:
        about, tags, inside = stack[-1]
        tag = next(tags, None)
        if tag is None:
            stack.pop()
            continue
        left -= 1
        known, items = _look(inside, tag)
        if known.personal:
            personal.add(known.name)
        if len(found) < ENTRIES:
            for text in known.texts[: ENTRIES - len(found)]:
                found[about or known.name, text] = None
        if items and len(stack) <= DEPTH:
            deeper = about or (known.name if is_personal_tag(tag) else None)
            stack.extend((deeper, iter(tags_of(item)), item) for item in reversed(items[:left]))
    return TagIndex(list(found), sorted(personal))


def _look(dataset: Dataset, tag: int) -> tuple[_Known, list[Dataset]]:
    """What an element says, and the items of a sequence."""
    raw: Any = dataset.get_item(tag, keep_deferred=True)
    key: tuple[object, ...] | None = None
    if (
        type(raw) is RawDataElement
        and raw.VR != "SQ"
        and raw.value is not None
        and len(raw.value) <= KEPT_BYTES
    ):
        key = (tag, raw.VR, raw.value, raw.is_little_endian, str(getattr(dataset, "_character_set", "")))
        known = _known.get(key)
        if known is not None:
            return known, []
    visit = visit_of(dataset, tag, ())
    known = _told(visit)
    items = visit.items
    if key is not None and not items:
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = known
    return known, items


def _told(visit: Visit) -> _Known:
    texts = dict.fromkeys(text[:VALUE_LENGTH].strip() for text in texts_of(visit, ENTRIES))
    personal = is_personal(visit.tag, visit.vr) and not visit.empty
    return _Known(keyword_or_tag(visit.tag), tuple(filter(None, texts)), personal)
