"""Findings about a container as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.storage.containers.entries import Entry
    from triptych.storage.containers.zip_end import ZipEnd

FROM_NAMES = frozenset({"names_guessed", "duplicate_names", "names_look_alike", "backslash_names"})
"""Codes of the findings that depend on how names are read."""


def end_findings(end: ZipEnd) -> list[Finding]:
    """What was odd about the end of a zip, and about its beginning."""
    found: list[Finding] = []
    if end.trailing and not end.impostors:
        found.append(trailing_bytes(end.trailing))
    if end.impostors:
        found.append(
            Finding(
                Severity.WARNING,
                "several_end_records",
                "The archive's comment holds what looks like the end of another archive; it is ignored.",
                "Some programs show another list of files; pack the folder again to be sure.",
            )
        )
    if end.prefix:
        found.append(
            Finding(
                Severity.NOTE,
                "leading_bytes",
                f"{end.prefix:,} bytes stand in front of the archive, as in one that unpacks itself.",
            )
        )
    return found


def trailing_bytes(count: int) -> Finding:
    """Something follows the end of the archive."""
    return Finding(
        Severity.WARNING,
        "trailing_bytes",
        f"{count:,} bytes follow the end of the archive; they are ignored.",
        "Upload the file again if it should hold more.",
    )


def misnamed_container(filename: str, container: str) -> Finding:
    """The ending of the name says something else than the content."""
    return Finding(
        Severity.WARNING,
        "misnamed_container",
        f"{filename} is a {container} archive; it is read as such.",
        f"Give it the ending .{container}.",
    )


def names_guessed(encoding: str, entries: Sequence[Entry], names: Sequence[str]) -> Finding:
    """Names without a mark were read in an encoding that is a guess."""
    unmarked = [
        name
        for entry, name in zip(entries, names, strict=True)
        if entry.text is None and not entry.raw.isascii()
    ]
    return Finding(
        Severity.WARNING,
        "names_guessed",
        f"{len(unmarked):,} names do not say how they are written; they are read as {encoding}.",
        "If they look wrong, give the option encoding, or pack again with Unicode names.",
        count=len(unmarked),
        examples=tuple(unmarked[:EXAMPLES_KEPT]),
    )
