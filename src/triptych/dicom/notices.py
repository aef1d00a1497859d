"""What is said about DICOM instances and series: every code with its severity, its message and what to do."""

from __future__ import annotations

from typing import NamedTuple

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Notice(NamedTuple):
    """What a finding of one code says; "{count}" in the message becomes how often it was seen."""

    severity: Severity
    message: str
    hint: str = ""


NOTICES = {
    "duplicate": Notice(
        _WARNING,
        "Copies of instances are left out: the same SOP Instance UID and the same bytes ({count}).",
        "Nothing to do: the first of each is there.",
    ),
    "uid_conflict": Notice(
        _WARNING,
        "Files share a SOP Instance UID and differ in their bytes; all are kept ({count}).",
        "Find out which of the two is the right one: a UID names one instance.",
    ),
    "missing_uids": Notice(
        _WARNING,
        "Files have no Study or Series Instance UID; those of one folder are taken as one series ({count}).",
        "Nothing to do if the folders are the series.",
    ),
    "patient_differs": Notice(
        _WARNING,
        "Studies hold instances of more than one patient ({count}).",
        "Check where the files come from: a study is of one patient.",
    ),
    "series_in_studies": Notice(
        _NOTE,
        "Series Instance UIDs appear in more than one study; each study has a series of its own ({count}).",
        "Nothing to do.",
    ),
    "mixed_objects": Notice(
        _NOTE,
        "Series hold pictures and objects without pixels; they are shown apart ({count} series).",
        "Nothing to do.",
    ),
    "mixed_sizes": Notice(
        _NOTE,
        "Series hold pictures of several sizes; they are shown apart ({count} series).",
        "Nothing to do.",
    ),
    "mixed_orientations": Notice(
        _NOTE,
        "Series hold pictures of several orientations; they are shown apart ({count} series).",
        "Nothing to do if the series has localizers or several planes.",
    ),
    "mixed_echoes": Notice(
        _NOTE, "Series hold several echoes; they are shown apart ({count} series).", "Nothing to do."
    ),
    "each_its_own": Notice(
        _NOTE,
        "Series have a size, orientation or echo of its own for nearly every picture; they stay together "
        "({count} series).",
        "Nothing to do for slices that turn around an axis.",
    ),
    "spacing_differs": Notice(
        _WARNING,
        "Pixels of one series differ in size ({count} pictures).",
        "Distances measured across them do not hold; look whether they belong together.",
    ),
    "duplicate_slice": Notice(
        _WARNING,
        "Slices of one series lie at the same place ({count}).",
        "Look at both; one of them may be a copy, or taken again.",
    ),
    "missing_slices": Notice(
        _WARNING,
        "Slices are missing between others ({count}).",
        "Look for the files where the series comes from.",
    ),
    "missing_times": Notice(
        _WARNING,
        "Places of a series have fewer pictures than its others ({count}).",
        "Look for the files where the series comes from.",
    ),
    "uneven_spacing": Notice(
        _WARNING,
        "Neighbouring slices are not equally far apart ({count} places).",
        "Nothing to do for single pictures; a volume made of them is stretched.",
    ),
    "gantry_tilt": Notice(
        _WARNING,
        "Slices do not lie one above the other along their normal: the gantry was tilted ({count} series).",
        "Nothing to do for single pictures; a volume made of them is sheared.",
    ),
    "dicomdir_missing": Notice(
        _WARNING,
        "Files that a DICOMDIR names are not there ({count}).",
        "Add them if they are needed: perhaps not all of the medium was copied.",
    ),
    "dicomdir_unlisted": Notice(
        _NOTE, "Files beside a DICOMDIR are not named in it; they are read too ({count}).", "Nothing to do."
    ),
}


class Noted:
    """Counts what was noticed, by code, and keeps the first examples."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def add(self, code: str, example: str, count: int = 1) -> None:
        """Count `count` more of a code of `NOTICES`."""
        self._counts[code] = self._counts.get(code, 0) + count
        examples = self._examples.setdefault(code, [])
        if len(examples) < EXAMPLES_KEPT:
            examples.append(example)

    def findings(self) -> tuple[Finding, ...]:
        """One finding for each code, in the order of the table."""
        return tuple(self._finding(code) for code in NOTICES if code in self._counts)

    def _finding(self, code: str) -> Finding:
        notice, count = NOTICES[code], self._counts[code]
        message = notice.message.replace("{count}", f"{count:,}")
        return Finding(notice.severity, code, message, notice.hint, "", count, tuple(self._examples[code]))
