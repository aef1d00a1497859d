"""Counts what was noticed about one part of a source, so that a thousand equal flaws become one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


class Notice(NamedTuple):
    """What a finding of one code says. "{subject}" in the message becomes the file that it is about."""

    severity: Severity
    message: str
    hint: str = ""


class Tally:
    """Counts by code; each code's texts come from `notices`."""

    def __init__(self, subject: str, notices: Mapping[str, Notice]) -> None:
        self.subject = subject
        self._notices = notices
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}
        self._details: dict[str, str] = {}

    def add(self, code: str, example: str = "", *, count: int = 1, detail: str = "") -> None:
        """Count one more; the first examples are kept. `detail` ends the message."""
        self._counts[code] = self._counts.get(code, 0) + count
        examples = self._examples.setdefault(code, [])
        if example and len(examples) < EXAMPLES_KEPT:
            examples.append(example)
        if detail:
            self._details[code] = detail

    def count(self, code: str) -> int:
        """How often a code was counted."""
        return self._counts.get(code, 0)

    def findings(self) -> list[Finding]:
        """One finding for each code that was counted."""
        return [self._finding(code, count) for code, count in self._counts.items()]

    def _finding(self, code: str, count: int) -> Finding:
        notice = self._notices[code]
        message = notice.message.replace("{subject}", self.subject)
        if code in self._details:
            message = f"{message} {self._details[code]}"
        return Finding(
            notice.severity, code, message, notice.hint, self.subject, count, tuple(self._examples[code])
        )
