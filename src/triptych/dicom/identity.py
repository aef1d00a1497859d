"""Whether UIDs name what they should: copies, conflicts, studies of several patients, files without UIDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.dicom.sop_classes import DICOMDIR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from triptych.dicom.notices import Noted
    from triptych.dicom.parts import Files

# More different files with one UID than this are conflicts without being compared with each other.
_COMPARED = 16


def copies(
    order: Iterable[int], files: Files, same_bytes: Callable[[int, int], bool], noted: Noted
) -> dict[int, int]:
    """Which instances are copies of an earlier one, in `order`: the same SOP Instance UID and the same bytes.

    Files with the same UID and other bytes are noted as a conflict and are no copies. `same_bytes(i, j)` is asked at
    most 16 times for each file.
    """
    known: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for index in order:
        path, one = files[index]
        if one.sop_uid is None:
            continue
        firsts = known.setdefault(one.sop_uid, [])
        equal = next((first for first in firsts[:_COMPARED] if same_bytes(first, index)), None)
        if equal is not None:
            found[index] = equal
            noted.add("duplicate", f"{path} is a copy of {files[equal][0]}")
            continue
        if firsts:
            noted.add("uid_conflict", f"{files[firsts[0]][0]} and {path}: {one.sop_uid}")
        firsts.append(index)
    return found


def note_patients(members: Sequence[int], files: Files, noted: Noted) -> None:
    """Note a study whose instances name more than one patient; who they are is not said."""
    first = next((index for index in members if files[index][1].patient is not None), None)
    if first is None:
        return
    for index in members:
        patient = files[index][1].patient
        if patient is not None and patient != files[first][1].patient:
            noted.add("patient_differs", f"{files[first][0]} and {files[index][0]}")
            return


def note_shared_series(studies: Iterable[Sequence[int]], files: Files, noted: Noted) -> None:
    """Note series UIDs that several studies have."""
    seen: dict[str, tuple[int, int]] = {}
    told: set[str] = set()
    for number, members in enumerate(studies):
        for index in members:
            uid = files[index][1].series_uid
            if uid is None:
                continue
            study, first = seen.setdefault(uid, (number, index))
            if study != number and uid not in told:
                told.add(uid)
                noted.add("series_in_studies", f"{files[first][0]} and {files[index][0]}")


def note_missing_uids(members: Iterable[int], files: Files, noted: Noted) -> None:
    """Note instances without the UID of a study or of a series; a DICOMDIR belongs to neither."""
    for index in members:
        path, one = files[index]
        if one.sop_class != DICOMDIR and (one.study_uid is None or one.series_uid is None):
            noted.add("missing_uids", path)
