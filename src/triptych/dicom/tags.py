"""The tags of an instance: for a search, as a JSON document, as a list for people; and what a person searches.

The JSON is the DICOM JSON model (PS3.18, Annex F).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_description, keyword_for_tag

from triptych.core.names import fold
from triptych.dicom.elements import BINARY, VISITED, Visit, keyword_or_tag, tag_text, texts_of, walk
from triptych.dicom.guard import FAILURES, quiet
from triptych.dicom.personal import PERSONAL_KEYWORDS, is_personal, personal_sequence
from triptych.dicom.tag_index import VALUE_LENGTH

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_SHOWN_LENGTH = 256
_SHOWN_VALUES = 64
_INLINE_BYTES = 1024
_TEXT_LENGTH = 65_536
_JSON_DEPTH = 16


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A line in the list of tags. `tag` is "0010,0010", `depth` 0 for the instance's own elements.

    `value` is text of at most 256 characters; a sequence says how many items it has, bytes say how many they are.
    """

    tag: str
    keyword: str
    name: str
    vr: str
    value: str
    depth: int
    personal: bool


def tag_entries(dataset: Dataset, limit: int = VISITED) -> list[TagEntry]:
    """All elements in order, those of a sequence after it and one deeper; pixels are left out."""
    return [_entry(visit) for visit in walk(dataset, limit=limit)]


def _entry(visit: Visit) -> TagEntry:
    tag = visit.tag
    public = not tag >> 16 & 1
    keyword = keyword_for_tag(tag) if public else ""
    personal = is_personal(tag, visit.vr) or personal_sequence(visit) is not None
    return TagEntry(
        tag_text(tag), keyword, _name(visit), visit.vr, _shown(visit), len(visit.within), personal
    )


def _name(visit: Visit) -> str:
    if visit.element is not None:
        return str(visit.element.name).strip("[]")
    try:
        return dictionary_description(visit.tag)
    except KeyError:
        return "Private element" if visit.tag >> 16 & 1 else "Unknown element"


def _shown(visit: Visit) -> str:
    if visit.vr == "SQ":
        count = len(visit.items)
        return f"{count} item" if count == 1 else f"{count} items"
    if visit.vr in BINARY:
        value = visit.value
        return f"{len(value):,} bytes" if isinstance(value, bytes) else ""
    text = " \\ ".join(texts_of(visit, _SHOWN_VALUES))
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"


def json_document(dataset: Dataset) -> dict[str, Any]:
    """The dataset in the DICOM JSON model, without bulk data, of JSON's own types alone.

    Pixels are left out. Bytes over 1,024 have no value but "Length", their number (which is ours: the standard
    has an address there); texts end after 65,536 characters. A value that does not fit its type is a text, a
    number that is none is null. At most 20,000 elements, 16 levels deep. Never raises on bad values.
    """
    quiet()
    return _object(dataset, 0, [VISITED])


def _object(dataset: Dataset, depth: int, left: list[int]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    # One level at a time: a document is nested, so the items of a sequence are made where it stands.
    for visit in walk(dataset, limit=left[0], deepest=0):
        left[0] -= 1
        if left[0] < 0:
            break
        document[f"{visit.tag:08X}"] = _attribute(visit, depth, left)
    return document


def _attribute(visit: Visit, depth: int, left: list[int]) -> dict[str, Any]:
    if visit.vr == "SQ":
        items = visit.items if depth < _JSON_DEPTH else []
        return {"vr": "SQ", "Value": [_object(item, depth + 1, left) for item in items if left[0] > 0]}
    value = visit.value
    if isinstance(value, bytes) and len(value) > _INLINE_BYTES:
        return {"vr": visit.vr, "Length": len(value)}
    try:
        if visit.element is not None:
            return {name: _plain(part) for name, part in visit.element.to_json_dict(None, 0).items()}
    except FAILURES:
        pass
    texts = texts_of(visit, _SHOWN_VALUES)
    return {"vr": visit.vr, "Value": [_plain(text) for text in texts]} if texts else {"vr": visit.vr}


def _plain(value: Any) -> Any:
    """The same of JSON's own types: pydicom leaves its own numbers, names and dates in there."""
    if isinstance(value, str):
        text = str(value)[:_TEXT_LENGTH]
        # A lone surrogate has no UTF-8.
        return text.encode("utf-8", "replace").decode("utf-8")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)[:_TEXT_LENGTH]


@dataclass(frozen=True, slots=True)
class TagQuery:
    """A search for a value of a tag. `tag` is named as `tag_index` names it; `value` is folded, "*" any text."""

    tag: str
    value: str

    @property
    def personal(self) -> bool:
        """Whether it asks for what is about a person; a private tag does, since nobody knows what it holds."""
        private = "," in self.tag and int(self.tag[3], 16) % 2 == 1
        return private or self.tag in PERSONAL_KEYWORDS

    @property
    def like(self) -> str:
        """The value as a pattern for SQL's LIKE with the escape character "\\"."""
        escaped = re.sub(r"([\\%_])", r"\\\1", self.value)
        return re.sub(r"\*+", "%", escaped)

    def fits(self, value: str) -> bool:
        """Whether a folded value of the index fits: it is equal, or "*" stands for what differs."""
        return _fits(self.value, value)


def _fits(pattern: str, value: str) -> bool:
    first, *others = pattern.split("*")
    if not others:
        return pattern == value
    *middle, last = others
    if not value.startswith(first) or len(value) < len(first) + len(last) or not value.endswith(last):
        return False
    start, end = len(first), len(value) - len(last)
    for part in middle:
        found = value.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


_QUERY = re.compile(
    r"""\s*(?:"(?P<quoted>[^"]{1,128})"|(?P<bare>\([0-9a-fx]{4},\ ?[0-9a-fx]{4}\)|[0-9a-z,]{1,128}))
    \s*:\s*(?:"(?P<phrase>[^"]{1,256})"|(?P<word>[^\s"]{1,256}))\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_TAG = re.compile(r"\(?([0-9a-f]{4}),? ?([0-9a-f]{4})\)?", re.IGNORECASE)


def parse_query(text: str) -> TagQuery | None:
    """Read `tag:value`: "Modality:CT", "0018,0050:5*", "(0018,0050):5", '"Patient ID":"A 17"'; None for other text.

    A tag is a keyword of PS3.6 in any case, its name in quotes, or eight hexadecimal digits; a word before a colon
    that is none of these makes no query, so "scan:1.png" is the name of a file. A value with blanks needs quotes.
    Values are compared folded and at their first 64 characters, as they are indexed.
    """
    parts = _QUERY.fullmatch(text)
    if parts is None:
        return None
    tag = _known_tag(parts["quoted"] or parts["bare"])
    value = fold(parts["phrase"] or parts["word"]).strip()
    if tag is None or not value:
        return None
    return TagQuery(tag, value if "*" in value else value[:VALUE_LENGTH].strip())


def _known_tag(name: str) -> str | None:
    digits = _TAG.fullmatch(name.strip())
    if digits is not None:
        return keyword_or_tag(int(digits[1] + digits[2], 16))
    return _names().get(fold(name.strip()))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Keywords and names of all elements of PS3.6, folded, each with its keyword."""
    known = [(name, keyword) for _, _, name, _, keyword in DicomDictionary.values() if keyword]
    return {fold(name): keyword for name, keyword in known} | {fold(keyword): keyword for _, keyword in known}
