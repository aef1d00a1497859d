"""The header of one file up to its pixels: elements found by pydicom, values read leniently from their bytes.

Encodings of values are those of PS3.5, 6.2. Values are not validated: what does not fit its type is absent.
"""

from __future__ import annotations

import math
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from pydicom.charset import decode_bytes
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset, read_partial, read_sequence_item

from triptych.core.source import MemberError
from triptych.dicom.guard import FAILURES, quiet

if TYPE_CHECKING:
    from pydicom.tag import BaseTag

PER_FRAME_GROUPS = 0x52009230
_PIXELS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_INFLATED_LIMIT = 64 << 20
_LEAST = 1024
_TEXT_LIMIT = 1024
_VALUES_KEPT = 32
# A delimiter ends the reach of an escape to another character set (PS3.5, 6.1.2.5.3).
_DELIMITERS = {ord(letter) for letter in "\n\r\t\f\\^="}

_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}


class HeaderCut(MemberError):
    """The bytes at hand end before the header does; `code` is "header_cut". More bytes of the file are needed."""

    def __init__(self) -> None:
        super().__init__(
            "header_cut", "The bytes that were read end inside the header.", "Read more of the file."
        )

    def __reduce__(self) -> tuple[object, ...]:
        return HeaderCut, ()


class Elements:
    """Some elements of a dataset or of an item of a sequence, whose values are asked for by tag and type.

    Every method answers None, "" or () for what is absent, empty or of a wrong type.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def _find(self, tag: int) -> RawDataElement | DataElement | None:
        try:
            return self._dataset.get_item(tag)
        except FAILURES:
            return None

    def has(self, tag: int) -> bool:
        """Whether the element is there, even if empty."""
        return tag in self._dataset

    def texts(self, tag: int) -> tuple[str, ...]:
        """The values of an element of text, without padding; at most 32 values of at most 1,024 characters."""
        element = self._find(tag)
        if element is None or element.value is None:
            return ()
        value = element.value
        if isinstance(value, bytes):
            text = self._decoded(value[: _TEXT_LIMIT * _VALUES_KEPT])
        else:
            text = "\\".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        parts = [_clean(part) for part in text.split("\\", _VALUES_KEPT)[:_VALUES_KEPT]]
        return tuple(parts) if any(parts) else ()

    def _decoded(self, value: bytes) -> str:
        # An escape switches character sets within a text that is otherwise ASCII (ISO 2022).
        if value.isascii() and b"\x1b" not in value:
            return value.decode("ascii")
        try:
            quiet()
            return decode_bytes(value, _codecs(self._dataset), _DELIMITERS)
        except FAILURES:
            return value.decode("latin-1")

    def text(self, tag: int) -> str:
        """The first value as text, "" where there is none."""
        return next(iter(self.texts(tag)), "")

    def whole_text(self, tag: int) -> str:
        """All values of a text in which a backslash is no separator to a person: a description."""
        return " ".join(part for part in self.texts(tag) if part)

    def numbers(self, tag: int, vr: str = "DS") -> tuple[float | None, ...]:
        """The values of an element of numbers, None for those that are none (text, infinite, not a number).

        `vr` is the type that the element has by PS3.6 where the file does not say (implicit VR).
        """
        element = self._find(tag)
        if element is None:
            return ()
        kind, value = (element.VR or vr, element.value)
        if kind in ("UN", "OB", "OW"):
            kind = vr
        if isinstance(value, bytes) and kind in _NUMBERS:
            return _unpacked(value, _NUMBERS[kind], bool(getattr(element, "is_little_endian", True)))
        return tuple(_number(text) for text in self.texts(tag))

    def number(self, tag: int, vr: str = "DS") -> float | None:
        """The first value as a finite number."""
        return next(iter(self.numbers(tag, vr)), None)

    def integer(self, tag: int, vr: str = "IS") -> int | None:
        """The first value as a whole number; "12.0" is 12, "1A" is None."""
        value = self.number(tag, vr)
        return int(value) if value is not None and value == int(value) and abs(value) < 2**53 else None

    def vector(self, tag: int, length: int, vr: str = "DS") -> tuple[float, ...] | None:
        """`length` finite numbers, or None."""
        values = self.numbers(tag, vr)
        found = tuple(value for value in values if value is not None)
        return found if len(values) == len(found) == length else None

    def items(self, tag: int, limit: int = 1) -> list[Elements]:
        """The first items of a sequence, at most `limit`."""
        element = self._find(tag)
        if element is None:
            return []
        try:
            quiet()
            value = self._dataset[tag].value if isinstance(element, RawDataElement) else element.value
            return [Elements(item) for item in value[:limit] if isinstance(item, Dataset)]
        except FAILURES:
            return []


class Header(Elements):
    """The wanted elements of a file; made by `read_header`."""

    def __init__(
        self, dataset: Dataset, syntax: str, *, forced: bool, pixels: bool, frame: Elements | None
    ) -> None:
        super().__init__(dataset)
        meta = getattr(dataset, "file_meta", None)
        self.media_class = Elements(meta).text(0x00020002) or None if meta is not None else None
        self.transfer_syntax = syntax
        self.forced = forced
        self.pixels_found = pixels
        self.first_frame = frame


def read_header(data: bytes, tags: list[BaseTag | int], *, whole: bool) -> Header:
    """Read the elements in `tags` that come before the pixels, and the first item of the per-frame groups.

    Args:
        data: The file, or its beginning.
        tags: Which elements; Specific Character Set is always read.
        whole: Whether `data` is all of the file.

    Raises:
        HeaderCut: `data` is a beginning and ends before the header does.
        MemberError: `not_dicom` or `header_error`.
    """
    try:
        quiet()
        return _read(data, tags, whole=whole)
    except MemberError:
        raise
    except FAILURES as error:
        if not whole:
            raise HeaderCut from error
        raise MemberError(
            "header_error", "The DICOM header is damaged.", "Export the file again from where it came."
        ) from error


def _read(data: bytes, tags: list[BaseTag | int], *, whole: bool) -> Header:
    if not whole and len(data) < _LEAST:
        raise HeaderCut
    marked = data[128:132] == b"DICM"
    syntax = ""
    if marked and _DEFLATED in data[132:1156]:
        data, whole = _inflated(data, whole=whole)
        syntax = _DEFLATED.decode("ascii")
    stop = _Stop()
    stream = BytesIO(data)
    dataset = read_partial(stream, stop, force=True, specific_tags=tags)
    _believe(dataset, marked=marked, whole=whole)
    if not stop.tag and not whole:
        raise HeaderCut
    frame = _first_frame(stream, dataset, stop) if stop.tag == PER_FRAME_GROUPS else None
    if frame is None and stop.tag == PER_FRAME_GROUPS and not whole:
        raise HeaderCut
    syntax = syntax or str(dataset.file_meta.get("TransferSyntaxUID") or "")
    return Header(dataset, syntax, forced=not marked, pixels=stop.tag in _PIXELS, frame=frame)


class _Stop:
    """Says where to stop reading, and remembers why it did."""

    def __init__(self) -> None:
        self.tag = 0

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        # A shift gives a plain integer; comparing tags themselves costs a third of the reading.
        if tag >> 16 < 0x5200:
            return False
        if int(tag) >= 0x7FE00008 or tag == PER_FRAME_GROUPS:
            self.tag = int(tag)
            return True
        return False


def _believe(dataset: Dataset, *, marked: bool, whole: bool) -> None:
    """Refuse what pydicom only reads because it was forced to: any bytes look like elements to it."""
    if (
        marked
        or any(tag >> 16 == 8 for tag in map(int, dataset.keys()))
        or "MediaStorageSOPClassUID" in dataset.file_meta
    ):
        return
    if not whole and len(dataset.file_meta):
        raise HeaderCut
    raise MemberError(
        "not_dicom", "The file is not DICOM.", "Nothing to do if it was not meant to be a picture."
    )


def _first_frame(stream: BytesIO, dataset: Dataset, stop: _Stop) -> Elements | None:
    """The first item of the per-frame groups: the others are thousands, and grouping needs one."""
    implicit, little = dataset.original_encoding
    explicit = not implicit
    stream.seek(4, 1)
    long_form = explicit and stream.read(2) in (b"SQ", b"UN", b"OB")
    stream.seek(6 if long_form else (4 if implicit else 2), 1)
    item = _item_bytes(stream)
    if item is None:
        return None
    found = read_sequence_item(
        item, bool(implicit), bool(little), dataset.original_character_set or "iso8859"
    )
    return Elements(found) if found is not None else None


def _item_bytes(stream: BytesIO) -> BytesIO | None:
    """The stream from an item's tag on, or None when an item of known length is cut."""
    start = stream.tell()
    mark = stream.read(8)
    if len(mark) < 8:
        return None
    length = int.from_bytes(mark[4:], "little" if mark[:2] == b"\xfe\xff" else "big")
    size = stream.seek(0, 2)
    stream.seek(start)
    return None if length != 0xFFFFFFFF and start + 8 + length > size else stream


def _inflated(data: bytes, *, whole: bool) -> tuple[bytes, bool]:
    """The file with its deflated dataset inflated (PS3.5, A.5), at most 64 MB of it, and whether that is all."""
    stream = BytesIO(data)
    stream.seek(132)
    read_dataset(
        stream, is_implicit_VR=False, is_little_endian=True, stop_when=lambda tag, _, __: tag >> 16 != 2
    )
    start = stream.tell()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    body = unpacker.decompress(data[start:], _INFLATED_LIMIT)
    # An equally long name, so that the group's length still holds; zeros end a UID.
    meta = data[:start].replace(_DEFLATED, b"1.2.840.10008.1.2.1\0\0\0", 1)
    return meta + body, whole and len(body) < _INFLATED_LIMIT


def _clean(text: str) -> str:
    text = text[:_TEXT_LIMIT]
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text.strip()


def _number(text: str) -> float | None:
    # Python also takes "1_000" and digits of other scripts, which DS and IS do not know.
    if len(text) > 64 or not text.isascii() or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unpacked(value: bytes, code: str, little: bool) -> tuple[float | None, ...]:
    size = struct.calcsize("=" + code)
    count = min(len(value) // size, _VALUES_KEPT)
    numbers = struct.unpack(f"{'<' if little else '>'}{count}{code}", value[: count * size])
    return tuple(number if math.isfinite(number) else None for number in numbers)


def _codecs(dataset: Dataset) -> list[str]:
    codecs = dataset.original_character_set or "iso8859"
    return [codecs] if isinstance(codecs, str) else list(codecs)
