"""From the bytes of a file to a pydicom dataset, and to the place of its pixel data, in bounded memory.

File format: PS3.10, 7 (preamble, file meta information); encodings: PS3.5, 7 and Annex A.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Literal

from pydicom import dcmread
from pydicom.datadict import dictionary_has_tag
from pydicom.uid import DeflatedExplicitVRLittleEndian
from pydicom.valuerep import VR

from triptych.core.source import MemberError
from triptych.dicom.guard import FAILURES, quiet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset

MAX_INFLATED = 2**30
"""Bytes that a deflated dataset may inflate to; its own header cannot say how many it will be."""

MAX_INFLATED_HEADER = 2**26
"""The same where only the header is wanted."""

Order = Literal["little", "big"]

_PREAMBLE = 132
_META_HEAD = 2**16
_VRS = {str(vr).encode() for vr in VR if len(str(vr)) == 2}
_LONG_VRS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset that was read. `forced`: the file lacks the preamble, the mark DICM, or the file meta information.

    `syntax` is the UID of the transfer syntax: the file's word, or for want of one what its encoding shows.
    """

    dataset: Dataset
    forced: bool
    syntax: str


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixel data lies: its keyword, VR ("" for implicit), and the bytes of its value that are there.

    `data` reaches to the end of the file when `undefined`, the length is not defined, as for encapsulated data.
    """

    keyword: str
    vr: str
    big_endian: bool
    undefined: bool
    data: memoryview


def looks_like_dicom(head: bytes) -> bool:
    """Whether the first bytes of a file (132 or more) are those of DICOM; nothing is read beyond them.

    The mark DICM decides. Without it, the first two elements have to be plausible: groups 0002 or 0008 of the
    standard's dictionary, ascending, a known VR and a length that fits it, explicit VR in either byte order or
    implicit VR little endian, as streams and ACR-NEMA files have them.
    """
    if head[128:_PREAMBLE] == b"DICM":
        return True
    return any(
        _plausible(head, big, explicit) for big, explicit in ((False, True), (True, True), (False, False))
    )


def read_dataset(
    data: bytes | BinaryIO, *, header_only: bool = False, tags: Sequence[str] | None = None
) -> Opened:
    """Read a dataset, with `header_only` up to the pixel data, with `tags` only these keywords (and the meta).

    Values are parsed when they are asked for, which may fail for each alone. MemberError: `not_dicom`,
    `header_error`, `not_enough_memory`. No warning comes out.
    """
    stream = BytesIO(data) if isinstance(data, bytes) else data
    return _open(stream, header_only=header_only, tags=tags)[0]


def read_pixels(data: bytes) -> tuple[Opened, PixelElement | None]:
    """The header of a file, and where its pixel data lies without a copy of it; None when it has none.

    MemberError as `read_dataset`.
    """
    opened, stream = _open(BytesIO(data), header_only=True, tags=None)
    body = memoryview(data) if stream is None else memoryview(stream[0])
    position = opened.dataset.buffer.tell() if stream is None else stream[1]
    return opened, _pixel_element(body, position)


def _open(
    stream: BinaryIO, *, header_only: bool, tags: Sequence[str] | None
) -> tuple[Opened, tuple[bytes, int] | None]:
    """The dataset and, for a deflated one, its inflated bytes with the position at which reading ended."""
    quiet()
    stream.seek(0)
    head = stream.read(_META_HEAD)
    marked = head[128:_PREAMBLE] == b"DICM"
    start = _PREAMBLE if marked else 0
    end, syntax = _meta_end(head, start)
    inflated = None
    try:
        if syntax == DeflatedExplicitVRLittleEndian:
            stream.seek(end)
            body = _inflate(stream, MAX_INFLATED_HEADER if header_only else MAX_INFLATED, partly=header_only)
            inner = BytesIO(body)
            dataset = _read(inner, header_only=header_only, tags=tags)
            dataset.file_meta = _read(BytesIO(head[:end]), header_only=True, tags=None).file_meta
            inflated = body, inner.tell()
        else:
            stream.seek(0)
            dataset = _read(stream, header_only=header_only, tags=tags)
        syntax = _syntax_of(dataset)
    except MemoryError:
        raise MemberError(
            "not_enough_memory",
            "The file's elements do not fit in the memory that a decoding process may use.",
            "Raise the setting worker_memory.",
        ) from None
    except FAILURES as error:
        raise _unreadable(head, marked, error) from None
    forced = not marked or not dataset.file_meta
    if forced and not _believable(dataset, head):
        raise _unreadable(head, marked, None)
    if not len(dataset) and not tags and not dataset.file_meta:
        raise _unreadable(head, marked, None)
    return Opened(dataset, forced, syntax), inflated


def _read(stream: BinaryIO, *, header_only: bool, tags: Sequence[str] | None) -> FileDataset:
    return dcmread(
        stream, force=True, stop_before_pixels=header_only, specific_tags=list(tags) if tags else None
    )


def _unreadable(head: bytes, marked: bool, error: BaseException | None) -> MemberError:
    if not marked and not looks_like_dicom(head):
        return MemberError(
            "not_dicom",
            "The file is not DICOM: it has neither the mark DICM at byte 128 nor elements of group 0008.",
            "Remove it, or rename it so that its ending tells what it is.",
        )
    why = f": {_short(error)}" if error is not None and str(error) else ""
    return MemberError(
        "header_error",
        f"The elements of the DICOM header cannot be read{why}.",
        "Export or copy the file again from its origin.",
    )


def _short(error: BaseException) -> str:
    """A library's words about its failure, without the values of elements that it may quote."""
    if isinstance(error, RecursionError):
        return "sequences are nested too deeply"
    if isinstance(error, zlib.error):
        return "the deflated dataset is damaged"
    return "their structure is damaged"


def _syntax_of(dataset: Dataset) -> str:
    meta: FileMetaDataset = dataset.file_meta
    declared = str(meta.get("TransferSyntaxUID") or "").strip(" \0")
    if declared:
        return declared
    implicit, little = dataset.original_encoding
    if implicit:
        return "1.2.840.10008.1.2"
    return "1.2.840.10008.1.2.1" if little else "1.2.840.10008.1.2.2"


def _believable(dataset: Dataset, head: bytes) -> bool:
    """pydicom makes elements of anything when forced; a file of ours begins plausibly or names its SOP class."""
    named = "SOPClassUID" in dataset or "MediaStorageSOPClassUID" in dataset.file_meta
    return looks_like_dicom(head) or named


def _meta_end(head: bytes, start: int) -> tuple[int, str]:
    """Where the file meta information ends, and the transfer syntax that it names ("" where it names none)."""
    position, syntax = start, ""
    while position + 8 <= len(head) and head[position : position + 2] == b"\x02\0":
        vr = head[position + 4 : position + 6]
        if vr not in _VRS:
            break
        wide = vr in _LONG_VRS
        offset = position + (12 if wide else 8)
        length = int.from_bytes(head[offset - (4 if wide else 2) : offset], "little")
        if offset + length > len(head):
            break
        if head[position + 2 : position + 4] == b"\x10\0":
            syntax = head[offset : offset + length].rstrip(b" \0").decode("latin-1")
        position = offset + length
    return position, syntax


def _inflate(stream: BinaryIO, limit: int, *, partly: bool) -> bytes:
    """Inflate up to `limit` bytes; what comes out before damage is kept. PS3.5, A.5: a raw deflate stream."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    size = 0
    while not unpacker.eof:
        chunk = unpacker.unconsumed_tail or stream.read(2**16)
        if not chunk:
            break
        try:
            part = unpacker.decompress(chunk, 2**22)
        except zlib.error:
            if size:
                break
            raise
        parts.append(part)
        size += len(part)
        if size > limit:
            if partly:
                break
            raise MemberError(
                "too_many_pixels",
                f"The deflated dataset inflates to more than {limit} bytes.",
                "Store the file in another transfer syntax.",
            )
    return b"".join(parts)


def _plausible(head: bytes, big: bool, explicit: bool) -> bool:
    order: Order = "big" if big else "little"
    position, last = 0, -1
    for _ in range(2):
        group = int.from_bytes(head[position : position + 2], order)
        tag = group << 16 | int.from_bytes(head[position + 2 : position + 4], order)
        known = group in (0x0002, 0x0008) and (not tag & 0xFFFF or dictionary_has_tag(tag))
        if position + 8 > len(head) or not known or tag <= last:
            return False
        size = _element_size(head, position, order, explicit)
        if size is None:
            return False
        position, last = position + size, tag
        if position + 8 > len(head):
            return position <= 2**16
    return True


def _element_size(head: bytes, position: int, order: Order, explicit: bool) -> int | None:
    """Bytes of an element with its head when they are plausible for the beginning of a file."""
    if not explicit:
        length = int.from_bytes(head[position + 4 : position + 8], order)
        return 8 + length if length <= 1024 and length % 2 == 0 else None
    vr = head[position + 4 : position + 6]
    if vr not in _VRS:
        return None
    wide = vr in _LONG_VRS
    first, last = (8, 12) if wide else (6, 8)
    length = int.from_bytes(head[position + first : position + last], order)
    fits = length <= 1024 and length % 2 == 0 and (vr != b"UL" or length % 4 == 0)
    return last + length if fits else None


_PIXELS = {0x7FE00010: "PixelData", 0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData"}


def _pixel_element(body: memoryview, position: int) -> PixelElement | None:
    """The pixel element that begins at a position, or None where none does."""
    start = bytes(body[position : position + 12])
    if len(start) < 8:
        return None
    orders: tuple[Order, ...] = ("little", "big")
    for order in orders:
        group = int.from_bytes(start[:2], order)
        keyword = _PIXELS.get(group << 16 | int.from_bytes(start[2:4], order))
        if keyword is None:
            continue
        # A length that reads as one of these letters would be odd, and lengths are even.
        explicit = start[4:6] in _LONG_VRS and start[6:8] == b"\0\0" and len(start) == 12
        length = int.from_bytes(start[8:12] if explicit else start[4:8], order)
        begin = position + (12 if explicit else 8)
        undefined = length == 0xFFFFFFFF
        return PixelElement(
            keyword=keyword,
            vr=start[4:6].decode() if explicit else "",
            big_endian=order == "big",
            undefined=undefined,
            data=body[begin:] if undefined else body[begin : begin + length],
        )
    return None
