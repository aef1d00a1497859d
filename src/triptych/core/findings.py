"""What was noticed about an input: severity, code, where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error loses or leaks something, a warning needs a look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation about the input. `code` is stable and documented in docs/findings.md.

    `subject` is what it is about: a member of the source, an item's key, or "" for the whole.
    `count` is how many times it was seen; `examples` are the first few places, as a person would name them
    ("image/a.png", "label.csv row 12").
    """

    severity: Severity
    code: str
    message: str
    hint: str = ""
    subject: str = ""
    count: int = 1
    examples: tuple[str, ...] = ()


EXAMPLES_KEPT = 20


@dataclass(slots=True)
class FindingLog:
    """Collects findings; those with the same code and subject become one, counted, with its first examples."""

    _merged: dict[tuple[str, str], Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Add one; an equal code and subject raises the count of the first and appends the examples."""
        key = (finding.code, finding.subject)
        known = self._merged.get(key)
        if known is None:
            self._merged[key] = replace(finding, examples=finding.examples[:EXAMPLES_KEPT])
            return
        examples = (known.examples + finding.examples)[:EXAMPLES_KEPT]
        self._merged[key] = replace(known, count=known.count + finding.count, examples=examples)

    def note(self, code: str, message: str, hint: str = "", *examples: str, count: int = 1) -> None:
        """Add a note about the whole input."""
        self.add(Finding(Severity.NOTE, code, message, hint, "", count, examples))

    def warn(self, code: str, message: str, hint: str = "", *examples: str, count: int = 1) -> None:
        """Add a warning about the whole input."""
        self.add(Finding(Severity.WARNING, code, message, hint, "", count, examples))

    def error(self, code: str, message: str, hint: str = "", *examples: str, count: int = 1) -> None:
        """Add an error about the whole input."""
        self.add(Finding(Severity.ERROR, code, message, hint, "", count, examples))

    def extend(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        """Add several."""
        for finding in findings:
            self.add(finding)

    def all(self) -> tuple[Finding, ...]:
        """All findings, gravest first, then by code and subject: the same input gives the same order."""
        rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
        return tuple(sorted(self._merged.values(), key=lambda f: (rank[f.severity], f.code, f.subject)))
