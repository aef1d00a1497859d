"""The directory of a medium, DICOMDIR (PS3.10, 8; PS3.3, F): which files it names. It is never followed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from triptych.core.names import fold, without_ending
from triptych.core.source import MemberError
from triptych.dicom.guard import FAILURES, quiet
from triptych.dicom.header import Elements
from triptych.dicom.reading import read_dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triptych.dicom.notices import Noted

_RECORDS_KEPT = 1_000_000
_PATH_LENGTH = 1024


def dicomdir_files(data: bytes) -> list[str]:
    """The files that a DICOMDIR names, each once, in its order, "/" between folders, relative to its own folder.

    They are names to compare with names that exist, nothing to open: a part "..", "." or "" or one with a slash
    or a drive leaves the whole name out, so does a name of more than 1,024 characters. At most a million records.

    Raises:
        MemberError: `not_dicom` or `header_error`, also for DICOM without a Directory Record Sequence.
    """
    dataset = read_dataset(data, header_only=True, tags=["DirectoryRecordSequence"]).dataset
    quiet()
    try:
        records = dataset["DirectoryRecordSequence"].value
        found: dict[str, None] = {}
        for record in islice(records, _RECORDS_KEPT):
            if isinstance(record, Dataset):
                found[_path(Elements(record).texts(0x00041500))] = None
    except FAILURES as error:
        raise MemberError(
            "header_error",
            "The DICOMDIR has no list of files that can be read.",
            "Nothing to do: it is not needed.",
        ) from error
    return [path for path in found if path]


def _path(parts: Sequence[str]) -> str:
    if any(part in ("", ".", "..") or set(part) & set("/\\:\0") for part in parts):
        return ""
    path = "/".join(parts)
    return path if len(path) <= _PATH_LENGTH else ""


def compare(directory: str, named: Iterable[str], paths: Iterable[str], noted: Noted) -> None:
    """Note files that the DICOMDIR at path `directory` names and that are not there, and files that it does not name.

    `paths` are the instances that exist, the DICOMDIR left out. Names are equal without regard to case and endings:
    a medium has no endings and capitals alone (PS3.10, 8.2), copies of it often have both.
    """
    folder = directory.rpartition("/")[0]
    start = f"{folder}/" if folder else ""
    there = {_alike(path): path for path in paths if path.startswith(start)}
    wanted = {_alike(start + name): start + name for name in named}
    for alike, path in wanted.items():
        if alike not in there:
            noted.add("dicomdir_missing", f"{path}, named in {directory}")
    for alike, path in there.items():
        if alike not in wanted:
            noted.add("dicomdir_unlisted", f"{path}, not named in {directory}")


def _alike(path: str) -> str:
    return fold(without_ending(path))
