"""What runs in a decoding process for files of masks: read, decode, turn into run lengths. It knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.labels import MaskReading
from triptych.core.source import Member, MemberError
from triptych.masks.files import ObjectsFile, read_masks
from triptych.storage.sources import SourceRef, open_reader

if TYPE_CHECKING:
    from triptych.core.labels import Label
    from triptych.core.source import MemberReader
    from triptych.masks.files import Classes
    from triptych.masks.targets import Target


class MaskErrand(NamedTuple):
    """A file of masks. `targets` are the pictures that it may lie on, by SOP instance UID; "" is the only one."""

    number: int
    member: Member
    reading: MaskReading
    class_id: int | None
    targets: tuple[tuple[str, Target], ...]
    ignore: tuple[int, ...] = ()
    objects: Member | None = None
    class_ids: tuple[int, ...] = ()
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class MaskChunk:
    """Files of masks that one process reads in one go."""

    source: SourceRef
    private_networks: bool
    file_bytes: int
    max_pixels: int
    items: tuple[MaskErrand, ...]


class MaskResult(NamedTuple):
    """What became of one file: its masks and classes, or why it cannot be used. `lost` frames of a segmentation
    found no picture, `other_size` one of another size."""

    number: int
    labels: tuple[Label, ...]
    classes: Classes
    code: str = ""
    reason: str = ""
    lost: int = 0
    other_size: int = 0
    empty_item: int | None = None  # the picture of a mask that has nothing in it


def read_mask_chunk(chunk: MaskChunk) -> tuple[MaskResult, ...]:
    """Read every file of the chunk. What is wrong with one is its own result."""
    reader = open_reader(chunk.source, private_networks=chunk.private_networks)
    try:
        return tuple(_result(chunk, errand, reader) for errand in chunk.items)
    finally:
        reader.close()


def _result(chunk: MaskChunk, errand: MaskErrand, reader: MemberReader) -> MaskResult:
    try:
        data = reader.read(errand.member, chunk.file_bytes)
        if errand.reading is MaskReading.DICOM_SEG:
            from triptych.dicom.segmentation import read_segmentation  # pydicom takes long to import

            found = read_segmentation(data, dict(errand.targets), max_pixels=chunk.max_pixels)
            return MaskResult(
                errand.number, tuple(found.labels), found.classes, "", "", found.lost, found.other_size
            )
        ((_, target),) = errand.targets
        objects = None
        if errand.objects is not None or errand.class_ids:
            beside = None if errand.objects is None else reader.read(errand.objects, chunk.file_bytes)
            objects = ObjectsFile(beside, errand.class_ids, errand.numbered)
        masks = read_masks(
            data,
            errand.reading,
            target.item,
            size=(target.width, target.height),
            class_id=errand.class_id,
            max_pixels=chunk.max_pixels,
            ignore=errand.ignore,
            objects=objects,
        )
        empty = None if masks.labels else target.item
        return MaskResult(errand.number, tuple(masks.labels), masks.classes, empty_item=empty)
    except MemberError as error:
        return MaskResult(errand.number, (), {}, error.code, error.reason)
