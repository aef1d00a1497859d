"""A walk over all elements of a dataset, nested ones after their sequence, that no damage stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.valuerep import BYTES_VR

from triptych.dicom.guard import FAILURES, quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataelem import DataElement

VISITED = 20_000
"""So many elements of one dataset are looked at, unless told otherwise."""

DEEPEST = 16
"""Sequences nested deeper than this many levels are not looked into."""

BINARY = frozenset(str(vr) for vr in BYTES_VR)
"""Types whose values are bytes: OB, OD, OF, OL, OV, OW, UN."""

_PIXELS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))


@dataclass(frozen=True, slots=True)
class Visit:
    """One element on the walk. `element` is None where its value cannot be read; `raw` are then its bytes.

    `within` are the tags of the sequences that it stands in, outermost first.
    """

    tag: int
    vr: str
    within: tuple[int, ...]
    element: DataElement | None
    raw: bytes

    @property
    def value(self) -> Any:
        """The value as pydicom has it, or the bytes of one that cannot be read."""
        return self.raw if self.element is None else self.element.value

    @property
    def items(self) -> list[Dataset]:
        """The items of a sequence, [] for everything else."""
        if self.vr != "SQ" or self.element is None:
            return []
        return [item for item in self.value or [] if isinstance(item, Dataset)]

    @property
    def empty(self) -> bool:
        """Whether there is no value, or only padding."""
        value = self.value
        if value is None:
            return True
        if isinstance(value, bytes):
            return not value.strip(b" \0")
        return (
            not str(value).strip(" \0^=") if self.vr == "PN" else value in ("", []) or not str(value).strip()
        )


def walk(dataset: Dataset, *, limit: int = VISITED, deepest: int = DEEPEST) -> Iterator[Visit]:
    """Visit the elements of a dataset in the order of their tags, items of sequences after their sequence.

    At most `limit` elements, `deepest` levels deep (0: no sequence is looked into). The elements of pixels are
    left out; where reading stopped before them, they are not there anyway.
    """
    quiet()
    stack: list[tuple[tuple[int, ...], Iterator[int], Dataset]] = [((), iter(tags_of(dataset)), dataset)]
    while stack and limit > 0:
        within, tags, inside = stack[-1]
        tag = next(tags, None)
        if tag is None:
            stack.pop()
            continue
        limit -= 1
        visit = visit_of(inside, tag, within)
        yield visit
        if len(within) < deepest:
            deeper = (*within, tag)
            stack.extend((deeper, iter(tags_of(item)), item) for item in reversed(visit.items[:limit]))


def tags_of(dataset: Dataset) -> list[int]:
    """The tags of a dataset's elements in order, those of pixels left out."""
    return sorted(tag for tag in map(int, dataset.keys()) if tag not in _PIXELS)


def visit_of(dataset: Dataset, tag: int, within: tuple[int, ...]) -> Visit:
    """One element, whatever its bytes are; `within` as `Visit` has it."""
    raw = cast("DataElement | RawDataElement | None", dataset.get_item(tag, keep_deferred=True))
    try:
        element = dataset[tag]
        # Names are decoded when they are asked for.
        if element.VR == "PN":
            str(element.value)
        return Visit(tag, str(element.VR), within, element, b"")
    except FAILURES:
        value = raw.value if isinstance(raw, RawDataElement) else None
        vr = raw.VR if raw is not None and raw.VR else _dictionary_vr(tag)
        return Visit(tag, vr, within, None, value if isinstance(value, bytes) else b"")


def _dictionary_vr(tag: int) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


def tag_text(tag: int) -> str:
    """A tag as the standard writes it: "0018,0050", "0010,21B0"."""
    return f"{tag >> 16:04X},{tag & 0xFFFF:04X}"


def keyword_or_tag(tag: int) -> str:
    """The keyword of an element (PS3.6), or its tag where it has none: private and unknown ones."""
    return ("" if tag >> 16 & 1 else keyword_for_tag(tag)) or tag_text(tag)


def texts_of(visit: Visit, limit: int) -> list[str]:
    """The values of an element as texts, at most `limit`; [] for sequences, bytes and what is empty."""
    value = visit.value
    if visit.vr in BINARY or visit.vr == "SQ" or value is None:
        return []
    if isinstance(value, bytes):
        return [
            part for part in value[: 64 * limit].decode("latin-1").strip(" \0").split("\\")[:limit] if part
        ]
    values = value[:limit] if _several(value) else [value]
    texts = (_text(visit.vr, part) for part in values)
    return [text for text in texts if text]


def _several(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(value, "__getitem__") and hasattr(value, "__len__")


def _text(vr: str, value: Any) -> str:
    if value is None:
        return ""
    if vr == "AT" and isinstance(value, int):
        return tag_text(value)
    text = str(value)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text.strip()
