"""Values of elements as plain Python, whatever stands in the file: what makes no sense is absent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from triptych.dicom.guard import FAILURES

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_VALUES = 256
"""Values of one element that are looked at; no element that is asked for here has more in earnest."""


def value_of(dataset: Dataset, keyword: str) -> Any:
    """The element's value as pydicom has it; None when absent, empty or not to be read."""
    try:
        value = dataset.get(keyword)
    except FAILURES:
        return None
    return None if value is None or (isinstance(value, str) and not value.strip()) else value


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """The finite numbers of an element, in order, at most `MAX_VALUES`; [] when one of them is none.

    Decimal strings ("1906.5"), integers and floats, single or multi-valued.
    """
    found = []
    for each in _several(value_of(dataset, keyword)):
        try:
            number = float(each)
        except (TypeError, ValueError, OverflowError):
            return []
        if not math.isfinite(number):
            return []
        found.append(number)
    return found


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first number of an element, or None."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def integer(dataset: Dataset, keyword: str) -> int | None:
    """The first number of an element when it is whole, or None."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found == int(found) else None


def texts(dataset: Dataset, keyword: str) -> list[str]:
    """The values of an element as text, stripped of padding, at most `MAX_VALUES`."""
    try:
        return [str(each).strip(" \0") for each in _several(value_of(dataset, keyword))]
    except FAILURES:
        return []


def text(dataset: Dataset, keyword: str) -> str:
    """The first value of an element as text, or ""."""
    found = texts(dataset, keyword)
    return found[0] if found else ""


def raw_bytes(dataset: Dataset, keyword: str) -> bytes:
    """The bytes of an element of binary data, or b""."""
    value = value_of(dataset, keyword)
    return value if isinstance(value, bytes) else b""


def item(dataset: Dataset, keyword: str, index: int = 0) -> Dataset | None:
    """An item of a sequence, or None where there is none."""
    sequence = value_of(dataset, keyword)
    if not isinstance(sequence, Sequence):
        return None
    try:
        found = sequence[index] if index < len(sequence) else None
    except FAILURES:
        return None
    return found if isinstance(found, Dataset) else None


def functional_groups(dataset: Dataset, macro: str, index: int = 0) -> Iterator[Dataset]:
    """The first item of a functional group macro for a frame: its own before the shared one.

    PS3.3, C.7.6.16: an enhanced object keeps in (5200,9230) what differs by frame, in (5200,9229) what does not.
    """
    for keyword, position in (
        ("PerFrameFunctionalGroupsSequence", index),
        ("SharedFunctionalGroupsSequence", 0),
    ):
        group = item(dataset, keyword, position)
        found = None if group is None else item(group, macro)
        if found is not None:
            yield found


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value[:MAX_VALUES]) if isinstance(value, MultiValue | list | tuple) else [value]
