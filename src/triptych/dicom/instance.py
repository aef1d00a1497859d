"""One DICOM instance as grouping sees it: identity, geometry, time, and what kind of object it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from pydicom.tag import Tag

from triptych.dicom.geometry import normal
from triptych.dicom.header import PER_FRAME_GROUPS, Elements, Header, HeaderCut, read_header
from triptych.dicom.sop_classes import SEGMENTATIONS, has_no_pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.dicom.geometry import Orientation, Vector

__all__ = ["HeaderCut", "Instance", "read_instance"]

Found = TypeVar("Found")

_REFERENCES_KEPT = 100_000
_UID_LENGTH = 128
_TITLE_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Instance:
    """What the header of one file says. None, "" or () is what the file leaves out or says in a wrong type.

    UIDs are as the file has them. `patient` is an opaque text, equal for instances of one patient: a digest of
    Patient ID with its issuer, or of name and birth date where there is no ID; it can be guessed by whoever
    knows the ID, so it is not a pseudonym. `position` is ImagePositionPatient (x, y, z) in mm, `orientation` the
    directions of a row and of a column (PS3.3, C.7.6.2.1.1), both of the first frame; `spacing` is (y, x) in mm;
    `slice_thickness` and `spacing_between` in mm, `gantry_tilt` in degrees, `echo_time`, `trigger_time` in ms,
    `b_value` in s/mm². `study_date` is "2004-01-19". `frames` is at least 1. `references` are the SOP instance
    UIDs that a segmentation is drawn on. `forced` says that the file has no DICOM mark.
    """

    sop_uid: str | None
    sop_class: str | None
    study_uid: str | None
    series_uid: str | None
    frame_of_reference: str | None
    transfer_syntax: str | None
    modality: str
    patient: str | None
    series_number: int | None
    instance_number: int | None
    acquisition_number: int | None
    echo_time: float | None
    echo_number: int | None
    temporal_position: float | None
    trigger_time: float | None
    b_value: float | None
    image_type: tuple[str, ...]
    rows: int | None
    columns: int | None
    frames: int
    position: Vector | None
    orientation: Orientation | None
    spacing: tuple[float, float] | None
    slice_thickness: float | None
    spacing_between: float | None
    gantry_tilt: float | None
    series_description: str
    study_description: str
    study_date: str | None
    body_part: str
    has_pixels: bool
    is_seg: bool
    references: tuple[str, ...]
    forced: bool


_SPACINGS = (0x00280030, 0x00181164, 0x00182010)
_SHARED = 0x52009229
_REFERENCED_SERIES = 0x00081115
_SOURCE_IMAGES = 0x00082112

_WANTED = [
    Tag(tag)
    for tag in (
        0x00080008, 0x00080016, 0x00080018, 0x00080020, 0x00080060, 0x00081030, 0x0008103E, _REFERENCED_SERIES,
        _SOURCE_IMAGES, 0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00180015, 0x00180050, 0x00180081,
        0x00180086, 0x00180088, 0x00181060, 0x00181120, 0x00189087, 0x0020000D, 0x0020000E, 0x00200011, 0x00200012,
        0x00200013, 0x00200032, 0x00200037, 0x00200052, 0x00200100, 0x00280008, 0x00280010, 0x00280011, *_SPACINGS,
        0x00189082, 0x00209128, 0x00209153, _SHARED, PER_FRAME_GROUPS,
    )
]  # fmt: skip


def read_instance(data: bytes, *, whole: bool = True) -> Instance:
    """Read what grouping needs from a file, or from its beginning.

    Of enhanced objects the functional groups are those of the first frame (PS3.3, C.7.6.16): values that all
    frames share, else the first frame's own. Values of wrong types are absent, never an error.

    Args:
        data: The file, or its first bytes. 64 KB are enough for most; pixels are not looked at.
        whole: Whether `data` is all of the file.

    Raises:
        HeaderCut: `data` is a beginning that ends inside the header; call again with more.
        MemberError: `not_dicom` (neither mark nor group 0008), `header_error` (damaged).
    """
    header = read_header(data, list(_WANTED), whole=whole)
    frame = _FirstFrame(header)
    sop_class = _uid(header, 0x00080016) or header.media_class
    rows, columns = (_positive(header.integer(tag, "US")) for tag in (0x00280010, 0x00280011))
    is_seg = sop_class in SEGMENTATIONS
    return Instance(
        sop_uid=_uid(header, 0x00080018),
        sop_class=sop_class,
        study_uid=_uid(header, 0x0020000D),
        series_uid=_uid(header, 0x0020000E),
        frame_of_reference=_uid(header, 0x00200052),
        transfer_syntax=header.transfer_syntax or None,
        modality=header.text(0x00080060)[:16],
        patient=_patient(header),
        series_number=header.integer(0x00200011),
        instance_number=header.integer(0x00200013),
        acquisition_number=header.integer(0x00200012),
        echo_time=frame.find(_ECHO, _echo_time),
        echo_number=header.integer(0x00180086),
        temporal_position=frame.find(_FRAME_CONTENT, _temporal_position),
        trigger_time=frame.find(_CARDIAC, _trigger_time),
        b_value=frame.find(_DIFFUSION, lambda part: part.number(0x00189087, "FD")),
        image_type=header.texts(0x00080008),
        rows=rows,
        columns=columns,
        frames=max(1, header.integer(0x00280008) or 1),
        position=frame.find(_PLANE_POSITION, _position),
        orientation=frame.find(_PLANE_ORIENTATION, _orientation),
        spacing=frame.find(_MEASURES, _spacing),
        slice_thickness=frame.find(_MEASURES, lambda part: _above_zero(part.number(0x00180050))),
        spacing_between=frame.find(_MEASURES, lambda part: part.number(0x00180088)),
        gantry_tilt=frame.find(_CT_DETAILS, lambda part: part.number(0x00181120)),
        series_description=header.whole_text(0x0008103E)[:_TITLE_LENGTH],
        study_description=header.whole_text(0x00081030)[:_TITLE_LENGTH],
        study_date=_date(header.text(0x00080020)),
        body_part=header.text(0x00180015)[:64],
        has_pixels=_has_pixels(header, sop_class, rows, columns),
        is_seg=is_seg,
        references=_references(header) if is_seg else (),
        forced=header.forced,
    )


# The macros of functional groups (PS3.3, C.7.6.16.2 and C.8), each a sequence of one item.
_MEASURES, _PLANE_POSITION, _PLANE_ORIENTATION = 0x00289110, 0x00209113, 0x00209116
_FRAME_CONTENT, _CARDIAC = 0x00209111, 0x00189118
_ECHO, _DIFFUSION, _CT_DETAILS = 0x00189114, 0x00189117, 0x00189304


class _FirstFrame:
    """Where values of the first frame stand: at the top, among what frames share, or in its own groups."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._groups = header.items(_SHARED)
        if header.first_frame is not None:
            self._groups.append(header.first_frame)

    def find(self, macro: int, read: Callable[[Elements], Found | None]) -> Found | None:
        """What `read` finds at the top, else in a macro of the groups."""
        found = read(self._header)
        for group in self._groups:
            if found is not None:
                break
            for item in group.items(macro):
                found = read(item)
        return found


def _uid(part: Elements, tag: int) -> str | None:
    return part.text(tag)[:_UID_LENGTH] or None


def _position(part: Elements) -> Vector | None:
    found = part.vector(0x00200032, 3)
    return (found[0], found[1], found[2]) if found is not None else None


def _orientation(part: Elements) -> Orientation | None:
    found = part.vector(0x00200037, 6)
    if found is None or normal(found) is None:
        return None
    return (found[0], found[1], found[2], found[3], found[4], found[5])


def _spacing(part: Elements) -> tuple[float, float] | None:
    for tag in _SPACINGS:
        found = part.vector(tag, 2)
        if found is not None and min(found) > 0:
            return (found[0], found[1])
    return None


def _echo_time(part: Elements) -> float | None:
    return _first_of(part.number(0x00180081), part.number(0x00189082, "FD"))


def _temporal_position(part: Elements) -> float | None:
    return _first_of(part.number(0x00200100, "IS"), part.number(0x00209128, "UL"))


def _trigger_time(part: Elements) -> float | None:
    return _first_of(part.number(0x00181060), part.number(0x00209153, "FD"))


def _first_of(first: float | None, second: float | None) -> float | None:
    return second if first is None else first


def _positive(value: int | None) -> int | None:
    return value if value is not None and value > 0 else None


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _date(text: str) -> str | None:
    """A DA value, also as older versions of the standard wrote it: 2004.01.19 (PS3.5, 6.2)."""
    parts = _DATE.fullmatch(text)
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3])).isoformat()
    except ValueError:
        return None


_DATE = re.compile(r"([0-9]{4})[.-]?([0-9]{2})[.-]?([0-9]{2})")


def _patient(header: Header) -> str | None:
    identity = header.whole_text(0x00100020)
    if identity:
        parts = ("id", identity, header.whole_text(0x00100021))
    else:
        parts = ("name", header.whole_text(0x00100010).casefold(), header.text(0x00100030))
        if not parts[1].strip("^= "):
            return None
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _has_pixels(header: Header, sop_class: str | None, rows: int | None, columns: int | None) -> bool:
    if header.pixels_found:
        return True
    # Reading ends at the groups of frames, which stand before the pixels.
    return header.first_frame is not None and bool(rows and columns) and not has_no_pixels(sop_class)


def _references(header: Header) -> tuple[str, ...]:
    """The instances that Common Instance Reference names (PS3.3, C.12.2), else those of Source Image Sequence."""
    found: dict[str, None] = {}
    for series in header.items(_REFERENCED_SERIES, _REFERENCES_KEPT):
        for item in series.items(0x0008114A, _REFERENCES_KEPT):
            found[item.text(0x00081155)[:_UID_LENGTH]] = None
    if not found:
        found = {
            item.text(0x00081155)[:_UID_LENGTH]: None
            for item in header.items(_SOURCE_IMAGES, _REFERENCES_KEPT)
        }
    return tuple(uid for uid in found if uid)[:_REFERENCES_KEPT]
