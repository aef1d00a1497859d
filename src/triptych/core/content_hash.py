"""The hash of what a version holds: equal for equal items, bytes, labels, splits and classes, in any order.

It covers each item's key, SHA-256, study, series, position, part and layers where they have names; each annotation
set's task, classes (id, name, colour, opacity, weight, whether to ignore it) and labels (item's key, kind, class
name, value, box, shape). It leaves out the names of datasets and sets, which follow from where the data goes, and
everything that is computed from the bytes. A set counts as often as it occurs, and so does a label.

The form, version 1: each record is SHA-256 of one letter (I, C, L, S) and its fields, texts in UTF-8 with
their length before them and floats as the eight bytes of IEEE 754, so that no two records look alike. A
collection is the number of its records and their digests in sorted order. The hash is SHA-256 of the version
byte and the collections of items and of sets.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Layer = tuple[str, str, bytes]
    Item = tuple[str, bytes, str, str | None, int | None, str | None, Sequence[Layer]]
    Class = tuple[int, str, str, float, float | None, bool]
    BoxNumbers = tuple[float, float, float, float]
    LabelRow = tuple[str, str, str | None, float | None, BoxNumbers | None, str | None]
    AnnotationSet = tuple[str, Iterable[Class], Iterable[LabelRow]]

FORM = 1
"""Version of the form, a part of what is hashed: another form gives other hashes."""

_ABSENT = 0xFFFF_FFFF
_ITEM = struct.Struct("<cIIIIBq")
_CLASS = struct.Struct("<cqIIdBd")
_LABEL = struct.Struct("<cIIIBdB4d")


def content_hash(items: Iterable[Item], sets: Iterable[AnnotationSet]) -> bytes:
    """The 32 bytes that name the content.

    `items` are (key, sha256, study, series, position, part, layers) with layers (name, role, sha256) in the order
    of names, none for one picture without a name; `sets` are (task, classes, labels) with classes (id, name,
    color, opacity, weight, ignore) and labels (key, kind, class name, value, (x, y, width, height), shape as
    one line of JSON or None). Both are read once; 32 bytes are held for each record. ValueError when a digest
    has not 32 bytes.
    """
    whole = hashlib.sha256(b"triptych content" + bytes([FORM]))
    whole.update(_collection(_item(item) for item in items))
    whole.update(_collection(_set(task, classes, labels) for task, classes, labels in sets))
    return whole.digest()


def _collection(digests: Iterable[bytes]) -> bytes:
    held = bytearray()
    for digest in digests:
        held += digest
    # Bytes are compared as four big-endian numbers: the order of the digests as texts, several times faster.
    rows = np.frombuffer(held, dtype=">u8").reshape(-1, 4).astype(np.uint64)
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))
    sorted_rows = rows[order].astype(">u8")
    return hashlib.sha256(struct.pack("<Q", len(rows)) + sorted_rows.tobytes()).digest()


def _item(item: Item) -> bytes:
    key, sha256, study, series, position, part, layers = item
    if len(sha256) != 32:
        raise ValueError(f"the digest of {key!r} has {len(sha256)} bytes, not 32")
    texts = [_bytes(key), _bytes(study), _bytes(series), _bytes(part)]
    head = _ITEM.pack(b"I", *map(_length, texts), position is not None, position or 0)
    return hashlib.sha256(
        b"".join((head, sha256, *[text or b"" for text in texts], *_layers(layers)))
    ).digest()


def _layers(layers: Sequence[Layer]) -> Iterator[bytes]:
    """An item without named layers is hashed as it was before there were any."""
    for name, role, digest in layers:
        texts = name.encode("utf-8", "surrogatepass"), role.encode()
        yield struct.pack("<cII", b"Y", *map(len, texts)) + b"".join(texts) + digest


def _set(task: str, classes: Iterable[Class], labels: Iterable[LabelRow]) -> bytes:
    named = _bytes(task) or b""
    head = struct.pack("<cI", b"S", len(named)) + named
    parts = _collection(_class(row) for row in classes) + _collection(_label(row) for row in labels)
    return hashlib.sha256(head + parts).digest()


def _class(row: Class) -> bytes:
    number, name, color, opacity, weight, ignore = row
    texts = [_bytes(name), _bytes(color)]
    head = _CLASS.pack(
        b"C", number, *map(_length, texts), opacity + 0.0, weight is not None, (weight or 0) + 0.0
    )
    ignored = [b"N"] if ignore else []
    return hashlib.sha256(b"".join((head, *[text or b"" for text in texts], *ignored))).digest()


def _label(row: LabelRow) -> bytes:
    key, kind, class_name, value, box, shape = row
    texts = [_bytes(key), _bytes(kind), _bytes(class_name)]
    # Adding 0.0 makes 0 of minus zero, which databases and texts do not keep apart.
    numbers = [number + 0.0 for number in box or (0, 0, 0, 0)]
    head = _LABEL.pack(
        b"L", *map(_length, texts), value is not None, (value or 0) + 0.0, box is not None, *numbers
    )
    # A label without a shape is hashed as it was before there were any.
    form = [] if shape is None else [b"G", shape.encode()]
    return hashlib.sha256(b"".join((head, *[text or b"" for text in texts], *form))).digest()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _length(text: bytes | None) -> int:
    return _ABSENT if text is None else len(text)
