"""Check an upload while it arrives: say which bytes are needed, until there is a report.

The check is the pre-scan itself, run over what is there. It gives out what it lacks, is run anew when that was sent,
and its answer counts when it lacked nothing: so it is what the pre-scan of the finished upload says.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.core.errors import TriptychError
from triptych.onboarding.check import check_opened, limits_of, wished
from triptych.onboarding.prescan import SAMPLED_HEADERS, prescan, report
from triptych.storage.arriving import ArrivingFile, ArrivingMembers, RangesMissing, record_bytes
from triptych.storage.containers.ranges import coalesce
from triptych.storage.sources import SourceRef, open_by_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from triptych.onboarding.check import Wish
    from triptych.settings import Settings
    from triptych.storage.containers.ranges import Range
    from triptych.storage.uploads import UploadFolder

FRONT = 65_536
"""Asked for first: the beginning says what the upload is, and lists a small folder."""

TAIL, LONG_TAIL, TAIL_SHARE = 65_536, 1_048_576, 512
"""Asked for with it: the end, which lists what is in a zip. What is called one is likely to be one; of it one part in
512 is asked for, and between the first two."""

SNIFF = 64
"""A read of so few bytes asks what begins there; all that follows is then asked for, up to AHEAD."""

AHEAD = 8_388_608
JOINED = 1_024
"""Ranges with at most so many bytes between them are asked for as one."""

LONGEST = 4_194_304


@dataclass(frozen=True, slots=True)
class UploadCheck:
    """What a check says: ranges (start, length) that it needs, or its report, or that it has to wait.

    `waiting`: it needs more of the upload than may be sent ahead of it, or all of it.
    """

    wanted: tuple[Range, ...] = ()
    report: dict[str, Any] | None = None
    waiting: bool = False


def check_upload(
    folder: UploadFolder,
    upload_id: str,
    length: int,
    filename: str,
    wish: Wish,
    settings: Settings,
    staging: Path,
) -> UploadCheck:
    """Check an upload of `length` bytes as far as it is there. Raises UploadGone, and Refused as the pre-scan."""
    reference = SourceRef.of_file(folder.resolve(upload_id), filename)
    if folder.offset(upload_id) >= length:
        return UploadCheck(report=prescan(reference, wish, settings, staging))
    with closing(ArrivingFile(folder, upload_id, length)) as file:
        members = ArrivingMembers(file)
        try:
            document = _report(file, members, reference, wish, settings)
        except RangesMissing as error:
            return _wanting(file, _ahead(file, error, filename))
        except TriptychError:
            # What was read as empty explains it, as long as anything was.
            if not members.missing:
                raise
        if members.missing:
            return _wanting(file, members.missing)
        return UploadCheck(report=document, waiting=document is None)


def _report(
    file: ArrivingFile, members: ArrivingMembers, reference: SourceRef, wish: Wish, settings: Settings
) -> dict[str, Any] | None:
    """The report, None where the container cannot be listed before all of it is there. Raises RangesMissing."""
    opened = open_by_ranges(file, members, wished(reference, wish), limits_of(settings))
    if opened is None:
        return None
    return report(check_opened(opened, wish, settings, SAMPLED_HEADERS), reference, wish, settings)


def _ahead(file: ArrivingFile, error: RangesMissing, filename: str) -> list[Range]:
    """What to ask for when the list of the members cannot be read: more than the gaps, to ask less often."""
    start, length = error.asked
    if start == 0 and error.gaps[0][0] < FRONT:
        share = file.size // TAIL_SHARE if filename.lower().endswith(".zip") else 0
        tail = min(max(TAIL, share), LONG_TAIL)
        both = [(0, FRONT), (max(0, file.size - tail), tail)]
        return [gap for one in both for gap in file.missing(*one)]
    if length > SNIFF:
        return error.gaps
    following = file.next_arrived(start)
    return file.missing(start, following - start if following - start <= AHEAD else FRONT)


def _wanting(file: ArrivingFile, ranges: Sequence[Range]) -> UploadCheck:
    """The ranges, those close to each other joined and long ones cut; waiting where there is no room for them."""
    joined = coalesce(ranges, JOINED, LONGEST)
    wanted = [
        (at, min(LONGEST, start + length - at))
        for start, length in joined
        for at in range(start, start + length, LONGEST)
    ]
    room, count = file.room
    if record_bytes(wanted) > room or len(wanted) > count:
        return UploadCheck(waiting=True)
    return UploadCheck(wanted=tuple(wanted))
